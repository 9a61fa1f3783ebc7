"""Where those stand who joined since the lists of followers were put in order. Compiled.

A list rises by person up to the last weekly order; who has joined since stands behind that, in the
order of joining. The reference looks through them one by one, which is quadratic where thousands
join in a week: a third of the time of a world that grows fast. Here a table (lookup.py) holds
(presence, person) -> place. It has room for all spare places of all lists at once.
"""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import Calendar
from sim.engine.kernel import inner, kernel, part
from sim.engine.lookup import ONE, entry_of, place_in_order
from sim.state import NEWCOMER, State, aligned_zeros

PRESENCE_BITS = np.uint64(32)


@inner
def newcomer_name(q, who):
    """The name of (presence, person); never zero."""
    return (np.uint64(q) + ONE) << PRESENCE_BITS | np.uint64(who)


@part
def place_of(state, calendar, q, who):
    """Place of a follower of presence q, or -1."""
    first = state.f_start[q]
    place = place_in_order(state.followers, first, first + state.f_sorted[q], who)
    if place >= 0:
        return place
    name = newcomer_name(q, who)
    entry = calendar.newcomers[entry_of(calendar.newcomers, name)]
    return entry["place"] if entry["name"] == name else -1


@part
def note_newcomer(calendar, q, who, place):
    """Somebody has joined."""
    name = newcomer_name(q, who)
    entry = calendar.newcomers[entry_of(calendar.newcomers, name)]
    entry["name"], entry["place"] = name, place


@kernel
def note_all(state, calendar):
    """Enter everybody who has joined since the last order."""
    for q in range(len(state.f_n)):
        first = state.f_start[q]
        for place in range(first + state.f_sorted[q], first + state.f_n[q]):
            note_newcomer(calendar, q, np.int64(state.followers[place]["who"]), place)


def newcomers_noted(calendar: Calendar, state: State) -> Calendar:
    """A table for the lists of this state, with those in it who have joined already."""
    spare = int((state.f_room - state.f_sorted).sum())
    calendar = calendar._replace(newcomers=aligned_zeros(1 << (2 * spare).bit_length(), NEWCOMER))
    if (state.f_n > state.f_sorted).any():
        note_all(state, calendar)
    return calendar
