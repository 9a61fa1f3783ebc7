"""Misses and losses by hand; what cannot be known is never in range."""

from __future__ import annotations

import math

import pytest
from pytest import approx

from sim.evidence import load_targets, parts_of
from sim.study.scoring import half_in_range, interval, loss_of, miss_of, scored
from sim.study.validate import miss_of as pattern_miss


def test_misses_by_hand() -> None:
    assert miss_of(4.0, 3.0, 6.0, True) == miss_of(3.0, 3.0, 6.0, True) == 0.0
    assert miss_of(1.5, 3.0, 6.0, True) == approx(-math.log(2.0))
    assert miss_of(12.0, 3.0, 6.0, True) == approx(math.log(2.0))
    assert miss_of(0.0, 3.0, None, True) == approx(math.log(1e-6))  # no logarithm: far below
    assert miss_of(0.5, -0.25, 0.25, False) == approx(0.25)
    assert miss_of(-0.5, -0.25, None, False) == approx(-0.25)
    assert miss_of(9.0, -0.25, None, False) == 0.0


def test_patterns_miss_by_standard_deviations_beyond_an_end() -> None:
    zero = parts_of(load_targets())["C3"]  # .33 to .58: sd .0625
    assert pattern_miss(zero, 0.58) == pattern_miss(zero, 0.4) == 0.0
    assert pattern_miss(zero, 0.58 + 0.125) == approx(2.0)
    assert pattern_miss(zero, 0.33 - 0.0625) == approx(-1.0)


def test_losses_count_outside_first_and_are_bounded() -> None:
    assert loss_of(True, 0.0) == 0.0
    assert loss_of(False, 0.0) == 1.0  # on a strict end: outside all the same
    assert loss_of(False, -1.0) == 1.5 < loss_of(False, 100.0) < 2.0


def test_a_row_over_draws() -> None:
    def above(value: float) -> bool:
        return value > 0

    row = scored([1.0, -1.0, None, 3.0], above, lambda x: miss_of(x, 0.0, None, False))
    assert (row["value"], row["n_known"], row["n_in_range"]) == (1.0, 3, 2)
    assert row["share_in_range"] == 0.5 and half_in_range(row)
    assert row["loss"] == approx((0.0 + 1.5 + 0.0 + 2.0) / 4)  # the unknown one loses all
    assert row["interval"] == approx([-0.8, 2.8])
    unknown = scored([None, None], above, abs)
    assert unknown["value"] is unknown["loss"] is unknown["in_range"] is None
    assert not half_in_range(unknown)
    assert interval([1.0]) is None


@pytest.mark.parametrize("share", [0.0, 0.49])
def test_less_than_half_is_not_half(share: float) -> None:
    assert not half_in_range({"share_in_range": share})
