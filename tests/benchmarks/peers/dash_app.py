"""The ranking of a quarter as Dash's documentation writes such a page: one of a chart, one of a table."""

import os

import dash
import dash_ag_grid as dag
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, Input, Output, callback, dcc, html

rows = pd.read_json(os.environ["RANKING"])
quarters = rows["quarter"].unique()
columns = [{"field": name} for name in ("place", "name", "mean", "interval", "places", "band")]

app = Dash(use_pages=True, pages_folder="")
server = app.server
dash.register_page(
    "chart", path="/", layout=html.Div([dcc.Dropdown(quarters, quarters[0], id="of-chart"), dcc.Graph(id="chart")])
)
dash.register_page(
    "table",
    path="/table",
    layout=html.Div(
        [dcc.Dropdown(quarters, quarters[0], id="of-table"), dag.AgGrid(id="table", columnDefs=columns)],
    ),
)
app.layout = html.Div([html.H1("部门排名"), dash.page_container])


@callback(Output("chart", "figure"), Input("of-chart", "value"))
def draw(quarter: str) -> go.Figure:
    figure = px.scatter(
        rows[rows["quarter"] == quarter],
        x="mean",
        y="name",
        color="band",
        error_x="above",
        error_x_minus="below",
        hover_data=["places"],
        height=1300,
    )
    return figure.update_yaxes(autorange="reversed", dtick=1)


@callback(Output("table", "rowData"), Input("of-table", "value"))
def fill(quarter: str) -> list[dict]:
    return rows[rows["quarter"] == quarter].to_dict("records")
