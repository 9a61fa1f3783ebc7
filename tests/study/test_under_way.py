"""How much of a world is done: told day by day to whoever listens, and no matter of the world."""

from __future__ import annotations

import pytest

from sim.simulate import days_of, simulate_world
from sim.trust.follow import followed
from sim.under_way import _Work, day_is_over, days_in_all, told_to
from tests.scenarios import scenario


def test_whoever_listens_is_told_the_part_that_is_done() -> None:
    parts: list[float] = []
    with told_to(parts.append), days_in_all(4):
        for _ in range(4):
            day_is_over()
    assert parts == [0.25, 0.5, 0.75, 1.0]


def test_more_days_than_announced_are_not_more_than_the_whole() -> None:
    parts: list[float] = []
    with told_to(parts.append), days_in_all(2):
        for _ in range(3):
            day_is_over()
    assert parts == [0.5, 1.0, 1.0]


def test_days_that_nobody_announced_or_hears_of_are_not_counted() -> None:
    parts: list[float] = []
    with days_in_all(4):
        day_is_over()
        assert _Work.days_over == 0, "nobody listens"
        with told_to(parts.append):
            day_is_over()
        day_is_over()
    with told_to(parts.append):
        day_is_over()
    day_is_over()
    assert parts == [0.25] and _Work.days_over == 1


def test_an_error_leaves_neither_listener_nor_days() -> None:
    before = _Work.listener
    with pytest.raises(ZeroDivisionError), told_to(print), days_in_all(3):
        raise ZeroDivisionError
    assert _Work.listener is before and _Work.days_in_all == 0


def test_who_listened_before_listens_again() -> None:
    outer: list[float] = []
    inner: list[float] = []
    with told_to(outer.append), days_in_all(2):
        with told_to(inner.append):
            day_is_over()
        day_is_over()
    assert (outer, inner) == ([1.0], [0.5])


def test_a_world_tells_its_loading_and_each_of_its_days() -> None:
    base = scenario({"days": 3, "warmup_days": 7})
    parts: list[float] = []
    with told_to(parts.append):
        heard = simulate_world([base, base], base, 0, 0)
    n_days = days_of([base, base], base)
    assert n_days == 14 and parts == [day / n_days for day in range(1, n_days + 1)]
    assert [one.values for one in heard] == [
        one.values for one in simulate_world([base, base], base, 0, 0)
    ]


def test_an_experiment_of_the_trust_card_tells_each_of_its_days() -> None:
    base = scenario({"days": 2, "warmup_days": 7})
    parts: list[float] = []
    with told_to(parts.append):
        assert [name for name, _ in followed({"one": base, "other": base}, base, 0, 0)] == [
            "one", "other"
        ]  # fmt: skip
    assert parts == [day / 12 for day in range(1, 13)]
