"""What is on its way in the compiled engine: scheduled views, shares to broadcast, ties to commit.

Views wait in a ring of hourly buckets. A bucket is a chain of blocks out of one pool, so that
scheduling appends to an open block and looking reads blocks in the order of scheduling. Room for a
whole hour is secured before the hour starts; a kernel never stops halfway through one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.engine.kernel import inner, kernel, part
from sim.engine.prefetch import prefetch
from sim.state import (
    BROADCAST,
    COUNTER,
    NEWCOMER,
    SHARED,
    TIE,
    VIEW,
    VIEWED,
    aligned_zeros,
    enlarged,
    twin,
)
from sim.streams import mix

RING = 1024  # a power of 2: hours ahead that a view can be scheduled; one in 10^5 is later, lost
BLOCK = 128  # a power of 2: views in a block
CHOICE = 4_096  # followers looked through at a time; no person has more (MAX_FOLLOWERS)
FREE_BLOCK, N_FREE = COUNTER.free_block, COUNTER.n_free
N_REACTED, N_QUEUE = COUNTER.n_reacted, COUNTER.n_queue
POST_BITS = np.uint64(35)  # of a reaction's name, from here on its post
WHO_BITS = np.uint64(0xFFFFFFFF)  # likewise, who reacts


class Calendar(NamedTuple):
    """pool: VIEW[n_blocks * BLOCK]; chain: int64[n_blocks], next block or -1; first, last, filled:
    int64[RING] of each bucket; queue, broadcasts, spare: BROADCAST[...]; joins, leaves: TIE[...];
    reacted: uint64[2^k], an open-addressing set of (post, kind, person); logs when posts are kept;
    limits, p_present: uint64[2048] and uint64[64], thresholds of a view and of being there by
    stratum, for the post that is going out;
    chosen, dice: uint64[CHOICE + 1], whom its feed offers it to, and how;
    thrown, present: uint64[CHOICE + 1], dice of a block of followers, or the records of those who
    are there; places: int32[CHOICE + 1], who of them is chosen; times: float64[CHOICE + 1], when
    they look;
    listed: uint64[followers], the records of those who are there today, presence by presence from
    f_start on, and their places; listed_day, n_listed, n_asked: uint64, int64, int64[n_presences],
    the stream of the day they are listed for, how many, of how many of its followers (attending);
    newcomers: NEWCOMER[2^k], an open-addressing table of who joined since the last order;
    sifted, sifted_dice: int64 and uint64[BLOCK], places in the pool of the next views, their dice;
    liked, liked_by_core: uint64 and uint8[BLOCK], names of the likes of a block, whose they are.
    """

    pool: np.ndarray
    chain: np.ndarray
    first: np.ndarray
    last: np.ndarray
    filled: np.ndarray
    queue: np.ndarray
    broadcasts: np.ndarray
    spare: np.ndarray
    joins: np.ndarray
    leaves: np.ndarray
    reacted: np.ndarray
    logged_views: np.ndarray
    logged_shares: np.ndarray
    limits: np.ndarray
    p_present: np.ndarray
    chosen: np.ndarray
    dice: np.ndarray
    thrown: np.ndarray
    present: np.ndarray
    places: np.ndarray
    times: np.ndarray
    listed: np.ndarray
    listed_places: np.ndarray
    listed_day: np.ndarray
    n_listed: np.ndarray
    n_asked: np.ndarray
    newcomers: np.ndarray
    sifted: np.ndarray
    sifted_dice: np.ndarray
    liked: np.ndarray
    liked_by_core: np.ndarray

    def copy(self) -> Calendar:
        """An independent calendar with the same content."""
        return Calendar(*(twin(array) for array in self))


def empty_calendar(counters: np.ndarray) -> Calendar:
    """A calendar with nothing on its way; sets the free list in `counters`."""
    n_blocks = 4_096
    counters[FREE_BLOCK], counters[N_FREE] = 0, n_blocks
    chain = np.arange(1, n_blocks + 1)
    chain[-1] = -1
    nothing = np.full(RING, -1)
    return Calendar(
        pool=aligned_zeros(n_blocks * BLOCK, VIEW), chain=chain,
        first=nothing.copy(), last=nothing.copy(), filled=np.zeros(RING, np.int64),
        queue=np.zeros(1_024, BROADCAST), broadcasts=np.zeros(1_024, BROADCAST),
        spare=np.zeros(1_024, BROADCAST), joins=np.zeros(1_024, TIE), leaves=np.zeros(1_024, TIE),
        reacted=np.zeros(1 << 16, np.uint64), logged_views=np.zeros(0, VIEWED),
        logged_shares=np.zeros(0, SHARED), limits=np.zeros(32 << 6, np.uint64),
        p_present=np.zeros(64, np.uint64),
        chosen=np.zeros(CHOICE + 1, np.uint64), dice=np.zeros(CHOICE + 1, np.uint64),
        thrown=np.zeros(CHOICE + 1, np.uint64), present=np.zeros(CHOICE + 1, np.uint64),
        places=np.zeros(CHOICE + 1, np.int32), times=np.zeros(CHOICE + 1, np.float64),
        listed=np.zeros(0, np.uint64), listed_places=np.zeros(0, np.int32),
        listed_day=np.zeros(0, np.uint64), n_listed=np.zeros(0, np.int64),
        n_asked=np.zeros(0, np.int64), newcomers=np.zeros(1, NEWCOMER),
        sifted=np.zeros(BLOCK, np.int64), sifted_dice=np.zeros(BLOCK, np.uint64),
        liked=np.zeros(BLOCK, np.uint64), liked_by_core=np.zeros(BLOCK, np.uint8),
    )  # fmt: skip


@inner
def push(calendar, counters, now, when, who, post, depth, route, flags):
    """Schedule one view at time `when`, in this hour at the earliest."""
    hour = max(math.floor(when), now)
    if hour - now >= RING:
        return
    bucket = hour & (RING - 1)
    place = calendar.filled[bucket] & (BLOCK - 1)
    if place == 0:
        block = counters[FREE_BLOCK]
        counters[FREE_BLOCK] = calendar.chain[block]
        counters[N_FREE] -= 1
        calendar.chain[block] = -1
        if calendar.filled[bucket] == 0:
            calendar.first[bucket] = block
        else:
            calendar.chain[calendar.last[bucket]] = block
        calendar.last[bucket] = block
    calendar.filled[bucket] += 1
    view = calendar.pool[calendar.last[bucket] * BLOCK + place]
    view["who"] = who
    view["post"] = post
    view["at"] = max(when, np.float64(now)) - hour
    view["depth"] = depth
    view["route"] = route
    view["flags"] = flags


@part
def release(calendar, counters, bucket):
    """Give the blocks of a finished hour back to the pool."""
    block = calendar.first[bucket]
    while block >= 0 and calendar.filled[bucket] > 0:
        following = calendar.chain[block]
        calendar.chain[block] = counters[FREE_BLOCK]
        counters[FREE_BLOCK] = block
        counters[N_FREE] += 1
        block = following
    calendar.first[bucket] = -1
    calendar.last[bucket] = -1
    calendar.filled[bucket] = 0


@inner
def insert(table, name):
    """Put a non-zero name into the set; True if it was not there."""
    mask = np.uint64(len(table) - 1)
    place = mix(name) & mask
    while table[place] != np.uint64(0):
        if table[place] == name:
            return False
        place = (place + np.uint64(1)) & mask
    table[place] = name
    return True


@inner
def ask_for_place(table, name):
    """Have the place of a name in the set brought close."""
    prefetch(table, (mix(name) & np.uint64(len(table) - 1),))


@kernel
def mark_alive(calendar, counters, alive):
    """Set alive[post] for every post that somebody may still look at: views on their way and
    shares to broadcast. But for posts that an account will pass on, nobody reacts to any other."""
    for bucket in range(RING):
        n, block = calendar.filled[bucket], calendar.first[bucket]
        while n > 0:
            for place in range(block * BLOCK, block * BLOCK + min(n, BLOCK)):
                alive[calendar.pool[place]["post"]] = 1
            n -= BLOCK
            block = calendar.chain[block]
    for k in range(counters[N_QUEUE]):
        alive[calendar.queue[k]["post"]] = 1


@kernel
def count_alive(table, alive):
    """Reactions to posts that are alive."""
    n = 0
    for name in table:
        if name != np.uint64(0):
            n += np.int64(alive[name >> POST_BITS])
    return n


@kernel
def rehash(old, new, alive):
    """Copy the reactions to posts that are alive into a set of another size."""
    for name in old:
        if name != np.uint64(0) and alive[name >> POST_BITS] == 1:
            insert(new, name)


@inner
def reaction_name(post, kind, who):
    """The name of (post, kind of reaction, person); never zero since kinds start at 1."""
    return (np.uint64(post) << POST_BITS) | (np.uint64(kind) << np.uint64(32)) | np.uint64(who)


@part
def _comes_before(a, b):
    """Broadcasts go out by (time, post key, who, hostile last)."""
    if a["hour"] != b["hour"]:
        return a["hour"] < b["hour"]
    if a["key"] != b["key"]:
        return a["key"] < b["key"]
    if a["who"] != b["who"]:
        return a["who"] < b["who"]
    return a["hostile"] < b["hostile"]


@part
def sort_broadcasts(items, spare, n):
    """Sort the first n records (merge sort, bottom up)."""
    width = 1
    while width < n:
        for low in range(0, n, 2 * width):
            middle, high = min(low + width, n), min(low + 2 * width, n)
            i, j = low, middle
            for k in range(low, high):
                if i < middle and (j >= high or not _comes_before(items[j], items[i])):
                    spare[k] = items[i]
                    i += 1
                else:
                    spare[k] = items[j]
                    j += 1
        for k in range(n):
            items[k] = spare[k]
        width *= 2


def _grown(array: np.ndarray, room: int) -> np.ndarray:
    """The same content with room for at least `room` records."""
    if len(array) >= room:
        return array
    return enlarged(array, len(array), max(room, 2 * len(array)))


def room_to_broadcast(calendar: Calendar, counters: np.ndarray, bound: int) -> Calendar:
    """A calendar into which `bound` more views can be pushed."""
    changes: dict[str, np.ndarray] = {}
    n_wanted = blocks_wanted(bound)
    if counters[N_FREE] < n_wanted:
        n_old = len(calendar.chain)
        n_new = max(2 * n_old, n_old + n_wanted)
        chain = np.concatenate([calendar.chain, np.arange(n_old + 1, n_new + 1)])
        chain[-1] = counters[FREE_BLOCK]
        counters[FREE_BLOCK] = n_old
        counters[N_FREE] += n_new - n_old
        changes["chain"] = chain
        changes["pool"] = _grown(calendar.pool, n_new * BLOCK)
    return calendar._replace(**changes)


def room_to_look(calendar: Calendar, counters: np.ndarray, keeps_log: bool,
                 shown_again: np.ndarray) -> Calendar:  # fmt: skip
    """A calendar in which every reaction to the views of this hour fits. shown_again: rows of posts
    that somebody has decided to pass on."""
    n_views = int(calendar.filled[int(counters[COUNTER.hour]) % RING])
    changes: dict[str, np.ndarray] = {}
    for name, counter in (("queue", "n_queue"), ("joins", "n_joins"), ("leaves", "n_leaves")):
        room = int(counters[getattr(COUNTER, counter)]) + 3 * n_views
        changes[name] = _grown(getattr(calendar, name), room)
    for name in ("broadcasts", "spare"):
        changes[name] = _grown(getattr(calendar, name), len(changes["queue"]) + 4_096)
    if set_is_full(counters[N_REACTED], n_views, len(calendar.reacted)):
        alive = np.zeros(int(counters[COUNTER.n_posts]), np.uint8)
        mark_alive(calendar, counters, alive)
        alive[shown_again] = 1
        n_alive = int(count_alive(calendar.reacted, alive))
        changes["reacted"] = np.zeros(1 << (4 * (n_alive + 4 * n_views)).bit_length(), np.uint64)
        rehash(calendar.reacted, changes["reacted"], alive)
        counters[N_REACTED] = n_alive
    if keeps_log:
        n_logged = int(counters[COUNTER.n_logged_views]) + n_views
        changes["logged_views"] = _grown(calendar.logged_views, n_logged)
        n_shared = int(counters[COUNTER.n_logged_shares]) + 2 * n_views
        changes["logged_shares"] = _grown(calendar.logged_shares, n_shared)
    return calendar._replace(**changes)


@inner
def blocks_wanted(bound):
    """Blocks that `bound` more views can need: each bucket may open one."""
    return bound // BLOCK + RING + 2


@inner
def set_is_full(n_reacted, n_views, size):
    """Whether the reactions to this many views could fill the set beyond a half: at most four a
    view (share, like, hostile share, comment)."""
    return 2 * (n_reacted + 4 * n_views) > size
