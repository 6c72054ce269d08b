"""Powers and risk points: the catalogue by department and domain, what is missing in it, who manages, who answers."""

from collections import Counter
from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard.charts.bars import bar_words, bars
from dashboard.charts.quadrant import FLAGGED, Line, QuadrantWords, quadrant
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, chart_card
from dashboard.components.controls import search_box, select
from dashboard.components.count_matrix import Cell, count_matrix
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import RULE_PATH, rule_address, view_link
from dashboard.components.pictured import picture_menu
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._powers import (
    DOMAINS,
    EVERY,
    GRADES,
    LACKS,
    LEVELS,
    LINKS,
    PATH,
    SCALE,
    TOP,
    Powers,
    capital,
    headline,
    named,
    sheet_of,
)
from dashboard.pages._scene import page, scene, title
from dashboard.rows import rows_of, tuples_of

MOST_LISTED = 80  # powers in the list on the page; the file has all
DOMAIN_TONE, SUBDOMAIN_TONE = 5, 3
QUADRANT = "powers-quadrant"


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The powers that the page lists, as a file; None before the first import."""
    now = scene(filters, pin)
    return None if now.snapshot is None else sheet_of(Powers(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.powers",
    title=lambda: title("nav.powers"),
    icon="powers",
    order=9,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.powers", (), None)
    view, t = Powers(now), now.t
    domains = [(EVERY, t("sheet.all")), *((code, view.word("domain", code)) for code in DOMAINS)]
    grades = [(EVERY, t("sheet.all")), *((code, view.word("risk_level", code)) for code in GRADES)]
    names = tuples_of(now.departments.sort_values("name_order"), "department_id", "label")
    departments = [(EVERY, t("sheet.all")), *names]
    chosen = EVERY if view.selected is None else view.selected.department_id
    controls = [
        select(t("powers.filter.domain"), "domain", view.domain or EVERY, domains, default=EVERY),
        select(t("powers.filter.grade"), "kind", view.grade or EVERY, grades, default=EVERY),
        select(t("sheet.name"), "department", chosen, departments, default=EVERY),
        search_box(t("powers.filter.search"), now.filters.q),
    ]
    return page(now, PATH, "nav.powers", controls, html.Div(body_of(view), id="powers-body", className="powers"))


@callback(
    Output("powers-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(body_of(Powers(now))) if now.snapshot else no_update


def body_of(view: Powers) -> list[Any]:
    """Everything on the page that depends on the filters."""
    now, t = view.now, view.t
    if now.departments.empty:
        return [nothing_matches(t, PATH)]
    head = [html.P(sentence, className="notice") for sentence in view.notices]
    if view.every.empty:
        return [*head, *without_powers(view)]
    cards = [quadrant_card(view), html.Div([domains_card(view), managers_card(view), risks_card(view)])]
    return [
        *head,
        *chips(view),
        finding_card(view),
        *([department_card(view)] if view.selected is not None else []),
        *([catalogue_card(view)] if view.is_narrowed else []),
        html.Div(cards, className="powers-two"),
        *([departments_card(view)] if view.selected is None else []),
        html.Div(openness_cards(view), className="powers-two"),
    ]


def without_powers(view: Powers) -> list[Any]:
    """No power in force: none at all, or a catalogue without dates, which tells of the last quarter only."""
    now, t = view.now, view.t
    if view.history.listed and not view.history.has_dates:
        latest = replace(now.filters, quarter=None)
        ways = view_link(t("powers.undated.latest"), PATH, latest, className="button primary")
        body = [html.H2(t("powers.undated.title", quarter=quarter_name(t, now.quarter))), html.P(t("powers.undated"))]
        return [html.Div([*body, ways], className="empty")]
    return [indicator_without_data(t, t("nav.powers"), t("table.powers"), quarter_name(t, now.quarter))]


def chips(view: Powers) -> list[Any]:
    """What the page is narrowed to, each with the way back."""
    t, filters = view.t, view.now.filters
    found = []
    if view.selected is not None:
        found.append((t("powers.chip.only", what=view.selected.full_name), {"department": None}))
    if view.domain:
        found.append((t("powers.chip.only", what=view.word("domain", view.domain)), {"domain": None}))
    if view.grade:
        found.append((t("powers.chip.only", what=view.word("risk_level", view.grade)), {"kind": None}))
    if view.lack:
        found.append((t("powers.chip.only", what=t(f"powers.lack.{view.lack}")), {"view": None}))
    if filters.q:
        found.append((t("powers.chip.search", words=filters.q), {"q": None}))
    drawn = [
        view_link(
            [words, html.Span("×", className="out")],
            PATH,
            replace(filters, **change),
            className="chip",
            title=t("powers.leave"),
        )
        for words, change in found
    ]
    return [html.Div(drawn, className="chips")] if drawn else []


# --- the finding and its figures -------------------------------------------------------------------------------
def finding_card(view: Powers) -> html.Section:
    heading, body = headline(view)
    return html.Section(
        [
            html.H2(heading),
            html.P(body, className="body-text"),
            html.Div([_total(view), *(_lack(view, lack) for lack in LACKS), _joined(view), _bare(view)]),
        ],
        className="card-box powers-finding",
    )


def _total(view: Powers) -> html.Div:
    t = view.t
    grades = view.counted["risk_level"].value_counts()
    within = t("powers.comma").join(f"{grade} {number(grades.get(grade, 0), 0)}" for grade in GRADES)
    return html.Div(_figure(view, t("powers.figure.powers"), len(view.counted), within), className="powers-tile")


def _lack(view: Powers, lack: str) -> Any:
    """How many powers lack it, in how many departments; a click lists them."""
    t = view.t
    label = t(f"powers.lack.{lack}")
    if not view.is_known(lack):
        inside = [html.Span(label), html.B("⁄"), html.Small(t("powers.figure.unknown"))]
        return html.Div(inside, className="powers-tile none", title=t("powers.figure.unknown.help"))
    rows = view.counted[view.counted[f"no_{lack}"]]
    within = _departments(view, rows)
    if lack == "published":
        within = t("powers.figure.share", x=number(len(rows), 0), n=number(len(view.counted), 0))
    if lack in ("measure", "check"):
        within = t("powers.figure.grave", a=number(view.count(lack, "A"), 0), b=number(view.count(lack, "B"), 0))
    is_chosen = view.lack == lack
    link = replace(view.now.filters, view=None if is_chosen else lack)
    css = "powers-tile" + (" chosen" if is_chosen else "") + (" over" if lack == "rotation" and len(rows) else "")
    about = t(f"powers.lack.{lack}.about")
    return view_link(_figure(view, label, len(rows), within), PATH, link, className=css, title=about)


def _departments(view: Powers, rows: pd.DataFrame) -> str:
    """In how many departments; of one department there is nothing to count."""
    n = rows["department_id"].nunique()
    return "" if view.selected is not None else view.t("powers.figure.departments", n=number(n, 0))


def _joined(view: Powers) -> html.Div:
    t = view.t
    within = _departments(view, view.joined)
    inside = _figure(view, t("powers.figure.joined"), len(view.joined), within, "powers.unit.posts")
    return html.Div(inside, className="powers-tile", title=t("powers.figure.joined.about"))


def _bare(view: Powers) -> html.Div:
    t, names = view.t, view.bare["label"].tolist()
    within = named(view, names) if names or view.selected is not None else t("powers.figure.bare.none")
    inside = _figure(view, t("powers.figure.bare"), len(names), within, "powers.unit.departments")
    return html.Div(inside, className="powers-tile", title=within)


def _figure(view: Powers, label: str, count: int, within: str, unit: str = "powers.unit") -> list[Any]:
    number_of = html.B([number(count, 0), html.I(view.t(unit))])
    return [html.Span(label), number_of, html.Small(within)]


# --- how powers are distributed --------------------------------------------------------------------------------
def _counts(view: Powers, rows: list[str], columns: list[str]) -> pd.Series:
    return view.counted.groupby([*rows, *columns]).size()


def domains_card(view: Powers) -> html.Section:
    """People, money, assets, authority by grade; a click narrows the page to it."""
    t, counts = view.t, _counts(view, ["domain"], ["risk_level"])
    cells = {}
    for (domain, grade), n in counts.items():
        is_chosen = (view.domain, view.grade) == (domain, grade)
        change = {"domain": None, "kind": None} if is_chosen else {"domain": domain, "kind": grade}
        about = t("powers.matrix.cell", row=view.word("domain", domain), column=grade, n=number(n, 0))
        cells[domain, grade] = Cell(n, about, "", replace(view.now.filters, **change), is_chosen)
    known_codes = [*DOMAINS, *sorted(set(view.every["domain"]) - set(DOMAINS))]
    table = count_matrix(
        t("powers.domains.title"),
        t("powers.filter.domain"),
        [(code, view.word("domain", code)) for code in known_codes],
        [(grade, t("powers.grade", grade=grade)) for grade in GRADES],
        cells,
        PATH,
    )
    return _matrix_card(view, "domains", t("powers.domains.title"), t("powers.domains.what"), table)


def managers_card(view: Powers) -> html.Section:
    """Grades by the level that manages them: grade A belongs to the top."""
    t, counts = view.t, _counts(view, ["risk_level"], ["managed_by_level"])
    cells = {}
    for (grade, level), n in counts.items():
        word = view.word("managed_by_level", level)
        about = t("powers.matrix.cell", row=t("powers.grade", grade=grade), column=word, n=number(n, 0))
        is_off = grade == "A" and level != TOP
        choice = replace(view.now.filters, view=None if view.lack == "top" else "top") if is_off else None
        cells[grade, level] = Cell(n, about, t("powers.managers.off") if is_off else "", choice, is_marked=is_off)
    table = count_matrix(
        t("powers.managers.title"),
        t("powers.filter.grade"),
        [(grade, t("powers.grade", grade=grade)) for grade in GRADES],
        [(level, view.word("managed_by_level", level)) for level in LEVELS],
        cells,
        PATH,
    )
    off = view.count("top")
    heading = t("powers.managers.found", n=number(off, 0)) if off else t("powers.managers.all")
    return _matrix_card(view, "managers", heading, t("powers.managers.what"), table)


def risks_card(view: Powers) -> html.Section:
    """Likelihood by harm where the office grades them; else what would have to be reported."""
    t = view.t
    heading, what = t("powers.risks.title"), t("powers.risks.what")
    rated = view.counted.dropna(subset=["likelihood", "harm"])
    if rated.empty:
        is_given = {"likelihood", "harm"} <= view.columns
        words = t("powers.risks.empty" if is_given else "powers.risks.absent")
        return html.Section([html.H2(heading), html.P(words, className="body-text")], className="card-box wide")
    on_scale = rated[rated["likelihood"].isin(SCALE) & rated["harm"].isin(SCALE)]
    cells = {}
    for (likelihood, harm), part_of in on_scale.groupby(["likelihood", "harm"]):
        grades = part_of["risk_level"].value_counts()
        within = " ".join(f"{grade}{number(grades[grade], 0)}" for grade in GRADES if grade in grades)
        about = t("powers.risks.cell", likelihood=likelihood, harm=harm, n=number(len(part_of), 0), grades=within)
        cells[str(likelihood), str(harm)] = Cell(len(part_of), about, within)
    table = count_matrix(
        heading,
        t("powers.risks.corner"),
        [(str(step), str(step)) for step in reversed(SCALE)],
        [(str(step), str(step)) for step in SCALE],
        cells,
        PATH,
    )
    notes = []
    if n := len(view.counted) - len(rated):
        notes.append(t("powers.risks.unrated", n=number(n, 0)))
    if n := len(rated) - len(on_scale):
        notes.append(t("powers.risks.off_scale", n=number(n, 0)))
    return _matrix_card(view, "risks", heading, " ".join([what, *notes]), table, "wide")


def _matrix_card(view: Powers, name: str, heading: str, what: str, table: html.Table, css: str = "") -> html.Section:
    menu = picture_menu(view.t, f"powers-{name}", heading, view.now.topic(view.t("nav.powers")), (what,), table)
    head = html.Div([html.H2(heading), menu], className="card-head")
    return html.Section([head, html.P(what, className="chart-what"), table], className=f"card-box {css}".strip())


# --- power against responsibility ------------------------------------------------------------------------------
def quadrant_card(view: Powers) -> html.Section:
    t = view.t
    rows = view.indexes
    there = rows.dropna(subset=["power", "answer"])
    lines = [
        Line(difference, level, t(f"powers.quadrant.line.{level}", n=number(difference, 0)))
        for level, difference in view.lines.items()
    ]
    words = QuadrantWords(
        power=t("powers.quadrant.power"),
        answer=t("powers.quadrant.answer"),
        corners=tuple(t(f"powers.quadrant.{corner}") for corner in ("few_much", "much_much", "few_few", "much_few")),
        no_data=t("chart.no_data"),
    )
    judged = there[there["status"] != "no_data"] if lines else there.head(0)
    excess = there.assign(excess=there["power"] - there["answer"])
    flagged = excess[excess["status"].isin(FLAGGED)].sort_values(["excess", "name_order"], ascending=[False, True])
    if len(flagged):
        heading = t("powers.quadrant.title", names=named(view, flagged["label"].tolist()))
    elif len(judged):
        heading = t("powers.quadrant.title.none", n=number(len(judged), 0))
    else:
        heading = t("powers.quadrant.title.unjudged", n=number(len(there), 0))
    foot = [t("powers.quadrant.foot", n=number(len(there), 0), of=number(len(rows), 0))]
    ordered = there.sort_values("name_order")
    heads = ("sheet.name", "powers.quadrant.index", "powers.quadrant.answerability", "powers.quadrant.difference")
    return chart_card(
        t,
        QUADRANT,
        quadrant(
            there.assign(hover=[_hover(view, row) for row in rows_of(there)]),
            lines,
            words,
            None if view.selected is None else view.selected.department_id,
        ),
        heading,
        t("powers.quadrant.what"),
        foot,
        ChartTable(
            [*map(t, heads), *(t(f"powers.part.{name}") for name in PARTS)],
            [
                [
                    str(row.label),
                    *(number(value) for value in (row.power, row.answer, row.power - row.answer)),
                    *(number(getattr(row, name), decimals) for name, decimals in PARTS.items()),
                ]
                for row in rows_of(ordered)
            ],
            [PATH + replace(view.now.filters, department=one, q=None).to_search() for one in ordered["department_id"]],
        ),
        how=t("powers.quadrant.how"),
        fills=True,
        height=440,
    )


# Of both indexes, with the decimals that are shown.
PARTS = {
    "weighted_powers": 0,
    "annual_amount_10k": 0,
    "annual_uses": 0,
    "activities": 0,
    "findings": 0,
    "sanctioned": 0,
    "published_share": 1,
}


def _hover(view: Powers, row: Any) -> str:
    t = view.t

    def parts(names: list[str]) -> str:
        there = [name for name in names if known(getattr(row, name))]
        return t("list.separator").join(
            t(f"powers.hover.{name}", n=number(getattr(row, name), PARTS[name])) for name in there
        )

    names = list(PARTS)
    lines = [
        str(row.label),
        t("powers.hover.power", n=number(row.power)),
        parts(names[:3]),
        t("powers.hover.answer", n=number(row.answer)),
        parts(names[3:]),
        t("powers.hover.difference", n=number(row.power - row.answer)),
    ]
    if view.lines:
        lines.append(t(f"gaps.status.{row.status}"))
    return "\n".join(line for line in lines if line)


# --- openness --------------------------------------------------------------------------------------------------
def openness_cards(view: Powers) -> list[html.Section]:
    """Published shares of each domain and, beneath it, of its subdomains; two domains a card."""
    codes = [*DOMAINS, *sorted(set(view.every["domain"]) - set(DOMAINS))]
    there = [code for code in codes if code in set(view.counted["domain"])]
    half = -(-len(there) // 2)
    return [
        _openness(view, f"powers-open-{i}", part_of)
        for i, part_of in enumerate((there[:half], there[half:]))
        if part_of
    ]


def _openness(view: Powers, chart: str, domains: list[str]) -> html.Section:
    t = view.t
    stated = view.counted[view.counted["domain"].isin(domains)].dropna(subset="published")
    rows: list[tuple[str, float, int, int, str]] = []  # label, tone, published, all, domain
    for domain in domains:
        own = stated[stated["domain"] == domain]
        rows.append((view.word("domain", domain), DOMAIN_TONE, int(own["published"].sum()), len(own), domain))
        if "subdomain" in view.columns:
            codes = own["subdomain"].fillna("").tolist()
            every, shown = Counter(codes), Counter(code for code, is_shown in zip(codes, own["published"]) if is_shown)
            found = [(shown[code] / n, -n, code, shown[code], n) for code, n in every.items()]
            for _, _, code, x, n in sorted(found):
                word = view.word("subdomain", code) if code else t("powers.openness.unnamed")
                rows.append((t("powers.openness.part.of", part=word), SUBDOMAIN_TONE, int(x), int(n), domain))
    names = t("list.separator").join(view.word("domain", code) for code in domains)
    hidden, total = int((~stated["published"].astype(bool)).sum()), len(stated)
    key = "powers.openness.title" if hidden else "powers.openness.all"
    foot = [t("powers.openness.foot")]
    if "subdomain" not in view.columns:
        foot.insert(0, t("powers.openness.absent"))
    drawn = pd.DataFrame(
        {
            "label": [t("powers.openness.row", name=label, x=x, n=n) for label, _, x, n, _ in rows],
            "value": [100 * x / n if n else float("nan") for _, _, x, n, _ in rows],
            "tone": [tone for _, tone, *_ in rows],
            "door": [["domain", domain] for *_, domain in rows],
        }
    )
    return chart_card(
        t,
        chart,
        bars(drawn, bar_words(t, t("powers.percent", value="{value}"), decimals=1)),
        capital(t(key, names=names, x=number(hidden, 0), n=number(total, 0))),
        t("powers.openness.what"),
        foot,
        ChartTable(
            [t("powers.openness.part"), t("powers.openness.published"), t("powers.openness.total"), "%"],
            [[label, number(x, 0), number(n, 0), number(100 * x / n if n else None)] for label, _, x, n, _ in rows],
            [PATH + replace(view.now.filters, domain=domain).to_search() for *_, domain in rows],
        ),
    )


# --- departments -----------------------------------------------------------------------------------------------
# Lacks in the order of the list's columns.
COLUMNS = ("measure", "top", "check", "basis", "published", "rotation")


def departments_card(view: Powers) -> html.Section:
    """Each department's catalogue in a line, the most flagged first; those that lack nothing are folded."""
    t, rows = view.t, view.summary
    is_told = (rows["alert"] + rows["watch"] + rows["lacking"]) > 0
    told, rest = rows[is_told], rows[~is_told]
    heading = t("powers.departments.title", n=number(len(told), 0), of=number(len(rows), 0))
    what = t("powers.departments.what" if view.rules else "powers.departments.what.unjudged")
    inside: list[Any] = [html.H2(heading), html.P(what, className="chart-what")]
    if len(told):
        inside.append(_departments_table(view, told, heading))
    if len(rest):
        words = t("powers.departments.rest", n=number(len(rest), 0))
        inside.append(
            html.Details([html.Summary(words), _departments_table(view, rest, words)], className="powers-rest")
        )
    return html.Section(inside, className="card-box powers-list")


def _departments_table(view: Powers, rows: pd.DataFrame, caption: str) -> html.Div:
    t = view.t
    heads = [
        html.Th(t("sheet.name"), scope="col", className="name"),
        html.Th(t("powers.list.powers"), scope="col", className="powers-count"),
        *(
            html.Th(view.word("domain", code), scope="col", className="domain first" if not i else "domain")
            for i, code in enumerate(DOMAINS)
        ),
        *(html.Th(grade, scope="col", className="grade first" if not i else "grade") for i, grade in enumerate(GRADES)),
        *(
            html.Th(
                t(f"powers.list.{lack}"),
                scope="col",
                title=t(f"powers.lack.{lack}.about"),
                className="lack first" if not i else "lack",
            )
            for i, lack in enumerate(COLUMNS)
        ),
        html.Th(t("powers.list.managers"), scope="col", className="managers first"),
        html.Th(t("powers.list.joined"), scope="col", className="joined"),
        html.Th(t("powers.list.flags"), scope="col", className="flags"),
    ]
    joined = dict(tuple(view.joined.groupby("department_id")))
    body = [_department_row(view, row, joined.get(row.department_id)) for row in rows_of(rows)]
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(html.Tr(heads)), html.Tbody(body)],
        className="powers-departments",
    )
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("chart.table")})


def _department_row(view: Powers, row: Any, joined: pd.DataFrame | None) -> html.Tr:
    t = view.t
    link = replace(view.now.filters, department=row.department_id, q=None, view=None)
    name = html.Th(
        view_link(row.label, PATH, link, title=t("powers.list.open", name=row.full_name)), scope="row", className="name"
    )
    if row.is_bare:
        none = html.Td(t("powers.list.bare"), colSpan=1 + len(DOMAINS) + len(GRADES) + len(COLUMNS) + 2)
        return html.Tr([name, none, html.Td(_flags(view, row.department_id), className="flags")], className="bare")
    counts = [number(row.powers, 0)]
    counts += [number(getattr(row, code), 0) for code in (*DOMAINS, *GRADES)]
    lacks = [_count_cell(view, lack, getattr(row, f"no_{lack}")) for lack in COLUMNS]
    managers = "/".join(number(getattr(row, level), 0) for level in LEVELS)
    posts = [] if joined is None else [_joined_words(view, links, n) for links, n in _by_links(joined)]
    return html.Tr(
        [
            name,
            *map(html.Td, counts),
            *lacks,
            html.Td(managers, className="managers"),
            html.Td(t("list.separator").join(posts) or "·", className="joined lacks" if posts else "joined zero"),
            html.Td(_flags(view, row.department_id), className="flags"),
        ]
    )


def _count_cell(view: Powers, lack: str, count: int) -> html.Td:
    if not view.is_known(lack):
        return html.Td("⁄", className="zero", title=view.t("powers.figure.unknown"))
    css = "zero" if count == 0 else "lacks over" if lack == "rotation" else "lacks"
    return html.Td(number(count, 0), className=css)


def _by_links(joined: pd.DataFrame) -> list[tuple[int, int]]:
    return sorted(joined["links"].value_counts().items(), reverse=True)


def _joined_words(view: Powers, links: int, posts: int) -> str:
    return view.t(f"powers.joined.{links}", n=number(posts, 0))


def _flags(view: Powers, department: str) -> list[Any]:
    """Each flag with its sign and short name; its whole sentence stands in its title."""
    lang, found = view.now.lang, []
    for row in view.flags.get(department, []):
        rule = view.rules[row["rule"]]
        words = [sign(view.t, row["status"]), html.Span(rule.header["label"][lang])]
        found.append(html.Span(words, className="flag-words", title=view.gaps.sentence(row)))
    return found or [html.Span("·", className="zero")]


# --- one department --------------------------------------------------------------------------------------------
def department_card(view: Powers) -> html.Section:
    """What the rules say of the selected department, and which post holds which link of each domain."""
    t = view.t
    rows = view.statuses[view.statuses["department_id"] == view.selected.department_id].to_dict("records")
    order = {status: i for i, status in enumerate(("alert", "watch", "no_data", "ok"))}
    place = {name: i for i, name in enumerate(view.rules)}
    rows.sort(key=lambda row: (order[row["status"]], place[row["rule"]]))
    told = [row for row in rows if row["status"] != "ok"]
    passed = [view.rules[row["rule"]].header["label"][view.now.lang] for row in rows if row["status"] == "ok"]
    lines: list[Any] = [
        html.Li([sign(t, row["status"]), _rule_link(view, row["rule"], view.gaps.sentence(row))]) for row in told
    ]
    if passed:
        words = t("powers.one.passed", names=t("list.separator").join(passed))
        lines.append(html.Li([sign(t, "ok"), html.Span(words)], className="quiet"))
    if not lines:
        lines.append(html.Li(html.Span(t("powers.one.unjudged")), className="quiet"))
    return html.Section(
        [
            html.Div([html.H2(t("powers.one.title", name=view.selected.full_name)), html.Ul(lines)]),
            html.Div(
                [html.H2(t("powers.links.title")), html.P(t("powers.links.what"), className="chart-what"), _links(view)]
            ),
        ],
        className="card-box powers-one",
    )


def _rule_link(view: Powers, rule: str, words: str) -> Any:
    """To the rule's own page, where there is one."""
    if any(known_page["path"] == RULE_PATH for known_page in dash.page_registry.values()):
        return html.Link(words, href=rule_address(view.now.filters, rule))
    return html.Span(words)


def _links(view: Powers) -> html.Table:
    """Domain by link: the posts that hold it; one that holds two or three links of a domain is marked."""
    t, rows = view.t, view.counted
    twice = set(zip(view.joined["domain"], view.joined["holder"]))
    holders = rows.groupby(["domain", "link"])["holder"].agg(lambda posts: sorted(set(posts)))

    def cell(domain: str, link: str) -> html.Td:
        if (domain, link) not in holders.index:
            return html.Td(MISSING, className="zero", title=t("powers.links.none"))
        posts = holders[domain, link]
        parts = [
            html.Span(post, className="lacks" if (domain, post) in twice else None, title=t("powers.links.twice"))
            if (domain, post) in twice
            else html.Span(post)
            for post in posts
        ]
        return html.Td(parts)

    head = [html.Th(t("powers.filter.domain")), *(html.Th(view.word("link", link), scope="col") for link in LINKS)]
    body = [
        html.Tr([html.Th(view.word("domain", domain), scope="row"), *(cell(domain, link) for link in LINKS)])
        for domain in DOMAINS
        if domain in set(rows["domain"])
    ]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="powers-links")


def catalogue_card(view: Powers) -> html.Section:
    """The listed powers one by one, with what is missing in its place."""
    t, rows = view.t, view.rows
    lacking = rows[[f"no_{lack}" for lack in LACKS]].any(axis=1)
    heading = t("powers.catalogue.title", n=number(len(rows), 0), lacking=number(int(lacking.sum()), 0))
    if rows.empty:
        return html.Section(
            [html.H2(heading), html.P(t("powers.catalogue.none"), className="body-text")], className="card-box"
        )
    # those that lack something first, so that none of them is cut off
    ordered = rows.assign(lacking=lacking).sort_values(["lacking"], ascending=False, kind="stable")
    shown = (rows if len(rows) <= MOST_LISTED else ordered).head(MOST_LISTED)
    names = ("name", "domain", "risk_level", "holder", "managed_by", "measure", "basis", "has_check_step")
    names += ("has_complaint_route", "published", "annual_uses", "annual_amount_10k", "rotation_due")
    if view.selected is None:
        names = ("department", *names)
    head = [html.Th(t(f"powers.catalogue.{name}"), scope="col", className=name) for name in names]
    body = [html.Tr([_catalogue_cell(view, row, name) for name in names]) for row in rows_of(shown)]
    what = t("powers.catalogue.what")
    if len(rows) > len(shown):
        what = t("powers.catalogue.cut", shown=number(len(shown), 0), n=number(len(rows), 0))
    table = html.Table(
        [html.Caption(heading, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)],
        className="powers-catalogue",
    )
    return html.Section(
        [
            html.H2(heading),
            html.P(what, className="chart-what"),
            html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("chart.table")}),
        ],
        className="card-box",
    )


def _catalogue_cell(view: Powers, row: Any, name: str) -> html.Td:
    t = view.t
    missing = html.Span(t("powers.catalogue.missing"), className="lacks")
    match name:
        case "department":
            link = replace(view.now.filters, department=row.department_id, q=None, view=None)
            return html.Td(view_link(row.label, PATH, link), className=name)
        case "name":
            return html.Th(str(row.name), scope="row", className=name)
        case "domain":
            words = t(
                "powers.catalogue.domain.words",
                domain=view.word("domain", row.domain),
                link=view.word("link", row.link),
            )
            return html.Td(words, className=name)
        case "managed_by":
            words = (
                str(row.managed_by) if known(row.managed_by) else view.word("managed_by_level", row.managed_by_level)
            )
            css = "lacks" if row.no_top else None
            return html.Td(
                html.Span(words, className=css, title=t("powers.row.no_top") if row.no_top else None), className=name
            )
        case "measure" | "basis":
            text = getattr(row, name)
            if name not in view.columns:
                return html.Td("⁄", className=f"{name} zero", title=t("powers.figure.unknown"))
            is_none = not known(text) or not str(text).strip()
            if not is_none:
                return html.Td(html.Span(str(text), className="clamp", title=str(text)), className=name)
            # grade C needs no measure
            return html.Td(missing if name == "basis" or row.no_measure else MISSING, className=name)
        case "has_check_step" | "has_complaint_route" | "published":
            value = getattr(row, name)
            if not known(value):
                return html.Td("⁄", className=f"{name} zero", title=t("chart.no_data"))
            needs = name == "published" or row.no_check
            no = t("powers.flag.no")
            return html.Td(
                t("powers.flag.yes") if value else html.Span(no, className="lacks" if needs else None), className=name
            )
        case "rotation_due":
            return html.Td(_rotation(view, row), className=name)
        case "annual_uses":
            return html.Td(number(row.annual_uses, 0), className=name)
        case "annual_amount_10k":
            return html.Td(number(row.annual_amount_10k, 0), className=name)
    return html.Td(str(getattr(row, name)) if known(getattr(row, name)) else MISSING, className=name)


def _rotation(view: Powers, row: Any) -> list[Any]:
    if not known(row.rotation_due):
        return [MISSING]
    due = f"{row.rotation_due:%Y-%m-%d}"
    if not row.no_rotation:
        return [due]
    return [due, html.Span(view.t("powers.row.overdue", days=number(row.days_overdue, 0)), className="over")]
