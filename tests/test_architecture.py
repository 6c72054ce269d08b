"""The house rules that a reader of the code relies on: which way imports point, where SQL, colours and words stand."""

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.support import PROJECT

PACKAGE = PROJECT / "dashboard"
MODULES = sorted(PACKAGE.rglob("*.py"))
SERVED = [
    path
    for path in sorted((PROJECT / "assets").rglob("*"))
    if path.suffix in (".css", ".js") and path.parent.name != "plotly"  # it links to its makers; tests watch every host
]

# What each room may use of the others. A room is a folder or a module of dashboard/; it may always use itself.
LEAVES = {"filters", "i18n", "jobs", "mechanisms", "rows", "settings", "schema", "spreadsheet", "statistics"}
DATA = {"schema", "settings", "catalog", "snapshots", "statistics"}
MAY_USE: dict[str, set[str]] = {
    **{leaf: set() for leaf in LEAVES},
    "charts": {"i18n", "rows"},
    "catalog": set(),
    "snapshots": set(),
    "store": {"catalog", "i18n", "settings"},
    "access": {"catalog", "gaps", "i18n", "settings", "store"},
    "agenda": {"catalog", "gaps", "statistics", "store"},
    "audit": {"catalog", "schema"},
    "backup": {"settings", "snapshots", "store"},
    "baselines": {"catalog", "gaps", "store"},
    "engine": {"catalog", "snapshots"},
    "judgements": {"catalog", "statistics", "schema"},
    "gaps": {"catalog", "settings", "schema", "i18n"},
    "warehouse": DATA | {"access", "engine", "judgements", "gaps", "audit"},
    "answers": {"catalog", "gaps", "i18n", "warehouse"},
    "api": {"access", "answers", "catalog", "filters", "gaps", "i18n", "snapshots", "spreadsheet", "warehouse"},
    "search": {"access", "catalog", "i18n", "methods", "rows", "warehouse"},
    "methods": {"judgements", "statistics", "i18n"},
    "building": {"engine"} | DATA | {"warehouse"},
    "importing": DATA | {"building", "warehouse", "i18n", "jobs", "spreadsheet", "store"},
    "demo": {"schema", "store"},
    "findings": LEAVES | DATA | {"gaps", "warehouse"},
    "reports": {"agenda", "answers", "catalog", "charts", "findings", "gaps", "i18n", "jobs", "judgements", "settings"}
    | {"spreadsheet", "statistics", "store", "warehouse"},
    "exports": {"access", "charts", "components", "filters", "i18n", "pages", "reports"},
    "components": LEAVES | {"access", "charts", "catalog", "gaps", "warehouse", "findings"},
    "pages": LEAVES
    | {"charts", "catalog", "gaps", "warehouse", "findings", "components", "app", "snapshots", "methods", "audit"}
    | {"access", "store", "agenda", "answers", "api", "baselines", "importing", "reports"},
    "app": LEAVES
    | {
        "access",
        "charts",
        "catalog",
        "warehouse",
        "findings",
        "components",
        "pages",
        "snapshots",
        "store",
        "api",
        "search",
        "exports",
        "operation",
        "reports",
        "shell",
    },
    "shell": {"access", "components", "filters", "i18n", "operation", "styles"},
    "styles": set(),
    "operation": {"access", "filters", "i18n", "store", "warehouse"},
    "serving": {"access", "app", "operation", "settings", "snapshots", "warehouse"},
    "deploy": {"spreadsheet"},
    "__main__": {"*"},
    "__init__": set(),
}
NO_DASH = LEAVES | DATA | {"charts", "judgements", "gaps", "warehouse", "importing", "demo", "findings", "methods"}
NO_DASH |= {
    "backup",
    "building",
    "store",
    "agenda",
    "audit",
    "answers",
    "api",
    "baselines",
    "search",
    "reports",
    "engine",
}
NO_DATABASE = LEAVES | {
    "charts",
    "gaps",
    "agenda",
    "components",
    "pages",
    "app",
    "findings",
    "demo",
    "methods",
    "audit",
    "answers",
    "api",
    "baselines",
    "engine",
    "search",
    "reports",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def imported(path: Path) -> Iterator[str]:
    """Every module that the file imports, in full: `dashboard.charts.theme`, `dash`."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = "." * node.level + (node.module or "")
            assert not node.level, "imports are written in full"
            yield above
            yield from (f"{above}.{alias.name}" for alias in node.names)


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that the module is made of, read once for all tests."""
    return tuple(ast.walk(tree(path)))


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def texts(path: Path) -> Iterator[str]:
    """The texts in a module that are no docstrings; of an f-string, its fixed parts."""
    described = [node for node in nodes(path) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docstrings = {id(node.body[0].value) for node in described if node.body and isinstance(node.body[0], ast.Expr)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def through(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test that goes through all the files: one for each would be thousands, and most of their time pytest's."""

    def of(test: Callable[[Path], None]) -> Callable[[], None]:
        def every() -> None:
            for path in paths:
                test(path)

        return every

    return of


modules = through(MODULES)


# --- imports ---------------------------------------------------------------------------------------------------
@modules
def test_imports_point_one_way(path):
    own = room(path)
    assert own in MAY_USE, "a new room: say in MAY_USE what it may use"
    used = {module.split(".")[1] for module in imported(path) if re.match(r"dashboard\.\w", module)}
    if "*" not in MAY_USE[own]:
        assert used <= MAY_USE[own] | {own}


@modules
def test_nothing_imports_the_command_line(path):
    assert not [module for module in imported(path) if module.startswith("dashboard.__main__")]


@modules
def test_pages_do_not_import_each_other(path):
    """What pages share is in modules of their folder that begin with an underscore, and in components."""
    if room(path) == "pages":
        shared = [module for module in imported(path) if re.match(r"dashboard\.pages\.[^_]", module)]
        assert not shared


@modules
def test_only_the_data_side_knows_the_database_and_only_the_page_side_knows_dash(path):
    used = {module.split(".")[0] for module in imported(path)}
    if room(path) in NO_DATABASE:
        assert not used & {"duckdb", "sqlite3"}
    if room(path) == "store":
        assert "duckdb" not in used
    else:
        assert "sqlite3" not in used
    if room(path) in NO_DASH:
        assert not used & {"dash", "flask"}
    if room(path) in NO_DASH - {"charts", "reports"}:
        assert "plotly" not in used


# --- SQL -------------------------------------------------------------------------------------------------------
# The few statements about the database itself.
CONSTANTS = (
    "checkpoint",
    "set enable_progress_bar = false",
    "set lock_configuration = true",
    "begin immediate",
    "pragma synchronous = extra",
    "attach $file as part (read_only)",
    "detach part",
)


@modules
def test_there_is_no_sql_in_python(path):
    statement = re.compile(
        r"\s*(select\s.+\sfrom\s|create (or replace )?(table|view|macro)\s|insert into\s|delete from\s|with \w+ as \()",
        re.IGNORECASE | re.DOTALL,
    )
    assert not [text for text in texts(path) if statement.match(text)]


# What a cluster is asked is what sqlglot makes of a whole file (`engine.marts.in_spark`).
CARRIED = ("engine/client.py", "statement")


@modules
def test_only_whole_files_of_sql_are_executed(path):
    for node in nodes(path):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("execute", "sql", "executemany")
        ):
            statement = ast.unparse(node.args[0])
            assert (
                statement == "query.sql"
                or (name(path), statement) == CARRIED
                or (isinstance(node.args[0], ast.Constant) and node.args[0].value in CONSTANTS)
            )


# --- files for spreadsheets --------------------------------------------------------------------------------------
@modules
def test_whatever_writes_a_table_for_a_spreadsheet_writes_no_formula(path):
    """CSV through `safe_cell`; a workbook's text stays text; PowerPoint's charts hold a workbook that is neither."""
    for node in nodes(path):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called == "xlsxwriter.Workbook":
            assert "'strings_to_formulas': False" in ast.unparse(node)
        if re.search(r"\.writerows?$|\.add_series$", called) and room(path) != "deploy":
            assert "safe_cell" in ast.unparse(node) or "_cell" in ast.unparse(node)
        if called.endswith((".to_csv", ".to_excel")):
            assert room(path) == "demo", "its own words only"


# --- Dash ------------------------------------------------------------------------------------------------------
@modules
def test_callbacks_keep_to_one_output_one_process_and_no_raw_html(path):
    for node in nodes(path):
        if isinstance(node, ast.keyword):
            assert node.arg not in ("allow_duplicate", "dangerously_allow_html")
            assert not (node.arg == "background" and isinstance(node.value, ast.Constant) and node.value.value is True)
        if isinstance(node, ast.Attribute | ast.Name):
            word = node.attr if isinstance(node, ast.Attribute) else node.id
            assert word not in ("DangerouslySetInnerHTML", "dangerously_allow_html")


# --- what is written where -------------------------------------------------------------------------------------
COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|oklch)\(", re.IGNORECASE)


@modules
def test_colours_are_named_in_the_theme_alone(path):
    masks = ("charts/sparkline.py",)  # the black of a mask is never seen
    if name(path) not in ("charts/theme.py", *masks):
        assert not [text for text in texts(path) if COLOUR.search(text)]


EXTERNAL = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
NAMESPACES = re.compile(r"http://www\.w3\.org/\S+")


@modules
def test_python_names_no_address_outside_this_machine(path):
    for text in texts(path):
        found = EXTERNAL.search(NAMESPACES.sub("", text))
        assert not found or found[0].startswith("http://127.0.0.1")


@through(SERVED)
def test_what_is_served_fetches_nothing_from_elsewhere(path):
    text = NAMESPACES.sub("", path.read_text(encoding="utf-8"))
    if not path.name.endswith(".min.js"):
        text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)  # sources and licences
    assert not EXTERNAL.search(text)


WRITTEN = [
    path
    for folder in ("dashboard", "queries", "tests", "data/mappings", "assets")
    for path in sorted((PROJECT / folder).rglob("*"))
    if path.suffix in (".py", ".sql", ".toml", ".md", ".css", ".js", ".sh")
] + [path for path in sorted(PROJECT.iterdir()) if path.suffix in (".md", ".toml", ".txt") or path.name == "Makefile"]


@through(WRITTEN)
def test_no_file_knows_the_machine_that_it_was_written_on(path):
    if path != Path(__file__):
        assert not re.search(
            r"/home/\w+|/Users/\w+|/work/\w+|/tmp/\w+|/root/|[A-Z]:\\\\Users", path.read_text(encoding="utf-8")
        )


@modules
def test_every_module_says_what_it_is_for(path):
    assert path.name == "__init__.py" or ast.get_docstring(tree(path))
