"""What a text must be to be kept."""

import re

from dashboard.store.file import StoreError

# A pinned note stands at the foot of a chart: a sentence or two.
LONGEST = {"who": 60, "owner": 60, "note": 1000, "text": 4000, "pinned": 200, "reason": 200}
# Eighteen digits of an identity card, eleven of a mobile telephone: neither belongs here.
PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


def tidy(field: str, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\t", " ").strip()
    if len(text) > LONGEST[field]:
        raise StoreError("too_long", field=field, most=LONGEST[field], given=len(text))
    breaks = "\n" if field in ("note", "text") else ""
    if not all(sign.isprintable() or sign in breaks for sign in text):
        raise StoreError("unreadable", field=field)
    if PERSONAL.search(text):
        raise StoreError("personal", field=field)
    return text


def one_line(field: str, text: str) -> str:
    """The text tidied, in one line, as it stands under a chart; raises where there is none."""
    text = tidy(field, " ".join(text.split()))
    if not text:
        raise StoreError("empty", field=field)
    return text
