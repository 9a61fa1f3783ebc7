"""Every observable against numbers worked by hand, and against planted truths."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from pytest import approx
from scipy.special import ndtr
from scipy.stats import zipf

from sim.mechanisms.following import DAYS_PER_MONTH
from sim.observables import (
    activity,
    cascades,
    counts,
    followers,
    inequality,
    media,
    seen,
    tail,
)
from sim.observables.observed import MissingError, Observed
from sim.observables.registry import KEYS, OBSERVABLES, compute
from tests.observables.planted import sample


def value(found: dict[str, Observed], key: str) -> float:
    assert found[key].value is not None, found[key].why
    return found[key].value  # type: ignore[return-value]


# --- growth ---------------------------------------------------------------------------------------


def test_growth_of_all_together_and_of_the_median_account() -> None:
    found = sample([0, 1, 2, 3], [0, 0, 0, 0], followers=[100, 300, 600, 9_000])
    month = DAYS_PER_MONTH
    before, after = np.array([100.0, 300.0, 600.0, 0.0]), np.array([110.0, 300.0, 660.0, 5.0])
    grown = followers.per_month(before, after, month)
    assert grown[:3] == approx([0.1, 0.0, 0.1]) and np.isnan(grown[3])
    assert followers.per_month(before, after, month / 2)[0] == approx(0.21)
    for share, total, median in ((1.0, 0.07, 0.1), (0.5, 1.07**2 - 1, 0.21)):
        columns = {"before": before, "after": after, "between": np.full(4, share * month)}
        one = replace(found, accounts={**found.accounts, **columns})
        told = followers.growth(one) | followers.usual_growth(one)
        assert value(told, "C18.total") == approx(total) and told["C18.total"].n == 3
        assert value(told, "C18.median") == approx(median)


def test_one_star_is_not_the_growth_of_all_accounts_together() -> None:
    """Ten accounts of 1,000 that stay, one that doubles in two weeks: 1/11 more in two weeks."""
    n, half = 11, DAYS_PER_MONTH / 2
    found = sample(list(range(n)), [0] * n, followers=[1_000] * n)
    after = np.array([2_000.0] + [1_000.0] * (n - 1))
    columns = {"before": np.full(n, 1_000.0), "after": after, "between": np.full(n, half)}
    told = followers.growth(replace(found, accounts={**found.accounts, **columns}))
    assert value(told, "C18.total") == approx((12 / 11) ** 2 - 1)


# --- counts ---------------------------------------------------------------------------------------

FIVE = sample([0, 0, 0, 1, 1], [0, 0, 1, 4, 100], likes=[1, 0, 3, 20, 396])


def test_counts_by_hand() -> None:
    assert value(counts.zero_share(FIVE), "C3") == 0.4
    assert value(counts.level(FIVE), "C4.median") == 1.0
    assert value(counts.level(FIVE), "C4.mean") == 21.0
    assert value(counts.likes_per_share(FIVE), "C7") == 4.0
    assert value(counts.many(FIVE), "C8") == 0.2


def test_the_exact_interval_is_that_of_the_tables() -> None:
    assert counts.exact_interval(0, 100) == (0.0, approx(1 - 0.025 ** (1 / 100)))
    assert counts.exact_interval(5, 50) == (approx(0.0333, abs=1e-4), approx(0.2181, abs=1e-4))
    assert counts.exact_interval(9, 9)[1] == 1.0


# --- inequality -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 2, 3], 2 / 9), ([5, 5, 5, 5], 0.0), ([0, 0, 0, 7], 0.75), ([0, 1], 0.5)],
)
def test_gini_by_hand(values: list[int], expected: float) -> None:
    assert inequality.gini(np.array(values)) == approx(expected)


def test_gini_of_known_distributions() -> None:
    ranks = (np.arange(200_000) + 0.5) / 200_000
    luck = np.random.default_rng(3).standard_normal(400_000)
    assert inequality.gini(ranks) == approx(1 / 3, abs=1e-4)  # uniform
    assert inequality.gini(-np.log(ranks)) == approx(1 / 2, abs=1e-3)  # exponential
    expected = 2 * ndtr(1.1 / math.sqrt(2)) - 1  # lognormal of log-sd 1.1
    assert inequality.gini(np.exp(1.1 * luck)) == approx(expected, abs=5e-3)


def test_top_shares_count_the_last_one_in_part() -> None:
    assert inequality.top_share(np.array([1, 1, 1, 7]), 0.25) == approx(0.7)
    assert inequality.top_share(np.array([1, 1, 1, 7]), 0.375) == approx(0.75)
    assert inequality.top_share(np.array([1, 1, 1, 7]), 1.0) == approx(1.0)
    luck = np.random.default_rng(4).standard_normal(400_000)
    lognormal = np.exp(1.5 * luck)
    assert inequality.top_share(lognormal, 0.1) == approx(ndtr(1.5 - 1.2815516), abs=0.01)


def test_accounts_with_few_posts_or_nothing_to_divide_are_left_out() -> None:
    row = [0] * 10 + [1] * 10 + [2] * 9 + [3] * 10
    n = [0] * 9 + [7] + [1] * 10 + [0] * 8 + [99] + [0] * 10
    found = inequality.within_accounts(sample(row, n))["C6"]
    assert found.value == approx((0.9 + 0.0) / 2) and found.n == 2
    assert found.note == "1 accounts without any re-share left out"


# --- the tail -------------------------------------------------------------------------------------


def planted_tail(alpha: float, n_min: int, n: int, seed: int) -> np.ndarray:
    """Whole numbers from n_min on, with P ~ n^-alpha, by the inverse of their distribution."""
    draws = zipf.rvs(alpha, size=40 * n, random_state=seed)
    return draws[draws >= n_min][:n]


@pytest.mark.parametrize(("alpha", "n_min"), [(2.1, 1), (2.5, 1), (2.59, 4)])
def test_a_planted_exponent_is_recovered(alpha: float, n_min: int) -> None:
    above = planted_tail(alpha, n_min, 3_000, 11)
    below = np.random.default_rng(5).integers(0, n_min, 2_000)  # a flat body, no power law
    found = tail.fit(np.concatenate([above, below]))
    assert abs(found.alpha - alpha) < 3.5 * found.se
    assert n_min <= found.n_min <= 3 * n_min + 1


def test_the_standard_error_of_an_exponent_is_honest() -> None:
    fits = [tail.exponent(planted_tail(2.5, 3, 400, 100 + k), 3) for k in range(150)]
    expected = tail.standard_error(2.5, 3, 400)
    assert np.std(fits) == approx(expected, rel=0.2)
    assert np.mean(fits) == approx(2.5, abs=3 * expected / math.sqrt(150) + 0.01)


def test_the_distance_is_the_largest_gap_of_the_two_functions() -> None:
    whole = np.arange(1, 100_000)
    p = whole**-2.5 / (whole**-2.5).sum()
    sample_of = np.array([1] * 80 + [2] * 15 + [3] * 5)
    model = np.cumsum(p)[:3]
    gaps = np.abs(np.array([0.8, 0.95, 1.0]) - model)
    assert tail.distance(sample_of, 1, 2.5) == approx(gaps.max(), abs=1e-4)


def test_a_lognormal_is_told_from_a_power_law() -> None:
    luck = np.random.default_rng(8)
    lognormal = np.floor(np.exp(2.0 + 1.0 * luck.standard_normal(8_000))).astype(int)
    z, p = tail.against_lognormal(lognormal, tail.Tail(
        alpha=tail.exponent(lognormal, 4), se=0, n_min=4, n=0, distance=0))  # fmt: skip
    assert z < -3 and p < 0.01
    power = planted_tail(2.2, 4, 8_000, 9)
    z, _ = tail.against_lognormal(power, tail.fit(power))
    assert z > -1.0  # a lognormal with a large spread can look like a power law, not better


def test_the_cut_lognormal_sums_to_one() -> None:
    whole = np.arange(5, 400_000)
    assert np.exp(tail.lognormal_log_p(whole, 5, 1.0, 1.2)).sum() == approx(1.0, abs=1e-6)


def test_too_few_posts_have_no_tail() -> None:
    with pytest.raises(MissingError, match="fewer than 50"):
        tail.fit(np.array([1, 2, 3] * 16))
    with pytest.raises(MissingError):
        tail.fit(np.zeros(500, int))


# --- re-shares, views -----------------------------------------------------------------------------


def test_depths_and_lags_by_hand() -> None:
    shares = {"post": [0, 0, 0, 1], "lag_hours": [0.5, 1.0, 30.0, 3.0], "depth": [1, 1, 2, 1]}
    one = sample([0, 0], [3, 1], shares=shares)
    assert value(cascades.directness(one), "C10") == 0.75
    assert value(cascades.lags(one), "C11.within_1h") == 0.5
    assert value(cascades.lags(one), "C11.within_24h") == 0.75
    with pytest.raises(MissingError, match="one by one"):
        cascades.lags(sample([0], [1]))


def test_views_by_hand() -> None:
    one = sample(
        [0, 0, 1], [0, 0, 0], impressions=[100, 9, 20], impressions_24h=[90, 9, 20],
        half_life_hours=[2.0, 50.0, 1.0], reach_share=[0.1, 0.3, 0.04],
    )  # fmt: skip
    assert value(seen.half_life(one), "C12.half_life") == 90.0  # the post with 9 does not count
    assert value(seen.done_in_a_day(one), "C12.within_24h") == approx(119 / 129)
    assert value(seen.reach(one), "C13") == approx(0.12)  # median of 0.2 and 0.04


# --- followers, activity --------------------------------------------------------------------------


def test_spread_and_large_missions() -> None:
    stocks = [*np.exp(np.random.default_rng(2).normal(6.5, 1.5, 20_000)), 652_000, 0]
    one = sample(np.arange(len(stocks)), np.zeros(len(stocks), int), followers=stocks)
    usual = np.log([s for s in stocks if 0 < s < 100_000])
    assert value(followers.spread(one), "C1") == approx(usual.std(ddof=1))
    assert value(followers.spread(one), "C1") == approx(1.5, abs=0.05)
    five = sample([0, 1, 2, 3], [0] * 4, followers=[5_000, 5_001, 10_001, 10])
    assert value(followers.large(five), "C2.above_5k") == 0.5
    assert value(followers.large(five), "C2.above_10k") == 0.25


def test_a_planted_slope_is_recovered() -> None:
    luck = np.random.default_rng(6)
    stocks = np.exp(luck.normal(7, 1.5, 500))
    row = np.repeat(np.arange(500), 20)
    n = np.expm1(np.maximum(0.3 * np.log(stocks)[row] + luck.normal(0, 0.1, len(row)), 0))
    one = sample(row, n, followers=stocks)
    assert value(followers.slope(one), "C14.slope") == approx(0.3, abs=0.01)
    assert value(followers.correlation(one), "C14.spearman") > 0.9
    assert value(followers.correlation(sample([0, 1, 2], [1, 2, 3], followers=[30, 20, 10])),
                 "C14.spearman") == approx(-1.0)  # fmt: skip


def test_activity_by_hand() -> None:
    one = sample([0] * 30 + [1] * 3 + [2] * 4, [0] * 37, days=28.0)
    found = activity.posting(one)
    assert value(found, "C15.posts_per_day") == approx(4 / 28)
    assert value(found, "C15.under_one_a_week") == approx(1 / 3)  # 3 in four weeks; 4 is one a week
    with pytest.raises(MissingError, match="days"):
        activity.posting(sample([0], [1], days=0.0))


# --- media ----------------------------------------------------------------------------------------


def planted_media(seed: int, image: float = 1.4, video: float = 2.0) -> dict[str, Observed]:
    """Accounts that use more images are less shared: only inside accounts is the truth seen.
    Effects differ between accounts, so that errors are alike inside them."""
    luck = np.random.default_rng(seed)
    row = np.repeat(np.arange(40), 40)
    keen = luck.random(40)
    has_image = luck.random(1_600) < keen[row]
    has_video = ~has_image & (luck.random(1_600) < 0.2)
    own = luck.normal(0.0, 0.2, 40)
    logs = (2 - 1.5 * keen[row] + (math.log(image) + own[row]) * has_image
            + math.log(video) * has_video + luck.normal(0, 0.3, 1_600))  # fmt: skip
    one = sample(row, np.expm1(np.maximum(logs, 0)), image=has_image, video=has_video)
    return media.multipliers(one)


def test_planted_multipliers_are_recovered_inside_accounts() -> None:
    found = planted_media(1)
    assert value(found, "C16.image") == approx(1.4, rel=0.08)
    assert value(found, "C16.video") == approx(2.0, rel=0.08)


def test_clustered_intervals_cover() -> None:
    """95 % nominal: between 90 and 99 % of 200 planted truths, a false alarm in 1 of 500."""
    hits = 0
    for k in range(200):
        one = planted_media(1_000 + k)["C16.image"]
        assert one.lo is not None and one.hi is not None
        hits += one.lo <= 1.4 <= one.hi
    assert 180 <= hits <= 198


def test_media_that_cannot_be_told_apart_give_the_reason() -> None:
    row = [0, 0, 0, 1, 1, 1]
    with pytest.raises(MissingError, match="without video"):
        media.multipliers(sample(row, range(6), image=[0, 1, 0, 1, 0, 1], video=[0] * 6))
    with pytest.raises(MissingError, match="told apart"):
        media.multipliers(sample(row, range(6), image=[0, 1, 0, 1, 0, 1], video=[0, 1, 0, 1, 0, 1]))


# --- all of them ----------------------------------------------------------------------------------


def test_whatever_is_lacking_has_a_plain_reason() -> None:
    bare = sample([0, 0], [0, 0])
    for one in OBSERVABLES:
        found = compute(one, bare)
        assert set(found) == set(one.keys)
        for key, number in found.items():
            assert (number.value is None) == bool(number.why), key
            assert number.value is None or math.isfinite(number.value)
    assert len(KEYS) == len(set(KEYS)) == 27
