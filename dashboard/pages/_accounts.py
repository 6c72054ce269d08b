"""The table of accounts with its forms, and the table of roles: plain forms that post, without a callback."""

from collections.abc import Sequence
from typing import Any

from dashboard.access.actors import actions, roles
from dashboard.access.administration import NOT_TO_ONESELF, PATH
from dashboard.access.gate import actor
from dashboard.components import html
from dashboard.components.light import Light
from dashboard.components.light_table import light_table
from dashboard.filters import Filters
from dashboard.i18n.text import Text
from dashboard.pages._scene import Scene
from dashboard.rows import tuples_of
from dashboard.settings import Access
from dashboard.store.accounts import DEPARTMENT, PASSWORD, SCREEN, UNUSED_DAYS, Account, Accounts

Node = list[Any]


def accounts_table(now: Scene, kept: Accounts, rules: Access) -> list[Any]:
    """The accounts of the viewer's regions with what may be done to each; how the first is made where there is none."""
    t, found = now.t, [one for one in kept.read() if actor().covers(one.regions)]
    if not found:
        return [
            html.P(t("accounts.none"), className="body-text"),
            html.Pre("python -m dashboard --data DIR users add NAME --role administrator"),
        ]
    signed = [session.name for session in kept.sessions()]
    head = [t(f"accounts.{name}") for name in ("name", "role", "place", "state", "last", "sessions", "deeds")]
    body = [_row(now, kept, rules, one, signed.count(one.name)) for one in found]
    caption = ["caption", {"className": "visually-hidden"}, [t("accounts.title")]]
    columns = ["thead", {}, [["tr", {}, [["th", {"scope": "col"}, [word]] for word in head]]]]
    return [Light([["table", {"className": "accounts-table"}, [caption, columns, ["tbody", {}, body]]]])]


def _row(now: Scene, kept: Accounts, rules: Access, one: Account, sessions: int) -> Node:
    t, role = now.t, roles().get(one.role)
    place = t("list.separator").join((*one.regions, *([one.department] if one.department else [])))
    last = f"{one.signed_in_at.astimezone():%Y-%m-%d %H:%M}" if one.signed_in_at else t("accounts.never")
    cells = [
        role.name[now.lang] if role else one.role,
        place or t("accounts.everywhere"),
        ["span", {"className": f"account-state {_state(one)}"}, [t(f"accounts.state.{_state(one)}")]],
        last if not kept.is_unused(one) else ["b", {}, [t("accounts.unused", last=last, days=UNUSED_DAYS)]],
        str(sessions or ""),
        ["div", {"className": "account-deeds"}, _deeds(now, rules, one, sessions)],
    ]
    return ["tr", {}, [["th", {"scope": "row"}, [one.name]], *(["td", {}, [cell]] for cell in cells)]]


def _state(one: Account) -> str:
    return "disabled" if not one.is_active else "must_change" if one.must_change else "active"


def _deeds(now: Scene, rules: Access, one: Account, sessions: int) -> list[Node]:
    deeds = [] if sessions == 0 else ["sign-out"]
    if one.role == SCREEN and rules.way != "proxy":
        deeds.append("link")
    elif rules.way == PASSWORD:
        deeds.append("password")
    deeds.append("disable" if one.is_active else "enable")
    who = actor()
    is_own = who is not None and who.name == one.name
    buttons = [
        _form(now, deed, one.name, [_button(now.t(f"accounts.do.{deed}"))])
        for deed in deeds
        if not (is_own and deed in NOT_TO_ONESELF)
    ]
    return buttons if is_own else [*buttons, _change_role(now, one)]


def _change_role(now: Scene, one: Account) -> Node:
    t = now.t
    form = _form(now, "role", one.name, [*_role_fields(now, one), _button(t("accounts.do.role"), "primary")])
    return ["details", {}, [["summary", {"className": "button"}, [t("accounts.role.change")]], form]]


def add_form(now: Scene) -> list[Any]:
    """A new account; nothing where nobody has signed in: the first one is made on the server."""
    t, who = now.t, actor()
    if who is None or not who.name:
        return []
    name = _labelled(t("accounts.name"), ["input", {"name": "name", "required": True, "maxLength": 60}, []])
    fields = [name, *_role_fields(now, None), _button(t("accounts.do.add"), "primary")]
    return [html.H2(t("accounts.add")), Light([_form(now, "add", None, fields)])]


def _role_fields(now: Scene, one: Account | None) -> list[Node]:
    """Role, regions and department; those of the account are chosen beforehand, so that nothing widens unseen."""
    t = now.t
    options = [_option(code, role.name[now.lang]) for code, role in roles().items()]
    own = one.regions if one else ()
    named = _regions(now)
    named |= {key: key for key in own if key not in named}
    if len(named) > 1:
        many = {"name": "region", "multiple": True, "size": min(len(named), 4), "defaultValue": list(own)}
        regions = (t("accounts.regions"), ["select", many, [_option(*one) for one in named.items()]])
    else:
        every = {"name": "region", "defaultValue": own[0] if own else ""}
        choices = [_option("", t("accounts.everywhere")), *(_option(*one) for one in named.items())]
        regions = (t("accounts.region"), ["select", every, choices])
    department = {"name": "department", "defaultValue": one.department if one else "", "maxLength": 60}
    parts = [
        (t("accounts.role"), ["select", {"name": "role", **({"defaultValue": one.role} if one else {})}, options]),
        regions,
        (t("accounts.department", role=roles()[DEPARTMENT].name[now.lang]), ["input", department, []]),
    ]
    return [_labelled(words, field) for words, field in parts]


def _regions(now: Scene) -> dict[str, str]:
    """Of one county that one; of several every place, because an account of a city is of its counties."""
    if len(now.regions) < 2:
        return dict(now.regions)
    return dict(tuples_of(now.run("places"), "region_id", now.lang))


def _option(value: str, words: str) -> Node:
    return ["option", {"value": value}, [words]]


def _labelled(words: str, field: Node) -> Node:
    return ["label", {}, [["span", {}, [words]], field]]


def _button(words: str, kind: str = "") -> Node:
    return ["button", {"type": "submit", "className": f"button {kind}".strip()}, [words]]


def _form(now: Scene, deed: str, name: str | None, fields: Sequence[Node]) -> Node:
    seen = Filters(lang=now.filters.lang, theme=now.filters.theme).to_search()
    own = [["input", {"type": "hidden", "name": "name", "value": name}, []]] if name is not None else []
    return ["form", {"method": "post", "action": f"{PATH}/{deed}{seen}"}, [*own, *fields]]


def roles_table(t: Text, lang: str) -> Light:
    """What each role may do, as roles.toml has it."""
    found = roles().values()
    columns = [t("permissions.action"), *(role.name[lang] for role in found)]
    rows = [
        [words[lang], *("●" if action in role.may else "–" for role in found)] for action, words in actions().items()
    ]
    return light_table(t("permissions.title"), columns, rows)
