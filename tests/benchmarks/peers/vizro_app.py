"""The ranking of a quarter as Vizro's documentation writes such a page: one of a chart, one of a table."""

import os

import pandas as pd
import plotly.graph_objects as go
import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro
from vizro.models.types import capture
from vizro.tables import dash_ag_grid

rows = pd.read_json(os.environ["RANKING"])
columns = [{"field": name} for name in ("place", "name", "mean", "interval", "places", "band")]


@capture("graph")
def intervals(data_frame: pd.DataFrame) -> go.Figure:
    figure = px.scatter(
        data_frame,
        x="mean",
        y="name",
        color="band",
        error_x="above",
        error_x_minus="below",
        hover_data=["places"],
        height=1300,
    )
    return figure.update_yaxes(autorange="reversed", dtick=1)


def quarter() -> vm.Filter:
    return vm.Filter(column="quarter", selector=vm.Dropdown(multi=False, title="季度", value=rows["quarter"].max()))


dashboard = vm.Dashboard(
    title="部门排名",
    pages=[
        vm.Page(title="图", path="/", components=[vm.Graph(figure=intervals(rows))], controls=[quarter()]),
        vm.Page(
            title="表",
            path="/table",
            components=[vm.Table(figure=dash_ag_grid(data_frame=rows, columnDefs=columns))],
            controls=[quarter()],
        ),
    ],
)
app = Vizro().build(dashboard)
