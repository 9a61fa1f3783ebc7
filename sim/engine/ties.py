"""Followers join and leave at the end of an hour; once a week the lists are put in order."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.attending import ask_again, unlist
from sim.engine.kernel import inner, kernel, part
from sim.engine.lookup import place_in_order
from sim.engine.members import feed_on
from sim.engine.newcomers import note_newcomer, place_of
from sim.mechanisms.following import last_day, p_room
from sim.state import COUNTER, FOLLOWER, GONE, State, as_bytes, joined, twin
from sim.streams import CHURN, INTEREST, ROOM, draw, exponential, subkey, uniform
from sim.vocabulary import OURS

HOUR = COUNTER.hour
N_JOINS, N_LEAVES = COUNTER.n_joins, COUNTER.n_leaves
OURS_JOINED, OURS_LEFT = COUNTER.ours_joined, COUNTER.ours_left
GAPS = (19_930, 8_858, 3_937, 1_750, 701, 301, 132, 57, 23, 10, 4, 1)
SLACK = 64  # spare places in every list, beside a part of its length
OF_NEWCOMERS = 2  # spare places for each who joined since the last order


@part
def find(records, start, n_sorted, n, who):
    """Place of a person in a list whose first n_sorted records rise by person, or -1."""
    place = place_in_order(records, start, start + n_sorted, who)
    if place >= 0:
        return place
    for k in range(start + n_sorted, start + n):
        if np.int64(records[k]["who"]) == who:
            return k
    return -1


@kernel
def change_ties(state, calendar, parameters):
    """Commit the joins, then the leaves, of the hour; False when a list has no place left (call
    again with room: what was done is done)."""
    counters = state.counters
    done = 0
    n = counters[N_JOINS]
    while done < n:
        tie = calendar.joins[done]
        q, who = np.int64(tie["presence"]), np.int64(tie["who"])
        place, n_places, before = place_of(state, calendar, q, who), state.f_n[q], n_of(state, q)
        if not join(state, parameters, q, who, place):
            for k in range(done, n):
                calendar.joins[k - done] = calendar.joins[k]
            counters[N_JOINS] = n - done
            return False
        if state.f_n[q] > n_places:
            note_newcomer(calendar, q, who, state.f_start[q] + n_places)
        elif n_of(state, q) > before:
            ask_again(calendar, q)  # back in the place that he or she had left
        done += 1
    counters[N_JOINS] = 0
    for k in range(counters[N_LEAVES]):
        tie = calendar.leaves[k]
        q = np.int64(tie["presence"])
        place = place_of(state, calendar, q, np.int64(tie["who"]))
        if leave(state, q, place):
            unlist(state, calendar, q, place)
    counters[N_LEAVES] = 0
    return True


@inner
def n_of(state, q):
    """Followers of presence q."""
    return state.presences[q]["n_followers"]


def change_ties_of(state: State, joins: list[tuple[int, int]], leaves: list[tuple[int, int]],
                   parameters: np.ndarray) -> bool:  # fmt: skip
    """The same for plain lists, which it empties as it goes."""
    while joins:
        if not join(state, parameters, *joins[0], follower(state, *joins[0])):
            return False
        joins.pop(0)
    while leaves:
        leave(state, leaves[0][0], follower(state, *leaves[0]))
        leaves.pop(0)
    return True


def follower(state: State, q: int, who: int) -> int:
    """Place of a follower of presence q, or -1."""
    found = find(state.followers, state.f_start[q], state.f_sorted[q], state.f_n[q], who)
    return int(found)


@part
def join(state, parameters, q, who, place):
    """Add a follower who has room for one more account, unless he or she is one, and then in this
    place; False: the list has no place."""
    start = state.f_start[q]
    is_new = place < 0
    if not is_new and state.followers[place]["visit"] != GONE:
        return True
    if is_new and find(state.bored, state.b_start[q], state.b_n[q], state.b_n[q], who) >= 0:
        return True
    if len(state.follows) > 0 and not has_room(state, parameters[0], q, who):
        return True
    if is_new:
        if state.f_n[q] >= state.f_room[q]:
            return False
        place = start + state.f_n[q]
        state.f_n[q] += 1
    p, presence, person = parameters[0], state.presences[q], state.people[who]
    account = state.accounts[presence["account"]]
    day = np.float64(state.counters[HOUR] // 24)
    bored, left = days_to_come(presence["hash"], who, p["days_interested"], p["days_following"])
    record = state.followers[place]
    record["who"], record["visit"] = who, person["visit"]
    record["feed"] = feed_on(parameters, np.int64(presence["platform"]), person, np.uint64(who))
    record["last_day"] = np.int64(last_day(day, bored, left))
    presence["n_followers"] += 1
    presence["n_joined"] += 1
    account["n_followers"] += 1
    account["n_joined"] += 1
    if account["side"] == OURS:
        state.counters[OURS_JOINED] += 1
    return True


@part
def has_room(state, p, q, who):
    """Whether a person has room for this account; the die is thrown once and for all."""
    luck = subkey(draw(p["joining"], state.presences[q]["hash"]), ROOM)
    room = p_room(np.float64(state.follows[who]), p["capacity"])
    return uniform(draw(luck, np.uint64(who))) < room


@part
def posts_at_all(state, q):
    """Whether an account has posts to its name: one that enters late has none before."""
    return state.accounts[state.presences[q]["account"]]["usual"] > 0.0


@kernel
def count_follows(state):
    """How many accounts that post everybody follows, looking or bored; nothing where that bounds
    nothing. An account that is to enter later takes no room before it does."""
    n = len(state.follows)
    for who in range(n):
        state.follows[who] = 0
    for q in range(len(state.presences) if n > 0 else 0):
        if not posts_at_all(state, q):
            continue
        for k in range(state.f_start[q], state.f_start[q] + state.f_n[q]):
            if state.followers[k]["visit"] != GONE:
                state.follows[state.followers[k]["who"]] += 1
        for k in range(state.b_start[q], state.b_start[q] + state.b_n[q]):
            state.follows[state.bored[k]["who"]] += 1


@part
def days_to_come(presence, who, days_interested, days_following):
    """Days until a new follower is bored, and until he or she leaves anyway."""
    bored = exponential(draw(subkey(presence, INTEREST), np.uint64(who)), days_interested)
    left = exponential(draw(subkey(presence, CHURN), np.uint64(who)), days_following)
    return bored, left


@part
def leave(state, q, place):
    """Mark the follower in this place as gone, if there is one; the weekly order removes the
    record. False: there was none."""
    if place < 0 or state.followers[place]["visit"] == GONE:
        return False
    state.followers[place]["visit"] = GONE
    count_left(state, q, 1)
    return True


@part
def count_left(state, q, n):
    """n followers of presence q have left."""
    presence = state.presences[q]
    presence["n_followers"] -= n
    presence["n_left"] += n
    account = state.accounts[presence["account"]]
    account["n_followers"] -= n
    account["n_left"] += n
    if account["side"] == OURS:
        state.counters[OURS_LEFT] += n


def settle(state: State, days_interested: float, days_following: float) -> State:
    """Put every list in order: who lost interest moves to the bored, who left goes, lists are
    sorted by person again and get new spare places. Both engines call it once a week; nobody looks
    beyond the last day in his or her record in the meantime."""
    n_bored = int(state.b_n.sum()) + int(state.f_n.sum())
    new = _laid_out(state, state.f_n, np.zeros(n_bored, FOLLOWER), state.f_n - state.f_sorted)
    settle_lists(state, new, days_interested, days_following)
    count_follows(new)
    n_kept = int(new.b_n.sum())
    return new._replace(bored=twin(new.bored[:n_kept]), f_sorted=new.f_n.copy())


@kernel
def settle_lists(old, new, days_interested, days_following):
    """Fill the lists of `new` from those of `old`, presence by presence."""
    day = old.counters[HOUR] // 24
    b_place = 0
    for q in range(len(old.presences)):
        hash_of = old.presences[q]["hash"]
        first, n = old.f_start[q], old.f_n[q]
        sort_tail(old.followers, first + old.f_sorted[q], first + n)
        new.b_start[q] = b_place
        waiting, b_last = old.b_start[q], old.b_start[q] + old.b_n[q]
        i, j, last = first, first + old.f_sorted[q], first + n
        kept, n_left = 0, 0
        while i < first + old.f_sorted[q] or j < last:
            if j >= last or (
                i < first + old.f_sorted[q] and old.followers[i]["who"] < old.followers[j]["who"]
            ):
                one = old.followers[i]
                i += 1
            else:
                one = old.followers[j]
                j += 1
            if one["visit"] == GONE:
                continue
            if one["last_day"] >= day:
                new.followers[new.f_start[q] + kept] = one
                kept += 1
                continue
            bored, left = days_to_come(
                hash_of, np.int64(one["who"]), days_interested, days_following
            )
            if left <= bored:
                n_left += 1
                continue
            while waiting < b_last and old.bored[waiting]["who"] < one["who"]:
                if old.bored[waiting]["last_day"] >= day:
                    new.bored[b_place] = old.bored[waiting]
                    b_place += 1
                else:
                    n_left += 1
                waiting += 1
            new.bored[b_place] = one
            more = np.float64(one["last_day"]) + math.floor(left - bored)
            new.bored[b_place]["last_day"] = np.int64(min(more, 65535.0))
            b_place += 1
        while waiting < b_last:
            if old.bored[waiting]["last_day"] >= day:
                new.bored[b_place] = old.bored[waiting]
                b_place += 1
            else:
                n_left += 1
            waiting += 1
        new.f_n[q] = kept
        new.b_n[q] = b_place - new.b_start[q]
        count_left(new, q, n_left)


@kernel
def sort_tail(records, first, last):
    """Sort who joined since the last order (Shell 1959, gaps of Ciura 2001; each person is there
    once). Insertion alone took a third of a second a week where 20,000 join one account."""
    for gap in GAPS:
        for k in range(first + gap, last):
            one, who = records[k], records[k]["who"]
            visit, feed, last_day = one["visit"], one["feed"], one["last_day"]
            place = k
            while place >= first + gap and records[place - gap]["who"] > who:
                records[place] = records[place - gap]
                place -= gap
            records[place]["who"], records[place]["visit"] = who, visit
            records[place]["feed"], records[place]["last_day"] = feed, last_day


def _laid_out(state: State, f_n: np.ndarray, bored: np.ndarray, newcomers: np.ndarray | int
              ) -> State:  # fmt: skip
    """Empty lists with room for f_n followers each and for those who join, and for the bored. A
    list that has grown gets more, so that a week in which many join lays all lists out once or
    twice and not every other day (where there are several platforms, a sixth of all time)."""
    room = f_n + f_n // 16 + SLACK + OF_NEWCOMERS * newcomers
    start = np.concatenate([[0], np.cumsum(room)[:-1]]).astype(np.int64)
    followers = np.zeros(int(room.sum()), FOLLOWER)
    followers["visit"] = GONE
    zeros = np.zeros(len(f_n), np.int64)
    return state._replace(
        followers=followers, f_start=start, f_n=zeros, f_sorted=zeros.copy(), f_room=room,
        bored=bored, b_start=zeros.copy(), b_n=zeros.copy(),
    )  # fmt: skip


def place_lists(state: State, actives: list[np.ndarray], boreds: list[np.ndarray],
                newcomers: np.ndarray | int = 0) -> State:  # fmt: skip
    """Lay given lists, each rising by person, out one after another. newcomers: int64[n_presences],
    how many of each have joined since the last order."""
    n = np.array([len(records) for records in actives], dtype=np.int64)
    b_n = np.array([len(records) for records in boreds], dtype=np.int64)
    new = _laid_out(state, n, joined([*boreds, np.zeros(1, FOLLOWER)], FOLLOWER), newcomers)
    places = as_bytes(new.followers)
    for a, records in enumerate(actives):
        places[new.f_start[a] : new.f_start[a] + n[a]] = as_bytes(records)
    b_start = np.concatenate([[0], np.cumsum(b_n)[:-1]]).astype(np.int64)
    return new._replace(f_n=n, f_sorted=n.copy(), b_n=b_n, b_start=b_start)
