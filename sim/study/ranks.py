"""Leagues over worlds: ranks by followers, by target reach and by impact, and how they disagree.

    Spearman's rho = correlation of ranks (ties share their mean rank), in each world

Told as the mean over worlds and the middle 80 % of them: what it is like from world to world, not
an interval of the mean. Impact is the number of authentic shares per original; whoever published
nothing has none and is left out of every league. Ranks are taken in each world and then averaged:
rank 1 is the largest. A climber stands higher by impact than by followers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.vocabulary import KINDS

YARDSTICKS = ("followers", "target_reach", "impact")
PAIRS = (("followers", "target_reach"), ("followers", "impact"), ("target_reach", "impact"))
MISSIONS = tuple(kind for kind in KINDS if kind in ("mission", "multilateral"))
SHOWN = 5  # climbers and fallers told
FEWEST = 3  # below which a correlation of ranks says nothing
Table = Mapping[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class League:
    """One league: names, labels, and float64[n_worlds, n] of each yardstick and of its ranks.

    Rows that published nothing in a world have NaN there."""

    names: list[str]
    labels: list[str]
    sides: list[str]
    values: dict[str, np.ndarray]
    ranks: dict[str, np.ndarray]
    false_followers: np.ndarray
    false_shares: np.ndarray
    posts: np.ndarray

    def mean_ranks(self, yardstick: str) -> np.ndarray:
        """float64[n]: mean over the worlds in which a row is ranked; NaN if in none."""
        return mean_known(self.ranks[yardstick])

    def climbs(self) -> np.ndarray:
        """float64[n]: places by which a row stands higher by impact than by followers."""
        return self.mean_ranks("followers") - self.mean_ranks("impact")


def mean_known(values: np.ndarray) -> np.ndarray:
    """Mean over worlds of what is known."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def league_of(table: Table, arm: str, level: str) -> League:
    """Ministries, or the missions of ours, of one arm. Where both arms carry one name its rows
    appear twice, equal; they are taken once."""
    text = {name: table[name].astype(str) for name in ("scenario", "level", "kind", "side")}
    chosen = (text["scenario"] == arm) & (text["level"] == level)
    if level == "account":
        chosen &= np.isin(text["kind"], MISSIONS) & (text["side"] == "ours")
    rows = np.flatnonzero(chosen)
    names = list(dict.fromkeys(table["name"][rows].tolist()))
    worlds = list(dict.fromkeys(table["world"][rows].tolist()))
    place = {name: k for k, name in enumerate(names)}
    line = {world: k for k, world in enumerate(worlds)}
    at = np.array([[line[table["world"][row]], place[table["name"][row]]] for row in rows])
    at = at.astype(np.int64).reshape(-1, 2)

    def column(name: str) -> np.ndarray:
        grid = np.full((len(worlds), len(names)), np.nan)
        grid[at[:, 0], at[:, 1]] = table[name][rows]
        return grid

    posts, shares = column("posts"), column("shares")
    active = posts > 0
    values = {
        "followers": np.where(active, column("followers"), np.nan),
        "target_reach": np.where(active, column("target_reach"), np.nan),
        "impact": np.where(active, shares / np.maximum(posts, 1), np.nan),
    }
    first = {table["name"][row]: row for row in rows[::-1]}
    return League(
        names=names, labels=[str(table["label"][first[name]]) for name in names],
        sides=[str(table["side"][first[name]]) for name in names], values=values,
        ranks={name: np.array([ranked(one) for one in grid]).reshape(grid.shape)
               for name, grid in values.items()},
        false_followers=column("false_followers"), false_shares=column("false_shares"),
        posts=posts,
    )  # fmt: skip


def ranked(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, the largest first; ties share their mean rank; NaN stays NaN."""
    from scipy.stats import rankdata

    known = np.isfinite(values)
    ranks = np.full(len(values), np.nan)
    ranks[known] = rankdata(-values[known])
    return ranks


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two rows of ranks; NaN where there are too few or all are tied."""
    known = np.isfinite(one) & np.isfinite(other)
    a, b = one[known], other[known]
    if len(a) < FEWEST or a.std() == 0.0 or b.std() == 0.0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def agreement(league: League, one: str, other: str) -> dict[str, Any]:
    """Spearman's rho over worlds: mean and middle 80 %; None where no world has one."""
    found = np.array([
        spearman(a, b) for a, b in zip(league.ranks[one], league.ranks[other], strict=True)
    ])  # fmt: skip
    found = found[np.isfinite(found)]
    if not len(found):
        return {"mean": None, "low": None, "high": None, "worlds": 0}
    low, high = np.quantile(found, (0.1, 0.9)) if len(found) > 1 else (None, None)
    ends = [None if end is None else float(end) for end in (low, high)]
    return {"mean": float(found.mean()), "low": ends[0], "high": ends[1], "worlds": len(found)}


def movers(league: League) -> tuple[list[int], list[int]]:
    """Rows of the largest climbers and of the largest fallers, the largest first."""
    climbs = league.climbs()
    known = np.flatnonzero(np.isfinite(climbs))
    order = sorted(known.tolist(), key=lambda row: (-climbs[row], league.names[row]))
    up = [row for row in order[:SHOWN] if climbs[row] > 0]
    return up, [row for row in order[::-1][:SHOWN] if climbs[row] < 0]


def summarise_ranks(table: Table, arm: str) -> dict[str, Any]:
    """The block `ranks` of summary.json: both leagues of one arm."""
    return {"arm": arm, **{
        level: {
            "n": len(league.names), "worlds": int(league.posts.shape[0]),
            "rank_correlations": {
                f"{one} / {other}": agreement(league, one, other) for one, other in PAIRS
            },
        }
        for level, league in ((name, league_of(table, arm, name)) for name in LEVELS)
    }}  # fmt: skip


LEVELS = ("ministry", "account")
HEADER = (
    "scenario", "level", "name", "side", "label", "followers", "target_reach", "impact",
    "rank_followers", "rank_target_reach", "rank_impact", "climbs", "posts", "false_followers",
    "false_shares",
)  # fmt: skip


def rank_rows(table: Table, arms: tuple[str, ...]) -> list[list[Any]]:
    """Lines of ranks.csv: means over worlds, by impact."""
    lines: list[list[Any]] = []
    for arm in dict.fromkeys(arms):
        for level in LEVELS:
            league = league_of(table, arm, level)
            means = [mean_known(league.values[name]) for name in YARDSTICKS]
            ranks = [league.mean_ranks(name) for name in YARDSTICKS]
            extra = [mean_known(one) for one in
                     (league.posts, league.false_followers, league.false_shares)]  # fmt: skip
            columns = [*means, *ranks, league.climbs(), *extra]
            order = np.argsort(np.where(np.isfinite(ranks[2]), ranks[2], np.inf), kind="stable")
            lines += [
                [arm, level, league.names[row], league.sides[row], league.labels[row],
                 *(_number(column[row]) for column in columns)]
                for row in order.tolist()
            ]  # fmt: skip
    return lines


def _number(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
