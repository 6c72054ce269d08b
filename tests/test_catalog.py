"""The catalog finds files, reads headers and parameters; broken files are in test_queries.py."""

from dashboard import catalog

PAGE = """/* +++
answers = "which departments"
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
    assert query.header == {"answers": "which departments"}
    assert query.parameters == {"region", "category"}


def test_a_dollar_in_a_comment_or_a_text_is_no_parameter(tmp_path):
    sql = PAGE.replace("select department_id,", "-- costs $nothing\nselect department_id, '$money' as price,")
    path = written(tmp_path, "pages/departments.sql", sql)
    assert catalog.load_query(path, "pages/departments").parameters == {"region", "category"}


def test_a_file_with_windows_line_ends_is_read(tmp_path):
    path = tmp_path / "departments.sql"
    path.write_bytes(PAGE.replace("\n", "\r\n").encode())
    assert catalog.load_query(path, "pages/departments").header == {"answers": "which departments"}


def test_indicators_come_in_the_order_of_their_headers():
    found = catalog.indicators(catalog.load_catalog())
    orders = [query.header["order"] for query in found.values()]
    assert next(iter(found)) == "composite_score"
    assert orders == sorted(orders)


def test_files_that_are_no_sql_are_not_read(tmp_path):
    written(tmp_path, "README.md", "the contract")
    assert catalog.load_catalog(tmp_path) == {}
