"""Contaminated worlds: counts rise, and people are touched through ranking and pick-up only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures import BY_NAME, WITH_INAUTHENTIC
from sim.model import DiplomacyModel
from sim.run import Run
from sim.simulate import simulate_world
from sim.state import COUNTER
from tests.engine.agreement import differences
from tests.scenarios import scenario

INFLATED: dict[str, Any] = {
    "contamination.share_served": 1.0, "contamination.p_boosted": 1.0,
    "contamination.shares_per_boost": 200.0, "contamination.arrival_hours": 0.2,
}  # fmt: skip
BLIND = {"platform": "twitter_chronological"}  # feeds in which no counter is read


def run(changes: dict[str, Any], contamination: str, **groups: str) -> Run:
    base = scenario(changes, contamination=contamination, **groups)
    return simulate_world([base], base, 0, 0)[0]


def finished(changes: dict[str, Any], contamination: str, **groups: str) -> DiplomacyModel:
    model = DiplomacyModel(scenario(changes, contamination=contamination, **groups))
    model.run_for(11)
    return model


def rows(one: Run, *kinds: str) -> np.ndarray:
    return np.isin(one.accounts["kind"], kinds)


def test_where_nobody_reads_counters_no_person_notices() -> None:
    """Newest first and no pick-ups: all but the false counts is the same to the last byte."""
    clean = finished({"pickup.p": 0.0}, "none", **BLIND)
    foul = finished({**INFLATED, "pickup.p": 0.0}, "heavy", **BLIND)
    assert foul.engine.state.false["shares"].sum() > 0
    told = differences(clean.engine, foul.engine)
    # posts differ in the standing that ranked feeds would read and in being noticed, else nowhere
    assert set(told) <= {"false", "posts"}
    for name in clean.engine.posts.dtype.names or ():
        if name not in ("standing", "picked_up"):
            assert np.array_equal(clean.engine.posts[name], foul.engine.posts[name]), name


def test_a_contaminated_rival_rises_in_its_counters_alone() -> None:
    clean = run({"pickup.p": 0.0}, "none", **BLIND)
    foul = run({**INFLATED, "pickup.p": 0.0}, "heavy", **BLIND)
    assert {key: foul.values[key] for key in clean.values} == clean.values
    for column in ("impressions", "unique_reach", "shares", "likes", "followers_end"):
        assert np.array_equal(clean.accounts[column], foul.accounts[column]), column
    rival = foul.ranks["side"] == "rival"
    assert rival.any() and (foul.ranks["false_shares"] > foul.ranks["shares"])[rival].all()
    assert (foul.ranks["false_followers"][rival] > 0).all()
    assert not foul.ranks["false_shares"][~rival].any()
    assert not clean.ranks["false_shares"].any()
    for column in ("followers", "reach", "target_reach", "shares"):
        assert np.array_equal(clean.ranks[column], foul.ranks[column]), column


def test_ranked_feeds_show_inflated_posts_to_more_people() -> None:
    ranked = {"pickup.p": 0.0, "platform.feed.share_ranked": 1.0, "platform.feed.gamma": 0.6}
    clean, foul = run(ranked, "none"), run({**ranked, **INFLATED}, "heavy")
    rival = rows(clean, "rival")
    before, after = (one.accounts["impressions"][rival].sum() for one in (clean, foul))
    assert after > 1.05 * before


def test_false_shares_alone_can_have_a_post_picked_up() -> None:
    noticed = {"pickup.p": 1.0, "pickup.threshold": 60.0}
    clean, foul = (
        finished({**noticed, **changes}, name, **BLIND)
        for changes, name in (({}, "none"), (INFLATED, "heavy"))
    )
    few = foul.engine.posts["n_shares"] < 60
    assert ((foul.engine.posts["picked_up"] == 2) & few).any()
    assert not (clean.engine.posts["picked_up"] > 0).any()
    routes = [model.engine.state.accounts["n_impressions"].sum() for model in (clean, foul)]
    assert routes[1] > routes[0]


def test_every_measure_is_told_with_and_without() -> None:
    foul = run({**INFLATED, "contamination.beneficiary": "any"}, "heavy")
    known = {name for name, group in foul.values if group == "all" and name in BY_NAME}
    assert known == {name for name, group in foul.values if group == WITH_INAUTHENTIC
                     and name in BY_NAME}  # fmt: skip
    for name in ("shares", "likes", "shares_per_post"):
        assert foul.values[name, WITH_INAUTHENTIC] > foul.values[name, "all"]
    for name in ("impressions", "unique_reach", "target_reach", "backlash", "first_frame_share"):
        assert foul.values[name, WITH_INAUTHENTIC] == foul.values[name, "all"]
    assert 0.5 < foul.values["inauthentic_share", "side:ours"] < 1.0


def test_removal_takes_false_counts_and_leaves_authentic_ones() -> None:
    """A sharper detector: fewer false counts, the same people, since nobody reads counters here."""
    slow, fast = (
        run({**INFLATED, "pickup.p": 0.0, "contamination.recall": 1.0,
             "contamination.removal_days": days}, "heavy", **BLIND)
        for days in (100.0, 0.5)
    )  # fmt: skip
    assert fast.ranks["false_shares"].sum() < 0.7 * slow.ranks["false_shares"].sum()
    removed = ("inauthentic_removed", "side:rival")
    assert fast.values[removed] > slow.values[removed] > 0.0
    for column in ("shares", "likes", "impressions", "followers_end"):
        assert np.array_equal(fast.accounts[column], slow.accounts[column])


def test_false_accounts_are_no_people() -> None:
    """They add no view, no frame and no opinion: impressions equal those of the routes."""
    model = finished({**INFLATED, "contamination.beneficiary": "any"}, "heavy")
    counters = model.engine.state.counters
    routes = sum(int(counters[COUNTER.follower_impressions + k]) for k in range(4))
    assert routes == int(counters[COUNTER.ours_impressions])


@pytest.mark.parametrize("preset", ["light", "heavy"])
def test_the_presets_are_possible_worlds(preset: str) -> None:
    one = run({}, preset)
    shares = [one.values["inauthentic_share", f"side:{side}"] for side in ("ours", "neutral")]
    assert shares == [0.0, 0.0]
    assert 0.0 <= one.values["inauthentic_share", "side:rival"] < 1.0
