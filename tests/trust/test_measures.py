"""What each experiment reads off a run, by hand; and that every number has its criterion."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytest import approx

from sim.evidence import load_targets, parts_of
from sim.held_out import load_held_out
from sim.mechanisms.circumstance import StarPost
from sim.state import LIVE
from sim.trust import allies, frames, giant, star, switch, tones
from sim.trust.experiments import BY_NAME, EXPERIMENTS, YEAR
from sim.trust.naive import naive_forecasts


def run(followers: Any, posts: list[dict[str, Any]], names: tuple[str, ...] = ("a", "b", "c"),
        **model: Any) -> Any:  # fmt: skip
    """A followed arm of three missions."""
    rows = np.zeros(len(posts), LIVE)
    for row, one in zip(rows, posts, strict=True):
        for name, value in one.items():
            row[name] = value
    return SimpleNamespace(
        followers=np.array(followers), posts=rows, start=48, names=list(names),
        is_mission=np.ones(3, bool), model=SimpleNamespace(**model),
        day_of=lambda post: int((post["hour"] - 48) // 24),
    )  # fmt: skip


STOCK = [[200_000, 1_000, 50], [200_000, 2_000, 50]]
POSTS = [
    {"account": 0, "hour": 48.0, "n_shares": 40}, {"account": 0, "hour": 49.0, "n_shares": 10},
    {"account": 1, "hour": 73.0, "n_shares": 500}, {"account": 2, "hour": 50.0, "n_shares": 45},
]  # fmt: skip


def test_the_giant_and_the_best_account() -> None:
    found = giant.impact(run(STOCK, POSTS), 1.0).values
    assert found[giant.OVER_FOLLOWERS].value == approx(40 / 200_000)
    # the post re-shared most, over its account's followers on that day; not 45 of 50
    assert found[giant.OVER_GIANT].value == approx((500 / 2_000) / (40 / 200_000))
    scaled = giant.impact(run(STOCK, POSTS), 0.1).values
    assert scaled[giant.OVER_GIANT].value == found[giant.OVER_GIANT].value


def test_what_cannot_be_said_of_a_giant_has_its_reason() -> None:
    small = giant.impact(run([[900, 100, 5]] * 2, POSTS), 1.0).values
    assert all(one.value is None and "100,000" in one.why for one in small.values())
    silent = giant.impact(run(STOCK, POSTS[2:]), 1.0).values
    assert silent[giant.OVER_FOLLOWERS].why == "the giant posted nothing"
    alone = giant.impact(run(STOCK, POSTS[:2]), 1.0).values
    assert alone[giant.OVER_FOLLOWERS].value and alone[giant.OVER_GIANT].value is None


def test_growth_after_a_star(monkeypatch: pytest.MonkeyPatch) -> None:
    post = StarPost(kind="star_post", from_day=1, account="b", hour=14.0, quality=30.0,
                    media="image", tone="witty")  # fmt: skip
    monkeypatch.setattr(star, "star_account", lambda name, accounts: "abc".index(name))
    one = run(
        [[10, 90, 10], [10, 100, 10], [10, 180, 10]],
        [{"account": 1, "hour": 86.0, "quality": 30.0, "n_shares": 77},
         {"account": 1, "hour": 86.0, "quality": 1.0, "n_shares": 99}],
        world=SimpleNamespace(accounts=None),
    )  # fmt: skip
    found = star.growth(one, SimpleNamespace(circumstance=post))  # type: ignore[arg-type]
    assert found.values[star.KEY].value == approx(1.8)  # from the day of the post, not the start
    assert found.details["re-shares of the star"] == 77


def test_growth_over_a_year_is_that_of_the_embassy_or_the_median() -> None:
    stock = [[100, 100, 100], [400, 150, 90]]
    value, before = switch.growth(run(stock, [], names=("a", "b", switch.EMBASSY)))
    assert value.value == approx(0.9) and before == 100 and value.note == ""
    value, _ = switch.growth(run(stock, []))
    assert value.value == approx(1.5) and "median" in value.note
    assert switch.growth(run([[0, 0, 0]] * 2, []))[0].value is None


def test_the_support_ratio() -> None:
    found = allies.ratio({"of_allies": 30.0, "by_allies": 10.0}, True)
    assert found.values[allies.KEY].value == 3.0
    assert allies.ratio({"of_allies": 5.0, "by_allies": 0.0}, True).values[allies.KEY].value == 5.0
    assert allies.ratio({"of_allies": 0.0, "by_allies": 0.0}, False).values[allies.KEY].why


def test_engagement_is_compared_post_by_post() -> None:
    posts = [{"account": 0, "key": 1, "n_shares": 1, "n_hostile": 1, "n_likes": 1},
             {"account": 1, "key": 2, "n_likes": 0}]  # fmt: skip
    assert tones.engaged(run(STOCK, posts)) == {1: approx(np.log(4.0)), 2: 0.0}
    assert tones.engagement({1: 3.0, 2: 1.0, 9: 9.0}, {1: 1.0, 2: 1.0}).value == approx(1.0)
    assert tones.engagement({1: 3.0}, {2: 1.0}).value is None


def minds(moved: float, one: float, other: float, n: int = 30) -> Any:
    """People who all moved alike and met two frames at these hours."""
    return SimpleNamespace(
        moved=np.full(n, moved), met=[np.full(n, one), np.full(n, other)],
        both=lambda together: np.full(n, one == other if together else True),
    )  # fmt: skip


def test_frames_by_hand() -> None:
    arms = {"pro": minds(0.04, 1, 9), "con": minds(-0.02, 1, 9), "at once": minds(0.006, 5, 5),
            "con last": minds(-0.01, 5, 99), "pro last": minds(0.03, 5, 99)}  # fmt: skip
    found = frames.effects(arms, sd=0.5).values
    assert found[frames.SIMULTANEOUS].value == approx(0.006 / 0.03)
    assert found[frames.SEPARATED].value == approx((0.01 + 0.03) / 2 / 0.5)
    still = {name: minds(0.0, 5, 5) for name in arms}
    assert frames.effects(still, sd=0.5).values[frames.SIMULTANEOUS].value is None
    assert frames.effects(still, sd=0.5).values[frames.SEPARATED].value == 0.0
    few = {name: minds(0.1, 5, 5, n=3) for name in arms}
    assert all(one.value is None for one in frames.effects(few, sd=0.5).values.values())


def test_every_criterion_has_an_experiment_and_every_number_a_naive_forecast() -> None:
    keys = [key for one in EXPERIMENTS for key in one.keys]
    criteria = {f"{code}.{one.name}" for code, fact in load_held_out().items()
                for one in fact.criteria}  # fmt: skip
    beside = set(keys) - criteria
    assert criteria <= set(keys) and len(keys) == len(set(keys))
    assert {key.rpartition(".")[0] for key in beside} == {"D4.growth"} and len(beside) == 2
    assert set(naive_forecasts(load_targets())) == set(keys)


def test_the_naive_forecasts_are_that_nothing_changes() -> None:
    naive = naive_forecasts(load_targets())
    low, high = parts_of(load_targets())["C4.mean"].range
    assert low is not None and high is not None
    assert naive[giant.OVER_FOLLOWERS] == approx((low + high) / 2 / 700)
    assert naive[star.KEY] == naive[giant.OVER_GIANT] == 1.0 and naive[tones.SHARP] == 0.0
    holds = {f"{code}.{one.name}": one.holds(naive[f"{code}.{one.name}"])
             for code, fact in load_held_out().items() for one in fact.criteria}  # fmt: skip
    assert {key for key, held in holds.items() if held} == {tones.SHARP, frames.SIMULTANEOUS}


def test_horizons() -> None:
    year, brief = BY_NAME["year"], BY_NAME["frames"]
    assert (year.lasts(YEAR), year.lasts(28), year.lasts(1)) == (YEAR, 28, 9)
    assert brief.lasts(YEAR) == brief.lasts(9) == frames.DAYS
    assert BY_NAME["star"].lasts(YEAR) == 7 + 60
