"""What a run says, counted anew from who saw what: no counter of the engine is used for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from sim.engine.base import Engine
from sim.loading.world import World
from sim.model import DiplomacyModel
from sim.observe import answers, measure, standing, start_measuring, view_times
from sim.simulate import simulate_world
from sim.state import TARGET, VIEWED
from sim.vocabulary import AMPLIFICATION, COPY, OURS
from tests.scenarios import PROVOKED, scenario

MOVED = {"opinion.effect_formal": 0.3, "opinion.half_life_days": 30.0}
HOURS_PER_WEEK = 60.0


class Ran(NamedTuple):
    """A run of some days, what it says, and favourability before and after."""

    world: World
    engine: Engine
    values: dict[str, float]
    grouped: dict[tuple[str, str], float]
    before: np.ndarray
    after: np.ndarray


@pytest.fixture(scope="module")
def ran() -> Ran:
    one = scenario({**PROVOKED, **MOVED, "warmup_days": 0}, posture="proactive", tone="formal")
    model = DiplomacyModel(one)
    model.run_for(1)  # minds have moved before measuring starts
    start_measuring(model.engine)
    half_life = 24.0 * one.opinion.half_life_days  # type: ignore[union-attr]
    start, before = standing(model.engine, half_life), minds(model.engine, half_life)
    model.run_for(6)
    grouped = measure(model.engine, model.world, start, HOURS_PER_WEEK, half_life)
    values = {name: value for (name, group), value in grouped.items() if group == "all"}
    return Ran(model.world, model.engine, values, grouped, before, minds(model.engine, half_life))


def minds(engine: Engine, half_life: float) -> np.ndarray:
    """float64[n]: favourability of the people of host publics now."""
    people = engine.state.people[engine.state.people["flags"] & TARGET != 0]
    faded = 0.5 ** ((engine.hour - people["hour_moved"].astype(float)) / half_life)
    parts = people["favourability"].astype(float), people["durable"], people["transient"] * faded
    return np.clip(sum(parts), -1.0, 1.0)


def views_in_target(one: Ran) -> np.ndarray:
    """Of all views of our posts, who looked, where the viewer is of that post's target public:
    a host public, and the account's own market unless it speaks to all."""
    views, _ = one.engine.logs()
    posts, people = one.engine.posts[views["post"]], one.engine.state.people[views["who"]]
    host = one.world.is_host[people["market"]]
    near = (posts["target"] == 1) | (posts["market"] == people["market"])
    return np.asarray(views["who"][host & near])


def test_views_and_reach_are_those_of_the_log(ran: Ran) -> None:
    views, _ = ran.engine.logs()
    _, times = np.unique(views_in_target(ran), return_counts=True)
    assert ran.values["impressions"] == len(views) > 1_000
    assert ran.values["unique_reach"] == len(np.unique(views["who"]))
    assert ran.values["target_reach"] == len(times) < ran.values["unique_reach"]
    assert ran.values["frequent_reach"] == (times >= 3).sum() < len(times)
    assert ran.values["reach_per_hour"] == pytest.approx(1_000 * len(times) / HOURS_PER_WEEK)


def test_shares_and_backlash_are_those_of_the_log(ran: Ran) -> None:
    _, shares = ran.engine.logs()
    hostile = shares["kind"] == 2
    assert ran.values["hostile_shares"] == hostile.sum() > 0
    assert ran.values["shares"] == (~hostile).sum() > 0
    n_views = len(views_in_target(ran))
    n_hostile = ran.values["backlash"] * n_views / 1_000.0
    assert n_hostile == pytest.approx(round(n_hostile), abs=1e-9)
    assert 0 < round(n_hostile) <= hostile.sum()
    wrong = ran.values["backlash"] * ran.values["impressions"] / 1_000.0
    assert abs(wrong - round(wrong)) > 1e-6, "the set-up could not tell all views from these"


def test_share_of_voice_is_that_before_host_publics(ran: Ran) -> None:
    """Of every host market its own share is told as well, and so what all said there."""
    hosts = [f"market:{name}" for row, name in enumerate(ran.world.markets.names)
             if ran.world.is_host[row]]  # fmt: skip
    heard = [one for one in hosts if ran.grouped["share_of_voice", one] > 0]
    ours = sum(ran.grouped["impressions", one] for one in heard)
    everybody = sum(ran.grouped["impressions", one] / ran.grouped["share_of_voice", one]
                    for one in heard)  # fmt: skip
    silent = [k for k, name in enumerate(ran.world.markets.names)
              if ran.world.is_host[k] and f"market:{name}" not in heard]  # fmt: skip
    everybody += ran.engine.state.voice[:, silent].sum()
    assert ran.values["share_of_voice"] == pytest.approx(ours / everybody)
    elsewhere = ran.engine.state.voice[OURS].sum() - ours
    assert elsewhere > 0, "the set-up could not tell host publics from all markets"


def test_minds_are_told_with_their_sign(ran: Ran) -> None:
    """In standard deviations of the beginning: up is up."""
    sd = ran.before.std()
    shift, spread = (ran.after.mean() - ran.before.mean()) / sd, (ran.after.std() - sd) / sd
    assert abs(shift) > 1e-3 and abs(spread) > 1e-4
    assert ran.values["favourability_shift"] == pytest.approx(shift, rel=1e-6)
    assert ran.values["polarisation"] == pytest.approx(spread, rel=1e-6)


def test_the_median_post_is_one_of_ours_and_an_original(ran: Ran) -> None:
    posts = ran.engine.posts
    said = (posts["kind"] != AMPLIFICATION) & (posts["kind"] != COPY) & (posts["hour"] >= 24)
    mine = posts[said & (posts["side"] == OURS)]
    assert ran.values["posts"] == len(mine) > 3
    assert ran.values["impressions_per_post"] == np.median(mine["n_impressions"])
    assert ran.values["shares_per_post"] == np.median(mine["n_shares"])


@pytest.mark.parametrize("n", range(1, 8))
def test_half_of_the_impressions_by_hand(n: int) -> None:
    """The view with which at least half of them were made; a view at 24 hours is of the day."""
    lags = np.array([0.5, 1.0, 2.0, 23.0, 24.0, 24.5, 90.0])[:n]
    views = np.zeros(n + 2, VIEWED)
    views["post"][:n], views["lag_hours"][:n] = 2, lags[::-1]
    views["lag_hours"][n:] = 5.0  # of another post
    half_life, in_a_day = view_times(views, 4)
    seen_by = np.array([(lags <= lag).sum() for lag in lags])
    assert half_life.tolist() == [5.0, 0.0, lags[np.flatnonzero(2 * seen_by >= n)[0]], 0.0]
    assert in_a_day.tolist() == [2, 0, (lags <= 24.0).sum(), 0]


def test_response_time_is_in_hours(ran: Ran) -> None:
    """Four answers after two hours each, ten comments; those of other sides do not count."""
    state = ran.engine.state
    desks = np.zeros_like(state.reply_desks)
    desks["n_comments"], desks["n_answered"], desks["seconds"] = 99, 99, 1
    ours = np.flatnonzero(state.accounts["side"] == OURS)
    for name in ("n_comments", "n_answered", "seconds"):
        desks[name][ours] = 0
    desks["n_comments"][ours[0]], desks["n_answered"][ours[0]] = 10, 4
    desks["seconds"][ours[0]] = 4 * 2 * 3_600
    found = answers(state._replace(reply_desks=desks))
    assert found == {"comments": 10.0, "replies_given": 4.0, "response_time": 2.0}


@pytest.mark.parametrize("warmup", [0, 14])
def test_hours_are_those_of_the_measured_days(warmup: int) -> None:
    one = scenario({**PROVOKED, "warmup_days": warmup, "days": 7})
    (run,) = simulate_world([one], one, 0, 0)
    table = DiplomacyModel(one).world.accounts
    a_week = float(table.hours_per_week[table.sides == OURS].sum())
    assert run.values["hours", "all"] == pytest.approx(a_week)
    assert run.values["reach_per_hour", "all"] == pytest.approx(
        1_000 * run.values["target_reach", "all"] / a_week)  # fmt: skip
