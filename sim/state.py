"""Record types: what a world is made of, and what the engines change.

Times are float64 hours since the start of the world's warm-up unless a name says otherwise.
Counts of people are integers everywhere, so that no total depends on the order of summation.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np

# One event in the news. `hour_known` is when a planner can know of it (= `hour` for a surprise).
EVENT = np.dtype([
    ("key", "u8"),           # genealogical name: hash of (world, market, ancestor, ordinal)
    ("hour", "f8"), ("hour_known", "f8"),
    ("topic", "u1"),         # index into TOPICS
    ("scope", "u1"),         # index into SCOPES
    ("market", "u2"),        # index into Markets: where it happens
    ("foreseeable", "u1"),
    ("severity", "f4"),      # added to the attention to its topic, which rests at 1
    ("valence", "f4"),       # -1 bad ... +1 good news for the ministry
])  # fmt: skip

# One planned post, as a strategy hands it over. `key` names its cause and fixes all its luck.
POST = np.dtype([
    ("key", "u8"),
    ("hour", "f8"),          # when it goes out
    ("account", "u2"),       # row of Accounts
    ("event", "i4"),         # row of the events, -1: none
    ("topic", "u1"), ("tone", "u1"), ("media", "u1"), ("posture", "u1"),
    ("language", "u1"),      # index into Markets.languages
    ("blunder", "u1"),       # 1: written in haste and wrong, or planned and unfit for the moment
    ("platform", "u1"),      # row of the world's platforms, 0: the main one
    ("quality", "f4"),       # mean 1 over posts made with the reference hours
    ("stance", "f4"),        # the position it takes, -1 ... +1 friendly to the ministry
    ("hours", "f4"),         # staff hours it cost
    ("parent", "u8"),        # key of the post it answers, passes on or corrects; 0: none
    ("kind", "u1"),          # index into POST_KINDS
    ("generation", "u1"),    # 0: an original, 1: a reply to one, 2: a reply to that, ...
    ("claim", "u1"),         # index into CLAIMS
    ("message", "u8"),       # key of the message that it repeats; 0: it says something of its own
    ("answering", "f4"),     # comments on it that its account can answer in an hour
    ("style", "u1"),         # index into STYLES
    ("tag", "u1"),           # NO_TAG, COMMON_TAG, OWN_TAG of its topic
])  # fmt: skip

# One person: 32 bytes, of which a run changes the second half; then his or her four memories. All
# that a look touches of a person is one cache line.
_PERSON = np.dtype([
    ("favourability", "f4"),  # baseline, -1 hostile ... +1 friendly
    ("propensity", "f4"),     # of sharing, mean 1
    ("market", "u2"),
    ("topics", "u1"),         # bit mask over TOPICS
    ("language", "u1"),       # first language
    ("flags", "u1"),          # PRONE | RANKED | SECOND_LANGUAGE | TARGET, age band in bits 4-5
    ("visit", "u1"),          # stratum of the check-in rate
    ("feed", "u1"),           # stratum of the time a post stays findable; + 16 for ranked feeds
    ("ring", "u1"),           # next slot of the memory for events
    ("transient", "f4"), ("durable", "f4"),   # moved favourability
    ("n_friendly", "u2"), ("n_opposed", "u2"),  # frames met so far, by direction
    ("hour_moved", "u2"),     # whole hour of the last move
    ("n_target", "u1"),       # posts of ours seen while in their target public, at most 255
    ("reached", "u1"),        # bit mask over platforms: saw any post of ours there
])  # fmt: skip
CACHE_LINE = 64  # bytes
_FIELDS: Any = _PERSON.fields  # {name: (type, place)}
PERSON = np.dtype({
    "names": list(_FIELDS), "formats": [kind for kind, _ in _FIELDS.values()],
    "offsets": [place for _, place in _FIELDS.values()], "itemsize": CACHE_LINE,
})  # fmt: skip
PRONE, RANKED, SECOND_LANGUAGE, TARGET, AGE_SHIFT = 1, 2, 4, 8, 4

# One follower of a person, uint32: who, and above it the visit stratum, so that most of a share's
# offers end without a look at the person. It bounds a population at 134 million.
FRIEND_BITS = 27
FRIEND = np.uint64((1 << FRIEND_BITS) - 1)

# What a person remembers of one event: the first frame met. Four to a person.
MEMORY = np.dtype([("event", "i4"), ("hour", "u2"), ("sign", "i1"), ("side", "u1")])


def memories_of(people: np.ndarray) -> np.ndarray:
    """MEMORY[n_people, 4]: the second half of the records of people, to read and to write."""
    halves = 2 * (CACHE_LINE - _PERSON.itemsize) // MEMORY.itemsize
    return people.view(MEMORY).reshape(len(people), halves)[:, halves // 2 :]


# One interested follower of one account: enough to reject most views without looking at the person.
FOLLOWER = np.dtype([("who", "u4"), ("visit", "u1"), ("feed", "u1"), ("last_day", "u2")])
GONE = 63  # the visit stratum of a follower who left: his threshold is 0

# One account during a run; its followers are counted over all its platforms.
ACCOUNT = np.dtype([
    ("hash", "u8"), ("n_followers", "i8"), ("n_dormant", "i8"),
    ("usual", "f8"),          # posts a day, as in the table
    ("n_joined", "i8"), ("n_left", "i8"), ("n_impressions", "i8"), ("n_unique", "i8"),
    ("n_shares", "i8"), ("n_hostile", "i8"), ("n_likes", "i8"),
    ("market", "u2"), ("side", "u1"), ("target", "u1"),  # target: 0 own market, 1 all host markets
])  # fmt: skip

# One account on one platform during a run: a list of followers of its own, and what wears it out.
# The first n_accounts presences are those on which accounts post first, in the accounts' order.
PRESENCE = np.dtype([
    ("hash", "u8"), ("n_followers", "i8"), ("n_dormant", "i8"), ("n_joined", "i8"),
    ("n_left", "i8"),
    ("core_mean", "f8"),      # expected core shares of a post of quality 1
    ("recent", "f8"), ("recent_hour", "f8"),
    ("account", "u2"), ("platform", "u1"),
])  # fmt: skip

# One post during a run: what was planned, its hazards, its tally.
LIVE = np.dtype([
    ("key", "u8"), ("hour", "f8"),
    ("h_first", "f8"), ("h_later", "f8"), ("h_hostile", "f8"),  # hazards before the reader's part
    ("p_join", "f8"), ("p_leave", "f8"),
    ("standing", "f8"), ("hour_ranked", "i4"),  # in ranked feeds, this hour
    ("stance", "f4"), ("quality", "f4"),
    ("event", "i4"), ("account", "u2"), ("market", "u2"),
    ("topic", "u1"), ("tone", "u1"), ("media", "u1"), ("language", "u1"), ("side", "u1"),
    ("target", "u1"), ("posture", "u1"), ("blunder", "u1"), ("picked_up", "u1"),
    ("n_impressions", "i4"), ("n_follower_views", "i4"), ("n_shares", "i4"),
    ("n_core", "u1"), ("n_core_likes", "u1"),  # of these, and of the likes
    ("n_hostile", "i4"), ("n_likes", "i4"), ("sum_depth", "i4"),
    ("parent", "i4"),        # row of the post it replies to or copies, -1: none
    ("max_depth", "u1"), ("kind", "u1"), ("claim", "u1"), ("platform", "u1"),
    ("spare_byte", "u1"),    # fills two cache lines
])  # fmt: skip

# What one inaccurate claim did to one person: an open-addressing table in the compiled engine.
CLAIM = np.dtype([
    ("name", "u8"),          # hash of (claim, person); 0: a free place
    ("transient", "f4"), ("durable", "f4"),  # what it moved, when it was last met
    ("hour", "u2"),
    ("corrected", "u1"), ("spare", "u1"),    # 1: this person has met a correction
    ("spare_word", "u4"),
])  # fmt: skip

# How a post of a run speaks and what it answers: a table beside LIVE, read where `n_spoken` > 0.
SPEECH = np.dtype([("message", "u8"), ("answering", "f4"), ("style", "u1"),
                   ("tag", "u1"), ("spare_word", "u2")])  # fmt: skip

# Recent use of one tag, as it was at an hour: the common tags by topic, then the ministry's own.
TAG = np.dtype([("use", "f8"), ("hour", "f8")])

# How often one person has met one repeated message, and the last post that said it: an
# open-addressing table; name 0 is free.
MET = np.dtype([("name", "u8"), ("n", "u4"), ("post", "u4")])

# Who answers comments on the posts of one account: a queue with one server.
REPLY_DESK = np.dtype([
    ("free", "f8"),           # hour from which the next comment can be answered
    ("n_comments", "i8"), ("n_answered", "i8"), ("seconds", "i8"),  # seconds waited by those
])  # fmt: skip
# The false reactions to one post: bought, and there when its counts were last read.
FALSE = np.dtype([("bought", "i4"), ("shares", "i4"), ("likes", "i4")])

# One scheduled look of one person at one post.
VIEW = np.dtype([
    ("who", "u4"), ("post", "u4"), ("at", "f4"),  # at: part of the hour, [0, 1)
    ("depth", "u1"), ("route", "u1"), ("flags", "u1"), ("spare", "u1"),
])  # fmt: skip
BY_FOLLOWER, BY_FRIEND, BY_LATE, BY_PICKUP, BY_TAG = 0, 1, 2, 3, 4  # VIEW.route
BY_CORE, BY_ANSWER = 5, 6  # likewise: the core shares, the account answers a comment
OF_HOSTILE, OF_CANDIDATE, OF_SUBSCRIBER = 1, 2, 4  # VIEW.flags: mocking; ranking undecided; follows
TO_SHARE, TO_LIKE = 8, 16  # likewise, of the core: what the member decided

# One broadcast to come: a root (who = -1), a person's re-share, a pick-up (who = -2).
BROADCAST = np.dtype([("hour", "f8"), ("key", "u8"), ("post", "i8"), ("who", "i8"),
                      ("depth", "i4"), ("hostile", "i4")])  # fmt: skip
ROOT, PICKED_UP = -1, -2

# One join or leave, waiting for the end of the hour.
TIE = np.dtype([("presence", "u4"), ("who", "u4")])

# Where somebody stands who joined since the lists of followers were put in order; name 0 is free.
NEWCOMER = np.dtype([("name", "u8"), ("place", "i8")])

# One view of a post of ours (kept on request): who, and how long after the post.
VIEWED = np.dtype([("post", "u4"), ("who", "u4"), ("lag_hours", "f4")])

# One share as it happened (kept on request): for lags and depths.
SHARED = np.dtype([("post", "i8"), ("hour", "f8"), ("depth", "i4"), ("kind", "i4")])
FRIENDLY_SHARE, CORE_SHARE, HOSTILE_SHARE = 0, 1, 2

# The integers of a run, by place.
COUNTERS = (
    "hour", "status", "n_posts", "next_post", "next_event", "n_queue", "n_joins",
    "n_leaves", "n_reacted", "free_block", "n_free", "n_logged_views", "n_logged_shares",
    "reached", "target_reached", "target_frequent", "target_impressions", "target_hostile",
    "frames", "frames_ours", "ours_impressions", "ours_shares", "ours_hostile", "ours_likes",
    "ours_joined", "ours_left", "follower_impressions", "friend_impressions", "late_impressions",
    "pickup_impressions", "tag_impressions",  # these five in the order of VIEW.route
    "n_claims",  # places taken in `claims`
    "n_spoken",  # posts of which `speech` says something
    "n_met",  # places taken in `met`
    "home_friendly", "home_hostile",  # reactions at home to our posts
    "n_hijacked",  # posts of rivals under our tags
    "n_liked",  # likes of a block of views that are not counted yet
)  # fmt: skip
COUNTER: Any = namedtuple("Places", COUNTERS)(*range(len(COUNTERS)))


class State(NamedTuple):
    """All that an engine changes in a world, but for what is on its way (views, shares, ties).

    people: PERSON[n_people]              memory: MEMORY[n_people, 4], part of the people's records
    reached: uint8[n_accounts, (n_people + 7) // 8], bit: this account reached this person
    accounts: ACCOUNT[n_accounts]         presences: PRESENCE[n_presences]
    posts: LIVE[capacity], the first n_posts in use
    followers: FOLLOWER[...]; presence q owns [f_start, f_start + f_room), uses f_n, of which the
    first f_sorted rise by person; bored: FOLLOWER[...] likewise in [b_start, b_start + b_n)
    attention: float64[n_markets, 8]      readiness: likewise, its factor on sharing
    lingering: float64[n_parts, n_markets, 8], what is left of attention in each part of a
    power law; no parts where attention passes exponentially
    voice: int64[3, n_markets, 8] impressions by side
    claims: CLAIM[2^k], what claims did to whom (the compiled engine's; the reference keeps a dict)
    noticed: float32[n_people or 0], the hour at which a person first saw a post of ours about the
    watched event, inf: not yet; of length 0 where no event is watched
    follows: uint16[n_people or 0], accounts that a person followed at the last weekly order; of
    length 0 where that bounds nothing
    speech: SPEECH[capacity of posts]     reply_desks: REPLY_DESK[n_accounts]
    met: MET[2^k], the compiled engine's, which forgets what nobody can meet again; the reference
    keeps a dictionary
    false: FALSE[capacity] beside posts, in a world with inauthentic accounts; else empty
    tags: TAG[2 x 8] in a world in which people look at tags; else empty
    counters: int64[len(COUNTERS)]
    """

    people: np.ndarray
    memory: np.ndarray
    reached: np.ndarray
    accounts: np.ndarray
    presences: np.ndarray
    posts: np.ndarray
    followers: np.ndarray
    f_start: np.ndarray
    f_n: np.ndarray
    f_sorted: np.ndarray
    f_room: np.ndarray
    bored: np.ndarray
    b_start: np.ndarray
    b_n: np.ndarray
    attention: np.ndarray
    readiness: np.ndarray
    lingering: np.ndarray
    voice: np.ndarray
    claims: np.ndarray
    noticed: np.ndarray
    follows: np.ndarray
    speech: np.ndarray
    reply_desks: np.ndarray
    met: np.ndarray
    false: np.ndarray
    tags: np.ndarray
    counters: np.ndarray

    def copy(self) -> State:
        """An independent state with the same content: where an arm forks."""
        marked = self.reached.any(axis=1)
        reached = np.zeros(self.reached.shape, np.uint8)  # pages that stay zero cost nothing
        reached[marked] = self.reached[marked]
        n = int(self.counters[COUNTER.n_posts])
        rest = {
            name: enlarged(one, min(n, len(one)), len(one)) if name in OF_POSTS else twin(one)
            for name, one in self._asdict().items() if name not in SPECIAL
        }  # fmt: skip
        return State(reached=reached, memory=memories_of(rest["people"]), **rest)


SPECIAL = ("reached", "memory")  # how a fork gets these is written in `State.copy`
OF_POSTS = ("posts", "speech", "false")  # a row for each post, and room for more


def aligned_zeros(n: int, dtype: np.dtype) -> np.ndarray:
    """zeros(n) that start at a cache line, so that no record of 32 bytes lies across two: numpy
    starts large arrays 16 bytes into a page, and half of all looks at people would miss twice."""
    n_bytes = n * dtype.itemsize
    raw = np.zeros(n_bytes + CACHE_LINE, np.uint8)
    first = -raw.ctypes.data % CACHE_LINE
    return raw[first : first + n_bytes].view(dtype)


def twin(array: np.ndarray) -> np.ndarray:
    """A copy, byte by byte: numpy copies records field by field, thirty times as slow."""
    if array.dtype.names is None:
        return array.copy()
    return enlarged(array, len(array), len(array))


def enlarged(array: np.ndarray, n: int, room: int) -> np.ndarray:
    """The first n records, with room for more; copied byte by byte."""
    larger = aligned_zeros(room, array.dtype)
    n_bytes = n * array.dtype.itemsize
    larger.view(np.uint8)[:n_bytes] = array.view(np.uint8)[:n_bytes]
    return larger


def as_bytes(array: np.ndarray) -> np.ndarray:
    """Records as so many bytes each: numpy moves those at once, and records field by field."""
    return array.view(np.dtype((np.void, array.dtype.itemsize)))


def joined(arrays: list[np.ndarray], dtype: np.dtype) -> np.ndarray:
    """Record arrays of one type end to end."""
    parts = [as_bytes(array) for array in arrays if len(array)]
    return np.concatenate(parts).view(dtype) if parts else np.zeros(0, dtype)


def taken(array: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """array[chosen] of records, by places or by a mask."""
    return as_bytes(array)[chosen].view(array.dtype)
