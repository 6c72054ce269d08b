"""One page for each department: its position, its gaps, what is asked of it. No other department is named."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from dashboard.agenda import SETTLED
from dashboard.i18n.text import MISSING, known, number
from dashboard.reports import layout
from dashboard.reports.bulletin import close, paragraph, sheet_facts
from dashboard.reports.facts import REGION, Facts
from dashboard.reports.files import FORMATS, Drawings, Tell, written
from dashboard.reports.model import Block, Column, Document, Heading, Number, Sentence, Table
from dashboard.reports.pdf import replaced_words
from dashboard.settings import Bulletin
from dashboard.store import ACTIVE, NOT_CONFIRMED

MOST_REMINDERS = 5  # the earliest; the rest are counted
MOST_GAPS = 4  # on one page, unless more are asked for; the rest are counted
LETTER_FORMATS = tuple(form for form in FORMATS if form in ("docx", "pdf"))


def letter(facts: Facts, department: str) -> Document:
    """`facts` of all departments; what the letter says is of this one and of its peers as a whole.

    Where so much is asked that one page has no room for it, the grounds are left to the system.
    """
    whole = _Letter(facts, department).document()
    return whole if layout.fits(whole) else _Letter(facts, department, has_grounds=False).document()


def all_letters(facts: Facts, how: Bulletin, formats: Iterable[str], tell: Tell) -> bytes:
    """A zip with a file for each department that was chosen, named by it."""
    chosen = list(facts.shown.itertuples())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for at, one in enumerate(chosen):
            tell(one.full_name, at / len(chosen))
            document = letter(facts, one.department_id)
            for form in formats:
                name = f"{facts.quarter}-{one.department_id}-{_safe(one.full_name)}.{form}"
                file.writestr(name, written(document, how, form, Drawings()))
        said = replaced_words(facts.t, how)
        if said and "pdf" in formats:
            file.writestr(f"{facts.t('bulletin.letter.fonts')}.txt", "\n".join(said))
    return out.getvalue()


def _safe(name: str) -> str:
    return "".join(" " if sign in '<>:"/\\|?*' else sign for sign in name).strip()


class _Letter:
    def __init__(self, facts: Facts, department: str, has_grounds: bool = True):
        self.facts, self.t, self.department, self.has_grounds = facts, facts.t, department, has_grounds
        self.row = facts.ranking[facts.ranking["department_id"] == department].iloc[0]
        asked = facts.rows("agenda")
        asked = set(asked.loc[asked["department_id"] == department, "rule"])
        flags = facts.flags[facts.flags["department_id"] == department]
        refuted = {
            one.flag.rule
            for one in facts.agenda.aside
            if one.flag.department_id == department and one.stage == SETTLED and one.follow_up.outcome == NOT_CONFIRMED
        }
        self.flags = flags
        listed = flags[~flags["rule"].isin(refuted)]
        listed = listed.assign(is_asked=listed["rule"].isin(asked))
        self.listed = listed.sort_values(["is_asked", "status", "rule_order"], ascending=[False, True, True])

    def document(self) -> Document:
        facts, t = self.facts, self.t
        name = facts.full_names[self.department]
        quarter = facts.name_of_quarter(facts.quarter)
        title = t("bulletin.letter.title", quarter=quarter).split("|")
        parts = (("position", self._position()), ("gaps", self._gaps()), ("asked", self._asked()))
        blocks: list[Block] = []
        for at, (key, own) in enumerate(parts):
            ordinals = t("bulletin.ordinals")
            words = {"number": ordinals[at] if ordinals else str(at + 1), "words": t(f"bulletin.letter.{key}")}
            blocks += [Heading(key, 1, t("bulletin.heading.1", **words)), *own]
        return Document(
            facts.origin,
            tuple(title),
            t("bulletin.letter.to", name=name),
            None,
            tuple(blocks),
            (),
            replace(close(facts), copies=(), printed=()),
            facts=sheet_facts(facts, t("bulletin.sep").join(title)),
            kind="letter",
        )

    def _say(self, key: str, place: str = "", /, **values: object) -> Sentence:
        return self.facts.sentence(key, place, **values)

    def _number(self, query: str, column: str, decimals: int = 0) -> Number:
        return self.facts.number(query, column, decimals, department_id=self.department)

    def _whom(self, row: pd.Series) -> str:
        """Whom the department is compared with: its kind, or all where the kind has too few."""
        return "region" if row["peer_set"] == REGION else "peers"

    def _range(self, low: float, high: float, decimals: int = 0) -> str:
        return self.t("bulletin.range", low=number(low, decimals), high=number(high, decimals))

    def _position(self) -> list[Block]:
        return [paragraph(self.facts, "position", [*self._score(), *self._complaints()])]

    def _score(self) -> list[Sentence]:
        row = self.row
        if not (known(row["value"]) and known(row["outcome"])):
            return [self._say("bulletin.letter.no_score")]
        words = {
            "score": self._number("standings", "value", 1),
            "interval": self._range(row["low"], row["high"], 1),
            "ballots": self._number("standings", "n_ballots"),
            "mean": self._number("standings", "benchmark", 1),
            "group": row["group"],
            "band": self.t(f"bulletin.letter.band.{row['outcome']}"),
            "places": self._range(row["set_low"], row["set_high"]),
            "n": self._number("standings", "n_ranked"),
        }
        key = {"peers": "bulletin.letter.score", "region": "bulletin.letter.score.region"}[self._whom(row)]
        said = [self._say(key, **words)]
        if row["variation"] in ("improvement", "concern"):
            said.append(self._say("bulletin.letter.moved", verdict=self.t(f"verdict.{row['variation']}")))
        return said

    def _complaints(self) -> list[Sentence]:
        rates = self.facts.rows("complaint_rates")
        rate = rates[rates["department_id"] == self.department].iloc[0]
        if not known(rate["received"]):
            return [self._say("bulletin.letter.no_complaints")]
        received, activities = self._number("complaint_rates", "received"), rate["activities"]
        outcome = rate["outcome"] if known(rate["outcome"]) else "unjudged"
        words = {
            "received": received,
            "rate": self._number("complaint_rates", "value", 1) if known(rate["value"]) else MISSING,
            "outcome": self.t(
                f"bulletin.letter.rate.{outcome}", whom=self.t(f"bulletin.letter.whom.{self._whom(rate)}")
            ),
            "activities": self._number("complaint_rates", "activities") if known(activities) else MISSING,
        }
        return [self._say("bulletin.letter.complaints", **words)]

    def _gaps(self) -> list[Block]:
        facts = self.facts
        if self.flags.empty:
            return [paragraph(facts, "gaps", [self._say("bulletin.letter.no_gaps")])]
        counts = {
            name: Number(
                float((self.flags["status"] == status).sum()),
                number((self.flags["status"] == status).sum(), 0),
                facts.number("gaps", status=status, department_id=self.department).source,
            )
            for name, status in (("alerts", "alert"), ("watches", "watch"))
        }
        said = [self._say("bulletin.letter.flags", **counts)]
        refuted = len(self.flags) - len(self.listed)
        if refuted:
            said.append(self._say("bulletin.letter.refuted", n=number(refuted, 0)))
        if self.listed.empty:
            return [paragraph(facts, "gaps", said)]
        rows = [
            [
                facts.rule_title(row["rule"]),
                self.t(f"bulletin.level.{row['status']}"),
                facts.number("gaps", "spell_quarters", rule=row["rule"], department_id=self.department),
                self.t("bulletin.letter.is_asked" if row["is_asked"] else "bulletin.letter.for_reference"),
                *([self._evidence(row)] if self.has_grounds else []),
            ]
            for row in self.listed.head(max(MOST_GAPS, int(self.listed["is_asked"].sum()))).to_dict("records")
        ]
        left = len(self.listed) - len(rows)
        if left > 0:
            said.append(self._say("bulletin.letter.more", n=number(left, 0)))
        columns = (
            Column(self.t("bulletin.column.rule")),
            Column(self.t("bulletin.column.level")),
            Column(self.t("bulletin.column.quarters"), True),
            Column(self.t("bulletin.column.asked")),
            *([Column(self.t("bulletin.column.evidence"))] if self.has_grounds else []),
        )
        note = self.t("bulletin.flags.what")
        if not self.has_grounds:
            note = self.t("sentence.space").join([note, self.t("bulletin.letter.grounds")])
        table = Table(
            "letter",
            self.t("bulletin.table", n=1),
            self.t("bulletin.letter.table"),
            "",
            columns,
            tuple(map(tuple, rows)),
            note,
        )
        return [paragraph(facts, "gaps", said), table]

    def _evidence(self, row: dict) -> str:
        """What the rule says, without the name, which is that of the whole letter."""
        said = self.facts.gap_sentence(row, "").text
        name = self.facts.full_names[self.department]
        asked = self.facts.closed_up(self.t(f"gaps.ask.{row['status']}"))
        return said.removeprefix(name).removesuffix(asked).strip("：: ")

    def _asked(self) -> list[Block]:
        facts = self.facts
        said = []
        is_asked = self.listed["is_asked"]
        if is_asked.any():
            n = facts.number("agenda", department_id=self.department)
            said.append(self._say("bulletin.letter.answer", n=n, office=facts.office))
        said += self._reminders()
        said = said or [self._say("bulletin.letter.nothing")]
        if not is_asked.all():
            said.append(self._say("bulletin.letter.rest"))
        return [paragraph(facts, "asked", [*said, self._say("bulletin.letter.reply")])]

    def _reminders(self) -> list[Sentence]:
        """What was agreed with the department before and is still to be done, each once, with its date.

        Reminded of is a follow-up that is in force and has a due date, whether or not its flag is on the agenda. Not
        reminded of: what is only proposed, for nothing was agreed; what has no date yet; what the department has
        reported as done or was declined, for the next step is the office's; what is closed, stopped or was taken up
        again, which is a follow-up of its own. Of one rule the earliest date counts.
        """
        facts, by_rule = self.facts, {}
        for one in facts.book.follow_ups:
            own = one.flag.department_id == self.department and one.flag.region_id == facts.region
            if own and one.is_open and one.state == ACTIVE and one.due:
                by_rule.setdefault(one.flag.rule, []).append(one)
        due = sorted((min(ones, key=lambda one: one.due) for ones in by_rule.values()), key=lambda one: one.due)
        said = []
        for one in due[:MOST_REMINDERS]:
            words = {"rule": facts.rule_title(one.flag.rule), "due": facts.name_of_day(one.due)}
            days = one.days_overdue(facts.today)
            key = "bulletin.letter.overdue" if days else "bulletin.letter.open"
            said.append(self._say(key, str(one.last.number), days=number(days, 0), **words))
        left = len(due) - len(said)
        return [*said, *([self._say("bulletin.letter.due.more", n=number(left, 0))] if left else [])]
