"""Tuning: what is tried, what is chosen, and that luck alone is not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures import BY_NAME
from sim.study.tuning import Lever, choose, scored, trials_of

BOX = (Lever(key="a.b", low=0.0, high=2.0), Lever(key="a.c", low=5.0, high=6.0))


def test_trials_begin_as_usual_and_fill_the_box() -> None:
    trials = trials_of(BOX, 9)
    assert len(trials) == 9 and trials[0] == {} and trials == trials_of(BOX, 9)
    assert trials[1] == {"a.b": 1.0, "a.c": pytest.approx(5.333)}  # 1/2 and 1/3
    values = np.array([[one["a.b"] / 2, one["a.c"] - 5] for one in trials[1:]])
    assert ((values > 0) & (values < 1)).all()
    for column in values.T:  # every third of every side is tried
        assert set(np.floor(3 * column)) == {0, 1, 2}


def test_without_levers_nothing_is_tried() -> None:
    assert trials_of((), 9) == ({},)
    only = choose(({},), np.array([[3.0, 4.0]]))
    assert only.setting == {} and only.gain == 0.0


def test_the_best_is_chosen_if_it_is_clearly_better() -> None:
    trials = trials_of(BOX[:1], 3)
    clear = choose(trials, np.array([[1.0, 5.0, 3.0], [1.2, 5.3, 3.1], [1.1, 5.1, 3.0]]))
    assert clear.setting == trials[1] and clear.gain == pytest.approx(0.2)
    assert clear.error == pytest.approx(0.1 / np.sqrt(3))
    assert clear.scores == pytest.approx((3.0, 3.2, 3.0667), abs=1e-4)


def test_a_gain_that_may_be_luck_changes_nothing() -> None:
    trials = trials_of(BOX[:1], 2)
    lucky = choose(trials, np.array([[1.0, 5.0, 3.0], [4.0, 4.0, 2.0]]))
    assert lucky.setting == {} and lucky.gain == 0.0
    tie = choose(trials, np.ones((2, 3)))
    assert tie.setting == {}
    assert choose(trials, np.array([[1.0], [2.0]])).setting == {}  # one world tells nothing


def test_scores_are_those_of_the_comparison() -> None:
    reach = BY_NAME["target_reach"]
    assert scored(reach, np.array([0.0, np.e - 1.0])) == pytest.approx([0.0, 1.0])
    lower = next(one for one in BY_NAME.values() if one.better == "lower" and not one.heavy_tailed)
    assert scored(lower, np.array([2.0])) == pytest.approx([-2.0])
