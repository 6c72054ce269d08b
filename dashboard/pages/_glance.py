"""The gaps from five metres: who, in which fields, by which rules, and what changed. Large, and nothing else."""

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.catalog import GAP_GROUPS
from dashboard.components import html
from dashboard.components.gap_signs import sign
from dashboard.components.links import view_link
from dashboard.gaps import FLAGS
from dashboard.i18n.text import number, quarter_name
from dashboard.pages._gaps import PATH
from dashboard.pages._matrix import View

MOST_DEPARTMENTS, MOST_RULES = 8, 4
MOST_NAMED = 2  # rules named in a row


def glance(view: View, changes: Any, other_view: Any) -> list[Any]:
    """The worst departments by group of rules, the rules that fire most, and how many are not named."""
    t = view.now.t
    flagged = view.shown[view.shown["status"].isin(FLAGS) & view.shown["is_hit"]]
    # the frame's controls are hidden beside it (10-gaps.css): what they hold stands here in words
    chosen = html.Span(t("list.separator").join(_chosen(view)), className="wall-view")
    head = html.Div([html.H2([view.finding, chosen]), other_view], className="card-head wall")
    if flagged.empty:
        return [head, changes]
    said = html.Div(
        [changes, html.P([html.Span([sign(t, one), t(f"gaps.status.{one}")]) for one in FLAGS], className="key")]
    )
    who = set(flagged["department_id"])
    named = [row for department, (row, *_) in view.departments.items() if department in who]
    shown = named[:MOST_DEPARTMENTS]
    groups = [group for group in GAP_GROUPS if group in set(flagged["rule"].map(_groups(view)))]
    heads = [
        html.Th(t("sheet.name"), scope="col"),
        *(html.Th(t(f"gaps.group.{group}"), scope="col") for group in groups),
    ]
    rows = [_row(view, row, flagged[flagged["department_id"] == row.department_id], groups) for row in shown]
    table = html.Table(
        [html.Thead(html.Tr([*heads, html.Th(t("matrix.glance.rules"), scope="col")])), html.Tbody(rows)],
        className="glance",
    )
    left = len(named) - len(shown)
    rest = [html.Span(t("matrix.glance.rest", n=number(left, 0)))] if left else []
    return [head, said, table, html.P([*rest, *_rules(view, flagged)], className="glance-rules")]


def _chosen(view: View) -> list[str]:
    """The quarter, and what else narrows the view."""
    now, t = view.now, view.now.t
    narrowed = [
        dict(now.regions)[now.region] if len(now.regions) > 1 else None,
        dict(now.groups)[now.category] if now.category else None,
        now.chosen_words if now.is_chosen else None,
        t(f"gaps.group.{view.group}") if view.group else None,
        view.state_words(view.status) if view.status else None,
        t("matrix.glance.search", words=now.filters.q) if now.filters.q else None,
    ]
    return [quarter_name(t, now.quarter), *(words for words in narrowed if words)]


def _groups(view: View) -> dict[str, str]:
    return {name: rule.header["group"] for name, rule in view.gaps.rules.items()}


def _row(view: View, row: Any, flagged: pd.DataFrame, groups: list[str]) -> html.Tr:
    t, lang = view.now.t, view.now.lang
    of_group = flagged.groupby([flagged["rule"].map(_groups(view)), "status"]).size()
    cells = [
        html.Td(
            [
                html.Span([sign(t, status), html.B(number(count, 0))], className="count")
                for status in FLAGS
                if (count := int(of_group.get((group, status), 0)))
            ]
        )
        for group in groups
    ]
    order = {name: at for at, name in enumerate(view.rules)}
    first = flagged.assign(at=flagged["rule"].map(order)).sort_values(["status", "at"])
    labels = [view.gaps.rules[rule].header["label"][lang] for rule in first["rule"].head(MOST_NAMED)]
    more = len(first) - len(labels)
    words = t("list.separator").join(labels)
    words = t("matrix.glance.more", rules=words, n=number(more, 0)) if more else words
    wanted = replace(view.now.filters, view=None, rule=None, department=row.department_id)
    return html.Tr(
        [html.Th(view_link(row.label, PATH, wanted), scope="row"), *cells, html.Td(words, className="words")]
    )


def _rules(view: View, flagged: pd.DataFrame) -> list[html.Span]:
    """The rules that fire in most departments; one that fires too often says that its threshold is the question."""
    t, lang = view.now.t, view.now.lang
    most = [rule for rule in flagged["rule"].value_counts().index if rule in view.rules][:MOST_RULES]
    said = []
    for rule in most:
        fires, judged = view.gaps.prevalence(rule)
        share = t("matrix.glance.share", fires=number(fires, 0), judged=number(judged, 0))
        css = "loose" if view.gaps.is_too_often(rule) else ""
        title = view.gaps.rules[rule].header["title"][lang]
        said.append(html.Span([title, " ", html.Span(share, className=css)]))
    if any(map(view.gaps.is_too_often, most)):
        said.append(html.Span(t("matrix.glance.loose")))
    return [html.B(t("matrix.glance.most")), *said]
