"""What an office would mark in red in a Chinese text: GB/T 15834 and 15835 as far as a program can see it."""

import re

from dashboard.reports.model import Document, Heading, Paragraph, Table

HAN = "\u4e00-\u9fff"
# pattern → what is wrong with it
WRONG = {
    rf"[{HAN}],|,[{HAN}]": "a half-width comma beside Chinese",
    r"\[\d{4}\]": "square brackets around a year",
    r"年0\d|月0\d": "a leading zero in a date",
    r"(?:^|[。；：])\d、": "1、 in place of 1.",
    r"》、《|”、“": "、 between marks that part by themselves",
    rf"[{HAN}] +\d|\d +[{HAN}]": "a space around a figure",
    r"\d–\d": "a dash for a range of quantities",
    r"。。|，，|；；|：：|，。": "two marks in a row",
    r"约约|第第|个个": "a word twice",
    r"[{}]|None|nan|NaN": "something that was not filled in",
    r"违纪|违法|问题单位|异常单位": "a verdict",
}


def complaints(document: Document) -> list[str]:
    """Each with the place and what is wrong; empty where the text is clean."""
    found = []
    for block in document.every_block:
        match block:
            case Paragraph():
                found += _wrong(block.key, block.text)
            case Heading():
                found += _wrong(block.key, block.words)
                if block.words.endswith(("。", "，", "；", "：")):
                    found.append(f"{block.key}: a heading ends with a mark: {block.words}")
                if re.match(r"（[一二三四五六七八九十\d]+）[、.．]", block.words):
                    found.append(f"{block.key}: a mark after （一）: {block.words}")
            case Table():
                found += _wrong(block.key, f"{block.title} {block.note}")
                units = [column for column in block.columns if column.words == "单位"]  # each row has its own
                for at, column in enumerate([] if units else block.columns):
                    places = {len(str(row[at]).partition(".")[2]) for row in block.rows if _is_figure(str(row[at]))}
                    if len(places) > 1:
                        found.append(f"{block.key}: two styles of figures in “{column.words}”")
    return found


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[+−]?[\d,]+(\.\d+)?", text))


def _wrong(where: str, text: str) -> list[str]:
    return [
        f"{where}: {why}: …{text[max(0, hit.start() - 10) : hit.end() + 10]}…"
        for pattern, why in WRONG.items()
        for hit in re.finditer(pattern, text)
    ]
