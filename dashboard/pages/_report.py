"""What the page of the bulletin stands on: the document as it is previewed, and the routes that have it written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import dash
import flask

from dashboard.access.gate import actor, needs
from dashboard.components import html
from dashboard.components.chart_card import graph
from dashboard.filters import Filters
from dashboard.i18n.text import Text, preferred, translator
from dashboard.pages._form import kept
from dashboard.pages._scene import Scene, scene
from dashboard.reports.bulletin import bulletin
from dashboard.reports.facts import INTERNAL, PUBLIC, SECTIONS, Choices
from dashboard.reports.issues import Issues
from dashboard.reports.jobs import BusyError, Job, Jobs
from dashboard.reports.layout import GAP
from dashboard.reports.model import Blank, Block, Chart, Document, Heading, Paragraph, Table
from dashboard.reports.public import SECTIONS as PUBLIC_SECTIONS
from dashboard.reports.public import facts_of
from dashboard.store import Book, StoreError

PATH = "/report"
MAKE, FILES = "/report/make", "/report/file"
BULLETIN, LETTERS = KINDS = ("bulletin", "letters")
MOST_ROWS = 8  # of a table in the preview; the files have all


@dataclass(frozen=True)
class View:
    """A scene with the choices for a document."""

    now: Scene

    @property
    def lang(self) -> str:
        return self.now.filters.written or self.now.lang

    @property
    def edition(self) -> str:
        return self.now.filters.edition or INTERNAL

    @property
    def offered(self) -> tuple[str, ...]:
        """The sections that the edition can have."""
        return PUBLIC_SECTIONS if self.edition == PUBLIC else SECTIONS

    @property
    def sections(self) -> tuple[str, ...]:
        """Those asked for, in the document's own order; what is not known is left out, and none are all."""
        return tuple(one for one in self.offered if one in self.now.filters.sections) or self.offered

    @property
    def departments(self) -> tuple[str, ...]:
        """Those that the document lists: chosen one by one, or of one peer group; () for all."""
        is_narrowed = self.now.is_chosen or self.now.category
        return tuple(self.now.departments["department_id"]) if is_narrowed else ()

    @cached_property
    def document(self) -> Document:
        """`ChoiceError` where it cannot be published beside what was, `IssueError` where that cannot be read."""
        now = self.now
        choices = Choices(now.quarter, self.lang, self.departments, self.sections, now.region, self.edition)
        settings = flask.current_app.config["SETTINGS"]
        issues = Issues(_folder()).read() if self.edition == PUBLIC else ()
        return bulletin(facts_of(now.snapshot, settings, self._book, choices, now.filters.known, issues))

    @cached_property
    def _book(self) -> Book:
        known = self.now.filters.known
        try:
            book = kept().read(self.now.region)
        except StoreError:  # the figures can be shown without it; the agenda says what is wrong
            return Book()
        return book.known_on(known) if known else book

    @property
    def job(self) -> Job | None:
        return jobs().read(self.now.filters.job) if self.now.filters.job else None

    def arguments(self, kind: str) -> list[str]:
        """The command line that writes what the page shows."""
        now = self.now
        options = {
            "--quarter": now.quarter,
            "--region": now.region,
            "--lang": self.lang,
            "--departments": ",".join(self.departments),
            "--as-known-on": now.filters.known and now.filters.known.isoformat(),
        }
        given = [part for name, value in options.items() if value for part in (name, value)]
        if kind == LETTERS:
            return ["report", "letters", *given]
        return ["report", *given, "--sections", ",".join(self.sections), "--edition", self.edition]


def jobs() -> Jobs:
    return Jobs(_folder(), actor().regions)


def _folder() -> Path:
    return flask.current_app.config["WAREHOUSE"].folder.folder


# --- routes ----------------------------------------------------------------------------------------------------
def register_reports(app: dash.Dash) -> None:
    """Once for the app: a form of the page has a document written, and its files are taken from here."""

    @app.server.post(MAKE)
    @needs("publish")
    def make() -> Any:
        filters = Filters.from_search(flask.request.query_string.decode("utf-8", "replace"))
        t = translator(filters.lang or preferred(list(flask.request.accept_languages.values())))
        kind = flask.request.form.get("what", BULLETIN)
        if kind not in KINDS:
            return flask.Response(t("report.foreign"), 400, mimetype="text/plain")
        now = scene(filters, path=PATH)
        if now.snapshot is None or now.quarter is None:
            return flask.Response(t("download.nothing"), 404, mimetype="text/plain")
        try:
            job = jobs().start(View(now).arguments(kind), now.lang)
        except BusyError:
            return flask.Response(t("report.busy"), 503, mimetype="text/plain")
        return flask.redirect(PATH + replace(filters, job=job).to_search(), 303)

    @app.server.get(f"{FILES}/<job>/<name>")
    @needs("publish")
    def take(job: str, name: str) -> Any:
        path = jobs().path(job, name)
        if path is None:
            flask.abort(404)
        return flask.send_file(path, as_attachment=True, download_name=name, max_age=0)


# --- the preview -----------------------------------------------------------------------------------------------
def preview(document: Document) -> list[Any]:
    """The document's text as it will be written, tables shortened, charts as on the screen."""
    t = translator(document.origin.lang)
    head = document.head
    return [
        *(
            [
                html.P(head.draft, className="paper-draft"),
                html.P(head.masthead, className="paper-masthead"),
                html.P(_words(head.number), className="paper-number"),
                html.P([html.Span(head.office), html.Span(_words(head.date))], className="paper-line"),
            ]
            if head
            else []
        ),
        html.H2([part for line in document.title for part in (line, html.Br())][:-1], className="paper-title"),
        html.P(document.addressees, className="paper-to"),
        *_blocks(t, document.blocks),
        *(
            part
            for annex in document.annexes
            for part in (
                html.P(annex.number, className="paper-annex"),
                html.H2(annex.title, className="paper-title"),
                *_blocks(t, annex.blocks),
            )
        ),
    ]


def _words(parts: Sequence[str | Blank]) -> list[Any]:
    return [
        html.Span(part.words or GAP, title=part.label, className="paper-blank") if isinstance(part, Blank) else part
        for part in parts
    ]


def _blocks(t: Text, blocks: Sequence[Block]) -> list[Any]:
    return [part for block in blocks for part in _block(t, block)]


def _block(t: Text, block: Block) -> list[Any]:
    match block:
        case Heading():
            return [html.H3(block.words) if block.level == 1 else html.H4(block.words)]
        case Paragraph():
            return [html.P(block.text)]
        case Table():
            return _table(t, block)
        case Chart():
            caption = html.P(f"{block.number}　{block.title}", className="paper-caption")
            drawing = graph(f"report-{block.key}", block.figure, block.about, block.figure.height or 260)
            return [drawing, caption, html.P(block.source, className="paper-note")]
    raise TypeError(block)


def _table(t: Text, table: Table) -> list[Any]:
    css = ["paper-figure" if column.is_number else None for column in table.columns]
    head = [html.Th(column.words, scope="col", className=one) for column, one in zip(table.columns, css)]
    rows = [
        html.Tr([html.Td(str(cell), className=one) for cell, one in zip(row, css)]) for row in table.rows[:MOST_ROWS]
    ]
    left = len(table.rows) - MOST_ROWS
    said = [*([t("report.more", n=left)] if left > 0 else []), *([table.note] if table.note else [])]
    return [
        html.P(f"{table.number}　{table.title}", className="paper-caption"),
        html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="paper-table"),
        *(html.P(words, className="paper-note") for words in said),
    ]
