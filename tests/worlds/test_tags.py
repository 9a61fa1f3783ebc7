"""Tags in paired worlds: who looks, who sees, who takes them up, and what stays as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model import DiplomacyModel
from sim.scenario import Scenario
from sim.simulate import simulate_world
from sim.state import COUNTER
from sim.vocabulary import AMPLIFICATION, COMMON_TAG, OURS, OWN_TAG, RIVAL
from tests.scenarios import PROVOKED, scenario
from tests.worlds.test_engaged import HEADQUARTERS, STILL, run, script, seen_by
from tests.worlds.test_engaged import RIVAL as RIVAL_ROW
from tests.worlds.test_paired import digest

LOOKED_AT: dict[str, Any] = {
    "tags.share_lookers": 0.4, "tags.half_use": 2.0, "tags.room": 1e9, "tags.prominent": 1e-6,
    "tags.half_life_hours": 1e6, "tags.delay_hours": 1.0,
}  # fmt: skip
CHANGES: dict[str, Any] = {**LOOKED_AT, "days": 7, "warmup_days": 0, "tags.room": 20.0}
LOUD = {"rivals.rival.answer_rate": 3.0, "rivals.rival.rel_hours": 4.0}


def ended(changes: dict[str, Any], days: int = 7, **groups: str) -> DiplomacyModel:
    model = DiplomacyModel(scenario({**CHANGES, **changes}, **{"tags": "open", **groups}))
    model.run_for(days)
    return model


def tags_of(model: DiplomacyModel) -> np.ndarray:
    return model.engine.state.speech["tag"][: len(model.engine.posts)]


def test_a_tag_that_nobody_looks_at_changes_nothing() -> None:
    """Joining costs nothing: with no lookers every result is that of posts without tags."""
    changes = {**CHANGES, **PROVOKED, "tags.share_lookers": 0.0}
    arms = [scenario(changes, tags="open", tagging=kind) for kind in ("none", "join")]
    without, joined = simulate_world(arms, arms[0], 0, 0)
    assert digest(without) == digest(joined)
    base = scenario({key: value for key, value in changes.items() if not key.startswith("tags.")})
    nowhere = simulate_world([base], base, 0, 0)[0]
    extra = {("impressions_tags", "all"): 0.0, ("hijacks", "all"): 0.0}
    assert nowhere.values | extra == without.values


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_joining_changes_only_who_sees_the_tagged_posts(engine: str) -> None:
    """Where nobody reacts, other views stay as they are, to the last one."""
    changes = {**STILL, "engine": engine, "work.answer_rate": 6.0, "work.clearance_hours": 1.0}
    without, joined = (
        ended({**changes, **more}, tagging=kind)
        for kind, more in (("none", {}), ("join", {"policy.tagging.share": 1.0}))
    )
    a, b, tags = without.engine.posts, joined.engine.posts, tags_of(joined)
    assert np.array_equal(a["key"], b["key"])
    mine = (b["side"] == OURS) & (tags == COMMON_TAG)
    assert mine.sum() > 10 and not (tags_of(without) > 0)[b["side"] == OURS].any()
    assert np.array_equal(a["n_follower_views"], b["n_follower_views"])
    gained = b["n_impressions"] - a["n_impressions"]
    assert not gained[b["side"] == OURS][tags[b["side"] == OURS] == 0].any()
    assert gained[mine].sum() > 20 and (gained[mine] >= 0).all()
    found = joined.engine.state.counters[COUNTER.tag_impressions]
    assert found == gained[mine].sum() and (b["event"][mine] >= 0).all()


def test_joining_lends_the_attention_that_its_topic_has() -> None:
    """The same posts where the public writes under tags, and where only accounts do."""
    busy, empty = (
        ended({**STILL, "tags.public_uses": uses, "tags.room": 1e9, "tags.half_use": 50.0},
              tagging="join").engine.state.counters[COUNTER.tag_impressions]
        for uses in (100.0, 0.0)
    )  # fmt: skip
    assert busy > 2 * empty


OWN = {"account": HEADQUARTERS, "stance": 0.6, "tag": OWN_TAG, "topic": 2}


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_tag_of_ones_own_grows_only_with_use(engine: str) -> None:
    """The k-th post meets k uses: nobody looks at first, then ever more of the same people."""
    changes = {**LOOKED_AT, "engine": engine}
    rows = [{**OWN, "hour": 2.0 + k} for k in range(12)]
    tagged = run(script(*rows), changes, tags="open")
    plain = run(script(*[{**row, "tag": 0} for row in rows]), changes, tags="open")
    gained = tagged.engine.posts["n_impressions"] - plain.engine.posts["n_impressions"]
    people = tagged.engine.state.people
    cares = (people["topics"] >> 2 & 1) == 1
    assert gained[0] == 0 and (np.diff(gained) >= 0).all()
    for k in (1, 5, 11):
        expected = 0.4 * cares.sum() * k / (k + 2.0)
        assert gained[k] == pytest.approx(expected, rel=0.25), k
    more = seen_by(tagged, HEADQUARTERS) & ~seen_by(plain, HEADQUARTERS)
    assert more.any() and cares[more].all()
    assert more.sum() <= gained[11]  # all twelve posts were seen by those who saw the last one


def test_a_crowded_tag_hides_posts() -> None:
    rows = script(*[{**OWN, "hour": 2.0 + k} for k in range(12)])
    wide, narrow = (run(rows, {**LOOKED_AT, "tags.room": room}, tags="open")
                    for room in (1e9, 1.0))  # fmt: skip
    found = [one.engine.state.counters[COUNTER.tag_impressions] for one in (wide, narrow)]
    assert 0 < found[1] < 0.5 * found[0]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_rivals_take_up_a_prominent_tag_and_are_seen_under_it(engine: str) -> None:
    ours = [{**OWN, "hour": 2.0 + 0.1 * k} for k in range(9)]
    theirs = [{"account": RIVAL_ROW, "hour": 4.0 + 0.1 * k, "stance": -0.6, "topic": 2}
              for k in range(20)]  # fmt: skip
    others = [{**theirs[0], "stance": 0.2}] * 10 + [{**theirs[0], "topic": 3}] * 10
    posts = script(*ours, *theirs, *others)
    changes = {**LOOKED_AT, "engine": engine}
    calm, taken = (run(posts, {**changes, "tags.p_hijack": p}, tags="open") for p in (0.0, 1.0))
    side = taken.engine.posts["side"]
    assert not tags_of(calm)[side == RIVAL].any()
    hijacks = (tags_of(taken) == OWN_TAG) & (side == RIVAL)
    assert 1 <= hijacks.sum() <= 16  # a third of twenty, as favourability spreads by .35
    assert (taken.engine.posts["stance"][hijacks] < 0).all()
    assert (taken.engine.posts["topic"][hijacks] == 2).all()
    assert taken.engine.state.counters[COUNTER.n_hijacked] == hijacks.sum()
    gained = taken.engine.posts["n_impressions"] - calm.engine.posts["n_impressions"]
    assert gained[hijacks].sum() > 20 and not gained[~hijacks].any()


def test_a_tag_that_nobody_uses_is_not_taken_up() -> None:
    rows = [{"account": RIVAL_ROW, "hour": 4.0 + k, "stance": -0.6, "topic": 2} for k in range(20)]
    model = run(script(*rows), {**LOOKED_AT, "tags.p_hijack": 1.0}, tags="open")
    assert not model.engine.state.counters[COUNTER.n_hijacked]


def hijacked(**more: Any) -> Scenario:
    changes = {**CHANGES, **PROVOKED, **LOUD, "days": 14, "circumstance.from_day": 7, **more}
    return scenario(changes, tags="open", tagging="launch", circumstance="tag_hijack")


def test_the_circumstance_begins_on_its_day_and_in_its_arm() -> None:
    model = DiplomacyModel(hijacked())
    model.run_for(7)
    assert not model.engine.state.counters[COUNTER.n_hijacked]
    model.run_for(7)
    assert model.engine.state.counters[COUNTER.n_hijacked] > 0
    changes = {**CHANGES, **PROVOKED, **LOUD, "days": 14}
    beside = scenario(changes, tags="open", tagging="launch")
    befallen, usual = simulate_world([hijacked(), beside], beside, 0, 0)
    assert digest(usual) == digest(simulate_world([beside], beside, 0, 0)[0])
    assert befallen.values["hijacks", "all"] > 0 == usual.values["hijacks", "all"]


def test_a_hijack_changes_nothing_about_the_posts_themselves() -> None:
    """Rivals post what they would have posted, when they would have: only more people see it."""
    calm, taken = (
        ended({**STILL, **LOUD, "tags.p_hijack": p}, tagging="launch") for p in (0.0, 1.0))
    a, b = calm.engine.posts, taken.engine.posts
    for name in ("key", "hour", "stance", "quality", "account", "topic", "tone", "kind"):
        assert np.array_equal(a[name], b[name]), name
    rival = b["side"] == RIVAL
    assert tags_of(taken)[rival].any()
    assert b["n_impressions"][rival].sum() > a["n_impressions"][rival].sum()


def test_launching_costs_quality_and_no_post_more_than_its_hours() -> None:
    """At equal hours as many posts go out, of 1 + s (1.5 - 1) times the price."""
    runs = []
    for kind in ("none", "launch"):
        one = scenario({**CHANGES, "work.rel_hours_tag": 1.5}, tags="open", tagging=kind)
        (found,) = simulate_world([one], one, 0, 0)
        runs.append(found)
    assert runs[0].values["posts", "all"] == runs[1].values["posts", "all"]
    assert runs[0].values["hours", "all"] == pytest.approx(runs[1].values["hours", "all"])
    quality = [one.posts["quality"].mean() for one in runs]
    assert quality[1] < 0.97 * quality[0]


def test_re_posts_carry_no_tag() -> None:
    often = {"policy.sister_sharing.p_sister": 0.9, "policy.tagging.share": 1.0}
    model = ended({**PROVOKED, **often}, tagging="launch", sister_sharing="share")
    posts = model.engine.posts
    passed = posts["kind"] == AMPLIFICATION
    assert passed.any() and not tags_of(model)[passed].any()
