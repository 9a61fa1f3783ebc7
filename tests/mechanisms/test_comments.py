"""Comments wait for one who answers, in their turn: against a queue worked by hand."""

from __future__ import annotations

import pytest

from sim.mechanisms import comments as laws
from sim.mechanisms.comments import answer_hour, answers_per_hour, next_free
from tests.mechanisms.properties import FACTOR, HOURS, POSITIVE, holds, number, same


def test_hours_buy_answers() -> None:
    assert answers_per_hour(1.68, 0.1) == pytest.approx(0.1)  # 16.8 answers a week
    assert answers_per_hour(0.0, 0.1) == 0.0


def test_a_queue_by_hand() -> None:
    free, found = 0.0, []
    for hour, notice in ((10.0, 1.0), (10.5, 0.5), (40.0, 2.0)):
        when = answer_hour(hour, notice, free)
        free = next_free(hour, free, 0.1)
        found.append(when)
    assert found == [11.0, 20.5, 42.0]  # the second waits for the first, the third for nobody


@holds(hours=POSITIVE, each=number(0.01, 10.0))
def test_answers_of_a_week_cost_its_hours(hours: float, each: float) -> None:
    assert same(laws.answers_per_hour(hours, each) * 168.0 * each, hours)


@holds(hour=HOURS, notice=HOURS, free=HOURS, rate=FACTOR)
def test_nobody_answers_before_the_comment_or_out_of_turn(hour: float, notice: float, free: float,
                                                          rate: float) -> None:
    assert laws.answer_hour(hour, notice, free) >= max(hour, free)
    assert laws.answer_hour(hour, 0.0, free) == max(hour, free)
    turn = laws.next_free(hour, free, rate)
    assert turn >= max(hour, free)
    assert same(turn - max(hour, free), 1.0 / rate, rel=1e-6)
