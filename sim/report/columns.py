"""Take the arms apart: from the long tables to one matrix an arm, rows worlds.

When both arms carry one name (a scenario against itself), each key appears twice: the first row is
the arm compared with, the last the tested one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from sim.report.context import Table


def text(column: np.ndarray) -> np.ndarray:
    """A column of names, whatever held them."""
    return np.array([str(one) for one in column], dtype=object)


def rows_of(table: Table, arm: str, keep: np.ndarray | None = None) -> np.ndarray:
    """The row numbers of one arm."""
    mask = text(table["scenario"]) == arm
    return np.flatnonzero(mask if keep is None else mask & keep)


def matrix(
    rows: Sequence[Hashable], across: Sequence[Hashable], values: np.ndarray, last: bool
) -> tuple[list[Any], list[Any], np.ndarray]:
    """Long rows to a matrix [row key, column key]; what is missing is NaN."""
    down = {key: place for place, key in enumerate(dict.fromkeys(rows))}
    side = {key: place for place, key in enumerate(dict.fromkeys(across))}
    result = np.full((len(down), len(side)), np.nan)
    order = range(len(values)) if last else range(len(values) - 1, -1, -1)
    for place in order:
        result[down[rows[place]], side[across[place]]] = values[place]
    return list(down), list(side), result


def series(daily: Table, arm: str, measure: str, last: bool) -> tuple[np.ndarray, np.ndarray]:
    """(days, values[world, day]) of one measure in one arm, both in rising order."""
    rows = rows_of(daily, arm, text(daily["measure"]) == measure)
    if not len(rows):
        known = ", ".join(sorted(set(text(daily["measure"]))))
        raise ValueError(f"daily table: no '{measure}' for scenario '{arm}' (measures: {known})")
    worlds, days, values = matrix(
        daily["world"][rows].tolist(), daily["day"][rows].tolist(),
        np.asarray(daily["value"][rows], dtype=float), last,
    )  # fmt: skip
    values = values[np.argsort(worlds)][:, np.argsort(days)]
    if not np.isfinite(values).all():
        raise ValueError(f"daily table: '{measure}' of '{arm}' has missing or non-finite values")
    return np.sort(np.array(days, dtype=float)), values


def typical(values: np.ndarray) -> np.ndarray:
    """The geometric mean over worlds, day by day, as the comparison of counts takes it."""
    return np.asarray(np.expm1(np.log1p(np.maximum(values, 0.0)).mean(axis=0)))


def band(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle 80 % of worlds, day by day."""
    low, high = np.quantile(values, (0.1, 0.9), axis=0)
    return low, high
