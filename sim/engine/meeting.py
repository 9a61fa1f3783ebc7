"""How often a person has met a message that is said again. Compiled; the same in plain Python is
`reference_manner.py`.

A table (lookup.py), one place for each (message, person); nothing is entered for posts
that repeat nothing. When it fills up, messages are forgotten that nobody can meet again: a post and
its copies of which no view is on its way. Room for an hour is secured before people look.
"""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import Calendar, blocks_wanted, mark_alive, room_to_broadcast
from sim.engine.kernel import inner, kernel, part
from sim.engine.lookup import NOBODY, ask_for_entry, copy_entries, entry_of
from sim.mechanisms.repetition import MOST_MET
from sim.state import COUNTER, MET, State, aligned_zeros
from sim.streams import MEET, draw, subkey

N_MET, N_SPOKEN, N_FREE = COUNTER.n_met, COUNTER.n_spoken, COUNTER.n_free
ODD = np.uint64(1)  # a name is never 0


@inner
def met_name(message, who):
    """The name of (message, person)."""
    return draw(subkey(message, MEET), np.uint64(who)) | ODD


@inner
def ask_for_meeting(state, i, who):
    """Have what this person met of the message of this post brought close: waiting for it took a
    third of a look where posts are copied to several platforms."""
    message = state.speech[i]["message"]
    if message != NOBODY:
        ask_for_entry(state.met, met_name(message, who))


@inner
def times_met(state, i, who):
    """How often this person has met the message of this post before; counts this meeting."""
    message = state.speech[i]["message"]
    if message == NOBODY:
        return 0
    name = met_name(message, who)
    entry = state.met[entry_of(state.met, name)]
    if entry["name"] == NOBODY:
        entry["name"] = name
        state.counters[N_MET] += 1
    before = np.int64(entry["n"])
    entry["n"], entry["post"] = min(before + 1, MOST_MET), i
    return before


@part
def room_to_speak(state, calendar, n_views):
    """Whether meetings with messages, and answers to comments, of n_views views have a place."""
    if state.counters[N_SPOKEN] == 0:
        return True
    if 2 * (state.counters[N_MET] + n_views) > len(state.met):
        return False
    return state.counters[N_FREE] >= blocks_wanted(n_views)


@kernel
def keep_open(met, is_open):
    """Take what is not of open messages out of the table; how many entries are left. is_open: uint8
    of every post.

    In place, since pages that the machine has not given out before cost more than all the rest:
    beginning behind a free entry, each is lifted out and, if open, entered again. What stands
    before it in its run has been entered anew by then, so that it moves towards its place only."""
    mask, first, left = len(met) - 1, 0, 0
    while met[first]["name"] != NOBODY:
        first += 1
    for step in range(1, len(met)):
        entry = met[(first + step) & mask]
        name, n, post = entry["name"], entry["n"], entry["post"]
        if name == NOBODY:
            continue
        entry["name"] = NOBODY
        if is_open[post] == 1:
            place = met[entry_of(met, name)]
            place["name"], place["n"], place["post"] = name, n, post
            left += 1
    return left


def open_messages(state: State, calendar: Calendar, shown_again: np.ndarray, coming: np.ndarray
                  ) -> np.ndarray:  # fmt: skip
    """uint8[n_posts]: whether somebody may still meet the message of a post. shown_again: rows of
    posts that somebody has decided to pass on; coming: messages of posts still to come. A message
    of its own, which campaigns repeat for weeks, stays open; that of a post and its copies is open
    while one of them is on its way to somebody."""
    n = int(state.counters[COUNTER.n_posts])
    alive = np.zeros(n, np.uint8)
    mark_alive(calendar, state.counters, alive)
    alive[shown_again] = 1
    alive[int(state.counters[COUNTER.next_post]) :] = 1
    messages = state.speech["message"][:n]
    of_copies = np.isin(messages, state.posts["key"][:n])
    still = np.concatenate([messages[(alive == 1) | ~of_copies], coming])
    return np.isin(messages, still).astype(np.uint8)


def more_room_to_speak(state: State, calendar: Calendar, n_views: int, shown_again: np.ndarray,
                       coming: np.ndarray) -> tuple[State, Calendar]:  # fmt: skip
    """A state and a calendar with room for the views of an hour."""
    counters = state.counters
    if counters[N_SPOKEN] == 0:
        return state, calendar
    if 2 * (counters[N_MET] + n_views) > len(state.met):
        is_open = open_messages(state, calendar, shown_again, coming)
        counters[N_MET] = keep_open(state.met, is_open)
        size = 1 << int(3 * (int(counters[N_MET]) + 4 * n_views)).bit_length()
        if size > len(state.met):
            table = aligned_zeros(size, MET)
            copy_entries(state.met, table)
            state = state._replace(met=table)
    return state, room_to_broadcast(calendar, counters, n_views)
