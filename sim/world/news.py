"""The news of a world: all its events, named by their genealogy.

A branching process, generation by generation. Generation 0: in each market the gaps between events
are exponential in a clock that runs fast by day (peak 13 h local) and slow by night; the k-th event
of a market is named hash(world, market, k). A user's calendar and crisis join them. Then every
event has Poisson(b) children, the j-th named hash(parent, j), after an exponential delay. All dice
of an event are drawn from its name: no event depends on how many others there are, a longer run
begins with the shorter one, and without a market the events that neither happen in it nor descend
from it stay as they are. The market of a child that happens elsewhere in the region is chosen by
the lowest hash(child, market) (rendezvous hashing, Thaler & Ravishankar 1998) for that reason.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim import streams
from sim.mechanisms import news as laws
from sim.mechanisms.news import Bursts, Quiet, Steady
from sim.state import EVENT
from sim.vocabulary import TOPICS

if TYPE_CHECKING:
    from sim.world.markets import Markets

U64 = np.uint64
# which of an event's dice: the `who` of a draw from its own stream; children follow after 64.
# Arrays of one, because numpy warns when a single integer wraps round, as hashes must.
GAP, N_CHILDREN, ELSEWHERE, SAME_TOPIC, TOPIC, SEVERITY, SCOPE, VALENCE, FORESEEN, LEAD = (
    np.array([i], np.uint64) for i in range(10)
)
FIRST_CHILD = U64(64)
MARKET, REGION, WORLD = 0, 1, 2  # indices into SCOPES
PEAK_LOCAL_HOUR = 13.0
CRISIS = streams.name_hash("crisis")
SPIN_UP = 10.0  # time constants of the process before hour 0, so that it starts in its steady state


def make_events(
    settings: Quiet,
    markets: Markets,
    world_seed: np.uint64,
    n_hours: float,
    calendar: np.ndarray | None = None,
    crisis: float | None = None,
) -> np.ndarray:
    """EVENT[n], sorted by (hour, key), all hours in [0, n_hours).

    calendar: EVENT rows of sim.world.calendar.read_calendar; crisis: the hour of one surprise.
    """
    known = [] if calendar is None else [_rekeyed(calendar, world_seed)]
    if crisis is not None:
        known.append(_crisis(settings, markets, world_seed, crisis))
    generation = np.concatenate([np.zeros(0, EVENT), *known])
    if isinstance(settings, Steady):
        born = _immigrants(settings, markets, world_seed, n_hours)
        generation = np.concatenate([generation, born])
    tree = [generation]
    if isinstance(settings, Bursts) and settings.branching > 0:
        for _ in range(settings.max_generations):
            generation = _children(settings, markets, tree[-1], n_hours)
            if not len(generation):
                break
            tree.append(generation)
    events = np.concatenate(tree)
    events = events[(events["hour"] >= 0.0) & (events["hour"] < n_hours)]
    return np.asarray(events[np.lexsort((events["key"], events["hour"]))])


def affected(event: np.void, markets: Markets, spill: float) -> tuple[np.ndarray, np.ndarray]:
    """Where an event is heard: rows of Markets (int64) and weights (1 at home, spill elsewhere)."""
    home = int(event["market"])
    if event["scope"] == MARKET:
        return np.array([home]), np.ones(1)
    if event["scope"] == REGION:
        rows = np.flatnonzero(markets.regions == markets.regions[home])
    else:
        rows = np.arange(len(markets.names))
    return rows, np.where(rows == home, 1.0, spill)


def _market_hashes(markets: Markets) -> np.ndarray:
    return np.array([streams.name_hash("market", name) for name in markets.names], np.uint64)


def _dice(keys: np.ndarray, which: np.ndarray) -> np.ndarray:
    """float64 in (0, 1) per event: one of its dice."""
    bits = streams.draw(streams.subkey(keys, streams.NEWS), which)
    return (bits >> U64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54


def _scores(keys: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Standard normal per event: one of its dice."""
    return streams.normal(streams.draw(streams.subkey(keys, streams.NEWS), which))


def _immigrants(
    settings: Steady, markets: Markets, world_seed: np.uint64, n_hours: float
) -> np.ndarray:
    branching, delay = _branching(settings)
    rate = laws.immigrant_rate(settings.events_per_market_week, branching)
    if rate <= 0.0:
        return np.zeros(0, EVENT)
    lead_in = 24.0 * math.ceil(SPIN_UP * delay / (1.0 - branching) / 24.0)
    span = n_hours + lead_in
    hashes = _market_hashes(markets)
    seeds = np.full(len(hashes), world_seed)
    roots = streams.key(seeds, streams.NEWS, hashes, np.zeros_like(hashes))
    n = math.ceil(rate * span + 6.0 * math.sqrt(rate * span)) + 8
    while True:
        keys = streams.draw(roots[:, None], np.arange(n, dtype=np.uint64)[None, :])
        clock = np.cumsum(-np.log(_dice(keys, GAP)) / rate, axis=1)
        if clock[:, -1].min() > span + 24.0:
            break
        n *= 2
    offsets = np.asarray(markets.utc_offsets, np.float64)[:, None]
    hours = by_day(clock, offsets, settings.rhythm_ratio) - lead_in
    inside = hours < n_hours
    rows = np.broadcast_to(np.arange(len(hashes))[:, None], hours.shape)
    events = np.zeros(int(inside.sum()), EVENT)
    events["key"], events["hour"], events["market"] = keys[inside], hours[inside], rows[inside]
    p = laws.p_foreseeable_immigrant(settings.share_foreseeable, branching)
    foreseen = _dice(events["key"], FORESEEN) < p
    lead = settings.lead_days * np.exp(settings.lead_log_sd * _scores(events["key"], LEAD))
    events["foreseeable"] = foreseen
    events["hour_known"] = events["hour"] - np.where(foreseen, 24.0 * lead, 0.0)
    _furnish(settings, events, _fresh_topics(settings, events["key"]), 0.0)
    return events


def _children(
    settings: Bursts, markets: Markets, parents: np.ndarray, n_hours: float
) -> np.ndarray:
    counts = _poisson(_dice(parents["key"], N_CHILDREN), settings.branching)
    parent = np.repeat(parents, counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    ordinals = (np.arange(len(parent)) - first).astype(np.uint64) + FIRST_CHILD
    keys = streams.draw(streams.subkey(parent["key"], streams.NEWS), ordinals)
    hours = parent["hour"] - settings.delay_hours * np.log(_dice(keys, GAP))
    soon = hours < n_hours
    parent, keys, hours = parent[soon], keys[soon], hours[soon]
    events = np.zeros(len(keys), EVENT)
    events["key"], events["hour"], events["hour_known"] = keys, hours, hours
    away = _dice(keys, ELSEWHERE) < settings.p_elsewhere
    events["market"] = _places(markets, keys, parent["market"], away)
    same = _dice(keys, SAME_TOPIC) < settings.p_same_topic
    topics = np.where(same, parent["topic"], _fresh_topics(settings, keys))
    spread = max(settings.valence_sd, 1e-12)
    inherited = settings.valence_memory * (parent["valence"] - settings.valence_mean) / spread
    _furnish(settings, events, topics, inherited)
    return events


def _furnish(
    settings: Steady, events: np.ndarray, topics: np.ndarray, inherited: np.ndarray | float
) -> None:
    """Topic, severity, scope and valence of events that have a name, an hour and a market."""
    keys = events["key"]
    low, high, tail = settings.severity_min, settings.severity_max, settings.severity_tail
    severity = laws.pareto(_dice(keys, SEVERITY), low, high, tail)
    mean = laws.pareto_mean(low, high, tail)
    far = _dice(keys, SCOPE)
    p_world = laws.p_scope(settings.p_world, severity, mean)
    p_region = laws.p_scope(settings.p_region, severity, mean)
    memory = settings.valence_memory if isinstance(settings, Bursts) else 0.0
    fresh = 1.0 if isinstance(inherited, float) else math.sqrt(1.0 - memory**2)
    mood = inherited + fresh * _scores(keys, VALENCE)
    events["topic"], events["severity"] = topics, severity
    events["scope"] = np.where(far < p_world, WORLD, np.where(far < p_world + p_region, REGION, 0))
    events["valence"] = np.clip(settings.valence_mean + settings.valence_sd * mood, -1.0, 1.0)


def by_day(clock: np.ndarray, offsets: np.ndarray, ratio: float) -> np.ndarray:
    """Hours at which a clock that runs as 1 + a cos(local hour - peak) shows the given values.

    peak / trough = ratio. Inverted on a grid of five minutes of the local day, linear between.
    """
    swing = (ratio - 1.0) / (ratio + 1.0)
    grid = np.linspace(0.0, 24.0, 289)
    turn = math.pi / 12.0
    start = math.sin(-PEAK_LOCAL_HOUR * turn)
    shown = grid + swing / turn * (np.sin((grid - PEAK_LOCAL_HOUR) * turn) - start)
    local = np.mod(offsets, 24.0)
    reading = clock + np.interp(local, grid, shown)
    days = np.floor(reading / 24.0)
    return 24.0 * days + np.interp(reading - 24.0 * days, shown, grid) - local


def _places(markets: Markets, keys: np.ndarray, home: np.ndarray, away: np.ndarray) -> np.ndarray:
    """Rows of Markets: home, or for those away the lowest hash among the region's other markets."""
    rows = home.astype(np.int64)
    hashes = _market_hashes(markets)
    regions = np.asarray(markets.regions)
    for region in np.unique(regions):
        inside = np.flatnonzero(regions == region)
        moving = np.flatnonzero(away & (regions[home] == region))
        if len(inside) < 2 or not len(moving):
            continue
        lots = streams.draw(keys[moving, None], hashes[None, inside])
        lots[inside[None, :] == rows[moving, None]] = np.iinfo(np.uint64).max
        rows[moving] = inside[np.argmin(lots, axis=1)]
    return rows


def _fresh_topics(settings: Steady, keys: np.ndarray) -> np.ndarray:
    weights = np.cumsum(settings.topic_weights)
    drawn = np.searchsorted(weights / weights[-1], _dice(keys, TOPIC), side="right")
    return np.minimum(drawn, len(TOPICS) - 1)


def _poisson(rank: np.ndarray, mean: float) -> np.ndarray:
    """Counts at ranks in (0, 1): the inverse of the Poisson distribution, mean below 1."""
    terms = mean ** np.arange(40) * math.exp(-mean)
    terms /= np.array([math.factorial(k) for k in range(40)], np.float64)
    return np.searchsorted(np.cumsum(terms), rank, side="right")


def _branching(settings: Steady) -> tuple[float, float]:
    if isinstance(settings, Bursts):
        return settings.branching, settings.delay_hours
    return 0.0, 0.0


def crisis_row(events: np.ndarray, world_seed: np.uint64) -> int:
    """The row of the crisis in the news of a world that has one."""
    seed = np.array([world_seed])
    key = streams.key(seed, streams.NEWS, np.array([CRISIS]), np.zeros_like(seed))
    return int(np.flatnonzero(events["key"] == key)[0])


def _rekeyed(calendar: np.ndarray, world_seed: np.uint64) -> np.ndarray:
    """The calendar's events under this world's seed: known dates, fresh luck."""
    events = calendar.copy()
    seeds = np.full(len(events), world_seed)
    events["key"] = streams.key(seeds, streams.NEWS, calendar["key"], np.zeros_like(seeds))
    return events


def _crisis(settings: Quiet, markets: Markets, world_seed: np.uint64, hour: float) -> np.ndarray:
    """One surprise in the whole world, on security, at the ministry's home."""
    event = np.zeros(1, EVENT)
    event["key"] = CRISIS
    event["hour"] = event["hour_known"] = hour
    event["topic"], event["scope"] = TOPICS.index("security"), WORLD
    event["market"] = markets.home
    event["severity"], event["valence"] = settings.crisis_severity, settings.crisis_valence
    return _rekeyed(event, world_seed)
