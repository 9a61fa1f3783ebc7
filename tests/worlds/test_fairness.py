"""Kinds of fairness in whole worlds: what is held alike is alike, and nothing else is forced."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import DiplomacyModel
from sim.simulate import simulate_world
from sim.strategy.desks import Desks
from sim.strategy.ledger import UnbalancedError
from sim.vocabulary import OURS
from tests.scenarios import PROVOKED, scenario
from tests.worlds.test_paired import digest

WEEK = {**PROVOKED, "days": 14, "warmup_days": 7, "audience.n_people": 1_000}


def arms(fair: str, **changes: object) -> tuple:
    """(proactive, reactive, status quo) at one kind of fairness."""
    settings = {**WEEK, "fair": fair, **changes}
    return (scenario(settings, posture="proactive"), scenario(settings, posture="reactive"),
            scenario(settings))  # fmt: skip


@pytest.mark.parametrize("fair", ["volume", "quality", "attention"])
def test_originals_are_equal_and_a_null_change_is_exactly_zero(fair: str) -> None:
    proactive, reactive, base = arms(fair)
    runs = simulate_world([proactive, reactive, reactive], base, 0, 0)
    posts = [run.values["posts", "all"] for run in runs]
    assert posts[0] == posts[1] == posts[2] > 50
    assert np.array_equal(runs[0].accounts["posts"][:8], runs[1].accounts["posts"][:8])
    assert digest(runs[1]) == digest(runs[2]) != digest(runs[0])
    hours = [run.values["hours", "all"] for run in runs]
    assert hours[0] != hours[1] and min(hours) > 0  # they float
    quality = [np.sort(run.posts["quality"]) for run in runs[:2]]
    decided = runs[0].posts["hour"] >= 0.0
    assert decided.all() and np.array_equal(*quality) is (fair != "volume")


def test_hours_stay_the_default_and_volumes_then_differ() -> None:
    proactive, reactive, base = arms("hours")
    one, other = simulate_world([proactive, reactive], base, 0, 0)
    assert one.values["posts", "all"] != other.values["posts", "all"]
    assert one.values["hours", "all"] == pytest.approx(other.values["hours", "all"])


def test_attention_stays_at_rest_and_news_is_seen_all_the_same() -> None:
    base = arms("attention")[2]
    model, usual = DiplomacyModel(base), DiplomacyModel(arms("quality")[2])
    for one in (model, usual):
        one.run_for(7)
    assert (model.engine.state.attention == 1.0).all() and (
        model.engine.state.readiness == 1.0
    ).all()
    assert usual.engine.state.attention.max() > 1.0
    mine, theirs = (one.engine.posts for one in (model, usual))
    assert np.array_equal(mine["key"], theirs["key"])  # accounts answer as ever


def test_both_engines_say_the_same_at_equal_quality() -> None:
    found = [
        [digest(run) for run in simulate_world([one, base], base, 0, 0)]
        for one, _, base in (
            arms("quality", **{"engine": engine, "days": 7, "audience.n_people": 1_000})
            for engine in ("compiled", "reference")
        )
    ]
    assert found[0] == found[1]


class Lax(Desks):
    """Desks that drop an original now and then: the check must see it."""

    def plan(self, view, week):  # type: ignore[no-untyped-def]
        posts = super().plan(view, week)
        mine = np.flatnonzero(self._setting.accounts.sides[posts["account"]] == OURS)
        return np.delete(posts, mine[:1])


def test_a_broken_promise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    equal = Desks.at_equal_volume

    def lax(self: Desks, n_posts: np.ndarray, *, same_quality: bool) -> Desks:
        desks = equal(self, n_posts, same_quality=same_quality)
        desks.__class__ = Lax if desks.staffing.policy.posture.kind == "proactive" else Desks
        return desks

    monkeypatch.setattr(Desks, "at_equal_volume", lax)
    proactive, reactive, base = arms("volume")
    with pytest.raises(UnbalancedError, match="fair=volume is broken"):
        simulate_world([proactive, reactive], base, 0, 0)


def test_attention_that_moves_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.model as model

    monkeypatch.setattr(model, "felt_of", lambda events, scenario: events)
    proactive, _, base = arms("attention")
    with pytest.raises(UnbalancedError, match="fair=attention is broken"):
        simulate_world([proactive], base, 0, 0)


def test_richer_arms_pay_more_for_the_same_volume() -> None:
    base = arms("volume")[2]
    rich = scenario({**WEEK, "fair": "volume"}, investment="high")
    one, other = simulate_world([rich, base], base, 0, 0)
    assert one.values["posts", "all"] == other.values["posts", "all"]
    assert one.values["hours", "all"] > 1.2 * other.values["hours", "all"]
