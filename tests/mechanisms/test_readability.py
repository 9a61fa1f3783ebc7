"""Who takes a text in, against numbers worked by hand."""

from __future__ import annotations

import pytest

from sim.loading.manner import styles
from sim.mechanisms import readability as laws
from sim.mechanisms.readability import Reading, p_takes_in, style_factor
from tests.mechanisms.properties import Two, below, holds, number, rising, same

READING = Reading(
    ease=1.0, shift_under_25=-0.2, shift_60_and_over=-0.3, shift_second_language=-0.8,
    step_plain=0.5, step_elaborate=0.5,
)  # fmt: skip


def test_shares_by_hand() -> None:
    assert p_takes_in(0.0) == 0.5
    assert p_takes_in(1.0) == pytest.approx(0.731059)  # 1 / (1 + e^-1)
    assert style_factor(1.0, 0.5) == pytest.approx(0.817574 / 0.731059, rel=1e-5)
    assert style_factor(0.37, 0.0) == 1.0


def test_plain_words_help_most_where_reading_is_hard() -> None:
    table = styles(READING).reshape(3, 4, 2)  # style, age band, second or first language
    assert (table[0] == 1.0).all()
    assert (table[1] > 1.0).all() and (table[2] < 1.0).all()
    assert (table[1, :, 0] > table[1, :, 1]).all()
    assert table[1, 0, 1] > table[1, 1, 1] == table[1, 2, 1] < table[1, 3, 1]
    assert table[1, 3, 0] == pytest.approx(p_takes_in(0.4) / p_takes_in(-0.1))


@holds(ease=rising(number(-20.0, 20.0)))
def test_an_easier_text_is_taken_in_by_more(ease: Two) -> None:
    hard, easy = (laws.p_takes_in(one) for one in ease)
    assert 0.0 < hard <= easy <= 1.0
    assert same(hard + laws.p_takes_in(-ease[0]), 1.0)


@holds(ease=number(-10.0, 10.0), steps=rising(number(-5.0, 5.0)))
def test_a_style_is_a_factor_that_can_be_undone(ease: float, steps: Two) -> None:
    less, more = (laws.style_factor(ease, step) for step in steps)
    assert less > 0.0 and below(less, more)
    assert laws.style_factor(ease, 0.0) == 1.0
    assert same(less * laws.style_factor(ease + steps[0], -steps[0]), 1.0, rel=1e-6)
