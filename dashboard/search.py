"""What the search panel looks in: pages, departments, rules, indicators and methods, with their pinyin.

One small JSON a snapshot; matching and ranking happen in the browser (assets/script/search.js). An entry's address is
without filters: the browser adds those of the page that it stands on.
"""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from urllib.parse import quote

from dashboard import catalog, methods
from dashboard.access.actors import Actor, may
from dashboard.i18n.text import LANGUAGES, translator
from dashboard.rows import rows_of
from dashboard.warehouse import Snapshot

PATH = "/search"
KINDS = ("department", "page", "rule", "indicator", "method")  # in the order of the panel's headings
MOST_KEPT = 8  # indexes that stay in memory
# What one must be allowed to be led to a thing of this kind; a page says so itself.
ACTIONS = {"department": "department", "rule": "desk", "indicator": "desk", "method": "words"}


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: what it is called in each language, what else it goes by, and where it is."""

    kind: str
    href: str
    zh: str
    en: str
    also: tuple[str, ...] = ()  # short names, ids, numbers
    about_zh: str = ""
    about_en: str = ""
    category: str = ""  # of a department: another category in the address would hide it
    pinyin: tuple[str, ...] = field(default=())  # of each Chinese name: 'xian wei zu zhi bu'


@dataclass(frozen=True)
class Page:
    path: str
    name: str  # a key of i18n
    action: str  # who may open it


def department_address(department: str, region: str | None) -> str:
    """A department's page; `region` where there are several."""
    return f"/department?department={quote(department)}{f'&region={quote(region)}' if region else ''}"


class Search:
    """The index of each snapshot; made when it is first asked for."""

    def __init__(self, pages: Sequence[Page]):
        self.pages = tuple(pages)
        self._made: dict[tuple[str, str], bytes] = {}
        self._versions: dict[str, str] = {}

    def address(self, snapshot: Snapshot | None, actor: Actor) -> str:
        """Where the index of the snapshot is: another one for another snapshot, another version of the program and
        whoever sees something else: a browser keeps it, whoever sits before it next."""
        return f"{PATH}/{snapshot.id if snapshot else 'none'}.json?v={self.version(actor)}"

    def index(self, snapshot: Snapshot | None, actor: Actor) -> bytes:
        """What the actor can find, as JSON."""
        key = (snapshot.id if snapshot else "", actor.sight)
        if key not in self._made:
            while len(self._made) >= MOST_KEPT:
                self._made.pop(next(iter(self._made)), None)
            departments = self._departments(snapshot) if may(actor, ACTIONS["department"]) else []
            self._made[key] = _written([*departments, *self._fixed_of(actor)])
        return self._made[key]

    def version(self, actor: Actor) -> str:
        sight = actor.sight
        if sight not in self._versions:
            entries = json.dumps([sight, *(asdict(one) for one in self._fixed_of(actor))])
            self._versions[sight] = hashlib.sha256(entries.encode()).hexdigest()[:12]
        return self._versions[sight]

    def _fixed_of(self, actor: Actor) -> list[Entry]:
        of_pages = {page.path: page.action for page in self.pages}
        return [one for one in self.fixed if may(actor, ACTIONS.get(one.kind) or of_pages[one.href])]

    @cached_property
    def fixed(self) -> list[Entry]:
        """What is found whatever was imported."""
        queries = catalog.load_catalog()
        found = []
        for page in self.pages:
            zh, en = (translator(lang)(page.name) for lang in LANGUAGES)
            found.append(Entry("page", page.path, zh, en, (page.path.strip("/"),)))
        for name, query in catalog.gaps(queries).items():
            title, label, number = query.header["title"], query.header["label"], str(query.header["order"])
            also = (label["zh"], label["en"], number, name)
            about = [translator(lang)("search.rule", number=number) for lang in LANGUAGES]
            found.append(Entry("rule", f"/rule?rule={name}", title["zh"], title["en"], also, *about))
        for name, query in catalog.indicators(queries).items():
            title, label = query.header["title"], query.header["label"]
            href = f"/indicator?indicator={name}"
            found.append(Entry("indicator", href, title["zh"], title["en"], (label["zh"], label["en"], name)))
        for method in methods.METHODS:
            found.append(Entry("method", f"/methods#{method.code}", method.title("zh"), method.title("en")))
        return found

    def _departments(self, snapshot: Snapshot | None) -> list[Entry]:
        if snapshot is None:
            return []
        regions = snapshot.run("pages/regions").set_index("region_id")
        words = snapshot.run("pages/words")
        kinds = words[words["vocabulary"] == "category"].set_index("code")
        found = []
        for row in rows_of(snapshot.run("pages/known_departments").fillna("")):
            if row.department_id == "*" or row.region_id not in regions.index:
                continue
            several = len(regions) > 1
            about = []
            for lang in LANGUAGES:
                kind = kinds[lang].get(row.category, row.category)
                place = [regions[lang][row.region_id]] if several else []
                about.append(" · ".join(part for part in (row.department_id, kind, *place) if part))
            found.append(
                Entry(
                    "department",
                    department_address(row.department_id, row.region_id if several else None),
                    row.name,
                    row.name_en or row.short_name or row.name,
                    (row.short_name, row.department_id),
                    *about,
                    row.category,
                )
            )
        return found


def _written(entries: Sequence[Entry]) -> bytes:
    """Entries as JSON, each with the pinyin of its names; what is empty is left out."""
    listed = []
    for one in entries:
        names = dict.fromkeys(name for name in (one.zh, *one.also) if _is_chinese(name))
        full = asdict(one) | {"pinyin": [" ".join(syllables(name)) for name in names]}
        listed.append({name: value for name, value in full.items() if value})
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def syllables(name: str) -> list[str]:
    """The pinyin of a name, sign by sign, ü as v; what is no Chinese stays as it is, spaces and marks left out.

    A sign of several readings is read as in the longest word that holds it: 重点 zhong dian, 重庆 chong qing.
    """
    from pypinyin import lazy_pinyin  # a dictionary of 47,000 words: loaded when somebody first searches

    found = []
    for part in lazy_pinyin(unicodedata.normalize("NFKC", name), v_to_u=False):
        kept = "".join(sign for sign in part.lower() if sign.isalnum())
        if kept:
            found.append(kept)
    return found
