"""The drawer beside the matrix: the evidence of one cell, all flags of a department, or all departments of a rule."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.components import html
from dashboard.components.gap_signs import badge, sign
from dashboard.components.light_table import light_table
from dashboard.components.links import address, rule_address, view_link
from dashboard.gaps import FLAGS
from dashboard.gaps.sentences import no_data_reason, period
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._evidence import MOST_SHOWN, NEVER_LISTED, Behind, behind, heads, texts
from dashboard.pages._follow_up import follow_up_card
from dashboard.pages._gaps import PATH, evidence
from dashboard.pages._matrix import View

QUARTERS_SHOWN = 12
OWN_COLUMNS = ("value", "threshold", "n")  # of every rule; the rest is the rule's own evidence


def drawer(view: View) -> list[Any]:
    """What stands beside the matrix; nothing where neither a rule nor a department is chosen."""
    if view.rule and view.department:
        row = cell_of(view)
        return _evidence(view, row) if row is not None else []
    if view.department:
        return _department(view)
    return _rule(view) if view.rule else []


def cell_of(view: View) -> dict[str, Any] | None:
    """The row of the gaps that the address names."""
    rows = view.gaps.rows
    found = rows[(rows["rule"] == view.rule) & (rows["department_id"] == view.department)]
    return found.to_dict("records")[0] if len(found) else None


# --- one cell --------------------------------------------------------------------------------------------------
def _evidence(view: View, row: dict[str, Any]) -> list[Any]:
    t, lang = view.now.t, view.now.lang
    rule = view.gaps.rules[row["rule"]]
    header = rule.header
    kicker = t(
        "matrix.kicker", number=header["order"], source=header["source"], kind=t(f"matrix.kind.{header['kind']}")
    )
    name = view_link(row["label"], PATH, view.with_cell(None, row["department_id"]), title=t("matrix.all_flags"))
    title = [name, html.Span(" · ", className="dot"), header["title"][lang], badge(t, row["status"])]
    return [
        _head(view, kicker, title, (row["rule"], row["department_id"])),
        html.P(view.gaps.sentence(row, row["full_name"]), className="said"),
        _numbers(view, rule, row),
        _history(view, rule, row),
        html.Section(
            [
                html.H3(t("matrix.follow_up")),
                *follow_up_card(view.records, row["rule"], row["department_id"]),
            ],
            className="follow",
        ),
        html.P([html.B(t("matrix.why")), header["why"][lang]], className="body-text"),
        html.P([html.B(t("matrix.remedy")), header["remedy"][lang]], className="body-text"),
        _prevalence(view, row["rule"]),
        _links(view, row["department_id"], row["rule"]),
        html.Section(_rows_behind(view, rule, row), className="behind"),
    ]


def _head(view: View, kicker: str, title: list[Any], place: tuple[str, str] | None = None) -> html.Header:
    """The steps lead to the flags before and after; closing leaves the matrix as it is."""
    t = view.now.t
    before, after = view.beside(place) if place else (None, None)
    steps = [
        view_link(
            mark,
            PATH,
            view.with_cell(*flag),
            title=t(f"matrix.{name}"),
            **{"aria-label": t(f"matrix.{name}"), "data-step": name},
        )
        if flag
        else html.Span(mark, className="off", **{"aria-hidden": "true"})
        for name, mark, flag in (("previous", "↑", before), ("next", "↓", after))
        if place
    ]
    close = view_link(
        "✕",
        PATH,
        view.with_cell(None, None),
        title=t("matrix.close"),
        **{"aria-label": t("matrix.close"), "data-close": ""},
    )
    return html.Header(
        [
            html.Div(
                [html.P(kicker, className="quiet"), html.Div([*steps, close], className="steps")], className="kicker"
            ),
            html.H2(title, tabIndex=-1),
        ]
    )


def _numbers(view: View, rule: Query, row: Mapping[str, Any]) -> html.Table:
    t = view.now.t
    lines = [html.Tr([html.Th(name, scope="row"), html.Td(value)]) for name, value in numbers(view, rule, row)]
    return html.Table(
        [html.Caption(t("matrix.numbers"), className="visually-hidden"), html.Tbody(lines)], className="numbers"
    )


def numbers(view: View, rule: Query, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The value, the line, the interval and the rule's own evidence, each with its name and unit."""
    t, lang, header = view.now.t, view.now.lang, rule.header
    words, found = header.get("evidence", {}), evidence(row)
    unit, decimals = header["unit"][lang], header["decimals"]

    def named(column: str) -> str:
        return words[column][lang] if column in words else t(f"matrix.column.{column}")

    said = [(named("value"), _with_unit(row["value"], decimals, unit))]
    if known(row["threshold"]):
        own = "threshold" in words  # which carry their unit
        line = number(row["threshold"], decimals) if own else _with_unit(row["threshold"], decimals, unit)
        name = words["threshold"][lang] if own else t("matrix.column.line", line=t(f"gaps.line.{_line(row)}"))
        said.append((name, line))
    if known(found.get("low")) and known(found.get("high")):
        between = t(
            "matrix.between", low=number(found["low"], decimals), high=number(found["high"], decimals), unit=unit
        )
        said.append((t(f"matrix.interval.{'share' if header['kind'] == 'share' else 'other'}"), between))
    said += [
        (names[lang], _shown(view, rule, column, found[column]))
        for column, names in words.items()
        if column not in OWN_COLUMNS and column in found
    ]
    if known(row["n"]) and ("n" in words or not words):
        said.append((named("n"), number(row["n"], 0)))
    said.append((t("matrix.column.window"), period(t, header["window"], row["covered_quarters"])))
    return said


def _line(row: Mapping[str, Any]) -> str:
    """Which line the threshold of a row is: the one that it met, or the first that it would meet."""
    return row["status"] if row["status"] in FLAGS else "watch"


def _with_unit(value: Any, decimals: int, unit: str) -> str:
    return f"{number(value, decimals)} {unit}" if known(value) else MISSING


def _shown(view: View, rule: Query, column: str, value: Any) -> str:
    t = view.now.t
    vocabulary = rule.header.get("vocabularies", {}).get(column, "")
    if isinstance(value, list):
        return t("list.separator").join(view.gaps.words.get((vocabulary, one), str(one)) for one in value) or t(
            "matrix.none"
        )
    if isinstance(value, bool):
        return t("matrix.yes" if value else "matrix.no")
    if isinstance(value, str):
        return view.gaps.words.get((vocabulary, value), value)
    return number(value, 0 if known(value) and float(value).is_integer() else 1)


def _history(view: View, rule: Query, row: Mapping[str, Any]) -> html.Section:
    """What the rule said quarter by quarter: the mark is the state, the bar the value; no bar where there is none."""
    now, t = view.now, view.now.t
    series = view.gaps.series(row["rule"], row["department_id"]).set_index("quarter")
    quarters = [quarter for quarter in now.quarters if quarter <= now.quarter][-QUARTERS_SHOWN:]
    top = max([float(value) for value in series["value"].dropna()] or [0.0])
    header = rule.header
    unit, decimals = header["unit"][now.lang], header["decimals"]
    marks = []
    for quarter in quarters:
        stood = quarter in series.index
        status = series.at[quarter, "status"] if stood else None
        value = series.at[quarter, "value"] if stood else None
        state = t(f"gaps.status.{status}") if stood else t("matrix.not_standing")
        words = t(
            "matrix.history.quarter",
            quarter=quarter_name(t, quarter),
            state=state,
            value=_with_unit(value, decimals, unit),
        )
        height = f"{max(0.0, 100 * float(value) / top):.0f}%" if known(value) and top > 0 else "0%"
        bar = html.Span(html.I(style={"height": height}), className="bar flagged" if status in FLAGS else "bar")
        mark = sign(t, status) if stood else html.Span("", className="gap-sign")
        marks.append(
            html.Li([bar, mark, html.Span(_short(quarter), className="when")], title=words, **{"aria-label": words})
        )
    return html.Section(
        [
            html.H3(spell(view, row)),
            html.P(t("matrix.history.what", unit=unit, top=_with_unit(top, decimals, unit)), className="quiet"),
            html.Ol(marks, className="history"),
        ]
    )


def _short(quarter: str) -> str:
    """26Q3: twelve of them stand side by side."""
    return quarter[2:]


def spell(view: View, row: Mapping[str, Any]) -> str:
    """For how long it has been so, and what it was before."""
    t = view.now.t
    if row["status"] in FLAGS:
        words = {"since": quarter_name(t, row["since"]), "n": number(row["spell_quarters"], 0)}
        return t(f"matrix.spell.{row['change']}", before=_before(view, row), **words)
    if row["change"]:
        return t(f"matrix.spell.{row['change']}", before=_before(view, row))
    return t(f"matrix.spell.{row['status']}")


def _before(view: View, row: Mapping[str, Any]) -> str:
    t = view.now.t
    return t(f"gaps.status.{row['previous']}") if known(row["previous"]) else t("matrix.not_standing")


def _prevalence(view: View, rule: str) -> html.P:
    t = view.now.t
    fires, judged = view.gaps.prevalence(rule)
    said = t("matrix.prevalence", fires=fires, judged=judged)
    warning = [html.Span(t("matrix.loose"), className="loose")] if view.gaps.is_too_often(rule) else []
    return html.P([said, *warning], className="quiet")


def _links(view: View, department: str | None, rule: str | None) -> html.P:
    now, t = view.now, view.now.t
    filters = now.filters.without_row()
    links = []
    if rule:
        links.append(html.Link(t("matrix.to_rule"), href=rule_address(now.filters, rule), className="button"))
    if department:
        if rule:
            links.append(view_link(t("matrix.all_flags"), PATH, view.with_cell(None, department), className="button"))
        ranking = "/ranking" + replace(filters, department=department).to_search()
        links.append(html.Link(t("matrix.to_ranking"), href=ranking, className="button"))
    return html.P(links, className="buttons")


def _rows_behind(view: View, rule: Query, row: Mapping[str, Any]) -> list[Any]:
    """The tables as they were imported, folded; what the rule points at is marked and first."""
    now, t = view.now, view.now.t
    parts = behind(now, rule, row)
    said: list[Any] = [html.H3(t("matrix.rows.title")), html.P(t("matrix.rows.what"), className="quiet")]
    said += [_table(view, part) for part in parts]
    if any(name.partition(".")[0] == NEVER_LISTED for name in rule.header["tables"]):
        said.append(html.P(t("matrix.rows.ballots"), className="quiet"))
    if parts:
        links = [
            html.A(
                t(f"matrix.rows.{ending}"),
                href=address(f"download:{ending}", PATH, now.filters, now.quarter, now.facts.snapshot),
                className="button",
            )
            for ending in ("xlsx", "csv")
        ]
        said.append(html.P(links, className="buttons"))
    return said


def _table(view: View, part: Behind) -> html.Details:
    t = view.now.t
    n = len(part.rows)
    about = t("matrix.rows.of", table=t(f"table.{part.table}"), count=t("matrix.rows.count", n=number(n, 0)))
    pointed = (
        [html.Span(t("matrix.rows.pointed.n", n=number(part.marked, 0)), className="pointed")] if part.marked else []
    )
    if not n:
        return html.P(t("matrix.rows.nothing", table=t(f"table.{part.table}")), className="quiet")
    table = light_table(
        about, heads(view.now, part), texts(view.gaps, part), range(part.marked), t("matrix.rows.pointed")
    )
    more = [html.P(t("matrix.rows.more", shown=number(MOST_SHOWN, 0)), className="quiet")] if n > MOST_SHOWN else []
    scroll = html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": about})
    return html.Details([html.Summary([about, *pointed]), scroll, *more])


# --- lists -----------------------------------------------------------------------------------------------------
def _department(view: View) -> list[Any]:
    """Every flag of one department with its sentence: the way to the department."""
    now, t = view.now, view.now.t
    rows = view.gaps.rows[view.gaps.rows["department_id"] == view.department]
    if rows.empty:
        return []
    who = now.departments.set_index("department_id").loc[view.department]
    order = {name: at for at, name in enumerate(view.gaps.rules)}
    flagged = _flagged(rows).assign(at=lambda found: found["rule"].map(order)).sort_values(["status", "at"])
    counts = rows["status"].value_counts()
    about = {status: number(int(counts.get(status, 0)), 0) for status in ("alert", "watch", "ok", "no_data")}
    kicker = who["group"] if known(who["group"]) else t("sheet.name")
    items = [_item(view, row, _rule_title(view, row)) for row in flagged.to_dict("records")]
    return [
        _head(view, kicker, [who["full_name"]]),
        html.P(t("matrix.department.counts", n=number(len(rows), 0), **about), className="said"),
        *(
            [html.Ul(items, className="flags")]
            if items
            else [html.P(t("matrix.department.none"), className="body-text")]
        ),
        *_closed(view, rows),
        *_unknown(view, rows),
        _links(view, view.department, None),
    ]


def _rule(view: View) -> list[Any]:
    """Every department that a rule flags."""
    t, lang = view.now.t, view.now.lang
    header = view.gaps.rules[view.rule].header
    rows = view.gaps.rows[view.gaps.rows["rule"] == view.rule]
    flagged = _flagged(rows).sort_values(["status", "name_order"])
    kicker = t(
        "matrix.kicker", number=header["order"], source=header["source"], kind=t(f"matrix.kind.{header['kind']}")
    )
    items = [_item(view, row, row["label"]) for row in flagged.to_dict("records")]
    none = "matrix.rule.none.chosen" if view.now.is_chosen else "matrix.rule.none"
    return [
        _head(view, kicker, [header["title"][lang]]),
        _prevalence(view, view.rule),
        *([html.Ul(items, className="flags")] if items else [html.P(t(none), className="body-text")]),
        html.P([html.B(t("matrix.why")), header["why"][lang]], className="body-text"),
        _links(view, None, view.rule),
    ]


def _flagged(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["status"].isin(FLAGS)]


def _rule_title(view: View, row: Mapping[str, Any]) -> str:
    return view.gaps.rules[row["rule"]].header["title"][view.now.lang]


def _item(view: View, row: Mapping[str, Any], name: str) -> html.Li:
    t = view.now.t
    link = view_link(name, PATH, view.with_cell(row["rule"], row["department_id"]))
    change = html.Span(t(f"gaps.change.{row['change']}"), className="change")
    return html.Li(
        [html.Div([sign(t, row["status"]), link, change], className="flag-head"), html.P(view.gaps.sentence(row))]
    )


def _closed(view: View, rows: pd.DataFrame) -> list[html.P]:
    t = view.now.t
    closed = [_rule_title(view, row) for row in rows[rows["change"] == "closed"].to_dict("records")]
    return (
        [html.P([html.B(t("matrix.department.closed")), t("list.separator").join(closed)], className="body-text")]
        if closed
        else []
    )


def _unknown(view: View, rows: pd.DataFrame) -> list[html.Details]:
    """What cannot be judged is no good news: each rule with what is missing."""
    now, t = view.now, view.now.t
    unknown = rows[rows["status"] == "no_data"].to_dict("records")
    items = [
        html.Li(
            t(
                "matrix.department.unknown.one",
                rule=_rule_title(view, row),
                reason=no_data_reason(t, now.lang, view.gaps.rules[row["rule"]], row),
            )
        )
        for row in unknown
    ]
    heading = t("matrix.department.unknown", n=number(len(unknown), 0))
    return [html.Details([html.Summary(heading), html.Ul(items)], className="unknown")] if items else []
