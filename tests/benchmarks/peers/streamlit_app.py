"""The ranking of a quarter as Streamlit's documentation writes such a page: one of a chart, one of a table."""

import os

import pandas as pd
import plotly.express as px
import streamlit as st


@st.cache_data
def ranking() -> pd.DataFrame:
    return pd.read_json(os.environ["RANKING"])


def chosen() -> pd.DataFrame:
    rows = ranking()
    quarter = st.selectbox("季度", rows["quarter"].unique())
    return rows[rows["quarter"] == quarter]


def chart() -> None:
    rows = chosen()
    figure = px.scatter(
        rows,
        x="mean",
        y="name",
        color="band",
        error_x="above",
        error_x_minus="below",
        hover_data=["places"],
        height=1300,
    )
    st.plotly_chart(figure.update_yaxes(autorange="reversed", dtick=1))


def table() -> None:
    st.table(chosen()[["place", "name", "mean", "interval", "places", "band"]])


st.set_page_config(page_title="部门排名", layout="wide")
st.navigation([st.Page(chart, title="图", default=True), st.Page(table, title="表", url_path="table")]).run()
