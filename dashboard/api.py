"""The read-only API under /api/v1: the queries of the pages as JSON and CSV, filters named as in the address.

Everything here is made of the registries: the catalogue of queries, indicators and rules, and the filters of the
address. Nothing here knows the web server: a request comes as its path and its pairs, the answer is bytes and headers.
What is not understood is refused with the parameter, its value, what is expected and what to do (RFC 9457); nothing is
left out in silence.
"""

import csv
import datetime
import difflib
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pandas as pd

from dashboard import catalog
from dashboard.access.actors import ForbiddenError
from dashboard.answers import FEWEST_RATERS, in_sentences, plain, ranked
from dashboard.catalog import Query
from dashboard.filters import COMPOSITE, READERS, pattern_of
from dashboard.gaps import FLAGS, STATUSES
from dashboard.i18n.text import Text, preferred, translator
from dashboard.snapshots import SNAPSHOT_ID, FolderError
from dashboard.spreadsheet import safe_cell
from dashboard.warehouse import Snapshot, Warehouse, method

ROOT = "/api/v1"
VERSION = "1.0.0"
MOST_ROWS = 10_000
MOST_PAIRS = 40
MOST_LISTED = 12  # values that an error names as expected
ALL, FLAGGED = "all", "flagged"
SCORES = (COMPOSITE, "dimension_score")
FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
PROBLEM = "application/problem+json"
METHODS = ("GET", "HEAD")

# What every address takes beside its own filters.
COMMON = ("format", "limit", "offset", "snapshot", "known", "lang")
OWN_PATTERNS = {
    "format": "json|csv",
    "limit": r"[1-9]\d{0,4}",
    "offset": r"\d{1,7}",
    "snapshot": rf"\d{{1,6}}|{SNAPSHOT_ID.pattern}",
    "quarter": rf"{pattern_of('quarter')}|{ALL}",
    "status": "|".join((FLAGGED, *STATUSES, ALL)),
}

# A parameter of a query → the filters of the address that decide it. Where there is none, it stands as a page opens.
DECIDED_BY: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("region", "quarter", "category", "scope", "window", "department", "rule")},
    "previous": ("quarter",),
    "indicator": ("indicator",),
    "variant": ("indicator",),
    "ascending": ("indicator",),
    "indicators": ("indicator",),
    "statuses": ("status",),
    "departments": ("department", "quarter"),
    "quarters": ("quarter",),
    "rules": ("rule",),
    "methods": ("method",),
    "check": (),
    "verdicts": (),
    "periods": (),
    "step": (),
    "within": ("within",),
    "figure": ("indicator",),
    "places": (),
    "regions": (),
}
# The calendar as its page opens: twelve quarters.
PERIODS, STEP = 12, 3
WINDOW_OF = {"pages/ranking": 1}  # quarters that the page of a query adds up by itself, where that is not a year
OPTIONAL = re.compile(r"\$(\w+)(?:::\w+(?:\[\])?)? is null|coalesce\(\$(\w+)")

# What pages read and no file of theirs gives, or what no filter can ask for; why, is worded by i18n.
NOT_SERVED = {
    "pages/draws": "ballots",
    "pages/same_kind": "kin",
    **dict.fromkeys(
        ("pages/complaint_categories", "pages/complaint_channels", "pages/case_counts", "pages/case_follow"), "fine"
    ),
    **dict.fromkeys(
        (
            *("pages/activities", "pages/restated_by_imports", "pages/table_columns", "pages/indicator_tables"),
            "pages/quality_staff",
        ),
        "unnamed",
    ),
}
PROBLEMS = (  # every code of a refusal
    *("unknown_parameter", "repeated_parameter", "unreadable", "unknown_value", "one_quarter", "variant"),
    *("weights", "weights_of_one", "too_many_parameters", "too_many_rows", "two_snapshots", "no_snapshot", "not_known"),
    *("no_data", "unknown_path", "unknown_name", "method", "forbidden"),
    *(f"not_served.{why}" for why in dict.fromkeys(NOT_SERVED.values())),
)
NOT_SHOWN = ("covariance",)  # columns that statistics need and no page shows


class Refused(Exception):
    """A request that cannot be answered; `code` is worded by i18n (`api.problem.<code>`, with a remedy)."""

    def __init__(
        self,
        status: int,
        code: str,
        parameter: str = "",
        value: object = "",
        expected: Sequence[object] = (),
        **words: object,
    ):
        super().__init__(code)
        self.status, self.code, self.parameter, self.value = status, code, parameter, str(value)
        self.expected, self.words = tuple(map(str, expected)), words


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""
    forbidden: ForbiddenError | None = None  # why it is 403: for the trace, not for who asked


@dataclass(frozen=True)
class Rows:
    """A table, and what is only done to the rows that are sent."""

    frame: pd.DataFrame
    finish: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows


@dataclass(frozen=True)
class Route:
    """One address below ROOT; `{name}` in its path stands for one of `names`."""

    path: str
    answers: str  # the question, in English
    rows: Callable[["Asked"], Rows]
    filters: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        return (*self.filters, *COMMON)


@dataclass
class Asked:
    """What a request asks of a snapshot, checked against what there is; `used` is said in the answer."""

    warehouse: Warehouse
    snapshot: Snapshot
    given: Mapping[str, Any]
    name: str = ""
    used: dict[str, Any] = field(default_factory=dict)

    def one_of(self, parameter: str, value: str, known: Sequence[str]) -> str:
        if value not in known:
            near = difflib.get_close_matches(value, known, n=MOST_LISTED)
            raise Refused(400, "unknown_value", parameter, value, near or known)
        return value

    def use(self, name: str, value: Any) -> Any:
        self.used[name] = value
        return value

    @cached_property
    def region(self) -> str | None:
        known = list(self.snapshot.run("pages/known_regions")["region_id"])
        first = next(iter(self.snapshot.regions), None)
        asked = self.given.get("region")
        return self.use("region", first if asked is None else self.one_of("region", asked, known))

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        return self.snapshot.quarters_of(self.region) or self.snapshot.quarters

    @cached_property
    def quarter(self) -> str | None:
        """One quarter, the latest unless another is named; where all are asked for, None."""
        if self.given.get("quarter") == ALL:
            self.use("quarter", ALL)
            return None
        return self.use("quarter", self.one_quarter)

    @cached_property
    def one_quarter(self) -> str:
        asked = self.given.get("quarter")
        if not self.quarters:
            raise Refused(404, "no_data")
        if asked == ALL:
            raise Refused(400, "one_quarter", "quarter", asked, self.quarters[-MOST_LISTED:])
        return self.quarters[-1] if asked is None else self.one_of("quarter", asked, self.quarters)

    @property
    def previous(self) -> str:
        year, ordinal = int(self.one_quarter[:4]), int(self.one_quarter[-1])
        return f"{year}Q{ordinal - 1}" if ordinal > 1 else f"{year - 1}Q4"

    @cached_property
    def scope(self) -> str:
        return self.use("scope", self.given.get("scope") or "peers")

    @cached_property
    def category(self) -> str | None:
        asked = self.given.get("category")
        if asked is None:
            return None
        known = list(self.snapshot.run("pages/peer_groups", region=self.region)["category"])
        return self.use("category", self.one_of("category", asked, known))

    @cached_property
    def departments(self) -> pd.DataFrame:
        """Every department that the region ever had."""
        found = self.snapshot.run("pages/known_departments")
        return found[found["region_id"] == self.region]

    @cached_property
    def department(self) -> str | None:
        asked = self.given.get("department")
        if asked is None:
            return None
        return self.use("department", self.one_of("department", asked, list(self.departments["department_id"])))

    @cached_property
    def indicator(self) -> tuple[str, str]:
        """Name and variant of the indicator that is asked for."""
        key = self.name or self.given.get("indicator") or COMPOSITE
        name, _, variant = key.partition(".")
        parameter = "name" if self.name else "indicator"
        self.one_of(parameter, name, list(self.snapshot.indicators))
        self.use("indicator", key)
        return name, variant

    @cached_property
    def variant(self) -> str:
        """One variant: the one that is named, or the only one."""
        name, variant = self.indicator
        found = self.snapshot.run("pages/variants", region=self.region)
        known = list(found.loc[found["indicator"] == name, "variant"]) or [variant]
        if variant in known or len(known) == 1 and not variant:
            return variant if variant in known else known[0]
        raise Refused(400, "variant", "indicator", f"{name}.{variant}".rstrip("."), [f"{name}.{one}" for one in known])

    @property
    def header(self) -> dict[str, Any]:
        return self.snapshot.indicators[self.indicator[0]].header

    @property
    def rule(self) -> str | None:
        asked = self.given.get("rule")
        if asked is None:
            return None
        return self.use("rule", self.one_of("rule", asked, list(catalog.gaps(self.snapshot.queries))))

    @cached_property
    def status(self) -> list[str] | None:
        asked = self.use("status", self.given.get("status") or FLAGGED)
        return {FLAGGED: list(FLAGS), ALL: None}.get(asked, [asked])

    @cached_property
    def weights(self) -> dict[str, float] | None:
        asked = self.given.get("weights")
        if not asked:
            return None
        named = dict(asked)
        dimensions = list(self.snapshot.run("pages/weights")["dimension"])
        if set(named) != set(dimensions):
            text = ",".join(f"{name}:{weight}" for name, weight in asked)
            raise Refused(400, "weights", "weights", text, [f"{name}:1" for name in dimensions])
        self.use("weights", named)
        return {name: float(weight) for name, weight in named.items()}

    def window(self, own: int) -> int:
        return self.use("window", int(self.given.get("window") or own))

    @cached_property
    def window_of_indicator(self) -> int:
        """As the indicator's page adds up by itself: a year, but a mean and a stock are of one quarter."""
        return self.window(1 if self.header["kind"] == "mean" or self.header.get("stock") else 4)

    def of_category(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of the departments of the category and of the department that are asked for."""
        if self.category is not None:
            inside = self.departments.loc[self.departments["category"] == self.category, "department_id"]
            rows = rows[rows["department_id"].isin(inside)]
        return rows if self.department is None else rows[rows["department_id"] == self.department]

    @cached_property
    def place(self) -> str:
        """A department, a kind of them ('*party') or, unless one is named, the region ('*')."""
        kinds = self.snapshot.run("pages/peer_groups", region=self.region)["category"]
        known = ["*", *(f"*{kind}" for kind in kinds), *self.departments["department_id"]]
        return self.use("department", self.one_of("department", self.given.get("department") or "*", known))

    def value(self, parameter: str, optional: bool) -> Any:
        """What a query's parameter is bound to; `optional`: the query looks whether it was given."""
        match parameter:
            case "region" | "category" | "scope" | "rule" | "previous" | "variant":
                return getattr(self, parameter)
            case "department":
                return self.department if optional else self.place
            case "quarter":
                return self.quarter if optional else self.use("quarter", self.one_quarter)
            case "quarters":
                asked = self.given.get("quarter")
                return None if asked in (None, ALL) else [self.quarter]
            case "indicator":
                return self.indicator[0]
            case "indicators":
                return [self.indicator[0]]
            case "figure":
                return self.indicator[0] if "indicator" in self.given else None
            case "within":
                asked = self.given.get("within")
                known = list(self.snapshot.run("pages/places")["region_id"]) if asked is not None else []
                return None if asked is None else self.use("within", self.one_of("within", asked, known))
            case "ascending":
                return self.header["better"] == "lower"
            case "statuses":
                return self.status
            case "departments":
                if self.department is not None:
                    return [self.department]
                asked = {"region": self.region, "quarter": self.one_quarter, "category": self.category}
                return list(self.snapshot.run("pages/departments", **asked)["department_id"])
            case "rules":
                return [self.rule] if self.rule else list(catalog.gaps(self.snapshot.queries))
            case "methods":
                words = self.snapshot.run("pages/words")
                known = list(words.loc[words["vocabulary"] == "method", "code"])
                asked = self.given.get("method")
                return None if asked is None else [self.use("method", self.one_of("method", asked, known))]
            case "periods":
                return PERIODS
            case "step":
                return STEP
        return None  # not asked, so not narrowed


# --- what each address answers ---------------------------------------------------------------------------------
def _index(asked: Asked) -> Rows:
    """Also those that answer this account with a refusal: words about addresses are for everybody who may ask."""
    listed = [
        (f"{ROOT}/{route.path}", ", ".join(route.filters), route.answers) for route in routes(catalog.load_catalog())
    ]
    return Rows(pd.DataFrame(listed, columns=["path", "filters", "answers"]))


def _snapshots(asked: Asked) -> Rows:
    """Who imported and why only to whom may see what is loaded, and of an import into other regions to nobody else."""
    has_imports = "pages/loaded" in asked.snapshot.queries
    columns = ["number", "id", "created", "by", "note", "demonstration", "shown"]
    found = [
        (
            one.number,
            one.id,
            one.created.isoformat(),
            *((one.imports[-1]["who"], one.imports[-1]["note"]) if one.imports else (None, None)),
            one.demonstration,
            one.id == asked.snapshot.id,
        )
        for one in asked.warehouse.manifests()
    ]
    rows = pd.DataFrame(found, columns=columns)
    return Rows(rows if has_imports else rows.drop(columns=["by", "note"]))


def _quarters(asked: Asked) -> Rows:
    return Rows(pd.DataFrame({"quarter": list(asked.quarters)}))


def _departments(asked: Asked) -> Rows:
    rows = asked.snapshot.run(
        "pages/departments", region=asked.region, quarter=asked.value("quarter", False), category=asked.category
    )
    return Rows(asked.of_category(rows).assign(region_id=asked.region))


def _indicators(asked: Asked) -> Rows:
    listed = [{"indicator": name, **_flat(query.header)} for name, query in asked.snapshot.indicators.items()]
    return Rows(pd.DataFrame(listed))


def _rules(asked: Asked) -> Rows:
    wanted = asked.one_of("rule", asked.name, list(catalog.gaps(asked.snapshot.queries))) if asked.name else None
    lines = asked.snapshot.run("pages/thresholds")
    in_force = {rule: dict(zip(part["name"], part["value"])) for rule, part in lines.groupby("rule")}
    listed = [
        {"rule": name, **_flat(query.header), "thresholds": in_force.get(name, {})}
        for name, query in catalog.gaps(asked.snapshot.queries).items()
        if wanted in (None, name)
    ]
    return Rows(pd.DataFrame(listed))


def _flat(header: Mapping[str, Any]) -> dict[str, Any]:
    """A header as one row: each text in a column a language; what belongs to a page's drawing stays out."""
    row: dict[str, Any] = {}
    for key, value in header.items():
        if isinstance(value, dict) and set(value) == set(catalog.LANGUAGES) and all(map(_is_text, value.values())):
            row |= {f"{key}_{lang}": value[lang] for lang in catalog.LANGUAGES}
        elif not isinstance(value, dict):
            row[key] = value
    return row


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _indicator(asked: Asked) -> Rows:
    name, variant = asked.indicator
    rows = asked.snapshot.run(
        "pages/indicator",
        indicator=name,
        quarter=asked.quarter,
        region=asked.region,
        scope=asked.scope,
        window=asked.window_of_indicator,
    )
    rows = withheld(rows if not variant else rows[rows["variant"] == asked.variant], name in SCORES)
    return Rows(asked.of_category(rows))


def _ranking(asked: Asked) -> Rows:
    name, _ = asked.indicator
    region, quarter = asked.region, asked.value("quarter", False)
    if asked.weights and name != COMPOSITE:  # a weight is a part of the composite
        raise Refused(400, "weights_of_one", "indicator", asked.used["indicator"], (COMPOSITE,))
    if name in SCORES:
        variant = asked.variant or "composite"
        rows = withheld(asked.snapshot.standings(region, quarter, variant, asked.scope, asked.weights))
        return Rows(asked.of_category(ranked(rows, category=asked.category)))
    values = {parameter: asked.value(parameter, False) for parameter in ("scope", "variant", "ascending", "previous")}
    rows = asked.snapshot.run(
        "pages/ranking", region=region, quarter=quarter, indicator=name, window=asked.window(1), **values
    )
    names = asked.departments[["department_id", "name", "category"]]
    rows = names.merge(rows, on="department_id").sort_values(["place", "department_id"], na_position="last")
    return Rows(asked.of_category(rows).assign(quarter=quarter))


def _gaps(asked: Asked) -> Rows:
    rules = catalog.gaps(asked.snapshot.queries)
    rows = asked.snapshot.run(
        "pages/gaps",
        region=asked.region,
        quarter=asked.quarter,
        department=asked.department,
        rule=asked.rule,
        statuses=asked.status,
    )
    if group := asked.given.get("group"):
        asked.use("group", asked.one_of("group", group, catalog.GAP_GROUPS))
        rows = rows[[rules[rule].header["group"] == group for rule in rows["rule"]]]
    return Rows(asked.of_category(rows), lambda part: in_sentences(asked.snapshot, rules, part))


def _queries(asked: Asked) -> Rows:
    listed = [
        (query.short_name, ", ".join(_filters_of(query)), query.header["answers"], NOT_SERVED.get(query.name))
        for query in _pages(asked.snapshot.queries)
    ]
    return Rows(pd.DataFrame(listed, columns=["query", "filters", "answers", "not_served"]))


def _of_query(query: Query) -> Callable[[Asked], Rows]:
    optional = _optional(query)

    def answer(asked: Asked) -> Rows:
        values = {name: asked.value(name, name in optional) for name in sorted(query.parameters - {"window"})}
        if "window" in query.parameters:
            own = WINDOW_OF.get(query.name)
            by_indicator = own is None and "indicator" in query.parameters
            values["window"] = asked.window_of_indicator if by_indicator else asked.window(own or 4)
        is_of_scores = "indicator" in query.parameters and asked.indicator[0] in SCORES
        return Rows(withheld(asked.snapshot.run(query.name, **values), is_of_scores))

    return answer


def withheld(rows: pd.DataFrame, is_of_scores: bool = False) -> pd.DataFrame:
    """The rows without what would show a single ballot: means of a few raters.

    `is_of_scores`: the rows say no indicator because all are of a score; their `n` counts ballots.
    """
    hidden = rows.drop(columns=[name for name in NOT_SHOWN if name in rows])
    of_scores = rows["indicator"].isin(SCORES) if "indicator" in rows else is_of_scores
    counted = (
        ("n_raters", ("n_raters", "n_ballots", "n_scores"), "department_id" in rows),
        ("n_cast", ("n_cast",), "department_id" in rows),
        ("n", ("n", "window_quarters", "segment"), of_scores),
    )
    for few, kept, where in counted:
        if few in rows:
            is_few = (rows[few] < FEWEST_RATERS) & where
            names = [
                name
                for name in rows.select_dtypes("number").columns
                if name not in kept and not name.startswith(("scale_", "next_", "needed_"))
            ]
            hidden = hidden.assign(**{name: hidden[name].mask(is_few) for name in names})
    return hidden


# --- the registry ----------------------------------------------------------------------------------------------
def _pages(queries: Mapping[str, Query]) -> list[Query]:
    return [query for name, query in sorted(queries.items()) if name.startswith("pages/")]


def _optional(query: Query) -> set[str]:
    """The parameters that may be left open: the statement looks whether they are null."""
    return {first or second for first, second in OPTIONAL.findall(query.sql)}


def _filters_of(query: Query) -> tuple[str, ...]:
    """The filters that a query listens to, in the address's order."""
    wanted = {name for parameter in query.parameters for name in DECIDED_BY.get(parameter, ())}
    if "departments" in query.parameters:
        wanted |= {"region", "category"}
    return tuple(name for name in READERS if name in wanted)


def routes(queries: Mapping[str, Query]) -> list[Route]:
    """Every address below ROOT, in the order in which they are listed."""
    place = ("quarter", "region")
    found = [
        Route("", "which addresses there are, and which filters each takes", _index),
        Route("snapshots", "which snapshots of the data there are, oldest first", _snapshots),
        Route("quarters", "which quarters the region has figures of, oldest first", _quarters, ("region",)),
        Route(
            "departments",
            queries["pages/departments"].header["answers"],
            _departments,
            (*place, "category", "department"),
        ),
        Route("indicators", "which indicators there are, with their definitions", _indicators),
        Route(
            "indicators/{name}",
            queries["pages/indicator"].header["answers"],
            _indicator,
            (*place, "category", "scope", "window", "department"),
            tuple(catalog.indicators(dict(queries))),
        ),
        Route(
            "ranking",
            queries["pages/ranking"].header["answers"],
            _ranking,
            (*place, "category", "scope", "window", "indicator", "weights", "department"),
        ),
        Route(
            "gaps",
            "what the rules say of each department, with the sentence and the evidence",
            _gaps,
            (*place, "category", "rule", "group", "status", "department"),
        ),
        Route("rules", "which rules look for gaps, with their definitions and the thresholds in force", _rules),
        Route(
            "rules/{name}",
            "one rule: its definition and the thresholds in force",
            _rules,
            (),
            tuple(catalog.gaps(dict(queries))),
        ),
        Route("query", "which queries of the pages there are, and why some are not served", _queries),
    ]
    for query in _pages(queries):
        if query.name not in NOT_SERVED:
            found.append(
                Route(f"query/{query.short_name}", query.header["answers"], _of_query(query), _filters_of(query))
            )
    return found


# --- one request -----------------------------------------------------------------------------------------------
class Api:
    """Answers requests on a warehouse."""

    def __init__(self, warehouse: Warehouse):
        self.warehouse = warehouse
        self.queries = catalog.load_catalog()
        self.routes = routes(self.queries)
        # what is not of the snapshot: the code and the queries that answer
        written = [query.sql for query in _pages(self.queries)] + [VERSION, method()]
        self.program = hashlib.sha256("\n".join(written).encode()).hexdigest()[:12]

    def answer(
        self,
        verb: str,
        path: str,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        accepted: Sequence[str] = (),
        sight: str = "",
    ) -> Answer:
        """The answer to `verb` on `path` below ROOT with the text after '?'; never an error of the server's.

        `sight`: the same for those who are answered the same, so that nobody is told that another's answer still holds.
        """
        pairs: list[tuple[str, str]] = []
        try:
            pairs = _pairs(query)
            return self._answered(verb, path.strip("/"), pairs, query, headers or {}, sight)
        except ForbiddenError as error:
            refused = Refused(403, "forbidden", "", error.what.rpartition("/")[2])
            told = _refusal(refused, _language(pairs, accepted), f"{ROOT}/{path.strip('/')}")
            return replace(told, forbidden=error)
        except Refused as refused:
            return _refusal(refused, _language(pairs, accepted), f"{ROOT}/{path.strip('/')}")

    def _answered(
        self, verb: str, path: str, pairs: list[tuple[str, str]], query: str, headers: Mapping[str, str], sight: str
    ) -> Answer:
        if verb not in METHODS:
            raise Refused(405, "method", "", verb, METHODS)
        if path == "openapi.json":
            given = _given(pairs, ("lang",))
            body = _json(description(self.routes))
            tags = _tags(self.program, given)
            return _fresh(Answer(200, {"Content-Type": FORMATS["json"], **tags}, body), headers, tags)
        route, name = self._route(path)
        given = _given(pairs, route.allowed)
        snapshot = self._snapshot(given)
        asked = Asked(self.warehouse, snapshot, given, name)
        known = ",".join(self.warehouse.folder.ids()) if route.rows is _snapshots else ""
        tags = _tags(self.program, given, snapshot.id, path, known, sight)
        tags["Last-Modified"] = format_datetime(snapshot.created.astimezone(datetime.UTC), usegmt=True)
        # a tag may be anybody's ('*'): what would be refused is refused before it is said to be unchanged
        return _fresh(self._sent(route, path, asked, query, tags), headers, tags)

    def _route(self, path: str) -> tuple[Route, str]:
        for route in self.routes:
            if route.path == path and not route.names:
                return route, ""
        folder, _, name = path.rpartition("/")
        for route in self.routes:
            if route.names and route.path == f"{folder}/{{name}}":
                if name.partition(".")[0] not in route.names:
                    near = difflib.get_close_matches(name, route.names, n=MOST_LISTED)
                    raise Refused(404, "unknown_name", "name", name, near or route.names)
                return route, name
        if f"pages/{name}" in NOT_SERVED and folder == "query":
            raise Refused(404, f"not_served.{NOT_SERVED[f'pages/{name}']}", "name", name)
        paths = [f"{ROOT}/{route.path}" for route in self.routes]
        near = difflib.get_close_matches(f"{ROOT}/{path}", paths, n=MOST_LISTED)
        raise Refused(404, "unknown_path", "", f"{ROOT}/{path}", near or paths)

    def _snapshot(self, given: Mapping[str, Any]) -> Snapshot:
        current = self.warehouse.current()
        if current is None:
            raise Refused(404, "no_data")
        pin, day = given.get("snapshot"), given.get("known")
        if pin and day:
            raise Refused(400, "two_snapshots", "known", day)
        if pin:
            found = self.warehouse.numbered(int(pin)) if pin.isdecimal() else self.warehouse.pinned(pin)
            if found is None:
                raise Refused(404, "no_snapshot", "snapshot", pin, self._numbers())
            return found
        if day and day < datetime.date.today():
            try:
                found = self.warehouse.known_on(day)
            except FolderError:
                found = None
            if found is None:
                raise Refused(404, "not_known", "known", day)
            return found
        return current

    def _numbers(self) -> list[int]:
        return [one.number for one in self.warehouse.manifests()][-MOST_LISTED:]

    def _sent(self, route: Route, path: str, asked: Asked, query: str, tags: dict[str, str]) -> Answer:
        rows, snapshot, given = route.rows(asked), asked.snapshot, asked.given
        total, offset = len(rows.frame), int(given.get("offset") or 0)
        if "limit" not in given and total - offset > MOST_ROWS:
            raise Refused(400, "too_many_rows", "limit", "", (), total=total, most=MOST_ROWS)
        limit = int(given.get("limit") or MOST_ROWS)
        part = rows.finish(rows.frame.iloc[offset : offset + limit])
        following = _next(path, query, limit, offset + limit) if offset + limit < total else None
        headers = {
            **tags,
            "Mingjing-Snapshot": str(snapshot.number),
            "Mingjing-Total": str(total),
            **({"Mingjing-Demonstration": "true"} if snapshot.demonstration else {}),
            **({"Link": f'<{following}>; rel="next"'} if following else {}),
        }
        form = given.get("format") or "json"
        cells = [[plain(value) for value in row] for row in part.astype(object).itertuples(index=False, name=None)]
        if form == "csv":
            headers["Content-Disposition"] = _file_name(path, snapshot)
            body = _csv(list(part.columns), cells, snapshot)
        else:
            t = translator(given.get("lang") or "zh")
            body = _json(
                {
                    "query": route.answers,
                    "snapshot": _about(snapshot, t),
                    "filters": asked.used,
                    "total": total,
                    "limit": limit,
                    "offset": offset,
                    "next": following,
                    "rows": [dict(zip(part.columns, row)) for row in cells],
                }
            )
        return Answer(200, {"Content-Type": FORMATS[form], **headers}, body)


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PAIRS, errors="replace")
    except ValueError:
        raise Refused(400, "too_many_parameters", "", "", (), pairs=MOST_PAIRS) from None


def _given(pairs: Sequence[tuple[str, str]], allowed: Sequence[str]) -> dict[str, Any]:
    """The parameters as values; refused where one is unknown, named twice or not to be read."""
    given: dict[str, Any] = {}
    for name, text in pairs:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=3)
            raise Refused(400, "unknown_parameter", name, text, near or allowed)
        if name in given:
            raise Refused(400, "repeated_parameter", name, text)
        pattern = OWN_PATTERNS.get(name)
        value = READERS[name](text) if pattern is None else (text if re.fullmatch(pattern, text) else None)
        if value is None or name == "limit" and int(text) > MOST_ROWS:
            raise Refused(400, "unreadable", name, text, (_expected(name),))
        given[name] = value
    return given


def _expected(name: str) -> str:
    """What a parameter's value looks like: an example, or the words it may be."""
    examples = {
        "limit": f"1…{MOST_ROWS}",
        "offset": "0, 10000",
        "snapshot": "12",
        "quarter": "2026Q3, all",
        "known": "2026-09-30",
        "weights": "service:20,conduct:0",
        "indicator": "complaint_rate, dimension_score.service",
    }
    return examples.get(name) or (OWN_PATTERNS.get(name) or pattern_of(name) or "…").replace("|", ", ")


def _language(pairs: Sequence[tuple[str, str]], accepted: Sequence[str]) -> str:
    asked = dict(pairs).get("lang", "")
    return asked if READERS["lang"](asked) else preferred(list(accepted))


def _refusal(refused: Refused, lang: str, instance: str) -> Answer:
    """RFC 9457: what is wrong with which parameter, its value, what is expected, and what to do."""
    t = translator(lang)
    shown = refused.value[:80]
    words = {"parameter": refused.parameter, "value": shown, "expected": ", ".join(refused.expected[:MOST_LISTED])}
    words |= refused.words
    problem = {
        "type": f"/api#{refused.code}",
        "title": t(f"api.problem.{refused.code}", **words),
        "status": refused.status,
        "detail": t(f"api.remedy.{refused.code}", **words),
        "instance": quote(instance),
    }
    if refused.parameter:
        problem |= {"parameter": refused.parameter[:80], "value": shown}
    if refused.expected:
        problem["expected"] = list(refused.expected[:MOST_LISTED])
    headers = {"Content-Type": PROBLEM, "Cache-Control": "no-store", "Content-Language": lang}
    if refused.status == 405:
        headers["Allow"] = ", ".join(METHODS)
    return Answer(refused.status, headers, _json(problem))


def _tags(program: str, given: Mapping[str, Any], *parts: str) -> dict[str, str]:
    """What tells a reader whether the answer is still the same: the program, the snapshot and what is asked."""
    text = "\n".join((program, *parts, *(f"{name}={given[name]}" for name in sorted(given))))
    return {"ETag": f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"', "Cache-Control": "private, no-cache"}


def _fresh(answer: Answer, headers: Mapping[str, str], tags: dict[str, str]) -> Answer:
    """304 with the `tags` where the reader has just this answer, by its ETag alone.

    A date says nothing of the program, whose new version answers otherwise from the same snapshot.
    """
    own = answer.headers["ETag"].strip('"')
    asked = headers.get("If-None-Match", "")
    # a compressing server marks the tag by what it did: "…:gzip"
    known = {tag.strip().removeprefix("W/").strip('"').partition(":")[0] for tag in asked.split(",")}
    return Answer(304, tags) if own in known or asked.strip() == "*" else answer


def _next(path: str, query: str, limit: int, offset: int) -> str:
    kept = [(name, text) for name, text in _pairs(query) if name not in ("limit", "offset")]
    return f"{ROOT}/{path}?{urlencode([*kept, ('limit', limit), ('offset', offset)], safe=':,')}"


def _about(snapshot: Snapshot, t: Text) -> dict[str, Any]:
    about = {
        "number": snapshot.number,
        "id": snapshot.id,
        "created": snapshot.created.isoformat(),
        "demonstration": snapshot.demonstration,
    }
    said = [t("api.demonstration")] if snapshot.demonstration else []
    if snapshot.fell_back:
        said.append(t("notice.fell_back", number=snapshot.number))
    return {**about, "notices": [*said, t("foot.principle")]}


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]], snapshot: Snapshot) -> bytes:
    """As every CSV of the product: a byte order mark, no formula, and in each row whose data it is."""
    kind = "demonstration" if snapshot.demonstration else "office"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*map(safe_cell, columns), "snapshot", "data"])
    writer.writerows([*map(_cell, row), snapshot.number, kind] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return safe_cell(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value)


def _file_name(path: str, snapshot: Snapshot) -> str:
    mark = "-demonstration" if snapshot.demonstration else ""
    return f'attachment; filename="mingjing-{path.replace("/", "-") or "index"}-{snapshot.number}{mark}.csv"'


# --- OpenAPI ---------------------------------------------------------------------------------------------------
def description(found: Sequence[Route]) -> dict[str, Any]:
    """The API in OpenAPI 3.1, made of the routes."""
    names, t = dict.fromkeys(name for route in found for name in route.allowed), translator("en")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "明镜 Mingjing",
            "version": VERSION,
            "description": t("api.about", most=MOST_ROWS),
        },
        "servers": [{"url": ROOT}],
        "paths": {f"/{route.path}": {"get": _operation(route)} for route in found},
        "components": {
            "parameters": {name: _parameter(name) for name in names},
            "schemas": {"Table": TABLE, "Problem": PROBLEM_SCHEMA},
            "responses": {
                "problem": {
                    "description": "what is wrong, with which parameter, and what to do (RFC 9457)",
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                },
                "unchanged": {"description": "the answer that the reader has is still right"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    own = [{"$ref": f"#/components/parameters/{name}"} for name in route.allowed]
    if route.names:
        schema = {"type": "string", "examples": list(route.names[:1]), "enum": list(route.names)}
        own.insert(0, {"name": "name", "in": "path", "required": True, "schema": schema})
    table = {"schema": {"$ref": "#/components/schemas/Table"}}
    return {
        "operationId": re.sub(r"\W+", "_", route.path).strip("_") or "index",
        "summary": route.answers,
        "parameters": own,
        "responses": {
            "200": {
                "description": "the rows",
                "content": {"application/json": table, "text/csv": {"schema": {"type": "string"}}},
            },
            "304": {"$ref": "#/components/responses/unchanged"},
            "400": {"$ref": "#/components/responses/problem"},
            "404": {"$ref": "#/components/responses/problem"},
        },
    }


def _parameter(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    pattern = OWN_PATTERNS.get(name) or pattern_of(name)
    if name in ("limit", "offset"):
        schema = {"type": "integer", "minimum": int(name == "limit")}
        schema |= {"maximum": MOST_ROWS, "default": MOST_ROWS} if name == "limit" else {"default": 0}
    elif pattern and re.fullmatch(r"[a-z_0-9|]+", pattern):
        schema["enum"] = pattern.split("|")
    elif pattern:
        schema["pattern"] = f"^(?:{pattern})$"
    elif name == "known":
        schema["format"] = "date"
    t = translator("en")
    says = t(f"api.parameter.{name}", most=MOST_ROWS)
    return {"name": name, "in": "query", "required": False, "description": says, "schema": schema}


_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
TABLE = {
    "type": "object",
    "required": ["query", "snapshot", "filters", "total", "limit", "offset", "next", "rows"],
    "properties": {
        "query": _TEXT | {"description": "the question that the rows answer"},
        "snapshot": {
            "type": "object",
            "required": ["number", "id", "created", "demonstration", "notices"],
            "properties": {
                "number": _NUMBER,
                "id": _TEXT,
                "created": _TEXT | {"format": "date-time"},
                "demonstration": {"type": "boolean"},
                "notices": {"type": "array", "items": _TEXT},
            },
        },
        "filters": {"type": "object", "description": "what the rows were narrowed by, defaults too"},
        "total": _NUMBER | {"description": "rows there are, whatever limit and offset leave of them"},
        "limit": _NUMBER,
        "offset": _NUMBER,
        "next": {"type": ["string", "null"], "description": "the address of the rows that follow"},
        "rows": {"type": "array", "items": {"type": "object"}},
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": _NUMBER,
        "detail": _TEXT,
        "instance": _TEXT,
        "parameter": _TEXT,
        "value": _TEXT,
        "expected": {"type": "array", "items": _TEXT},
    },
}
