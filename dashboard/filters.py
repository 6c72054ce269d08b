"""What the viewer chose ⇄ the query string; the only module that knows how the address is written.

Reading never fails: an unknown, repeated or absurd parameter is left out, so a stale or hand-typed link still
opens. Whether a value exists in the data (quarter 1999Q9) is the page's question, not the address's.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

LONGEST = 64  # characters of one value; ids and search words are shorter
MOST_WEIGHTS = 20
MOST_DEPARTMENTS = 64  # of a set that is looked at apart
HIGHEST_WEIGHT = 100
COMPOSITE = "composite_score"
EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)

Weights = tuple[tuple[str, int], ...]
Trial = tuple[tuple[str, float], ...]


def _word(text: str) -> str | None:
    """A value without control characters and not absurdly long; None if it is neither."""
    return text if text.isprintable() and text == text.strip() and 0 < len(text) <= LONGEST else None


def _pattern(pattern: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        return text if re.fullmatch(pattern, text) else None

    read.pattern = pattern
    return read


def _date(text: str) -> datetime.date | None:
    """A day of this century; others are typing errors, and time zones cannot reckon with the year 1."""
    try:
        day = datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= LATEST else None


def _weights(text: str) -> Weights | None:
    """'service:20,conduct:0' as pairs; None unless every pair is sound and one weight is above zero."""
    pairs = [part.rpartition(":") for part in text.split(",")]
    if len(pairs) > MOST_WEIGHTS or not all(_weighable(name) and re.fullmatch(r"\d{1,3}", w) for name, _, w in pairs):
        return None
    weights = tuple((name, int(weight)) for name, _, weight in pairs)
    named_once = len(dict(weights)) == len(weights)
    in_range = all(weight <= HIGHEST_WEIGHT for _, weight in weights)
    return weights if named_once and in_range and any(weight for _, weight in weights) else None


def _trial(text: str) -> Trial | None:
    """'watch:20,alert:5' as pairs; None unless every pair is sound."""
    pairs = [part.rpartition(":") for part in text.split(",")]
    sound = all(re.fullmatch(r"[a-z_]{1,40}", name) and re.fullmatch(r"\d{1,6}(\.\d{1,4})?", v) for name, _, v in pairs)
    return tuple((name, float(value)) for name, _, value in pairs) if sound and len(pairs) <= MOST_WEIGHTS else None


def _departments(text: str) -> tuple[str, ...] | None:
    """'D01,D02' as ids, each once; None where one is unreadable or there are too many."""
    ids = tuple(dict.fromkeys(text.split(",")))
    return ids if len(ids) <= MOST_DEPARTMENTS and all(map(_word, ids)) else None


def _sections(text: str) -> tuple[str, ...] | None:
    """'basics,problems' as names, each once; None where one is unreadable."""
    names = tuple(dict.fromkeys(text.split(",")))
    return names if len(names) <= MOST_WEIGHTS and all(re.fullmatch(r"[a-z_]{1,20}", one) for one in names) else None


def trial_text(trial: Iterable[tuple[str, float]]) -> str:
    """'watch:20,alert:5', as it stands in the address."""
    return ",".join(f"{name}:{value:.10g}" for name, value in trial)


def weights_text(weights: Iterable[tuple[str, int]]) -> str:
    """'service:20,conduct:0', as it stands in the address."""
    return ",".join(f"{name}:{weight}" for name, weight in weights)


def _weighable(name: str) -> bool:
    return _word(name) is not None and "," not in name and ":" not in name


READERS: dict[str, Callable[[str], Any]] = {
    "quarter": _pattern(r"\d{4}Q\d"),
    "region": _word,
    "within": _word,
    "category": _word,
    "scope": _pattern("peers|region"),
    "window": _pattern("1|4"),
    "domain": _word,
    "rank_band": _word,
    "departments": _departments,
    "indicator": _pattern(r"[a-z][a-z0-9_]{0,40}(\.[^\s.]{1,40})?"),
    "weights": _weights,
    "rule": _pattern(r"[a-z][a-z0-9_]{0,60}"),
    "group": _pattern(r"[a-z_]{1,20}"),
    "status": _pattern(
        "flagged|alert|watch|ok|no_data|new|worse|persisting|eased|closed|lost"  # of gaps
        "|concern|improvement|moved|common|fail|hit_or_miss|pass|behind|ahead|few"  # of indicators
    ),
    "view": _pattern(r"[a-z_]{1,20}"),
    "kind": _word,
    "method": _word,
    "period": _pattern(r"\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))"),
    "trial": _trial,
    "against": _pattern(r"\d{1,6}"),
    "q": _word,
    "sort": _pattern(r"[^\s&]{1,40}"),
    "order": _pattern("asc|desc"),
    "department": _word,
    "compared": _departments,
    "known": _date,
    "upload": _pattern(r"[0-9a-f]{32}"),
    "job": _pattern(r"[0-9a-f]{32}"),
    "sections": _sections,
    "written": _pattern("zh|en"),
    "edition": _pattern("public"),
    "slide": _pattern(r"[1-9]\d?"),
    "rotate": _pattern(r"[1-9]\d{1,2}"),
    "lang": _pattern("zh|en"),
    "theme": _pattern("light|dark"),
}


def pattern_of(name: str) -> str | None:
    """The regular expression that a filter's whole value matches; None where it is no such filter."""
    return getattr(READERS[name], "pattern", None)


# What is chosen on a page and means nothing, or something else, on the next.
OWN_OF_A_PAGE = (
    *("weights", "q", "sort", "order", "department", "indicator"),
    *("rule", "group", "status", "view", "kind", "method", "period", "trial", "against"),
    *("within", "upload", "job", "sections", "written", "edition", "rotate"),
)

# What means nothing, or something else, once another filter has changed: the thresholds of one rule, the same id in
# another region, a column of one indicator.
RESETS = {
    "rule": ("trial",),
    "region": ("department", "departments", "compared"),
    "within": ("q",),
    "indicator": ("sort", "order"),
}

# What narrows or widens the figures of some desk pages; the meeting has no control that would say so.
OF_THE_DESK = ("domain", "rank_band", "window")


@dataclass(frozen=True)
class Filters:
    """One view. A field at its default is not written into the address."""

    quarter: str | None = None  # None: the latest quarter
    region: str | None = None  # None: the first region that has departments
    within: str | None = None  # the place whose regions are compared; None: the uppermost
    category: str | None = None  # a peer group; None: all departments of the region
    scope: str | None = None  # whom departments are compared with; None: their peers
    window: str | None = None  # quarters that are added up, '1' or '4'; None: the page's own
    domain: str | None = None  # of power (people, money, …); None: all of them
    rank_band: str | None = None  # of those whom cases concern; None: all of them
    departments: tuple[str, ...] = ()  # those looked at apart, judged among all as before; (): all of them
    indicator: str = COMPOSITE  # 'dimension_score.service' names a variant
    weights: Weights = ()  # (): the office's own
    rule: str | None = None  # a gap rule; None: all of them
    group: str | None = None  # of rules, or of indicators; None: all of them
    status: str | None = None  # what a rule or a chart says; None: everything
    view: str | None = None  # another way to see the same; None: the page's own
    kind: str | None = None  # of decisions or tasks; None: all of them
    method: str | None = None  # of supervision; None: all of them
    period: str | None = None  # a quarter or a month whose rows are shown; None: no single one
    trial: Trial = ()  # thresholds that are being tried; (): those in force
    against: str | None = None  # number of the snapshot that this one is compared with
    q: str | None = None  # words typed into the search box
    sort: str | None = None  # a column; None: the ranking's own order
    order: str | None = None  # asc or desc; None: the column's natural order
    department: str | None = None  # the selected row
    compared: tuple[str, ...] = ()  # departments side by side; they stay chosen on the way through other pages
    known: datetime.date | None = None  # as known on this day; None: today
    upload: str | None = None  # files that were sent to be imported; None: none
    job: str | None = None  # documents that were asked for; None: none
    sections: tuple[str, ...] = ()  # of a document; (): all of them
    written: str | None = None  # the language of a document; None: the page's
    edition: str | None = None  # of a document; None: the internal one
    slide: str | None = None  # of the meeting; on another page the one that the viewer came from
    rotate: str | None = None  # seconds after which the meeting's next slide comes by itself; None: never
    lang: str | None = None  # None: the browser's language
    theme: str | None = None  # None: the viewer's system setting

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> "Filters":
        """Keep what we know and can read. A repeated parameter arrives as a list and is left out."""
        read = {name: READERS[name](text) for name, text in query.items() if name in READERS and isinstance(text, str)}
        return cls(**{name: value for name, value in read.items() if value is not None})

    @classmethod
    def from_search(cls, search: str | None) -> "Filters":
        """As `from_query`, from '?quarter=2026Q2&…'."""
        try:
            pairs = parse_qsl(search.removeprefix("?") if isinstance(search, str) else "", max_num_fields=60)
        except ValueError:  # too many fields
            return cls()
        names = [name for name, _ in pairs]
        return cls.from_query({name: text for name, text in pairs if names.count(name) == 1})

    def to_search(self) -> str:
        """'?quarter=2026Q2', leaving out whatever is at its default; '' when nothing was chosen."""
        chosen = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        if "weights" in chosen:
            chosen["weights"] = weights_text(self.weights)
        if "trial" in chosen:
            chosen["trial"] = trial_text(self.trial)
        for name in ("departments", "compared", "sections"):
            if name in chosen:
                chosen[name] = ",".join(chosen[name])
        return f"?{urlencode(chosen, safe=':,')}" if chosen else ""

    def changed(self, values: Mapping[str, Any]) -> "Filters":
        """These filters with what the controls now hold: text, or None for the default.

        What cannot be read, such as weights that are all zero, leaves the filter as it was.
        """
        changes = {}
        for field in fields(self):
            if field.name in values:
                text = str(values[field.name] or "").strip()
                read = READERS[field.name](text) if text else field.default
                changes[field.name] = getattr(self, field.name) if text and read is None else read
        changed = replace(self, **changes)
        moved = [name for name in RESETS if getattr(changed, name) != getattr(self, name)]
        return replace(changed, **{other: getattr(Filters, other) for name in moved for other in RESETS[name]})

    def sorted_by(self, column: str, natural: str, now: str | None, default: str) -> "Filters":
        """As a click on the column's head chooses: its `natural` order, or where it stands in an order `now`, the other
        way round. What a page does by itself, its `default` column and a natural order, does not stand in the address.
        """
        order = natural if now is None else "asc" if now == "desc" else "desc"
        return replace(self, sort=None if column == default else column, order=None if order == natural else order)

    def without_row(self) -> "Filters":
        """What another page should inherit: the choice of data, not the place in this page's list."""
        own = {name: getattr(Filters, name) for name in OWN_OF_A_PAGE}
        return replace(self, **own)

    def unnarrowed(self) -> "Filters":
        """What the meeting takes over: nothing that would narrow its figures without a word."""
        return replace(self, **{name: getattr(Filters, name) for name in OF_THE_DESK})
