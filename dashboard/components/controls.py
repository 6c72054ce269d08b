"""The filter controls. Each carries its filter's name and its default in its id; the address remembers the rest."""

from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.components import html
from dashboard.components.field import Field
from dashboard.components.icons import icon
from dashboard.filters import HIGHEST_WEIGHT, Filters, weights_text

TYPING_PAUSE = 250  # milliseconds of rest before a typed word or a moved slider counts
WEIGHT, TRIAL = "weights.", "trial."
HIGHEST_THRESHOLD = 999_999


def control_id(name: str, default: str = "") -> dict[str, str]:
    """The shell listens to every control of this form."""
    return {"filter": name, "default": default}


def select(
    label: str, name: str, value: str, options: Sequence[tuple[str, str]], default: str = "", note: str = ""
) -> html.Label:
    """A native select with its label inside the frame; options are (value, words), below them what cannot be chosen."""
    choices = [{"value": value, "label": words} for value, words in options]
    choices += [{"value": "", "label": note, "disabled": True}] if note else []
    return html.Label(
        [html.Span(label), Field("select", control_id(name, default), value, choices)], className="control"
    )


def search_box(label: str, value: str | None) -> html.Label:
    field = Field(
        "input", control_id("q"), value or "", pause=TYPING_PAUSE, type="search", placeholder=label, maxLength=40
    )
    name = html.Span(label, className="visually-hidden")
    return html.Label([icon("search"), name, field], className="control search")


def weight_slider(label: str, dimension: str, value: int, default: int) -> html.Label:
    """Arrow keys move by one, page keys by more, as the browser does for every range field."""
    slider = Field(
        "input",
        control_id(WEIGHT + dimension, str(default)),
        value,
        pause=TYPING_PAUSE,
        type="range",
        min=0,
        max=HIGHEST_WEIGHT,
        step=1,
        className="form-range form-control",
    )
    return html.Label(
        [html.Span(label), html.B(str(value), id={"weight": dimension}), slider],
        className="weight",
    )


def trial_field(label: str, threshold: str, value: float, default: float) -> html.Label:
    """A threshold that is being tried; `default` is the one in force. What is no number reaches us as None."""
    field = Field(
        "input",
        control_id(TRIAL + threshold, _written(default)),
        _number(_written(value)),
        pause=TYPING_PAUSE,
        type="number",
        min=0,
        max=HIGHEST_THRESHOLD,
        step="any",
    )
    return html.Label([html.Span(label), field], className="trial-field")


def refused(ids: Iterable[dict[str, str]], values: Iterable[Any]) -> list[str]:
    """The thresholds in whose fields no usable number stands."""
    named = [(i["filter"].removeprefix(TRIAL), value) for i, value in zip(ids, values) if i["filter"].startswith(TRIAL)]
    return [name for name, value in named if not Filters.from_query({"trial": f"{name}:{value}"}).trial]


def chosen(ids: Iterable[dict[str, str]], values: Iterable[Any]) -> dict[str, str | None]:
    """What the controls hold, by filter name; None where a control stands at its default."""
    ids, values = list(ids), list(values)
    held = {i["filter"]: (str(value), i["default"]) for i, value in zip(ids, values) if value is not None}
    weights = {name.removeprefix(WEIGHT): held.pop(name) for name in list(held) if name.startswith(WEIGHT)}
    trial = {name.removeprefix(TRIAL): held.pop(name) for name in list(held) if name.startswith(TRIAL)}
    plain = {name: None if value == default else value for name, (value, default) in held.items()}
    if weights:
        moved = any(value != default for value, default in weights.values())
        pairs = ((name, value) for name, (value, _) in weights.items())
        plain["weights"] = weights_text(pairs) if moved else None
    if trial and not refused(ids, values):  # while one of them is no number, what was tried before stands
        moved = any(value != default for value, default in trial.values())
        plain["trial"] = ",".join(f"{name}:{value}" for name, (value, _) in trial.items()) if moved else None
    return plain


def _written(value: float | str) -> str:
    """As the browser writes a number back: whole ones without a fraction."""
    return f"{float(value):.10g}"


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)
