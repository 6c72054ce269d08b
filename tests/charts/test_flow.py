"""The case flow: one unit, each loss named, what is not known is said."""

import pandas as pd
import pytest

from dashboard.charts import theme
from dashboard.charts.flow import TALLEST, FlowWords, flow
from tests.charts.checked import checked

flow = checked(flow)

WORDS = FlowWords("件", "未进入下一步 {n} 件", "逾期", "多于前一步", "无数据")
LOSSES = pd.DataFrame(
    [
        {"step": "leads", "label": "予以了结", "value": 78, "is_overdue": False},
        {"step": "leads", "label": "核查中", "value": 67, "is_overdue": False},
        {"step": "filed", "label": "超期在办", "value": 2, "is_overdue": True},
        {"step": "filed", "label": "到期未办", "value": 0, "is_overdue": True},
    ]
)


def steps(*values: float | None, beside: str | None = None) -> pd.DataFrame:
    names = ["leads", "filed", "closed"][: len(values)]
    return pd.DataFrame(
        {"step": names, "label": names, "value": values, "beside": [None] * (len(values) - 1) + [beside]}
    )


def blocks(figure) -> list[float]:
    return [s.y1 for s in figure.layout.shapes if s.type == "rect" and s.fillcolor == theme.NEUTRAL[4]]


def plain(texts: list[str]) -> list[str]:
    return [text.replace("<b>", "").replace("</b>", "") for text in texts]


def test_a_block_is_as_high_as_its_count():
    assert blocks(flow(steps(186, 93, 31), LOSSES, WORDS)) == [TALLEST, TALLEST / 2, TALLEST / 6]


def test_the_rate_stands_between_and_small_numbers_stay_numbers(texts_of):
    texts = plain(texts_of(flow(steps(186, 41, 34), LOSSES, WORDS)))
    assert "22%" in texts
    assert "34/41" in texts  # fewer than 50: a percentage would claim more than it knows


def test_a_step_may_hold_more_than_the_one_before(texts_of):
    figure = flow(steps(50, 60, 30), LOSSES, WORDS)
    assert {"120%", "多于前一步"} <= set(plain(texts_of(figure)))
    assert blocks(figure)[1] == TALLEST


def test_a_missing_step_is_said_and_has_no_rate(texts_of):
    figure = flow(steps(186, None, 34), LOSSES, WORDS)
    texts = plain(texts_of(figure))
    assert "无数据" in texts
    assert len(blocks(figure)) == 2
    assert not [text for text in texts if text.endswith("%") or "/" in text and "span" not in text]
    assert not [shape for shape in figure.layout.shapes if shape.type == "path"]


def test_a_count_of_none_is_0_and_has_no_rate_after_it(texts_of):
    texts = plain(texts_of(flow(steps(186, 0, 34), LOSSES, WORDS)))
    assert any(text.startswith("0<span") for text in texts)
    assert "0%" in texts
    assert not any("∞" in text or "nan" in text.lower() for text in texts)


def test_losses_are_named_and_their_total_is_that_of_the_parts(texts_of):
    texts = plain(texts_of(flow(steps(186, 41, 34), LOSSES, WORDS)))
    assert {"予以了结 78", "核查中 67", "未进入下一步 145 件"} <= set(texts)


def test_overdue_ones_are_red_and_carry_the_word():
    figure = flow(steps(186, 41, 34), LOSSES, WORDS)
    red = [note.text for note in figure.layout.annotations if note.font.color == theme.OVER]
    assert red == ["超期在办 <b>2</b> · 逾期"]
    assert len([shape for shape in figure.layout.shapes if shape.fillcolor == theme.OVER]) == 1


def test_none_overdue_is_no_alarm():
    figure = flow(steps(186, 41, 34), LOSSES[LOSSES["value"] == 0], WORDS)
    assert theme.OVER not in figure.to_json()


def test_an_unknown_loss_is_said_and_makes_no_total(texts_of):
    texts = plain(texts_of(flow(steps(186, 41, 34), LOSSES.assign(value=[78, None, 2, 0]), WORDS)))
    assert "核查中 无数据" in texts
    assert not any("未进入下一步" in text and "78" in text for text in texts)


def test_people_stand_beside_and_are_counted_in_no_block(texts_of):
    texts = plain(texts_of(flow(steps(186, 41, 29, beside="共 33 人受处分\n党纪 31"), LOSSES, WORDS)))
    assert {"共 33 人受处分", "党纪 31"} <= set(texts)


@pytest.mark.parametrize("values", [(0, 0, 0), (None, None, None)])
def test_nothing_at_all_still_draws(values):
    assert flow(steps(*values), LOSSES.head(0), WORDS).layout.height > 0


def test_no_steps_say_so(texts_of):
    assert texts_of(flow(steps(1).head(0), LOSSES, WORDS)) == ["无数据"]
