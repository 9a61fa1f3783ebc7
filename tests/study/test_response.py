"""Response curves on planted truths: the curve comes back, and its intervals hold it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.response import Response, fitted, log_hill, respond

HOURS = 100.0 * 2.0 ** np.arange(-3, 5)


def planted(seed: int, half: float = 150.0, n: float = 1.2, draws: int = 16) -> np.ndarray:
    """Totals [L, D, R]: ceilings, half-saturations and luck differ between draws."""
    rng = np.random.default_rng(seed)
    ceiling = 5_000 * np.exp(0.5 * rng.standard_normal((1, draws, 1)))
    k = half * np.exp(0.2 * rng.standard_normal((1, draws, 1)))
    h = HOURS[:, None, None]
    luck = np.exp(0.03 * rng.standard_normal((len(HOURS), draws, 2)))
    return np.asarray(ceiling * h**n / (k**n + h**n) * luck)


def response(outcomes: np.ndarray, worth: float = 0.02) -> Response:
    return respond(HOURS, outcomes, 4.0, worth=worth, confidence=0.95)


def test_a_hill_curve_is_found_exactly_without_noise() -> None:
    place = np.log(HOURS)
    theta = np.log([5_000.0, 150.0, 1.2])
    assert fitted(place, log_hill(theta, place)) == pytest.approx(theta, abs=1e-4)


def test_the_marginal_return_is_the_slope_of_the_curve() -> None:
    found = response(planted(1))
    hours, outcome = (np.array(found.grid[name]) for name in ("hours", "outcome"))
    by_hand = np.interp(HOURS[1:-1], (hours[1:] + hours[:-1]) / 2,
                        np.diff(outcome) / np.diff(hours) / 4.0)  # fmt: skip
    told = [one.mean for one in found.next_hour[1:-1]]
    assert told == pytest.approx(by_hand, rel=0.03)


@pytest.mark.slow
def test_intervals_hold_the_planted_curve() -> None:
    """Half-saturation and the curve in its middle, 200 studies: 95 % within what 200 can tell."""
    expected = fitted(np.log(HOURS), np.log1p(planted(999, draws=20_000)).mean((1, 2)))
    half, n = np.exp(expected[1:])  # of the typical curve, a little flatter than each draw's
    inside = {"half": 0, "exponent": 0}
    for seed in range(200):
        found = response(planted(seed))
        inside["half"] += (found.half.lo or 0) <= half <= (found.half.hi or 0)
        inside["exponent"] += (found.exponent.lo or 0) <= n <= (found.exponent.hi or 0)
    assert min(inside.values()) >= 178 and max(inside.values()) < 200


def test_a_curve_without_a_ceiling_has_none() -> None:
    found = response(planted(2, half=40_000.0, n=0.8))
    assert found.ceiling.mean is None and found.half.mean is None
    assert "No ceiling in sight" in found.note and found.enough.mean is not None
    assert found.buys[0] == HOURS[-2] and found.buys[1] is None


def test_where_more_hours_buy_nothing() -> None:
    found = response(planted(3, half=20.0, n=3.0), worth=0.05)
    assert found.buys[0] in (25.0, 50.0) and found.buys[1] in (100.0, 200.0)
    assert found.enough.mean == pytest.approx(20 * 20 ** (1 / 3), rel=0.2)
    assert found.ceiling.mean is not None


def test_few_draws_give_no_intervals() -> None:
    found = response(planted(4, draws=3))
    assert found.typical[0].mean and found.typical[0].lo is None
    assert found.buys == (None, None) and found.ceiling.mean is None


def test_nothing_is_drawn_outside_the_levels() -> None:
    found = response(planted(5))
    hours = [one for one in found.grid["hours"] if one is not None]
    assert min(hours) == pytest.approx(HOURS[0]) and max(hours) == pytest.approx(HOURS[-1])
    with pytest.raises(ValueError, match="4 levels"):
        respond(HOURS[:3], planted(5)[:3], 4.0, worth=0.02, confidence=0.95)


def test_more_hours_are_worth_it_up_to_the_first_level_that_is_not_sure() -> None:
    """The second level is noise in every draw: what the third would say does not count."""
    luck = np.random.default_rng(3)
    outcomes = planted(1) * np.exp(0.001 * luck.standard_normal((len(HOURS), 16, 2)))
    sure = response(outcomes).buys[0]
    outcomes[1] *= np.exp(12.0 * luck.standard_normal((16, 1)))
    found = response(outcomes).buys
    assert sure is not None and sure > HOURS[1] and found[0] == HOURS[0]
