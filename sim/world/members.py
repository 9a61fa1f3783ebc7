"""Who of the people is on which platform: the adoption table, and its column form.

    on platform f:   die(person, f) < 2^32 min(1, a(f, market) x age(f, band) x level(f))

The table names where a share holds by level; the narrowest one that fits a market decides: market,
then its language, then its region, then everywhere. Dice are keyed by (population, platform,
person), so that the same people are on the same platforms in every world, under every draw of the
parameters (mechanisms/platforms.py). The compiled form for one person is sim/engine/members.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.mechanisms.platforms import Platform
from sim.state import AGE_SHIFT
from sim.streams import (
    FEED_KIND,
    MEMBER,
    U64,
    draw,
    high32,
    name_hash,
    subkey,
)
from sim.vocabulary import AGE_BANDS
from sim.world.account_table import PLATFORMS
from sim.world.markets import REGIONS, Markets
from sim.world.table_checks import (
    Problems,
    Row,
    TooManyProblemsError,
    choice_cell,
    choose,
    number_cell,
    read_table,
)

LEVELS = ("everywhere", "region", "language", "market")  # the later one decides
REQUIRED = ("platform", "level", "where", "share")
OPTIONAL = ("kind", "source")
ALL_32 = 4_294_967_296.0


@dataclass(frozen=True)
class Members:
    """adoption: uint64[n_platforms, n_markets, 4] thresholds; keys, common: streams of the dice;
    overlap: 32-bit threshold; feed_keys, ranked_below: which feed a person has on a platform."""

    adoption: np.ndarray
    keys: np.ndarray
    common: np.uint64
    overlap: np.uint64
    feed_keys: np.ndarray
    ranked_below: np.ndarray

    def of(self, f: int, people: np.ndarray) -> np.ndarray | None:
        """uint32[n]: the people on platform f, rising; None: everybody, in a world of one."""
        if len(self.keys) == 1:
            return None
        who = np.arange(len(people), dtype=np.uint64)
        own = draw(self.keys[f], who)
        is_common = (own & U64(0xFFFFFFFF)) < self.overlap
        die = np.where(is_common, high32(draw(self.common, who)), high32(own))
        age = (people["flags"] >> AGE_SHIFT) & 3
        return np.flatnonzero(die < self.adoption[f, people["market"], age]).astype(np.uint32)

    def feeds(self, f: int, who: np.ndarray, feeds: np.ndarray) -> np.ndarray:
        """uint8[n]: the stratum of these people's feeds on platform f; feeds: PERSON.feed."""
        own = feeds[who]
        if f == 0:
            return np.asarray(own)
        ranked = high32(draw(self.feed_keys[f], who.astype(np.uint64))) < self.ranked_below[f]
        return np.asarray((own & 15) | np.where(ranked, 16, 0).astype(np.uint8))


def make_members(
    platforms: Sequence[Platform], table: Path | None, overlap: float,
    share_ranked: Sequence[float], markets: Markets, number: int,
) -> Members:  # fmt: skip
    """The dice and thresholds of all platforms; `number` says which population."""
    names = [one.name for one in platforms]
    keys = [subkey(name_hash("platform", name, number), MEMBER) for name in names]
    feed_keys = [subkey(name_hash("platform", name, number), FEED_KIND) for name in names]
    shares = np.ones((len(names), len(markets), len(AGE_BANDS)))
    if table is not None:
        base = read_adoption(table, markets, names)
        for f, one in enumerate(platforms):
            shares[f] = base[f][:, None] * np.array(one.rel_ages) * one.rel_adoption
    return Members(
        adoption=(np.clip(shares, 0.0, 1.0) * ALL_32).astype(np.uint64),
        keys=np.array(keys, np.uint64),
        common=np.uint64(subkey(name_hash("platforms", number), MEMBER)),
        overlap=np.uint64(overlap * ALL_32),
        feed_keys=np.array(feed_keys, np.uint64),
        ranked_below=(np.clip(share_ranked, 0.0, 1.0) * ALL_32).astype(np.uint64),
    )


def read_adoption(file: Path, markets: Markets, names: Sequence[str]) -> list[np.ndarray]:
    """float64[n_markets] for each platform: the share of the public that is on it."""
    table = read_table(file, REQUIRED, OPTIONAL, {})
    problems = Problems(str(file))
    found: dict[tuple[str, str, str], float] = {}
    try:
        for row in table.rows:
            _note(row, found, problems)
        for name in names:
            if (name, "everywhere", "everywhere") not in found:
                problems.add(None, "platform", name, "give it a row of level everywhere: "
                             f"{name},everywhere,everywhere,0.3")  # fmt: skip
    except TooManyProblemsError:
        pass
    problems.tell()
    return [np.array([_share(found, name, market, markets) for market in range(len(markets))])
            for name in names]  # fmt: skip


def _note(row: Row, found: dict[tuple[str, str, str], float], problems: Problems) -> None:
    """One checked row of the table."""
    platform = choice_cell(row, "platform", PLATFORMS, problems)
    level = choice_cell(row, "level", LEVELS, problems)
    where = row.get("where")
    share = number_cell(row, "share", 0.0, 1.0, problems)
    if not row.get("share"):
        problems.add(row.number, "share", "", "give a share between 0 and 1")
    if level == "region":
        where = choose(row, "where", where, REGIONS, problems)
    if level == "everywhere" and where != "everywhere":
        problems.add(row.number, "where", where, "everywhere, since the level is")
    if (platform, level, where) in found:
        problems.add(row.number, "where", where, f"{platform} has a row for it already")
    found[platform, level, where] = share


def _share(found: dict[tuple[str, str, str], float], platform: str, market: int,
           markets: Markets) -> float:  # fmt: skip
    """The share of the narrowest level that names a market."""
    places = (
        "everywhere", markets.region_names[markets.regions[market]],
        markets.languages[markets.language_of[market]], markets.names[market],
    )  # fmt: skip
    known = [found[platform, level, where]
             for level, where in zip(LEVELS, places, strict=True)
             if (platform, level, where) in found]  # fmt: skip
    return known[-1]
