"""What a page needs before it can draw: the snapshot, the language, and choices that really exist in the data."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import dash
import flask
import pandas as pd

from dashboard.access.gate import actor
from dashboard.answers import labelled
from dashboard.components import html
from dashboard.components.controls import select
from dashboard.components.frame import Chip, Facts, frame
from dashboard.components.states import nothing_imported, nothing_known
from dashboard.filters import Filters
from dashboard.i18n.text import Text, preferred, quarter_name, translator
from dashboard.pages._crumb import crumbs
from dashboard.rows import tuples_of
from dashboard.snapshots import FolderError
from dashboard.store import later

PEERS, REGION = "peers", "region"
YEAR = "4"  # quarters: what a page adds up by itself where one quarter has too few cases
# The pages that a set of departments narrows; all others show everybody and say so.
NARROWED = ("/ranking", "/complaints", "/cases", "/summary", "/gaps", "/indicator", "/report")
ACROSS = ("/regions",)  # pages that are about all regions at once, and no department
EVERY = "*"  # the peer-group control at its default: an empty value would leave a select blank

MOST_REGIONS = 60  # a county's own list of departments is as long
CHIP_NAMES = 6  # departments that the chip names; the others are counted
_NOBODY = pd.DataFrame(columns=["department_id", "label", "full_name"])


@dataclass(frozen=True)
class Scene:
    """One view of one snapshot. What the address asks for and the data do not have is replaced, with a notice."""

    filters: Filters
    lang: str
    snapshot: (
        Any  # a warehouse.Snapshot; None before the first import, and where nothing was known on the day asked for
    )
    then: str = ""  # why there is no snapshot of the day asked for: 'unknown' or 'damaged'
    quarters: tuple[str, ...] = ()  # of the region, oldest first
    quarter: str | None = None
    opens_at: str | None = None  # the quarter that is shown to who asks for none
    region: str | None = None
    category: str | None = None
    regions: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()
    narrows: bool = False  # whether a set of departments narrows this view
    is_across: bool = False  # whether it is about all regions at once, and not about `region`

    @property
    def t(self) -> Text:
        return translator(self.lang)

    @property
    def previous(self) -> str | None:
        """The calendar's quarter before this one; whether it has data is for the queries to say."""
        if self.quarter is None:
            return None
        return before(self.quarter)

    def run(self, query: str, **values: Any) -> pd.DataFrame:
        """A query of queries/pages/ with this view's own values."""
        own = {
            "region": self.region,
            "quarter": self.quarter,
            "previous": self.previous,
            "category": self.category,
            "scope": self.scope,
        }
        return self.snapshot.run(f"pages/{query}", **(own | values))

    @property
    def regions_beside(self) -> tuple[tuple[str, str], ...]:
        """Among which one chooses: all, or, of more than a list can hold, those that lie in the same place."""
        if len(self.regions) <= MOST_REGIONS:
            return self.regions
        lies_in = self.run("regions").set_index("region_id")["parent_id"]
        return tuple(one for one in self.regions if lies_in[one[0]] == lies_in[self.region])

    def topic(self, what: str) -> str:
        """What stands above the title of a chart in a file: what it shows, where and when."""
        place = dict(self.regions)[self.region]
        return self.t("export.what", what=what, quarter=quarter_name(self.t, self.quarter), place=place)

    @property
    def scope(self) -> str:
        """Whom departments are compared with: their peers, unless the viewer asks for the whole region."""
        return self.filters.scope or PEERS

    def window(self, own: str = YEAR) -> int:
        """How many quarters are added up; `own` is what the page does by itself."""
        return int(self.filters.window or own)

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The departments of this view whatever was chosen among them, with `label` (short) and `full_name` in the
        viewer's language: those that limits, places and judgements are of."""
        return labelled(self.run("departments"), self.lang)

    @cached_property
    def chosen(self) -> pd.DataFrame:
        """Those that the viewer looks at apart, as far as they are of this view; no row where that is nobody. With
        them a department that a link leads to: what the address names must not be hidden by what it also names."""
        if not self._asked:
            return _NOBODY
        is_asked = self.listed["department_id"].isin(self._asked)
        if is_asked.any():
            is_asked |= self.listed["department_id"] == self.filters.department
        return self.listed[is_asked].reset_index(drop=True)

    @property
    def _asked(self) -> tuple[str, ...]:
        return self.filters.departments if self.narrows and self.quarter else ()

    @property
    def is_chosen(self) -> bool:
        return len(self.chosen) > 0

    @cached_property
    def departments(self) -> pd.DataFrame:
        """The departments that are shown: those chosen, or all of the view. Columns as `listed`."""
        return self.chosen if self.is_chosen else self.listed

    @cached_property
    def whole(self) -> "Scene":
        """The same view of all its departments: what judgements and the sentences about them are of."""
        return replace(self, narrows=False) if self.is_chosen else self

    @property
    def chosen_words(self) -> str:
        """'所选 5 个部门'."""
        return self.t("chosen.some", n=len(self.chosen))

    @property
    def chosen_notes(self) -> list[tuple[str, str]]:
        """What a file says of the choice; nothing where there is none."""
        names = self.t("list.separator").join(self.chosen["full_name"]) if self.is_chosen else ""
        return [(self.t("chosen.sheet"), names)] if names else []

    @cached_property
    def facts(self) -> Facts:
        search = flask.current_app.config["SEARCH"].address(self.snapshot, actor())
        if self.snapshot is None:
            return Facts(notices=self.notices, search=search)
        t, snapshot = self.t, self.snapshot
        is_of_one = self.quarter and not self.is_across
        raters = self.run("raters")["raters"].iloc[0] if is_of_one else None
        sentences = [
            *([t("foot.data", quarter=quarter_name(t, self.quarters[-1]))] if self.quarters else []),
            t("foot.snapshot", number=snapshot.number, created=f"{snapshot.created.astimezone():%Y-%m-%d %H:%M}"),
            *([t("foot.raters", raters=int(raters))] if pd.notna(raters) else []),
            t("foot.method"),
        ]
        return Facts(
            self.quarter,
            snapshot.id,
            tuple(sentences),
            (*self.notices, *self._unheeded),
            snapshot.demonstration,
            search,
            self.narrows,
            self._chip,
        )

    @property
    def _unheeded(self) -> list[str]:
        """Departments in the address that this page does not heed: no filter works unseen, and none fails to unseen."""
        asked = len(self.filters.departments)
        if not (self.narrows and asked):
            return [self.t("chosen.unheeded", n=asked)] if asked else []
        missing = len(set(self.filters.departments) - set(self.chosen["department_id"]))
        if not missing:
            return []
        return [self.t("chosen.missing", n=missing) if self.is_chosen else self.t("chosen.nobody", n=asked)]

    @property
    def _chip(self) -> Chip | None:
        if not (self.narrows and self.filters.departments):
            return None
        n, names = len(self.chosen), self.chosen["label"].tolist() if self.is_chosen else []
        t, most = self.t, CHIP_NAMES
        words = t("list.separator").join(names[:most])
        if len(names) > most:
            words = t("chosen.more", names=words, n=len(names) - most)
        heading = t("chosen.chip", n=n) if n else t("chosen.chip.nobody", n=len(self.filters.departments))
        return Chip(heading, words, t("list.separator").join(names))

    def facts_at(self, path: str) -> Facts:
        """The facts, with what is chosen on the page at `path`."""
        return replace(self.facts, crumbs=crumbs(self, path)) if self.snapshot is not None else self.facts


def before(quarter: str) -> str:
    """The calendar's quarter before this one."""
    return later(quarter, -1)


def current_id() -> str:
    """The id of the snapshot to show now; '' before the first import."""
    snapshot = flask.current_app.config["WAREHOUSE"].current()
    return snapshot.id if snapshot else ""


def scene(filters: Filters, pin: object = None, undated: bool = False, path: str = "") -> Scene:
    """The view these filters ask for, as far as the data have it.

    `undated`: the page has something to show of a snapshot that has no quarter. `path`: of a page that a set of
    departments may narrow. `pin` is the id of the snapshot that the open page was drawn from: until it is loaded anew,
    everything on it is of that snapshot, whatever is imported meanwhile.
    """
    if actor().department:  # an account of one department asks about that one, whatever the address says
        filters = replace(filters, department=actor().department, departments=(), compared=(), weights=())
    lang = filters.lang or preferred(list(flask.request.accept_languages.values()))
    t = translator(lang)
    warehouse = flask.current_app.config["WAREHOUSE"]
    snapshot, notices = warehouse.current(), []
    if isinstance(pin, str) and pin and (snapshot is None or pin != snapshot.id):
        snapshot = warehouse.pinned(pin) or snapshot
    if filters.known and snapshot:
        try:
            if filters.known < datetime.date.today():  # what is known today is what the page shows anyway
                snapshot = warehouse.known_on(filters.known)
        except FolderError:
            return Scene(filters, lang, None, "damaged")
        if snapshot is None:
            return Scene(filters, lang, None, "unknown")
        notices.append(t("notice.known", date=filters.known.isoformat()))
    if snapshot is None or not (snapshot.quarters or undated):
        return Scene(filters, lang, None)
    if snapshot.fell_back:
        notices.append(t("notice.fell_back", number=snapshot.number))

    regions = tuple(tuples_of(snapshot.run("pages/regions"), "region_id", lang))
    region = _existing(filters.region, [code for code, _ in regions])
    if region is None and actor().regions:  # nothing was known of the account's regions, and no other is its own
        return Scene(filters, lang, None, "unknown" if filters.known else "")
    is_across = path in ACROSS
    quarters = (snapshot.quarters_seen if is_across else snapshot.quarters_of(region)) or snapshot.quarters
    opens_at = _widely_known(snapshot, quarters) if is_across else next(iter(reversed(quarters)), None)
    quarter = filters.quarter if filters.quarter in quarters else opens_at
    found = snapshot.run("pages/peer_groups", region=region)
    groups = () if is_across else tuple(tuples_of(found, "category", lang))
    category = filters.category if filters.category in dict(groups) else None
    if filters.quarter and quarter and filters.quarter != quarter:
        notices.append(t("notice.quarter", asked=filters.quarter, shown=quarter_name(t, quarter)))
    if filters.region and region and filters.region != region and not is_across:
        notices.append(t("notice.region", asked=filters.region, shown=dict(regions)[region]))
    if filters.category and category is None and not is_across:
        notices.append(t("notice.category", asked=filters.category))
    said = tuple(notices)
    view = Scene(filters, lang, snapshot, "", quarters, quarter, opens_at, region, category, regions, groups, said)
    return replace(view, narrows=path in NARROWED, is_across=is_across)


def _widely_known(snapshot: Any, quarters: Sequence[str]) -> str | None:
    """The newest quarter that at least half of the regions in sight have figures of: of a newer one most would be
    missing. Without any such, the newest."""
    reporting = snapshot.reporting()
    found = (quarter for quarter in reversed(quarters) if 2 * reporting[quarter][0] >= reporting[quarter][1] > 0)
    return next(found, quarters[-1] if quarters else None)


def page(view: Scene, path: str, title_key: str, controls: Sequence[Any], body: Any) -> html.Div:
    """The whole page: frame, the controls every page has, the page's own, and the body."""
    if view.snapshot is None:
        nothing = _nothing(view, path)
        controls, body = (), nothing if body is None else html.Div([nothing, body], className="nothing-yet")
    else:
        controls = (*_common_controls(view), *controls)
    return frame(view.t, view.lang, path, view.t(title_key), view.filters, view.facts_at(path), controls, body)


def _nothing(view: Scene, path: str) -> html.Div:
    if not view.then:
        return nothing_imported(view.t)
    now = path + replace(view.filters, known=None).to_search()
    return nothing_known(view.t, view.then, view.filters.known.isoformat(), now)


def title(key: str) -> str:
    """The browser's title for a page, in the language of the request that is being answered."""
    if dash.ctx and flask.request.method == "POST":
        filters = Filters.from_search(dash.ctx.inputs.get("_pages_location.search"))
    else:
        filters = Filters.from_query(flask.request.args.to_dict()) if flask.has_request_context() else Filters()
    accepted = list(flask.request.accept_languages.values()) if flask.has_request_context() else []
    t = translator(filters.lang or preferred(accepted))
    return f"{t(key)} · {t('app.name')}"


def _common_controls(view: Scene) -> list[Any]:
    t = view.t
    quarters = [(quarter, quarter_name(t, quarter)) for quarter in reversed(view.quarters)]
    controls = []
    if quarters:
        controls.append(select(t("filter.quarter"), "quarter", view.quarter, quarters, default=view.opens_at))
    if view.is_across:
        return controls
    if len(view.regions) > 1:
        default, beside = view.regions[0][0], view.regions_beside
        more = t("filter.region.more", n=others) if (others := len(view.regions) - len(beside)) else ""
        controls.append(select(t("filter.region"), "region", view.region, beside, default=default, note=more))
    if view.groups:
        choices = [(EVERY, t("filter.category.all")), *view.groups]
        controls.append(select(t("filter.category"), "category", view.category or EVERY, choices, default=EVERY))
    return controls


def scope_control(view: Scene) -> Any:
    t = view.t
    choices = [(scope, t(f"filter.scope.{scope}")) for scope in (PEERS, REGION)]
    return select(t("filter.scope"), "scope", view.scope, choices, default=PEERS)


def window_control(view: Scene, own: str = YEAR) -> Any:
    t = view.t
    choices = [(window, t(f"filter.window.{window}")) for window in ("4", "1")]
    return select(t("filter.window"), "window", str(view.window(own)), choices, default=own)


def _existing(asked: str | None, there: Sequence[str]) -> str | None:
    return asked if asked in there else next(iter(there), None)
