"""The quarterly bulletin (督查通报), written once from judgements, gaps, findings and what was recorded about them.

Names stand only where a stored judgement separates a department from its peers; departments of one band are never put
in an order. Everything else that is said is counted, with what it is compared with.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pandas as pd

from dashboard.agenda import FATES
from dashboard.catalog import GAP_GROUPS
from dashboard.charts.apart import ApartWords, apart
from dashboard.charts.bars import bar_words, bars
from dashboard.charts.control import control_chart, control_words
from dashboard.findings import FALSE_ALARMS, FALSE_OUTSIDE, Figure, band_finding, by_chance, limits_finding
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, known, number, signed
from dashboard.reports.facts import FEWEST_PEOPLE, REGION, Facts
from dashboard.reports.model import (
    Annex,
    Blank,
    Block,
    Chart,
    Close,
    Column,
    Document,
    Head,
    Heading,
    Native,
    Number,
    Paragraph,
    Run,
    Sentence,
    Series,
    Slide,
    Source,
    Table,
)
from dashboard.store import CLOSED, CONFIRMED, NOT_CONFIRMED, STATES

BANDS = ("above", "none", "below")
HIGH = {"high_998": "bulletin.topics.high_998", "high_95": "bulletin.topics.high_95"}
HANDLED = ("on_time_share", "return_visit_share", "dissatisfied_share", "rectification_on_time")
METHODS = (
    *("bulletin.method.interval", "bulletin.method.none", "bulletin.method.rate", "bulletin.method.chart"),
    "bulletin.method.flag",
)
WITHHELD = "＊"  # in a cell that the public edition does not publish
INTERNAL_METHODS = ("bulletin.method.rate", "bulletin.method.flag")  # of what the public edition leaves out
MOST_SENTENCES = 3  # of one group of rules; the annex has all
MOST_TOPICS, TOPICS_NAMED = 8, 3
SMALL = 50  # a share of fewer is shown with what it is of
MILLIMETRES = 0.265  # a pixel of a drawing that is 590 pixels wide on 156 millimetres


def bulletin(facts: Facts) -> Document:
    return _Bulletin(facts).document()


class _Bulletin:
    """Writes from top to bottom: tables and charts get their numbers where they are first spoken of."""

    def __init__(self, facts: Facts):
        self.facts, self.t, self.sections = facts, facts.t, facts.choices.sections
        self._numbers = {"table": count(1), "chart": count(1)}
        self._given: dict[tuple[str, str], str] = {}
        self._ones, self._twos = count(1), count(1)
        self._slides: list[Slide] = []
        # what is listed of chosen departments only must not read as if it were said of everybody
        self._whose = self.t("bulletin.whose") if facts.choices.departments else ""

    def document(self) -> Document:
        facts, t = self.facts, self.t
        blocks: list[Block] = [self._paragraph("lead", self._lead())]
        for name in ("basics", "progress", "problems", "followed", "requests"):
            if name in self.sections:
                blocks += getattr(self, f"_{name}")()
        annexes = self._annexes(blocks) if "annexes" in self.sections else ()
        quarter = facts.name_of_quarter(facts.quarter)
        title = t("bulletin.title", quarter=quarter).split("|")  # its lines, broken at sense
        addressees = facts.settings.bulletin.addressees[facts.lang]
        return Document(
            facts.origin,
            tuple(title),
            addressees,
            head(facts),
            tuple(blocks),
            annexes,
            close(facts),
            tuple(self._slides),
            sheet_facts(facts, t("bulletin.sep").join(title)),
        )

    # --- parts of a text ---------------------------------------------------------------------------------------
    def _say(self, key: str, place: str = "", /, **values: Any) -> Sentence:
        return self.facts.sentence(key, place, whose=self._whose, **values)

    def _paragraph(self, key: str, sentences: Iterable[Sentence]) -> Paragraph:
        return paragraph(self.facts, key, sentences)

    def _ref(self, kind: str, key: str) -> str:
        """'表1': the number of a table or chart, given when it is first spoken of."""
        if (kind, key) not in self._given:
            self._given[kind, key] = self.t(f"bulletin.{kind}", n=next(self._numbers[kind]))
        return self._given[kind, key]

    def _heading(self, name: str) -> Heading:
        self._twos = count(1)
        words = self.t(f"bulletin.section.{name}")
        return Heading(name, 1, self.t("bulletin.heading.1", number=self._ordinal(next(self._ones)), words=words))

    def _part(self, name: str) -> Heading:
        words, n = self.t(f"bulletin.part.{name}"), self._ordinal(next(self._twos))
        return Heading(name, 2, self.t("bulletin.heading.2", number=n, words=words))

    def _ordinal(self, n: int) -> str:
        words = self.t("bulletin.ordinals")
        return words[n - 1] if words else str(n)

    def _table(self, key: str, columns: tuple[Column, ...], rows: Any, note: str = "", ref: str = "") -> Table:
        number_words = ref or self._ref("table", key)
        return Table(
            key,
            number_words,
            self.t(f"bulletin.table.{key}", period=self.facts.period),
            "",
            columns,
            tuple(map(tuple, rows)),
            note,
        )

    def _column(self, key: str, is_number: bool = False) -> Column:
        return Column(self.t(f"bulletin.column.{key}"), is_number)

    def _source(self) -> str:
        return source_words(self.facts)

    def _counted(self, n: int, query: str, what: str) -> Number:
        """A count of rows that no single condition tells: of those shown, new, outside."""
        return Number(float(n), number(n, 0), Source(query, (), what, "derived"))

    def _names(self, departments: Iterable[str]) -> str:
        return self.facts.joined([self.facts.labels[one] for one in departments])

    def _shown(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["department_id"].map(self.facts.is_shown).astype(bool)]

    def _slide(self, title: str, body: Iterable[str], notes: str, show: Chart | Table | None = None) -> None:
        said = tuple(self.facts.closed_up(one) for one in body)
        self._slides.append(Slide(self.facts.closed_up(title), said, self._source(), notes, show))

    # --- lead --------------------------------------------------------------------------------------------------
    def _lead(self) -> Iterator[Sentence]:
        facts = self.facts
        words = {
            "quarter": facts.name_of_quarter(facts.quarter),
            "received": self._total("complaints_received"),
            "activities": self._total("supervision_activities"),
        }
        if facts.rows("appraisal").empty:
            yield self._say("bulletin.lead.no_scores", **words)
        else:
            yield self._say(
                "bulletin.lead",
                raters=facts.number("appraisal", "n_raters"),
                ballots=facts.number("appraisal", "n_ballots"),
                departments=facts.number("departments"),
                **words,
            )
        if facts.choices.departments:
            yield self._say("bulletin.chosen", n=self._counted(len(facts.shown), "departments", "shown"))
        if facts.replaces:
            yield self._say("bulletin.lead.replaces", **edition_words(facts))
        yield self._say("bulletin.lead.end")

    def _total(self, indicator: str, quarter: str | None = None) -> Number:
        return self.facts.number("headlines", "total", indicator=indicator, quarter=quarter or self.facts.quarter)

    # --- 一、基本情况 -------------------------------------------------------------------------------------------
    def _basics(self) -> list[Block]:
        return [self._heading("basics"), *self._organised(), *self._overall(), *self._handled()]

    def _organised(self) -> list[Block]:
        facts = self.facts
        if facts.rows("appraisal").empty:
            return []
        ranking = facts.ranking
        out = ranking[ranking["value"].isna()]
        said = [
            self._say(
                "bulletin.organised",
                raters=facts.number("appraisal", "n_raters"),
                ballots=facts.number("appraisal", "n_ballots"),
                scored=self._counted(int(ranking["value"].notna().sum()), "standings", "scored"),
            )
        ]
        if out.empty:
            said.append(self._say("bulletin.organised.all"))
        else:
            names = self._names(self._shown(out)["department_id"])
            part = ".chosen" if facts.choices.departments else ""
            key = f"bulletin.organised.out{part}" if names else "bulletin.organised.out_n"
            said.append(self._say(key, n=self._counted(len(out), "standings", "out"), names=names))
        return [self._part("organised"), self._paragraph("organised", said)]

    def _overall(self) -> list[Block]:
        facts, ranking = self.facts, self.facts.ranking
        if not ranking["outcome"].notna().any():
            return []
        said = [self._mean_sentence()]
        bands = {band: facts.number("standings", band=band) for band in BANDS}
        chart, refs = self._apart_chart(), {"table": self._ref("table", "groups")}
        if chart:
            said.append(self._say("bulletin.overall.bands", chart=chart.number, **bands, **refs))
        elif ranking["outcome"].isin(("above", "below")).any():  # of those chosen nobody does
            said.append(self._say("bulletin.overall.bands.chosen", **bands, **refs))
        else:
            said.append(self._say("bulletin.overall.none", none=bands["none"], **refs))
        said.append(self._say("bulletin.overall.how"))
        table = self._groups_table()
        # the title counts everybody; names are of those shown
        [whole], [own] = (band_finding(self.t, facts.quarter, "peers", one) for one in (ranking, self._shown(ranking)))
        notes = self.t("sentence.space").join([own.body, self.t("bulletin.slide.notes.bands")])
        self._slide(whole.title, [], f"{self._whose}{notes}", chart or table)
        return [self._part("overall"), self._paragraph("overall", said), table, *([chart] if chart else [])]

    def _mean_sentence(self) -> Sentence:
        facts, shown = self.facts, self.facts.headline("composite_score")
        where = {"indicator": "composite_score"}
        mean = facts.number("headlines", "mean", 1, quarter=facts.quarter, **where)
        if not known(shown.previous):
            return self._say("bulletin.overall.mean.first", region=facts.region_name, mean=mean)
        previous = facts.number("headlines", "mean", 1, quarter=facts.previous, **where)
        words = {"region": facts.region_name, "verdict": self._verdict(shown), "natural": self._natural()}
        return self._say("bulletin.overall.mean", mean=mean, previous=previous, **words)

    def _natural(self) -> str:
        """How far the mean score moves by itself: a real change may look small."""
        rows = self.facts.rows("verdicts")
        found = [
            self._interval(one.lower, one.upper)
            for one in rows[rows["indicator"] == "composite_score"].itertuples()
            if known(one.lower)
        ]
        return self.t("bulletin.natural", range=found[0]) if found else ""

    def _verdict(self, shown: Figure) -> str:
        key = shown.direction or "unknown"
        return self.t(f"verdict.{key}")

    def _groups_table(self) -> Table:
        facts, ranking = self.facts, self.facts.ranking
        rows = []
        for group in facts.groups.itertuples():
            own = ranking[ranking["category"].fillna("") == group.category]
            listed = facts.departments[facts.departments["category"] == group.category]
            if listed.empty:
                continue
            place = {"category": group.category}
            mean = own["value"].mean()
            rows.append(
                [
                    getattr(group, facts.lang),
                    facts.number("departments", **place),
                    facts.number("standings", "value", 1, "mean", **place) if known(mean) else MISSING,
                    *(facts.number("standings", band=band, **place) for band in BANDS),
                    number(len(listed) - own["outcome"].notna().sum(), 0),
                ]
            )
        columns = (
            self._column("group"),
            *(self._column(name, True) for name in ("departments", "mean", *BANDS, "out")),
        )
        fewest = facts.settings.fewest_peers
        return self._table("groups", columns, rows, self.t("bulletin.note.groups", fewest=number(fewest, 0)))

    def _apart_chart(self) -> Chart | None:
        """Those whom the simultaneous sets separate, the two sides by distance; nobody else."""
        facts, t = self.facts, self.t
        rows = self._shown(facts.ranking[facts.ranking["outcome"].isin(("above", "below"))])
        if rows.empty:
            return None
        rows = rows.sort_values(["outcome", "difference"], ascending=[True, False])
        rows = rows.assign(low=rows["difference_low"], high=rows["difference_high"])
        words = ApartWords(t("bulletin.chart.apart.average"), t("bulletin.chart.apart.unit"), t("chart.no_data"))
        picture = apart(rows.assign(band=rows["outcome"]), words)
        sides = {band: number((rows["outcome"] == band).sum(), 0) for band in ("above", "below")}
        table = Table(
            "apart",
            self._ref("chart", "apart"),
            t("bulletin.chart.apart", n=number(len(rows), 0)),
            "",
            (
                self._column("department"),
                self._column("group"),
                self._column("difference", True),
                self._column("interval", True),
                self._column("band"),
            ),
            tuple(
                (
                    row.label,
                    row.group,
                    self._of(row.department_id, "difference", signed),
                    self._interval(row.difference_low, row.difference_high),
                    t(f"bulletin.band.{row.outcome}"),
                )
                for row in rows.itertuples()
            ),
        )
        native = Native(
            "bar",
            tuple(rows["label"]),
            (
                Series(
                    t("bulletin.chart.apart.unit"),
                    tuple(rows["difference"].round(2)),
                    tuple((rows["difference"] - rows["low"]).round(2)),
                    tuple((rows["high"] - rows["difference"]).round(2)),
                ),
            ),
            "+0.0;−0.0;0.0",
            tuple("better" if one == "above" else "worse" for one in rows["outcome"]),
        )
        return Chart(
            "apart",
            self._ref("chart", "apart"),
            facts.closed_up(t("bulletin.chart.apart", n=number(len(rows), 0))),
            t("bulletin.chart.apart.about", **sides),
            self._source(),
            picture,
            native,
            table,
            picture.height * MILLIMETRES,
        )

    def _of(self, department: str, column: str, write: Any = number) -> Number:
        return self.facts.number("standings", column, write=lambda value: write(value, 1), department_id=department)

    def _interval(self, low: float, high: float, decimals: int = 1) -> str:
        if not (known(low) and known(high)):
            return MISSING
        return self.t("bulletin.range", low=number(low, decimals), high=number(high, decimals))

    def _handled(self) -> list[Block]:
        facts = self.facts
        received = facts.headline("complaints_received")
        if not known(received.value):
            return []
        now = self._total("complaints_received")
        if received.is_comparable:
            before = self._total("complaints_received", facts.previous)
            said = [self._say("bulletin.handled.received", now=now, previous=before, verdict=self._verdict(received))]
        else:
            said = [self._say("bulletin.handled.received.first", now=now)]
        said += [
            self._share_sentence(name)
            for name in HANDLED
            if name in facts.snapshot.indicators and known(facts.headline(name).value)
        ]
        said.append(self._say("bulletin.handled.table", table=self._ref("table", "indicators")))
        return [self._part("handled"), self._paragraph("handled", said), self._indicators_table()]

    def _share_sentence(self, name: str) -> Sentence:
        facts, shown = self.facts, self.facts.headline(name)
        words = {
            "name": shown.header["title"][facts.lang],
            "share": self._percent(name, facts.quarter),
            **{part: self._part_of(name, part, facts.quarter) for part in ("numerator", "denominator")},
        }
        if not shown.is_comparable:
            return self._say("bulletin.handled.share.first", name, **words)
        previous = self._percent(name, facts.previous)
        return self._say("bulletin.handled.share", name, previous=previous, verdict=self._verdict(shown), **words)

    def _percent(self, name: str, quarter: str) -> Number:
        write = lambda value: f"{number(value, 1)}%"  # noqa: E731
        return self.facts.number("headlines", "percent", write=write, indicator=name, quarter=quarter)

    def _hundredths(self, name: str, quarter: str) -> Number:
        return self.facts.number("headlines", "percent", 1, indicator=name, quarter=quarter)

    def _part_of(self, name: str, part: str, quarter: str) -> Number:
        return self.facts.number("headlines", part, indicator=name, quarter=quarter)

    def _indicators_table(self) -> Table:
        facts = self.facts
        rows = []
        for name in ("complaints_received", *HANDLED, "substantiated_share", "overdue_tasks"):
            if name not in facts.snapshot.indicators or not known(facts.headline(name).value):
                continue
            shown, is_share = facts.headline(name), facts.snapshot.indicators[name].header["kind"] == "share"
            value = self._hundredths if is_share else self._total
            base: list[Run] = [MISSING]
            if is_share:
                parts = [self._part_of(name, part, facts.quarter) for part in ("numerator", "denominator")]
                base = [f"{parts[0]}/{parts[1]}"]
            rows.append(
                [
                    shown.header["title"][facts.lang],
                    "%" if is_share else shown.header["unit"][facts.lang],
                    value(name, facts.quarter),
                    value(name, facts.previous) if known(shown.previous) else MISSING,
                    *base,
                    self._verdict(shown),
                ]
            )
        columns = (
            self._column("indicator"),
            self._column("unit"),
            *(self._column(name, True) for name in ("now", "before")),
            self._column("base", True),
            self._column("verdict"),
        )
        return self._table("indicators", columns, rows, self.t("bulletin.note.indicators"))

    # --- 二、主要特点和进步情况 ----------------------------------------------------------------------------------
    def _progress(self) -> list[Block]:
        facts, ranking = self.facts, self.facts.ranking
        said = self._by_group("bulletin.progress.above", "above")
        if not said and ranking["outcome"].notna().any():
            said = [self._say("bulletin.progress.above.none")]
        said += self._signals("improvement", "bulletin.progress.improved")
        changes = facts.rows("gap_changes")
        gone = changes[(changes["previous"].isin(("alert", "watch"))) & (changes["status"] == "ok")]
        gone = self._shown(gone[gone["department_id"] != REGION])
        if len(gone) and not facts.is_public:
            said.append(self._say("bulletin.progress.closed", n=self._counted(len(gone), "gap_changes", "closed")))
        return [self._heading("progress"), self._paragraph("progress", said)] if said else []

    def _by_group(self, key: str, band: str) -> list[Sentence]:
        """Those of a band by name, group by group and in the order of names; nothing where there is none."""
        rows = self._shown(self.facts.ranking)
        rows = rows[rows["outcome"] == band].sort_values("name_order")
        parts = [
            self.t("bulletin.named", group=getattr(group, self.facts.lang), names=self._names(own["department_id"]))
            for group in self.facts.groups.itertuples()
            if len(own := rows[rows["category"] == group.category])
        ]
        return [self._say(key, parts=self.t("bulletin.semicolon").join(parts))] if parts else []

    def _signals(self, direction: str, key: str) -> list[Sentence]:
        """Whose own control chart signals, and how many of such signals chance alone would give."""
        ranking = self.facts.ranking
        found = self._shown(ranking[ranking["variation"] == direction]).sort_values("name_order")
        if found.empty:
            return []
        chance = by_chance(self.t, int(ranking["variation"].notna().sum()), FALSE_ALARMS)
        named = self._say(key, names=self._names(found["department_id"]))
        return [named, self._say("bulletin.chance", direction, chance=chance.strip())]

    # --- 三、存在的主要问题 --------------------------------------------------------------------------------------
    def _problems(self) -> list[Block]:
        blocks = [self._heading("problems"), *self._scores(), *self._topics()]
        return blocks if self.facts.is_public else [*blocks, *self._flags()]

    def _scores(self) -> list[Block]:
        if not self.facts.ranking["outcome"].notna().any():
            return []
        said = self._by_group("bulletin.problems.below", "below") or [self._say("bulletin.problems.below.none")]
        said += self._signals("concern", "bulletin.problems.concern")
        return [self._part("scores"), self._paragraph("scores", said)]

    def _topics(self) -> list[Block]:
        facts, t = self.facts, self.t
        rows = facts.rows("complaint_categories")
        sums = rows.groupby("category", sort=False).agg(zh=("zh", "first"), en=("en", "first"), n=("received", "sum"))
        sums = sums[sums["n"] > 0]
        blocks: list[Block] = [self._part("topics")]
        if sums.empty and facts.is_public:  # there may be some, too few to be published
            return []
        if sums.empty:
            return [*blocks, self._paragraph("topics", [self._say("bulletin.topics.none", period=facts.period)])]
        chart = self._topics_chart(sums)
        said = [self._topics_sentence(sums)]
        total = facts.number("complaint_categories", "received", how="sum")
        parts = self._topic_parts(sums)
        words = facts.joined([sentence.text for sentence in parts])
        title = t("bulletin.slide.topics", total=total, parts=words, period=facts.period)
        self._slide(title, [], t("bulletin.method.chart" if facts.is_public else "bulletin.method.rate"), chart)
        blocks += [self._paragraph("topics", said), chart, *([] if facts.is_public else self._rates())]
        trend = self._trend_chart()
        if trend:
            blocks += [self._paragraph("trend", [self._say("bulletin.topics.trend", chart=trend.number)]), trend]
            shown = facts.headline("complaints_received")
            title = t("bulletin.slide.trend", now=number(shown.value, 0), verdict=self._verdict(shown))
            self._slide(title, [], t("bulletin.method.chart"), trend)
        return blocks

    def _rates(self) -> list[Block]:
        facts, table = self.facts, self._rates_table()
        blocks: list[Block] = [self._paragraph("rates", self._rates_sentences(table))]
        if table:
            blocks.append(table)
            named = facts.rows("complaint_rates").assign(label=lambda rows: rows["department_id"].map(facts.labels))
            [finding] = limits_finding(self.t, "peers", self._shown(named))
            notes = f"{finding.body}{self.t('bulletin.method.rate')}"
            self._slide(f"{self._whose}{finding.title}", [], notes, table)
        return blocks

    def _topic_parts(self, sums: pd.DataFrame) -> list[Sentence]:
        facts = self.facts
        return [
            facts.sentence(
                "bulletin.topics.one",
                code,
                name=row[facts.lang],
                n=facts.number("complaint_categories", "received", how="sum", category=str(code)),
            )
            for code, row in sums.head(TOPICS_NAMED).iterrows()
        ]

    def _topics_sentence(self, sums: pd.DataFrame) -> Sentence:
        facts = self.facts
        total = facts.number("complaint_categories", "received", how="sum")
        chart = self._ref("chart", "topics")
        whole = facts.sentence("bulletin.topics.total", period=facts.period, total=total, parts="\x01", chart=chart)
        parts: list[Run] = []
        for i, one in enumerate(self._topic_parts(sums)):
            parts += [*([self.t("list.separator")] if i else []), *one.runs]
        runs: list[Run] = []
        for run in whole.runs:
            before, mark, after = run.partition("\x01") if isinstance(run, str) else (run, "", "")
            runs += [before, *(parts if mark else []), *([after] if after else [])]
        return Sentence(whole.key, tuple(run for run in runs if run != ""))

    def _topics_chart(self, sums: pd.DataFrame) -> Chart:
        facts, t = self.facts, self.t
        rows = sums.head(MOST_TOPICS)
        drawn = pd.DataFrame({"label": rows[facts.lang].tolist(), "value": rows["n"].tolist()})
        picture = bars(drawn, bar_words(t, t("bulletin.cases", value="{value}")))
        numbers = [
            facts.number("complaint_categories", "received", how="sum", category=str(code)) for code in rows.index
        ]
        named = zip(drawn["label"], numbers)
        words = facts.closed_up(facts.joined([t("bulletin.topics.one", name=name, n=n) for name, n in named]))
        ref, title = self._ref("chart", "topics"), t("bulletin.chart.topics", period=facts.period)
        columns = (self._column("category"), self._column("received", True))
        return Chart(
            "topics",
            ref,
            title,
            t("bulletin.chart.topics.about", parts=words),
            self._source(),
            picture,
            Native("bar", tuple(drawn["label"]), (Series(title, tuple(drawn["value"])),)),
            Table("topics", ref, title, "", columns, tuple(zip(drawn["label"], numbers))),
            picture.height * MILLIMETRES,
        )

    def _high(self, outcome: str) -> pd.DataFrame:
        rates = self._shown(self.facts.rows("complaint_rates"))
        order = self.facts.departments.set_index("department_id")["name_order"]
        found = rates[rates["outcome"] == outcome]
        return found.assign(order=found["department_id"].map(order)).sort_values("order")

    def _rates_sentences(self, table: Table | None) -> list[Sentence]:
        said = []
        for outcome in HIGH:
            found = self._high(outcome)
            if len(found):
                n = self._counted(len(found), "complaint_rates", outcome)
                names = self._names(found["department_id"])
                said.append(self._say(HIGH[outcome], n=n, names=names, table=table.number if table else ""))
        return said or [self._say("bulletin.topics.in")]

    def _rates_table(self) -> Table | None:
        facts, t = self.facts, self.t
        rows = pd.concat([self._high(outcome) for outcome in HIGH])
        if rows.empty:
            return None
        judged = int(facts.rows("complaint_rates")["outcome"].notna().sum())
        chance = by_chance(t, judged, FALSE_OUTSIDE).strip()

        def cell(department: str, column: str, decimals: int = 0) -> Number:
            return facts.number("complaint_rates", column, decimals, department_id=department)

        written = [
            [
                facts.labels[row.department_id],
                cell(row.department_id, "numerator"),
                cell(row.department_id, "value", 1),
                cell(row.department_id, "limit_high_998", 1),
                cell(row.department_id, "activities"),
                t(f"bulletin.outcome.{row.outcome}"),
            ]
            for row in rows.itertuples()
        ]
        columns = (
            self._column("department"),
            *(self._column(name, True) for name in ("received", "rate", "limit", "activities")),
            self._column("judgement"),
        )
        note = facts.closed_up(t("bulletin.note.rates", chance=chance))
        return self._table("rates", columns, written, note)

    def _trend_chart(self) -> Chart | None:
        facts, t = self.facts, self.t
        points = facts.rows("chart")
        points = points[points["period"].isin(facts.quarters)]
        if points["value"].notna().sum() < 2:
            return None
        points = points.assign(target=float("nan"), note=None)
        trial = bool(points["is_trial"].fillna(False).iloc[-1])
        picture = control_chart(points, control_words(t, "", 0, trial))
        ref, title = self._ref("chart", "trend"), t("bulletin.chart.trend")
        limits = [(float(one.lower), float(one.upper)) for one in points.itertuples()]
        columns = (self._column("quarter"), self._column("received", True), self._column("natural", True))
        table = Table(
            *("trend", ref, title, "", columns),
            tuple(
                (period, facts.number("chart", "value", period=period), self._interval(low, high, 0))
                for period, (low, high) in zip(points["period"], limits)
            ),
        )
        last = points.iloc[-1]
        words = {"first": points["period"].iloc[0], "last": last["period"], "value": number(last["value"], 0)}
        series = {"bulletin.column.received": "value", "bulletin.low": "lower", "bulletin.high": "upper"}
        return Chart(
            "trend",
            ref,
            title,
            t("bulletin.chart.trend.about", **words),
            self._source(),
            picture,
            Native(
                "line",
                tuple(points["period"]),
                tuple(Series(t(key), _plain(points[column])) for key, column in series.items()),
            ),
            table,
        )

    def _flags(self) -> list[Block]:
        facts, t, flags = self.facts, self.t, self.facts.flags
        blocks: list[Block] = [self._part("flags")]
        if flags.empty:
            self._slide(t("bulletin.slide.flags.none", whose=self._whose), [], t("bulletin.method.flag"))
            return [*blocks, self._paragraph("flags", [self._say("bulletin.flags.none")])]
        alerts, watches = ((flags["status"] == status).sum() for status in ("alert", "watch"))
        words = {
            "alerts": self._flag_count("alert"),
            "watches": self._flag_count("watch"),
            "n": self._counted(flags["department_id"].nunique(), "gaps", "departments"),
        }
        fresh = self._counted(int(flags["is_new"].sum()), "gaps", "fresh")
        more = {"rules": number(len(facts.rules), 0), "fresh": fresh}
        has_annex = "annexes" in self.sections
        key = "bulletin.flags.total" if has_annex else "bulletin.flags.total.bare"
        said = [self._say(key, **words, **more, annex="2"), self._say("bulletin.flags.what")]
        blocks.append(self._paragraph("flags", said))
        top = []
        for group in GAP_GROUPS:
            own = flags[flags["group"] == group]
            if own.empty:
                continue
            sentences = self._group_sentences(group, own, has_annex)
            blocks.append(self._paragraph(f"flags.{group}", sentences))
            top += [sentence.text for sentence in sentences[1:2]]
        counts = {"alerts": number(alerts, 0), "watches": number(watches, 0), "n": words["n"]}
        title = t("bulletin.slide.flags", whose=self._whose, **counts)
        self._slide(title, top[:MOST_SENTENCES], t("bulletin.method.flag"))
        return blocks

    def _flag_count(self, status: str) -> Number:
        """Of all departments it is what the snapshot counts; of those chosen, what is listed."""
        if self.facts.choices.departments:
            return self._counted(int((self.facts.flags["status"] == status).sum()), "gaps", status)
        return self.facts.number("gaps", status=status)

    def _group_sentences(self, group: str, own: pd.DataFrame, has_annex: bool) -> list[Sentence]:
        """How many there are, and the alerts: those that are new first, each with its figures."""
        alerts = own[own["status"] == "alert"].sort_values(["is_new", "rule_order"], ascending=[False, True])
        name = self.t(f"gaps.group.{group}").partition(" ")[2]
        counts = {
            name: self._counted(int((own["status"] == status).sum()), "gaps", f"{group}.{status}")
            for name, status in (("alerts", "alert"), ("watches", "watch"))
        }
        said = [self._say("bulletin.flags.group", group, group=name, **counts)]
        listed = alerts.drop_duplicates("rule").head(MOST_SENTENCES)
        said += [
            self.facts.gap_sentence(row, f"flag.{row['rule']}.{row['department_id']}")
            for row in listed.to_dict("records")
        ]
        left = len(alerts) - len(listed)
        if left:
            key = "bulletin.flags.more" if has_annex else "bulletin.flags.more.bare"
            said.append(self._say(key, group, n=self._counted(left, "gaps", f"{group}.left"), annex="2"))
        return said

    # --- 四、上季度问题整改情况 ----------------------------------------------------------------------------------
    def _followed(self) -> list[Block]:
        facts, t, past = self.facts, self.t, self.facts.rows("past")
        heading = self._heading("followed")
        if past.empty:
            key = "bulletin.followed.none" if facts.previous in facts.quarters else "bulletin.followed.first"
            self._slide(t("bulletin.slide.past.none", whose=self._whose), [], t("bulletin.method.flag"))
            return [heading, self._paragraph("followed", [self._say(key)])]
        counts = Counter(past["fate"])
        fates = [fate for fate in FATES if counts[fate]]
        words = self.t("bulletin.comma").join(
            t("bulletin.followed.fate", fate=t(f"follow_up.fate.{fate}"), n=number(counts[fate], 0)) for fate in fates
        )
        table = self._ref("table", "past")
        said = [self._say("bulletin.followed.total", n=facts.number("past"), fates=words, table=table)]
        states = Counter(past["state"])
        listed = [
            t("bulletin.state", state=t(f"follow_up.state.{state}"), n=number(states[state], 0))
            for state in (*STATES, "none")
            if states[state]
        ]
        said.append(self._say("bulletin.followed.states", states=self.t("bulletin.comma").join(listed)))
        if states[CLOSED]:
            found = {one: facts.number("past", outcome=one) for one in (CONFIRMED, NOT_CONFIRMED)}
            said.append(self._say("bulletin.followed.outcomes", **found))
        late = int((past["days_overdue"] > 0).sum())
        if late:
            said.append(self._say("bulletin.followed.late", n=self._counted(late, "past", "late")))
        title = t("bulletin.slide.past", whose=self._whose, n=number(len(past), 0), fates=words)
        shown = self._past_table(past)
        self._slide(title, [sentence.text for sentence in said[1:]], t("bulletin.method.flag"))
        return [heading, self._paragraph("followed", said), shown]

    def _past_table(self, past: pd.DataFrame) -> Table:
        facts, t = self.facts, self.t
        rows = [
            [
                facts.labels.get(row.department_id, row.department_id),
                facts.rule_title(row.rule),
                t(f"follow_up.fate.{row.fate}"),
                t(f"follow_up.state.{row.state}"),
                row.owner or MISSING,
                row.due.isoformat() if known(row.due) else MISSING,  # in words it would not stay on one line
            ]
            for row in past.itertuples()
        ]
        columns = (
            self._column("department"),
            self._column("rule"),
            *(self._column(name) for name in ("fate", "state", "owner")),
            self._column("due"),
        )
        return self._table("past", columns, rows)

    # --- 五、下步工作要求 ---------------------------------------------------------------------------------------
    def _requests(self) -> list[Block]:
        facts, t, asked = self.facts, self.t, self.facts.rows("agenda")
        blocks: list[Block] = [self._heading("requests"), self._part("answer")]
        if asked.empty:
            blocks.append(self._paragraph("answer", [self._say("bulletin.requests.answer.none")]))
            self._slide(t("bulletin.slide.ask.none", whose=self._whose), [], t("bulletin.method.flag"))
        else:
            table = self._requests_table(asked)
            said = [
                self._say(
                    "bulletin.requests.answer", n=facts.number("agenda"), table=table.number, office=facts.office
                ),
                self._say("bulletin.requests.answer.what"),
            ]
            blocks += [self._paragraph("answer", said), table]
            self._slide(t("bulletin.slide.ask", n=number(len(asked), 0)), [], t("bulletin.method.flag"), table)
        blocks += [self._part("overdue"), self._paragraph("overdue", [self._overdue_sentence()])]
        blocks += [self._part("look_again"), self._paragraph("again", [self._say("bulletin.requests.again")])]
        return blocks

    def _requests_table(self, asked: pd.DataFrame) -> Table:
        facts, t = self.facts, self.t
        rows = [
            [
                facts.labels[row.department_id],
                facts.rule_title(row.rule),
                t(f"bulletin.level.{row.status}"),
                facts.number("agenda", "quarters", rule=row.rule, department_id=row.department_id),
                t(f"follow_up.state.{row.state}"),
            ]
            for row in asked.itertuples()
        ]
        columns = (
            self._column("department"),
            self._column("rule"),
            self._column("level"),
            self._column("quarters", True),
            self._column("state"),
        )
        return self._table("requests", columns, rows, t("bulletin.note.flags"))

    def _overdue_sentence(self) -> Sentence:
        facts = self.facts
        late = [
            one
            for one in facts.book.follow_ups
            if one.is_open and one.days_overdue(facts.today) and facts.is_listed(one.flag)
        ]
        if not late:
            return self._say("bulletin.requests.overdue.none")
        named = [
            self.t(
                "bulletin.overdue.one",
                name=facts.labels[one.flag.department_id],
                rule=facts.rule_title(one.flag.rule),
                days=number(one.days_overdue(facts.today), 0),
            )
            for one in late
        ]
        return self._say(
            "bulletin.requests.overdue", n=self._counted(len(late), "past", "overdue"), names=facts.joined(named)
        )

    # --- 附件 ---------------------------------------------------------------------------------------------------
    def _annexes(self, blocks: list[Block]) -> tuple[Annex, ...]:
        drawn = [block.table for block in blocks if isinstance(block, Chart)]  # a picture's figures, to be read
        parts = (
            ("standings", [self._standings_table()]),
            ("offices", self._counts() if self.facts.is_public else [self._offices_table(), *self._flags_table()]),
            *([("charts", drawn)] if drawn else []),
            ("methods", self._methods()),
        )
        return tuple(
            Annex(self.t("bulletin.annex", n=at), self.t(f"bulletin.annex.{key}"), tuple(blocks))
            for at, (key, blocks) in enumerate(parts, start=1)
        )

    def _standings_table(self) -> Table:
        facts, t = self.facts, self.t
        order = {group: at for at, group in enumerate(facts.groups["category"])}
        rows = self._shown(facts.ranking)
        band = rows["outcome"].map({name: at for at, name in enumerate(BANDS)}).fillna(len(BANDS))
        rows = rows.assign(group_order=rows["category"].map(order), band_order=band)
        rows = rows.sort_values(["group_order", "band_order", "name_order"])
        written = []
        for row in rows.itertuples():
            is_judged = known(row.outcome) and known(row.value)
            written.append(
                [
                    row.group,
                    row.label,
                    self._cell(row.department_id, "n_ballots", 0) if known(row.n_ballots) else MISSING,
                    self._cell(row.department_id, "value") if known(row.value) else MISSING,
                    self._interval(row.low, row.high),
                    self._interval(row.set_low, row.set_high, 0) if is_judged else MISSING,
                    t(f"bulletin.band.{row.outcome if is_judged else 'out'}"),
                ]
            )
        columns = (
            self._column("group"),
            self._column("department"),
            *(self._column(name, True) for name in ("ballots", "score")),
            self._column("interval", True),
            self._column("places", True),
            self._column("band"),
        )
        return self._table("standings", columns, written, t("bulletin.note.standings"))

    def _cell(self, department: str, column: str, decimals: int = 1) -> Number:
        return self.facts.number("standings", column, decimals, department_id=department)

    def _offices_table(self) -> Table:
        facts, t = self.facts, self.t
        rates = facts.rows("complaint_rates").set_index("department_id")
        counts = facts.flags.groupby(["department_id", "status"]).size()
        written = []
        for row in facts.shown.sort_values("name_order").itertuples():
            rate = rates.loc[row.department_id] if row.department_id in rates.index else None
            outcome = rate["outcome"] if rate is not None and known(rate["outcome"]) else "unjudged"
            place = {"department_id": row.department_id}
            cells = [
                facts.number("complaint_rates", column, decimals, **place)
                if rate is not None and known(rate[column])
                else MISSING
                for column, decimals in (("received", 0), ("value", 1), ("activities", 0))
            ]
            written.append(
                [
                    row.label,
                    *cells[:2],
                    t(f"bulletin.outcome.{outcome}"),
                    cells[2],
                    *(number(counts.get((row.department_id, status), 0), 0) for status in FLAGS),
                ]
            )
        columns = (
            self._column("department"),
            self._column("received", True),
            self._column("rate", True),
            self._column("judgement"),
            *(self._column(name, True) for name in ("activities", "alerts", "watches")),
        )
        return self._table("offices", columns, written)

    def _counts(self) -> list[Table]:
        """What the public edition says of each department."""
        facts = self.facts
        rates = facts.rows("complaint_rates").set_index("department_id")
        written = []
        for row in facts.shown.sort_values("name_order").itertuples():
            own, place = rates.loc[row.department_id], {"department_id": row.department_id}
            cells: list[Run] = [
                facts.number("complaint_rates", column, **place) if known(own[column]) else MISSING
                for column in ("received", "activities")
            ]
            if facts.is_withheld(row.department_id):
                cells[0] = WITHHELD
            written.append([row.label, *cells])
        columns = (self._column("department"), self._column("received", True), self._column("activities", True))
        note = self.t("bulletin.note.withheld", mark=WITHHELD, fewest=FEWEST_PEOPLE)
        return [self._table("offices", columns, written, note)]

    def _flags_table(self) -> list[Table]:
        facts, t, flags = self.facts, self.t, self.facts.flags
        if flags.empty:
            return []
        order = facts.departments.set_index("department_id")["name_order"]
        rows = flags.assign(order=flags["department_id"].map(order)).sort_values(["order", "status", "rule_order"])
        written = [
            [
                row.label,
                facts.rule_title(row.rule),
                t(f"bulletin.level.{row.status}"),
                facts.name_of_quarter(row.since),
                facts.number("gaps", "spell_quarters", rule=row.rule, department_id=row.department_id),
            ]
            for row in rows.itertuples()
        ]
        columns = (
            self._column("department"),
            self._column("rule"),
            self._column("level"),
            self._column("since"),
            self._column("quarters", True),
        )
        return [self._table("flags", columns, written, t("bulletin.note.flags"))]

    def _methods(self) -> list[Block]:
        facts, t = self.facts, self.t
        dimensions = facts.run("dimensions")
        weights = facts.joined(
            [
                t("bulletin.weight", name=row[facts.lang], weight=number(row["weight"], 1).removesuffix(".0"))
                for row in dimensions.to_dict("records")
            ]
        )
        rules = facts.run("rules").iloc[0]
        score = {
            "dimensions": facts.joined(dimensions[facts.lang].tolist()),
            "weights": weights,
            "dimensions_least": f"{number(100 * rules['fewest_dimensions'], 0)}%",
            "ballots": number(rules["fewest_ballots"], 0),
        }
        origin = facts.origin
        data = {
            "number": number(origin.number, 0),
            "created": origin.created,
            "quarter": facts.name_of_quarter(facts.quarters[-1]),
        }
        said = [
            self._say("bulletin.method.score", **score),
            *(self._say(key) for key in METHODS if not (facts.is_public and key in INTERNAL_METHODS)),
            self._say("bulletin.method.data", **data),
            *([self._say("bulletin.method.demonstration")] if origin.demonstration else []),
        ]
        return [self._paragraph(sentence.key, [sentence]) for sentence in said]


def _plain(values: pd.Series) -> tuple[float | None, ...]:
    return tuple(round(float(value), 2) if known(value) else None for value in values)


def paragraph(facts: Facts, key: str, sentences: Iterable[Sentence]) -> Paragraph:
    """Sentences one after the other, with what the language puts between them."""
    space = facts.t("sentence.space")
    *before, last = sentences
    return Paragraph(key, (*(replace(one, runs=(*one.runs, space)) if space else one for one in before), last))


# --- what every document of the office has ---------------------------------------------------------------------
def head(facts: Facts) -> Head:
    t, kind = facts.t, facts.settings.bulletin.masthead
    blanks = {
        "periodical": {"issue": "issue", "total": "total"},
        "document": {"code": "code", "year": "year", "number": "number"},
    }[kind]
    draft = "bulletin.draft.demonstration" if facts.snapshot.demonstration else "bulletin.draft"
    return Head(
        kind,
        t(f"bulletin.masthead.{kind}", office=facts.office) if kind == "document" else t(f"bulletin.masthead.{kind}"),
        t(draft),
        filled(facts, f"bulletin.number.{kind}", **blanks),
        facts.office,
        filled(facts, "bulletin.date", year="head_year", month="head_month", day="head_day"),
    )


def close(facts: Facts) -> Close:
    t = facts.t
    return Close(
        t("bulletin.annexes"),
        facts.office,
        filled(facts, "bulletin.date", year="close_year", month="close_month", day="close_day"),
        filled(facts, "bulletin.copies", copies="copies"),
        filled(facts, "bulletin.printed", printed="printed"),
    )


def filled(facts: Facts, key: str, **blanks: str) -> tuple[str | Blank, ...]:
    """The text of a key with a blank for each name: nobody invents a number, a date or a signer."""
    marks = {name: f"\x00{name}\x00" for name in blanks}
    parts = facts.t(key, **marks).split("\x00")
    return tuple(
        Blank(blanks[part], facts.t(f"bulletin.blank.{blanks[part]}")) if i % 2 else part
        for i, part in enumerate(parts)
        if part
    )


def source_words(facts: Facts) -> str:
    words = {"office": facts.office, "quarter": facts.name_of_quarter(facts.quarters[-1])}
    return facts.closed_up(facts.t("bulletin.source", number=number(facts.snapshot.number, 0), **words))


def edition_words(facts: Facts) -> dict[str, str]:
    day = datetime.date.fromisoformat(facts.replaces)
    return {"edition": number(facts.edition, 0), "day": facts.name_of_day(day)}


def sheet_facts(facts: Facts, title: str) -> tuple[tuple[str, str], ...]:
    """What a file must say of itself to be read without the page: filters, dates, snapshot, definitions."""
    t, origin = facts.t, facts.origin
    everybody = t("bulletin.sheet.departments.all", n=number(len(facts.departments), 0))
    chosen = [facts.full_names[one] for one in facts.choices.departments]
    sections = [t(f"bulletin.section.{name}") for name in facts.choices.sections if name != "annexes"]
    edition = t(f"bulletin.edition.{facts.choices.edition}")
    if facts.replaces:
        edition = f"{edition} · {facts.sentence('bulletin.lead.replaces', **edition_words(facts)).text}"
    return (
        (t("bulletin.sheet.title"), title),
        (t("bulletin.sheet.quarter"), facts.name_of_quarter(facts.quarter)),
        (t("bulletin.sheet.edition"), edition),
        (t("bulletin.sheet.region"), facts.region_name),
        (t("bulletin.sheet.snapshot"), f"{origin.number} · {origin.created} · {origin.snapshot}"),
        (t("bulletin.sheet.departments"), facts.joined(chosen) or everybody),
        (t("bulletin.sheet.sections"), facts.joined(sections)),
        (t("bulletin.sheet.made"), facts.today.isoformat()),
        (t("bulletin.sheet.caution"), t("bulletin.flags.what")),
        *([(t("bulletin.sheet.caution"), t("bulletin.method.demonstration"))] if origin.demonstration else []),
    )
