"""Who takes a text in, against numbers worked by hand."""

from __future__ import annotations

import pytest

from sim.loading.manner import styles
from sim.mechanisms.readability import Reading, p_takes_in, style_factor

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
