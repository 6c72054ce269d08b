"""A Word file that people edited: do its figures still equal the snapshot, and which of its sentences are theirs.

A sentence stands between two bookmarks, a figure in a control, a heading and a caption in a bookmark of their place;
what they and the tables were when the file was written lies in a part of the file. Whoever types over a control loses
it: then the figure counts as lost, and the words are kept as they are.
"""

import datetime
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, BinaryIO
from xml.etree import ElementTree

from docx import Document as open_document
from docx.oxml.ns import qn

from dashboard.reports.facts import Choices
from dashboard.reports.model import (
    Blank,
    Block,
    Chart,
    Document,
    Heading,
    Number,
    Paragraph,
    Run,
    Sentence,
    Table,
    around,
    cells,
    figure_key,
    place_of,
)
from dashboard.reports.word import LINE, NAMESPACE, tag

# Without a mark of ours, what stands in one of these is nobody's text.
NO_TEXT = {"title", "caption", LINE.lower(), *(f"report {name}" for name in ("table", "table head", "note"))}
EQUAL, CHANGED, LOST, GONE = STATES = ("equal", "changed", "lost", "gone")
EDITED = "edited"


class EditedError(Exception):
    """The file cannot be compared; `code` is worded by i18n."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Piece:
    """What stands in one place of a paragraph: a sentence by its tag, or '' for what a person put between them."""

    tag: str
    runs: tuple[str | tuple[str, str], ...]  # text, or (tag of a figure, text)

    @property
    def text(self) -> str:
        return "".join(run if isinstance(run, str) else run[1] for run in self.runs)


@dataclass(frozen=True)
class Standing:
    """A paragraph as it stands in the file; `place`: of the heading or caption that it is, '' of text."""

    place: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Edited:
    """A file as it was read. `paragraphs`: text, headings and captions in order, with those that people put in."""

    origin: dict[str, Any]
    figures: dict[str, dict[str, Any]]  # tag → key, value, written: as they were when the file was made
    sentences: dict[str, dict[str, str]]  # tag → key, place of its block, text
    places: dict[str, dict[str, Any]]  # tag → place, text of a heading or cells of a table
    found: dict[str, tuple[str, ...]]  # tag of a figure → what stands in its controls now
    paragraphs: tuple[Standing, ...]
    tables: dict[str, list[list[str]]]  # place → what stands in its cells
    blanks: dict[str, str]  # tag → what a person typed

    @property
    def day(self) -> datetime.date:
        """On which it was written."""
        return datetime.date.fromisoformat(self.origin["day"])

    @property
    def has_pictures(self) -> bool:
        """Whether there are figures in it that no program reads: a chart that was drawn."""
        return any(one["place"].startswith("chart:") and "cells" not in one for one in self.places.values())

    @property
    def choices(self) -> Choices:
        """Those that the file was made with."""
        own = self.origin
        departments, sections = tuple(own["departments"]), tuple(own["sections"])
        return Choices(own["quarter"], own["lang"], departments, sections, own["region"], own["edition"])


def read(file: BinaryIO | str) -> Edited:
    """`EditedError` where the file is no Word file of ours."""
    try:
        opened = open_document(file)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile):
        raise EditedError("not_word") from None
    about = _about(opened)
    if about is None:
        raise EditedError("not_ours")
    found: dict[str, list[str]] = {}
    for paragraph in opened.element.body.iter(qn("w:p")):
        for piece in _pieces(paragraph):
            for run in piece.runs:
                if not isinstance(run, str):
                    found.setdefault(run[0], []).append(run[1])
    no_text = {style.style_id for style in opened.styles if (style.name or "").lower() in NO_TEXT}
    body, tables = _body(opened.element.body, about, no_text)
    blanks = {name: words[0] for name, words in found.items() if name.startswith("b_")}
    figures = {name: tuple(words) for name, words in found.items() if name.startswith("f_")}
    return Edited(**about, found=figures, paragraphs=body, tables=tables, blanks=blanks)


def _body(
    body: Any, about: dict[str, Any], no_text: set[str]
) -> tuple[tuple[Standing, ...], dict[str, list[list[str]]]]:
    """What stands in the text, wherever a person moved it, and what in our tables."""
    found, tables, caption = [], {}, ""
    for element in body.iter(qn("w:p"), qn("w:tbl")):
        if element.tag == qn("w:tbl"):
            if caption:
                tables[caption] = [[_text(cell) for cell in row.iter(qn("w:tc"))] for row in element.iter(qn("w:tr"))]
            caption = ""
            continue
        pieces = tuple(_pieces(element))
        is_said = any(piece.tag in about["sentences"] for piece in pieces)
        names = {mark.get(qn("w:name"), "") for mark in element.iter(qn("w:bookmarkStart"))}
        own = next((about["places"][name] for name in names if name in about["places"]), None)
        if own:
            caption = own["place"] if "cells" in own else ""
            found.append(Standing(own["place"], pieces))
        elif is_said or (pieces and element.style not in no_text and not _is_ours(element, names)):
            found.append(Standing("", pieces))
    return tuple(found), tables


def _is_ours(paragraph: Any, names: set[str]) -> bool:
    """A cell of a table, or a line with a blank: both are written anew."""
    return any(name.startswith("b_") for name in names) or next(paragraph.iterancestors(qn("w:tbl")), None) is not None


def _text(element: Any) -> str:
    return "".join(piece.text for paragraph in element.iter(qn("w:p")) for piece in _pieces(paragraph))


def _about(opened: Any) -> dict[str, Any] | None:
    for part in opened.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/") and NAMESPACE.encode() in part.blob:
            about = json.loads(ElementTree.fromstring(part.blob).text or "{}")
            if "places" not in about or "day" not in about["origin"]:
                raise EditedError("older")
            return {name: about[name] for name in ("origin", "figures", "sentences", "places")}
    return None


def _pieces(paragraph: Any) -> Iterator[Piece]:
    """The paragraph from left to right; what was inserted under tracked changes counts, what was deleted does not.

    A control and the bookmark within it say the same: some programs keep the one and some the other.
    """
    sentence, runs, open_figures, words = "", [], [], ""
    for what, value in _events(paragraph, {}):
        if what == "text":
            if open_figures:
                words += value
            else:
                runs.append(value)
        elif value.startswith("s_"):
            if runs:
                yield Piece(sentence, tuple(runs))
            sentence, runs = (value if what == "open" else ""), []
        elif what == "open":
            open_figures.append(value)
        elif value in open_figures:
            open_figures.remove(value)
            if not open_figures:
                runs.append((value, words))
                words = ""
    if runs or words:
        yield Piece(sentence, (*runs, *([words] if words else [])))


def _events(element: Any, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """('open' or 'close', name of a control or bookmark of ours), ('text', words)."""
    for one in element:
        match one.tag.rpartition("}")[2]:
            case "bookmarkStart":
                name = one.get(qn("w:name")) or ""
                if name.startswith(("s_", "f_", "b_")):
                    names[one.get(qn("w:id"))] = name
                    yield "open", name
            case "bookmarkEnd":
                if one.get(qn("w:id")) in names:
                    yield "close", names.pop(one.get(qn("w:id")))
            case "sdt":
                mark = one.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
                name = mark.get(qn("w:val")) if mark is not None else ""
                is_ours = name.startswith(("f_", "b_"))
                if is_ours:
                    yield "open", name
                yield from _events(one.find(qn("w:sdtContent")), names)
                if is_ours:
                    yield "close", name
            case "r":
                for part in one.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
                    yield "text", part.text or "" if part.tag == qn("w:t") else " "
            case "ins" | "hyperlink" | "smartTag" | "moveTo":
                yield from _events(one, names)


# --- checking ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Checked:
    """One figure of a file: `written` then, `stands` in the file now, `now` in the snapshot; `state` of STATES."""

    key: str
    state: str
    written: str
    stands: str
    now: str


def check(edited: Edited, document: Document) -> list[Checked]:
    """Each figure of the file against the same figure of `document`, what the snapshot says now by the same choices.

    'equal', 'changed' (the file says something else), 'lost' (its control is no more there), 'gone' (the snapshot no
    longer has it).
    """
    current = {tag(key, "f"): number for key, number in document.figures.items()}
    result = []
    for name, was in edited.figures.items():
        stands, now = edited.found.get(name), current.get(name)
        if stands is None:
            state = LOST
        elif now is None:
            state = GONE
        else:
            state = EQUAL if all(one.strip() == now.written for one in stands) else CHANGED
        shown = next((one for one in stands or () if now is None or one.strip() != now.written), (stands or ("",))[0])
        result.append(Checked(was["key"], state, was["written"], shown, now.written if now else ""))
    return result


@dataclass(frozen=True)
class Differing:
    """A place whose words are not what would be written now: a person edited it, or the data changed."""

    place: str
    state: str  # EDITED or CHANGED
    written: str
    stands: str
    now: str


def differing(edited: Edited, document: Document) -> list[Differing]:
    """Every sentence, heading and cell of a table that is not what `document` says, whether or not it is a figure."""
    then, stands, now = _written(edited), _standing(edited), _places(document, edited)
    result = []
    for where in dict.fromkeys([*then, *stands, *now]):
        was, is_there, fresh = (words.get(where, "") for words in (then, stands, now))
        if is_there.strip() != fresh.strip():
            result.append(Differing(where, CHANGED if is_there == was else EDITED, was, is_there, fresh))
    return result


def edited_cells(edited: Edited) -> list[str]:
    """The cells that a person edited: tables are written anew, and what was typed there is not kept."""
    found = []
    for place, rows in edited.tables.items():
        then = _table_then(edited, place)
        was = _cells(place, then, then)
        found += [where for where, words in _cells(place, rows, then).items() if words != was.get(where, "")]
    return found


def _cells(place: str, rows: list[list[str]], then: list[list[str]]) -> dict[str, str]:
    """A cell is named by its column and the row that it had when the file was written, row 0 being the head.

    Rows are told by their first cells, as many as it takes that no two were alike, so that a row put in leaves those
    below it as they are; it is called after the row that it follows, `3+1`.
    """
    wide = next((n for n in range(1, len(then[0])) if len({*_firsts(then, n)}) == len(then)), len(then[0]))
    found: dict[str, str] = {}
    matcher = SequenceMatcher(None, _firsts(then, wide), _firsts(rows, wide), autojunk=False)
    for _, a, a_end, b, b_end in matcher.get_opcodes():
        for at in range(b, b_end):
            row = a + at - b
            name = str(row) if row < a_end else f"{a_end - 1}+{row - a_end + 1}"
            found |= {f"{place}[{name},{c + 1}]": words for c, words in enumerate(rows[at])}
    return found


def _firsts(rows: list[list[str]], wide: int) -> list[tuple[str, ...]]:
    return [tuple(row[:wide]) for row in rows]


def _written(edited: Edited) -> dict[str, str]:
    """By place: what was written when the file was made; of what was a person's already, what would have been."""
    found = {one["key"]: one["now"] if one["text"] is None else one["text"] for one in edited.sentences.values()}
    for one in edited.places.values():
        found |= _cells(one["place"], one["cells"], one["cells"]) if "cells" in one else {}
        found |= {one["place"]: one["text"] or ""} if "text" in one else {}
    return found


def _standing(edited: Edited) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for number, paragraph in enumerate(edited.paragraphs):
        if paragraph.place:
            last = paragraph.place
            if "text" in edited.places[tag(last, "p")]:
                found[last] = found.get(last, "") + paragraph.text
                continue
        known = [edited.sentences[piece.tag] for piece in paragraph.pieces if piece.tag in edited.sentences]
        is_around = bool(paragraph.place) or _is_around([one["place"] for one in known])
        for piece in paragraph.pieces:
            own = edited.sentences.get(piece.tag)
            if own is None and is_around:
                continue
            last = own["key"] if own else last
            key = own["key"] if own else f"{last}.added.{number}"
            found[key] = found.get(key, "") + piece.text
    for place, rows in edited.tables.items():
        found |= _cells(place, rows, _table_then(edited, place))
    return {where: words for where, words in found.items() if words.strip()}


def _is_around(places: list[str]) -> bool:
    """Whether a paragraph is a caption or a note: its number, and the word before it, are ours."""
    return bool(places) and not places[0].startswith("paragraph:")


def _table_then(edited: Edited, place: str) -> list[list[str]]:
    return edited.places[tag(place, "p")]["cells"]


def _places(document: Document, edited: Edited) -> dict[str, str]:
    """Of charts the cells only where they stand in the file: one that was drawn has none."""
    then = {one["place"]: one["cells"] for one in edited.places.values() if "cells" in one}
    found = {one.key: one.text for _, one in document.sentences}
    for block in document.every_block:
        if isinstance(block, Heading):
            found[place_of(block)] = block.words
        elif isinstance(block, Table) or (isinstance(block, Chart) and place_of(block) in then):
            rows = cells(block if isinstance(block, Table) else block.table)
            found |= _cells(place_of(block), rows, then.get(place_of(block), rows))
    return found


# --- keeping what people wrote -----------------------------------------------------------------------------------
def merged(edited: Edited, document: Document) -> Document:
    """The document with the sentences that a person edited in place of the written ones, and the blanks filled in.

    In what is kept, a figure that has changed since stays as it stands and is marked with what it is now, and so is the
    whole sentence. A sentence that a person deleted stays deleted; paragraphs that a person put in, and what a person
    wrote where nothing is written any more, stay behind what they followed.
    """
    fresh = {tag(sentence.key, "s"): sentence for _, sentence in document.sentences}
    numbers = {tag(key, "f"): number for key, number in document.figures.items()}
    there = {place_of(block) for block in document.every_block}
    theirs: dict[str, list[Piece]] = {}  # place of a paragraph → what stands in it
    added: dict[str, list[str]] = {}  # place → the paragraphs that follow it; '' before the first
    headings: dict[str, str] = {}
    last = ""
    for standing in edited.paragraphs:
        of = [edited.sentences[piece.tag]["place"] for piece in standing.pieces if piece.tag in edited.sentences]
        where = standing.place or (of[0] if of else "")
        if where in there:
            last = where
            if of:
                theirs.setdefault(where, []).extend(standing.pieces)  # a paragraph that a person parted is one again
            else:
                was = edited.places[tag(where, "p")]
                if "text" in was and standing.text.strip() not in ("", was["text"]):
                    headings[where] = standing.text
        elif not standing.place:
            pieces = [piece for piece in standing.pieces if piece.tag or not _is_around(of)]
            own = [piece.text for piece in pieces if not _is_untouched(piece, edited)]
            if words := "".join(own).strip():
                added.setdefault(last, []).append(words)

    def more(where: str) -> list[Block]:
        return [
            Paragraph(f"{where.partition(':')[2]}.added.{at}", (Sentence("", (words,), True),))
            for at, words in enumerate(added.get(where, ()))
        ]

    def block(one: Block) -> list[Block]:
        where = place_of(one)
        if isinstance(one, Heading):
            one = replace(one, words=headings.get(where, one.words), is_kept=where in headings)
        elif isinstance(one, Paragraph) and where in theirs:
            one = replace(one, sentences=_sentences(tuple(theirs[where]), one, edited, fresh, numbers))
        elif isinstance(one, Paragraph) and any(said["place"] == where for said in edited.sentences.values()):
            return []
        elif isinstance(one, Table | Chart):
            one = _with_words(one, theirs.get(where, []), edited, fresh, numbers)
        is_said = not isinstance(one, Paragraph) or one.sentences
        return [*([one] if is_said else []), *more(where)]

    def blank(part: str | Blank) -> str | Blank:
        typed = edited.blanks.get(tag(part.key, "b"), "").strip("　 ") if isinstance(part, Blank) else ""
        return replace(part, words=typed) if typed else part

    def filled(whole: Any, *names: str) -> Any:
        if whole is None:
            return None
        return replace(whole, **{name: tuple(map(blank, getattr(whole, name))) for name in names})

    return replace(
        document,
        head=filled(document.head, "number", "date"),
        close=filled(document.close, "date", "copies", "printed"),
        blocks=(*more(""), *(new for one in document.blocks for new in block(one))),
        annexes=tuple(
            replace(annex, blocks=tuple(new for one in annex.blocks for new in block(one)))
            for annex in document.annexes
        ),
    )


def _sentences(
    pieces: tuple[Piece, ...],
    paragraph: Paragraph,
    edited: Edited,
    fresh: dict[str, Sentence],
    numbers: dict[str, Number],
) -> tuple[Sentence, ...]:
    """The sentences of one paragraph: fresh where nobody touched them, a person's where somebody did, and the new."""
    result = [sentence for piece in pieces for sentence in _told(piece, edited, fresh, numbers)]
    here = {sentence.key for sentence in result}
    for at, sentence in enumerate(paragraph.sentences):
        is_new = tag(sentence.key, "s") not in edited.sentences
        if is_new and sentence.key not in here:
            result.insert(min(at, len(result)), sentence)
    return tuple(result)


def _told(piece: Piece, edited: Edited, fresh: dict[str, Sentence], numbers: dict[str, Number]) -> Iterator[Sentence]:
    """What is to stand there: nothing where it was deleted, or is no longer to be said."""
    then = edited.sentences.get(piece.tag)
    if _is_untouched(piece, edited) or (then and piece.tag in fresh and piece.text == fresh[piece.tag].text):
        if piece.tag in fresh:
            yield fresh[piece.tag]
    elif piece.text.strip() and then:
        now = fresh[piece.tag].text if piece.tag in fresh else ""
        yield Sentence(then["key"], tuple(_kept(run, numbers) for run in piece.runs), True, _basis(piece, then), now)
    elif piece.text.strip():
        yield Sentence("", (piece.text,), is_kept=True)


def _with_words(
    block: Table | Chart,
    pieces: list[Piece],
    edited: Edited,
    fresh: dict[str, Sentence],
    numbers: dict[str, Number],
) -> Table | Chart:
    """With the title and the note that a person wrote; what stands beside them, as their number, is written anew."""
    own = around(block)
    told = {sentence.key: sentence for piece in pieces for sentence in _told(piece, edited, fresh, numbers)}
    kept = tuple(told[one.key] for one in own.values() if one.key in told and told[one.key].is_kept)
    if not kept:
        return block
    words = {part: sentence.text for part, one in own.items() for sentence in kept if sentence.key == one.key}
    if isinstance(block, Chart) and "note" in words:
        words["source"] = words.pop("note")
    return replace(block, kept=kept, **words)


def _is_untouched(piece: Piece, edited: Edited) -> bool:
    return piece.tag in edited.sentences and piece.text == edited.sentences[piece.tag]["text"]


def _basis(piece: Piece, then: dict[str, str]) -> str:
    """What the person had before them who wrote this: who edits a sentence again has seen what would be written."""
    if then["text"] is not None:
        return then["text"]
    return then["basis"] if piece.text == then["kept"] else then["now"]


def _kept(run: str | tuple[str, str], numbers: dict[str, Number]) -> Run:
    if isinstance(run, str):
        return run
    name, words = run
    now = numbers.get(name)
    if now is None:
        return words
    return now if words.strip() == now.written else replace(now, was=words)


def marked(document: Document) -> list[tuple[str, Number]]:
    """(sentence, figure) of every figure in a kept sentence that the snapshot has otherwise now."""
    return [
        (figure_key(sentence.key, run.source), run)
        for paragraph in document.paragraphs
        for sentence in paragraph.sentences
        for run in sentence.runs
        if isinstance(run, Number) and run.was
    ]
