"""The balance page: the stored judgements of the axes, drawn and said; the make-up as counts."""

import csv
import json
import re

import pytest

from dashboard import catalog
from dashboard.statistics.intervals import wilson
from tests.pages import supervised

AXES = [name for name, rule in catalog.gaps(catalog.load_catalog()).items() if "axis" in rule.header]


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    folders = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("office")
    return make_app(supervised.imported(*folders))


def sheet(app, search: str = "") -> dict[tuple[str, str], dict[str, str]]:
    answer = app.server.test_client().get(f"/download/balance.csv?lang=zh{search}")
    assert answer.status_code == 200
    rows = csv.DictReader(answer.data.decode("utf-8-sig").splitlines())
    return {(row["部门编码"], row["偏轻的一侧"]): row for row in rows}


def stores(page: str) -> dict[str, dict]:
    """Chart → its figure, as it is sent to the browser."""

    def found(piece):
        if isinstance(piece, dict):
            if piece.get("type") == "Store" and "chart" in (piece["props"].get("id") or {}):
                yield piece["props"]["id"]["chart"], piece["props"]["data"]
            for value in piece.values():
                yield from found(value)
        elif isinstance(piece, list):
            for value in piece:
                yield from found(value)

    return dict(found(json.loads(page)))


def texts(figure: dict) -> list[str]:
    return [re.sub(r"<[^>]*>", "", note["text"]) for note in figure["layout"]["annotations"]]


def test_the_region_s_own_share_is_drawn_with_its_interval_and_lines(office, drawn):
    # of the year: B 40 with 20 from below, D and C 4 from outside, E 3 from below
    row = sheet(office)["*", "自下而上"]
    low, high = (100 * float(end) for end in wilson(23, 47))
    assert (row["次数"], row["活动总数"], row["占比（%）"]) == ("23", "47", f"{100 * 23 / 47:.1f}")
    assert (row["95% 区间下端"], row["95% 区间上端"]) == (f"{low:.1f}", f"{high:.1f}")
    assert (row["关注线（%）"], row["预警线（%）"], row["判断"]) == ("15.0", "5.0", "未触发")
    figure = stores(drawn(office, "/balance"))["balance-axes"]
    assert "自下而上 23/47" in texts(figure)
    [bars] = [trace for trace in figure["data"] if trace.get("name") == "light"]
    assert bars["x"][0] == pytest.approx(100 * 23 / 47)
    assert bars["customdata"][0] == ["rule", "top_down_only"]


def test_a_department_past_the_line_is_named_with_its_sentence(office, drawn):
    # in the third quarter of 2025 and the year to it, A had twenty activities and none from below
    page = drawn(office, "/balance", quarter="2025Q4", department="A")
    assert "◇ 自下而上 0/20" in texts(stores(page)["balance-axes"])
    assert re.search(r"甲局：.项平衡中一项偏了：自下而上 0/20", page)
    assert "自下而上 0/20：95% 区间 0–16%，其中 80% 区间整段低于 15%，关注。" in page
    assert "甲局：近 4 季（只有 2 季的数据）监督活动 20 次，自下而上的 0 次" in page
    assert "/gaps?quarter=2025Q4&rule=top_down_only&department=A" in page


def test_the_list_and_the_strips_lead_to_the_departments_that_lean(office, drawn):
    page = drawn(office, "/balance", quarter="2025Q4")
    assert "至少一项偏了的部门：1 个" in page
    assert "/balance?quarter=2025Q4&department=A" in page
    strips = stores(page)["balance-strips"]
    flags = {trace["name"]: trace.get("customdata") for trace in strips["data"]}
    assert flags["watch"] == ["A"]
    assert "1/2" in texts(strips)  # D had two activities: too few to judge


def test_too_few_are_said_and_not_drawn(office, drawn):
    page = drawn(office, "/balance", department="E")
    assert "戊局：样本不足，各项平衡都不判断" in page
    figure = stores(page)["balance-axes"]
    assert "不判断：样本不足，不判断" in texts(figure) or "不判断：样本不足" in texts(figure)
    assert [trace["x"] for trace in figure["data"] if trace.get("name") == "light"] == [[]]
    assert {row["判断"] for (who, _), row in sheet(office).items() if who == "E"} == {"无数据"}


def test_the_make_up_counts_what_was_registered(office, drawn):
    page = drawn(office, "/balance", department="C")
    assert "外部监督占 4/4，其余来自内部" in page  # with those of D, which it follows
    whole = stores(drawn(office, "/balance"))["balance-direction"]
    assert whole["data"][0]["x"] == [20.0, 0.0, 23.0, 4.0]
    assert "督察 21 次，六种方式用了 1 种" in drawn(office, "/balance")


def test_without_a_register_nothing_is_said_of_balance(tmp_path, make_app, drawn):
    source, folder = tmp_path / "files", tmp_path / "office"
    source.mkdir()
    page = drawn(make_app(supervised.imported(source, folder, rows=[])), "/balance")
    assert "没有“平衡”的数据" in page
    assert "没有越线" not in page


def test_typed_words_and_stale_choices_are_answered(office, drawn):
    assert "/balance?department=B" in drawn(office, "/balance", q="乙")
    assert "没有名称含“壬”的部门" in drawn(office, "/balance", q="壬")
    assert "没有“one_pen”这一项平衡，显示全部。" in drawn(office, "/balance", rule="one_pen")
    assert "所选部门不在当前范围内" in drawn(office, "/balance", department="Z")


def test_every_axis_of_the_catalog_has_its_row_in_the_order_of_its_place(demo_app, drawn):
    figure = stores(drawn(demo_app, "/balance"))["balance-axes"]
    [bars] = [trace for trace in figure["data"] if trace.get("name") == "light"]
    place = {
        name: rule.header["axis"]["position"]
        for name, rule in catalog.gaps(catalog.load_catalog()).items()
        if name in AXES
    }
    assert [rule for _, rule in bars["customdata"]] == sorted(AXES, key=place.get)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [{}, {"rule": "top_down_only"}, {"category": "township"}, {"quarter": "2023Q4"}, {"department": "D14"}],
    ids=str,
)
def test_the_page_opens_in_every_view(demo_app, drawn, lang, query):
    page = drawn(demo_app, "/balance", lang=lang, **query)
    assert "balance-body" in page
    assert not re.search(r"\bnan\b", page)
