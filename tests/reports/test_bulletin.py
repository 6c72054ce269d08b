"""The bulletin's text: every figure is the snapshot's, nobody is named whom chance could have put there."""

import re

import pytest

from dashboard.findings import FALSE_OUTSIDE
from dashboard.reports.bulletin import bulletin
from dashboard.reports.facts import ChoiceError
from dashboard.reports.model import Chart, Heading, Number, Table
from dashboard.store import Book
from tests.reports.linter import complaints


def table(document, key):
    return next(one for one in document.tables if one.key == key)


def texts(document):
    return {paragraph.key: paragraph.text for paragraph in document.paragraphs}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_is_what_its_source_says(documents, make_facts, lang):
    facts, figures = make_facts(quarter="2026Q3", lang=lang), documents[lang].figures
    assert len(figures) > 500
    differing = [
        key for key, one in figures.items() if one.source.how != "derived" and one.value != facts.value(one.source)
    ]
    assert differing == []


def test_scores_in_the_annex_are_those_of_the_judgements(documents, make_facts):
    facts = make_facts(quarter="2026Q3")
    judged = facts.run("indicator", indicator="composite_score", window=1, quarter="2026Q3", department=None)
    judged = judged[judged["variant"] == "composite"].set_index("department_id")["value"]
    cells = [cell for row in table(documents["zh"], "standings").rows for cell in row if isinstance(cell, Number)]
    scores = {dict(one.source.where)["department_id"]: one for one in cells if one.source.column == "value"}
    assert len(scores) == 64
    assert {key: one.value for key, one in scores.items()} == pytest.approx(judged[list(scores)].to_dict())
    assert all(one.written == f"{one.value:.1f}" for one in scores.values())


def test_only_departments_that_the_simultaneous_sets_separate_are_named_for_their_score(documents, make_facts):
    ranking = make_facts(quarter="2026Q3").ranking
    said = texts(documents["zh"])
    undecided = ranking.loc[ranking["outcome"] == "none", "label"]
    above, below = (ranking.loc[ranking["outcome"] == one, "label"] for one in ("above", "below"))
    named = re.search("综合得分明显高于同类平均的：(.*?)。", said["progress"])[1]
    assert all(label in named for label in above)
    assert not [label for label in [*undecided, *below] if re.search(rf"(^|[、；类]){label}($|[、；])", named)]
    assert (
        f"{len(above)}个部门明显高于平均，{len(below)}个部门明显低于平均，其余{len(undecided)}个部门" in said["overall"]
    )
    drawn = next(block for block in documents["zh"].blocks if isinstance(block, Chart) and block.key == "apart")
    assert set(drawn.native.categories) == {*above, *below}


def test_within_a_band_departments_stand_by_name_and_no_place_is_printed(documents, make_facts):
    facts = make_facts(quarter="2026Q3")
    order = facts.departments.set_index("label")["name_order"]
    rows = table(documents["zh"], "standings").rows
    bands = {}
    for row in rows:
        bands.setdefault((row[0], row[-1]), []).append(order[row[1]])
    assert all(places == sorted(places) for places in bands.values())
    assert all("～" in str(row[5]) for row in rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_and_charts_are_numbered_in_order_and_every_one_is_referred_to(documents, lang):
    document = documents[lang]
    for kind, word in ((Table, {"zh": "表", "en": "Table "}), (Chart, {"zh": "图", "en": "Figure "})):
        found = [block for block in document.blocks if isinstance(block, kind)]
        assert [block.number for block in found] == [f"{word[lang]}{n}" for n in range(1, len(found) + 1)]
        whole = " ".join(texts(document).values())
        assert all(block.number in whole for block in found)


def test_headings_are_numbered_as_official_papers_number_them(documents):
    words = [block.words for block in documents["zh"].blocks if isinstance(block, Heading)]
    first = [word for word in words if not word.startswith("（")]
    assert first == [
        "一、基本情况",
        "二、主要特点和进步情况",
        "三、存在的主要问题",
        "四、上季度问题整改情况",
        "五、下步工作要求",
    ]
    assert "（二）热点问题" in words
    parts = "".join(word[1] if word.startswith("（") else "、" for word in words).split("、")
    assert all(own == "一二三四五"[: len(own)] for own in parts)
    slides = [slide.title for slide in documents["zh"].slides]
    topics, flags = (next(at for at, title in enumerate(slides) if key in title) for key in ("居前", "预警"))
    assert topics < flags


def test_chance_is_spoken_of_as_on_the_other_pages(documents, make_facts):
    rates = make_facts(quarter="2026Q3").rows("complaint_rates")
    expected = round(FALSE_OUTSIDE * rates["outcome"].notna().sum())
    assert f"约{expected}个部门会越过95%上限" in table(documents["zh"], "rates").note
    assert "改善的信号" in texts(documents["zh"])["progress"]


def test_the_chinese_text_keeps_to_the_rules_of_figures_and_marks(documents):
    assert complaints(documents["zh"]) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_sentence_pronounces_a_verdict_or_leaves_a_brace(documents, lang):
    whole = " ".join(texts(documents[lang]).values())
    assert not re.search(r"[{}]|\bnan\b|None|违纪|异常单位|问题单位|violation", whole)
    if lang == "en":
        assert "  " not in re.sub(" {3,}", " ", whole)  # a gap to be filled in by hand is wider


def test_number_date_and_recipients_are_blank_and_nothing_is_invented(documents):
    head, close = documents["zh"].head, documents["zh"].close
    parts = [part for words in (head.number, head.date, close.date, close.copies, close.printed) for part in words]
    blanks = [part for part in parts if not isinstance(part, str)]
    assert len(blanks) == 10
    assert not any(part.words for part in blanks)
    assert not re.search(r"\d", "".join(part for part in parts if isinstance(part, str)))
    assert head.draft.startswith("送审稿")


def test_chosen_departments_narrow_names_and_lists_and_no_judgement(documents, make_facts):
    own = bulletin(make_facts(quarter="2026Q3", departments=("D09", "D12")))
    assert "本稿只列所选2个部门" in texts(own)["lead"]
    assert {row[1] for row in table(own, "standings").rows} == {"档案局", "财政局"}
    assert "10个部门明显高于平均" in texts(own)["overall"]
    whole = {str(row[1]): tuple(map(str, row)) for row in table(documents["zh"], "standings").rows}
    assert all(tuple(map(str, row)) == whole[row[1]] for row in table(own, "standings").rows)
    assert "住建局" not in "".join(texts(own).values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_chosen_departments_nothing_is_said_as_if_of_everybody_and_no_other_is_named(make_facts, lang):
    facts = make_facts(quarter="2026Q3", lang=lang, departments=("D13",))
    own = bulletin(facts)
    said, whose = texts(own), facts.t("bulletin.whose").strip()
    above = int((facts.ranking["outcome"] == "above").sum())
    assert above and str(above) in said["overall"]
    narrowed = ("progress", "scores", "rates", "flags", "followed", "answer", "overdue")
    assert [key for key in narrowed if not said[key].startswith(whose)] == []
    assert facts.rows("past").empty
    cells = [str(cell) for one in own.tables for row in one.rows for cell in row]
    slides = [words for slide in own.slides for words in (slide.title, *slide.body, slide.notes)]
    whole = "\n".join([*said.values(), *cells, *slides])
    others = facts.departments[facts.departments["department_id"] != "D13"]
    names = {*others["label"], *others["full_name"]}
    assert [name for name in names if name in whole and name not in facts.full_names["D13"]] == []


def test_chosen_sections_are_numbered_anew_and_refer_to_no_annex_that_is_not_there(make_facts):
    own = bulletin(make_facts(quarter="2026Q3", sections=("problems", "requests")))
    words = [block.words for block in own.blocks if isinstance(block, Heading) and block.level == 1]
    assert words == ["一、存在的主要问题", "二、下步工作要求"]
    assert own.annexes == ()
    assert "附件" not in "".join(texts(own).values())


def test_what_became_of_last_quarter_s_flags_is_counted_as_the_agenda_counts_it(documents):
    rows = table(documents["zh"], "past").rows
    said = texts(documents["zh"])["followed"]
    assert f"提示{len(rows)}项" in said
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d|—", row[-1]) for row in rows)  # short enough for one line
    assert sum(int(n) for n in re.findall(r"(?:持续|加重|减轻|消除|再次触发|无数据|在列|撤下)(\d+)项", said)) == len(
        rows
    )


def test_without_follow_ups_the_bulletin_still_says_what_it_knows(make_facts):
    own = bulletin(make_facts(quarter="2026Q3", book=Book()))
    assert "未处理" in texts(own)["followed"]
    assert texts(own)["overdue"] == "跟踪事项没有超过期限的。"


def test_the_first_quarter_has_nothing_to_look_back_on(make_facts):
    facts = make_facts()
    own = bulletin(make_facts(quarter=facts.quarters[0]))
    assert "没有上季度的提示可以回顾" in texts(own)["followed"]
    assert "上季度没有可比的数据" in texts(own)["handled"]


def test_a_quarter_or_department_that_is_not_there_is_refused_by_name(make_facts):
    with pytest.raises(ChoiceError) as refused:
        make_facts(quarter="1999Q1")
    assert refused.value.code == "quarter"
    with pytest.raises(ChoiceError) as refused:
        make_facts(quarter="2026Q3", departments=("D09", "XX"))
    assert refused.value.values["given"] == "XX"
