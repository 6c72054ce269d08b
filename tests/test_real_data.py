"""Figures that others computed from real data, compared with what the command line prints.

The data are not part of the project: MINGJING_REAL_DATA names their folder. Tolerances are those of its README:
means, rates, shares and limits 1e-6 relative (the reference answers are rounded to six decimals); adjusted means 1e-5;
shrunken means 1e-3; counts, flags and ranks exact; ends of resampled rank intervals ± 1.
"""

import csv
import functools
import json
import os
import re
from pathlib import Path

import pytest
import xlsxwriter

from tests.support import answer, mingjing, run

REAL = Path(os.environ.get("MINGJING_REAL_DATA") or "no real data")
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="skipped, no real data")

SETS = ("insteval", "pack", "skytrax_lounge", "china_bulletins")
INSTEVAL_QUARTERS = ("2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2")


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-6, abs=6e-7)  # the last of six printed decimals is rounded


@functools.cache
def expected(name: str) -> dict:
    return json.loads((REAL / name / "expected.json").read_text(encoding="utf-8"))


class Imported:
    """A real set, imported once; `said` is what the import reported."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder = name, folder
        done = self.load()
        assert done.returncode == 0, done.stderr
        self.said = done.stderr

    def load(self):
        return mingjing(
            "--data", self.folder, "import", REAL / self.name, "--mapping", self.name, cwd=self.folder.parent
        )

    def rank(self, *arguments: str, by: str = "department_id") -> dict[str, dict]:
        return {row[by]: row for row in answer("--data", self.folder, "rank", *arguments)}

    def indicator(self, name: str, *arguments: str) -> dict[tuple[str, str], dict]:
        rows = answer("--data", self.folder, "indicator", name, *arguments)
        return {(row["department_id"], row["quarter"]): row for row in rows}

    def query(self, name: str) -> list[dict]:
        return answer("--data", self.folder, "query", name)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Each set by name, imported when it is first asked for."""

    @functools.cache
    def imported(name: str) -> Imported:
        return Imported(name, tmp_path_factory.mktemp(name) / "office")

    return imported


@pytest.mark.parametrize("name", SETS)
def test_importing_the_same_files_twice_changes_nothing(real, name):
    again = real(name).load()
    assert again.returncode == 0
    assert "Nothing changed" in again.stderr
    assert len(list((real(name).folder / "snapshots").glob("0*"))) == 1


# --- insteval --------------------------------------------------------------------------------------------------
def test_insteval_reports_every_row_and_every_repeated_key(real):
    figures = expected("insteval")
    repeated = figures["duplicates_quarter_department_rater_dimension"]
    line = next(line for line in real("insteval").said.splitlines() if line.startswith("appraisal"))
    assert f"{figures['n_rows']} rows read, {figures['n_rows']} used" in line
    assert f"{repeated} with a repeated key" in line


def test_insteval_pooled_means_and_ranks(real):
    ranked = real("insteval").rank("--quarter", "all", "--dimension", "pooled", "--scale", "source")
    departments = expected("insteval")["departments"]
    assert ranked.keys() == departments.keys()
    for name, figures in departments.items():
        row = ranked[name]
        found = (row["n_ballots"], row["n_raters"], row["raw_rank"])
        assert found == (figures["n"], figures["raters"], figures["rank_raw"]), name
        assert row["raw_mean"] == near(figures["mean"]), name
    ballots = sum(row["n_ballots"] for row in ranked.values())
    grand_mean = sum(row["n_ballots"] * row["raw_mean"] for row in ranked.values()) / ballots
    assert grand_mean == near(expected("insteval")["grand_mean"])


@pytest.fixture(scope="module")
def pooled(real) -> dict[str, tuple[dict, dict]]:
    """Department → (what the command line prints, what the reference answers)."""
    ranked = real("insteval").rank("--quarter", "all", "--dimension", "pooled", "--scale", "source")
    return {name: (ranked[name], figures) for name, figures in expected("insteval")["departments"].items()}


def test_insteval_means_freed_of_who_rated_and_their_ranks(pooled):
    for name, (row, figures) in pooled.items():
        assert row["adjusted_mean"] == pytest.approx(figures["adjusted_mean"], abs=1e-5), name
        assert row["rank"] == figures["rank_adjusted"], name
    assert any(figures["rank_raw"] != figures["rank_adjusted"] for _, figures in pooled.values())


def test_insteval_means_drawn_to_the_common_mean(pooled):
    for name, (row, figures) in pooled.items():
        assert row["eb_mean"] == pytest.approx(figures["eb_mean"], abs=1e-3), name


def test_insteval_errors_count_that_a_rater_rates_often(pooled):
    """Ours are of 2,000 resamples, the reference's of 1,000: its own error is some 2 % of a standard error."""
    for name, (row, figures) in pooled.items():
        assert row["raw_se"] == pytest.approx(figures["se_cluster_bootstrap"], rel=0.06), name
        assert row["raw_se"] > figures["se_naive"], name


@pytest.mark.parametrize(
    ("ours", "theirs"), [("rank", "rank_interval_adjusted_95"), ("raw_rank", "rank_interval_raw_95")]
)
def test_insteval_ranks_with_other_students_in_the_room(pooled, ours, theirs):
    for name, (row, figures) in pooled.items():
        for found, given in zip((row[f"{ours}_low"], row[f"{ours}_high"]), figures[theirs]):
            assert abs(found - given) <= 1, name


def test_insteval_simultaneous_sets_hold_the_rank_and_claim_no_more_than_one_at_a_time(pooled):
    for name, (row, _) in pooled.items():
        assert row["set_low"] <= row["rank"] <= row["set_high"], name
        assert row["set_low"] <= row["rank_low"] + 1 and row["rank_high"] - 1 <= row["set_high"], name


def test_insteval_own_lectures_are_not_compared(real):
    """A student rates own lectures in one department only: fourteen parts that nobody links."""
    for row in real("insteval").rank("--quarter", "all", "--dimension", "own").values():
        assert (row["note"], row["rank"], row["adjusted_mean"], row["band"]) == ("not_connected", None, None, None)
        assert row["raw_rank"] is not None


@pytest.mark.parametrize("dimension", ["own", "service"])
def test_insteval_means_by_dimension(real, dimension):
    ranked = real("insteval").rank("--quarter", "all", "--dimension", dimension, "--scale", "source")
    for name, figures in expected("insteval")["departments"].items():
        assert ranked[name]["raw_mean"] == near(figures[dimension]), name


def test_insteval_composites_and_their_ranks(real):
    ranked = real("insteval").rank("--quarter", "all", "--scale", "source")
    for name, figures in expected("insteval")["departments"].items():
        assert ranked[name]["raw_mean"] == near(figures["composite"]), name
        assert ranked[name]["raw_rank"] == figures["rank_composite"], name


def test_insteval_quarters_with_their_changes(real):
    by_quarter = {
        quarter: real("insteval").rank("--quarter", quarter, "--dimension", "pooled", "--scale", "source")
        for quarter in INSTEVAL_QUARTERS
    }
    last = INSTEVAL_QUARTERS[-1]
    for name, figures in expected("insteval")["departments"].items():
        means = {quarter: ranked[name]["raw_mean"] for quarter, ranked in by_quarter.items()}
        assert means == {quarter: near(mean) for quarter, mean in figures["quarter_means"].items()}, name
        assert by_quarter[last][name]["raw_rank"] == figures["rank_last"], name
        assert means[last] - means["2024Q1"] == near(figures["qoq"]), name
        assert means[last] - means["2023Q2"] == near(figures["yoy"]), name


def test_insteval_stored_scores_run_from_0_to_100(real):
    stored = real("insteval").rank("--quarter", "all", "--dimension", "pooled")
    for name, figures in expected("insteval")["departments"].items():
        assert stored[name]["raw_mean"] == pytest.approx(100 * (figures["mean"] - 1) / 4, rel=1e-6), name


# --- pack ------------------------------------------------------------------------------------------------------
def test_pack_scores_with_their_changes(real):
    by_quarter = {
        quarter: real("pack").rank("--quarter", quarter, "--dimension", "pooled", "--scale", "source")
        for quarter in ("2019Q4", "2019Q3", "2018Q4")
    }
    for name, figures in expected("pack")["units"].items():
        now, before, a_year_ago = (ranked[name]["raw_mean"] for ranked in by_quarter.values())
        assert now == near(figures["score"]), name
        assert by_quarter["2019Q4"][name]["raw_rank"] == figures["rank"], name
        assert now - before == near(figures["score_qoq"]), name
        assert now - a_year_ago == near(figures["score_yoy"]), name


def test_pack_complaints_staff_and_rates(real):
    received, rate = real("pack").indicator("complaints_received"), real("pack").indicator("complaint_rate")
    for name, figures in expected("pack")["units"].items():
        now, before, a_year_ago = (received[name, quarter]["value"] for quarter in ("2019Q4", "2019Q3", "2018Q4"))
        assert now == figures["complaints"] == figures["received"], name
        assert now / before - 1 == near(figures["complaints_qoq"]), name
        assert now / a_year_ago - 1 == near(figures["complaints_yoy"]), name
        assert rate[name, "2019Q4"]["denominator"] == figures["staff"], name
        assert rate[name, "2019Q4"]["value"] == near(figures["rate_per_100"]), name


def test_pack_closure_and_sustained_shares(real):
    closure, sustained = real("pack").indicator("closure_share"), real("pack").indicator("substantiated_share")
    for name, figures in expected("pack")["units"].items():
        row = closure[name, "2019Q4"]
        assert (row["numerator"], row["denominator"]) == (figures["closed"], figures["received"]), name
        assert row["value"] == near(100 * figures["closure_ratio"]), name
        six_quarters = [row for (unit, _), row in sustained.items() if unit == name]
        share = sum(row["numerator"] for row in six_quarters) / sum(row["denominator"] for row in six_quarters)
        assert share == near(figures["sustained_share_6q"]), name


def test_pack_totals_and_the_pooled_rate(real):
    totals, pack = expected("pack")["totals"], real("pack")
    ranked = pack.rank("--quarter", "all", "--dimension", "pooled")
    assert sum(row["n_ballots"] for row in ranked.values()) == totals["ratings"]
    received = sum(row["value"] for row in pack.indicator("complaints_received").values())
    assert received == totals["received"] == totals["complaints"]
    assert sum(row["denominator"] for row in pack.indicator("substantiated_share").values()) == totals["closed"]
    rates = pack.indicator("complaint_rate", "--quarter", "2019Q4").values()
    pooled = 100 * sum(row["numerator"] for row in rates) / sum(row["denominator"] for row in rates)
    assert pooled == near(expected("pack")["funnel"]["pooled_rate"])


def test_pack_limits_and_flags_of_the_complaint_rate(real):
    reference = expected("pack")["funnel_product"]["funnel"]["units"]
    rows = real("pack").indicator("complaint_rate", "--quarter", "2019Q4")
    assert {name for name, _ in rows} == reference.keys()
    for (name, _), row in rows.items():
        figures = reference[name]
        assert row["z_adjusted"] == pytest.approx(figures["z_adjusted"], rel=2e-6, abs=6e-7), name
        for level in ("95", "998"):
            drawn = [row[f"limit_{end}_{level}"] * row["denominator"] / 100 for end in ("low", "high")]
            assert drawn == pytest.approx(figures[f"count_limits_{level}"], rel=2e-6), name
        flag = next(
            (figures[f"flag_{level}"], level) for level in ("998", "95") if level == "95" or figures["flag_998"] != "in"
        )
        assert row["outcome"] == ("in" if flag[0] == "in" else "_".join(flag)), name


def test_pack_shares_above_one_have_no_interval(real):
    """More was closed than received in some quarters: a clearance, and no share."""
    rows = real("pack").indicator("closure_share")
    assert any(row["value"] > 100 for row in rows.values())
    for key, row in rows.items():
        is_share = row["denominator"] and row["numerator"] <= row["denominator"]
        assert (row["low"] is not None) == bool(is_share), key
        assert row["outcome"] is None or is_share, key


# --- skytrax_lounge --------------------------------------------------------------------------------------------
def test_skytrax_reports_rows_outside_the_scale_and_does_not_average_them(real):
    figures, said = expected("skytrax_lounge"), real("skytrax_lounge").said
    line = next(line for line in said.splitlines() if line.startswith("appraisal"))
    assert f"{figures['rows']} rows read, {figures['rows'] - figures['out_of_scale']} used" in line
    assert f"{figures['out_of_scale']} set aside as the mapping says (outside the scale)" in line
    assert figures["zeros"] + figures["above_5"] == figures["out_of_scale"]


def test_skytrax_reports_the_repeated_keys_of_the_rows_that_it_used(real):
    """The reference counts repeats over all rows, also those outside the scale; an import counts those it keeps."""
    keys, used = [], []
    with (REAL / "skytrax_lounge" / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["quarter"], row["department"], row["rater"], row["dimension"])
            keys.append(key)
            if row["out_of_scale"] == "0":
                used.append(key)
    assert len(keys) - len(set(keys)) == expected("skytrax_lounge")["duplicate_keys"]
    reported = re.search(r"(\d+) with a repeated key", real("skytrax_lounge").said)
    assert reported and int(reported[1]) == len(used) - len(set(used))


def test_skytrax_has_every_airline_and_quarter(real):
    figures, lounge = expected("skytrax_lounge"), real("skytrax_lounge")
    assert len(lounge.rank("--quarter", "all", "--dimension", "pooled")) == figures["units"]
    assert [row["quarter"] for row in lounge.query("scored_quarters")] == figures["periods"]
    assert {row["dimension"] for row in lounge.query("weights")} == set(figures["units_30plus"]["air-canada"])


def test_skytrax_leaves_most_airline_quarters_empty(real):
    figures, lounge = expected("skytrax_lounge"), real("skytrax_lounge")
    filled = {
        (row["department_id"], row["quarter"])
        for row in answer("--data", lounge.folder, "indicator", "dimension_score")
    }
    share = 1 - len(filled) / (figures["units"] * len(figures["periods"]))
    assert share == pytest.approx(figures["empty_cells_share"], abs=0.002)  # a few cells hold only scores set aside


@pytest.mark.parametrize(
    "dimension",
    [
        "bar_beverages",
        "catering",
        "cleanliness",
        "comfort",
        "overall",
        "staff_service",
        "washrooms",
        "wifi_connectivity",
    ],
)
def test_skytrax_counts_and_means_by_airline(real, dimension):
    ranked = real("skytrax_lounge").rank("--quarter", "all", "--dimension", dimension, "--scale", "source")
    for airline, dimensions in expected("skytrax_lounge")["units_30plus"].items():
        if dimension in dimensions:
            assert ranked[airline]["n_ballots"] == dimensions[dimension]["n"], airline
            assert ranked[airline]["raw_mean"] == near(dimensions[dimension]["mean"]), airline


def test_skytrax_ranks_nobody_without_enough_reviews_or_without_a_link_that_holds(real):
    """One reviewer in seven knows two lounges: what links the airlines hangs on a few of them."""
    ranked = real("skytrax_lounge").rank("--quarter", "all", "--dimension", "overall")
    for airline, row in ranked.items():
        is_thin = row["n_ballots"] < 20 or row["n_raters"] < 5
        assert row["note"] == ("coverage" if is_thin else "not_connected"), airline
        assert row["rank"] is row["adjusted_mean"] is row["band"] is None, airline
        assert row["raw_mean"] is not None, airline
    assert {row["note"] for row in ranked.values()} == {"coverage", "not_connected"}


# --- china_bulletins -------------------------------------------------------------------------------------------
def test_china_audit_computes_every_figure_and_finds_every_disagreement(real):
    figures = expected("china_bulletins")
    audit = {row["figure_id"]: row for row in real("china_bulletins").query("arithmetic_audit")}
    assert len(audit) == figures["n_checks"]
    for check in figures["audit"]:
        row = audit[check["id"]]
        assert row["computed"] == near(check["computed"]), check["id"]
        assert (row["stated"], row["agrees"]) == (check["stated"], check["agrees"]), check["id"]
    disagreeing = {name for name, row in audit.items() if not row["agrees"]}
    assert disagreeing == {check["id"] for check in figures["disagree"]}
    assert len(disagreeing) == figures["n_disagree"]


def test_china_audit_lists_exactly_the_figures_that_disagree(real):
    figures = expected("china_bulletins")
    rows = answer("--data", real("china_bulletins").folder, "sums", "--check", "stated_figures")
    assert {row["detail"] for row in rows} == {check["id"] for check in figures["disagree"]}
    assert len(rows) == figures["n_disagree"] and {row["verdict"] for row in rows} == {"disagrees"}
    counts = answer("--data", real("china_bulletins").folder, "sums", "--counts")
    made = {row["check"]: (row["compared"], row["disagrees"] + row["look"] + row["unread"]) for row in counts}
    assert made.pop("stated_figures") == (figures["n_checks"], figures["n_disagree"])
    assert not any(found for _, found in made.values()), "the office's own rows of the bulletins add up"
    assert any(compared for compared, _ in made.values())


@pytest.mark.parametrize("headers", ["zh", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_china_stated_figures_can_be_imported_alone_without_a_mapping(tmp_path, headers, ending):
    names = {
        "zh": ("编号", "来源", "关系", "分项", "公布数", "容差"),
        "en": ("figure_id", "source", "check", "parts", "stated", "tolerance"),
    }
    with (REAL / "china_bulletins" / "stated.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    path = tmp_path / f"stated.{ending}"
    if ending == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([names[headers], *rows])
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("公布数字" if headers == "zh" else "stated_figures")
            for at, row in enumerate([names[headers], *rows]):
                sheet.write_row(at, 0, row)
    done = run("--data", tmp_path / "office", "import", path)
    assert done.exit_code == 0, done.stderr
    found = answer("--data", tmp_path / "office", "sums")
    assert {row["detail"] for row in found} == {check["id"] for check in expected("china_bulletins")["disagree"]}


def test_china_units_are_departments_of_their_own_place_alone(real):
    units = real("china_bulletins").query("known_departments")
    assert len([row for row in units if row["region_id"] == "乳源县"]) == 34


def test_china_ruyuan_units_and_the_share_of_the_five_largest(real):
    figures = expected("china_bulletins")
    received = real("china_bulletins").indicator("complaints_received", "--region", "乳源县", "--quarter", "2020Q4")
    counts = {unit: row["value"] for (unit, _), row in received.items()}
    assert len(counts) == 34
    assert {unit: counts[unit] for unit in figures["ruyuan_top10"]} == figures["ruyuan_top10"]
    largest = sorted(counts.values(), reverse=True)
    assert largest[:10] == sorted(figures["ruyuan_top10"].values(), reverse=True)
    assert 100 * sum(largest[:5]) / sum(largest) == near(figures["ruyuan_cumulative_share_top5"])
    assert {row["note"] for row in received.values()} == {"partial_quarter"}  # one month of the three was published


def test_china_conversion_ratios(real):
    """A first quarter's cumulative figure is the quarter; the others stay cumulative."""
    china = real("china_bulletins")
    ratios = {
        f"{row['region_id']} {row['quarter']}": (row["filed_per_lead"], row["sanctioned_per_filed"])
        for row in china.query("year_to_date")
        if row["leads"] is not None
    }
    filed, leads, people = (
        {
            f"{row['region_id']} {row['quarter']}": row["value"]
            for row in answer("--data", china.folder, "indicator", name)
        }
        for name in ("cases_filed", "leads_received", "people_sanctioned")
    )
    ratios |= {place: (filed[place] / leads[place], people[place] / filed[place]) for place in filed}
    assert ratios == {
        place: (near(given["filed_per_lead"]), given["sanctioned_per_filed"] and near(given["sanctioned_per_filed"]))
        for place, given in expected("china_bulletins")["conversion"].items()
    }


def test_china_hotline_of_seven_weeks_is_never_a_quarter(real):
    china = real("china_bulletins")
    assert not [
        row
        for row in answer("--data", china.folder, "indicator", "complaints_received")
        if row["region_id"] == "盘锦市"
    ]
    assert [row for row in china.query("year_to_date") if row["region_id"] == "盘锦市"]
