"""The toggle on a department's row that adds it to the set looked at apart; assets/script/chosen.js gathers the set."""

from typing import Any

from dashboard.components import html
from dashboard.i18n.text import Text


def pick(t: Text, department: str, label: str) -> html.Button:
    """Beside the name in a row of `data-department`; the key s does the same, so it is no tab stop of its own."""
    return html.Button(className="pick", **pick_attributes(t, department, label))


def pick_attributes(t: Text, department: str, label: str) -> dict[str, Any]:
    return {
        "type": "button",
        "tabIndex": -1,
        "title": t("chosen.pick.help"),
        "data-pick": department,
        "aria-label": t("chosen.pick", name=label),
        "aria-pressed": "false",
        "aria-keyshortcuts": "s",
    }
