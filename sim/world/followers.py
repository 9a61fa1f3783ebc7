"""Who follows the accounts when the warm-up starts, on each of their platforms.

A mission's followers live in its host market, at home, and elsewhere, by shares that hold as far as
the markets are large enough; headquarters' live at home and abroad, a multilateral mission's
everywhere. Places inside a market are stratified, so that nobody is drawn twice, and tilted towards
those who favour the account's side. Each follow has an age; the interest of an old one may be gone
(mechanisms/following). Followers beyond the people there are count as dormant. On a platform only
the people who are on it follow (world/members.py); two presences of one account draw their
followers apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.mechanisms.following import (
    NEVER,
    Following,
    exit_days,
    mean_days_following,
    mean_days_interested,
)
from sim.state import FOLLOWER
from sim.streams import ACCOUNT_FOLLOWER, INTEREST, draw, name_hash, subkey, uniform
from sim.vocabulary import KINDS, OURS, RIVAL
from sim.world.accounts import Accounts
from sim.world.markets import Markets
from sim.world.members import Members
from sim.world.population import Population

MONTHS_PER_YEAR = 12.0
AGE = name_hash("follower", "age")
BOREDOM = name_hash("follower", "boredom")


@dataclass(frozen=True)
class Stock:
    """The followers of one presence: interested (sorted by person), bored, and dormant."""

    active: np.ndarray  # FOLLOWER[n]
    bored: np.ndarray  # FOLLOWER[n]; last_day: the day they leave
    n_dormant: int


def split_by_place(kind: int, n: int, market: int, home: int, sizes: np.ndarray,
                   settings: Following) -> dict[int, int]:  # fmt: skip
    """{market (or -1: anywhere): number of followers to draw there}."""
    name = KINDS[kind]
    shares = {"headquarters": (0.0, 0.5), "multilateral": (0.0, settings.share_home),
              "media": (0.9, 0.0), "rival": (0.6, 0.0), "ally": (0.6, 0.0)}.get(
                  name, (settings.share_host, settings.share_home))  # fmt: skip
    host, own = shares
    if name == "official":
        host, own = 0.0, 0.5
    parts: dict[int, int] = {}
    for place, share in ((market, host), (home, own)):
        fits = min(int(n * share), int(sizes[place]) // 2)
        if fits:
            parts[place] = min(parts.get(place, 0) + fits, int(sizes[place]))
    parts[-1] = n - sum(parts.values())
    return parts


def _draw_places(low: int, size: int, n: int, tilt: float, stream: np.uint64) -> np.ndarray:
    """uint32[<= n]: different people of [low, low + size), tilted towards its upper end."""
    k = np.arange(n, dtype=np.uint64)
    u = (k.astype(np.float64) + uniform(draw(stream, k))) / max(n, 1)
    if tilt != 0.0:
        u = u ** (1.0 / (1.0 + tilt)) if tilt > 0 else 1.0 - (1.0 - u) ** (1.0 / (1.0 - tilt))
    return distinct(np.minimum(low + (u * size).astype(np.int64), low + size - 1)).astype("u4")


def distinct(rising: np.ndarray) -> np.ndarray:
    """Each value of a rising array once (np.unique hashes, which takes ten times as long here)."""
    return rising[np.diff(rising, prepend=-1) != 0] if len(rising) else rising


def _draw_people(row: int, hash_of: np.uint64, accounts: Accounts, markets: Markets,
                 population: Population, settings: Following, n: int,
                 members: np.ndarray | None) -> np.ndarray:  # fmt: skip
    """uint32[<= n], rising: the people who follow this account, dormant ones left out; of
    `members`, rising, where not everybody is on the platform."""
    starts = population.market_start
    if members is not None:
        starts = np.searchsorted(members, starts)
    n_people = int(starts[-1])
    sizes = np.diff(starts)
    side = accounts.sides[row]
    sign = 1.0 if side == OURS else (-1.0 if side == RIVAL else 0.0)
    stream = subkey(hash_of, ACCOUNT_FOLLOWER)
    found = []
    parts = split_by_place(int(accounts.kinds[row]), min(n, n_people),
                           int(accounts.markets[row]), markets.home, sizes, settings)  # fmt: skip
    for place, count in parts.items():
        anywhere = place < 0
        low = 0 if anywhere else int(starts[place])
        size = n_people if anywhere else int(sizes[place])
        own = subkey(stream, name_hash("place", "anywhere" if anywhere else markets.names[place]))
        tilt = 0.0 if anywhere else sign * settings.favourable_tilt
        found.append(_draw_places(low, size, count, tilt, own))
    who = distinct(np.sort(np.concatenate(found), kind="stable"))
    return who if members is None else members[who]


def draw_stock(q: int, hash_of: np.uint64, accounts: Accounts, markets: Markets,
               population: Population, settings: Following, scale: float, members: Members,
               people: np.ndarray, there: np.ndarray | None) -> Stock:  # fmt: skip
    """The followers of presence q at hour 0 under these parameters.

    hash_of: names its luck; scale: modelled people per reader (1: one to one); there: uint32, who
    is on its platform (None: everybody)."""
    presences = accounts.presences
    n_total = max(1, round(float(presences.n_followers[q]) * scale))
    known = float(presences.dormant_shares[q])
    dormant = settings.share_dormant if np.isnan(known) else known
    n_looking = n_total - round(n_total * dormant)
    row = int(presences.accounts[q])
    who = _draw_people(row, hash_of, accounts, markets, population, settings, n_looking, there)
    stream = subkey(hash_of, INTEREST)
    ids = who.astype(np.uint64)
    years = float(presences.joined_years[q])
    years = settings.mean_age_years if np.isnan(years) else years
    age = -np.log(1.0 - uniform(draw(stream ^ AGE, ids))) * years * MONTHS_PER_YEAR
    still = np.exp2(-age / settings.interest_half_life_months)
    is_bored = uniform(draw(stream ^ BOREDOM, ids)) >= still
    bored_after, leave = exit_days(
        hash_of, ids,
        mean_days_interested(settings.interest_half_life_months),
        mean_days_following(settings.churn_per_month),
    )  # fmt: skip
    records = np.zeros(len(who), FOLLOWER)
    records["who"] = who
    records["visit"] = population.ranks["visit"][who]
    records["feed"] = members.feeds(int(presences.platforms[q]), who, people["feed"])
    last = np.where(is_bored, leave, np.minimum(leave, bored_after))
    records["last_day"] = np.minimum(np.floor(last), NEVER).astype(np.uint16)
    return Stock(records[~is_bored], records[is_bored], n_total - len(who))
