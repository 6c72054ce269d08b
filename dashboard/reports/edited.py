"""A Word file that people edited: do its figures still equal the snapshot, and which of its sentences are theirs.

A sentence stands between two bookmarks, a figure in a control; what both were when the file was written lies in a part
of the file. Whoever types over a control loses it: then the figure counts as lost, and the words are kept as they are.
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
from dashboard.reports.model import Blank, Block, Document, Number, Paragraph, Run, Sentence, figure_key
from dashboard.reports.word import NAMESPACE, tag

TEXT_STYLE = "body text"
EQUAL, CHANGED, LOST, GONE = STATES = ("equal", "changed", "lost", "gone")


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
class Edited:
    """A file as it was read. `paragraphs`: those of the text, in order, with the paragraphs that people put in."""

    origin: dict[str, Any]
    figures: dict[str, dict[str, Any]]  # tag → key, value, written: as they were when the file was made
    sentences: dict[str, dict[str, str]]  # tag → key, paragraph, text
    found: dict[str, tuple[str, ...]]  # tag of a figure → what stands in its controls now
    paragraphs: tuple[tuple[Piece, ...], ...]
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
    texts = {style.style_id for style in opened.styles if (style.name or "").lower() == TEXT_STYLE}
    body = tuple(
        pieces
        for paragraph in opened.element.body.findall(qn("w:p"))
        if paragraph.style in texts  # captions, notes and the head are written anew
        and (pieces := tuple(_pieces(paragraph)))
    )
    blanks = {name: words[0] for name, words in found.items() if name.startswith("b_")}
    figures = {name: tuple(words) for name, words in found.items() if name.startswith("f_")}
    return Edited(**about, found=figures, paragraphs=body, blanks=blanks)


def _about(opened: Any) -> dict[str, Any] | None:
    for part in opened.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/") and NAMESPACE.encode() in part.blob:
            about = json.loads(ElementTree.fromstring(part.blob).text or "{}")
            return {name: about[name] for name in ("origin", "figures", "sentences")}
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


# --- keeping what people wrote -----------------------------------------------------------------------------------
def merged(edited: Edited, document: Document) -> Document:
    """The document with the sentences that a person edited in place of the written ones, and the blanks filled in.

    In what is kept, a figure that has changed since stays as it stands and is marked with what it is now. A sentence
    that a person deleted stays deleted; paragraphs that a person put in stay behind the one that they followed.
    """
    fresh = {tag(sentence.key, "s"): sentence for paragraph in document.paragraphs for sentence in paragraph.sentences}
    numbers = {tag(key, "f"): number for key, number in document.figures.items()}
    theirs: dict[str, list[tuple[Piece, ...]]] = {}  # key of a paragraph → its pieces, then those that were put in
    current = ""
    for pieces in edited.paragraphs:
        known = [edited.sentences[piece.tag]["paragraph"] for piece in pieces if piece.tag in edited.sentences]
        if known:
            current = known[0]
            own = theirs.setdefault(current, [()])
            own[0] = (*own[0], *pieces)  # a paragraph that a person parted is one again
        elif current:
            theirs[current].append(pieces)

    def block(one: Block) -> list[Block]:
        if not isinstance(one, Paragraph):
            return [one]
        if one.key not in theirs:
            was_there = any(said["paragraph"] == one.key for said in edited.sentences.values())
            return [] if was_there else [one]
        first, *more = theirs[one.key]
        own = Paragraph(one.key, _sentences(first, one, edited, fresh, numbers))
        added = [
            Paragraph(f"{one.key}.added.{at}", (Sentence("", (piece_text,), True),))
            for at, pieces in enumerate(more)
            if (piece_text := "".join(piece.text for piece in pieces))
        ]
        return [*([own] if own.sentences else []), *added]

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
        blocks=tuple(new for one in document.blocks for new in block(one)),
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
        if then and piece.text == then["text"]:
            if piece.tag in fresh:  # else: what it said is no longer to be said
                result.append(fresh[piece.tag])
            continue
        key = then["key"] if then else ""
        if piece.text.strip():
            runs = tuple(_kept(run, numbers) for run in piece.runs) if key else (piece.text,)
            result.append(Sentence(key, runs, is_kept=True))
    here = {sentence.key for sentence in result}
    for at, sentence in enumerate(paragraph.sentences):
        is_new = tag(sentence.key, "s") not in edited.sentences
        if is_new and sentence.key not in here:
            result.insert(min(at, len(result)), sentence)
    return tuple(result)


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
