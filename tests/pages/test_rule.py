"""The rule page: the list of all rules, one rule explained with its numbers, and thresholds that are only tried."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import warehouse
from dashboard.__main__ import main
from dashboard.catalog import QueryFileError, gaps, load_catalog
from dashboard.pages._rule import TOO_OFTEN
from dashboard.snapshots import SnapshotFolder

RULES = gaps(load_catalog())
DAYS = ("date", "department_id", "direction")


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page, its drawings included, without marks."""

    def read(app, path="/rule", **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, path, **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


# department → (activities from below, all activities), all of them in 2026Q3
SUPERVISED = {"A": (0, 100), "B": (0, 20), "C": (2, 40), "D": (3, 4), "E": (10, 20), "F": (12, 30), "G": (9, 30)}


def imported(folder: Path, settings: str = "") -> Path:
    """An office of departments that are supervised more or less from below."""
    source, office = folder / "files", folder / "office"
    source.mkdir()
    office.mkdir()
    (office / "settings.toml").write_text(settings, "utf-8")
    names = [(key, f"{key}局", "government") for key in SUPERVISED]
    given = ("method", "arrangement", "form", "scope", "stage", "object", "focus", "level", "trigger", "domain")
    rest = (
        "inspection",
        "regular",
        "open",
        "single",
        "after",
        "organisation",
        "staff_enforcement",
        "micro",
        "proactive",
    )
    rows = [
        (f"{key}{i}", "2026-08-01", key, "bottom_up" if i < below else "top_down", *rest, "money", 1, 0)
        for key, (below, every) in SUPERVISED.items()
        for i in range(every)
    ]
    _written(source / "departments.csv", ("department_id", "name", "category"), names)
    _written(source / "supervision.csv", ("activity_id", *DAYS, *given, "findings", "notices"), rows)
    main(["--data", str(office), "import", str(source)], standalone_mode=False)
    return office


def _written(path: Path, head: tuple, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    return make_app(imported(tmp_path_factory.mktemp("rule")))


# --- the list --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_is_listed_with_its_source_and_for_how_many_it_fires(demo_app, said, lang):
    page = said(demo_app, lang=lang)
    for name, rule in RULES.items():
        assert rule.header["title"][lang] in page
        assert rule.header["source"] in page
        assert any(text.endswith(f"rule={name}&lang={lang}") for text in page)
    assert [text for text in page if re.fullmatch(r"\d+ (/|of) \d+", text)]


def test_an_unknown_rule_is_named_and_the_list_shown(demo_app, said):
    page = said(demo_app, rule="gone")
    assert "没有“gone”这条规则，列出全部规则。" in page
    assert "缺口规则一览" in page


# --- one rule --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_rule_says_all_that_its_header_says(demo_app, said, name, lang):
    page, header = said(demo_app, rule=name, lang=lang), RULES[name].header
    for key in ("title", "why", "formula", "example", "exclusions", "assumptions", "remedy"):
        assert header[key][lang] in page
    assert any(header["source"] in text for text in page)
    for given in header.get("thresholds", {}).values():
        assert any(given[lang] in text for text in page)


def test_who_is_flagged_stands_there_with_value_line_and_sentence(office, said):
    page = said(office, rule="top_down_only")
    assert "2026年第三季度涉及 3 个部门" in page
    assert "触发 3 个，能判断 6 个，共 7 个部门" in page
    assert "0%，线 5%" in page  # of 100: a percentage says enough
    assert "0%（0/20），线 15%" in page  # of few: with its counts
    assert "5%（2/40），线 15%" in page
    assert any(text.startswith("A局：近 4 季（只有 1 季的数据）监督活动 100 次") for text in page)
    assert page.count("本季新增") == 3
    assert "/gaps?rule=top_down_only&department=A" in page


def test_who_is_not_judged_stands_there_with_the_reason(office, said):
    page = said(office, rule="top_down_only")
    assert page[page.index("样本不足，不判断（1 个）：") :].index("D局") < 12
    assert "1 个部门没有判断" in " ".join(page)
    missing = said(office, rule="tasks_overdue")
    assert "7 个部门都没有数据，无法判断" in missing
    assert "督办事项：没有，导入后即可判断" in missing
    assert any(text.startswith("缺督办事项（7 个）") for text in missing)
    assert "没有能判断的部门" in missing


def test_a_rule_that_fires_for_too_many_is_said_to_be_too_loose(office, said, demo_app):
    assert TOO_OFTEN < 3 / 6
    assert "触发面 50%，超过 15%：阈值可能过宽，请复核" in said(office, rule="top_down_only")
    assert not any("阈值可能过宽" in text for text in said(demo_app, rule="top_down_only"))


def test_the_office_s_own_threshold_stands_beside_the_default(tmp_path, make_app, said):
    app = make_app(imported(tmp_path, "[thresholds.top_down_only]\nwatch = 30\n"))
    page = said(app, rule="top_down_only")
    assert "30 · 占比低于此值（%）：关注（本单位自定；默认 15）" in page
    assert "5 · 占比低于此值（%）：预警" in page
    assert "（本单位自定）" in said(app)


def test_the_drawing_holds_every_department_that_is_judged(office, drawn):
    page = drawn(office, "/rule", rule="top_down_only")
    table = re.search(r'"chart": "rule-spread", "part": "table".*?(?="chart": "rule-trend")', page, re.DOTALL)
    for name in "ABCEFG":
        assert f"{name}局" in page
    assert table is None or "D局" not in table[0]
    assert "预警线 5%" in page and "关注线 15%" in page


def test_a_file_holds_each_department_with_its_sentence(office):
    client = office.server.test_client()
    lines = client.get("/download/rule.csv?rule=top_down_only&lang=zh").text.splitlines()
    assert len(lines) == 1 + len(SUPERVISED)
    assert "2026Q3,A,A局" in lines[1] and "预警" in lines[1] and "监督活动 100 次" in lines[1]
    assert client.get("/download/rule.xlsx").status_code == 200
    listed = client.get("/download/rule.csv?lang=en").text.splitlines()
    assert len(listed) >= 1 + len(RULES)


# --- thresholds that are tried ---------------------------------------------------------------------------------
def test_a_trial_says_who_would_be_flagged_and_who_no_longer(office, said):
    page = said(office, rule="top_down_only", trial="watch:60,alert:5,fewest:5")
    assert "按试算阈值，本季触发 5 个部门（现行 3 个）" in page  # F and G, too: 40 and 30 % of 30
    assert "新触发 2 个，不再触发 0 个，级别变化 0 个" in page
    assert page.count("新触发") == 2
    assert "各季合计触发 5 次（现行 3 次）" in page
    assert "[thresholds.top_down_only]\nwatch = 60" in page
    assert "python -m dashboard --data DIR snapshots rebuild" in page


def test_a_stricter_trial_lets_flags_go_and_names_only_what_is_not_the_default(office, said):
    page = said(office, rule="top_down_only", trial="watch:15,alert:1,fewest:5")
    assert "新触发 0 个，不再触发 0 个，级别变化 1 个" in page
    assert "[thresholds.top_down_only]\nalert = 1" in page


@pytest.mark.parametrize(
    ("trial", "words"),
    [
        ("strange:3", "这条规则没有“strange”这个阈值，可以试的有：watch、alert、fewest。"),
        (
            "watch:5,alert:15",
            "“占比低于此值（%）：预警”试的是 15，不能大于“占比低于此值（%）：关注”的 5：预警应比关注更严重。",
        ),
        ("watch:3", "“占比低于此值（%）：关注”试的是 3，不能小于“占比低于此值（%）：预警”的 5：预警应比关注更严重。"),
        ("watch:101", "“占比低于此值（%）：关注”试的是 101，应填 0 到 100 之间的数。"),
        ("fewest:0", "“至少活动次数”试的是 0，应填不小于 1 的数。"),
        ("watch:15,alert:5,fewest:5", "与现行阈值相同，没有变化。"),
    ],
)
def test_a_trial_that_makes_no_sense_says_why(office, said, trial, words):
    page = said(office, rule="top_down_only", trial=trial)
    assert words in page
    assert not any(text.startswith("按试算阈值") for text in page)


def test_a_trial_that_the_database_refuses_is_a_message_and_no_traceback(office, said, monkeypatch):
    def refuses(*_: object) -> None:
        raise QueryFileError("new.sql:1: out of range")

    monkeypatch.setattr(warehouse.Snapshot, "tried", refuses)
    page = said(office, rule="top_down_only", trial="watch:20")
    assert "按这些数字无法计算，请检查阈值是否超出了可能的范围（如百分位不超过 100）。" in page


def test_numbers_that_are_none_leave_the_page_as_it_is(office, said):
    page = said(office, rule="top_down_only", trial="watch:many")
    assert not any(text.startswith("按试算阈值") for text in page)


def test_nothing_is_tried_where_nobody_asked(office, said, monkeypatch):
    monkeypatch.setattr(warehouse.Snapshot, "tried", None)
    assert "试一试别的阈值" in said(office, rule="top_down_only")
    said(office)


def test_what_a_trial_promises_is_what_the_rebuild_makes(tmp_path, make_app, said):
    folder = imported(tmp_path)
    promised = said(make_app(folder), rule="top_down_only", trial="watch:60,alert:5,fewest:5")
    [lines] = [text for text in promised if text.startswith("[thresholds.")]
    (folder / "settings.toml").write_text(lines, "utf-8")
    main(["--data", str(folder), "snapshots", "rebuild"], standalone_mode=False)
    assert SnapshotFolder(folder).current().number == 2
    [title] = [text for text in promised if text.startswith("按试算阈值")]
    flagged = re.search(r"本季触发 (\d+) 个", title)[1]
    assert f"触发 {flagged} 个，能判断 6 个，共 7 个部门" in said(make_app(folder), rule="top_down_only")
