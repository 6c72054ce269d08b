"""A table of texts as nodes: some thousand cells as components would make an answer slow."""

from collections.abc import Container, Sequence
from typing import Any

from dashboard.components.light import Light


def light_table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], marked: Container[int] = (), mark: str = ""
) -> Light:
    """`marked`: numbers of the rows that stand out; `mark`: what that means, for the eye and for the ear."""
    head: list[Any] = [["th", {"scope": "col"}, [column]] for column in columns]
    body = []
    for number, (first, *rest) in enumerate(rows):
        is_marked = number in marked
        sign = [["span", {"className": "mark", "role": "img", "title": mark, "aria-label": mark}, ["●"]]]
        name = ["th", {"scope": "row"}, [*(sign if is_marked else []), first]]
        cells = [["td", {}, [text]] for text in rest]
        body.append(["tr", {"className": "marked"} if is_marked else {}, [name, *cells]])
    about = ["caption", {"className": "visually-hidden"}, [caption]]
    parts = [about, ["thead", {}, [["tr", {}, head]]], ["tbody", {}, body]]
    return Light([["table", {"className": "light-table"}, parts]])
