"""A Word file that people edited: do its figures still equal the snapshot, and which of its sentences are theirs.

A sentence stands between two bookmarks, a figure in a control, a heading and a caption in a bookmark of their place;
what they and the tables were when the file was written lies in a part of the file. Whoever types over a control loses
it: then the figure counts as lost, and the words are kept as they are.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    sentences: dict[str, dict[str, str]]  # tag → key, paragraph, text
    places: dict[str, dict[str, Any]]  # tag → place, text of a heading or cells of a table
    found: dict[str, tuple[str, ...]]  # tag of a figure → what stands in its controls now
    paragraphs: tuple[Standing, ...]
    tables: dict[str, list[list[str]]]  # place → what stands in its cells
    blanks: dict[str, str]  # tag → what a person typed

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
            if "places" not in about:
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
    then, stands, now = _written(edited), _standing(edited), _places(document, set(edited.tables))
    result = []
    for where in dict.fromkeys([*then, *stands, *now]):
        was, is_there, fresh = (words.get(where, "") for words in (then, stands, now))
        if is_there.strip() != fresh.strip():
            result.append(Differing(where, CHANGED if is_there == was else EDITED, was, is_there, fresh))
    return result


def edited_cells(edited: Edited) -> list[str]:
    """The cells that a person edited: tables are written anew, and what was typed there is not kept."""
    then = {one["place"]: one["cells"] for one in edited.places.values() if "cells" in one}
    return [
        where
        for place, rows in edited.tables.items()
        for where, words in _cells(place, rows).items()
        if words != _cells(place, then[place]).get(where, "")
    ]


def _cells(place: str, rows: list[list[str]]) -> dict[str, str]:
    """A cell is named by its row and column, counted from the head of the table, which is row 0."""
    return {f"{place}[{r},{c + 1}]": words for r, row in enumerate(rows) for c, words in enumerate(row)}


def _written(edited: Edited) -> dict[str, str]:
    """By place: what was written when the file was made; of what was a person's already, what would have been."""
    found = {one["key"]: one["now"] if one["text"] is None else one["text"] for one in edited.sentences.values()}
    for one in edited.places.values():
        found |= _cells(one["place"], one["cells"]) if "cells" in one else {}
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
        for piece in paragraph.pieces:
            own = edited.sentences.get(piece.tag)
            last = own["key"] if own else last
            key = own["key"] if own else f"{last}.added.{number}"
            found[key] = found.get(key, "") + piece.text
    for place, rows in edited.tables.items():
        found |= _cells(place, rows)
    return {where: words for where, words in found.items() if words.strip()}


def _places(document: Document, as_tables: set[str]) -> dict[str, str]:
    """`as_tables`: the places whose cells stand in the file: a chart that was drawn has none."""
    found = {one.key: one.text for paragraph in document.paragraphs for one in paragraph.sentences}
    for block in document.every_block:
        if isinstance(block, Heading):
            found[place_of(block)] = block.words
        elif isinstance(block, Table) or (isinstance(block, Chart) and place_of(block) in as_tables):
            found |= _cells(place_of(block), cells(block if isinstance(block, Table) else block.table))
    return found


# --- keeping what people wrote -----------------------------------------------------------------------------------
def merged(edited: Edited, document: Document) -> Document:
    """The document with the sentences that a person edited in place of the written ones, and the blanks filled in.

    In what is kept, a figure that has changed since stays as it stands and is marked with what it is now, and so is the
    whole sentence. A sentence that a person deleted stays deleted; paragraphs that a person put in, and what a person
    wrote where nothing is written any more, stay behind what they followed.
    """
    fresh = {tag(sentence.key, "s"): sentence for paragraph in document.paragraphs for sentence in paragraph.sentences}
    numbers = {tag(key, "f"): number for key, number in document.figures.items()}
    there = {place_of(block) for block in document.every_block}
    theirs: dict[str, list[Piece]] = {}  # place of a paragraph → what stands in it
    added: dict[str, list[str]] = {}  # place → the paragraphs that follow it; '' before the first
    headings: dict[str, str] = {}
    last = ""
    for standing in edited.paragraphs:
        keys = [edited.sentences[piece.tag]["paragraph"] for piece in standing.pieces if piece.tag in edited.sentences]
        where = standing.place or (f"paragraph:{keys[0]}" if keys else "")
        if where in there:
            last = where
            if keys:
                theirs.setdefault(where, []).extend(standing.pieces)  # a paragraph that a person parted is one again
            else:
                was = edited.places[tag(where, "p")]
                if "text" in was and standing.text.strip() not in ("", was["text"]):
                    headings[where] = standing.text
        elif not standing.place:
            own = [piece.text for piece in standing.pieces if not _is_untouched(piece, edited)]
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
        elif isinstance(one, Paragraph) and any(said["paragraph"] == one.key for said in edited.sentences.values()):
            return []
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
    result: list[Sentence] = []
    for piece in pieces:
        then = edited.sentences.get(piece.tag)
        if _is_untouched(piece, edited):
            if piece.tag in fresh:  # else: what it said is no longer to be said
                result.append(fresh[piece.tag])
        elif then and piece.tag in fresh and piece.text == fresh[piece.tag].text:
            result.append(fresh[piece.tag])
        elif then and piece.text.strip():
            now = fresh[piece.tag].text if piece.tag in fresh else ""
            runs = tuple(_kept(run, numbers) for run in piece.runs)
            result.append(Sentence(then["key"], runs, True, _basis(piece, then), now))
        elif piece.text.strip():
            result.append(Sentence("", (piece.text,), is_kept=True))
    here = {sentence.key for sentence in result}
    for at, sentence in enumerate(paragraph.sentences):
        is_new = tag(sentence.key, "s") not in edited.sentences
        if is_new and sentence.key not in here:
            result.insert(min(at, len(result)), sentence)
    return tuple(result)


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
