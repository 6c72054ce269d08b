"""What Word and PDF have in common of the layout of GB/T 9704-2012."""

from dashboard.charts import theme

TEXT_WIDTH = 442.2  # points: 156 mm
GAP = "　　"  # a blank that nobody has filled in
LARGEST_MASTHEAD, WIDEST_SPREAD = 56, 24.0  # points


def masthead(words: str) -> tuple[int, float]:
    """Its size, and what is added after each of its characters, in points: as striking as the line has room for."""
    width = theme.text_width(words, 1.0)
    size = round(min(LARGEST_MASTHEAD, 0.95 * TEXT_WIDTH / width))
    return size, min(WIDEST_SPREAD, max(0.0, (0.75 * TEXT_WIDTH - size * width) / max(1, len(words))))


def text_of(kind: str, pitch: float) -> tuple[float, float]:
    """Size and pitch of the text in points: 3号 in a bulletin; a letter to a department must fit on one page."""
    return (14.0, 20.0) if kind == "letter" else (16.0, pitch)
