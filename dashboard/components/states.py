"""What stands where there is nothing to show. Four situations, four texts: none of them may look like good news."""

from dashboard.components import html
from dashboard.components.icons import icon
from dashboard.i18n.text import Text


def nothing_imported(t: Text) -> html.Div:
    commands = "python -m dashboard --data DIR demo\npython -m dashboard --data DIR import FILE …"
    return _state(
        "inbox",
        t("empty.start.title"),
        html.P(t("empty.start.body")),
        html.Pre(commands),
        html.P(t("empty.start.after")),
    )


def nothing_known(t: Text, why: str, date: str, now: str) -> html.Div:
    """`why`: 'unknown' (nothing was imported by then) or 'damaged'; `now`: the same view without the date."""
    return _state(
        "inbox",
        t(f"empty.known.{why}.title", date=date),
        html.P(t(f"empty.known.{why}.body")),
        html.A(t("empty.known.now"), href=now, className="button primary"),
    )


def nothing_matches(t: Text, reset: str) -> html.Div:
    return _state(
        "search",
        t("empty.match.title"),
        html.P(t("empty.match.body")),
        html.A(t("empty.match.reset"), href=reset, className="button", **{"data-view": ""}),
    )


def page_unknown(t: Text, home: str) -> html.Div:
    return _state(
        "compass",
        t("empty.page.title"),
        html.P(t("empty.page.body")),
        html.A(t("empty.page.back"), href=home, className="button primary"),
    )


def page_forbidden(t: Text) -> html.Div:
    return _state("compass", t("empty.forbidden.title"), html.P(t("empty.forbidden.body")))


def indicator_without_data(t: Text, title: str, tables: str, quarter: str) -> html.Div:
    """`tables`: the tables this indicator is counted from, in the viewer's language."""
    return _state(
        "table",
        t("empty.indicator.title", indicator=title, quarter=quarter),
        html.P(t("empty.indicator.body", tables=tables)),
        html.P(t("empty.indicator.after")),
    )


def _state(symbol: str, title: str, *children: object) -> html.Div:
    return html.Div([icon(symbol), html.H2(title), *children], className="empty")
