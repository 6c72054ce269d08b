"""The way of cases from one step to the next, all in one unit, with what was lost between two steps and why.

The counts are those of a period and not of a cohort: a step may hold more than the one before it. Vertical places are
pixels (the figure has a height of its own), so that texts keep their distances on every screen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.doors import doors
from dashboard.charts.figure import Figure, Trace, scatter
from dashboard.i18n.text import Text, known, number
from dashboard.rows import rows_of

BLOCK, GAP = 1.0, 1.2  # widths; a block begins every BLOCK + GAP
TALLEST = 150  # pixels of the highest block
HEAD = 40  # above it, for its number
ROW = 24  # of one loss
LINE = 17
MISSING_HEIGHT = 44
LONGEST_LOSS = 0.42  # of a gap
NARROWEST = 1190  # pixels of the narrowest drawing on which texts must fit
FEWEST_FOR_PERCENT = 50  # below it a share is written as x/n


@dataclass(frozen=True)
class FlowWords:
    """The words on the drawing, in the viewer's language."""

    unit: str
    lost: str  # '未进入下一步 {n} 件'
    overdue: str
    more: str  # under a rate above 100 %
    no_data: str


def flow_words(t: Text, unit: str) -> FlowWords:
    return FlowWords(
        unit=unit,
        lost=t("chart.flow.lost", n="{n}", unit=unit),
        overdue=t("chart.flow.overdue"),
        more=t("chart.flow.more"),
        no_data=t("chart.no_data"),
    )


def flow(steps: pd.DataFrame, losses: pd.DataFrame, words: FlowWords) -> Figure:
    """`steps` in their order: step, label, value, beside (lines about something not counted in this unit, or null).

    `losses`: step (after which they left), label, value, is_overdue. A value that is not known is said, not drawn.
    """
    if steps.empty:
        return theme.empty(words.no_data)
    drawing = _Drawing(steps.reset_index(drop=True), losses, words)
    depth = max([ROW, *(drawing.loss_depth(i) for i in range(len(steps))), *drawing.beside_depths()]) + 10
    traces = [drawing.hover_points()]
    end = drawing.left(len(steps) - 1) + BLOCK
    layout = {
        "height": TALLEST + HEAD + depth + 8,
        "margin": {"l": 2, "r": 2, "t": 4, "b": 4},
        "xaxis": {"range": [0, end], "visible": False},
        "yaxis": {"range": [-depth, TALLEST + HEAD], "visible": False},
        "shapes": list(drawing.shapes()),
        "annotations": list(drawing.texts()),
    }
    return Figure(traces, layout)


@dataclass(frozen=True)
class _Loss:
    """One reason, set in lines that fit beside its bar."""

    top: float
    bar: float  # width in units of x
    lines: list[str]
    is_overdue: bool
    is_known: bool


class _Drawing:
    """Where everything stands; the figure is made of its shapes and texts."""

    def __init__(self, steps: pd.DataFrame, losses: pd.DataFrame, words: FlowWords):
        self.steps, self.words = steps, words
        self.values = [float(value) if known(value) else None for value in steps["value"]]
        self.highest = max([value for value in self.values if value is not None], default=0.0) or 1.0
        self.pixel = (len(steps) * BLOCK + (len(steps) - 1) * GAP) / NARROWEST  # one, in units of x
        most = losses["value"].max() if len(losses) else 0
        self.most_lost = float(most) if known(most) and most > 0 else 1.0
        self.lost = [losses[losses["step"] == step] for step in steps["step"]]
        self.losses = [self._set(i) for i in range(len(steps))]

    def left(self, i: int) -> float:
        return i * (BLOCK + GAP)

    def height(self, i: int) -> float:
        """A little for the smallest count, and nothing but a line for none."""
        value = self.values[i]
        if value is None:
            return MISSING_HEIGHT
        return max(TALLEST * value / self.highest, 3.0 if value else 1.0)

    def loss_depth(self, i: int) -> float:
        return max([loss.top + LINE * len(loss.lines) for loss in self.losses[i]], default=0.0) + 4

    def beside_depths(self) -> Iterator[float]:
        for text in self.steps["beside"]:
            yield 26 + LINE * len(str(text).split("\n")) if known(text) else ROW

    # --- shapes -----------------------------------------------------------------------------------------------
    def shapes(self) -> Iterator[dict[str, Any]]:
        for i in range(len(self.steps) - 1):
            if self.values[i] is not None and self.values[i + 1] is not None:
                yield self._stream(i)
        for i in range(len(self.steps)):
            yield self._block(i)
            for loss in self.losses[i]:
                yield from self._bar(i, loss)
            if self.losses[i]:
                x = self.left(i) + BLOCK + 8 * self.pixel
                yield _shape("line", x, 0, x, -34, line={"color": theme.LINE2, "width": 1})

    def _stream(self, i: int) -> dict[str, Any]:
        """From block to block, so that the eye follows what is left; it may also rise."""
        x0, x1 = self.left(i) + BLOCK, self.left(i + 1)
        path = f"M {x0},0 L {x0},{self.height(i)} L {x1},{self.height(i + 1)} L {x1},0 Z"
        return {"type": "path", "path": path, "fillcolor": theme.NEUTRAL[0], "line": {"width": 0}, "layer": "below"}

    def _block(self, i: int) -> dict[str, Any]:
        x = self.left(i)
        if self.values[i] is None:
            frame = {"color": theme.INK3, "width": 1, "dash": "4px,3px"}
            inset = 1 * self.pixel
            return _shape("rect", x + inset, 1, x + BLOCK - inset, MISSING_HEIGHT, fillcolor=theme.CLEAR, line=frame)
        return _shape("rect", x, 0, x + BLOCK, self.height(i), fillcolor=theme.NEUTRAL[4])

    def _bar(self, i: int, loss: _Loss) -> Iterator[dict[str, Any]]:
        if loss.bar:
            x, top = self._loss_left(i), -loss.top - 2
            color = theme.OVER if loss.is_overdue else theme.NEUTRAL[2]
            yield _shape("rect", x, top, x + loss.bar, top - 13, fillcolor=color)

    # --- texts ------------------------------------------------------------------------------------------------
    def texts(self) -> Iterator[dict[str, Any]]:
        for i in range(len(self.steps)):
            yield from self._block_texts(i)
            yield from self._loss_texts(i)
            if i + 1 < len(self.steps):
                yield from self._rate(i)

    def _block_texts(self, i: int) -> Iterator[dict[str, Any]]:
        x, value = self.left(i), self.values[i]
        label = f"<b>{theme.plain(self.steps['label'][i])}</b>"
        yield theme.note(label, x, -16, size=theme.NAME + 1, color=theme.INK)
        if value is None:
            text = theme.plain(self.words.no_data)
            yield theme.note(text, x + BLOCK / 2, MISSING_HEIGHT / 2, size=theme.LABEL, anchor="center")
        else:
            unit = f'<span style="font-size:13px;color:{theme.INK2}"> {theme.plain(self.words.unit)}</span>'
            text = f"<b>{number(value, 0)}</b>{unit}"
            yield theme.note(text, x, self.height(i) + 19, size=26, color=theme.INK)
        beside = self.steps["beside"][i]
        for k, line in enumerate(str(beside).split("\n") if known(beside) else []):
            color = theme.INK2 if k == 0 else theme.INK3
            yield theme.note(theme.plain(line), x, -36 - LINE * k, size=theme.LABEL if k == 0 else 12, color=color)

    def _rate(self, i: int) -> Iterator[dict[str, Any]]:
        """What went on to the next step: a share, or x/n where n is too small for one."""
        before, after = self.values[i], self.values[i + 1]
        if before is None or after is None or before == 0:
            return
        x = self.left(i) + BLOCK + GAP / 2
        is_small = before < FEWEST_FOR_PERCENT
        text = f"{number(after, 0)}/{number(before, 0)}" if is_small else f"{number(100 * after / before, 0)}%"
        more = theme.wrapped(self.words.more, GAP / self.pixel - 10) if after > before else []
        place = 16 + 15 * len(more)
        yield theme.note(f"<b>{text}</b>", x, place, size=18, color=theme.BRAND, anchor="center")
        for k, line in enumerate(reversed(more)):
            yield theme.note(theme.plain(line), x, 11 + 15 * k, anchor="center")

    def _loss_texts(self, i: int) -> Iterator[dict[str, Any]]:
        rows = self.lost[i]
        if rows.empty:
            return
        x = self._loss_left(i)
        if rows["value"].notna().all():
            head = self.words.lost.format(n=number(float(rows["value"].sum()), 0))
            has_room = theme.text_width(head, theme.LABEL) < GAP / self.pixel - 24  # before the next step's name
            size = theme.LABEL if has_room else theme.CAPTION - 1
            yield theme.note(theme.plain(head), x, -16, size=size, color=theme.INK2)
        for loss in self.losses[i]:
            color = theme.OVER if loss.is_overdue else (theme.INK if loss.is_known else theme.INK3)
            left = x + loss.bar + (6 * self.pixel if loss.bar else 0)
            for k, line in enumerate(loss.lines):
                y = -loss.top - LINE / 2 - LINE * k
                yield theme.note(line, left, y, size=theme.LABEL, color=color)

    def hover_points(self) -> Trace:
        """Plotly shows nothing for shapes: an unseen point in each block carries its words."""
        there = [i for i, value in enumerate(self.values) if value is not None]
        words = [f"{self.steps['label'][i]}: {number(self.values[i], 0)} {self.words.unit}" for i in there]
        return scatter(
            x=[self.left(i) + BLOCK / 2 for i in there],
            y=[self.height(i) / 2 for i in there],
            mode="markers",
            marker={"size": 24, "opacity": 0},
            hovertext=[theme.plain(text) for text in words],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=doors(self.steps.iloc[there]),
        )

    # --- losses -----------------------------------------------------------------------------------------------
    def _loss_left(self, i: int) -> float:
        return self.left(i) + BLOCK + 16 * self.pixel

    def _room(self, i: int) -> float:
        """Pixels for the losses after a step: the gap, and what lies under the next block if nothing is written there.

        The last block's losses would run over the edge, so they begin no farther than it.
        """
        last = len(self.steps) - 1
        width = GAP if i < last and known(self.steps["beside"][i + 1]) else GAP + BLOCK * 0.9
        return width / self.pixel - 20

    def _set(self, i: int) -> list[_Loss]:
        found, top = [], 30.0
        for row in rows_of(self.lost[i]):
            is_known = known(row.value)
            is_overdue = bool(row.is_overdue) and is_known and row.value > 0
            bar = max(LONGEST_LOSS * GAP * float(row.value) / self.most_lost, 4 * self.pixel) if is_known else 0.0
            bar = bar if is_known and row.value > 0 else 0.0
            value = number(row.value, 0) if is_known else self.words.no_data
            rest = f" · {self.words.overdue}" if is_overdue else ""
            lines = _wrapped(str(row.label), value, rest, self._room(i) - bar / self.pixel - 6)
            found.append(_Loss(top, bar, lines, is_overdue, is_known))
            top += LINE * len(lines) + (ROW - LINE)
        return found


def _wrapped(label: str, value: str, rest: str, room: float) -> list[str]:
    """A loss in one line, or in as many as it needs; its number stands behind the last word."""
    tail = theme.text_width(f" {value}{rest}", theme.LABEL, bold=True)
    lines = theme.wrapped(label, room, theme.LABEL)
    if theme.text_width(lines[-1], theme.LABEL) + tail > room:
        lines = theme.wrapped(label, room - tail, theme.LABEL)
    last = f"{theme.plain(lines[-1])} <b>{theme.plain(value)}</b>{theme.plain(rest)}"
    return [*map(theme.plain, lines[:-1]), last]


def _shape(kind: str, x0: float, y0: float, x1: float, y1: float, **more: Any) -> dict[str, Any]:
    return {"type": kind, "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": {"width": 0}, **more}
