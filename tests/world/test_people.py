"""From ranks to people: a world's parameters map the same persons to other values."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from pytest import approx

from sim.loading.world import load_world
from sim.mechanisms.framing import N_REMEMBERED
from sim.mechanisms.people import N_FEED_STRATA
from sim.state import AGE_SHIFT, PRONE, RANKED, SECOND_LANGUAGE, TARGET, memories_of
from sim.vocabulary import TOPICS
from sim.world.people import market_means
from tests.scenarios import scenario

N = 20_000
BASE = {"audience.n_people": N, "platform.feed.share_ranked": 0.3,
        "people.share_topic_interest": 0.4, "people.share_backlash_prone": 0.2,
        "people.share_second_language": 0.35}  # fmt: skip


def people_of(changes: dict[str, float] | None = None) -> np.ndarray:
    return load_world(scenario({**BASE, **(changes or {})}, news="none"), 0, 0)[1].people


@pytest.fixture(scope="module")
def people() -> np.ndarray:
    return people_of()


def share(condition: np.ndarray) -> float:
    return float(np.mean(condition))


def test_shares_are_as_stated(people: np.ndarray) -> None:
    flags, four_sigma = people["flags"], 4 * 0.5 / np.sqrt(N)
    assert share(flags & PRONE != 0) == approx(0.2, abs=four_sigma)
    assert share(flags & RANKED != 0) == approx(0.3, abs=four_sigma)
    assert share(flags & SECOND_LANGUAGE != 0) == approx(0.35, abs=four_sigma)
    for topic in range(len(TOPICS)):
        cares = people["topics"] >> topic & 1 == 1
        assert share(cares) == approx(0.4, abs=four_sigma + 1 / 256)
    ages = np.bincount(flags >> AGE_SHIFT & 3, minlength=4) / N
    assert ages == approx([0.25, 0.33, 0.27, 0.15], abs=four_sigma + 1 / 256)


def test_ranked_feeds_have_strata_of_their_own(people: np.ndarray) -> None:
    is_ranked = people["flags"] & RANKED != 0
    assert (people["feed"][is_ranked] >= N_FEED_STRATA).all()
    assert (people["feed"][~is_ranked] < N_FEED_STRATA).all()


def test_propensity_has_mean_one(people: np.ndarray) -> None:
    spread = np.exp(1.4**2) - 1
    assert people["propensity"].mean() == approx(1.0, abs=4 * np.sqrt(spread / N))


def test_a_place_in_a_market_is_a_rank_of_favourability(people: np.ndarray) -> None:
    one = scenario(BASE, news="none")
    world, _ = load_world(one, 0, 0)
    means = market_means(one.people, world.markets)
    starts = world.population.market_start
    for market, (low, high) in enumerate(pairwise(starts)):
        values = people["favourability"][low:high]
        assert (people["market"][low:high] == market).all()
        assert (np.diff(values) >= 0).all() and np.abs(values).max() <= 1.0
        assert np.median(values) == approx(means[market], abs=0.02)
        assert (people["language"][low:high] == world.markets.language_of[market]).all()


def test_own_citizens_are_warmer_and_never_the_target(people: np.ndarray) -> None:
    one = scenario(BASE, news="none")
    world, _ = load_world(one, 0, 0)
    home = people["market"] == world.markets.home
    assert not (people["flags"][home] & TARGET).any()
    assert world.is_host.sum() == 5 and not world.is_host[world.markets.home]
    assert np.array_equal(people["flags"] & TARGET != 0, world.is_host[people["market"]])
    means = market_means(one.people, world.markets)
    assert means[world.markets.home] == approx(0.4)


def test_the_same_person_is_the_same_under_every_draw(people: np.ndarray) -> None:
    """More of a trait never takes it from anybody; ranks keep their order."""
    more = people_of({"people.share_backlash_prone": 0.5, "people.share_topic_interest": 0.6,
                      "people.propensity_log_sd": 0.7,
                      "platform.feed.share_ranked": 0.9})  # fmt: skip
    for bit in (PRONE, RANKED):
        had, has = people["flags"] & bit != 0, more["flags"] & bit != 0
        assert not (had & ~has).any() and (has & ~had).any()
    assert not (people["topics"] & ~more["topics"]).any()
    order = np.argsort(people["propensity"], kind="stable")
    assert (np.diff(more["propensity"][order]) >= 0).all()
    for name in ("market", "language", "visit"):
        assert np.array_equal(people[name], more[name])
    assert np.array_equal(people["feed"] % N_FEED_STRATA, more["feed"] % N_FEED_STRATA)
    assert np.array_equal(people["flags"] >> AGE_SHIFT, more["flags"] >> AGE_SHIFT)


def test_a_run_starts_with_nothing_met(people: np.ndarray) -> None:
    for name in ("transient", "durable", "n_friendly", "n_opposed", "hour_moved", "n_target",
                 "reached", "ring"):  # fmt: skip
        assert not people[name].any()
    memory = memories_of(people)
    assert memory.shape == (len(people), N_REMEMBERED) and (memory["event"] == -1).all()
