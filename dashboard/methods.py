"""What each method does, for a reader who is no statistician; the words are in methods.toml, beside this file.

A number in a text stands in {braces} and is read from the code (`numbers`) or from the office's rules; a source is read
from the docstrings of the functions that do it. So text and code cannot disagree.
"""

import inspect
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import scipy

from dashboard.i18n.text import number
from dashboard.judgements import changes, regions, scores, values
from dashboard.statistics import (
    composite,
    concentration,
    control_chart,
    differences,
    dispersion,
    funnel,
    intervals,
    ranks,
    raters,
    shrinkage,
    trend,
)

TEXTS = Path(__file__).with_suffix(".toml")

COMPOSITE, DIMENSION, MEAN, RATE, SHARE, COUNT = "composite", "dimension", "mean", "rate", "share", "count"
SCORES, FLOWS = (COMPOSITE, DIMENSION), (RATE, SHARE, COUNT)
EVERY = (*SCORES, MEAN, *FLOWS)
GROUPS = ("scores", "counts", "time", "care")  # the headings of the methods page, in order


@dataclass(frozen=True)
class Method:
    code: str  # its anchor on the methods page, and its heading in methods.toml
    group: str
    kinds: tuple[str, ...]  # of indicators that it is used for
    functions: tuple[Callable[..., Any], ...]  # what does it, in the code
    of_rows: tuple[str, ...] = ()  # judgement rows and chart points name it by these codes

    def title(self, lang: str) -> str:
        return texts()[self.code]["title"][lang].format(**numbers())

    def plain(self, lang: str, rules: Mapping[str, str]) -> str:
        """What it does, what it is like, what it protects from, what it cannot say; `rules`: of `rules_of`."""
        return texts()[self.code]["plain"][lang].format(**numbers(), **rules)


METHODS: tuple[Method, ...] = (
    Method(
        "severity",
        "scores",
        SCORES,
        (raters.adjusted_means, raters.components),
        ("two_way_resampled",),
    ),
    Method(
        "resampling",
        "scores",
        SCORES,
        (
            raters.resampled,
            raters.resampled_means,
            ranks.ranks,
            ranks.rank_interval,
            ranks.expected_rank,
            ranks.chance_of_bottom,
        ),
    ),
    Method(
        "simultaneous",
        "scores",
        SCORES,
        (ranks.confidence_sets, ranks.joint_errors, raters.composite_covariance),
    ),
    Method("bands", "scores", SCORES, (ranks.bands,)),
    Method("evidence", "scores", SCORES, (ranks.evidence_needed,)),
    Method(
        "weights",
        "scores",
        (COMPOSITE,),
        (composite.arithmetic, composite.weight_interval),
    ),
    Method(
        "alternatives",
        "scores",
        (COMPOSITE,),
        (composite.geometric, composite.arithmetic),
    ),
    Method("halo", "scores", SCORES, (raters.halo,)),
    Method(
        "funnel",
        "counts",
        (RATE, SHARE),
        (funnel.count_funnel, funnel.share_funnel, funnel.count_limits, funnel.share_limits),
        ("funnel_counts", "funnel_shares"),
    ),
    Method(
        "dispersion",
        "counts",
        (RATE, SHARE),
        (funnel.winsorise, funnel.between_variance),
    ),
    Method(
        "intervals",
        "counts",
        FLOWS,
        (intervals.wilson, intervals.poisson_interval, intervals.byar),
        ("poisson",),
    ),
    Method(
        "shrinkage",
        "counts",
        (*SCORES, RATE, SHARE),
        (shrinkage.marshall, shrinkage.normal_normal),
    ),
    Method(
        "concentration",
        "counts",
        (RATE,),
        (concentration.top_share, concentration.gini, concentration.gini_by_chance),
    ),
    Method(
        "control",
        "time",
        EVERY,
        (control_chart.xmr, control_chart.point_types, control_chart.variation, control_chart.chance_limits),
        ("xmr",),
    ),
    Method("trial", "time", EVERY, (control_chart.xmr,)),
    Method(
        "large",
        "time",
        (RATE, SHARE),
        (control_chart.p_chart, control_chart.u_chart),
        ("p", "u"),
    ),
    Method("target", "time", EVERY, (control_chart.assurance,)),
    Method("trend", "time", EVERY, (trend.recent_trend,)),
    Method("peers", "care", EVERY, (values.judged_among,)),
    Method("windows", "care", FLOWS, (values.windowed,)),
    Method("small", "care", EVERY, (values.judged_among,)),
    Method(
        "differences",
        "care",
        (*SCORES, RATE, SHARE),
        (differences.of_scores, differences.of_shares, differences.of_rates, differences.holm),
    ),
    Method(
        "regions",
        "care",
        (RATE, SHARE),
        (regions.compared, regions.placed, dispersion.of_counts, dispersion.of_shares),
    ),
)


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """code → 'title' and 'plain' → language → text."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


@cache
def numbers() -> dict[str, str]:
    """Every number that the texts name, from the code's own constants and defaults."""
    level = lambda function: _percent(inspect.signature(function).parameters["level"].default)  # noqa: E731
    critical = inspect.signature(ranks.evidence_needed).parameters["critical"].default
    return {
        "draws": number(scores.DRAWS, 0),
        "level": level(ranks.rank_interval),
        "set_level": level(ranks.confidence_sets),
        "set_draws": number(scores.SET_DRAWS, 0),
        "band_level": _percent(scores.LEVEL),
        "band_rest": _percent(1 - scores.LEVEL),
        "evidence_level": _percent(2 * scipy.stats.norm.cdf(critical) - 1),
        "weight_spread": _percent(scores.WEIGHT_SPREAD),
        "weight_draws": number(scores.WEIGHT_DRAWS, 0),
        "halo_ballots": number(scores.FEWEST_FOR_HALO, 0),
        "stratum": number(scores.FEWEST_IN_STRATUM, 0),
        "raters": number(scores.FEWEST_RATERS, 0),
        "ranked_peers": number(scores.FEWEST_RANKED_PEERS, 0),
        "level_95": _percent(funnel.LEVELS["95"]),
        "level_998": _percent(funnel.LEVELS["998"]),
        "small": number(funnel.SMALL, 0),
        "winsorised": _percent(funnel.WINSORISED[0]),
        "interval_level": level(intervals.wilson),
        "byar": number(intervals.FIRST_BYAR_COUNT, 0),
        "top": number(values.TOP, 0),
        "chance_draws": number(values.CHANCE_DRAWS, 0),
        "few": number(values.FEW, 0),
        "year": number(values.YEAR, 0),
        "reach": number(control_chart.LIMIT_OF_RANGES, 2),
        "run": number(control_chart.RUN, 0),
        "fewest_points": number(control_chart.FEWEST_POINTS, 0),
        "firm_points": number(control_chart.FIRM_POINTS, 0),
        "large": number(changes.LARGE, 0),
        "fewest_regions": number(regions.FEWEST, 0),
        "most_placed": number(regions.MOST_PLACED, 0),
        "any_wrong": _percent(differences.REAL),
        "trend_points": number(trend.POINTS, 0),
        "trend_level": _percent(scipy.stats.chi2.cdf(trend.LEAST_CHI2, 1)),
    }


def rules_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The office's rules (a row of pages/rules) as the texts name them."""
    return {
        "fewest_peers": number(row["fewest_peers"], 0),
        "fewest_dimensions": _percent(row["fewest_dimensions"]),
        "fewest_ballots": number(row["fewest_ballots"], 0),
        "red_line": _short(row["red_line"]),
    }


def methods_for(kind: str, *row_codes: str) -> tuple[Method, ...]:
    """Those used for an indicator of this kind; the ones that its rows name by code come first."""
    used = [method for method in METHODS if kind in method.kinds]
    return tuple(sorted(used, key=lambda method: not set(method.of_rows) & set(row_codes)))


# --- what the docstrings say -----------------------------------------------------------------------------------
STATED = re.compile(r"\bSources?: (.+?)(?=\n\n|\Z)", re.DOTALL)
YEAR = r"(?:18|19|20)\d\d"
WORKS = (
    # Mogstad et al. 2024 (Rev. Econ. Stud. 91:476) · Zellner 1962 JASA 57:348 · OECD/JRC 2008, Handbook …
    re.compile(
        r"[A-Z][\w/’–-]+(?:(?:, | & | and )[A-Z][\w’–-]+)*(?: et al\.)? "
        + YEAR
        + r"(?: \((?:[^()]|\([^()]*\))*\)|, [A-Z][^;()]*?(?=[;()]|$)| [A-Z][\w. ]*?\d+:\d+)?"
    ),
    re.compile(rf"\(([A-Z][^()]*?, {YEAR}(?:, ch\. \d+)?)\)"),  # (Searle, Linear Models, 1987, ch. 4)
    re.compile(rf"[A-Z]\w+['’]s \S+ \({YEAR} [^()]*\)"),  # Cronbach's α (1951 …)
)


def summary(function: Callable[..., Any]) -> str:
    """The docstring of a function, each paragraph in one line."""
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def sources(method: Method) -> tuple[str, ...]:
    """The works that the docstrings of its functions name, in full where the module has them; () for our own rules."""
    found: dict[tuple[str, str], str] = {}
    for function in method.functions:
        doc, module = inspect.getdoc(function) or "", inspect.getmodule(function)
        of_module = _works(inspect.getdoc(module)) if _is_statistics(module) else []
        named = [work for work in of_module if _is_named(work, doc)]
        for work in [*_works(doc), *named] or of_module:
            year = re.search(YEAR, work)
            key = (re.match(r"[^\s,]*", work)[0], year[0]) if year else (work, "")
            if len(work) > len(found.get(key, "")):  # the fuller of two citations of one work
                found[key] = work
    return tuple(found.values())


def _is_named(work: str, doc: str) -> bool:
    """Whether a docstring speaks of a work of its module: by the author, or by an institution's letters (NHS …)."""
    author = re.match(r"[\w-]+", work)[0]
    letters = re.findall(r"\b[A-Z]{3,}\b", doc)
    return author.lower() in doc.lower() or any(author.startswith(name) for name in letters)


def _works(docstring: str | None) -> list[str]:
    stated = STATED.search(docstring or "")
    if stated:
        return [part.rstrip(". ") for part in " ".join(stated[1].split()).split("; ")]
    flat = " ".join((docstring or "").split())
    whole = [found[found.re.groups].rstrip(". ") for pattern in WORKS for found in pattern.finditer(flat)]
    return [work for works in whole for work in works.split("; ")]


def _is_statistics(module: Any) -> bool:
    return module is not None and module.__name__.startswith("dashboard.statistics.")


def _percent(share: float) -> str:
    return _short(round(100 * float(share), 6))


def _short(value: float) -> str:
    """95 and 99.8, not 95.0."""
    return number(value, next(i for i in range(4) if round(float(value), i) == round(float(value), 3)))
