"""The office's settings, read once: the project's `data/settings.toml`, overridden by the one in the data folder.

An unknown key, or a value of another type than the default's, is an error that names the file and the key.
"""

import difflib
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULTS = Path(__file__).parent.parent / "data"


class SettingsError(Exception):
    """A settings file that cannot be used; the message says where and what to write."""


@dataclass(frozen=True)
class Settings:
    name: dict[str, str]  # the office's own name, by language
    region: str  # region_id of rows that name no region
    weights: dict[str, float]  # of the dimensions in the composite score; a dimension not named has weight 1
    fewest_dimensions: float  # share of the dimensions that a composite needs
    fewest_ballots: int  # ballots that a composite needs
    thresholds: dict[str, dict[str, float]]  # gap rule → named threshold

    @classmethod
    def load(cls, folder: Path) -> "Settings":
        """Defaults, overridden key by key by `folder`/settings.toml where that exists."""
        default = DEFAULTS / "settings.toml"
        values = _read(default)
        own = folder / "settings.toml"
        if own.exists() and own.resolve() != default.resolve():
            values = _overridden(values, _read(own), own)
        composite = values["composite"]
        _check(composite, own)
        return cls(
            name=values["office"]["name"],
            region=values["office"]["region"],
            weights={name: float(weight) for name, weight in composite["weights"].items()},
            fewest_dimensions=float(composite["fewest_dimensions"]),
            fewest_ballots=int(composite["fewest_ballots"]),
            thresholds=values["thresholds"],
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None


OPEN_TABLES = ("composite.weights", "thresholds")  # their keys are the office's own words


def _overridden(default: dict[str, Any], own: dict[str, Any], path: Path, where: str = "") -> dict[str, Any]:
    result = dict(default)
    for key, value in own.items():
        place = f"{where}.{key}".lstrip(".")
        if key not in default and not where.startswith(OPEN_TABLES):
            near = difflib.get_close_matches(key, default, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Known are {', '.join(default)}."
            raise SettingsError(f"{path}: {place!r} is not a setting.{hint}")
        known = default.get(key, {} if where == "thresholds" else 1.0)
        if _kind(known) != _kind(value):
            raise SettingsError(f"{path}: {place} = {value!r}; expected something like {known!r}.")
        result[key] = _overridden(known, value, path, place) if isinstance(value, dict) else value
    return result


def _kind(value: object) -> type:
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def _check(composite: dict[str, Any], path: Path) -> None:
    for name, weight in composite["weights"].items():
        if not 0 <= weight < math.inf:
            raise SettingsError(f"{path}: composite.weights.{name} = {weight}; expected a number of at least 0.")
    if not any(composite["weights"].values()):
        raise SettingsError(f"{path}: composite.weights are all 0; at least one dimension must count.")
    if not 0 <= composite["fewest_dimensions"] <= 1:
        given = composite["fewest_dimensions"]
        raise SettingsError(f"{path}: composite.fewest_dimensions = {given}; expected a share from 0 to 1.")
    ballots = composite["fewest_ballots"]
    if not (isinstance(ballots, int) and ballots >= 0):
        raise SettingsError(f"{path}: composite.fewest_ballots = {ballots}; expected a whole number of at least 0.")
