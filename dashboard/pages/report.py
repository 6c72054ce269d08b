"""The bulletin: what goes into it, its text as it will be written, and its files; one letter for each department."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import dash
from dash import Input, Output, State, callback, dcc, no_update

from dashboard.components import html
from dashboard.components.light import light
from dashboard.components.links import view_link
from dashboard.components.states import nothing_matches
from dashboard.filters import Filters
from dashboard.i18n.text import LANGUAGES
from dashboard.pages._report import BULLETIN, FILES, LETTERS, MAKE, PATH, View, preview
from dashboard.pages._scene import page, scene, title
from dashboard.pages._upload import size_words
from dashboard.reports.facts import EDITIONS, INTERNAL, ChoiceError
from dashboard.reports.issues import IssueError
from dashboard.reports.jobs import AT_WORK, FAILED, Job

POLL = 1_000  # milliseconds between two looks at a document that is being written

dash.register_page(
    __name__,
    path=PATH,
    name="nav.report",
    title=lambda: title("nav.report"),
    icon="report",
    order=20.5,
    action="publish",
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, path=PATH)
    if now.snapshot is None or now.quarter is None:
        return page(now, PATH, "nav.report", (), None)
    view = View(now)
    is_at_work = view.job is not None and view.job.state == AT_WORK
    body = html.Div(
        [
            html.Div(
                [
                    html.Div(choices(view), id="report-choices", className="card-box report-choices"),
                    html.Div(work(view), id="report-work", className="card-box report-work"),
                ],
                className="report-side",
            ),
            html.Article(paper(view), id="report-paper", className="card-box paper"),
            dcc.Interval(id="report-poll", interval=POLL, disabled=not is_at_work),
        ],
        className="report",
    )
    return page(now, PATH, "nav.report", (), body)


@callback(
    Output("report-choices", "children"),
    Output("report-paper", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> tuple[Any, Any]:
    now = scene(Filters.from_search(search), snapshot, path=PATH)
    if now.snapshot is None or now.quarter is None:
        return no_update, no_update
    view = View(now)
    return light(choices(view)), light(paper(view))


@callback(
    Output("report-work", "children"),
    Output("report-poll", "disabled"),
    Input("report-poll", "n_intervals"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def look(_looks: int | None, search: str, snapshot: str) -> tuple[Any, Any]:
    now = scene(Filters.from_search(search), snapshot, path=PATH)
    if now.snapshot is None or now.quarter is None:
        return no_update, True
    view = View(now)
    return light(work(view)), view.job is None or view.job.state != AT_WORK


# --- what goes in ------------------------------------------------------------------------------------------------
def choices(view: View) -> list[Any]:
    now, t = view.now, view.now.t
    listed = t("report.some", n=len(now.departments)) if view.departments else t("report.all", n=len(now.listed))
    return [
        html.H2(t("report.choices")),
        html.P(listed, className="body-text"),
        html.P(t("report.narrow"), className="quiet"),
        html.H3(t("report.sections")),
        html.Ul([html.Li(_section(view, name)) for name in view.offered], className="report-sections"),
        html.H3(t("report.language")),
        html.P(
            [
                _choice(
                    view, t(f"report.language.{lang}"), lang == view.lang, written=None if lang == now.lang else lang
                )
                for lang in LANGUAGES
            ],
            className="buttons",
        ),
        html.H3(t("report.edition")),
        html.P(
            [
                _choice(
                    view, t(f"bulletin.edition.{one}"), one == view.edition, edition=None if one == INTERNAL else one
                )
                for one in EDITIONS
            ],
            className="buttons",
        ),
        html.P(t(f"report.edition.{view.edition}"), className="quiet"),
    ]


def _choice(view: View, words: str, is_chosen: bool, **change: str | None) -> html.A:
    return view_link(
        words,
        PATH,
        replace(view.now.filters, **change),
        className="button chosen" if is_chosen else "button",
        **({"aria-current": "true"} if is_chosen else {}),
    )


def _section(view: View, name: str) -> html.A:
    """A box to tick: the link takes the section in, or leaves it out; one at least stays."""
    is_in = name in view.sections
    own = [one for one in view.offered if (one in view.sections) != (one == name)]
    filters = replace(view.now.filters, sections=() if len(own) in (0, len(view.offered)) else tuple(own))
    mark = html.Span("☑" if is_in else "☐", className="box", **{"aria-hidden": "true"})
    words = view.now.t(f"report.section.{name}")
    return view_link([mark, words], PATH, filters, role="checkbox", **{"aria-checked": str(is_in).lower()})


# --- the files -----------------------------------------------------------------------------------------------------
def work(view: View) -> list[Any]:
    t, job = view.now.t, view.job
    gone = view.now.filters.job and job is None
    return [
        html.H2(t("report.files")),
        *([html.P(t("report.gone"), className="notice")] if gone else []),
        *(_job(view, job) if job else []),
        *([] if job and job.state == AT_WORK else _forms(view)),
        html.P(t("report.blank"), className="quiet"),
    ]


def _forms(view: View) -> list[Any]:
    """Plain forms: they work without a script, and the answer leads back to this page with the job in its address."""
    t = view.now.t
    action = MAKE + replace(view.now.filters, job=None).to_search()
    return [
        html.Form(
            [
                html.Button(
                    t(f"report.make.{what}"),
                    type="submit",
                    name="what",
                    value=what,
                    className="button primary" if what == BULLETIN else "button",
                )
                for what in (BULLETIN, LETTERS)
            ],
            action=action,
            method="post",
            className="buttons",
        )
    ]


def _job(view: View, job: Job) -> list[Any]:
    t = view.now.t
    if job.state == AT_WORK:
        share = job.percent / 100
        return [
            html.P(t("report.at_work", percent=job.percent, doing=job.doing), role="status"),
            html.Progress(max="1", value=str(share), className="upload-bar"),
        ]
    if job.state == FAILED:
        said = job.said[-1] if job.said else ""
        return [html.P(t("report.failed", said=said), className="notice", role="alert")]
    links = [
        html.Li(
            [
                html.A(name, href=f"{FILES}/{job.id}/{quote(name)}", className="report-file"),
                html.Span(size_words(size)),
            ]
        )
        for name, size in job.files
    ]
    return [
        html.P(t("report.written"), role="status"),
        html.Ul(links, className="report-links"),
        *(html.P(line, className="quiet") for line in job.said),
    ]


# --- the text ------------------------------------------------------------------------------------------------------
def paper(view: View) -> list[Any]:
    now = view.now
    if now.listed.empty:
        return [nothing_matches(now.t, PATH)]
    try:
        return preview(view.document)
    except (ChoiceError, IssueError) as error:
        return [html.P(now.t(f"bulletin.error.{error.code}", **error.values), className="notice", role="alert")]
