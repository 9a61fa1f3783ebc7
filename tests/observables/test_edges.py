"""Windows and limits at their very edges, and the media regression worked another way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from sim.observables import activity, cascades, counts, followers, media, seen, tail
from sim.observables.observed import Observed
from sim.observables.sample import GIANT, Sample
from tests.observables.planted import sample

Reader = Callable[[Sample], dict[str, Observed]]


def lagged(lag: float) -> Sample:
    return sample([0], [1], shares={"post": [0], "lag_hours": [lag], "depth": [1]})


# What each limit says: (reader, key, sample with a value, the value at it, just beside it, counted
# at it, counted beside it).
EDGES: dict[str, tuple[Reader, str, Callable[[Any], Sample], Any, Any, float, float]] = {
    "within an hour, the hour counts": (
        cascades.lags, "C11.within_1h", lagged, 1.0, 1.001, 1.0, 0.0),
    "within a day, the 24th hour counts": (
        cascades.lags, "C11.within_24h", lagged, 24.0, 24.001, 1.0, 0.0),
    "the last minutes of a day are of the day": (
        cascades.lags, "C11.within_24h", lagged, 23.9, 24.1, 1.0, 0.0),
    "direct is depth one": (
        cascades.directness, "C10",
        lambda depth: sample([0], [1], shares={"post": [0], "lag_hours": [1.0], "depth": [depth]}),
        1, 2, 1.0, 0.0),
    "many is a hundred": (
        counts.many, "C8", lambda n: sample([0], [n]), 100, 99, 1.0, 0.0),
    "none is nothing": (
        counts.zero_share, "C3", lambda n: sample([0], [n]), 0, 1, 1.0, 0.0),
    "under one a week is not one a week": (
        activity.posting, "C15.under_one_a_week",
        lambda n: sample([0] * n, [0] * n, days=28.0), 4, 3, 0.0, 1.0),
    "above 5,000 is not 5,000": (
        followers.large, "C2.above_5k", lambda n: sample([0], [0], followers=[n]),
        5_000, 5_001, 0.0, 1.0),
    "above 10,000 is not 10,000": (
        followers.large, "C2.above_10k", lambda n: sample([0], [0], followers=[n]),
        10_000, 10_001, 0.0, 1.0),
}  # fmt: skip


@pytest.mark.parametrize("what", EDGES)
def test_limits_mean_what_they_say(what: str) -> None:
    reader, key, made, at, beside, wanted_at, wanted_beside = EDGES[what]
    assert reader(made(at))[key].value == wanted_at
    assert reader(made(beside))[key].value == wanted_beside


def test_ten_impressions_are_enough_and_nine_are_not() -> None:
    one = sample([0, 0], [0, 0], impressions=[10, 9], half_life_hours=[1.0, 100.0])
    assert seen.half_life(one)["C12.half_life"].value == 60.0


def test_the_giant_is_left_out_from_where_it_is_said_to_begin() -> None:
    logs = np.log([100.0, 1_000.0, GIANT - 1.0])
    one = sample([0, 1, 2, 3], [0] * 4, followers=[100, 1_000, GIANT - 1, GIANT])
    assert followers.spread(one)["C1"].value == pytest.approx(logs.std(ddof=1))


def test_a_tail_begins_with_its_first_value() -> None:
    """The likelihood of an exponent by the definition: all values from n_min on, and no other."""
    values = np.array([1, 1, 2, 3, 3, 4, 5, 9, 30])
    found = tail.exponent(values, 3)
    above = values[values >= 3]
    whole = np.arange(3, 2_000_000, dtype=np.float64)

    def log_likelihood(alpha: float) -> float:
        return float(-alpha * np.log(above).sum() - len(above) * math.log((whole**-alpha).sum()))

    assert all(log_likelihood(found) > log_likelihood(found + step) for step in (-0.01, 0.01))


@pytest.mark.parametrize("seed", range(3))
def test_media_intervals_are_those_of_the_regression_with_a_dummy_an_account(seed: int) -> None:
    """Least squares with every account's own level written out; clustered by Liang & Zeger, and the
    small-sample factor counts all that was estimated, those levels too."""
    luck = np.random.default_rng(seed)
    row = np.repeat(np.arange(6), 5)
    image = luck.random(30) < 0.5
    video = ~image & (luck.random(30) < 0.5)
    n = luck.poisson(5.0, 30)
    found = media.multipliers(sample(row, n, image=image, video=video))
    x = np.column_stack([image, video, row[:, None] == np.arange(6)]).astype(float)
    y = np.log1p(n)
    b, *_ = np.linalg.lstsq(x, y, rcond=None)
    bread, rest = np.linalg.inv(x.T @ x), y - x @ b
    scores = np.array([(x[row == g] * rest[row == g, None]).sum(axis=0) for g in range(6)])
    factor = 6 / 5 * 29 / (30 - x.shape[1])
    se = np.sqrt(np.diag(factor * bread @ scores.T @ scores @ bread))
    for k, name in enumerate(("image", "video")):
        one, half = found[f"C16.{name}"], t.ppf(0.975, 5) * se[k]
        assert one.value == pytest.approx(math.exp(b[k]))
        assert (one.lo, one.hi) == (pytest.approx(math.exp(b[k] - half)),
                                    pytest.approx(math.exp(b[k] + half)))  # fmt: skip
