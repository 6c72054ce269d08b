"""What the chart tests look for in a figure."""

from typing import Any

import plotly.graph_objects as go
import pytest


@pytest.fixture
def texts_of():
    return lambda figure: [note.text for note in figure.layout.annotations]


@pytest.fixture
def named():
    def find(figure: go.Figure, name: str) -> list[Any]:
        return [trace for trace in figure.data if trace.name == name]

    return find
