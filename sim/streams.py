"""Keyed draws: every random number is a pure function of what it decides.

    key  = mix(mix(mix(seed ^ purpose) ^ account * D1) ^ cause * D2)
    draw = mix(key ^ who * G)                uniform = (draw >> 11) / 2^53

`mix` is the finaliser of splitmix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom
number generators"). One round per field, never a linear sum of small integers, and XOR rather than
+ at the last step, so that no two keys give shifted copies of one another. No draw depends on how
many were taken before it: two policies that meet the same person with the same cause meet the same
luck, and threads, workers and order change nothing.

The same lines serve three callers: compiled kernels (uint64 scalars), the reference engine
(np.uint64 scalars) and column code (uint64 arrays). Only uint64 is ever combined with uint64.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from sim.law import law

U64 = np.uint64
_S30, _S27, _S31, _S11, _S32 = U64(30), U64(27), U64(31), U64(11), U64(32)
_C1, _C2 = U64(0xBF58476D1CE4E5B9), U64(0x94D049BB133111EB)
ACCOUNT_STEP = U64(0xD1342543DE82EF95)
CAUSE_STEP = U64(0xAF251AF3B0F025B5)
WHO_STEP = U64(0x9E3779B97F4A7C15)
TWO_TO_MINUS_53 = 2.0**-53


def name_hash(*parts: object) -> np.uint64:
    """A 64-bit name for text or numbers, equal on every machine and in every session."""
    text = "\x1f".join(str(part) for part in parts)
    return U64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


# One purpose per decision. Adding one never moves another: each is the hash of its own name.
def _purpose(name: str) -> np.uint64:
    return name_hash("purpose", name)


# the synthetic population and its graph (seeded by the population, not by the world)
TRAIT = _purpose("trait")
FOLLOWER_COUNT = _purpose("follower count")
TIE = _purpose("tie")
ACCOUNT_FOLLOWER = _purpose("account follower")
# a world: parameters, news
PARAMETER = _purpose("parameter")
NEWS = _purpose("news")
# an account's decisions
POST = _purpose("post")
QUALITY = _purpose("quality")
TONE = _purpose("tone")
MEDIA = _purpose("media")
LANGUAGE = _purpose("language")
TOPIC = _purpose("topic")
TIMING = _purpose("timing")
ANSWER = _purpose("answer")
LATENCY = _purpose("latency")
FIT = _purpose("fit")
FORESIGHT = _purpose("foresight")
BLUNDER = _purpose("blunder")
SKILL = _purpose("skill")
HEAD = _purpose("head of mission")
LAPSE = _purpose("lapse")
CLEARANCE = _purpose("clearance")
CATCH = _purpose("catch")
CLAIM = _purpose("claim")
IN_KIND = _purpose("in kind")
EARLY = _purpose("early")
TAGGED = _purpose("carries a tag")
# a person's decisions
PRESENCE = _purpose("presence")
SELECTION = _purpose("selection")
DELAY = _purpose("delay")
LATE = _purpose("late")
RANKING = _purpose("ranking")
SHARE = _purpose("share")
HOSTILE = _purpose("hostile")
LIKE = _purpose("like")
FOLLOW = _purpose("follow")
MIND = _purpose("when a mind is made up anew")
RECOMMENDED = _purpose("recommended by the platform")
RECOMMENDED_WHO = _purpose("to whom it is recommended")
ROOM = _purpose("room for one more account")
LEAVE = _purpose("leave")
INTEREST = _purpose("interest")
CHURN = _purpose("churn")
MEET = _purpose("meet a message")
COMMENT = _purpose("comment")
COMMENT_NOTICED = _purpose("notice of a comment")
ANSWERED_SHARE = _purpose("share once answered")
ANSWERED_FOLLOW = _purpose("follow once answered")
# which platforms a person is on, and which feed there
MEMBER = _purpose("member of a platform")
FEED_KIND = _purpose("kind of feed on a platform")
# beside the graph
CORE = _purpose("core")
CORE_DELAY = _purpose("core delay")
PICKUP = _purpose("pickup")
PICKUP_SIZE = _purpose("pickup size")
PICKUP_WHO = _purpose("pickup who")
PICKUP_DELAY = _purpose("pickup delay")
CITIZEN = _purpose("citizen abroad")
PARTNER_ACCOUNT = _purpose("account with the partner")
NOTICE = _purpose("notice")
WEBSITE = _purpose("website")
LINK = _purpose("link")
CLICK = _purpose("click")
SEARCH_SIZE = _purpose("search size")
SEARCH_WHO = _purpose("search who")
SEARCH_DELAY = _purpose("search delay")
LOOKER = _purpose("looker at a tag")
TAG_SHOWN = _purpose("shown under a tag")
TAG_DELAY = _purpose("delay under a tag")
HIJACK = _purpose("takes up a tag")
# inauthentic accounts
SERVED = _purpose("served by false accounts")
BOOST = _purpose("boost")
BOOST_SIZE = _purpose("boost size")


@law
def mix(x):
    """splitmix64 finaliser: uint64 -> uint64, a bijection."""
    x = (x ^ (x >> _S30)) * _C1
    x = (x ^ (x >> _S27)) * _C2
    return x ^ (x >> _S31)


@law
def key(seed, purpose, account, cause):
    """The stream of one decision by one account about one cause (all uint64)."""
    return mix(mix(mix(seed ^ purpose) ^ account * ACCOUNT_STEP) ^ cause * CAUSE_STEP)


@law
def subkey(parent, purpose):
    """A further decision about what `parent` already names."""
    return mix(parent ^ purpose)


@law
def draw(stream, who):
    """uint64 draw of `who` from a stream; who is uint64."""
    return mix(stream ^ who * WHO_STEP)


@law
def uniform(bits):
    """uint64 -> float64 in [0, 1)."""
    return np.float64(bits >> _S11) * TWO_TO_MINUS_53


@law
def open_uniform(bits):
    """uint64 -> float64 in (0, 1]: safe under a logarithm."""
    return (np.float64(bits >> _S11) + 0.5) * TWO_TO_MINUS_53


@law
def high32(bits):
    """The upper half of a draw, for comparison with an integer threshold."""
    return bits >> _S32


@law
def threshold32(p):
    """The integer threshold t with P(high32 < t) = p, for p in [0, 1]; uint64."""
    return np.uint64(min(max(p, 0.0), 1.0) * 4294967296.0)


@law
def exponential(bits, mean):
    """A draw of the exponential distribution with the given mean."""
    return -mean * math.log(open_uniform(bits))


def normal(bits: np.ndarray) -> np.ndarray:
    """uint64 array -> standard normal array (inverse distribution function); column code only."""
    from scipy.special import ndtri

    return ndtri(((np.asarray(bits) >> _S11).astype(np.float64) + 0.5) * TWO_TO_MINUS_53)


def world_seed(root: int, world: object) -> np.uint64:
    """The seed of world `world`: hashed from (root, world), never root + world."""
    return name_hash("world", int(root), world)
