"""What the two pages about supervision share: small numbers in words, and the notes of their files."""

import datetime

from dashboard.i18n.text import Text, known, number, quarter_name
from dashboard.pages._scene import Scene


def count_words(t: Text, n: int) -> str:
    """Small numbers as words, the way a sentence says them."""
    return t(f"supervision.count.{n}") if n < 10 else number(n, 0)


def whole(value: float) -> int | None:
    """As a whole number; None where it is not known."""
    return int(value) if known(value) else None


def notes_of(now: Scene, title: str, path: str, kind: str, source: str) -> tuple[tuple[str, str], ...]:
    """What a reader needs who has only the file."""
    t = now.t
    return (
        (t("sheet.title"), f"{t('app.name')} · {title} · {quarter_name(t, now.quarter)}"),
        (t("sheet.kind"), kind),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        (t("sheet.source"), source),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{path}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
