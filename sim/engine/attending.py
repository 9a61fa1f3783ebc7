"""Who of an account's followers is there today. Compiled; `reference.py` asks them every time.

    there:   draw(presence of the local day, who) < P(active day)     one die for all of a day

Since presence is one die a person and local day (mechanisms/visibility), the followers who are
there are listed once a day, at the account's first post, and the other posts of that day look
through that list alone. Who joins later in the day is asked when the next post goes out; who leaves
is marked in both lists, with a stratum whose threshold is 0. The lists change no result: the same
dice are compared with the same thresholds, in the same order.
"""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import CHOICE, Calendar
from sim.engine.kernel import inner, part
from sim.engine.prefetch import word
from sim.state import GONE, State
from sim.streams import draw, high32

BITS_6, BITS_8, BITS_16, BITS_32 = np.uint64(6), np.uint64(8), np.uint64(16), np.uint64(32)
BITS_40, BITS_48 = np.uint64(40), np.uint64(48)
BYTE, PAIR, WHO = np.uint64(0xFF), np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)
VISIT_GONE = np.uint64(GONE) << BITS_32  # all bits that a stratum can have
NO_DAY = np.uint64(0)


@part
def list_present(state, calendar, presence, q):
    """Bring the list of followers of presence q who are there on this local day (named by its
    stream) up to date; returns where it ends. Thresholds of being there are in calendar.p_present.

    Dice eight at a time; then who passes, without branches."""
    start = state.f_start[q]
    if calendar.listed_day[q] != presence:
        calendar.listed_day[q] = presence
        calendar.n_asked[q] = 0
        calendar.n_listed[q] = 0
    first, last = start + calendar.n_asked[q], start + state.f_n[q]
    n = start + calendar.n_listed[q]
    while first < last:
        end = min(last, first + CHOICE)
        for j in range(first, end):
            calendar.present[j - first] = high32(draw(presence, word(state.followers, (j,)) & WHO))
        for j in range(first, end):
            one = word(state.followers, (j,))
            calendar.listed[n], calendar.listed_places[n] = one, j
            n += np.int64(calendar.present[j - first] < calendar.p_present[one >> BITS_32 & BYTE])
        first = end
    calendar.n_asked[q] = state.f_n[q]
    calendar.n_listed[q] = n - start
    return n


@part
def choose_listed(calendar, stream, day, first, last):
    """Those listed in [first, last) whose feed offers the post; returns how many.

    Three loops without branches over records read as words (who, visit, feed, last day), since a
    wrong guess costs more than the work: dice, eight at a time; who passes; what they are."""
    limits, listed, thrown, places = (
        calendar.limits, calendar.listed, calendar.thrown, calendar.places
    )  # fmt: skip
    for j in range(first, last):
        thrown[j - first] = high32(draw(stream, listed[j] & WHO))
    n = 0
    for j in range(first, last):
        one = listed[j]
        places[n] = j - first
        stratum = (one >> BITS_40 & BYTE) << BITS_6 | one >> BITS_32 & BYTE
        offered = thrown[j - first] < limits[stratum]
        n += np.int64(offered) & np.int64(one >> BITS_48 >= day)
    for k in range(n):
        one = listed[first + places[k]]
        who = one & WHO
        calendar.chosen[k] = who << BITS_16 | one >> BITS_32 & PAIR
        calendar.dice[k] = draw(stream, who)
    return n


@part
def unlist(state, calendar, q, place):
    """The follower in this place has left: if listed, he or she is marked as gone there too."""
    first = state.f_start[q]
    listed = calendar.listed_places[first : first + calendar.n_listed[q]]
    k = np.searchsorted(listed, place)
    if k < len(listed) and listed[k] == place:
        calendar.listed[first + k] |= VISIT_GONE


@inner
def ask_again(calendar, q):
    """A record in the middle of a list has changed: the day's list is made anew."""
    calendar.listed_day[q] = NO_DAY


def nobody_listed(calendar: Calendar, state: State) -> Calendar:
    """Empty lists beside the followers of this state; pages that nobody writes to cost nothing."""
    n, n_presences = len(state.followers), len(state.presences)
    return calendar._replace(
        listed=np.zeros(n + 1, np.uint64), listed_places=np.zeros(n + 1, np.int32),
        listed_day=np.full(n_presences, NO_DAY), n_listed=np.zeros(n_presences, np.int64),
        n_asked=np.zeros(n_presences, np.int64),
    )  # fmt: skip
