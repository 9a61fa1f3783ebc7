"""Reacting and passing on, in plain Python: a share is counted and goes out in the next hour.

`passing_on.py` does the same, compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.state import (
    CORE_SHARE,
    COUNTER,
    HOSTILE_SHARE,
    PICKED_UP,
    TARGET,
    TO_LIKE,
    TO_SHARE,
    State,
)
from sim.streams import PICKUP, subkey, uniform
from sim.vocabulary import OURS

if TYPE_CHECKING:
    from sim.engine.reference_look import Diary, Look
    from sim.engine.tables import Tables


def is_target(person: Any, post: Any) -> bool:
    """Whether the person belongs to the public that this post's account is there for."""
    abroad = bool(person["flags"] & TARGET)
    return abroad and bool(post["target"] == 1 or person["market"] == post["market"])


def at_home(p: Any, person: Any) -> bool:
    """Whether the person lives in the ministry's home market."""
    return bool(person["market"] == p["home"])


def core_reacts(state: State, diary: Diary, p: Any, tables: Tables, view: Look,
                hour: float) -> None:  # fmt: skip
    """A member of the loyal core does what was decided when the post went out."""
    i, who = view.post, view.who
    if view.flags & TO_SHARE and diary.first_time(i, "share", who):
        share(state, diary, p, tables, i, who, hour, 1, CORE_SHARE)
    if view.flags & TO_LIKE and diary.first_time(i, "like", who):
        like(state, p, i, who)
        state.posts[i]["n_core_likes"] += 1


def share(state: State, diary: Diary, p: Any, tables: Tables, i: int, who: int, hour: float,
          depth: int, kind: int) -> None:  # fmt: skip
    """Count a share and have it broadcast in the next hour; it keeps its own time. A mocking
    comment, where nothing is re-shared, goes to nobody's feed."""
    post, counters = state.posts[i], state.counters
    account, ours = state.accounts[post["account"]], post["side"] == OURS
    key = int(post["key"])
    if kind == HOSTILE_SHARE:
        post["n_hostile"] += 1
        account["n_hostile"] += 1
        counters[COUNTER.ours_hostile] += ours
        counters[COUNTER.target_hostile] += ours and is_target(state.people[who], post)
        counters[COUNTER.home_hostile] += ours and at_home(p, state.people[who])
    else:
        post["n_shares"] += 1
        post["n_core"] += kind == CORE_SHARE
        account["n_shares"] += 1
        counters[COUNTER.ours_shares] += ours
        counters[COUNTER.home_friendly] += ours and at_home(p, state.people[who])
        post["sum_depth"] += depth
        post["max_depth"] = max(int(post["max_depth"]), depth)
    if p["resharing"]:
        diary.queue.append((hour, key, who, int(kind == HOSTILE_SHARE), i, depth))
    notice(state, diary, p, tables, i, hour)
    if p["keep"] and ours:
        diary.logged_shares.append((i, hour, depth, kind))


def like(state: State, p: Any, i: int, who: int) -> None:
    """Count a like."""
    post = state.posts[i]
    post["n_likes"] += 1
    state.accounts[post["account"]]["n_likes"] += 1
    if post["side"] == OURS:
        state.counters[COUNTER.ours_likes] += 1
        state.counters[COUNTER.home_friendly] += at_home(p, state.people[who])


def notice(state: State, diary: Diary, p: Any, tables: Tables, i: int, hour: float) -> None:
    """Media and trend lists take notice once the shares that they see pass the threshold."""
    post = state.posts[i]
    shown = int(post["n_shares"]) + (int(state.false[i]["shares"]) if p["contaminated"] else 0)
    if not post["picked_up"] and shown >= p["pickup_threshold"]:
        post["picked_up"] = 1
        famous = tables.status_pickup[post["account"]]
        if uniform(subkey(post["key"], PICKUP)) < p["pickup_p"] * famous:
            post["picked_up"] = 2
            diary.queue.append((hour, int(post["key"]), PICKED_UP, 0, i, 0))
