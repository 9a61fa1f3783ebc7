"""A world at hour 0: people, accounts and followers as this draw of the parameters makes them.

    world = (root seed, parameter draw, replicate)

The population is shared (cached, memory-mapped); its people, the followers, the news and all luck
belong to the world. Everything here is the same for every arm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from sim.engine.tables import Tables
from sim.engine.ties import count_follows, place_lists
from sim.loading.contamination import p_boosted
from sim.loading.manner import comment_numbers, with_manner
from sim.loading.tables import (
    Viewers,
    make_parameters,
    make_tables,
    normalised,
    reference_rows,
    with_languages,
)
from sim.loading.tags import n_tags, tag_numbers, with_tags
from sim.mechanisms.circumstance import LateEntrants
from sim.mechanisms.core import mean_core_shares
from sim.mechanisms.decay import lasting_hours, parts_of
from sim.mechanisms.people import N_FEED_STRATA, N_VISIT_STRATA
from sim.mechanisms.platforms import SeveralPlatforms
from sim.mechanisms.ranking import RankedFeed
from sim.mechanisms.visibility import p_seen
from sim.paths import find_table
from sim.scenario import Scenario
from sim.state import (
    ACCOUNT,
    AGE_SHIFT,
    CLAIM,
    COUNTERS,
    EVENT,
    FALSE,
    FOLLOWER,
    LIVE,
    MET,
    PRESENCE,
    REPLY_DESK,
    SECOND_LANGUAGE,
    SPEECH,
    TAG,
    State,
    aligned_zeros,
    joined,
    memories_of,
)
from sim.streams import CORE, draw, name_hash, subkey, uniform, world_seed
from sim.vocabulary import AGE_BANDS, KINDS, SIDES, TOPICS
from sim.world.accounts import Accounts, load_network
from sim.world.calendar import read_calendar
from sim.world.entrants import with_entrants
from sim.world.followers import draw_stock
from sim.world.heads import with_problems
from sim.world.markets import Markets
from sim.world.members import Members, make_members
from sim.world.news import make_events
from sim.world.people import load_people
from sim.world.population import Population, cached

ABROAD = ("headquarters", "multilateral", "official")  # whose public is every host market
NOON = 12.0  # UTC hour at which a crisis breaks
MISSIONS = ("mission", "multilateral")


@dataclass(frozen=True)
class World:
    """What all arms of one world share."""

    seed: np.uint64
    markets: Markets
    accounts: Accounts
    population: Population
    events: np.ndarray  # state.EVENT
    parameters: np.ndarray  # PARAMETERS[n_platforms]
    tables: Tables
    is_host: np.ndarray  # bool[n_markets]: a host public of the ministry
    n_listed: int  # events of the list; those behind them were started by posts during the run

    def with_news(self, news: np.ndarray) -> World:
        """The same world with one more event (EVENT[1]) behind all others."""
        return replace(self, events=joined([self.events, news], EVENT))


@np.errstate(over="ignore")  # hashes wrap round
def load_world(scenario: Scenario, draw_number: int, replicate: int,
               entrants: LateEntrants | None = None) -> tuple[World, State]:  # fmt: skip
    """The world and its state at hour 0 under the scenario's world settings; `entrants`: accounts
    that will speak in some arm, silent until then."""
    settings = scenario.settings
    seed = world_seed(settings.seed, f"{draw_number}/{replicate}")
    markets, accounts = load_network(scenario.network, *scenario.platform_names)
    accounts = with_problems(accounts, scenario.heads)
    number = draw_number % scenario.audience.populations
    population = cached(scenario.audience.n_people, markets.weights, scenario.graph, number)
    n_hours = 24 * (settings.warmup_days + settings.days)
    events = make_world_events(scenario, markets, seed, n_hours)
    is_host = host_markets(accounts, markets)
    if entrants is not None:
        accounts = with_entrants(accounts, markets, is_host, entrants)
    feeds = [one.feed for one in scenario.all_platforms]
    ranked = [feed.share_ranked if isinstance(feed, RankedFeed) else 0.0 for feed in feeds]
    people = load_people(population, scenario.people, ranked[0], markets, is_host)
    members = load_members(scenario, ranked, markets, number)
    tables = make_tables(scenario, markets, population.market_start, accounts, members)
    ages = np.bincount((people["flags"][:100_000] >> AGE_SHIFT) & 3, minlength=len(AGE_BANDS))
    reference = reference_rows(scenario, accounts)
    tables = normalised(tables, accounts, reference, ages / ages.sum())
    state = empty_state(scenario, accounts, markets, people)
    scale = scenario.follower_scale
    there = [members.of(f, people) for f in range(len(ranked))]
    stocks = [
        draw_stock(
            q, record["hash"], accounts, markets, population, scenario.following, scale, members,
            people, there[record["platform"]],
        )
        for q, record in enumerate(state.presences)
    ]  # fmt: skip
    for record, stock in zip(state.presences, stocks, strict=True):
        record["n_dormant"] = stock.n_dormant
        record["n_followers"] = len(stock.active) + len(stock.bored) + stock.n_dormant
        account = state.accounts[record["account"]]
        for name in ("n_dormant", "n_followers"):
            account[name] += record[name]
    actives, boreds = [stock.active for stock in stocks], [stock.bored for stock in stocks]
    state = place_lists(state, actives, boreds)
    count_follows(state)
    set_cores(state, scenario, scale)
    parameters = make_parameters(
        scenario, seed, accounts, views_per_share(population, tables, scenario),
        1.0 if at_rest(scenario) else mean_attention(events, scenario, n_hours, markets),
        usual_viewers(accounts, reference, people, actives), members,
    )  # fmt: skip
    tables = with_languages(tables, parameters)
    tables = with_manner(tables, scenario, accounts, markets, ages / ages.sum())
    tables = tables._replace(p_boosted=p_boosted(scenario.contamination, accounts))
    tables = with_tags(tables, scenario.tags, people, len(markets), seed)
    parameters["home"] = markets.home
    for numbers in (comment_numbers(scenario.comments), tag_numbers(scenario.tags)):
        for name, value in numbers.items():
            parameters[name] = value
    world = World(
        seed, markets, accounts, population, events, parameters, tables, is_host, len(events)
    )
    return world, state


def at_rest(scenario: Scenario) -> bool:
    """Whether attention to topics stays at rest, whatever the news: a diagnostic."""
    return scenario.settings.fair == "attention"


def felt_of(news: np.ndarray, scenario: Scenario) -> np.ndarray:
    """News as the public feels it; accounts see it as it is."""
    felt = news
    if at_rest(scenario):
        felt = felt.copy()
        felt["severity"] = 0.0
    return felt


def load_members(scenario: Scenario, ranked: Sequence[float], markets: Markets,
                 number: int) -> Members:  # fmt: skip
    """Who is on which platform in population `number`."""
    several = scenario.platforms
    table, overlap = None, 0.0
    if isinstance(several, SeveralPlatforms):
        table, overlap = find_table(several.adoption, "platforms.adoption"), several.overlap
    return make_members(scenario.all_platforms, table, overlap, ranked, markets, number)


def presence_records(accounts: Accounts) -> np.ndarray:
    """PRESENCE[n]: nobody follows yet. On the main platform an account's luck is that of its name,
    elsewhere that of its name and the platform's."""
    presences = accounts.presences
    records = np.zeros(len(presences), PRESENCE)
    records["account"], records["platform"] = presences.accounts, presences.platforms
    platforms = np.array([name_hash("platform", name) for name in accounts.platforms], np.uint64)
    own = accounts.hashes[presences.accounts]
    elsewhere = subkey(own, platforms[presences.platforms])
    records["hash"] = np.where(presences.platforms == 0, own, elsewhere)
    return records


def make_world_events(scenario: Scenario, markets: Markets, seed: np.uint64,
                      n_hours: int) -> np.ndarray:  # fmt: skip
    """The news of the world, known events and a crisis included."""
    settings = scenario.settings
    known = None
    if settings.calendar is not None:
        path = find_table(settings.calendar, "calendar")
        known = read_calendar(
            path, markets, settings.start, settings.warmup_days, settings.days
        ).events  # fmt: skip
    crisis = None
    if settings.crisis is not None:
        crisis = 24.0 * ((settings.crisis - settings.start).days + settings.warmup_days) + NOON
    return make_events(scenario.news, markets, seed, n_hours, known, crisis)


def host_markets(accounts: Accounts, markets: Markets) -> np.ndarray:
    """bool[n_markets]: markets abroad in which the ministry has a mission."""
    kinds = [KINDS.index(kind) for kind in MISSIONS]
    has_mission = np.isin(accounts.kinds, kinds)
    is_host = np.zeros(len(markets), bool)
    is_host[accounts.markets[has_mission]] = True
    is_host[markets.home] = False
    return is_host


def usual_viewers(accounts: Accounts, reference: np.ndarray, people: np.ndarray,
                  actives: list[np.ndarray]) -> Viewers:  # fmt: skip
    """The mean viewer of the posts of the reference rows at hour 0."""
    rows = [row for row in np.flatnonzero(reference) if len(actives[row])]
    if not rows:
        return Viewers(0.0, 1.0, 1.0, 1.0)
    who = np.concatenate([actives[row]["who"] for row in rows])
    n = np.array([len(actives[row]) for row in rows])
    weight = np.repeat(accounts.posts_per_week[rows], n)
    weight = weight / max(weight.sum(), 1e-12)
    s = people["favourability"][who].astype(np.float64)
    mean = float(weight @ s)
    is_first = people["language"][who] == np.repeat(accounts.languages[rows], n)
    reads = (people["language"][who] == 0) | (people["flags"][who] & SECOND_LANGUAGE != 0)
    sd = float(np.sqrt(weight @ (s - mean) ** 2))
    return Viewers(mean, sd, float(weight @ is_first), float(weight @ reads))


def views_per_share(population: Population, tables: Tables, scenario: Scenario) -> float:
    """Mean views that one re-share brings: followers of sharers times the chance of a view."""
    sample = min(population.n_people, 200_000)
    n_friends = np.diff(population.friends_start[: sample + 1])
    visit = population.ranks["visit"][:sample].astype(np.int64)
    weight = tables.visit_rates[visit] * tables.p_present[visit].astype(np.float64)
    present = tables.p_present[:32].astype(np.float64) / 2.0**32
    seen = np.array([[p_seen(rate, burial) for burial in tables.burial[:N_FEED_STRATA]]
                     for rate in tables.visit_rates[:N_VISIT_STRATA]])  # fmt: skip
    p_view = scenario.visibility.selection_friends * float((present[:, None] * seen).mean())
    return max(float(weight @ n_friends / weight.sum()) * p_view, 1e-6)


def mean_attention(events: np.ndarray, scenario: Scenario, n_hours: int, markets: Markets) -> float:
    """Long-run mean of attention to a topic in a market, which rests at 1."""
    lasting = lasting_hours(scenario.decay, scenario.news.attention_half_life, n_hours)
    per_region = np.bincount(markets.regions, minlength=len(markets.region_names))
    heard = np.ones(len(events))
    others = np.where(events["scope"] == 1, per_region[markets.regions[events["market"]]] - 1, 0)
    others = np.where(events["scope"] == 2, len(markets) - 1, others)
    heard += scenario.news.spill * others
    total = float((events["severity"].astype(np.float64) * heard).sum()) * lasting
    return 1.0 + total / (n_hours * len(markets) * len(TOPICS))


def n_lingering(scenario: Scenario) -> int:
    """In how many parts attention passes beside itself: none where it does so exponentially."""
    return len(parts_of(scenario.decay, scenario.news.attention_half_life)[0])


def empty_state(scenario: Scenario, accounts: Accounts, markets: Markets,
                people: np.ndarray) -> State:  # fmt: skip
    """A state in which nobody follows anybody and nothing has been posted."""
    n_accounts = len(accounts)
    table = np.zeros(n_accounts, ACCOUNT)
    table["hash"] = accounts.hashes
    records = presence_records(accounts)
    table["usual"] = accounts.posts_per_week / 7.0
    table["market"], table["side"] = accounts.markets, accounts.sides
    table["target"] = np.isin(accounts.kinds, [KINDS.index(kind) for kind in ABROAD])
    zeros = np.zeros(len(records), np.int64)
    return State(
        people=people, memory=memories_of(people),
        reached=np.zeros((n_accounts, (len(people) + 7) // 8), np.uint8), accounts=table,
        presences=records, posts=aligned_zeros(1_024, LIVE),
        followers=np.zeros(0, FOLLOWER), f_start=zeros,
        f_n=zeros.copy(), f_sorted=zeros.copy(), f_room=zeros.copy(),
        bored=np.zeros(0, FOLLOWER), b_start=zeros.copy(), b_n=zeros.copy(),
        attention=np.ones((len(markets), len(TOPICS))),
        readiness=np.ones((len(markets), len(TOPICS))),
        lingering=np.zeros((n_lingering(scenario), len(markets), len(TOPICS))),
        voice=np.zeros((len(SIDES), len(markets), len(TOPICS)), np.int64),
        claims=np.zeros(2, CLAIM),
        noticed=np.zeros(0, np.float32),
        follows=np.zeros(len(people) if scenario.following.capacity > 0 else 0, np.uint16),
        speech=aligned_zeros(1_024, SPEECH), reply_desks=np.zeros(n_accounts, REPLY_DESK),
        met=aligned_zeros(1_024, MET),
        false=np.zeros(0, FALSE), tags=np.zeros(n_tags(scenario.tags), TAG),
        counters=np.zeros(len(COUNTERS), np.int64),
    )  # fmt: skip


def set_cores(state: State, scenario: Scenario, scale: float) -> None:
    """Expected core shares of every presence; followers count as in the table, unscaled."""
    core = scenario.core
    with np.errstate(over="ignore"):
        for record in state.presences:
            u = uniform(draw(subkey(record["hash"], CORE), name_hash("size")))
            z = float(ndtri(min(max(float(u), 1e-6), 1.0 - 1e-6)))
            record["core_mean"] = mean_core_shares(
                record["n_followers"] / scale, core.mean_shares, core.follower_exponent,
                core.log_sd, z,
            )  # fmt: skip
