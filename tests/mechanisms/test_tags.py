"""The laws of tags, against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.loading.tags import division
from sim.mechanisms import tags
from sim.state import PERSON


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
