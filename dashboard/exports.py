"""Charts of any page as files: the page draws itself for an address, and the chart that is asked for becomes a file.

So a file holds exactly what the page shows, and a page that is added has its charts exported without a further word.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import dash

from dashboard.access.actors import require
from dashboard.access.gate import actor
from dashboard.charts.figure import Figure
from dashboard.components.chart_card import stamp
from dashboard.components.exported import TABLES, Exported, offered
from dashboard.components.sheet import TYPES as TABLE_TYPES
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.i18n.text import Text, quarter_name
from dashboard.pages._scene import Scene, scene
from dashboard.reports.pictures import Words, composed, pdf, png, svg_file

TYPES = {**TABLE_TYPES, "svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}
LONGEST_NAME = 40  # characters of a file's name
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|]')
_NUMBER = re.compile(r"[−-]?(0|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True)
class Chart:
    """A chart of a page as one address shows it."""

    path: str
    exported: Exported
    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    @property
    def words(self) -> Words:
        """With lines under the card's own: what the view is narrowed to, and, for all, which quarter and snapshot."""
        t, snapshot = self.t, self.now.snapshot
        filters = t("list.separator").join(f"{what} {to}" for what, to in self._narrowed)
        narrowed = [t("export.narrowed", filters=filters)] if filters else []
        quarter = quarter_name(t, self.now.quarter) if self.now.quarter else t("foot.empty")
        line = t("export.line", quarter=quarter, number=snapshot.number, created=_time(snapshot))
        mark = t("app.demonstration") if snapshot.demonstration else ""
        foot = (*self.exported.foot, *narrowed, line)
        return Words(self.exported.title, self.exported.topic, foot, mark, self.exported.tone, self.now.lang == "en")

    @property
    def file_name(self) -> str:
        """'2026Q3-投诉率高于99.8%上限的3个', without its ending."""
        mark = [self.t("app.demonstration")] if self.now.snapshot.demonstration else []
        return "-".join([*([self.now.quarter] if self.now.quarter else []), _file_words(self.exported.title), *mark])

    @property
    def sheet(self) -> Sheet:
        """Exactly the drawn rows; numbers as numbers."""
        t, table, now = self.t, self.exported.table(), self.now
        rows = tuple((row[0], *map(cell, row[1:])) for row in table.rows)
        kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
        notes = (
            (t("sheet.title"), self.exported.title),
            (t("export.topic"), self.exported.topic),
            *((t("sheet.source"), line) for line in self.exported.foot),
            *([(t("sheet.quarter"), quarter_name(t, now.quarter))] if now.quarter else []),
            *self._narrowed,
            (t("sheet.kind"), kind),
            (
                t("sheet.snapshot"),
                f"{now.snapshot.number} · {now.snapshot.id} · {_time(now.snapshot)}",
            ),
            *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
            (t("sheet.page"), self.path + now.filters.to_search()),
            (t("sheet.principle"), t("foot.principle")),
        )
        return Sheet(self.file_name, tuple(table.columns), rows, notes)

    @property
    def _narrowed(self) -> list[tuple[str, str]]:
        """What the view was narrowed to, in words: a file elsewhere has no filters above it."""
        t, now = self.t, self.now
        return [
            *(
                [(t("sheet.region"), dict(now.regions)[now.region])]
                if len(now.regions) > 1 and not now.is_across
                else []
            ),
            *([(t("sheet.category"), dict(now.groups)[now.category])] if now.category else []),
            *now.chosen_notes,
            *([(t("sheet.search"), now.filters.q)] if now.filters.q else []),
        ]

    @property
    def stamp(self) -> str:
        """Of a figure, as a page that shows it carries it: what a browser drew of another figure has another."""
        return stamp(self.exported.drawing)

    def needs_drawing(self, ending: str) -> bool:
        """Whether a browser must draw a figure first; light rows and tables need none."""
        return ending not in TABLES and isinstance(self.exported.drawing, Figure)

    def file(self, ending: str, draw: Callable[[Figure, float], str] | None = None, scale: int = 1) -> bytes:
        """`ending`: a key of TYPES; `draw`: makes the SVG of a figure, where it `needs_drawing`.

        Raises PictureError: 'drawing' where what was drawn is no SVG of this chart, 'large' for too many pixels.
        """
        if ending in TABLES:
            return self.sheet.written(ending, self.t)
        shown = self.exported.drawing
        drawn = draw(shown, self.exported.height) if draw and self.needs_drawing(ending) else shown()
        card = composed(self.words, drawn, self.exported.height)
        match ending:
            case "svg":
                return svg_file(card)
            case "pdf":
                return pdf(card)
            case _:
                return png(card, scale)


def _time(snapshot: Any) -> str:
    return f"{snapshot.created.astimezone():%Y-%m-%d %H:%M}"


def _file_words(title: str) -> str:
    """As much of a title as a file's name holds, without the signs that it cannot."""
    plain = _NO_FILE_NAME.sub("-", " ".join(title.split()))
    if len(plain) <= LONGEST_NAME:
        return plain
    cut = plain[:LONGEST_NAME]
    return cut.rpartition(" ")[0] if " " in cut[LONGEST_NAME // 2 :] else cut


def cell(text: Any) -> Any:
    """What is printed as a number is one in the file too."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        return text
    plain = text.replace(",", "").replace("−", "-")
    return float(plain) if "." in plain else int(plain)


def charts(path: str, search: str, pin: str | None = None) -> dict[str, Chart]:
    """All charts of the page at `path`, by name; none where the page or the data are not there. Within a request."""
    page = next((one for one in dash.page_registry.values() if one["path"] == path), None)
    now = scene(Filters.from_search(search), pin, undated=True, path=path)
    if page is None or now.snapshot is None:
        return {}
    require(actor(), page.get("action", ""), what=path)
    with offered() as found:
        page["layout"].unguarded(snapshot=pin, **dict(parse_qsl(now.filters.to_search().removeprefix("?"))))
    return {name: Chart(path, chart, now) for name, chart in found.items()}


def paths(name: str = "") -> Sequence[str]:
    """All pages; those in which a chart of this name is likeliest come first: 'cases-flow' is of /cases."""
    every = [page["path"] for page in sorted(dash.page_registry.values(), key=lambda page: page["path"])]
    return sorted(every, key=lambda path: not (path[1:] and f"{name}-".startswith(f"{path[1:]}-")))
