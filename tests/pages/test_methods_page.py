"""The methods page: every method in plain words, readable before the first import, with the settings in force."""

import json
import re

import pytest

from dashboard import methods


@pytest.fixture
def said(drawn):
    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/methods", **query))
        return [json.loads(f'"{text}"') for text in found]

    return read


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_method_stands_on_the_page_with_an_anchor_and_its_sources(empty_app, said, lang):
    page = said(empty_app, lang=lang)
    rules = methods.rules_of({"fewest_peers": 8, "fewest_dimensions": 0.66, "fewest_ballots": 20, "red_line": 60.0})
    for method in methods.METHODS:
        assert method.title(lang) in page
        assert method.plain(lang, rules) in page
        assert f"#{method.code}" in page and method.code in page
        for work in methods.sources(method):
            assert any(work in text for text in page)


def test_the_code_s_own_words_stand_beside_the_plain_ones(empty_app, said):
    page = said(empty_app)
    for method in methods.METHODS:
        for function in method.functions:
            assert methods.summary(function).split("\n")[0] in page


def test_the_settings_in_force_are_listed(office_without_ballots, make_app, said):
    page = said(make_app(office_without_ballots))
    assert "66% 的维度，20 份测评" in page
    assert "任一维度低于 60 分，并排提示" in page
    assert "不足 8 个的同类与全地区比" in page
    assert "按期办结率" in page and " 90%" in page
    assert "/indicator?indicator=on_time_share" in page


def test_an_office_s_own_settings_replace_the_defaults(tmp_path, make_app, said):
    (tmp_path / "settings.toml").write_text(
        "baselines = [{ indicator = 'leads_received', start = '2026Q1', on = '2026-01-31', by = '张三', "
        "reason = '口径改了' }]\n"
        "[composite]\nred_line = 70\n[peers]\nfewest = 6\n[composite.weights]\nservice = 3\n",
        "utf-8",
    )
    page = said(make_app(tmp_path))
    assert "任一维度低于 70 分，并排提示" in page
    assert any("同类不足 6 个，" in text for text in page)
    assert any("service 3" in text for text in page)
    assert "leads_received，所有部门，从 2026Q1 起；2026-01-31 由张三决定：口径改了" in page


def test_the_pictures_are_marked_as_invented_and_show_a_signal(empty_app, said):
    page = said(empty_app, lang="en")
    assert page.count("Invented for this example; no real place") == 2
    assert "above the 99.8% limit, please check" in page
    assert [text for text in page if text == "quarter 16"]
