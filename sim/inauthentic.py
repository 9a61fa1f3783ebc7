"""Inauthentic counts, observed beside the authentic ones (mechanisms/contamination).

False reactions are those that stand, when the run ends, on posts of the measured time; false
followers those shown when it begins and when it ends. Nothing here touches an authentic count:
`with_inauthentic` gives every measure once more as a reader of the platform's own counters would.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.base import Engine
from sim.loading.contamination import served
from sim.loading.world import World
from sim.measures import WITH_INAUTHENTIC
from sim.mechanisms.contamination import (
    Clean,
    Inflated,
    false_count,
    false_followers,
    hours_until_half_removed,
    removed,
    still_there,
    wrongly_flagged,
)
from sim.mechanisms.following import HOURS_PER_MONTH
from sim.vocabulary import AMPLIFICATION, COPY, OURS, SIDES


class FalseCounts(NamedTuple):
    """int64[n_accounts] each; all zero in a clean world."""

    shares: np.ndarray
    likes: np.ndarray
    removed: np.ndarray  # false shares and likes taken down so far
    followers_start: np.ndarray
    followers_end: np.ndarray
    per_post: np.ndarray  # int64[n_posts]: false shares now


def false_counts(engine: Engine, world: World, followers: np.ndarray, since: int,
                 contamination: Clean | Inflated) -> FalseCounts:  # fmt: skip
    """What stands beside the authentic counts now; `followers`: authentic ones at hour `since`."""
    n_accounts, n_posts = len(world.accounts), len(engine.posts)
    none = np.zeros(n_accounts, np.int64)
    if isinstance(contamination, Clean):
        return FalseCounts(none, none, none, none, none, np.zeros(n_posts, np.int64))
    per_post, likes, gone = _of_posts(engine, since)
    account = engine.posts["account"].astype(np.int64)
    ends = [_false_stock(engine.hour - since if last else 0, followers, world, contamination)
            for last in (False, True)]  # fmt: skip
    by_account = [np.bincount(account, values, minlength=n_accounts).astype(np.int64)
                  for values in (per_post, likes, gone)]  # fmt: skip
    return FalseCounts(by_account[0], by_account[1], by_account[2], ends[0], ends[1], per_post)


def _of_posts(engine: Engine, since: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """int64[n_posts] each: false shares and likes there now, and both together taken down."""
    posts, p = engine.posts, engine.parameters[0]
    shares, likes, gone = (np.zeros(len(posts), np.int64) for _ in range(3))
    bought = engine.state.false["bought"][: len(posts)]
    for i in np.flatnonzero((bought > 0) & (posts["hour"] >= since)):
        age = max(float(engine.hour) - float(posts["hour"][i]), 0.0)
        times = (age, p["false_arrival"], p["false_removal"], p["false_recall"])
        there, taken_down, n = still_there(*times), removed(*times), float(bought[i])
        some = float(engine.parameters[posts["platform"][i]]["resharing"])  # else there are none
        shares[i] = false_count(n, some, there)
        likes[i] = false_count(n, p["false_likes"], there)
        gone[i] = false_count(n, some + p["false_likes"], taken_down)
    return shares, likes, gone


def _false_stock(hours: int, followers: np.ndarray, world: World,
                 contamination: Inflated) -> np.ndarray:  # fmt: skip
    """int64[n_accounts]: false followers so many hours after measuring began."""
    months = hours / HOURS_PER_MONTH
    lasting = contamination.removal_days * 24.0 / HOURS_PER_MONTH
    chosen = served(contamination, world.accounts)
    return np.array([
        false_followers(float(n), contamination.rel_followers,
                        contamination.rel_followers_per_month, months, lasting,
                        contamination.recall) if serves else 0
        for n, serves in zip(followers.tolist(), chosen, strict=True)
    ], dtype=np.int64)  # fmt: skip


def with_inauthentic(values: dict[tuple[str, str], float], engine: Engine, world: World,
                     since: int, false: FalseCounts, contamination: Clean | Inflated
                     ) -> dict[tuple[str, str], float]:  # fmt: skip
    """Every measure with false counts in it, and what of the counts of each side is false."""
    if isinstance(contamination, Clean):
        return {}
    ours, posts = world.accounts.sides == OURS, engine.posts
    mine = (posts["side"] == OURS) & (posts["hour"] >= since)
    mine &= (posts["kind"] != AMPLIFICATION) & (posts["kind"] != COPY)
    shown = posts["n_shares"][mine] + false.per_post[mine]
    added = {
        "shares": float(false.shares[ours].sum()), "likes": float(false.likes[ours].sum()),
        "followers_gained": float((false.followers_end - false.followers_start)[ours].sum()),
    }  # fmt: skip
    found = {(name, WITH_INAUTHENTIC): value + added.get(name, 0.0)
             for (name, group), value in values.items() if group == "all"}  # fmt: skip
    found["shares_per_post", WITH_INAUTHENTIC] = float(np.median(shown)) if len(shown) else 0.0
    return found | detection(engine, world, false, contamination)


def detection(engine: Engine, world: World, false: FalseCounts,
              contamination: Inflated) -> dict[tuple[str, str], float]:  # fmt: skip
    """How much is false, by side, and what the platform's detector has done about it."""
    table, found = engine.state.accounts, {}
    for side, name in enumerate(SIDES):
        rows = world.accounts.sides == side
        n_false = float((false.shares + false.likes)[rows].sum())
        authentic = float((table["n_shares"] + table["n_likes"])[rows].sum())
        n_gone = float(false.removed[rows].sum())
        fake = float(false.followers_end[rows].sum())
        real = float(table["n_followers"][rows].sum())
        group = f"side:{name}"
        found["inauthentic_share", group] = n_false / max(n_false + authentic, 1.0)
        found["inauthentic_followers", group] = fake / max(fake + real, 1.0)
        found["inauthentic_removed", group] = n_gone / max(n_gone + n_false, 1.0)
        found["wrongly_flagged", group] = float(wrongly_flagged(n_gone, contamination.precision))
    found["hours_until_half_removed", "all"] = hours_until_half_removed(
        contamination.arrival_hours, contamination.removal_days * 24.0
    )
    return found
