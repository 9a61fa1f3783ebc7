"""Sub-samples, bootstraps, and what taking accounts does to a sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pytest import approx

from sim.observables import resample
from sim.observables.observed import Observed
from sim.observables.registry import KEYS
from sim.observables.resample import bootstrapped, observables, over_samples, subsample, values_of
from sim.observables.sample import Sample, ranges
from tests.observables.planted import pool, sample

SHARES = {"post": [0, 0, 2, 3, 3, 3], "lag_hours": [1, 2, 3, 4, 5, 6], "depth": [1, 1, 1, 1, 2, 1]}


def test_ranges_run_one_after_the_other() -> None:
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.zeros(0, int), np.zeros(0, int)).tolist() == []


def test_taking_accounts_takes_their_posts_and_re_shares() -> None:
    whole = sample([0, 0, 1, 2], [2, 0, 1, 3], shares=SHARES, followers=[10, 20, 30])
    part = whole.take(np.array([2, 0, 2]))
    assert part.account.tolist() == [0, 1, 1, 2] and part.n_accounts == 3
    assert part.posts["retweets"].tolist() == [3, 2, 0, 3]
    assert part.shares["post"].tolist() == [0, 0, 0, 1, 1, 3, 3, 3]
    assert part.shares["lag_hours"].tolist() == [4, 5, 6, 1, 2, 4, 5, 6]
    assert part.accounts["followers"].tolist() == [30, 10, 30]
    thin = whole.thinned(np.array([1, 3]))
    assert thin.account.tolist() == [0, 2] and thin.n_accounts == 3
    assert thin.shares["post"].tolist() == [1, 1, 1]


def test_a_sub_sample_has_the_size_of_the_data() -> None:
    large = pool(100, 60)
    draws = [subsample(large, k) for k in range(5)]
    assert {one.n_accounts for one in draws} == {42} and {one.n_posts for one in draws} == {1_800}
    assert subsample(pool(100, 10), 0).n_posts == 420  # fewer originals: all of them
    levels = {tuple(one.accounts["followers"]) for one in draws}
    assert len(levels) == 5
    again = subsample(large, 3)
    assert np.array_equal(again.posts["retweets"], draws[3].posts["retweets"])


def test_sub_samples_are_fair() -> None:
    """Every account stands in 42 of 100: none outside five standard deviations in 400 draws."""
    large = pool(100, 1)
    marked = replace(large, accounts={**large.accounts, "n_posts": np.arange(100)})
    seen = np.zeros(100)
    for k in range(400):
        seen[subsample(marked, k).accounts["n_posts"]] += 1
    assert np.abs(seen / 400 - 0.42).max() < 5 * np.sqrt(0.42 * 0.58 / 400)


def test_a_large_pool_is_measured_by_sub_samples_a_small_one_as_it_stands() -> None:
    large, small = pool(60, 40), pool(30, 40)
    found = observables(large, 40)
    assert list(found) == list(KEYS)
    three = np.median([np.mean(subsample(large, k).posts["retweets"] == 0) for k in range(40)])
    assert found["C3"].value == approx(three)
    assert observables(small, 40)["C3"].value == np.mean(small.posts["retweets"] == 0)
    assert found["C8"].n == large.n_posts  # a rare thing is looked for among all posts


def test_stars_are_no_ordinary_accounts_but_missions() -> None:
    stocks = np.array([100.0] * 20 + [50_000.0])
    row = np.repeat(np.arange(21), 12)
    n = np.where(row == 20, 500, 1)
    one = observables(sample(row, n, followers=stocks), 20)
    assert one["C4.mean"].value == 1.0
    assert one["C2.above_10k"].value == approx(1 / 21)


def test_the_bootstrap_knows_the_error_of_a_mean() -> None:
    luck = np.random.default_rng(12)
    own = luck.poisson(5, 40)
    one = sample(np.repeat(np.arange(40), 10), np.repeat(own, 10))  # alike inside accounts
    found = bootstrapped(one, (resample.ORDINARY,), 400)["C4.mean"]
    assert found.se == approx(own.std() / np.sqrt(40), rel=0.15)
    assert found.lo is not None and found.hi is not None and found.value is not None
    assert found.lo < found.value < found.hi


def test_with_too_few_accounts_no_interval_is_made_up() -> None:
    found = bootstrapped(pool(4, 50), (resample.ORDINARY,), 20)
    assert found["C3"].value is not None and found["C3"].lo is None
    assert found["C16.image"].lo is not None  # has an interval of its own


def test_what_most_sub_samples_cannot_say_is_not_said() -> None:
    some = [Observed(value=1.0), Observed(value=None, why="nothing was re-shared")]
    assert over_samples([*some, some[1]]).why == "nothing was re-shared"
    assert over_samples([*some, some[0]]).note == "1 of 3 sub-samples give no value"


def test_a_caution_stands_beside_every_number() -> None:
    careful: Sample = replace(pool(20, 20), caution="not at one-to-one scale")
    for one in observables(careful, 10).values():
        assert one.value is None or "one-to-one" in one.note
    assert values_of(observables(careful, 10))["C11.within_1h"] is None
