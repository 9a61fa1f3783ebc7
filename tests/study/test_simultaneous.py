"""max-t and the best: published tables, exact cases, and cover on planted truths."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study import simultaneous
from sim.study.random_effects import student
from sim.study.simultaneous import (
    all_pairs,
    critical,
    mean_interval,
    one_sided,
    shrunk_correlations,
    simultaneous_level,
    with_the_best,
)
from tests.study.planted import looked_at


def equal(n_points: int, rho: float) -> np.ndarray:
    return np.full((n_points, n_points), rho) + (1 - rho) * np.eye(n_points)


def test_independent_points_have_sidaks_bound_and_equal_ones_students_t() -> None:
    for n_points, n_draws in ((2, 8), (5, 16), (30, 12)):
        bound = student(n_draws - 1, 0.95 ** (1 / n_points))
        assert critical(equal(n_points, 0.0), n_draws, 0.95) == pytest.approx(bound, rel=0.02)
        alike = critical(equal(n_points, 1.0), n_draws, 0.95)
        assert alike == pytest.approx(student(n_draws - 1, 0.95), rel=0.02)
    assert critical(np.eye(1), 9, 0.9) == student(8, 0.9)


@pytest.mark.parametrize("n_points, two, one", [(2, 2.21, 1.92), (5, 2.51, 2.23), (9, 2.69, 2.42)])
def test_dunnetts_tables(n_points: int, two: float, one: float) -> None:
    """Dunnett (1964): infinite degrees of freedom, correlation 1/2, 95 %."""
    assert critical(equal(n_points, 0.5), 4_000, 0.95) == pytest.approx(two, abs=0.03)
    rng = np.random.default_rng(4)
    draws = rng.standard_normal((n_points + 1, 4_000))  # equal variances: gaps correlate by 1/2
    assert one_sided(draws, 0.95, 2)[0] == pytest.approx(one, abs=0.03)


def test_correlations_of_noise_shrink_and_real_ones_stay() -> None:
    rng = np.random.default_rng(2)
    noise = rng.standard_normal((6, 10))
    off = ~np.eye(6, dtype=bool)
    both = (shrunk_correlations(noise), np.corrcoef(noise))
    found, raw = (np.abs(one[off]).max() for one in both)
    assert found < 0.5 * raw
    common = rng.standard_normal((1, 400)) + rng.standard_normal((6, 400))
    assert np.allclose(shrunk_correlations(common)[off], 0.5, atol=0.12)


def test_a_point_without_any_difference_costs_the_others_nothing() -> None:
    rng = np.random.default_rng(3)
    draws = rng.standard_normal((3, 16))
    padded = np.vstack([draws, np.zeros((4, 16))])
    assert simultaneous_level(padded, 0.95) == simultaneous_level(draws, 0.95) > 0.95
    assert simultaneous_level(draws[:1], 0.95) == 0.95


def test_a_mean_interval_is_students_t_where_nothing_is_skewed_and_reaches_for_the_tail() -> None:
    even = np.array([-3.0, -1, 0, 1, 3])
    lo, hi = mean_interval(even, 2.0)
    half = 2.0 * even.std(ddof=1) / np.sqrt(5)
    assert hi == pytest.approx(half, rel=1e-5) and -lo == pytest.approx(half, rel=1e-5)
    skew = np.array([0.0, 0, 0, 0, 0, 0, 0, 1])
    lo, hi = mean_interval(skew, 2.0)
    half = 2.0 * skew.std(ddof=1) / np.sqrt(8)
    assert skew.mean() - lo == pytest.approx(half) and hi - skew.mean() > 1.3 * half
    assert mean_interval(np.zeros(8), 2.0) == (0.0, 0.0)


def test_simultaneous_cover_of_a_fixed_design() -> None:
    _, missed = looked_at("normal", n=200, n_points=3, looks=(16,), confidence=0.9,
                          sequential=False)  # fmt: skip
    assert 0.83 <= 1 - missed.mean() <= 0.975  # 3.3 standard errors around 0.9 to 0.94


def test_the_best_stays_in_the_set_and_the_worse_leave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simultaneous, "MOST_TRIALS", 4_000)
    rng = np.random.default_rng(6)
    means = np.array([0.0, 0.3, 1.0, 0.95, -0.4])
    kept, sizes, low = 0, [], 0
    for _ in range(120):
        draws = means[:, None] + 0.5 * rng.standard_normal((5, 16)) + rng.standard_normal((1, 16))
        best = with_the_best(draws, 1, 0.95)
        kept += best.may_be_best[2]
        sizes.append(best.may_be_best.sum())
        gaps = means - np.array([np.delete(means, p).max() for p in range(5)])
        low += np.all((best.lo - 1e-9 <= gaps) & (gaps <= best.hi + 1e-9))
        assert np.all((best.lo <= 0) & (best.hi >= 0))
    assert kept >= 0.9 * 120 and low >= 0.88 * 120  # 0.95, less 2.5 standard errors and more
    assert np.mean(sizes) < 2.6


def test_the_best_when_less_is_wanted_and_when_two_are_the_same() -> None:
    rng = np.random.default_rng(7)
    shared = rng.standard_normal(12)
    draws = np.array([0 * shared, shared * 0.1 - 2, shared * 0.1 - 2, shared * 0.1 + 1])
    best = with_the_best(draws, -1, 0.95)
    assert best.may_be_best.tolist() == [False, True, True, False]
    assert with_the_best(draws, 1, 0.95).may_be_best.tolist() == [False, False, False, True]
    assert with_the_best(draws, 1, 0.95).lo[3] == 0.0


def test_all_pairs_hold_the_truth_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simultaneous, "MOST_TRIALS", 4_000)
    rng = np.random.default_rng(8)
    missed = 0
    for _ in range(120):
        pairs = all_pairs(rng.standard_normal((4, 12)), 0.9)
        assert len(pairs) == 6
        missed += any(not lo <= 0 <= hi for *_, lo, hi in pairs)
    assert missed <= 120 * 0.19
