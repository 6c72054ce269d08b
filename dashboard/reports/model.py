"""A document before it is a file: headings, sentences whose figures know their source, tables, charts, annexes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: the `column` of the rows of a query in which every `where` holds.

    `how`: 'value' of the one row, the 'sum' or 'mean' of several, or their 'count'.
    """

    query: str
    where: tuple[tuple[str, str], ...]
    column: str
    how: str = "value"


@dataclass(frozen=True)
class Number:
    """A figure as it is written, with what it is; `written` is the same in every format. No `value`: there is none."""

    value: float | None
    written: str
    source: Source
    was: str = ""  # in a sentence that a person wrote: what stands there, where the figures now say `written`

    def __str__(self) -> str:
        return self.written


Run = str | Number


@dataclass(frozen=True)
class Sentence:
    """What is said at one place; `is_kept`: a person wrote it, and no regeneration replaces it."""

    key: str  # '' of what a person put in between
    runs: tuple[Run, ...]
    is_kept: bool = False
    basis: str = ""  # of a kept one: what was written here when the person edited it
    now: str = ""  # of a kept one: what would be written here now

    @property
    def is_stale(self) -> bool:
        """Whether what a person edited would be written otherwise by now."""
        return self.is_kept and self.basis != self.now

    @property
    def text(self) -> str:
        """As it stands in the file."""
        return "".join(run.was or run.written if isinstance(run, Number) else run for run in self.runs)


@dataclass(frozen=True)
class Paragraph:
    key: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return "".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True)
class Heading:
    """`level` 1 to 4; `words` with their number: '一、基本情况'; `is_kept`: a person worded it."""

    key: str
    level: int
    words: str
    is_kept: bool = False


@dataclass(frozen=True)
class Column:
    words: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """`number`: '表1'; `unit`: what stands at its right above it, '' where the columns say it.

    `kept`: the sentences of its title and its note that a person wrote, which `title` and `note` say already.
    """

    key: str
    number: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Run, ...], ...]
    note: str = ""
    kept: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Series:
    """One row of numbers of a native chart; `minus`, `plus`: how far its intervals reach, () for none."""

    name: str
    values: tuple[float | None, ...]
    minus: tuple[float, ...] = ()
    plus: tuple[float, ...] = ()


@dataclass(frozen=True)
class Native:
    """What an office programme draws by itself; `kind`: 'bar' (lying) or 'line'; `tones` of the bars, one each."""

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    format: str = "0"
    tones: tuple[str, ...] = ()  # 'better', 'worse', 'plain'


@dataclass(frozen=True)
class Chart:
    """A drawing with the figures in it as a table, which stands in its place where nothing can draw."""

    key: str
    number: str  # '图1'
    title: str
    about: str  # for those who cannot see it
    source: str
    figure: Any  # a Plotly figure, in the page's own tokens
    native: Native
    table: Table
    height: float = 62.0  # millimetres, at the width of the text
    kept: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Blank:
    """A field that a person fills in: issue number, date, signer. Empty until then, and visibly so."""

    key: str
    label: str  # what belongs there, for who fills it in
    words: str = ""  # what a person has typed


Block = Heading | Paragraph | Table | Chart


def place_of(block: Block) -> str:
    """What tells the block from all others of its document, whatever it says."""
    return f"{type(block).__name__.lower()}:{block.key}"


def around(block: Table | Chart) -> dict[str, Sentence]:
    """'title' and 'note' → what stands above and below it, as a sentence with a place of its own."""
    words = {"title": block.title, "note": block.note if isinstance(block, Table) else block.source}
    kept = {sentence.key: sentence for sentence in block.kept}
    found = {part: Sentence(f"{place_of(block)}.{part}", (said,)) for part, said in words.items() if said}
    return {part: kept.get(sentence.key, sentence) for part, sentence in found.items()}


def cells(table: Table) -> list[list[str]]:
    """What stands in the table, its head first."""
    return [[column.words for column in table.columns], *([str(cell) for cell in row] for row in table.rows)]


@dataclass(frozen=True)
class Annex:
    number: str  # '附件1'
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Slide:
    """One message: its title is the finding; `body` what is needed to read it, or a chart, or a table."""

    title: str
    body: tuple[str, ...]
    source: str
    notes: str
    show: Chart | Table | None = None


@dataclass(frozen=True)
class Head:
    """`kind`: 'periodical' (督查通报 第×期) or 'document' (××文件). Each text may hold blanks."""

    kind: str
    masthead: str
    draft: str  # the note that it is no more than a draft
    number: tuple[str | Blank, ...]
    office: str
    date: tuple[str | Blank, ...]


@dataclass(frozen=True)
class Close:
    """What ends the document: the list of annexes, signature, date; and the end matter (版记)."""

    annexes: str  # the word before their list
    office: str
    date: tuple[str | Blank, ...]
    copies: tuple[str | Blank, ...]
    printed: tuple[str | Blank, ...]


@dataclass(frozen=True)
class Origin:
    """Which figures, by which choices: what a file must say of itself so that it can be checked against a snapshot."""

    snapshot: str
    number: int
    created: str
    demonstration: bool
    region: str
    quarter: str
    day: str  # on which it was written, ISO: how late something is is of that day
    lang: str
    departments: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    edition: str = "internal"


@dataclass(frozen=True)
class Document:
    origin: Origin
    title: tuple[str, ...]  # its lines, broken at sense
    addressees: str
    head: Head | None
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    close: Close | None
    slides: tuple[Slide, ...] = ()
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # what the workbook's first sheet says
    kind: str = "bulletin"  # or 'letter', which is one page: its text is smaller

    @property
    def every_block(self) -> Iterator[Block]:
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        return (block for block in self.every_block if isinstance(block, Paragraph))

    @property
    def sentences(self) -> Iterator[tuple[str, Sentence]]:
        """(place of its block, sentence) of every sentence of the text, and of what stands above and below tables."""
        for block in self.every_block:
            if isinstance(block, Paragraph):
                yield from ((place_of(block), sentence) for sentence in block.sentences)
            elif not isinstance(block, Heading):
                yield from ((place_of(block), sentence) for sentence in around(block).values())

    @property
    def stale(self) -> list[Sentence]:
        return [sentence for _, sentence in self.sentences if sentence.is_stale]

    @property
    def tables(self) -> Iterator[Table]:
        """Every table in its order, and those of charts whose figures stand in no annex."""
        own = {block.key for block in self.every_block if isinstance(block, Table)}
        for block in self.every_block:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart) and block.key not in own:
                yield block.table

    @property
    def figures(self) -> dict[str, Number]:
        """Every figure by its key, which stays the same when the words around it change."""
        found: dict[str, Number] = {}
        for paragraph in self.paragraphs:
            for sentence in paragraph.sentences:
                found |= keyed(sentence.key, sentence.runs)
        for table in self.tables:
            for row in table.rows:
                found |= keyed(table.key, row)
        return found


def keyed(place: str, runs: tuple[Run, ...]) -> dict[str, Number]:
    """The figures of a sentence, or of a row of the table `place`: two of one source in one place are the same."""
    return {figure_key(place, run.source): run for run in runs if isinstance(run, Number)}


def figure_key(place: str, source: Source) -> str:
    where = ",".join(f"{column}={value}" for column, value in source.where)
    return f"{place}|{source.query}|{where}|{source.column}|{source.how}"
