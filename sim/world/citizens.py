"""Own citizens in the market of a crisis: who they are, and when a partner's notice is read.

All dice are keyed by the person: who is a citizen in every world alike, who is reached and when by
(world, person, attempt). A further attempt never moves an earlier one.
"""

from __future__ import annotations

import numpy as np

from sim import streams
from sim.errors import unknown
from sim.mechanisms.notification import (
    DAYS_REMEMBERED,
    LARGEST,
    Citizens,
    attempt_hour,
    rank_of_share,
)
from sim.world.markets import Markets

U64 = np.uint64
PARTNER = streams.name_hash("platform", "partner")


def market_of_crisis(settings: Citizens, markets: Markets, is_host: np.ndarray) -> int:
    """The row of the market concerned: as named, or the host market with the largest public."""
    if settings.market == LARGEST:
        hosts = np.flatnonzero(is_host) if is_host.any() else np.arange(len(markets))
        return int(hosts[np.argmax(markets.weights[hosts])])
    row = markets.row(settings.market)
    if row is None:
        raise unknown("citizens.market: the market", settings.market, [LARGEST, *markets.names])
    return row


def citizens_in(settings: Citizens, low: int, high: int) -> np.ndarray:
    """uint64, rising: the citizens among the people [low, high), those with the lowest hashes; at
    least one, where there is anybody."""
    people = np.arange(low, high, dtype=np.uint64)
    if not len(people):
        return people
    lots = streams.draw(_of_nobody(streams.CITIZEN), people)
    n = int(rank_of_share(settings.share_of_public, float(len(people))))
    return people[np.sort(np.argsort(lots, kind="stable")[:n])]


def reachable(settings: Citizens, who: np.ndarray, p_present: np.ndarray, world_seed: np.uint64,
              day: int) -> np.ndarray:  # fmt: skip
    """bool: whom the partner knows and saw on one of the days before `day`; p_present: uint64,
    each person's threshold of being active on a day."""
    knows = _unit(streams.draw(_of_nobody(streams.PARTNER_ACCOUNT), who))
    seen = np.zeros(len(who), np.bool_)
    stem = streams.subkey(np.array([world_seed]), streams.PRESENCE ^ PARTNER)
    for one in range(day - DAYS_REMEMBERED, day):
        shift = np.array([one % 2**32], np.uint64) * streams.CAUSE_STEP
        bits = streams.draw(streams.mix(stem ^ shift), who)
        seen |= streams.high32(bits) < p_present
    return np.asarray(seen & (knows < settings.share_with_partner))


def read_hours(settings: Citizens, who: np.ndarray, crisis: float, after: float, every: float,
               n_attempts: int, world_seed: np.uint64) -> np.ndarray:  # fmt: skip
    """float64: the hour at which each of these people reads the notice, inf: never."""
    stem = streams.subkey(np.array([world_seed]), streams.NOTICE)
    hours = np.full(len(who), np.inf)
    for attempt in range(n_attempts):
        stream = streams.mix(stem ^ np.array([attempt], np.uint64) * streams.CAUSE_STEP)
        bits = streams.draw(stream, who)
        z = streams.normal(streams.mix(bits ^ streams.DELAY))
        wait = settings.median_delay_hours * np.exp(settings.delay_log_sd * z)
        arrives = np.isinf(hours) & (_unit(bits) < settings.p_delivered)
        hours[arrives] = attempt_hour(crisis, after, every, attempt) + wait[arrives]
    return hours


def _of_nobody(purpose: np.uint64) -> np.ndarray:
    """The stream of a trait that belongs to people in every world."""
    return streams.subkey(np.zeros(1, np.uint64), purpose)


def _unit(bits: np.ndarray) -> np.ndarray:
    return (bits >> U64(11)).astype(np.float64) * 2.0**-53
