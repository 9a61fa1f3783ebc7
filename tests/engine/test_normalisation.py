"""The constants of a world: every factor of the hazard of sharing has mean 1 where it should."""

from __future__ import annotations

import numpy as np
import pytest
from pytest import approx

from sim.loading.world import World, load_world
from sim.state import AGE_SHIFT, SECOND_LANGUAGE, State
from sim.vocabulary import OURS
from tests.scenarios import random_values, scenario

N = 20_000


@pytest.fixture(scope="module", params=[None, 1, 2], ids=["central", "draw 1", "draw 2"])
def loaded(request: pytest.FixtureRequest) -> tuple[World, State]:
    changes = {} if request.param is None else random_values(request.param)
    return load_world(scenario({**changes, "audience.n_people": N}), 0, 0)


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


def test_attention_has_its_long_run_mean(loaded: tuple[World, State]) -> None:
    world, _ = loaded
    assert world.parameters[0]["usual_attention"] >= 1.0
