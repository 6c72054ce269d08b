"""The plain words of every method: each method that judges is explained, and no number stands in a text by itself."""

import ast
import importlib
import inspect
import re
import string

import pytest

from dashboard import methods
from dashboard.judgements import changes, scores, values
from dashboard.statistics import control_chart, funnel, ranks
from tests.support import PROJECT

RULES = methods.rules_of({"fewest_peers": 8, "fewest_dimensions": 0.66, "fewest_ballots": 20, "red_line": 60.0})
JUDGING = sorted((PROJECT / "dashboard" / "judgements").glob("*.py"))
codes = pytest.mark.parametrize("method", methods.METHODS, ids=lambda method: method.code)
langs = pytest.mark.parametrize("lang", ["zh", "en"])


def used_by_judgements() -> set:
    """Every public function of dashboard.statistics that the judgements call."""
    found = set()
    for path in JUDGING:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {
            alias.asname or alias.name: importlib.import_module(f"dashboard.statistics.{alias.name}")
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "dashboard.statistics"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                thing = getattr(modules[node.value.id], node.attr)
                if inspect.isfunction(thing):
                    found.add(thing)
    return found


def test_every_function_that_judges_is_explained_by_a_method():
    explained = {function for method in methods.METHODS for function in method.functions}
    used = used_by_judgements()
    assert ranks.bands in used and funnel.count_funnel in used
    assert {f"{f.__module__}.{f.__name__}" for f in used - explained} == set()


def test_registry_and_texts_name_the_same_methods():
    assert [method.code for method in methods.METHODS] == list(methods.texts())
    assert {method.group for method in methods.METHODS} == set(methods.GROUPS)


@codes
@langs
def test_every_method_has_a_title_and_plain_words_without_a_number_of_their_own(method, lang):
    for text in (methods.texts()[method.code][part][lang] for part in ("title", "plain")):
        assert text.strip()
        assert not re.search(r"\d", re.sub(r"\{[a-z0-9_]+\}", "", text)), "write {name} and add it to methods.numbers"


@codes
def test_both_languages_give_the_same_numbers(method):
    def names(text: str) -> list[str]:
        return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})

    for part in methods.texts()[method.code].values():
        assert names(part["zh"]) == names(part["en"])


@codes
@langs
def test_a_method_takes_a_few_sentences(method, lang):
    said = method.plain(lang, RULES)
    assert 3 <= len(re.findall(r"[。；;.?？:：]", said)) <= 16
    assert "{" not in said + method.title(lang)


def test_the_numbers_are_those_of_the_code(monkeypatch):
    monkeypatch.setattr(scores, "DRAWS", 3_210)
    monkeypatch.setattr(control_chart, "RUN", 8)
    monkeypatch.setattr(funnel, "LEVELS", {"95": 0.9, "998": 0.999})
    monkeypatch.setattr(changes, "LARGE", 1_500)
    monkeypatch.setattr(values, "YEAR", 5)
    methods.numbers.cache_clear()
    try:
        said = {method.code: method.plain("en", RULES) for method in methods.METHODS}
        assert "3,210 times" in said["resampling"]
        assert "8 points in a row" in said["control"]
        assert "the 99.9 % limit, please check" in said["funnel"]
        assert "From a base of 1,500 on" in said["large"]
        assert "Adding up 5 quarters" in said["windows"]
    finally:
        methods.numbers.cache_clear()


def test_the_office_s_own_rules_stand_in_the_texts():
    own = methods.rules_of({"fewest_peers": 6, "fewest_dimensions": 0.5, "fewest_ballots": 30, "red_line": 55.5})
    said = {method.code: method.plain("zh", own) for method in methods.METHODS}
    assert "同类不足 6 个，" in said["peers"]
    assert "维度不足 50% 或测评不足 30 份" in said["weights"]
    assert "低于红线（55.5 分）" in said["alternatives"]


def test_sources_are_read_from_the_docstrings():
    found = {method.code: methods.sources(method) for method in methods.METHODS}
    assert "Hothorn, Bretz & Westfall 2008, Biom. J. 50:346" in found["bands"]
    assert any(work.startswith("Wilson 1927 JASA 22:209") for work in found["intervals"])
    assert any(work.startswith("Spiegelhalter 2005 Stat. Med. 24:1185") for work in found["funnel"])
    assert any(work.startswith("Laney 2002") for work in found["large"])
    assert not any(work.startswith("Laney") for work in found["control"])
    assert {code for code, works in found.items() if not works} == {"evidence", "peers", "windows", "small"}


def test_every_kind_of_indicator_has_methods_and_those_of_its_rows_come_first():
    for kind in (methods.COMPOSITE, methods.DIMENSION, methods.MEAN, methods.RATE, methods.SHARE, methods.COUNT):
        assert "control" in {method.code for method in methods.methods_for(kind)}
    assert methods.methods_for(methods.RATE, "funnel_counts")[0].code == "funnel"
    assert "weights" not in {method.code for method in methods.methods_for(methods.DIMENSION)}


@pytest.mark.parametrize("code", [*filter(None, values.METHODS.values()), scores.METHOD, "xmr", "p", "u"])
def test_every_method_that_a_row_can_name_is_in_the_registry(code):
    assert [method for method in methods.METHODS if code in method.of_rows]
