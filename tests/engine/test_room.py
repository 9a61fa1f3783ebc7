"""Rooms that are too small: the compiled engine grows them, and nothing else changes.

Real worlds seldom fill the first pool of views or the queue, so a tight calendar is given here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.engine.calendar import BLOCK, RING, Calendar, empty_calendar
from sim.engine.compiled import CompiledEngine
from sim.engine.ties import SLACK
from sim.model import DiplomacyModel
from sim.state import COUNTER
from sim.vocabulary import AMPLIFICATION
from tests.engine.agreement import differences, with_engine
from tests.engine.plain import by_hand, still_world
from tests.scenarios import PROVOKED, scenario

N_BLOCKS = 4
DAYS = 6


def tight(counters: np.ndarray) -> Calendar:
    """A calendar with hardly a place in it."""
    roomy = empty_calendar(counters)
    chain = np.arange(1, N_BLOCKS + 1)
    chain[-1] = -1
    counters[COUNTER.n_free] = N_BLOCKS
    few = {name: getattr(roomy, name)[:2].copy()
           for name in ("queue", "broadcasts", "spare", "joins", "leaves")}  # fmt: skip
    return roomy._replace(
        pool=roomy.pool[: N_BLOCKS * BLOCK].copy(), chain=chain, reacted=roomy.reacted[:4].copy(),
        **few,
    )  # fmt: skip


def run(engine: str, is_tight: bool) -> DiplomacyModel:
    one = scenario({**PROVOKED, "following.follows_per_share": 10.0}, platform="twitter")
    model = DiplomacyModel(with_engine(one, engine))
    if is_tight:
        assert isinstance(model.engine, CompiledEngine)
        model.engine.calendar = tight(model.engine.state.counters)
    model.run_for(DAYS)
    return model


def test_a_calendar_grows_and_nothing_else_changes() -> None:
    roomy, tight_one = run("compiled", False), run("compiled", True)
    assert differences(roomy.engine, tight_one.engine) == []
    calendar = tight_one.engine.calendar  # type: ignore[attr-defined]
    assert len(calendar.pool) > RING * BLOCK
    for name in ("queue", "broadcasts", "spare", "joins", "leaves"):
        assert len(getattr(calendar, name)) > 2, f"{name} never grew: nothing was tested"
    assert len(calendar.reacted) > 4


def test_the_first_posts_array_grows_too() -> None:
    one = scenario({"days": 3, "warmup_days": 0})
    model = DiplomacyModel(one)
    model.engine.state = model.engine.state._replace(posts=model.engine.state.posts[:2].copy())
    usual = DiplomacyModel(one)
    for each in (model, usual):
        each.run_for(3)
    assert len(usual.engine.posts) > 2
    assert differences(model.engine, usual.engine) == []


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_lists_of_followers_get_more_places(engine: str) -> None:
    model = run(engine, False)
    joined = model.engine.state.accounts["n_joined"]
    assert (joined > 2 * SLACK).any(), "no list was ever full: nothing was tested"
    state = model.engine.state
    assert (state.f_n <= state.f_room).all()


def test_a_fork_has_a_calendar_of_its_own() -> None:
    one = scenario(PROVOKED)
    model = DiplomacyModel(one)
    model.run_for(2)
    twin, other = model.engine.fork(), model.engine.fork()
    twin.run(twin.hour + 72)
    untouched = model.engine.fork()
    assert differences(untouched, other) == []
    other.run(other.hour + 72)
    assert differences(twin, other) == []


# Everybody who can shares, every view is late: old posts are looked at for months.
LINGERING = {"audience.n_people": 1_000, "visibility.share_late": 1.0,
             "visibility.late_median_hours": 400.0, "visibility.selection": 1.0,
             "visibility.selection_friends": 1.0, "sharing.p0": 0.5, "sharing.fatigue": 0.0,
             "people.share_second_language": 1.0}  # fmt: skip


def test_a_set_that_grows_forgets_no_reaction_that_can_still_matter(tmp_path: Path) -> None:
    def run_of(engine: str) -> DiplomacyModel:
        model = still_world(tmp_path, {**LINGERING, "engine": engine}, n_followers=400)
        model.engine.add(by_hand(model.world, [0.0, 0.0, 0.0, 1_030.0, 1_300.0]))
        for day in (50, 60, 90):
            model.engine.run(24 * day)
            if isinstance(model.engine, CompiledEngine):  # say that the set is full
                full = len(model.engine.calendar.reacted)
                model.engine.state.counters[COUNTER.n_reacted] = full
        return model

    assert differences(run_of("compiled").engine, run_of("reference").engine) == []


@pytest.mark.parametrize("waits", [False, True])
def test_a_post_that_is_passed_on_late_is_not_reacted_to_twice(tmp_path: Path, waits: bool) -> None:
    """Nobody is on the way to the post when the set of reactions is made anew, but a re-post is."""
    found = []
    for name in ("compiled", "reference"):
        model = still_world(tmp_path, {"sharing.p0": 0.05, "engine": name})
        posts = by_hand(model.world, [1.0, 210.0])
        posts["kind"][1], posts["parent"][1] = AMPLIFICATION, posts["key"][0]
        engine = model.engine
        engine.add(posts)
        engine.run(200)
        liked, seen = (int(engine.posts[tally][0]) for tally in ("n_likes", "n_impressions"))
        if name == "compiled":
            engine.state.counters[COUNTER.n_reacted] = len(engine.calendar.reacted)  # as if full
        if waits:
            engine.run(205)
        engine.run(300)
        assert liked > 20 and engine.posts["n_impressions"][0] > 1.3 * seen
        found.append([int(engine.posts[tally][0]) for tally in ("n_likes", "n_impressions")])
    assert found[0] == found[1]
