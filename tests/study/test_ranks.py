"""Leagues: ranks and their correlations against numbers worked by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.study.ranks import (
    HEADER,
    agreement,
    league_of,
    movers,
    rank_rows,
    ranked,
    spearman,
    summarise_ranks,
)
from sim.study.tables import COLUMNS

NAN = math.nan


def table(*rows: tuple[int, str, int, int, int, int]) -> dict[str, np.ndarray]:
    """(world, name, followers, posts, target reach, shares) of missions of one arm."""
    lines: list[dict[str, Any]] = [
        {"scenario": "a", "world": world, "level": "account", "name": name, "kind": "mission",
         "owner": "The ministry", "side": "ours", "label": "inferred", "followers": followers,
         "posts": posts, "reach": reach, "target_reach": reach, "shares": shares,
         "false_followers": 0, "false_shares": 9, "false_likes": 0}
        for world, name, followers, posts, reach, shares in rows
    ]  # fmt: skip
    return {name: np.array([line[name] for line in lines]) for name in COLUMNS["ranks"]}


THREE = table(
    (0, "big", 900, 10, 500, 10), (0, "mid", 300, 10, 400, 20), (0, "low", 100, 10, 60, 30),
    (1, "big", 900, 10, 500, 30), (1, "mid", 300, 10, 400, 20), (1, "low", 100, 0, 60, 0),
)  # fmt: skip


def test_ranks_start_with_the_largest_and_ties_share() -> None:
    assert ranked(np.array([5.0, 9.0, 5.0, NAN, 1.0])).tolist()[:3] == [2.5, 1.0, 2.5]
    assert math.isnan(ranked(np.array([NAN, 1.0]))[0])


def test_spearman_by_hand() -> None:
    # 1 - 6 sum d^2 / (n (n^2 - 1)), d = (1, 1, 0, 0): 1 - 12 / 60 = .8
    assert spearman(np.array([1.0, 2, 3, 4]), np.array([2.0, 1, 3, 4])) == pytest.approx(0.8)
    assert spearman(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == pytest.approx(-1.0)
    assert math.isnan(spearman(np.array([1.0, 2]), np.array([1.0, 2])))
    assert math.isnan(spearman(np.array([2.0, 2, 2]), np.array([1.0, 2, 3])))


def test_a_league_leaves_out_who_published_nothing() -> None:
    league = league_of(THREE, "a", "account")
    assert league.ranks["impact"][0].tolist() == [3.0, 2.0, 1.0]
    assert league.ranks["impact"][1].tolist()[:2] == [1.0, 2.0]
    assert math.isnan(league.ranks["followers"][1][2])
    assert league.mean_ranks("impact").tolist() == [2.0, 2.0, 1.0]
    # by followers 1, 2, 3: the smallest climbs two places, the largest loses one
    assert league.climbs().tolist() == [-1.0, 0.0, 2.0]
    up, down = movers(league)
    assert [league.names[row] for row in up] == ["low"]
    assert [league.names[row] for row in down] == ["big"]


def test_agreement_is_that_of_the_worlds_that_have_one() -> None:
    found = agreement(league_of(THREE, "a", "account"), "followers", "impact")
    assert found == {"mean": pytest.approx(-1.0), "low": None, "high": None, "worlds": 1}


def test_false_shares_are_in_no_rank() -> None:
    league = league_of(THREE, "a", "account")
    assert league.values["impact"][0].tolist() == [1.0, 2.0, 3.0]
    assert league.false_shares.tolist() == [[9.0] * 3] * 2


def test_an_empty_league_is_no_error() -> None:
    block = summarise_ranks(THREE, "a")
    assert block["ministry"]["n"] == 0 and block["account"]["n"] == 3
    assert block["ministry"]["rank_correlations"]["followers / impact"]["mean"] is None


def test_lines_stand_by_impact_and_each_arm_once() -> None:
    lines = rank_rows(THREE, ("a", "a"))
    assert [line[HEADER.index("name")] for line in lines] == ["low", "big", "mid"]
    assert all(len(line) == len(HEADER) for line in lines)


def test_rows_that_stand_twice_count_once() -> None:
    twice = {name: np.concatenate([column, column]) for name, column in THREE.items()}
    one, other = (league_of(rows, "a", "account") for rows in (THREE, twice))
    assert one.names == other.names
    assert np.array_equal(one.ranks["impact"], other.ranks["impact"], equal_nan=True)
