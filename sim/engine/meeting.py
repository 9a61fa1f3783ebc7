"""How often a person has met a message that is said again. Compiled; the same in plain Python is
`reference_manner.py`.

A table (lookup.py), one place for each (message, person); nothing is entered for posts
that repeat nothing. Room for an hour is secured before people look.
"""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import Calendar, blocks_wanted, room_to_broadcast
from sim.engine.kernel import inner, kernel
from sim.engine.lookup import NOBODY, copy_entries, entry_of
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
    entry["n"] = min(before + 1, MOST_MET)
    return before


@kernel
def room_to_speak(state, calendar, n_views):
    """Whether meetings with messages, and answers to comments, of n_views views have a place."""
    if state.counters[N_SPOKEN] == 0:
        return True
    if 2 * (state.counters[N_MET] + n_views) > len(state.met):
        return False
    return state.counters[N_FREE] >= blocks_wanted(n_views)


def more_room_to_speak(state: State, calendar: Calendar, n_views: int) -> tuple[State, Calendar]:
    """A state and a calendar with room for the views of an hour."""
    if state.counters[N_SPOKEN] == 0:
        return state, calendar
    n_wanted = int(state.counters[N_MET]) + n_views
    if 2 * n_wanted > len(state.met):
        larger = aligned_zeros(1 << int(3 * n_wanted).bit_length(), MET)
        copy_entries(state.met, larger)
        state = state._replace(met=larger)
    return state, room_to_broadcast(calendar, state.counters, n_views)
