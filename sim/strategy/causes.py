"""The name of a post is its cause, and its name fixes all its luck.

    cause = hash(kind of cause, event key | day | week | parent post, ordinal within the cause)
    key   = streams.key(world seed, POST, account, cause)         die = subkey(key, purpose)

An account that answers an event, or has a post ready for it, uses the same name in every policy;
so do the k-th routine post of a day, the k-th campaign post of a week, and its reply to a post.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sim import streams
from sim.vocabulary import AMPLIFICATION, ANSWER, CORRECTION

U64 = np.uint64
Keys = np.ndarray  # uint64[n]


def _word(name: str) -> np.ndarray:
    """An array of one, because numpy warns when a single integer wraps round, as hashes must."""
    return np.array([streams.name_hash("cause", name)], np.uint64)


EVENT_CAUSE, DAY_CAUSE, WEEK_CAUSE = _word("event"), _word("calendar day"), _word("campaign week")
STAR_CAUSE = _word("star post")
LAPSE_CAUSE = _word("week of a mission")
SLOT_CAUSE = _word("slot of a week")  # names no post, but what is dealt at equal volume
MESSAGE_CAUSE, REPEAT_CAUSE = _word("message begun in a week"), _word("post of a message")
FIRST = np.zeros(1, np.uint64)
# a reply is about its parent post; which words, by kind of post
REPLY_CAUSES = {
    ANSWER: _word("answer"), AMPLIFICATION: _word("amplification"), CORRECTION: _word("correction"),
}  # fmt: skip
MOST_POSTS_PER_EVENT = 8  # of one account
TONE, MEDIA, LANGUAGE, QUALITY, TOPIC, TIMING, LATENCY, FIT, BLUNDER = range(9)  # rows of roll()
_COLUMN = np.array([
    streams.TONE, streams.MEDIA, streams.LANGUAGE, streams.QUALITY, streams.TOPIC, streams.TIMING,
    streams.LATENCY, streams.FIT, streams.BLUNDER,
], np.uint64)[:, None]  # fmt: skip
_ANSWER = np.array([streams.ANSWER], np.uint64)
_CATCH = np.array([streams.CATCH], np.uint64)
_CLEARANCE = np.array([streams.CLEARANCE], np.uint64)
_LAPSE = np.array([streams.LAPSE], np.uint64)


def cause(kind: np.ndarray, what: np.ndarray | int, ordinal: np.ndarray) -> np.ndarray:
    """uint64: what a post is about and which of the posts about it; arrays broadcast."""
    about = np.atleast_1d(np.asarray(what, np.uint64))
    return streams.draw(streams.subkey(about, kind), ordinal)


def stems(world_seed: np.uint64, account_hashes: np.ndarray) -> Keys:
    """uint64 per account: the part of the keys of its posts that never changes."""
    seeds = np.full(len(account_hashes), world_seed)
    return streams.mix(streams.mix(seeds ^ streams.POST) ^ account_hashes * streams.ACCOUNT_STEP)


def post_keys(account_stems: Keys, causes: np.ndarray) -> Keys:
    """uint64 per post, equal to streams.key(world seed, POST, account hash, cause)."""
    return streams.mix(account_stems ^ causes * streams.CAUSE_STEP)


def roll(keys: Keys) -> np.ndarray:
    """float64[9, n] in (0, 1): all dice of n posts, one row a decision."""
    return _unit(streams.mix(keys ^ _COLUMN))


def answer_die(keys: Keys) -> np.ndarray:
    """float64 in (0, 1) per account: whether it takes up the event that the key names."""
    return _unit(streams.mix(keys ^ _ANSWER))


def catch_die(keys: Keys) -> np.ndarray:
    """float64 in (0, 1) per post: whether clearance would see a blunder in it."""
    return _unit(streams.mix(keys ^ _CATCH))


def clearance_die(keys: Keys) -> np.ndarray:
    """float64 in (0, 1) per post: how long clearing it takes."""
    return _unit(streams.mix(keys ^ _CLEARANCE))


def lapse_die(account_stems: Keys, week: int) -> np.ndarray:
    """float64 in (0, 1) per account: whether an irregular one lets this week pass."""
    return _unit(streams.mix(post_keys(account_stems, cause(LAPSE_CAUSE, week, FIRST)) ^ _LAPSE))


def normal(die: np.ndarray) -> np.ndarray:
    """Standard normal values at dice in (0, 1)."""
    return np.asarray(ndtri(die))


def _unit(bits: np.ndarray) -> np.ndarray:
    return (bits >> U64(11)) * 2.0**-53 + 2.0**-54
