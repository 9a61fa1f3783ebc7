"""From ranks to people: what a world's parameters make of a synthetic population."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import ndtri

from sim.mechanisms.people import (
    N_FEED_STRATA,
    People,
    favourability_of_rank,
    lognormal_of_rank,
)
from sim.state import (
    AGE_SHIFT,
    PERSON,
    PRONE,
    RANKED,
    SECOND_LANGUAGE,
    TARGET,
    aligned_zeros,
    memories_of,
)
from sim.streams import TRAIT, U64, draw, name_hash, subkey, uniform
from sim.vocabulary import TOPICS
from sim.world.markets import Markets
from sim.world.population import Population

AT_ONCE = 1 << 14  # people whose records stay in the cache while their fields are written in turn
AGE_EDGES = (64, 148, 217)  # of 256: .25 under 25, .33 to 39, .27 to 59, .15 older (inferred, Pew)


def market_means(settings: People, markets: Markets) -> np.ndarray:
    """float64[n_markets]: mean favourability of each market, fixed by its name; home is warmer by
    two of the market sd (own citizens are never the target public)."""
    names = np.array([name_hash("market", name) for name in markets.names], dtype=np.uint64)
    stream = subkey(U64(0), TRAIT)
    z = ndtri(uniform(draw(stream, names)) * 0.998 + 0.001)
    means = settings.favourability_mean + settings.favourability_market_sd * z
    means[markets.home] = settings.favourability_mean + 2.0 * settings.favourability_market_sd
    return np.asarray(np.clip(means, -0.8, 0.8))


def load_people(
    population: Population,
    settings: People,
    share_ranked: float,
    markets: Markets,
    is_target: np.ndarray,
) -> np.ndarray:
    """PERSON[n_people] under these parameters, nothing remembered; is_target: bool[n_markets], a
    host public."""
    people = aligned_zeros(population.n_people, PERSON)
    middle = (np.arange(65_536) + 0.5) / 65_536
    propensities = lognormal_of_rank(middle, settings.propensity_log_sd).astype(np.float32)
    means = market_means(settings, markets)
    for market, (low, high) in enumerate(pairwise(population.market_start)):
        for first in range(low, high, AT_ONCE):
            some = slice(first, min(first + AT_ONCE, high))
            rank = (np.arange(some.start - low, some.stop - low) + 0.5) / (high - low)
            one = people[some]
            one["favourability"] = favourability_of_rank(
                rank, means[market], settings.favourability_sd
            )
            one["market"] = market
            one["language"] = markets.language_of[market]
            settle_traits(one, population.ranks[some], settings, share_ranked, propensities)
            if is_target[market]:
                one["flags"] |= np.uint8(TARGET)
    return people


def settle_traits(people: np.ndarray, ranks: np.ndarray, settings: People, share_ranked: float,
                  propensities: np.ndarray) -> None:  # fmt: skip
    """What the ranks of some people make of them; propensities: float32[65536], by rank."""
    memories_of(people)["event"] = -1
    people["propensity"] = propensities[ranks["propensity"]]
    people["topics"] = _topics(ranks["topics"], settings.share_topic_interest)
    is_ranked = ranks["ranked"] < share_ranked * 65_536
    flags = np.searchsorted(AGE_EDGES, ranks["age"], side="right").astype(np.uint8) << AGE_SHIFT
    is_prone = ranks["prone"] < settings.share_backlash_prone * 65_536
    flags |= np.where(is_prone, PRONE, 0).astype("u1")
    flags |= np.where(is_ranked, RANKED, 0).astype("u1")
    speaks = ranks["second"] < settings.share_second_language * 65_536
    flags |= np.where(speaks, SECOND_LANGUAGE, 0).astype("u1")
    people["flags"] = flags
    people["visit"] = ranks["visit"]
    people["feed"] = ranks["feed"] + np.where(is_ranked, N_FEED_STRATA, 0).astype("u1")


def _topics(ranks: np.ndarray, share_interested: float) -> np.ndarray:
    """Bit mask of interests: topic t if byte t of the rank lies below the share."""
    limit = U64(round(share_interested * 256))
    mask = np.zeros(len(ranks), np.uint8)
    for topic in range(len(TOPICS)):
        byte = (ranks >> U64(8 * topic)) & U64(255)
        mask |= (byte < limit).astype(np.uint8) << np.uint8(topic)
    return mask

