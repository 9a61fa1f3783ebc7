"""Circumstances in paired worlds: each touches what it is about, from its day on, and no more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.base import Engine
from sim.errors import UserError
from sim.model import DiplomacyModel
from sim.scenario import Scenario
from sim.simulate import entrants_of, simulate_world
from sim.state import COUNTER
from sim.strategy.wrappers import Muted
from sim.vocabulary import KINDS, MEDIA, OURS, TONES
from sim.world.leaders import events_of
from tests.engine.agreement import differences
from tests.scenarios import PROVOKED, scenario
from tests.worlds.test_paired import digest

CHANGES = {**PROVOKED, "days": 21, "sharing.p0": 0.01, "keep": "summary"}
BASE = scenario(CHANGES)
NAMED = ("rising_interest", "rival_surge", "late_loud_ally", "star_post", "leaders_news")
PLANNED = ("key", "hour", "stance", "quality", "account", "topic", "tone", "media")
FEW: dict[str, dict[str, Any]] = {
    "late_loud_ally": {"circumstance.n_accounts": 3},
    "leaders_news": {"circumstance.p": 0.2, "circumstance.from_day": 7},
    "rising_interest": {"circumstance.search_views": 0.01},
}


def under(name: str, **more: Any) -> Scenario:
    changes = {f"circumstance.{key}": value for key, value in more.items()}
    return scenario({**CHANGES, **FEW.get(name, {}), **changes}, circumstance=name)


def ended(one: Scenario, days: int = 28) -> DiplomacyModel:
    model = DiplomacyModel(one)
    model.run_for(days)
    return model


def posts(engine: Engine, since: int = 0) -> np.ndarray:
    return engine.posts[engine.posts["hour"] >= since]


@pytest.mark.parametrize("name", NAMED)
def test_before_its_day_nothing_is_different(name: str) -> None:
    """Warm-up and the week before it begins: the engines agree bit by bit, as far as both have
    accounts; the arms that follow differ."""
    usual, befallen = ended(BASE, 14), ended(under(name), 14)
    if name != "late_loud_ally":
        befallen.engine.parameters = usual.engine.parameters  # of what is still at rest
        assert differences(usual.engine, befallen.engine) == []
    assert usual.engine.posts.tobytes() == befallen.engine.posts.tobytes()
    assert usual.engine.state.people.tobytes() == befallen.engine.state.people.tobytes()
    for model in (usual, befallen):
        model.run_for(14)
    assert usual.engine.posts.tobytes() != befallen.engine.posts.tobytes()


@pytest.mark.parametrize("name", NAMED)
def test_an_arm_without_it_is_as_if_nobody_had_it(name: str) -> None:
    alone = simulate_world([BASE], BASE, 0, 0)[0]
    befallen, beside = simulate_world([under(name), BASE], BASE, 0, 0)
    assert beside.values == alone.values
    assert beside.daily["impressions"].tobytes() == alone.daily["impressions"].tobytes()
    n = len(alone.accounts["posts"])
    for column, values in alone.accounts.items():
        assert np.array_equal(beside.accounts[column][:n], values), column
    assert digest(befallen) != digest(beside)
    twice = simulate_world([BASE, under(name)], under(name), 0, 0)
    assert digest(twice[1]) == digest(befallen)


def test_interest_that_rises_by_nothing_changes_nothing() -> None:
    still = under("rising_interest", size=0.0, from_day=0, ramp_days=0.0)
    assert digest(simulate_world([still], BASE, 0, 0)[0]) == digest(
        simulate_world([BASE], BASE, 0, 0)[0]
    )


def test_rising_interest_is_about_the_ministry_alone() -> None:
    """Everybody's plans stay, other accounts' views and shares too, where minds do not move."""
    groups = {"opinion": "none", "platform": "twitter_chronological"}
    changes = {**CHANGES, "pickup.p": 0.0, "following.follows_per_share": 0.0}
    risen = {"circumstance.from_day": 0, "circumstance.ramp_days": 0.0, "circumstance.size": 4.0,
             "circumstance.search_views": 0.01}  # fmt: skip
    usual = ended(scenario(changes, **groups))
    more = ended(scenario({**changes, **risen}, circumstance="rising_interest", **groups))
    for name in PLANNED:
        assert np.array_equal(usual.engine.posts[name], more.engine.posts[name])
    others = usual.engine.posts["side"] != OURS
    assert usual.engine.posts[others].tobytes() == more.engine.posts[others].tobytes()
    one, two = usual.engine.state, more.engine.state
    assert np.array_equal(one.attention, two.attention)
    for name in ("late_impressions", "ours_shares", "ours_impressions"):
        place = getattr(COUNTER, name)
        assert two.counters[place] > 1.2 * one.counters[place], name


def test_joins_grow_with_interest_and_an_exponent_of_zero_stops_that() -> None:
    strong = {"from_day": 0, "ramp_days": 0.0, "size": 9.0, "search_views": 0.0}
    joined = [
        ended(under("rising_interest", **strong, join_elasticity=e)).engine.state.counters[
            COUNTER.ours_joined
        ] for e in (0.0, 1.0)
    ]  # fmt: skip
    assert joined[1] > 1.1 * joined[0]


def test_a_surge_multiplies_the_rivals_hours_for_its_weeks_and_leaves_our_plans() -> None:
    usual, surge = ended(BASE), ended(under("rival_surge", weeks=1, rel_hours=3.0))
    rivals = np.asarray(usual.world.accounts.kinds) == KINDS.index("rival")
    given = [model.strategy.ledger.given for model in (usual, surge)]
    factor = given[1][rivals, :4] / given[0][rivals, :4]  # weeks 0 (warm-up), 1, 2 (surge), 3
    assert np.allclose(factor, [1.0, 1.0, 3.0, 1.0])
    assert np.array_equal(given[0][~rivals], given[1][~rivals])
    ours = [posts(model.engine)[posts(model.engine)["side"] == OURS] for model in (usual, surge)]
    for name in PLANNED:
        assert np.array_equal(ours[0][name], ours[1][name]), name
    assert len(surge.engine.posts) > len(usual.engine.posts)
    surge.strategy.ledger.check()


def test_hours_of_a_surge_do_not_break_the_fairness_of_the_comparison() -> None:
    runs = simulate_world([under("rival_surge"), BASE], BASE, 0, 0)
    assert runs[0].values["hours", "all"] == runs[1].values["hours", "all"]
    assert runs[0].checks["hours spent = hours given"] < 1e-9


@pytest.mark.parametrize("role", ["ally", "rival"])
def test_entrants_are_silent_and_then_loud(role: str) -> None:
    model = ended(under("late_loud_ally", role=role, from_day=8))
    n = len(BASE_ACCOUNTS)
    assert len(model.world.accounts) == n + 3
    said = model.engine.posts[model.engine.posts["account"] >= n]
    assert said["hour"].min() >= 24 * 21  # day 8 is a Tuesday: with the next week
    assert 3 * 6 * 7 * 0.7 < len(said) < 3 * 6 * 7 * 1.3
    assert (said["side"] == model.world.accounts.sides[-1]).all()
    assert 0.3 < (said["tone"] == TONES.index("sharp")).mean() < 0.7
    assert said["n_impressions"].sum() > 0
    model.strategy.ledger.check()


def test_two_arms_with_different_entrants_are_refused() -> None:
    arms = [under("late_loud_ally", n_accounts=n) for n in (3, 4)]
    with pytest.raises(UserError, match="not the same ones"):
        entrants_of(arms)
    assert entrants_of([BASE]) is None


def test_a_star_is_one_post_more_of_the_account_named() -> None:
    name = BASE_ACCOUNTS.names[0]
    usual = ended(BASE)
    star = ended(under("star_post", account=name, quality=40.0, media="video", tone="sharp"))
    more = star.engine.posts[~np.isin(star.engine.posts["key"], usual.engine.posts["key"])]
    assert len(more) == 1 and len(star.engine.posts) == len(usual.engine.posts) + 1
    assert (more["account"][0], more["hour"][0], more["quality"][0]) == (0, 24 * 14 + 14, 40)
    assert more["media"][0] == MEDIA.index("video") and more["tone"][0] == TONES.index("sharp")
    gained = [m.engine.state.counters[COUNTER.ours_shares] for m in (usual, star)]
    assert gained[1] > gained[0]
    assert np.array_equal(usual.strategy.ledger.given, star.strategy.ledger.given)


def test_the_news_that_posts_make_is_in_no_list_before() -> None:
    model = DiplomacyModel(under("leaders_news", from_day=7, leaders="both"))
    listed = len(model.world.events)
    model.run_for(14)
    assert len(model.world.events) == listed
    model.run_for(14)
    news = model.world.events[listed:]
    assert len(news) > 3 and (news["hour"] >= 24 * 14).all()
    leaders = np.isin(model.world.accounts.kinds, under("leaders_news").circumstance.kinds)
    said = model.engine.posts[leaders[model.engine.posts["account"]]]
    causes = np.array([event["hour"] - said["hour"][said["hour"] < event["hour"]].max()
                       for event in news])  # fmt: skip
    assert (causes > 0).all()
    about = model.engine.posts[model.engine.posts["event"] >= listed]
    assert len(about)
    assert (about["hour"] >= model.world.events["hour"][about["event"]]).all()
    before = model.engine.posts[model.engine.posts["hour"] < 24 * 14]
    assert before["event"].max() < listed


def test_a_post_is_news_in_every_arm_or_in_none_and_its_news_starts_none() -> None:
    settings = under("leaders_news", leaders="officials").circumstance
    usual = ended(scenario(CHANGES, posture="proactive"))
    live, accounts = usual.engine.posts, usual.world.accounts
    made = events_of(live, settings, accounts, len(usual.world.events))
    part = events_of(live[::2], settings, accounts, len(usual.world.events))
    assert 0 < len(part) < len(made) and np.isin(part["key"], made["key"]).all()
    assert len(np.unique(made["key"])) == len(made)
    born = live.copy()
    born["event"] = len(usual.world.events)
    assert len(events_of(born, settings, accounts, len(usual.world.events))) == 0


def test_who_makes_no_news_makes_none_when_muted() -> None:
    """The cone: without the leaders' posts the news is the list's."""
    one = under("leaders_news", from_day=0, leaders="officials")
    usual, muted = DiplomacyModel(one), DiplomacyModel(one)
    kinds = np.isin(usual.world.accounts.kinds, [KINDS.index("headquarters"),
                                                 KINDS.index("official")])  # fmt: skip
    muted.strategy = Muted(muted.strategy, np.flatnonzero(kinds))
    for model in (usual, muted):
        model.run_for(28)
    assert len(usual.world.events) > usual.world.n_listed
    assert len(muted.world.events) == muted.world.n_listed
    assert muted.engine.events.tobytes() == muted.world.events.tobytes()


def test_both_engines_break_the_same_news() -> None:
    made = []
    for engine in ("compiled", "reference"):
        one = scenario({**CHANGES, "days": 5, "circumstance.from_day": 0, "circumstance.p": 0.3,
                        "engine": engine}, circumstance="leaders_news")  # fmt: skip
        made.append(ended(one, 12))
    assert differences(made[0].engine, made[1].engine) == []
    assert made[0].world.events.tobytes() == made[1].world.events.tobytes()
    assert len(made[0].world.events) > made[0].world.n_listed


BASE_ACCOUNTS = DiplomacyModel(BASE).world.accounts
