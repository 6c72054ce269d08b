"""A document as PDF, set by Typst from the same model: the same words and figures as in Word, charts as vectors.

The office's own faces are used where they are installed; what stands in for another is said on the last page.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from dashboard.i18n.text import Text, translator
from dashboard.reports import fonts, layout
from dashboard.reports.model import Blank, Block, Chart, Document, Heading, Paragraph, Table
from dashboard.settings import Bulletin

TEMPLATE = Path(__file__).with_name("bulletin.typ")
# After the office's own face, in order; the last has every character that a name may need.
FACES = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "Source Han Serif SC", fonts.SERIF),
    "body": ("FangSong_GB2312", "FangSong", "仿宋", "STFangsong", "Zhuque Fangsong", fonts.SERIF),
    "kai": ("KaiTi_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai", fonts.SERIF),
    "hei": ("SimHei", "Heiti SC", fonts.FAMILY),
    "song": ("SimSun", "Songti SC", fonts.SERIF),
}


@functools.cache
def installed() -> typst.Fonts:
    """The machine's fonts and ours."""
    return typst.Fonts(True, False, [str(folder) for folder in fonts.folders()])


def faces(how: Bulletin) -> dict[str, list[str]]:
    """Role → the faces there are, in the order in which they are tried."""
    there = {family.lower(): family for family in installed().families()}
    return {
        role: [there[name.lower()] for name in (how.fonts[role], *FACES[role]) if name.lower() in there]
        for role in FACES
    }


def replaced(how: Bulletin) -> list[tuple[str, str, str]]:
    """(role, the office's face, what is used in its place), of those that are not installed."""
    found = faces(how)
    return [
        (role, how.fonts[role], names[0])
        for role, names in found.items()
        if names[0].lower() != how.fonts[role].lower()
    ]


def replaced_words(t: Text, how: Bulletin) -> list[str]:
    return [
        t("bulletin.replaced", role=t(f"bulletin.role.{role}"), wanted=wanted, used=used)
        for role, wanted, used in replaced(how)
    ]


def to_pdf(document: Document, how: Bulletin, drawings: Mapping[str, str]) -> bytes:
    """`drawings`: of a chart's key its SVG; a chart without one stands as its table."""
    data = _data(document, how, drawings)
    with TemporaryDirectory() as nothing:  # nothing can be read from there
        made = typst.compile(
            TEMPLATE.read_bytes(),
            root=nothing,
            font_paths=installed(),
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            timestamp=0,
        )
    return made if isinstance(made, bytes) else made[0]


def _data(document: Document, how: Bulletin, drawings: Mapping[str, str]) -> dict[str, Any]:
    t = translator(document.origin.lang)
    type_ = layout.text_of(document, how.pitch)
    annexes = [
        {
            "number": annex.number,
            "title": annex.title,
            "listed": t("bulletin.annexes.one", n=at, title=annex.title),
            "blocks": _blocks(annex.blocks, drawings, t, type_.small),
        }
        for at, annex in enumerate(document.annexes, start=1)
    ]
    close = document.close
    return {
        "lang": document.origin.lang,
        "name": t("bulletin.sep").join(document.title),
        "author": close.office if close else "",
        "title": list(document.title),
        "addressees": document.addressees,
        "how": {
            "fonts": {role: [*_latin(document, role), *names] for role, names in faces(how).items()},
            "size": type_.size,
            "pitch": type_.pitch,
            "small": type_.small,
            "margin": layout.CELL_MARGIN,
            "red": how.red,
            "bold": how.bold,
            "page_number": how.page_number,
            "end_matter_even": how.end_matter_even,
        },
        "head": _head(document),
        "blocks": _blocks(document.blocks, drawings, t, type_.small),
        "annexes": annexes,
        "close": close
        and {
            "annexes": close.annexes,
            "office": close.office,
            **{name: _plain(getattr(close, name)) for name in ("date", "copies", "printed")},
        },
        "notes": _notes(document, how, t) if document.kind == "bulletin" else [],  # a letter has one page
    }


def _latin(document: Document, role: str) -> list[str]:
    """Before the faces of a role: what English sets its own letters and marks in."""
    if document.origin.lang != "en":
        return []
    return [fonts.LATIN if FACES[role][-1] == fonts.FAMILY else fonts.LATIN_SERIF]


def _notes(document: Document, how: Bulletin, t: Text) -> list[str]:
    stale = [
        t("bulletin.stale.kept" if one.now else "bulletin.stale.kept_gone", stands=one.text, now=one.now)
        for one in document.stale
    ]
    return [*replaced_words(t, how), *stale]


def _head(document: Document) -> dict[str, Any] | None:
    head = document.head
    if head is None:
        return None
    size, spread = layout.masthead(head.masthead)
    words = {name: _plain(getattr(head, name)) for name in ("number", "date")}
    return {
        **{name: getattr(head, name) for name in ("kind", "masthead", "draft", "office")},
        **words,
        "size": size,
        "spread": spread,
    }


def _plain(words: tuple[str | Blank, ...]) -> str:
    return "".join(part.words or layout.GAP if isinstance(part, Blank) else part for part in words)


def _blocks(blocks: tuple[Block, ...], drawings: Mapping[str, str], t: Text, small: float) -> list[dict[str, Any]]:
    return [_block(block, drawings, t, small) for block in blocks]


def _block(block: Block, drawings: Mapping[str, str], t: Text, small: float) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "words": block.words}
        case Paragraph():
            return {"kind": "paragraph", "words": block.text}
        case Table():
            return _table(block, t("bulletin.note", note=block.note) if block.note else "", small)
        case Chart():
            if block.key not in drawings:
                return _table(block.table, block.source, small)
            shown = {name: getattr(block, name) for name in ("number", "title", "about", "source")}
            return {"kind": "chart", "picture": drawings[block.key], **shown}
    raise TypeError(block)


def _table(table: Table, note: str, small: float) -> dict[str, Any]:
    widths = layout.widths(table, small, layout.TEXT_WIDTH)
    return {
        "kind": "table",
        "number": table.number,
        "title": table.title,
        "columns": [
            {"words": c.words, "number": c.is_number, "width": width} for c, width in zip(table.columns, widths)
        ],
        "rows": [[str(cell) for cell in row] for row in table.rows],
        "note": note,
    }
