"""What the demonstration county promises, in numbers."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.demo import generate, names, quarters

VOCABULARIES = Path(__file__).parents[2] / "data" / "vocabularies.csv"
KEYS = {
    "regions": ["region_id"],
    "departments": ["department_id"],
    "department_facts": ["quarter", "department_id"],
    "evaluations": ["quarter", "department_id", "rater_id", "dimension"],
    "complaints": ["month", "department_id", "channel", "category"],
    "cases": ["quarter", "department_id", "source", "domain", "found_at", "rank_band"],
    "assessments": ["year", "department_id", "kind", "dimension"],
    "supervision": ["activity_id"],
    "notices": ["notice_id"],
    "powers": ["power_id", "valid_from"],
    "decisions": ["quarter", "department_id", "kind"],
    "tasks": ["task_id"],
    "submissions": ["quarter", "table", "department_id"],
    "planted": ["rule", "department_id"],
}
AT_MOST = [
    ("complaints", "closed", "received"),
    ("complaints", "substantiated", "closed"),
    ("complaints", "handled_on_time", "closed"),
    ("complaints", "rated", "closed"),
    ("complaints", "dissatisfied", "rated"),
    ("cases", "filed", "leads"),
    ("cases", "cases_sanctioned", "closed"),
    ("cases", "revisited", "closed"),
    ("supervision", "notices", "findings"),
    ("tasks", "issued_on", "due_on"),
    ("notices", "issued_on", "due_on"),
    *(("decisions", part, "total") for part in ("collective", "voted", "single_signature", "attended")),
    *(("decisions", part, "total") for part in ("asked_in_writing", "open_tender", "risk_assessed", "published")),
]
# (table, column): the vocabulary its values come from
CODES = {
    ("departments", "category"): "category",
    ("evaluations", "rater_group"): "rater_group",
    ("evaluations", "dimension"): "dimension",
    ("assessments", "kind"): "assessment_kind",
    ("assessments", "dimension"): "assessment_dimension",
    ("complaints", "channel"): "channel",
    ("complaints", "category"): "complaint_category",
    ("cases", "source"): "source",
    ("cases", "domain"): "domain",
    ("cases", "found_at"): "found_at",
    ("cases", "rank_band"): "rank_band",
    ("notices", "finding_type"): "finding_type",
    ("notices", "domain"): "domain",
    ("powers", "domain"): "domain",
    ("powers", "link"): "link",
    ("powers", "risk_level"): "risk_level",
    ("powers", "managed_by_level"): "managed_by_level",
    ("decisions", "kind"): "decision_kind",
    ("tasks", "kind"): "task_kind",
    ("submissions", "table"): "table",
    **{
        ("supervision", column): column
        for column in (
            *("method", "arrangement", "form", "scope", "stage", "power_stage", "direction"),
            *("object", "sphere", "focus", "level", "trigger", "domain"),
        )
    },
}


def fingerprint(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def by_rater(evaluations: pd.DataFrame) -> pd.DataFrame:
    return evaluations.groupby("rater_id")["score"].agg(["mean", "size"])


def adjusted_means(scores: pd.DataFrame) -> pd.Series:
    """Department means with the severity of those who voted taken out: two-way additive, by alternation."""
    severity = pd.Series(0.0, index=scores["rater_id"].unique())
    for _ in range(20):
        means = (scores["score"] - scores["rater_id"].map(severity)).groupby(scores["department_id"]).mean()
        severity = (scores["score"] - scores["department_id"].map(means)).groupby(scores["rater_id"]).mean()
    return means


def test_every_table_of_the_contract_is_written(county):
    assert set(county) == set(KEYS)


def test_a_seed_gives_the_same_bytes_and_another_seed_the_same_gaps(county_folder, other_county_folder, tmp_path):
    progress = []
    generate(tmp_path, progress=progress.append)
    first, again, other = (fingerprint(f) for f in (county_folder, tmp_path, other_county_folder(1)))
    assert again == first
    assert other["planted.json"] == first["planted.json"]
    assert other["evaluations.csv"] != first["evaluations.csv"]
    assert progress == sorted(progress)
    assert progress[-1] == 1


def test_files_are_utf8_with_plain_line_ends(county_folder):
    for path in county_folder.iterdir():
        assert b"\r" not in path.read_bytes(), path.name
        path.read_text(encoding="utf-8")


def test_64_departments_are_valid_in_every_quarter(county):
    departments = county["departments"].fillna({"valid_from": "0000", "valid_to": "9999"})
    for quarter in range(12):
        start, end = str(quarters.first_day(quarter)), str(quarters.last_day(quarter))
        valid = departments[(departments["valid_from"] <= end) & (departments["valid_to"] >= start)]
        assert len(valid) == 64
        assert valid["short_name"].is_unique
        assert valid["category"].value_counts().min() >= 8


def test_some_470_000_of_516_096_possible_scores_are_cast(county):
    evaluations = county["evaluations"]
    raters = evaluations["rater_id"].nunique()
    dimensions = evaluations["dimension"].nunique()
    assert (raters, dimensions, evaluations["rater_group"].nunique()) == (112, 6, 7)
    assert 64 * raters * dimensions * evaluations["quarter"].nunique() == 516_096
    assert 465_000 < len(evaluations) < 475_000
    assert evaluations["score"].between(0, 100).all()


def test_strict_raters_miss_more_ballots(county):
    raters = by_rater(county["evaluations"]).sort_values("mean")
    assert raters["size"].head(28).mean() < 0.9 * raters["size"].tail(28).mean()


def test_the_raw_mean_flatters_departments_that_strict_raters_do_not_know(county):
    scores = county["evaluations"].query("quarter == '2026Q3'")
    gain = scores.groupby("department_id")["score"].mean() - adjusted_means(scores)
    unknown = [d.department_id for d in names.DEPARTMENTS if d.visible <= 0.1]
    known = [d.department_id for d in names.DEPARTMENTS if d.visible >= 0.9]
    renamed = gain.rename({names.BEFORE_RENAMING: names.RENAMED})
    assert renamed[unknown].mean() - renamed[known].mean() > 0.6


def test_the_dimensions_of_a_ballot_are_alike(county):
    scores = county["evaluations"].query("quarter == '2026Q3'")
    ballots = scores.pivot(index=["department_id", "rater_id"], columns="dimension", values="score")
    correlation = ballots.corr().to_numpy()
    assert correlation[~np.eye(6, dtype=bool)].min() > 0.8


def test_nine_departments_stand_out_above_and_eleven_below(county):
    means = adjusted_means(county["evaluations"].query("quarter == '2026Q3'"))
    difference = means - means.mean()
    assert (difference > 2).sum() == 9
    assert (difference < -2).sum() == 11
    assert difference[difference.abs() <= 2].abs().max() < 1.5


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique_and_every_row_has_the_region(county, table):
    assert "region_id" in county[table]
    assert not county[table].duplicated(["region_id", *(k for k in KEYS[table] if k != "region_id")]).any()


@pytest.mark.parametrize("table", [t for t in KEYS if "department_id" in KEYS[t] or t in ("supervision", "notices")])
def test_departments_that_rows_name_exist(county, table):
    assert set(county[table]["department_id"]) <= set(county["departments"]["department_id"])


def test_notices_name_activities_of_the_same_department(county):
    notices = county["notices"].merge(county["supervision"], on="activity_id", suffixes=("", "_of_activity"))
    assert len(notices) == len(county["notices"])
    assert (notices["department_id"] == notices["department_id_of_activity"]).all()
    assert (notices["issued_on"] > notices["date"]).all()
    assert county["supervision"]["notices"].sum() == len(notices)


def test_a_renamed_department_has_no_rows_under_both_ids_in_one_quarter(county):
    for table in ("evaluations", "complaints", "decisions", "department_facts"):
        rows = county[table]
        last = rows[rows["department_id"] == names.BEFORE_RENAMING]["quarter"].max()
        first = rows[rows["department_id"] == names.RENAMED]["quarter"].min()
        assert (last, first) == ("2024Q4", "2025Q1")


@pytest.mark.parametrize(("table", "part", "whole"), AT_MOST)
def test_a_part_is_at_most_the_whole(county, table, part, whole):
    rows = county[table].dropna(subset=[part, whole])
    if table == "cases":  # flows: what is closed now was filed before, so only the sums compare
        rows = rows.groupby("department_id")[[part, whole]].sum()
        assert (rows[part] <= rows[whole] + 3).all()
    else:
        assert (rows[part] <= rows[whole]).all()


def test_leads_went_somewhere(county):
    ways = ["leads_dismissed", "leads_inquired", "leads_in_verification", "leads_pending"]
    assert (county["cases"][ways].sum(axis=1) == county["cases"]["leads"]).all()


@pytest.mark.parametrize(("table", "column"), CODES)
def test_codes_are_words_of_their_vocabulary(county, table, column):
    words = pd.read_csv(VOCABULARIES)
    known = set(words.loc[words["vocabulary"] == CODES[table, column], "code"])
    assert set(county[table][column].dropna()) <= known


def test_vocabularies_have_both_languages_and_unambiguous_words():
    words = pd.read_csv(VOCABULARIES, dtype=str, keep_default_na=False)
    assert not words.duplicated(["vocabulary", "code"]).any()
    assert (words["zh"] != "").all()
    assert (words["en"] != "").all()
    for _, vocabulary in words.groupby("vocabulary"):
        spoken = [w for zh, more in zip(vocabulary["zh"], vocabulary["aliases"]) for w in (zh, *more.split(";")) if w]
        assert len(spoken) == len(set(spoken))
    conduct = words[words["mark"].str.split(";").map(lambda marks: "conduct" in marks)]
    assert set(conduct["vocabulary"]) == {"complaint_category"}
    assert len(conduct) == 9


def test_the_archives_office_is_the_headline(county):
    rows = {table: county[table] for table in ("complaints", "supervision", "department_facts")}
    archives = names.BY_NAME["档案局"].department_id
    rows = {table: every[every["department_id"] == archives] for table, every in rows.items()}
    year = rows["complaints"][rows["complaints"]["quarter"] >= "2025Q4"]
    assert year.groupby("quarter")["received"].sum().tolist() == [2, 3, 3, 6]
    assert not (rows["supervision"]["date"] >= "2025-10-01").any()
    assert not rows["department_facts"]["key_supervision"].any()


def test_each_of_the_41_rules_is_planted_in_a_few_departments(county):
    planted = county["planted"]
    assert planted["rule"].nunique() == 41
    assert planted["rule"].value_counts().max() <= 4
    assert set(planted["level"]) == {"watch", "alert"}
    assert planted["since"].isin(quarters.QUARTERS).all()
