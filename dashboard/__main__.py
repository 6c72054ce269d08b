"""The command line: `python -m dashboard`. Data go to standard output, everything that is said to standard error."""

import csv
import datetime
import io
import json
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click
import pandas as pd

from dashboard import audit, backup
from dashboard.access.actors import roles
from dashboard.access.office import LINK_PATH, accounts_of, is_loopback, unknown_place
from dashboard.agenda import fate, flag_of
from dashboard.answers import in_sentences, plain, ranked
from dashboard.baselines import require_nothing_hidden
from dashboard.catalog import Query, QueryFileError, audits, indicators, load_catalog
from dashboard.catalog import gaps as gap_rules
from dashboard.filters import READERS
from dashboard.gaps import FLAGS, STATUSES
from dashboard.gaps.changes import DATA, METHOD, Comparison, moved
from dashboard.i18n.text import LANGUAGES, translator
from dashboard.importing import (
    ImportRefused,
    ImportResult,
    Mapping,
    MappingError,
    Options,
    load_mapping,
    rebuild,
    run_import,
)
from dashboard.importing.events import tell_import
from dashboard.schema import TABLES
from dashboard.settings import DEFAULTS, Settings, SettingsError
from dashboard.snapshots import FolderError, SnapshotFolder
from dashboard.spreadsheet import safe_cell
from dashboard.store import (
    BASELINE,
    EVERYBODY,
    NOTE,
    OUTCOMES,
    STATES,
    Basis,
    Flag,
    FollowUp,
    Note,
    Notes,
    Pin,
    Step,
    Store,
    StoreError,
    complaint,
    trace,
    with_baselines,
)
from dashboard.store import check_queries as check_store_queries
from dashboard.store.accounts import DEPARTMENT, LINK_HOURS, OIDC, PASSWORD, SCREEN, TOKEN_DAYS, Accounts
from dashboard.store.trace import Chain, Trace, console_doer
from dashboard.warehouse import Snapshot, Warehouse, check_queries, recipe

if TYPE_CHECKING:  # they load Plotly and Word: other commands start without them
    from dashboard.reports.edited import Edited
    from dashboard.reports.facts import Choices, Facts
    from dashboard.reports.model import Document

SHOWN_PROBLEMS = 20
# what `gaps --against` prints
CHANGED = (
    *("change", "rule", "region_id", "department_id", "name", "quarter", "was", "becomes", "causes"),
    *("value", "threshold", "n", "sentence_zh", "sentence_en"),
)
READABLE = ("pages", "indicators", "gaps", "rows", "audit")  # folders of queries that only read
PROGRESS_AFTER_SECONDS = 2.0
EXPORTED = ("png", "svg", "pdf", "csv", "xlsx")  # as exports.TYPES, which this names before Dash is loaded


def _language() -> str:
    """MINGJING_LANG, else English where the system's language is English, else Chinese."""
    asked = os.environ.get("MINGJING_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if asked.lower().startswith("en") else "zh"


t = translator(_language())


class Refused(click.ClickException):
    """Something the user can mend: one clear text on standard error, no traceback, exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class _Group(click.Group):
    """Turns the errors that are the user's to mend into texts."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FolderError as error:
            raise Refused(t(f"folder.{error.code}", **error.values)) from None
        except StoreError as error:
            raise Refused(complaint(t, error)) from None
        except (MappingError, QueryFileError, SettingsError) as error:
            raise Refused(str(error)) from None
        except BrokenPipeError:
            # `… | head` closed the pipe: not an error of ours. Python must not fail again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from None


@click.group(cls=_Group, help=t("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULTS,
    envvar="MINGJING_DATA",
    help=t("cli.data"),
)
@click.pass_context
def main(context: click.Context, data: Path) -> None:
    context.obj = data


# --- printing --------------------------------------------------------------------------------------------------
def _say(message: str) -> None:
    click.echo(message, err=True)


def _printed(frame: pd.DataFrame, form: str) -> str:
    """A frame as a table to read, as CSV, or as one JSON list of objects."""
    rows = [[plain(value) for value in row] for row in frame.astype(object).itertuples(index=False)]
    names = list(frame.columns)
    if form == "json":
        return json.dumps([dict(zip(names, row)) for row in rows], ensure_ascii=False, indent=1)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(map(safe_cell, names))
        writer.writerows([["" if value is None else safe_cell(value) for value in row] for row in rows])
        return out.getvalue().rstrip("\n")
    shown = [names, *([_shown(value) for value in row] for row in rows)]
    widths = [max(_width(row[i]) for row in shown) for i in range(len(names))]
    right = [
        all(value is None or isinstance(value, int | float) for value in (r[i] for r in rows))
        for i in range(len(names))
    ]
    return "\n".join(
        "  ".join(_padded(cell, width, to_right) for cell, width, to_right in zip(row, widths, right)).rstrip()
        for row in shown
    )


def _shown(value: object) -> str:
    return "–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Columns that a terminal gives the text: Chinese characters take two."""
    return sum(2 if ord(character) >= 0x1100 else 1 for character in text)


def _padded(cell: str, width: int, to_right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if to_right else cell + space


class _Progress:
    """A bar on standard error, once the work has taken two seconds and a person can see it."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar = sys.stderr.isatty()
        self._drawn = False

    def __call__(self, stage: str, doing: str, share: float) -> None:
        if self._bar and time.monotonic() - self._began > PROGRESS_AFTER_SECONDS:
            filled = int(30 * min(max(share, 0.0), 1.0))
            name = doing[-40:] if doing and stage in ("", "read", "merge") else self._building(doing)
            click.echo(f"\r\x1b[K[{'█' * filled}{'░' * (30 - filled)}] {share:4.0%} {name}", err=True, nl=False)
            self._drawn = True

    def _building(self, doing: str) -> str:
        done, _, regions = doing.partition("/")
        return t("cli.building_regions", done=done, of=regions) if regions else t("cli.building")

    def done(self) -> None:
        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)


def _format_option(command: Callable) -> Callable:
    choice = click.Choice(["table", "csv", "json"])
    return click.option("--format", "form", type=choice, default="table", help=t("cli.format"))(command)


def _reading_options(command: Callable) -> Callable:
    """What every command that prints data takes."""
    command = click.option("--region", default=None, help=t("cli.region"))(command)
    day = click.DateTime(["%Y-%m-%d"])
    command = click.option("--as-known-on", type=day, default=None, help=t("cli.as_known_on"))(command)
    return _format_option(command)


def _snapshot(folder: Path, as_known_on: datetime.datetime | None) -> Snapshot:
    warehouse = Warehouse(folder)
    snapshot = warehouse.known_on(as_known_on.date()) if as_known_on else warehouse.current()
    if snapshot is None:
        if as_known_on:
            raise Refused(t("cli.nothing_known", date=f"{as_known_on:%Y-%m-%d}"))
        pointer = warehouse.folder.pointer()
        if pointer is not None:  # there are data, and no whole snapshot of them
            warehouse.folder.verify(pointer.get("id", "?"))
        raise Refused(t("cli.no_data", folder=folder))
    if snapshot.fell_back:
        _say(t("cli.fell_back", number=snapshot.number))
    return snapshot


def _one_of(given: str, known: list[str], what: str) -> str:
    if given not in known:
        raise Refused(t("cli.unknown", what=t(f"cli.what.{what}"), given=given, known=", ".join(known)))
    return given


def _marked(snapshot: Snapshot) -> None:
    if snapshot.demonstration:
        _say(t("cli.demonstration"))


# --- serving and building --------------------------------------------------------------------------------------
@main.command(help=t("cli.serve"))
@click.option("--host", default="127.0.0.1", help=t("cli.host"))
@click.option("--port", default=8050, type=click.IntRange(0, 65535), help=t("cli.port"))
@click.option("--processes", default=2, type=click.IntRange(1, 64), help=t("cli.processes"))
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), default=None, help=t("cli.log"))
@click.pass_obj
def serve(folder: Path, host: str, port: int, processes: int, log: Path | None) -> None:
    from dashboard.serving import serve as run_server  # Dash and Plotly load here: other commands start without them

    settings = Settings.load(folder)
    _require_guarded(folder, settings, host)
    # In a process of its own: a server that has used DuckDB before it forks has workers that crash.
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as aside:
        said = aside.submit(_prepare, folder, settings).result()
    if said:
        _say(said)
    announce = lambda address: _say(t("cli.serving", address=address))  # noqa: E731
    run_server(Warehouse(folder), settings, host, port, processes, announce, log)


def _require_guarded(folder: Path, settings: Settings, host: str) -> None:
    """Refused where others reach the server and nobody is asked who they are; or where nothing could be traced."""
    if settings.access.way == OIDC:
        from dashboard.access.oidc import client_secret, own_secret  # loads Authlib

        client_secret(settings.access.oidc, folder)
        own_secret(folder)
    is_open = settings.access.way == PASSWORD and accounts_of(folder, settings).is_empty()
    if not is_open:
        Trace(folder, doer=console_doer()).record(trace.SERVED, host, detail=settings.access.way)
    elif not is_loopback(host):
        raise Refused(t("cli.serve_open", host=host))


def _prepare(folder: Path, settings: Settings) -> str:
    """Check every query, and bring an older version's snapshot up to date; what there is to say of it."""
    check_queries(settings)
    check_store_queries()
    store = SnapshotFolder(folder)
    current = store.current()
    if current is None or current.id != store.pointer().get("id"):
        return ""  # a damaged snapshot is named by the pages and by `check`, not built over
    try:
        if current.recipe == recipe(with_baselines(settings, folder)):
            return ""
        manifest = rebuild(folder, settings, Options(note=t("cli.rebuild_note")), anew=False)
    except FolderError as error:  # what is there can still be shown
        return t(f"folder.{error.code}", **error.values)
    except StoreError as error:
        return complaint(t, error)
    return t("import.rebuilt", number=manifest.number)


@main.command(help=t("cli.demo"))
@click.option("--seed", default=2026, help=t("cli.seed"))
@click.option("--files", type=click.Path(path_type=Path, file_okay=False), default=None, help=t("cli.demo_files"))
@click.pass_obj
def demo(folder: Path, seed: int, files: Path | None) -> None:
    from dashboard.demo import follow_ups, generate
    from dashboard.demo.names import REGION

    current = SnapshotFolder(folder).current()
    if current and not current.demonstration and files is None:
        raise Refused(t("cli.demo_refused", folder=folder))
    progress = _Progress()
    if files is not None:
        files.mkdir(parents=True, exist_ok=True)
        written = generate(files, seed)
        _say(t("cli.demo_written", n=len(written), folder=files))
        return
    with tempfile.TemporaryDirectory(prefix="mingjing-") as temporary:
        county = Path(temporary) / "demonstration-county"
        county.mkdir()
        generate(county, seed, lambda share: progress("", t("cli.demo_generating"), share / 2))
        options = Options(demonstration=True, note=t("cli.demo_note", seed=seed))
        result = run_import(
            [county],
            folder,
            Settings.load(folder),
            options,
            lambda stage, what, share: progress(stage, what, 0.5 + share / 2),
        )
        folder.joinpath("planted.json").write_bytes(county.joinpath("planted.json").read_bytes())
    progress.done()
    _report(result)
    snapshot = Warehouse(folder).current()
    asked = dict.fromkeys(("quarter", "department", "rule"))
    flagged = snapshot.run("pages/gaps", region=REGION, statuses=list(FLAGS), **asked).to_dict("records")
    flags = {(one.rule, one.department_id, one.until): one for one in map(flag_of, flagged)}
    recorded = follow_ups.record(folder, flags, snapshot.id)
    _say(t("cli.demo_follow_up_kept") if recorded is None else t("cli.demo_follow_up", n=recorded))


@main.command("import", help=t("cli.import"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), default=None, help=t("cli.mapping"))
@click.option("--dry-run", is_flag=True, help=t("cli.dry_run"))
@click.option("--accept-valid", is_flag=True, help=t("cli.accept_valid"))
@click.option("--problems", type=click.Path(path_type=Path, dir_okay=False), default=None, help=t("cli.problems"))
@click.option("--note", default="", help=t("cli.note"))
@click.option("--by", "who", default="", help=t("cli.by"))
@click.option("--base", default="", help=t("cli.base"))
@click.option("--region", "regions", multiple=True, help=t("cli.import_region"))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help=t("cli.import_format"))
@click.pass_obj
def import_(
    folder: Path,
    paths: tuple[Path, ...],
    mapping: Path | None,
    dry_run: bool,
    accept_valid: bool,
    problems: Path | None,
    note: str,
    who: str,
    base: str,
    regions: tuple[str, ...],
    form: str,
) -> None:
    chosen = load_mapping(_mapping_path(mapping, folder)) if mapping else Mapping()
    options = Options(chosen, accept_valid, dry_run, who=who, note=note, regions=regions, base=base)
    if form == "json":
        raise SystemExit(tell_import(list(paths), folder, options, sys.stdout))
    progress = _Progress()
    try:
        result = run_import(list(paths), folder, Settings.load(folder), options, progress)
    except ImportRefused as refused:
        progress.done()
        raise Refused(_refusal(refused, problems or Path("import-problems.csv"))) from None
    progress.done()
    _report(result)
    if result.problems.total:
        _report_set_aside(result, problems or Path("import-problems.csv"))


@main.command(help=t("cli.template"))
@click.argument("table", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help=t("cli.template_out"))
@click.pass_obj
def template(folder: Path, table: str | None, out: Path | None) -> None:
    from dashboard.importing import templates  # writes workbooks: other commands start without that

    names = list(TABLES) if table is None else [_one_of(table, list(TABLES), "table")]
    lang = _language()
    path = out or Path(f"{templates.file_words(names, lang)}.xlsx")
    content = templates.workbook(names, lang, templates.choices_of(Warehouse(folder).current(), lang))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused(t("cli.template_not_written", path=path, reason=error.strerror)) from None
    _say(t("cli.template_written", path=path))


def _mapping_path(given: Path, folder: Path) -> Path:
    """A path, or the name of a mapping in the data folder or among the project's examples."""
    candidates = [given, *(base / "mappings" / f"{given}.toml" for base in (folder, DEFAULTS))]
    return next((path for path in candidates if path.is_file()), given)


def _refusal(refused: ImportRefused, path: Path) -> str:
    problems = refused.problems
    lines = [t("import.refused", n=problems.total)]
    lines += [f"  {line}" for line in problems.lines(t, SHOWN_PROBLEMS)]
    if problems.total > SHOWN_PROBLEMS:
        lines.append(t("import.more", n=problems.total - SHOWN_PROBLEMS))
    try:
        problems.write_csv(path, t)
        lines.append(t("import.all_in", path=path))
    except OSError as error:
        lines.append(t("import.list_not_written", path=path, reason=error.strerror))
    if refused.only_rows:
        lines.append(t("import.or_accept_valid"))
    return "\n".join(lines)


def _report_set_aside(result: ImportResult, path: Path) -> None:
    rows_path = path.with_name(f"{path.stem}-rows.csv")
    try:
        result.problems.write_csv(path, t)
        with rows_path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for name, header, rows in result.set_aside:
                writer.writerow(map(safe_cell, (name, t("import.csv.row"), t("import.csv.problem"), *header)))
                for number, cells, why in rows:
                    writer.writerow(safe_cell(c) for c in ("", number, t(f"problem.short.{why}"), *cells))
    except OSError as error:
        raise Refused(t("import.list_not_written", path=path, reason=error.strerror)) from None
    _say(t("import.set_aside_in", n=result.problems.total, path=path, rows=rows_path))


def _report(result: ImportResult) -> None:
    for name, table in result.tables.items():
        parts = [t("import.table", table=t(f"table.{name}"), rows=table.rows, loaded=table.loaded)]
        for key in ("added", "changed", "unchanged", "removed", "not_cast", "filtered", "repeated", "refused"):
            if value := getattr(table, key):
                parts.append(t(f"import.count.{key}", n=value))
        parts += [t("import.count.set_aside", n=n, why=t(f"problem.short.{why}")) for why, n in table.set_aside.items()]
        for key in ("differenced", "year_to_date", "disagreeing_totals"):
            if value := getattr(table, key):
                parts.append(t(f"import.count.{key}", n=value))
        _say(t("import.separator").join(parts))
    for name, key, column, stated, summed in result.audit[:SHOWN_PROBLEMS]:
        _say(t("import.audit", table=t(f"table.{name}"), key=key, column=column, stated=stated, summed=summed))
    if result.examples:
        _say(t("import.examples", n=result.examples))
    for name, headers in result.unused.items():
        _say(t("import.unused", file=name, headers=", ".join(headers)))
    if result.skipped:
        _say(t("import.skipped", files=", ".join(sorted(set(result.skipped))[:10])))
    if result.manifest:
        said = "import.published" if result.changes else "import.rebuilt"
        _say(t(said, number=result.manifest.number, changes=result.changes))
        if result.manifest.demonstration:
            _say(t("cli.demonstration"))
    else:
        _say(t("import.nothing_changed" if not result.changes else "import.dry_run", changes=result.changes))


# --- reading ---------------------------------------------------------------------------------------------------
@main.command(help=t("cli.rank"))
@click.option("--quarter", default=None, help=t("cli.quarter"))
@click.option("--category", default=None, help=t("cli.category"))
@click.option("--dimension", default="composite", help=t("cli.dimension"))
@click.option("--weights", default="", help=t("cli.weights"))
@click.option("--scale", type=click.Choice(["stored", "source"]), default="stored", help=t("cli.scale"))
@click.option("--scope", type=click.Choice(["region", "peers"]), default="region", help=t("cli.scope"))
@_reading_options
@click.pass_obj
def rank(
    folder: Path,
    quarter: str | None,
    category: str | None,
    dimension: str,
    weights: str,
    scale: str,
    scope: str,
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    snapshot = _snapshot(folder, as_known_on)
    scored = list(snapshot.run("pages/scored_quarters")["quarter"])
    if not scored:
        raise Refused(t("cli.no_table", table=t("table.evaluations")))
    quarter = _one_of(scored[-1] if quarter is None else quarter, [*scored, "all"], "quarter")
    office = snapshot.run("pages/weights")
    dimensions = list(office["dimension"])
    _one_of(dimension, ["composite", "pooled", *dimensions], "dimension")
    if region is not None:
        _one_of(region, list(snapshot.regions), "region")
    if category is not None:
        _one_of(category, list(snapshot.run("pages/categories")["category"]), "category")
    own = _parsed_weights(weights, dimensions)
    if own and dimension != "composite":
        raise Refused(t("cli.weights_of_one", dimension=dimension))
    if own and quarter == "all":  # the draws by which weights are tried are kept of quarters
        raise Refused(t("cli.weights_of_all"))
    regions = snapshot.regions if region is None else [region]
    rows = pd.concat([snapshot.standings(name, quarter, dimension, scope, own) for name in regions], ignore_index=True)
    frame = ranked(rows, scale, category)
    if len(snapshot.regions) <= 1:
        frame = frame.drop(columns="region_id")
    _marked(snapshot)
    click.echo(_printed(frame, form))


def _parsed_weights(given: str, dimensions: list[str]) -> dict[str, float]:
    """“service=2,conduct=1” by name, never by position; a dimension that is not named has weight 1."""
    if not given:
        return {}
    named: dict[str, float] = {}
    for part in given.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        _one_of(name, dimensions, "dimension")
        try:
            weight = float(value)
        except ValueError:
            weight = -1.0
        if name in named or not 0 <= weight < float("inf"):
            raise Refused(t("cli.bad_weight", given=part))
        named[name] = weight
    weights = dict.fromkeys(dimensions, 1.0) | named
    if not any(weights.values()):
        raise Refused(t("cli.no_weight"))
    return weights


@main.command(help=t("cli.indicator"))
@click.argument("name", required=False)
@click.option("--quarter", default=None, help=t("cli.quarter"))
@click.option("--scope", type=click.Choice(["region", "peers"]), default="region", help=t("cli.scope"))
@click.option("--window", type=click.Choice(["1", "4"]), default="1", help=t("cli.window"))
@_reading_options
@click.pass_obj
def indicator(
    folder: Path,
    name: str | None,
    quarter: str | None,
    scope: str,
    window: str,
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    known = indicators(load_catalog())
    if name is None:
        lang = _language()
        listed = [(key, query.header["title"][lang], query.header["unit"][lang]) for key, query in known.items()]
        click.echo(_printed(pd.DataFrame(listed, columns=["indicator", "title", "unit"]), form))
        return
    _one_of(name, list(known), "indicator")
    snapshot = _snapshot(folder, as_known_on)
    if quarter == "all":
        quarter = None
    if quarter is not None:
        _one_of(quarter, list(snapshot.quarters), "quarter")
    if region is not None:
        _one_of(region, list(snapshot.run("pages/known_regions")["region_id"]), "region")
    frame = snapshot.run(
        "pages/indicator", indicator=name, quarter=quarter, region=region, scope=scope, window=int(window)
    )
    if frame["region_id"].nunique() <= 1:
        frame = frame.drop(columns="region_id")
    if not frame["variant"].replace("composite", "").any():
        frame = frame.drop(columns="variant")
    _marked(snapshot)
    click.echo(_printed(frame, form))


@main.command("gaps", help=t("cli.gaps"))
@click.option("--quarter", default=None, help=t("cli.quarter"))
@click.option("--department", default=None, help=t("cli.department"))
@click.option("--rule", default=None, help=t("cli.rule"))
@click.option("--status", default=None, help=t("cli.status"))
@click.option("--against", default=None, type=int, help=t("cli.against"))
@_reading_options
@click.pass_obj
def gaps_(
    folder: Path,
    quarter: str | None,
    department: str | None,
    rule: str | None,
    status: str | None,
    against: int | None,
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    rules = gap_rules(load_catalog())
    if rule is not None:
        _one_of(rule, list(rules), "rule")
    # of what changed, what is no flag any more is asked for as well
    status = _one_of(status or ("flagged" if against is None else "all"), ["flagged", *STATUSES, "all"], "status")
    snapshot = _snapshot(folder, as_known_on)
    other = None if against is None else _other_snapshot(folder, snapshot, against)
    sides = [one for one in (snapshot, other) if one is not None]  # of what changed, also what is gone by now
    if region is not None:
        known = dict.fromkeys(name for one in sides for name in one.run("pages/known_regions")["region_id"])
        _one_of(region, list(known), "region")
    if department is not None:
        names = {name for one in sides for name in one.run("pages/known_departments")["department_id"]}
        _one_of(department, sorted(names), "department")
    default = snapshot.quarters[-1] if other is None else "all"
    quarter = _one_of(quarter or default, [*snapshot.quarters, "all"], "quarter")
    asked = {
        "region": region,
        "quarter": None if quarter == "all" else quarter,
        "department": department,
        "rule": rule,
    }
    rows = snapshot.run("pages/gaps", **asked, statuses={"flagged": list(FLAGS), "all": None}.get(status, [status]))
    if other is None:
        frame = in_sentences(snapshot, rules, rows)
    else:
        # what does not stand any more is in no state: only who asks for all of them asks for it
        before = other.run("pages/gaps", **asked, statuses=list(FLAGS) if status == "all" else [])
        frame = _changed(snapshot, other, rules, rows, before)
    if len({name for one in sides for name in one.regions}) <= 1:
        frame = frame.drop(columns="region_id")
    _marked(snapshot)
    click.echo(_printed(frame, form))


def _other_snapshot(folder: Path, snapshot: Snapshot, number: int) -> Snapshot:
    warehouse = Warehouse(folder)
    known = [str(one.number) for one in warehouse.manifests() if one.number != snapshot.number]
    _one_of(str(number), known, "snapshot")
    other = warehouse.numbered(number)
    if other is None:
        warehouse.folder.verify(next(one.id for one in warehouse.manifests() if one.number == number))
    return other


def _changed(
    snapshot: Snapshot, other: Snapshot, rules: dict[str, Query], rows: pd.DataFrame, before: pd.DataFrame
) -> pd.DataFrame:
    """Of `rows` those whose flag differs in the other snapshot: what became of it, by what, what is said now.

    `before`: the other's flags. Of those whose department, rule or region is gone nothing is said now.
    """
    key = ["rule", "region_id", "department_id", "quarter"]
    found, gone = [], []
    for region, both in pd.concat([rows[key], before[key]]).groupby("region_id"):
        compared = Comparison(other, snapshot, region, both["quarter"].max(), rules)
        flags = compared.flags.assign(region_id=region)
        of_region = rows[rows["region_id"] == region]
        found.append(flags.merge(of_region, on=key))
        gone.append(_gone(flags, of_region, before[before["region_id"] == region], snapshot.quarters_of(region), rules))
        if compared.new_quarters:
            _say(t("cli.against_new", number=other.number, quarters=", ".join(compared.new_quarters)))
    parts = []
    if sum(map(len, found)):
        changed = pd.concat(found, ignore_index=True)
        parts.append(_as_changed(in_sentences(snapshot, rules, changed), changed))
    if sum(map(len, gone)):
        changed = pd.concat(gone, ignore_index=True)
        nothing = dict.fromkeys(("value", "threshold", "n")) | dict.fromkeys(("sentence_zh", "sentence_en"), "")
        parts.append(_as_changed(changed.assign(**nothing), changed))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CHANGED))


def _gone(
    flags: pd.DataFrame,
    rows: pd.DataFrame,
    before: pd.DataFrame,
    quarters: Sequence[str],
    rules: dict[str, Query],
) -> pd.DataFrame:
    """The flags of one region in `before` of which no row is left, in the quarters that are still known, or in all of
    them where the region is gone: was, becomes (None) and causes beside their key and name."""
    key = ["rule", "department_id", "quarter"]
    there = set(zip(*(rows[name] for name in key)))
    proven = dict(zip(zip(*(flags[name] for name in key)), flags["causes"]))
    is_gone = [
        place not in there and (not quarters or place[-1] in quarters) for place in zip(*(before[name] for name in key))
    ]
    gone = before[pd.Series(is_gone, index=before.index, dtype=bool)]
    places = list(zip(*(gone[name] for name in key)))
    by = [proven.get(place, (DATA,) if place[0] in rules else (METHOD,)) for place in places]
    return gone.assign(was=gone["status"], becomes=None, causes=pd.Series(by, index=gone.index, dtype=object))


def _as_changed(said: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    sides = {
        "change": [moved(was, becomes) for was, becomes in zip(changed["was"], changed["becomes"])],
        "was": changed["was"],
        "becomes": changed["becomes"],
        "causes": [",".join(by) for by in changed["causes"]],
    }
    return said.assign(**sides)[list(CHANGED)]


@main.command(help=t("cli.sums"))
@click.option("--check", default=None, help=t("cli.sums_check"))
@click.option("--quarter", default=None, help=t("cli.quarter"))
@click.option("--department", default=None, help=t("cli.department"))
@click.option("--verdict", type=click.Choice([*audit.FOUND, "all"]), default="all", help=t("cli.sums_verdict"))
@click.option("--counts", is_flag=True, help=t("cli.sums_counts"))
@_reading_options
@click.pass_obj
def sums(
    folder: Path,
    check: str | None,
    quarter: str | None,
    department: str | None,
    verdict: str,
    counts: bool,
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    checks = audits(load_catalog())
    if check is not None:
        _one_of(check, list(checks), "check")
    snapshot = _snapshot(folder, as_known_on)
    if quarter is not None:
        _one_of(quarter, [*snapshot.quarters, "all"], "quarter")
    if region is not None:
        _one_of(region, list(snapshot.run("pages/known_regions")["region_id"]), "region")
    if department is not None:
        _one_of(department, sorted(set(snapshot.run("pages/known_departments")["department_id"])), "department")
    quarters = None if quarter in (None, "all") else [quarter]
    asked = {"region": region, "department": department, "quarters": quarters}
    found = snapshot.run("pages/audit_checks", **asked).set_index("check")
    # a check that found nothing to compare says so with a 0
    found = found.reindex([check] if check else list(checks)).reset_index()
    found = found.fillna(dict.fromkeys(("compared", *audit.FOUND), 0))
    if counts:
        frame = found.assign(title=[checks[name].header["title"][_language()] for name in found["check"]])
    else:
        verdicts = None if verdict == "all" else [verdict]
        frame = snapshot.run("pages/audit_rows", check=check, verdicts=verdicts, **asked)
        frame = frame.drop(columns=["region_zh", "region_en", "name_en", "short_name"])
        of = [audit.item_words(checks[r.check], r.table, r.item, _language()) for r in frame.itertuples()]
        frame.insert(frame.columns.get_loc("item") + 1, "says", of)
    _marked(snapshot)
    _say(t("cli.sums_said", **found[["compared", *audit.FOUND]].sum().astype(int)))
    click.echo(_printed(frame, form))


# --- what people recorded about gaps ---------------------------------------------------------------------------
@main.group("follow-up", invoke_without_command=True, help=t("cli.follow_up"))
@click.option("--rule", default=None, help=t("cli.rule"))
@click.option("--department", default=None, help=t("cli.department"))
@click.option("--state", default=None, help=t("cli.follow_up_state"))
@_reading_options
@click.pass_context
def follow_up(
    context: click.Context,
    rule: str | None,
    department: str | None,
    state: str | None,
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    if context.invoked_subcommand is not None:
        return
    folder: Path = context.obj
    snapshot = _snapshot(folder, as_known_on)
    book = Store(folder).read(region)
    # what was begun about a rule or a department that is gone can still be asked for
    followed = [one.flag for one in book.follow_ups]
    if rule is not None:
        _one_of(rule, [*gap_rules(load_catalog()), *(flag.rule for flag in followed)], "rule")
    if state is not None:
        _one_of(state, ["open", *STATES], "state")
    known = snapshot.run("pages/known_departments")
    if department is not None:
        names = {*known["department_id"], *(flag.department_id for flag in followed)}
        _one_of(department, sorted(names), "department")
    if region is not None:
        _one_of(region, list(snapshot.run("pages/known_regions")["region_id"]), "region")
    if as_known_on:
        book = book.known_on(as_known_on.date())
    day = as_known_on.date() if as_known_on else datetime.date.today()
    rows = _flags_now(snapshot)
    names = known.set_index(["region_id", "department_id"])["name"].to_dict()
    listed = [
        _as_listed(one, names, rows.get(one.flag.place), day, len(book.replies_to(one.flag)))
        for one in sorted(book.follow_ups, key=_by_urgency)
        if (rule is None or one.flag.rule == rule)
        and (department is None or one.flag.department_id == department)
        and (state is None or (one.is_open if state == "open" else one.state == state))
    ]
    columns = [
        *("rule", "region_id", "department_id", "name", "since", "state", "owner", "due", "days_overdue", "outcome"),
        *("flag", "note", "who", "at", "replies", "event"),
    ]
    frame = pd.DataFrame(listed, columns=columns).astype({"days_overdue": "Int64"})
    if len(snapshot.regions) <= 1:
        frame = frame.drop(columns="region_id")
    _marked(snapshot)
    click.echo(_printed(frame, form))


def _by_urgency(one: FollowUp) -> tuple[bool, datetime.date, int]:
    """Open ones first, by due date."""
    return not one.is_open, one.due or datetime.date.max, one.last.number


def _flags_now(snapshot: Snapshot) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(rule, region, department) → its row in the latest quarter of its region."""
    found = {}
    for region in snapshot.regions:
        quarter = (snapshot.quarters_of(region) or snapshot.quarters)[-1]
        for row in _gap_rows(snapshot, region, quarter):
            found[row["rule"], row["region_id"], row["department_id"]] = row
    return found


def _gap_rows(snapshot: Snapshot, region: str, quarter: str, **place: str) -> list[dict[str, Any]]:
    asked = {"rule": None, "department": None, "statuses": None} | place
    return snapshot.run("pages/gaps", region=region, quarter=quarter, **asked).to_dict("records")


def _as_listed(
    one: FollowUp, names: dict[tuple[str, str], str], row: dict[str, Any] | None, day: datetime.date, replies: int
) -> tuple[Any, ...]:
    flag, late = one.flag, one.days_overdue(day)
    place = (flag.rule, flag.region_id, flag.department_id, names.get((flag.region_id, flag.department_id)))
    said = (one.state, one.owner or None, one.due, late or None, one.outcome or None, fate(flag, row))
    return (
        *place,
        flag.since,
        *said,
        one.last.step.note or None,
        one.last.step.who,
        one.last.at.isoformat(),
        replies,
        one.last.number,
    )


def _place_options(command: Callable) -> Callable:
    """Which flag something is recorded of, and by whom."""
    for option in (
        click.option("--region", default=None, help=t("cli.region")),
        click.option("--quarter", default=None, help=t("cli.follow_up_quarter")),
        click.option("--since", default=None, help=t("cli.follow_up_since")),
        click.option("--by", "who", required=True, help=t("cli.follow_up_by")),
        click.argument("department"),
        click.argument("rule"),
    ):
        command = option(command)
    return command


_DAY = click.DateTime(["%Y-%m-%d"])


@follow_up.command("record", help=t("cli.follow_up_record"))
@_place_options
@click.option("--state", required=True, help=t("cli.follow_up_new_state"))
@click.option("--owner", default="", help=t("cli.follow_up_owner"))
@click.option("--due", type=_DAY, default=None, help=t("cli.follow_up_due"))
@click.option("--note", default="", help=t("cli.follow_up_note"))
@click.option("--outcome", default="", help=t("cli.follow_up_outcome"))
@click.pass_obj
def record_step(
    folder: Path,
    rule: str,
    department: str,
    who: str,
    since: str | None,
    quarter: str | None,
    region: str | None,
    state: str,
    owner: str,
    due: datetime.datetime | None,
    note: str,
    outcome: str,
) -> None:
    _one_of(state, list(STATES), "state")
    if outcome:
        _one_of(outcome, list(OUTCOMES), "outcome")
    flag, basis, follows = _target(folder, rule, department, region, quarter, since)
    step = Step(state, who, owner, due.date() if due else None, note, outcome)
    event = Store(folder, doer=console_doer()).record(flag, step, basis, follows)
    words = t(f"follow_up.state.{state}")
    _say(t("cli.follow_up_recorded", number=event.number, rule=rule, department=department, state=words))


@follow_up.command("reply", help=t("cli.follow_up_reply"))
@_place_options
@click.option("--text", required=True, help=t("cli.follow_up_text"))
@click.option("--received", type=_DAY, default=None, help=t("cli.follow_up_received"))
@click.pass_obj
def record_reply(
    folder: Path,
    rule: str,
    department: str,
    who: str,
    since: str | None,
    quarter: str | None,
    region: str | None,
    text: str,
    received: datetime.datetime | None,
) -> None:
    flag, basis, _ = _target(folder, rule, department, region, quarter, since)
    reply = Store(folder, doer=console_doer()).reply(flag, text, who, basis, received.date() if received else None)
    _say(t("cli.follow_up_replied", number=reply.number, rule=rule, department=department))


def _target(
    folder: Path, rule: str, department: str, region: str | None, quarter: str | None, since: str | None
) -> tuple[Flag, Basis, int | None]:
    """The flag of that quarter, else the last one that was followed up; refused where there is neither. With `since`
    the follow-up that began there, and the number of its last event, so that no other one is meant.

    What was followed up may be of a rule or a department that is gone."""
    snapshot = _snapshot(folder, None)
    book = Store(folder).read(region)
    followed = [one.flag for one in book.follow_ups]
    _one_of(rule, [*gap_rules(load_catalog()), *(flag.rule for flag in followed)], "rule")
    known = snapshot.run("pages/known_departments")
    places = {*zip(known["region_id"], known["department_id"]), *((f.region_id, f.department_id) for f in followed)}
    if region is not None:
        _one_of(region, sorted({place for place, _ in places}), "region")
    places = {place for place in places if region in (None, place[0])}
    _one_of(department, sorted({name for _, name in places}), "department")
    regions = sorted(place for place, name in places if name == department)
    if len(regions) > 1:
        raise Refused(t("cli.follow_up_regions", department=department, regions=", ".join(regions)))
    quarters = snapshot.quarters_of(regions[0]) or snapshot.quarters
    quarter = _one_of(quarter or quarters[-1], list(quarters), "quarter")
    basis = Basis(snapshot.id, quarter)
    found = book.at((rule, regions[0], department))
    if since is not None:
        _one_of(since, sorted({one.flag.since for one in found}), "since")
        one = max((one for one in found if one.flag.since == since), key=lambda one: one.last.number)
        return one.flag, basis, one.last.number
    flagged = [
        row
        for row in _gap_rows(snapshot, regions[0], quarter, rule=rule, department=department)
        if row["status"] in FLAGS
    ]
    if flagged:
        return flag_of(flagged[0]), basis, None
    if not found:
        raise StoreError("no_flag")
    last = max(found, key=lambda one: (one.is_open, one.flag.since, one.last.number))
    return last.flag, basis, last.last.number


# --- notes pinned to a quarter -----------------------------------------------------------------------------------
EVERY_INDICATOR = "all"


@main.group("notes", invoke_without_command=True, help=t("cli.notes"))
@click.option("--department", default=None, help=t("cli.department"))
@click.option("--quarter", default=None, help=t("cli.notes_quarter"))
@_reading_options
@click.pass_context
def notes(
    context: click.Context,
    department: str | None,
    quarter: str | None,
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    if context.invoked_subcommand is not None:
        return
    folder: Path = context.obj
    snapshot = _snapshot(folder, as_known_on)
    found = Store(folder).read_notes(region)
    # what was pinned to a department that is gone can still be asked for
    known = snapshot.run("pages/known_departments")
    if department is not None:
        names = {EVERYBODY, *known["department_id"], *(note.pin.department_id for note in found.pinned)}
        _one_of(department, sorted(names), "department")
    if quarter is not None:
        _one_of(quarter, sorted({*snapshot.quarters, *(note.pin.quarter for note in found.pinned)}), "quarter")
    if region is not None:
        _one_of(region, list(snapshot.run("pages/known_regions")["region_id"]), "region")
    if as_known_on:
        found = found.known_on(as_known_on.date())
    names = known.set_index(["region_id", "department_id"])["name"].to_dict()
    listed = [
        _as_note(note, found, names, snapshot)
        for note in reversed(found.pinned)
        if department in (None, note.pin.department_id) and quarter in (None, note.pin.quarter)
    ]
    columns = [
        *("number", "region_id", "department_id", "name", "quarter", "kind", "indicator", "text", "who", "at"),
        *("state", "withdrawn_by", "withdrawn_at", "reason"),
    ]
    frame = pd.DataFrame(listed, columns=columns)
    if len(snapshot.regions) <= 1:
        frame = frame.drop(columns="region_id")
    _marked(snapshot)
    click.echo(_printed(frame, form))


def _as_note(note: Note, found: Notes, names: dict[tuple[str, str], str], snapshot: Snapshot) -> tuple[Any, ...]:
    """`state`: kept or withdrawn, and of a baseline whether the shown snapshot was built by it."""
    pin, gone = note.pin, found.withdrawals.get(note.number)
    is_in_force = any(one.get("note") == note.number for one in snapshot.manifest.baselines)
    state = "withdrawn" if gone else "kept"
    if pin.kind == BASELINE:
        state = ("in force" if is_in_force else "waiting") if not gone else state
    place = (note.number, pin.region_id, pin.department_id, names.get((pin.region_id, pin.department_id)))
    of = (pin.indicator or EVERY_INDICATOR) if pin.kind == BASELINE else None
    said = (gone.pin.who, gone.at.isoformat(), gone.pin.text) if gone else (None, None, None)
    return (*place, pin.quarter, pin.kind, of, pin.text, pin.who, note.at.isoformat(), state, *said)


def _pin_options(command: Callable) -> Callable:
    """Where a note is pinned, and by whom."""
    for option in (
        click.option("--region", default=None, help=t("cli.region")),
        click.option("--quarter", required=True, help=t("cli.notes_pinned")),
        click.option("--by", "who", required=True, help=t("cli.follow_up_by")),
        click.argument("department"),
    ):
        command = option(command)
    return command


@notes.command("add", help=t("cli.notes_add"))
@_pin_options
@click.option("--text", required=True, help=t("cli.notes_text"))
@click.pass_obj
def add_note(folder: Path, department: str, quarter: str, text: str, who: str, region: str | None) -> None:
    region, basis = _pinned_to(folder, department, quarter, region)
    kept = Store(folder, doer=console_doer()).pin(Pin(region, department, quarter, text, who, NOTE), basis)
    _say(t("cli.notes_kept", number=kept.number, department=department, quarter=quarter))


@notes.command("baseline", help=t("cli.notes_baseline"))
@_pin_options
@click.option("--indicator", required=True, help=t("cli.notes_indicator"))
@click.option("--reason", required=True, help=t("cli.notes_reason"))
@click.pass_obj
def add_baseline(
    folder: Path, department: str, quarter: str, indicator: str, reason: str, who: str, region: str | None
) -> None:
    _one_of(indicator, [EVERY_INDICATOR, *indicators(load_catalog())], "indicator")
    region, basis = _pinned_to(folder, department, quarter, region)
    of = "" if indicator == EVERY_INDICATOR else indicator
    pin = Pin(region, department, quarter, reason, who, BASELINE, of)
    require_nothing_hidden(_snapshot(folder, None), pin)
    kept = Store(folder, doer=console_doer()).pin(pin, basis)
    _say(t("cli.notes_kept", number=kept.number, department=department, quarter=quarter))
    _say(t("notes.from_next"))


@notes.command("withdraw", help=t("cli.notes_withdraw"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=t("cli.notes_reason"))
@click.option("--by", "who", required=True, help=t("cli.follow_up_by"))
@click.pass_obj
def withdraw_note(folder: Path, number: int, reason: str, who: str) -> None:
    snapshot, store = _snapshot(folder, None), Store(folder, doer=console_doer())
    note = next((one for one in store.read_notes().pinned if one.number == number), None)
    if note is None:
        raise StoreError("no_note", number=number)
    region = note.pin.region_id
    quarters = snapshot.quarters_of(region) or snapshot.quarters
    store.withdraw(region, number, reason, who, Basis(snapshot.id, quarters[-1]))
    _say(t("cli.notes_withdrawn", number=number))
    if note.pin.kind == BASELINE:
        _say(t("notes.from_next"))


def _pinned_to(folder: Path, department: str, quarter: str, region: str | None) -> tuple[str, Basis]:
    """The region of the department, '*' being all of it, and what is looked at; refused where it is not there."""
    snapshot = _snapshot(folder, None)
    known = snapshot.run("pages/known_departments")
    places = {*zip(known["region_id"], known["department_id"]), *((one, EVERYBODY) for one in snapshot.regions)}
    if region is not None:
        _one_of(region, sorted({place for place, _ in places}), "region")
    places = {place for place in places if region in (None, place[0])}
    _one_of(department, sorted({name for _, name in places}), "department")
    regions = sorted(place for place, name in places if name == department)
    if len(regions) > 1:
        raise Refused(t("cli.follow_up_regions", department=department, regions=", ".join(regions)))
    quarters = snapshot.quarters_of(regions[0]) or snapshot.quarters
    _one_of(quarter, list(quarters), "quarter")
    return regions[0], Basis(snapshot.id, quarters[-1])


# --- documents -------------------------------------------------------------------------------------------------
def _choice_options(command: Callable) -> Callable:
    """What every command that writes documents takes."""
    command = click.option("--departments", default="", help=t("cli.report_departments"))(command)
    command = click.option("--lang", type=click.Choice(list(LANGUAGES)), default=None, help=t("cli.report_lang"))(
        command
    )
    command = click.option("--region", default=None, help=t("cli.region"))(command)
    day = click.DateTime(["%Y-%m-%d"])
    command = click.option("--as-known-on", type=day, default=None, help=t("cli.as_known_on"))(command)
    return click.option("--quarter", default=None, help=t("cli.quarter"))(command)


def _listed(given: str, known: Sequence[str], what: str) -> tuple[str, ...]:
    """'docx,pdf' → ('docx', 'pdf'); nothing given is nothing."""
    found = tuple(dict.fromkeys(one.strip() for one in given.split(",") if one.strip()))
    for one in found:
        _one_of(one, list(known), what)
    return found


def _facts(
    folder: Path, choices: "Choices", as_known_on: datetime.datetime | None, day: datetime.date | None = None
) -> "Facts":
    """`day`: as of which something is late; today if not given."""
    from dashboard.reports.facts import ChoiceError
    from dashboard.reports.issues import IssueError, Issues
    from dashboard.reports.public import facts_of

    snapshot = _snapshot(folder, as_known_on)
    if choices.region is not None:
        _one_of(choices.region, list(snapshot.regions), "region")
    book = Store(folder).read(choices.region or (snapshot.regions[0] if snapshot.regions else None))
    if as_known_on:
        book = book.known_on(as_known_on.date())
    _marked(snapshot)
    day = as_known_on.date() if as_known_on else day
    try:
        return facts_of(snapshot, Settings.load(folder), book, choices, day, Issues(folder).read())
    except (ChoiceError, IssueError) as error:
        raise Refused(t(f"bulletin.error.{error.code}", **error.values)) from None


def _bulletin(facts: "Facts") -> "Document":
    from dashboard.reports.bulletin import bulletin
    from dashboard.reports.facts import ChoiceError

    try:
        return bulletin(facts)
    except ChoiceError as error:  # what was issued before, and this, would tell what is withheld
        raise Refused(t(f"bulletin.error.{error.code}", **error.values)) from None


def _edited(path: Path) -> "Edited":
    from dashboard.reports.edited import EditedError, read

    try:
        return read(str(path))
    except EditedError as error:
        raise Refused(t(f"bulletin.error.{error.code}", file=path.name)) from None


@main.group("report", invoke_without_command=True, help=t("cli.report"))
@click.option("--format", "formats", default="docx,pdf,pptx,xlsx", help=t("cli.report_format"))
@click.option("--sections", default="", help=t("cli.report_sections"))
@click.option(
    "--from", "edited", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=t("cli.report_from")
)
@click.option("--edition", type=click.Choice(["internal", "public"]), default=None, help=t("cli.report_edition"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help=t("cli.report_out"))
@_choice_options
@click.pass_context
def report(
    context: click.Context,
    formats: str,
    sections: str,
    edited: Path | None,
    edition: str | None,
    out: Path,
    departments: str,
    lang: str | None,
    region: str | None,
    as_known_on: datetime.datetime | None,
    quarter: str | None,
) -> None:
    if context.invoked_subcommand is not None:
        return
    from dashboard.reports.edited import edited_cells, marked, merged
    from dashboard.reports.facts import PUBLIC, SECTIONS, Choices
    from dashboard.reports.files import FORMATS, all_written
    from dashboard.reports.issues import Issues

    folder, theirs = context.obj, _edited(edited) if edited else None
    own = theirs.choices if theirs else Choices(lang=_language())
    if theirs and edition not in (None, own.edition):  # what a person kept of the one must not stand in the other
        names = {"has": t(f"bulletin.edition.{own.edition}"), "asked": t(f"bulletin.edition.{edition}")}
        raise Refused(t("bulletin.error.edition", file=edited.name, **names))
    chosen = Choices(
        quarter or own.quarter,
        lang or own.lang,
        tuple(filter(None, departments.split(","))) or own.departments,
        _listed(sections, SECTIONS, "section") or own.sections,
        region or own.region,
        edition or own.edition,
    )
    wanted = _listed(formats, FORMATS, "format")
    issues = Issues(folder)
    with issues.held() if chosen.edition == PUBLIC else nullcontext():
        facts = _facts(folder, chosen, as_known_on)
        document = _bulletin(facts)
        if theirs:
            document = merged(theirs, document)
        made, is_drawn = all_written(document, facts.settings.bulletin, wanted, _report_progress)
        name = facts.t("bulletin.file.public" if facts.is_public else "bulletin.file", quarter=facts.quarter)
        files = {f"{name}.{form}": content for form, content in made.items()}
        if facts.is_public:
            issues.record(facts.issue(), files)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
        click.echo(out / name)
    if not is_drawn:
        _say(t("bulletin.not_drawn"))
    for where in edited_cells(theirs) if theirs else ():
        _say(t("bulletin.cell_not_kept", where=where))
    for key, figure in marked(document):
        _say(t("bulletin.marked", where=key.split("|")[0], was=figure.was, now=figure.written))
    for one in document.stale:
        words = {"where": one.key, "stands": one.text, "now": one.now}
        _say(t("bulletin.stale.said" if one.now else "bulletin.stale.said_gone", **words))


def _report_progress(doing: str, share: float) -> None:
    _say(t("bulletin.progress_line", percent=round(100 * share), doing=doing))


@report.command("check", help=t("cli.report_check"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_reading_options
@click.pass_obj
def check_report(
    folder: Path, file: Path, region: str | None, as_known_on: datetime.datetime | None, form: str
) -> None:
    from dashboard.reports.edited import CHANGED, EDITED, EQUAL, STATES, check, differing

    edited = _edited(file)
    facts = _facts(folder, edited.choices, as_known_on, edited.day)
    document = _bulletin(facts)
    rows = [(one.state, one.key, one.written, one.stands, one.now) for one in check(edited, document)]
    frame = pd.DataFrame(rows, columns=["state", "place", "written", "stands", "snapshot"])
    counts = frame["state"].value_counts()
    _say(
        t(
            "bulletin.checked",
            file=edited.origin["number"],
            day=facts.today.isoformat(),
            number=facts.snapshot.number,
            **{state: int(counts.get(state, 0)) for state in STATES},
        )
    )
    places = [(one.state, one.place, one.written, one.stands, one.now) for one in differing(edited, document)]
    states = [state for state, *_ in places]
    _say(t("bulletin.compared", edited=states.count(EDITED), changed=states.count(CHANGED)))
    if edited.has_pictures:
        _say(t("bulletin.pictures.annex" if "annexes" in edited.choices.sections else "bulletin.pictures.unread"))
    listed = pd.DataFrame([*frame[frame["state"] != EQUAL].to_numpy().tolist(), *places], columns=frame.columns)
    if len(listed) or form != "table":
        click.echo(_printed(listed, form))
    if len(listed):
        raise SystemExit(1)


@report.command("issued", help=t("cli.report_issued"))
@_format_option
@click.pass_obj
def issued(folder: Path, form: str) -> None:
    from dashboard.reports.issues import IssueError, Issues

    try:
        found = Issues(folder).read()
    except IssueError as error:
        raise Refused(t(f"bulletin.error.{error.code}", **error.values)) from None
    rows = [
        (one.at, one.region, one.quarter, one.edition, one.replaces, one.snapshot_number, name, digest)
        for one in found
        for name, digest in one.files.items()
    ]
    columns = ["at", "region", "quarter", "edition", "replaces_that_of", "snapshot", "file", "sha256"]
    click.echo(_printed(pd.DataFrame(rows, columns=columns), form))


@report.command("letters", help=t("cli.report_letters"))
@click.option("--format", "formats", default="docx,pdf", help=t("cli.report_format"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help=t("cli.report_out"))
@_choice_options
@click.pass_obj
def letters(
    folder: Path,
    formats: str,
    out: Path,
    departments: str,
    lang: str | None,
    region: str | None,
    as_known_on: datetime.datetime | None,
    quarter: str | None,
) -> None:
    from dashboard.reports.facts import Choices
    from dashboard.reports.letters import LETTER_FORMATS, all_letters

    wanted = _listed(formats, LETTER_FORMATS, "format")
    chosen = tuple(filter(None, departments.split(",")))
    facts = _facts(folder, Choices(quarter, lang or _language(), chosen, region=region), as_known_on)
    content = all_letters(facts, facts.settings.bulletin, wanted, _report_progress)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{facts.t('bulletin.letter.file', quarter=facts.quarter)}.zip"
    path.write_bytes(content)
    click.echo(path)


@main.command(help=t("cli.query"))
@click.argument("name", required=False)
@click.option("-p", "--parameter", "parameters", multiple=True, help=t("cli.parameter"))
@_reading_options
@click.pass_obj
def query(
    folder: Path,
    name: str | None,
    parameters: tuple[str, ...],
    region: str | None,
    as_known_on: datetime.datetime | None,
    form: str,
) -> None:
    catalogue = load_catalog()
    readable = {key: q for key, q in catalogue.items() if key.split("/")[0] in READABLE}
    if name is None:
        listed = [
            (key, ", ".join(sorted(q.parameters)), q.header.get("answers") or q.header["title"][_language()])
            for key, q in readable.items()
        ]
        click.echo(_printed(pd.DataFrame(listed, columns=["query", "parameters", "answers"]), form))
        return
    places = (name, *(f"{folder_name}/{name}" for folder_name in READABLE))
    full = next((key for key in places if key in readable), name)
    _one_of(full, list(readable), "query")
    values: dict[str, object] = {"region": region}
    for given in parameters:
        key, _, value = given.partition("=")
        _one_of(key, sorted(readable[full].parameters), "parameter")
        values[key] = [item for item in value.split(",") if item] if "," in value else value
    if left_out := sorted(readable[full].parameters - values.keys()):
        _say(t("cli.left_out", parameters=", ".join(left_out)))
    snapshot = _snapshot(folder, as_known_on)
    if region is not None:
        _one_of(region, list(snapshot.run("pages/known_regions")["region_id"]), "region")
    frame = snapshot.run(full, **dict.fromkeys(readable[full].parameters) | values)
    if region is not None and "region_id" in frame:
        frame = frame[frame["region_id"] == region]
    if full.startswith("indicators/"):  # these are put in order where they become judgements
        frame = frame.sort_values(["region_id", "department_id", "quarter", "variant"])
    _marked(snapshot)
    click.echo(_printed(frame, form))


@main.group(invoke_without_command=True, help=t("cli.snapshots"))
@click.pass_context
def snapshots(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        context.invoke(list_snapshots, form="table")


@snapshots.command("list", help=t("cli.snapshots_list"))
@_format_option
@click.pass_obj
def list_snapshots(folder: Path, form: str) -> None:
    store = SnapshotFolder(folder)
    current = store.current()
    rows = [
        {
            "number": manifest.number,
            "shown": current is not None and manifest.id == current.id,
            "created": manifest.created.astimezone().isoformat(),
            "by": manifest.imports[-1]["who"],
            "sources": ", ".join(source["name"] for source in manifest.imports[-1]["sources"]),
            "note": manifest.imports[-1]["note"],
            "id": manifest.id,
        }
        for manifest in store.all()
    ]
    columns = ["number", "shown", "created", "by", "sources", "note", "id"]
    click.echo(_printed(pd.DataFrame(rows, columns=columns), form))


@snapshots.command("restore", help=t("cli.snapshots_restore"))
@click.argument("number", type=int)
@click.option("--note", default="", help=t("cli.note"))
@click.option("--by", "who", default="", help=t("cli.by"))
@click.pass_obj
def restore_snapshot(folder: Path, number: int, note: str, who: str) -> None:
    kept = Trace(folder, doer=console_doer())
    kept.require_writable()
    shown = SnapshotFolder(folder).restore(number, who or console_doer().name, note)
    kept.record(trace.RESTORED, str(number), detail=f"{shown.id} {who}".strip())
    _say(t("cli.restored", number=number))


@snapshots.command("rebuild", help=t("cli.snapshots_rebuild"))
@click.option("--note", default="", help=t("cli.note"))
@click.option("--by", "who", default="", help=t("cli.by"))
@click.pass_obj
def rebuild_snapshot(folder: Path, note: str, who: str) -> None:
    progress = _Progress()
    options = Options(who=who, note=note or t("cli.rebuild_note"))
    manifest = rebuild(folder, Settings.load(folder), options, progress)
    progress.done()
    _say(t("import.rebuilt", number=manifest.number))


@main.command(help=t("cli.export"))
@click.argument("name", required=False)
@click.option("--quarter", default=None, help=t("cli.export_quarter"))
@click.option("--where", multiple=True, metavar="FILTER=VALUE", help=t("cli.export_where"))
@click.option("--format", "form", type=click.Choice(EXPORTED), default=None, help=t("cli.export_format"))
@click.option("--scale", type=click.Choice(["1", "2", "4"]), default="1", help=t("cli.export_scale"))
@click.option("--lang", type=click.Choice(["zh", "en"]), default=_language(), help=t("cli.export_lang"))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help=t("cli.export_out"))
@click.pass_obj
def export(
    folder: Path,
    name: str | None,
    quarter: str | None,
    where: tuple[str, ...],
    form: str | None,
    scale: str,
    lang: str,
    out: Path | None,
) -> None:
    from dashboard import exports  # Dash and Plotly load here: other commands start without them
    from dashboard.access.gate import alone
    from dashboard.app import create_app

    form = form or (out.suffix[1:] if out else "svg")
    if form not in EXPORTED:
        raise Refused(t("cli.export.form", given=form, known=", ".join(EXPORTED)))
    given = [*(tuple(one.partition("=")[::2]) for one in where), *([("quarter", quarter)] if quarter else [])]
    if unread := [f"{key}={value}" for key, value in given if key not in READERS or READERS[key](value) is None]:
        raise Refused(t("cli.export.unread", given=", ".join(unread), known=", ".join(READERS)))
    _marked(_snapshot(folder, None))
    app = create_app(Warehouse(folder), Settings.load(folder), alone)
    search = f"?{urlencode(dict([*given, ('lang', lang)]))}"
    with app.server.test_request_context(f"/{search}"):
        if name is None:
            for path in exports.paths():
                for one, chart in exports.charts(path, search).items():
                    click.echo(f"{one}\t{path}\t{chart.exported.title}")
            return
        chart = _chart_named(name, search)
        asked = dict(given).get("quarter")
        if asked and chart.now.quarter != asked:
            raise Refused(t("cli.export.quarter", quarter=asked, known=", ".join(chart.now.quarters)))
        target = out or Path(f"{chart.file_name}.{form}")
        target.write_bytes(_file_of(chart, form, int(scale)))
    _say(str(target))


def _chart_named(name: str, search: str) -> Any:
    from dashboard import exports

    found: dict[str, Any] = {}
    for path in exports.paths(name):
        found |= exports.charts(path, search)
        if name in found:
            break
    return found[_one_of(name, list(found), "chart")]


def _file_of(chart: Any, form: str, scale: int) -> bytes:
    """A browser is started for the drawing of a figure, and for nothing else."""
    from dashboard.reports.pictures import PictureError, Renderer

    try:
        if not chart.needs_drawing(form):
            return chart.file(form, scale=scale)
        with Renderer() as draw:
            return chart.file(form, draw, scale)
    except PictureError as error:
        raise Refused(t(f"cli.export.{error.code}", detail=error.detail)) from None


@main.command(help=t("cli.check"))
@click.pass_obj
def check(folder: Path) -> None:
    settings = Settings.load(folder)
    catalogue = load_catalog()
    check_queries(settings)
    check_store_queries()
    Store(folder).require_sound()
    _require_whole_trace(folder)
    counts = {
        "indicators": len(indicators(catalogue)),
        "gaps": len(gap_rules(catalogue)),
        "checks": len(audits(catalogue)),
    }
    _say(t("cli.checked_queries", n=len(catalogue), **counts))
    store = SnapshotFolder(folder)
    pointer = store.pointer()
    if pointer is None:
        _say(t("cli.no_data", folder=folder))
        return
    for path in sorted(store.snapshots.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            store.verify(path.name)
    current = store.verify(pointer.get("id", "?"), pointer.get("manifest_sha256", ""))
    _say(t("cli.checked_snapshots", n=len(store.all()), number=current.number))
    click.echo(_printed(_snapshot(folder, None).run("pages/loaded"), "table"))


# --- a copy of everything --------------------------------------------------------------------------------------
@main.command("backup", help=t("cli.backup"))
@click.argument("archive", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup_(folder: Path, archive: Path) -> None:
    made = backup.back_up(folder, archive)
    Trace(folder, doer=console_doer()).record(trace.BACKED_UP, archive.name, detail=f"{made.files} files")
    for snapshot_id in made.left_out:
        _say(t("cli.backup.left_out", snapshot=snapshot_id))
    _say(t("cli.backup.written", file=archive, size=archive.stat().st_size >> 20, **_held(made)))


@main.command("restore", help=t("cli.restore"))
@click.argument("archive", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=None, help=t("cli.restore.into"))
@click.option("--replace", is_flag=True, help=t("cli.restore.replace"))
@click.option("--check", "only_check", is_flag=True, help=t("cli.restore.check"))
def restore_(archive: Path, into: Path | None, replace: bool, only_check: bool) -> None:
    if only_check:
        _say(t("cli.restore.sound", file=archive, **_held(backup.check(archive))))
        return
    if into is None:
        raise Refused(t("cli.restore.where"))
    held, aside = backup.restore(archive, into, replace)
    Trace(into, doer=console_doer()).record(trace.BROUGHT_BACK, archive.name, detail=held.made.isoformat())
    if aside:
        _say(t("cli.restore.aside", folder=into, aside=aside))
    _say(t("cli.restore.done", folder=into, **_held(held)))


def _held(found: backup.Contents) -> dict[str, Any]:
    made = f"{found.made.astimezone():%Y-%m-%d %H:%M}"
    shown = "–" if found.shown is None else found.shown
    return {"made": made, "n": len(found.snapshots), "number": shown, "files": found.files}


# --- accounts and the trace ------------------------------------------------------------------------------------
def _accounts(folder: Path) -> Accounts:
    return accounts_of(folder, Settings.load(folder), console_doer())


@main.group(invoke_without_command=True, help=t("cli.users"))
@click.pass_context
def users(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        context.invoke(list_users, form="table")


@users.command("list", help=t("cli.users_list"))
@_format_option
@click.pass_obj
def list_users(folder: Path, form: str) -> None:
    found = _accounts(folder)
    rows = [
        {
            "name": one.name,
            "role": one.role,
            "regions": ",".join(one.regions),
            "department": one.department,
            "state": "disabled" if not one.is_active else "must_change" if one.must_change else "active",
            "made": one.made_at.astimezone().isoformat(),
            "signed_in": one.signed_in_at.astimezone().isoformat() if one.signed_in_at else None,
            "unused": found.is_unused(one),
            "sessions": len(found.sessions(one.name)),
        }
        for one in found.read()
    ]
    columns = ["name", "role", "regions", "department", "state", "made", "signed_in", "unused", "sessions"]
    click.echo(_printed(pd.DataFrame(rows, columns=columns), form))
    if not rows:
        _say(t("cli.users_none"))


def _role_options(command: Callable) -> Callable:
    """What an account is allowed; an account of a department needs its region and the department."""
    command = click.option("--department", default="", help=t("cli.users_department"))(command)
    command = click.option("--region", "regions", multiple=True, help=t("cli.users_region"))(command)
    return click.option("--role", required=True, type=click.Choice(list(roles())), help=t("cli.users_role"))(command)


def _place(folder: Path, role: str, regions: tuple[str, ...], department: str) -> tuple[tuple[str, ...], str]:
    """Regions and department as they stand in the data, where there are any; of a department the one region is meant
    where none is said."""
    snapshot = Warehouse(folder).current()
    if role == DEPARTMENT and not regions:
        regions = snapshot.regions[:1] if snapshot else (Settings.load(folder).region,)
    if wrong := unknown_place(snapshot, regions, department):
        raise Refused(t("cli.users_no_place", given=wrong))
    return regions, department


@users.command("add", help=t("cli.users_add"))
@click.argument("name")
@_role_options
@click.option("--make-up", is_flag=True, help=t("cli.users_make_up"))
@click.pass_obj
def add_user(folder: Path, name: str, role: str, regions: tuple[str, ...], department: str, make_up: bool) -> None:
    found, settings = _accounts(folder), Settings.load(folder)
    regions, department = _place(folder, role, regions, department)
    if role == SCREEN or settings.access.way != PASSWORD:
        account = found.add(name, role, regions, department)
        _say(t("cli.users_added", name=account.name, role=role))
        if role == SCREEN:
            _say(t("cli.users_screen_next", name=account.name))
        return
    password = found.made_up(name) if make_up else _typed_password(name)
    account = found.add(name, role, regions, department, password)
    _say(t("cli.users_added", name=account.name, role=role))
    _say(t("cli.users_must_change", hours=f"{settings.access.first_password_hours:g}"))
    if make_up:
        click.echo(password)


def _typed_password(name: str) -> str:
    """Typed twice at a terminal, else the first line of standard input; never an argument, which others can see."""
    if sys.stdin.isatty():
        return click.prompt(t("cli.users_password_for", name=name), hide_input=True, confirmation_prompt=True, err=True)
    return sys.stdin.readline().rstrip("\r\n")


@users.command("password", help=t("cli.users_password"))
@click.argument("name")
@click.option("--make-up", is_flag=True, help=t("cli.users_make_up"))
@click.pass_obj
def set_user_password(folder: Path, name: str, make_up: bool) -> None:
    found, settings = _accounts(folder), Settings.load(folder)
    password = found.set_made_up_password(name) if make_up else _typed_password(name)
    if not make_up:
        found.set_password(name, password)
    _say(t("cli.users_password_set", name=name))
    _say(t("cli.users_must_change", hours=f"{settings.access.first_password_hours:g}"))
    if make_up:
        click.echo(password)


@users.command("role", help=t("cli.users_role_help"))
@click.argument("name")
@_role_options
@click.pass_obj
def set_user_role(folder: Path, name: str, role: str, regions: tuple[str, ...], department: str) -> None:
    _accounts(folder).set_role(name, role, *_place(folder, role, regions, department))
    _say(t("cli.users_role_set", name=name, role=role))


@users.command("disable", help=t("cli.users_disable"))
@click.argument("name")
@click.pass_obj
def disable_user(folder: Path, name: str) -> None:
    _accounts(folder).disable(name)
    _say(t("cli.users_disabled", name=name))


@users.command("enable", help=t("cli.users_enable"))
@click.argument("name")
@click.pass_obj
def enable_user(folder: Path, name: str) -> None:
    _accounts(folder).enable(name)
    _say(t("cli.users_enabled", name=name))


@users.command("sign-out", help=t("cli.users_sign_out"))
@click.argument("name")
@click.pass_obj
def sign_out_user(folder: Path, name: str) -> None:
    _accounts(folder).sign_out_everywhere(name)
    _say(t("cli.users_signed_out", name=name))


@users.command("screen", help=t("cli.users_screen"))
@click.argument("name")
@click.option("--address", default="http://127.0.0.1:8050", help=t("cli.users_address"))
@click.pass_obj
def make_screen_link(folder: Path, name: str, address: str) -> None:
    token = _accounts(folder).make_link(name)
    _say(t("cli.users_link", hours=LINK_HOURS))
    click.echo(f"{address.rstrip('/')}{LINK_PATH}?link={token}")


@users.command("token", help=t("cli.users_token"))
@click.argument("name")
@click.pass_obj
def make_token(folder: Path, name: str) -> None:
    token = _accounts(folder).make_token(name)
    _say(t("cli.users_token_made", name=name, days=TOKEN_DAYS))
    click.echo(token)


@main.group("audit", help=t("cli.audit"))
def audit_() -> None:
    """The trace of who did what."""


@audit_.command("list", help=t("cli.audit_list"))
@click.option("--last", default=None, type=click.IntRange(1), help=t("cli.audit_last"))
@_format_option
@click.pass_obj
def list_trace(folder: Path, last: int | None, form: str) -> None:
    columns = ["number", "at", "actor", "role", "address", "action", "what", "result", "detail", "hash"]
    found = [vars(entry) | {"at": entry.at.isoformat()} for entry in reversed(Trace(folder).read(last))]
    frame = pd.DataFrame(found, columns=columns)
    click.echo(_printed(frame.drop(columns="hash") if form == "table" else frame, form))


@audit_.command("verify", help=t("cli.audit_verify"))
@click.option("--expect", default="", metavar="NUMBER:HASH", help=t("cli.audit_expect"))
@click.pass_obj
def verify_trace(folder: Path, expect: str) -> None:
    chain = _require_whole_trace(folder)
    if expect:
        number, _, known = expect.partition(":")
        if not (number.isdecimal() and re.fullmatch("[0-9a-f]{64}", known)):
            raise Refused(t("cli.audit_no_expect", given=expect))
        if int(number) and not Trace(folder).has(int(number), known):
            raise Refused(t("cli.audit_not_expected", number=number))
    _say(t("cli.audit_whole", n=chain.number))
    click.echo(f"{chain.number}:{chain.hash}")


def _require_whole_trace(folder: Path) -> Chain:
    chain = Trace(folder).verify()
    if chain.broken is not None:
        raise Refused(t("cli.audit_broken", number=chain.broken))
    if chain.missing:
        raise Refused(t("cli.audit_cut", n=chain.missing, number=chain.number))
    return chain


if __name__ == "__main__":
    main(prog_name="python -m dashboard")
