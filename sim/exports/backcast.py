"""A backcast: fit the first half of what happened, predict the second half, and score it.

    naive    an account repeats its past: its own posts of the first half
    fitted   accounts differ around what their followers lead one to expect, and are drawn towards
             it by how little is known of them (random effects; Morris 1983):
                 m_i = w_i mean_i + (1 - w_i)(a + b log followers_i),  w_i = v / (v + s^2 / n_i)
             plus the pooled residuals of posts;  y = log(1 + count), v between, s^2 within accounts
    model    the posts of the same account in simulated worlds, where they are handed in

    CRPS(F, y) = E|X - y| - E|X - X'| / 2     (Gneiting and Raftery 2007), X, X' from the prediction

The score is the mean CRPS of an account's posts, then over accounts; the skill is 1 - score / score
of the naive one, its interval a jackknife over accounts (jackknife.py). Accounts are judged that
posted five times in the first half and once in the second. Pure: nothing is read or run here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim import streams
from sim.exports.histories import History, cut
from sim.exports.jackknife import log_interval
from sim.observables.observed import finite

MEASURES = ("retweets", "likes", "impressions")
FEWEST_BEFORE, FEWEST_ACCOUNTS = 5, 5
SIZE = 199  # members of a prediction
INNER = 0.9  # of a prediction's interval whose cover is reported
ORDER = streams.name_hash("backcast", "order")

Prediction = Mapping[str, np.ndarray]  # {account: members}
Halves = Mapping[str, tuple[np.ndarray, np.ndarray]]  # {account: (first, second)}


@dataclass(frozen=True, kw_only=True)
class Score:
    """How one way of predicting did. skill: against the naive one, with its interval."""

    predictor: str
    crps: float
    cover: float
    skill: float | None = None
    lo: float | None = None
    hi: float | None = None
    n_accounts: int = 0
    n_posts: int = 0

    def verdict(self) -> str:
        """In words, from the interval alone."""
        if self.lo is None or self.hi is None:
            return "too few accounts to tell"
        if self.lo > 0:
            return "better than the past repeated"
        return "worse than the past repeated" if self.hi < 0 else "too close to call"

    def as_dict(self) -> dict[str, Any]:
        baseline = self.predictor == "naive"
        return {
            "predictor": self.predictor, "crps": finite(self.crps), "cover": finite(self.cover),
            "skill": finite(self.skill), "lo": finite(self.lo), "hi": finite(self.hi),
            "accounts": self.n_accounts, "posts": self.n_posts,
            "verdict": "the baseline" if baseline else self.verdict(),
        }  # fmt: skip


def backcast(
    histories: Sequence[History], models: Mapping[str, Mapping[str, Prediction]] | None = None
) -> dict[str, list[Score]]:
    """{measure: scores of naive, fitted and whatever models predict it}, for one platform.

    models: {measure: {name: {account: log(1 + count) of simulated posts}}}"""
    found = {}
    for measure in MEASURES:
        halves = halves_of(histories, measure)
        judged = {name: both for name, both in halves.items()
                  if len(both[0]) >= FEWEST_BEFORE and len(both[1])}  # fmt: skip
        if len(judged) < 2:
            continue
        followers = {one.account: one.followers for one in histories}
        predictions: dict[str, Prediction] = {
            "naive": {name: both[0] for name, both in judged.items()},
            "fitted": fitted({name: both[0] for name, both in halves.items() if len(both[0])},
                             followers),
            **(models or {}).get(measure, {}),
        }  # fmt: skip
        found[measure] = scores(predictions, judged)
    return found


def halves_of(histories: Sequence[History], measure: str) -> Halves:
    """log(1 + count) of each account's posts before and after the middle of the time looked at."""
    found = {}
    for one in histories:
        if measure not in one.counts:
            continue
        middle = math.floor(one.n_days / 2)
        parts = (cut(one, 0.0, middle), cut(one, middle, one.n_days))
        first, second = (part.counts[measure] for part in parts)
        found[one.account] = (logs(first), logs(second))
    return found


def logs(counts: np.ndarray) -> np.ndarray:
    return np.asarray(np.log1p(counts[~np.isnan(counts)]))


def fitted(first: Mapping[str, np.ndarray], followers: Mapping[str, float]) -> Prediction:
    """The prediction of partial pooling for every account with a post in the first half."""
    names = list(first)
    n = np.array([len(first[name]) for name in names], dtype=float)
    means = np.array([first[name].mean() for name in names])
    residuals = np.concatenate([first[name] - first[name].mean() for name in names])
    within = float((residuals**2).sum() / max(len(residuals) - len(names), 1))
    expected = expected_means(means, n, np.array([followers.get(name, math.nan) for name in names]))
    between = variance_between(means - expected, within / n)
    weight = between / (between + within / n)
    middle = weight * means + (1 - weight) * expected
    doubt = np.sqrt((1 - weight) * between)
    stretch = math.sqrt(within / max(float(residuals.var()), 1e-12))
    spread = np.quantile(residuals * stretch, grid(SIZE))
    order = np.argsort(bits(ORDER, 0, SIZE), kind="stable")
    noise = np.asarray(ndtri(grid(SIZE)))[order]
    return {
        name: np.log1p(np.rint(np.maximum(np.expm1(middle[k] + spread + doubt[k] * noise), 0.0)))
        for k, name in enumerate(names)
    }


def expected_means(means: np.ndarray, n: np.ndarray, followers: np.ndarray) -> np.ndarray:
    """What followers lead one to expect: weighted least squares, or one mean where unknown."""
    flat = np.full(len(means), float(np.average(means, weights=np.sqrt(n))))
    if len(means) < FEWEST_ACCOUNTS or not (followers > 0).all() or np.ptp(followers) == 0:
        return flat
    design = np.stack([np.ones(len(means)), np.log(followers)], axis=1)
    root = np.sqrt(np.sqrt(n))[:, None]
    slope = np.linalg.lstsq(design * root, means * root[:, 0], rcond=None)[0]
    return np.asarray(design @ slope)


def variance_between(gaps: np.ndarray, noise: np.ndarray) -> float:
    """Moments: the spread of account means beyond that of a mean of so many posts."""
    return max(float((gaps**2).mean() - noise.mean()), 1e-9)


def scores(predictions: Mapping[str, Prediction], judged: Halves) -> list[Score]:
    """Each predictor over the accounts that all of them predict."""
    names = [name for name in judged if all(name in one for one in predictions.values())]
    by = {which: np.array([account_crps(one[name], judged[name][1]) for name in names])
          for which, one in predictions.items()}  # fmt: skip
    n_posts = sum(len(judged[name][1]) for name in names)
    found = []
    for which, one in predictions.items():
        skill, lo, hi = (None, None, None)
        if which != "naive":
            skill, lo, hi = skill_of(by[which], by["naive"])
        found.append(Score(
            predictor=which, crps=float(by[which].mean()), skill=skill, lo=lo, hi=hi,
            cover=cover_of(one, judged, names), n_accounts=len(names), n_posts=n_posts,
        ))  # fmt: skip
    return found


def skill_of(own: np.ndarray, naive: np.ndarray
             ) -> tuple[float | None, float | None, float | None]:  # fmt: skip
    """(1 - own / naive, its interval over accounts)."""
    if naive.sum() == 0:
        return None, None, None
    skill = 1.0 - float(own.sum()) / float(naive.sum())
    if len(own) < FEWEST_ACCOUNTS:
        return skill, None, None
    both = np.column_stack([own, naive])
    found = log_interval(both, lambda part: float(part[:, 0].sum() / part[:, 1].sum()))
    return (skill, None, None) if found is None else (skill, 1.0 - found[1], 1.0 - found[0])


def account_crps(members: np.ndarray, happened: np.ndarray) -> float:
    """Mean CRPS of an account's posts. The prediction is what its members say, each alike: Ferro's
    (2014) correction for their number would score a past of six posts as if it were endless."""
    ordered = np.sort(members)
    size = len(ordered)
    places = 2.0 * np.arange(1, size + 1) - size - 1
    apart = float((places * ordered).sum()) / size**2
    near = np.abs(ordered[None, :] - happened[:, None]).mean(axis=1)
    return float(near.mean() - apart)


def cover_of(one: Prediction, judged: Halves, names: Sequence[str]) -> float:
    """The share of posts inside the middle nine tenths of their prediction, ends included."""
    inside, n = 0, 0
    for name in names:
        lo, hi = np.quantile(one[name], [(1 - INNER) / 2, (1 + INNER) / 2])
        happened = judged[name][1]
        inside += int(((happened >= lo) & (happened <= hi)).sum())
        n += len(happened)
    return inside / n if n else math.nan


def grid(n: int) -> np.ndarray:
    """The middles of n equal parts of (0, 1)."""
    return (np.arange(n) + 0.5) / n


def bits(purpose: np.uint64, number: int, n: int) -> np.ndarray:
    """uint64[n] of draw `number`."""
    with np.errstate(over="ignore"):
        stream = streams.subkey(streams.draw(purpose, np.uint64(number)), purpose)
        return np.asarray(streams.draw(stream, np.arange(n, dtype=np.uint64)))
