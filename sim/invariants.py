"""What must hold in every run: exact identities, counts that add up, numbers that are numbers.

    at the end of every run       followers = start + joined - left;  unique reach <= impressions;
                                  impressions add up by market, topic, platform; opinions finite
    checks=daily, every evening   what was counted as it went is counted anew from what is there:
                                  marks of reach, people reached, followers in their lists; lists in
                                  order and within their room; bounds of shares; nothing is NaN

The first takes some hundredths of a second a run; the second reads every person and every mark.
"""

from __future__ import annotations

import numpy as np

from sim.engine.base import Engine
from sim.platform_counts import platform_impressions
from sim.state import COUNTER, GONE, State
from sim.vocabulary import OURS


class BrokenIdentityError(Exception):
    """Counts that must add up do not: an error of the model, not of the user."""


def check_identities(engine: Engine, followers: np.ndarray, before: np.ndarray) -> dict[str, float]:
    """Worst deviation of every identity; raises BrokenIdentityError where one fails.

    followers: int64[n_accounts], before: int64[n_platforms] impressions of our posts: as measuring
    started."""
    table, n = engine.state.accounts, engine.state.counters
    stock = table["n_followers"] - (followers + table["n_joined"] - table["n_left"])
    excess = np.maximum(table["n_unique"] - table["n_impressions"], 0)
    ours = engine.state.voice[OURS].sum() - n[COUNTER.ours_impressions]
    reach = max(int(n[COUNTER.reached] - n[COUNTER.ours_impressions]), 0)
    people = engine.state.people
    moved = people["transient"] + people["durable"]
    return unbroken({
        "followers = start + joined - left": float(np.abs(stock).max(initial=0)),
        "unique reach <= impressions": float(max(excess.max(initial=0), reach)),
        "impressions by market and topic add up": float(abs(int(ours))),
        "impressions by platform add up": abs(
            float((platform_impressions(engine) - before).sum())
            - float(n[COUNTER.ours_impressions])
        ),
        "opinions are numbers": float(np.count_nonzero(~np.isfinite(moved))),
    })  # fmt: skip


def check_thoroughly(engine: Engine) -> dict[str, float]:
    """The same of all that can be counted anew from the state, once measuring has started."""
    state = engine.state
    return unbroken(reach(state) | followers(state) | bounds(state, engine.posts))


def unbroken(deviations: dict[str, float]) -> dict[str, float]:
    """The deviations, which must all be 0."""
    broken = [f"{name}: off by {worst:g}" for name, worst in deviations.items() if worst != 0.0]
    if broken:
        raise BrokenIdentityError(f"broken: {'; '.join(broken)}")
    return deviations


def reach(state: State) -> dict[str, float]:
    """Marks and people counted anew against the counts kept while people looked."""
    n, people, accounts = state.counters, state.people, state.accounts
    marked = np.array([int(np.bitwise_count(row).sum(dtype=np.int64)) for row in state.reached])
    return {
        "unique reach = marks": float(np.abs(marked - accounts["n_unique"]).max(initial=0)),
        "people reached = people marked": float(
            abs(np.count_nonzero(people["reached"]) - n[COUNTER.reached])),
        "target public reached = people counted": float(
            abs(np.count_nonzero(people["n_target"]) - n[COUNTER.target_reached])),
        "reached often = people counted": float(
            abs(np.count_nonzero(people["n_target"] > 2) - n[COUNTER.target_frequent])),
        "impressions of accounts = of sides": float(
            abs(int(accounts["n_impressions"].sum() - state.voice.sum()))),
        "impressions by route add up": float(
            abs(int(n[COUNTER.follower_impressions : COUNTER.tag_impressions + 1].sum()
                    - n[COUNTER.ours_impressions]))),
    }  # fmt: skip


def followers(state: State) -> dict[str, float]:
    """Lists of followers counted, and looked at for order and room."""
    off, unordered = 0, 0
    for q in range(len(state.presences)):
        first, n, n_sorted = (int(one[q]) for one in (state.f_start, state.f_n, state.f_sorted))
        here = state.followers[first : first + n]
        there = np.count_nonzero(here["visit"] != GONE) + int(state.b_n[q])
        kept = int(state.presences["n_followers"][q]) - int(state.presences["n_dormant"][q])
        off = max(off, abs(int(there) - kept))
        who = here["who"].astype(np.int64)
        unordered += int(np.count_nonzero(np.diff(who[:n_sorted]) <= 0))
        unordered += n - len(np.unique(who)) + (n > int(state.f_room[q]))
    return {"followers = active + bored + dormant": float(off),
            "lists of followers in order, nobody twice": float(unordered)}  # fmt: skip


def bounds(state: State, posts: np.ndarray) -> dict[str, float]:
    """Numbers that are none, and shares beyond their bounds."""
    found = {
        f"{name} are numbers": float(not_numbers(table))
        for name, table in (("people", state.people), ("accounts", state.accounts),
                            ("presences", state.presences), ("posts", posts))
    }  # fmt: skip
    for name in ("attention", "readiness"):
        values = getattr(state, name)
        found[f"{name} is positive"] = float(np.count_nonzero(~(values > 0.0)))
        found[f"{name} is finite"] = float(np.count_nonzero(~np.isfinite(values)))
    people = state.people
    found["favourability within -1 and 1"] = float(
        np.count_nonzero(np.abs(people["favourability"]) > 1.0))  # fmt: skip
    for part, whole in (("n_follower_views", "n_impressions"), ("n_core", "n_shares"),
                        ("n_core_likes", "n_likes")):  # fmt: skip
        found[f"posts: {part} <= {whole}"] = float(np.count_nonzero(posts[part] > posts[whole]))
    hazards = np.stack([posts[one] for one in ("h_first", "h_later", "h_hostile", "p_join",
                                               "p_leave")])  # fmt: skip
    found["hazards of posts are not negative"] = float(np.count_nonzero(hazards < 0.0))
    return found


def not_numbers(table: np.ndarray) -> int:
    """NaN and infinities in the fields of records that hold fractions."""
    names = [name for name in table.dtype.names or () if table.dtype[name].kind == "f"]
    return sum(int(np.count_nonzero(~np.isfinite(table[name]))) for name in names)
