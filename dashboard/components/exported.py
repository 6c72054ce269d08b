"""A chart that can leave the page as a file: what of it goes into the file, and the menu that offers the files.

Every card with such a menu says so while it is drawn; whoever makes files lets a page draw itself and is told of all
its charts (`offered`). So no page lists its charts a second time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from dashboard.access.gate import can
from dashboard.charts.figure import Figure
from dashboard.components import html
from dashboard.i18n.text import Text

TABLES = ("csv", "xlsx")


@dataclass(frozen=True)
class ChartTable:
    """The drawn rows as texts in the viewer's language, the first column naming the row.

    `ways`: the address to which each row's mark leads, for those who have no mouse.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    ways: Sequence[str] = ()


@dataclass(frozen=True)
class Exported:
    """A chart as it is exported: its words, its rows, and a figure or (light rows) what draws it as SVG."""

    name: str
    title: str
    topic: str
    foot: Sequence[str]
    table: Callable[[], ChartTable]
    drawing: Figure | Callable[[], str]
    height: float = 0  # of a figure, in pixels
    tone: str = ""  # 'better' or 'worse' where the title is a judgement


_offered: ContextVar[dict[str, Exported] | None] = ContextVar("offered", default=None)


@contextmanager
def offered() -> Iterator[dict[str, Exported]]:
    """All charts that are drawn meanwhile, by name."""
    found: dict[str, Exported] = {}
    before = _offered.set(found)
    try:
        yield found
    finally:
        _offered.reset(before)


def export_menu(t: Text, chart: Exported) -> html.Details | html.Span:
    """The files of a chart, for whoever may take them; assets/script/export.js fetches them, and lets the browser draw
    a figure's SVG first."""
    found = _offered.get()
    if found is not None and chart.title:  # a card without a finding has nothing to show yet
        found[chart.name] = chart
    if not can("export"):
        return html.Span()

    def choice(words: str, form: str, **more: str) -> html.Button:
        return html.Button(words, type="button", **{"data-export": form, **more})

    about = {"data-chart": chart.name, "data-failed": t("export.failed"), "data-copied": t("export.copied")}
    about["data-no-clipboard"] = t("export.no_clipboard")
    return html.Details(
        [
            html.Summary(t("export.menu"), title=t("export.help")),
            html.Div(
                [
                    html.Div(
                        [
                            html.Span("PNG"),
                            *(choice(f"×{scale}", "png", **{"data-scale": scale}) for scale in ("1", "2", "4")),
                        ],
                        className="scales",
                        role="group",
                        **{"aria-label": "PNG"},
                    ),
                    choice("SVG", "svg"),
                    choice("PDF", "pdf"),
                    choice(t("export.copy"), "copy"),
                    choice(t("export.csv"), "csv"),
                    choice(t("export.xlsx"), "xlsx"),
                    html.P(t("export.about")),
                    html.P(role="status", className="export-said"),
                ]
            ),
        ],
        className="menu chart-export",
        **about,
    )


def as_text(part: Any) -> str:
    """The words of a part of the page, for a file; a link is no word of the chart, and a note's number stands apart."""
    if part is None or getattr(part, "href", None):
        return ""
    if isinstance(part, list | tuple):
        return " ".join(filter(None, map(as_text, part)))
    if not hasattr(part, "to_plotly_json"):
        return str(part)
    words = as_text(getattr(part, "children", None))
    return f"[{words}]" if getattr(part, "className", None) == "note-flag" else words
