"""The constants of a world: every factor of the hazard of sharing has mean 1 where it should."""

from __future__ import annotations

import numpy as np
import pytest
from pytest import approx

from sim.loading.tables import reference_stance
from sim.loading.world import World, load_world
from sim.mechanisms.sharing import congruence
from sim.scenario import Scenario
from sim.state import AGE_SHIFT, SECOND_LANGUAGE, State
from sim.vocabulary import OURS
from tests.scenarios import random_values, scenario

N = 20_000
DRAWS = {"central": None, "draw 1": 1, "draw 2": 2}


def made(draw: int | None) -> Scenario:
    changes = {} if draw is None else random_values(draw)
    return scenario({**changes, "audience.n_people": N})


@pytest.fixture(scope="module", params=DRAWS.values(), ids=DRAWS)
def loaded(request: pytest.FixtureRequest) -> tuple[World, State]:
    return load_world(made(request.param), 0, 0)


def weights(world: World) -> tuple[np.ndarray, np.ndarray]:
    """(rows of ours, their share of our usual posts)."""
    ours = np.flatnonzero(world.accounts.sides == OURS)
    posts = world.accounts.posts_per_week[ours]
    return ours, posts / posts.sum()


def test_tones_and_media_have_mean_one_over_usual_posts(loaded: tuple[World, State]) -> None:
    world, _ = loaded
    ours, weight = weights(world)
    assert weight @ world.accounts.tone_mixes[ours] @ world.tables.tone == approx(1.0)
    image, video = (weight @ shares[ours] for shares in
                    (world.accounts.image_shares, world.accounts.video_shares))  # fmt: skip
    assert np.array([1 - image - video, image, video]) @ world.tables.media[:3] == approx(1.0)


def test_ages_topics_and_intent_have_mean_one_over_people(loaded: tuple[World, State]) -> None:
    world, state = loaded
    p, tables = world.parameters[0], world.tables
    ages = np.bincount(state.people["flags"] >> AGE_SHIFT & 3, minlength=4) / N
    assert tables.tone_age.reshape(5, 4) @ ages == approx(np.ones(5))
    cares = np.array([1 - p["share_interested"], p["share_interested"]])
    assert cares @ tables.topic == approx(1.0)
    assert cares @ tables.affinity == approx(1.0)
    late = np.array([1 - p["share_late"], p["share_late"]])
    assert late @ tables.intent == approx(1.0)


def test_presence_and_rates_keep_the_mean_rate_of_check_ins(loaded: tuple[World, State]) -> None:
    world, state = loaded
    tables = world.tables
    mean = (tables.visit_rates * tables.p_present[:32] / 2.0**32).mean()
    rates = tables.visit_rates[state.people["visit"]]
    there = tables.p_present[state.people["visit"]] / 2.0**32
    assert (rates * there).mean() == approx(mean, rel=0.1)
    assert (np.diff(tables.visit_rates) > 0).all()


def test_language_and_hostility_have_mean_one_over_usual_views(loaded: tuple[World, State]) -> None:
    world, state = loaded
    ours, weight = weights(world)
    p, first, common, viewers = world.parameters[0], 0.0, 0.0, 0.0
    for row in ours:  # interested followers, each account weighted by its usual posts
        start = state.f_start[row]
        people = state.people[state.followers["who"][start : start + state.f_n[row]]]
        posts = world.accounts.posts_per_week[row]
        reads = (people["language"] == 0) | (people["flags"] & SECOND_LANGUAGE != 0)
        first += posts * float((people["language"] == world.accounts.languages[row]).sum())
        common, viewers = common + posts * float(reads.sum()), viewers + posts * len(people)
    local = float(weight @ world.accounts.local_language_shares[ours])
    usual = local * p["local_language"] * first / viewers + (1 - local) * common / viewers
    assert p["language_mean"] == approx(max(usual, 0.01))
    sharp = float(weight @ world.accounts.tone_mixes[ours][:, 3])
    by_tone = 1 + sharp * (p["hostile_sharp"] - 1)
    prone = (p["hostile_mean"] / by_tone - 1) / max(p["hostile_prone"] - 1, 1e-9)
    assert -1e-6 <= prone <= 1.0  # the share of people prone to backlash


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_tags_and_agreement_have_mean_one_over_usual_views(draw: int | None) -> None:
    """Tags over usual posts, part of them on events; agreement over the interested followers, one
    by one, as far as they are normally distributed (which the constant takes them to be)."""
    one = made(draw)
    world, state = load_world(one, 0, 0)
    p, (ours, _) = world.parameters[0], weights(world)
    on_events = one.sharing.usual_event_posts
    assert on_events * p["event_tag"] + (1 - on_events) * p["no_event_tag"] == approx(1.0)
    assert p["event_tag"] / p["no_event_tag"] == approx(one.sharing.rel_event_tag)
    s, weight = [], []
    for row in ours:
        start, n = state.f_start[row], state.f_n[row]
        who = state.followers["who"][start : start + n]
        s.append(state.people["favourability"][who].astype(np.float64))
        weight.append(np.full(n, world.accounts.posts_per_week[row]))
    found, by = np.concatenate(s), np.concatenate(weight)
    mean = np.average(found, weights=by)
    sd = np.sqrt(np.average((found - mean) ** 2, weights=by))
    away = reference_stance(one) - mean
    assert p["distance_mean_square"] == approx(away**2 + sd**2, rel=1e-6)
    alike = np.random.default_rng(1).normal(away, sd, 400_000)
    usual = np.mean([congruence(abs(distance), p["width"]) for distance in alike[:40_000]])
    assert p["congruence_mean"] == approx(usual, rel=0.01)


def test_attention_has_its_long_run_mean(loaded: tuple[World, State]) -> None:
    world, _ = loaded
    assert world.parameters[0]["usual_attention"] >= 1.0
