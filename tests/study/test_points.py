"""Points against their control: intervals, verdicts, what pairing won."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.measures import BY_NAME
from sim.study.points import judge_points, variance_ratio
from sim.study.summary import _point

REACH, VOICE, HOURS = (BY_NAME[name] for name in ("target_reach", "share_of_voice", "hours"))
ASKED = {"confidence": 0.95, "p_needed": 0.9}


def worlds(rng: np.random.Generator, draws: int = 16, replicates: int = 2) -> np.ndarray:
    return 10_000 * np.exp(0.5 * rng.standard_normal((draws, 1))
                           + 0.02 * rng.standard_normal((draws, replicates)))  # fmt: skip


def test_effects_are_found_and_nothing_is_exactly_nothing() -> None:
    rng = np.random.default_rng(1)
    control = worlds(rng)
    small, large = (np.exp(sd * rng.standard_normal(control.shape)) for sd in (0.01, 0.05))
    tested = np.array([control * 1.2 * small, control, control * large])
    found = judge_points(REACH, tested, np.array([control] * 3), 0.02, **ASKED)
    up, same, unclear = found.points
    assert up.verdict == "better" and same.verdict is None
    assert "in every one of 32 worlds" in same.alone.why_no_interval
    assert unclear.verdict == "too close to call"
    assert (same.difference.lo, same.difference.mean, same.difference.hi) == (None, 0, None)
    assert same.half_width == 0.0 and found.level > 0.95
    typical = math.expm1(np.log1p(control).mean())
    assert up.difference.mean == pytest.approx(0.2 * typical, rel=0.05)
    assert up.half_width == pytest.approx(
        (up.difference.hi - up.difference.lo) / 2 / typical)  # type: ignore[operator]


def test_more_points_widen_every_interval_and_may_undo_a_verdict() -> None:
    rng = np.random.default_rng(2)
    control = np.full((8, 2), 0.4)
    one = control + 0.03 + 0.012 * rng.standard_normal((8, 1)) + 0.001 * rng.standard_normal((8, 2))
    many = np.array([one] + [control + 0.02 * rng.standard_normal((8, 2)) for _ in range(29)])
    alone = judge_points(VOICE, many[:1], control[None], 0.02, **ASKED).points[0]
    among = judge_points(VOICE, many, np.array([control] * 30), 0.02, **ASKED).points[0]
    assert among.difference.hi > alone.difference.hi  # type: ignore[operator]
    assert among.alone.difference == alone.alone.difference  # the single comparison is the same
    assert alone.verdict in ("better", "too close to call")


def test_the_sign_that_turns_with_a_parameter_is_in_the_verdict() -> None:
    rng = np.random.default_rng(3)
    drawn = {f"p{k}": rng.standard_normal(32) for k in range(30)}
    control = worlds(rng, 32)
    tested = control * np.exp(0.2 * drawn["p4"][:, None])
    found = judge_points(REACH, tested[None], control[None], 0.02, parameters=[drawn], **ASKED)
    (point,) = found.points
    assert point.verdict == "depends on p4"
    assert point.dependence is not None and point.dependence.rises


def test_broken_numbers_are_flagged_and_leave_the_others_alone() -> None:
    rng = np.random.default_rng(4)
    control = worlds(rng)
    broken = control.copy()
    broken[2, 1] = math.nan
    found = judge_points(REACH, np.array([broken, control * 1.3]), np.array([control] * 2), 0.02,
                         **ASKED)  # fmt: skip
    assert found.points[0].difference.mean is None
    assert "no finite number" in found.points[0].alone.why_no_interval
    assert found.points[1].verdict == "better"


def test_measures_without_a_direction_are_not_judged_better() -> None:
    control = np.full((8, 2), 100.0)
    rng = np.random.default_rng(5)
    found = judge_points(HOURS, (control + 10 + rng.standard_normal((8, 2)))[None], control[None],
                         0.02, **ASKED)  # fmt: skip
    assert found.points[0].verdict == "higher"


def test_the_joint_interval_undoes_an_equivalence_without_a_direction_too() -> None:
    rng = np.random.default_rng(5)
    control = np.full((8, 2), 100.0)
    close = control + 0.9 * rng.standard_normal((8, 1)) / 2 + 0.01 * rng.standard_normal((8, 2))
    others = [control + 5 * rng.standard_normal((8, 2)) for _ in range(59)]
    judged = judge_points(HOURS, np.array([close, *others]), np.array([control] * 60), 0.0125,
                          **ASKED)  # fmt: skip
    one = judged.points[0]
    assert one.alone.verdict == "equivalent"
    assert max(abs(one.difference.lo), one.difference.hi) > 1.25  # type: ignore[type-var]
    assert one.verdict == "no clear change"


def test_ends_in_units_hold_the_doubt_about_the_control_and_per_cent_do_not() -> None:
    rng = np.random.default_rng(8)
    control = worlds(rng)
    one = judge_points(REACH, (control * 1.2 * np.exp(0.01 * rng.standard_normal(control.shape)))[
        None], control[None], 0.02, **ASKED).points[0]  # fmt: skip
    entry = _point(one)
    gap, spread, base = entry["difference"], entry["spread"], entry["against"]["mean"]
    assert gap["lo"] / base < gap["relative"]["lo"] < 0.2 < gap["relative"]["hi"] < gap["hi"] / base
    assert spread["lo"] / base < spread["relative_lo"] < spread["relative_hi"] < spread["hi"] / base
    assert gap["relative"]["hi"] - gap["relative"]["lo"] < 0.03
    assert (gap["hi"] - gap["lo"]) / base > 0.1


def test_what_pairing_won() -> None:
    rng = np.random.default_rng(6)
    shared, own = rng.standard_normal((2, 64, 2))
    control = 0.5 + 0.1 * shared
    ratio = variance_ratio(VOICE, control + 0.02 * own, control)
    assert ratio == pytest.approx((0.01 + 0.0104) / 0.0004, rel=0.4)
    assert variance_ratio(VOICE, control, control) is None


def test_too_few_draws_have_no_interval() -> None:
    control = np.full((3, 2), 0.5)
    rng = np.random.default_rng(7)
    found = judge_points(VOICE, (control + rng.uniform(0, 0.1, (3, 2)))[None], control[None], 0.02,
                         **ASKED)  # fmt: skip
    assert found.points[0].difference.lo is None and found.points[0].verdict is None
