"""The catalog finds files, reads headers and parameters; broken files are in test_queries.py."""

import re

import pytest

from dashboard import catalog

PAGE = """/* +++
answers = "which departments"
needs = "words"
+++ */
select department_id,
from departments
where region_id = $region and ($category is null or category = $category)
"""


def written(folder, name: str, text: str):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_query_is_named_by_its_path_and_knows_its_parameters(tmp_path):
    written(tmp_path, "pages/departments.sql", PAGE)
    (query,) = catalog.load_catalog(tmp_path).values()
    assert (query.name, query.short_name) == ("pages/departments", "departments")
    assert query.header == {"answers": "which departments", "needs": "words"}
    assert query.parameters == {"region", "category"}


def test_a_dollar_in_a_comment_or_a_text_is_no_parameter(tmp_path):
    sql = PAGE.replace("select department_id,", "-- costs $nothing\nselect department_id, '$money' as price,")
    path = written(tmp_path, "pages/departments.sql", sql)
    assert catalog.load_query(path, "pages/departments").parameters == {"region", "category"}


def test_a_file_with_windows_line_ends_is_read(tmp_path):
    path = tmp_path / "departments.sql"
    path.write_bytes(PAGE.replace("\n", "\r\n").encode())
    assert catalog.load_query(path, "pages/departments").header == {"answers": "which departments", "needs": "words"}


def test_indicators_come_in_the_order_of_their_headers():
    found = catalog.indicators(catalog.load_catalog())
    orders = [query.header["order"] for query in found.values()]
    assert next(iter(found)) == "composite_score"
    assert orders == sorted(orders)


def test_files_that_are_no_sql_are_not_read(tmp_path):
    written(tmp_path, "README.md", "the contract")
    assert catalog.load_catalog(tmp_path) == {}


# --- the header of an indicator --------------------------------------------------------------------------------
SHARE = catalog.FOLDER / "indicators" / "voted_share.sql"


def complaint(folder, find: str, put: str) -> str:
    """What is said of a share's file in which one line was changed."""
    text = SHARE.read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith(find))
    path = written(folder, "indicators/new.sql", text.replace(f"{line}\n", put))
    with pytest.raises(catalog.QueryFileError) as found:
        catalog.load_query(path, "indicators/new")
    return str(found.value)


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("numerator", "", r":1: the header lacks numerator; add a line such as 'numerator = \{ zh"),
        ("denominator", "", r":1: the header lacks denominator; add a line such as"),
        ("caveats", 'caveats = { zh = "…" }\n', r":8: caveats = .*; expected one text for zh and one for en"),
        ("order", 'order = 410\nstock = "yes"\n', r":12: stock = 'yes'; expected a bool"),
        ("order", 'order = 410\nformulas = "a"\n', r":12: formulas is no key of this header; did you mean formula"),
    ],
)
def test_a_share_names_what_it_is_divided_by_and_an_unknown_key_is_refused(tmp_path, find, put, said):
    assert re.search(said, complaint(tmp_path, find, put))


def test_what_is_no_ratio_needs_no_denominator():
    found = catalog.indicators(catalog.load_catalog())
    assert "denominator" not in found["cases_filed"].header
    ratios = [query.header for query in found.values() if query.header["kind"] in catalog.RATIOS]
    assert ratios and all("denominator" in header for header in ratios)


# --- the thresholds of a gap rule ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("find", "put", "is_good"),
    [
        ("most = 100", "least = 1\nmost = 50", True),
        ("most = 100", "most = 5", False),  # the default itself would be refused
        ("most = 100", "most = 'a hundred'", False),
        ("most = 100", "mots = 100", False),
    ],
)
def test_a_threshold_may_say_between_which_values_it_makes_sense(tmp_path, find, put, is_good):
    text = (catalog.FOLDER / "gaps" / "one_pen.sql").read_text(encoding="utf-8")
    path = written(tmp_path, "one_pen.sql", text.replace(find, put, 1))
    if is_good:
        given = catalog.load_query(path, "gaps/one_pen").header["thresholds"]["watch"]
        assert (given["least"], given["most"]) == (1, 50)
        return
    with pytest.raises(catalog.QueryFileError, match=r"thresholds = .*expected a table for each threshold"):
        catalog.load_query(path, "gaps/one_pen")
