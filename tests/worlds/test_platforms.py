"""Several platforms: only their people see what is posted there, and nobody is counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.loading.world import load_members, load_world
from sim.mechanisms.ranking import RankedFeed
from sim.model import DiplomacyModel
from sim.scenario import Scenario
from sim.simulate import simulate_world
from sim.vocabulary import MEDIA, OURS
from tests.scenarios import PROVOKED, TABLES, scenario

USED = "instagram+telegram+facebook"
CHANGES: dict[str, Any] = PROVOKED | {
    "network.table": str(TABLES / "several.csv"), "platforms.used": USED,
    "audience.n_people": 3_000, "warmup_days": 0, "days": 7,
    "platforms.telegram.rel_adoption": 6.0,
}  # fmt: skip
TWITTER, INSTAGRAM, TELEGRAM, FACEBOOK = range(4)


def several(crossposting: str = "all", **more: Any) -> Scenario:
    return scenario(CHANGES | more, platforms="several", crossposting=crossposting)


def ran(one: Scenario) -> DiplomacyModel:
    model = DiplomacyModel(one)
    model.run_for(one.settings.days)
    return model


@pytest.fixture(scope="module")
def model() -> DiplomacyModel:
    return ran(several())


def test_whoever_was_reached_on_a_platform_is_on_it(model: DiplomacyModel) -> None:
    one, people = model.arm, model.engine.state.people
    feeds = [platform.feed for platform in one.all_platforms]
    ranked = [feed.share_ranked if isinstance(feed, RankedFeed) else 0.0 for feed in feeds]
    members = load_members(one, ranked, model.world.markets, 0)
    for f in range(4):
        there = members.of(f, people)
        reached = np.flatnonzero(people["reached"] >> f & 1)
        assert len(reached) and np.isin(reached, there).all()
        assert len(there) < len(people)


def test_followers_of_a_presence_are_on_its_platform() -> None:
    one = several()
    world, state = load_world(one, 0, 0)
    members = load_members(one, [0.5, 1.0, 0.0, 1.0], world.markets, 0)
    for q, presence in enumerate(state.presences):
        first = state.f_start[q]
        who = state.followers[first : first + state.f_n[q]]["who"]
        assert np.isin(who, members.of(int(presence["platform"]), state.people)).all()
    by_account = np.bincount(state.presences["account"], state.presences["n_followers"])
    assert (by_account == state.accounts["n_followers"]).all()


def test_reach_is_counted_once_over_all_platforms(model: DiplomacyModel) -> None:
    state, values = model.engine.state, simulate_world([model.arm], model.arm, 0, 0)[0].values
    bits = state.people["reached"]
    assert values["unique_reach", "all"] == np.count_nonzero(bits)
    parts = [values["unique_reach", f"platform:{name}"] for name in model.world.accounts.platforms]
    assert parts == [np.count_nonzero(bits >> f & 1) for f in range(4)]
    assert max(parts) < values["unique_reach", "all"] < sum(parts)
    views = [values["impressions", f"platform:{name}"] for name in model.world.accounts.platforms]
    assert sum(views) == values["impressions", "all"]
    unique = np.unpackbits(state.reached, axis=1).sum(axis=1)
    assert (unique == state.accounts["n_unique"]).all()


def test_without_resharing_nothing_is_passed_on(model: DiplomacyModel) -> None:
    posts = model.engine.posts
    for f in (INSTAGRAM, TELEGRAM):
        there = posts[posts["platform"] == f]
        assert there["n_impressions"].sum() > 0 and there["n_likes"].sum() > 0
        assert not there["n_shares"].any() and not there["max_depth"].any()
        assert (there["n_follower_views"] == there["n_impressions"]).all()
    elsewhere = posts[posts["platform"] == FACEBOOK]
    assert elsewhere["n_shares"].any()


def test_a_channel_without_replies_is_never_mocked(model: DiplomacyModel) -> None:
    posts = model.engine.posts
    assert not posts["n_hostile"][posts["platform"] == TELEGRAM].any()
    assert posts["n_hostile"][posts["platform"] == INSTAGRAM].any()


def test_a_broadcast_reaches_more_of_its_followers_than_a_feed() -> None:
    """Pushed to all and long unread, against a feed that offers some posts for some hours."""
    views = []
    for name in ("telegram", "vk"):
        one = several(**{"platforms.used": "telegram+vk", "platforms.vk.rel_adoption": 6.0})
        state = ran(one).engine
        f = [platform.name for platform in one.all_platforms].index(name)
        head = state.posts[(state.posts["account"] == 0) & (state.posts["platform"] == f)]
        followers = state.state.presences["n_followers"][state.tables.presence.reshape(-1, 3)[0, f]]
        views.append(head["n_follower_views"].mean() / followers)
    assert views[0] > 1.5 * views[1]


def test_a_copy_is_the_same_message_with_luck_of_its_own(model: DiplomacyModel) -> None:
    posts = model.engine.posts
    mine = posts[posts["account"] == 0]
    first, copies = mine[mine["platform"] == TWITTER], mine[mine["platform"] == FACEBOOK]
    assert len(np.unique(posts["key"])) == len(posts)
    assert (np.sort(first["hour"]) == np.sort(copies["hour"])).all()
    assert (np.sort(first["quality"]) == np.sort(copies["quality"])).all()
    images = mine[mine["platform"] == INSTAGRAM]
    assert len(images) == (first["media"] > MEDIA.index("text")).sum() < len(first)


def test_the_same_copy_has_the_same_name_under_every_policy() -> None:
    """Another policy that copies to fewer platforms has a part of the same keys, up to the posts
    that its hours buy beside."""
    keys = {}
    for kind, more in (("all", {}), ("listed", {"policy.crossposting.platforms": "facebook"})):
        posts = ran(several(kind, **more)).engine.posts
        ours = (posts["side"] == OURS) & (posts["platform"] == FACEBOOK)
        keys[kind] = set(posts["key"][ours].tolist())
    assert len(keys["all"] & keys["listed"]) > 0.8 * len(keys["all"])


def test_livestreams_copy_videos_only() -> None:
    posts = ran(several("livestreams", **{"platforms.others_copy": False})).engine.posts
    copies = posts[(posts["platform"] > 0) & (posts["account"] == 0)]
    assert len(copies) and (copies["media"] == MEDIA.index("video")).all()


def test_nothing_is_copied_without_a_policy_that_does() -> None:
    model = ran(several("none", **{"platforms.others_copy": False}))
    posts, first = model.engine.posts, model.world.accounts.presences.platforms
    assert (posts["platform"] == first[posts["account"]]).all()


def test_an_account_whose_first_platform_has_no_text_posts_pictures(model: DiplomacyModel) -> None:
    row = model.world.accounts.names.index("Mission 6")
    posts = model.engine.posts[model.engine.posts["account"] == row]
    assert len(posts) and (posts["platform"] == INSTAGRAM).all()
    assert (posts["media"] != MEDIA.index("text")).all()


def test_equal_policies_give_equal_runs_and_equal_hours() -> None:
    base = several("none")
    same, other = simulate_world([several("none"), several("all")], base, 0, 0)
    again, _ = simulate_world([several("none"), base], base, 0, 0)
    assert same.values == again.values
    assert same.values["hours", "all"] == pytest.approx(other.values["hours", "all"], rel=1e-9)
    assert other.values["posts", "all"] < same.values["posts", "all"]


def test_a_person_follows_where_he_or_she_met_the_account(model: DiplomacyModel) -> None:
    state = model.engine.state
    joined = state.presences["n_joined"]
    assert joined[state.presences["platform"] == FACEBOOK].sum() > 0
    assert (np.bincount(state.presences["account"], joined) == state.accounts["n_joined"]).all()
    stock = state.presences["n_followers"] - state.presences["n_joined"]
    _, fresh = load_world(model.arm, 0, 0)
    assert (stock + state.presences["n_left"] == fresh.presences["n_followers"]).all()
