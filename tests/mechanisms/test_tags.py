"""The laws of tags, against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from sim.loading.tags import division
from sim.mechanisms import tags
from sim.mechanisms import tags as laws
from sim.state import PERSON
from tests.mechanisms.properties import (
    HOURS,
    POSITIVE,
    RANK,
    SHARE,
    SIZE,
    WHOLE,
    Two,
    holds,
    number,
    rising,
    same,
)


def test_use_halves_in_its_half_life() -> None:
    assert tags.use_after(40.0, 12.0, 12.0) == pytest.approx(20.0, rel=1e-12)
    assert tags.use_after(40.0, 36.0, 12.0) == pytest.approx(5.0, rel=1e-12)
    assert tags.use_after(40.0, 0.0, 12.0) == 40.0
    assert tags.use_after(0.0, 500.0, 12.0) == 0.0


def test_the_public_writes_only_about_what_draws_attention() -> None:
    assert tags.used_by_public(1.0, 100.0) == 0.0
    assert tags.used_by_public(0.5, 100.0) == 0.0
    assert tags.used_by_public(3.5, 100.0) == 250.0


def test_lookers_grow_with_use_towards_their_share() -> None:
    """1 % of 20,000 people are 200: none without use, half at half_use, all at last."""
    found = [tags.n_lookers(0.01, 20_000.0, use, 50.0, 0.0) for use in (0.0, 50.0, 150.0, 1e12)]
    assert found == [0, 100, 150, 199]  # the last one is a fraction short of 200
    assert tags.n_lookers(0.01, 20_000.0, 0.0, 50.0, 0.999) == 0  # and no die makes one of nobody
    assert tags.n_lookers(0.01, 150.0, 50.0, 50.0, 0.2) == 0  # .75 people
    assert tags.n_lookers(0.01, 150.0, 50.0, 50.0, 0.3) == 1


def test_a_crowd_hides_a_post() -> None:
    assert tags.p_shown(0.0, 100.0) == 1.0
    assert tags.p_shown(100.0, 100.0) == 0.5
    assert tags.p_shown(300.0, 100.0) == 0.25


def test_a_small_tag_and_a_flooded_one_show_a_post_to_fewer_than_one_between() -> None:
    """With L T/(T + h) / (1 + T/r) the best use is sqrt(h r): 60 for h = 40, r = 90."""
    seen = [tags.grown(use, 40.0) * tags.p_shown(use, 90.0) for use in (6.0, 60.0, 600.0)]
    assert seen[1] == pytest.approx(0.36) and seen[0] < 0.2 and seen[2] < 0.2


def test_prominent_tags_in_divided_publics_are_taken_up() -> None:
    assert tags.p_hijack(0.8, 30.0, 30.0, 0.35) == pytest.approx(0.14)
    assert tags.p_hijack(0.8, 0.0, 30.0, 0.35) == 0.0
    assert tags.p_hijack(0.8, 30.0, 30.0, 0.0) == 0.0
    assert tags.p_hijack(1.0, 1e15, 30.0, 1.0) == pytest.approx(1.0)


def test_division_is_the_spread_of_favourability_in_a_market() -> None:
    people = np.zeros(7, PERSON)
    people["market"] = [0, 0, 0, 0, 2, 2, 2]
    people["favourability"] = [-1, 1, -1, 1, 0.5, 0.5, 0.5]
    assert division(people, 4) == pytest.approx([1.0, 0.0, 0.0, 0.0])


@holds(use=SIZE, hours=st.tuples(HOURS, HOURS), half=POSITIVE)
def test_a_tag_is_forgotten_alike_however_often_looked_at(use: float, hours: Two,
                                                          half: float) -> None:
    twice = laws.use_after(laws.use_after(use, hours[0], half), hours[1], half)
    assert 0.0 <= twice <= use and laws.use_after(use, 0.0, half) == use
    assert same(twice, laws.use_after(use, sum(hours), half), rel=1e-6)
    assert same(laws.use_after(use, half, half), use / 2.0)


@holds(attention=rising(number(0.1, 100.0)), public=SIZE)
def test_the_public_uses_it_when_everybody_talks(attention: Two, public: float) -> None:
    quiet, loud = (laws.used_by_public(one, public) for one in attention)
    assert 0.0 <= quiet <= loud
    assert laws.used_by_public(1.0, public) == 0.0


@holds(use=rising(SIZE), half=POSITIVE, p=SHARE, polarisation=SHARE)
def test_a_tag_in_use_is_grown_and_worth_taking(use: Two, half: float, p: float,
                                                polarisation: float) -> None:
    small, large = (laws.grown(one, half) for one in use)
    assert 0.0 <= small <= large <= 1.0
    assert laws.grown(0.0, half) == 0.0 and laws.grown(half, half) == 0.5
    less, more = (laws.p_hijack(p, one, half, polarisation) for one in use)
    assert 0.0 <= less <= more <= p
    assert laws.p_hijack(p, use[0], half, 0.0) == 0.0


@holds(share=SHARE, people=WHOLE, use=rising(SIZE), half=POSITIVE, die=RANK)
def test_lookers_are_whole_people_of_the_market(share: float, people: int, use: Two, half: float,
                                                die: float) -> None:
    few, many = (laws.n_lookers(share, people, one, half, die) for one in use)
    assert 0 <= few <= many <= people and many == int(many)
    assert laws.n_lookers(share, people, 0.0, half, die) == 0


@holds(use=rising(SIZE), room=POSITIVE)
def test_a_post_is_lost_among_many(use: Two, room: float) -> None:
    assert 1.0 >= laws.p_shown(use[0], room) >= laws.p_shown(use[1], room) >= 0.0
    assert laws.p_shown(0.0, room) == 1.0 and laws.p_shown(room, room) == 0.5
