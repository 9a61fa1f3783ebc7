"""One person looks at one post, in plain Python: seeing, minding, reacting.

The reference for `looking.py`; the loop that calls it is in `reference.py`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sim.engine.calendar import RING
from sim.engine.reference_manner import answer_time, answered_dice, style_of, times_met
from sim.engine.reference_passing_on import core_reacts, is_target, like, notice, share
from sim.engine.reference_replies import Claims, record_claim, weigh_claim
from sim.engine.tables import Tables
from sim.mechanisms.contamination import false_count, still_there
from sim.mechanisms.following import die_of_mind, p_join
from sim.mechanisms.framing import N_REMEMBERED, frame_weight
from sim.mechanisms.language import own_language, speaks_common
from sim.mechanisms.opinion import decayed, move, repetition
from sim.mechanisms.ranking import affinity, rank_weight, standing
from sim.mechanisms.sharing import (
    congruence,
    distance_factor,
    hostile_hazard,
    language_factor,
    p_react,
    share_hazard,
    topic_factor,
)
from sim.state import (
    AGE_SHIFT,
    BY_ANSWER,
    BY_CORE,
    BY_LATE,
    COUNTER,
    FRIENDLY_SHARE,
    HOSTILE_SHARE,
    OF_CANDIDATE,
    OF_HOSTILE,
    OF_SUBSCRIBER,
    PRONE,
    SECOND_LANGUAGE,
    TARGET,
    State,
)
from sim.streams import (
    FOLLOW,
    HOSTILE,
    LEAVE,
    LIKE,
    RANKING,
    SHARE,
    U64,
    draw,
    mix,
    uniform,
)
from sim.vocabulary import MEDIA, OURS


class Look(NamedTuple):
    """One scheduled look; `at` is the part of its hour."""

    who: int
    post: int
    at: float
    depth: int
    route: int
    flags: int


@dataclass
class Diary:
    """What is on its way, and who has reacted to what."""

    views: defaultdict[int, list[Look]] = field(default_factory=lambda: defaultdict(list))
    queue: list[tuple[Any, ...]] = field(default_factory=list)
    reacted: set[tuple[int, str, int]] = field(default_factory=set)
    met: dict[tuple[int, int], int] = field(default_factory=dict)  # (message, person): how often
    joins: list[tuple[int, int]] = field(default_factory=list)
    leaves: list[tuple[int, int]] = field(default_factory=list)
    claims: Claims = field(default_factory=dict)
    logged_views: list[tuple[int, int, float]] = field(default_factory=list)
    logged_shares: list[tuple[int, float, int, int]] = field(default_factory=list)

    def first_time(self, post: int, reaction: str, who: int) -> bool:
        """Whether this person has not yet reacted to this post in this way; from now on so."""
        name = (post, reaction, who)
        is_new = name not in self.reacted
        self.reacted.add(name)
        return is_new


def look(state: State, diary: Diary, parameters: Any, tables: Tables, view: Look) -> None:
    """One person looks at one post; p: the numbers of the post's platform."""
    p = parameters[state.posts[view.post]["platform"]]
    hour = int(state.counters[COUNTER.hour]) + view.at
    take_standing(state, diary, p, tables, view.post, hour)
    if view.route == BY_CORE:
        core_reacts(state, diary, p, tables, view, hour)
        return
    post, person = state.posts[view.post], state.people[view.who]
    bits = draw(post["key"], U64(view.who))
    if view.route == BY_ANSWER:
        hear_back(state, diary, p, tables, view, hour, bits)
        return
    cares = bool(person["topics"] >> post["topic"] & 1)
    if view.flags & OF_CANDIDATE and not offered_by_ranking(p, post, cares, bits):
        return
    hostile = bool(view.flags & OF_HOSTILE)
    count_view(state, diary, p, view, hour, hostile)
    if post["event"] == p["watched_event"] and post["side"] == OURS:
        state.noticed[view.who] = min(np.float64(state.noticed[view.who]), hour)
    stance = -np.float64(post["stance"]) if hostile else np.float64(post["stance"])
    reading, n_met = reading_of(p, person, post), 0
    s: float = np.float64(person["favourability"])
    if reading > 0.0:
        weight = meet_frame(state, p, view, stance, hostile)
        weight = weigh_claim(state, diary.claims, p, view, stance, weight)
        n_met = times_met(state, diary, view.post, view.who)
        weight *= tables.again[n_met]
        s = move_mind(state, diary, p, tables, view, stance, weight)
    reading *= tables.media_age[int(post["media"]) * 4 + (int(person["flags"]) >> AGE_SHIFT & 3)]
    reading *= style_of(state, tables, view.post, person) * tables.worn[n_met]
    react(state, diary, p, tables, view, hour, bits, cares, hostile, math.fabs(stance - s), reading)


def put_down(diary: Diary, now: int, when: float, who: int, i: int, depth: int, route: int,
             flags: int) -> None:  # fmt: skip
    """Put a look into the diary, in this hour at the earliest."""
    hour = max(math.floor(when), now)
    if hour - now < RING:
        at = np.float32(max(when, float(now)) - hour)
        diary.views[hour].append(Look(who, i, float(at), depth, route, flags))


def hear_back(state: State, diary: Diary, p: Any, tables: Tables, view: Look, hour: float,
              bits: np.uint64) -> None:  # fmt: skip
    """Somebody whose comment was answered may follow, and pass the post on."""
    follows, passes_on = answered_dice(p, bits)
    if follows:
        diary.joins.append((presence_of(tables, state, state.posts[view.post]), view.who))
    if p["resharing"] and passes_on and diary.first_time(view.post, "share", view.who):
        share(state, diary, p, tables, view.post, view.who, hour, view.depth + 1, FRIENDLY_SHARE)


def reading_of(p: Any, person: Any, post: Any) -> float:
    """What the language of the post does to the reaction of this person; 0: cannot read it."""
    code = int(post["language"])
    return language_factor(
        bool(person["language"] == own_language(code)),
        bool(speaks_common(code, p["common_language"])), bool(person["flags"] & SECOND_LANGUAGE),
        p["local_language"], p["language_mean"],
    )  # fmt: skip


def take_standing(state: State, diary: Diary, p: Any, tables: Tables, i: int, at: float) -> None:
    """How ranked feeds rate a post in this hour: by its engagement before the hour's first look."""
    post, hour = state.posts[i], int(state.counters[COUNTER.hour])
    if post["hour_ranked"] != hour:
        post["hour_ranked"] = hour
        false = count_false(state, diary, p, tables, i, at) if p["contaminated"] else 0
        post["standing"] = standing(
            float(int(post["n_shares"]) - int(post["n_core"])
                  + int(post["n_likes"]) - int(post["n_core_likes"]) + false),
            float(post["n_impressions"]),
            p["p_react_view"], p["gamma"],
            tables.media_rank.reshape(-1, len(MEDIA))[post["platform"], post["media"]],
        )  # fmt: skip


def count_false(state: State, diary: Diary, p: Any, tables: Tables, i: int, at: float) -> int:
    """False reactions beside a post as an hour begins; they too can have it picked up."""
    false, n_bought = state.false[i], float(state.false[i]["bought"])
    age = max(float(int(state.counters[COUNTER.hour])) - state.posts[i]["hour"], 0.0)
    part = still_there(age, p["false_arrival"], p["false_removal"], p["false_recall"])
    if p["resharing"]:
        false["shares"] = false_count(n_bought, 1.0, part)
    false["likes"] = false_count(n_bought, p["false_likes"], part)
    if n_bought > 0:
        notice(state, diary, p, tables, i, at)
    return int(false["shares"]) + int(false["likes"])


def offered_by_ranking(p: Any, post: Any, cares: bool, bits: np.uint64) -> bool:
    """Whether a ranked feed still offers the post to this person."""
    liking = affinity(cares, p["share_interested"], p["affinity_gain"])
    weight = rank_weight(post["standing"], liking, p["max_boost"])
    return bool(uniform(mix(bits ^ RANKING)) * p["max_boost"] < weight)


def count_view(state: State, diary: Diary, p: Any, view: Look, hour: float,
               hostile: bool) -> None:  # fmt: skip
    """Impressions and reach, of the post, the account, the side and the target public."""
    post, person, counters = state.posts[view.post], state.people[view.who], state.counters
    account = state.accounts[post["account"]]
    post["n_impressions"] += 1
    if view.flags & OF_SUBSCRIBER:
        post["n_follower_views"] += 1
    account["n_impressions"] += 1
    state.voice[post["side"], person["market"], post["topic"]] += 1
    place, bit = (post["account"], view.who // 8), np.uint8(1 << view.who % 8)
    if not state.reached[place] & bit:
        state.reached[place] |= bit
        account["n_unique"] += 1
    if post["side"] != OURS:
        return
    if p["keep"]:
        diary.logged_views.append((view.post, view.who, hour - float(post["hour"])))
    counters[COUNTER.ours_impressions] += 1
    counters[COUNTER.follower_impressions + view.route] += 1
    counters[COUNTER.reached] += person["reached"] == 0
    person["reached"] |= 1 << post["platform"]
    if is_target(person, post):
        counters[COUNTER.target_impressions] += 1
        counters[COUNTER.target_reached] += person["n_target"] == 0
        counters[COUNTER.target_frequent] += person["n_target"] == 2
        person["n_target"] = min(int(person["n_target"]) + 1, 255)


def meet_frame(state: State, p: Any, view: Look, stance: float, hostile: bool) -> float:
    """A frame on an event: remembered if it is the first, else weighed against the first."""
    post, person, counters = state.posts[view.post], state.people[view.who], state.counters
    if post["event"] < 0:
        return 1.0
    sign = int(np.sign(stance))
    hour = int(counters[COUNTER.hour])
    memories = state.memory[view.who]
    for memory in memories:
        if memory["event"] == post["event"]:
            opposed = int(memory["sign"]) * sign < 0
            gap = float(hour - int(memory["hour"]))
            return frame_weight(opposed, gap, p["preemption"], p["frame_half_life"])
    place = int(person["ring"])
    memories[place] = (post["event"], hour, sign, post["side"])
    person["ring"] = (place + 1) % N_REMEMBERED
    if person["flags"] & TARGET:
        counters[COUNTER.frames] += 1
        counters[COUNTER.frames_ours] += post["side"] == OURS and not hostile
    return 1.0


def move_mind(state: State, diary: Diary, p: Any, tables: Tables, view: Look, stance: float,
              weight: float) -> float:  # fmt: skip
    """Favourability after this view; only a small part of the move stays."""
    person, post = state.people[view.who], state.posts[view.post]
    s = np.float64(person["favourability"])
    if p["opinion_kind"] == 0:
        return s
    hour = int(state.counters[COUNTER.hour])
    transient, durable = np.float64(person["transient"]), np.float64(person["durable"])
    if transient != 0.0:
        gap = float(hour - int(person["hour_moved"]))
        transient = np.float64(transient) * decayed(1.0, gap, p["opinion_half_life"])
    s = np.float64(min(max(s + transient + durable, -1.0), 1.0))
    if stance == 0.0:
        return s
    frames = "n_friendly" if stance > 0.0 else "n_opposed"
    n = int(person[frames])
    person[frames] = min(n + 1, 65_535)
    change = move(
        repetition(float(n), p["opinion_gain"]), weight, p["opinion_kind"], s, stance,
        tables.opinion_tone[post["tone"]], bool(person["flags"] & PRONE), p["opinion_reach"],
        p["opinion_strength"],
    )  # fmt: skip
    record_claim(state, diary.claims, p, view, stance, change)
    person["transient"] = np.float32(transient + (1.0 - p["durable"]) * change)
    person["durable"] = np.float32(durable + p["durable"] * change)
    person["hour_moved"] = hour
    return min(max(s + change, -1.0), 1.0)


def react(state: State, diary: Diary, p: Any, tables: Tables, view: Look, hour: float,
          bits: np.uint64, cares: bool, hostile: bool, distance: float,
          reading: float) -> None:  # fmt: skip
    """Share, like, mock, follow, leave: each by its own die, thrown once per (person, post)."""
    post, person = state.posts[view.post], state.people[view.who]
    i, who = view.post, view.who
    propensity = np.float64(person["propensity"])
    age = person["flags"] >> AGE_SHIFT & 3
    agreement = congruence(distance, p["width"]) / p["congruence_mean"]
    first_hand = view.depth == 0 and not hostile
    h = share_hazard(
        post["h_first"] if first_hand else post["h_later"], propensity, reading, agreement,
        tables.tone_age[post["tone"] * 4 + age],
        topic_factor(cares, p["share_interested"], p["topic_gain"]),
        state.readiness[person["market"], post["topic"]],
        tables.intent[int(view.route == BY_LATE)],
    )  # fmt: skip
    shares = p["resharing"] and happens(bits, SHARE, h)
    if shares and diary.first_time(i, "mock" if hostile else "share", who):
        kind = HOSTILE_SHARE if hostile else FRIENDLY_SHARE
        share(state, diary, p, tables, i, who, hour, view.depth + 1, kind)
    if hostile:
        return
    if happens(bits, LIKE, h * p["likes_per_share"]) and diary.first_time(i, "like", who):
        like(state, p, i, who)
    liked_or_shared = h
    opposition = distance_factor(distance, p["distance_mean_square"])
    prone = p["hostile_prone"] if person["flags"] & PRONE else 1.0
    base = post["h_hostile"] if reading > 0.0 else 0.0
    h = hostile_hazard(base, propensity, opposition, prone)
    may_mock = p["resharing"] or p["replies"]
    if may_mock and happens(bits, HOSTILE, h) and diary.first_time(i, "mock", who):
        share(state, diary, p, tables, i, who, hour, view.depth + 1, HOSTILE_SHARE)
    if view.flags & OF_SUBSCRIBER:
        if uniform(mix(bits ^ LEAVE)) < post["p_leave"] * opposition:
            diary.leaves.append((presence_of(tables, state, post), who))
    elif die_to_follow(state, p, post, who, bits) < p_join(post["p_join"], agreement):
        diary.joins.append((presence_of(tables, state, post), who))
    when = answer_time(state, diary, p, view, bits, liked_or_shared)
    if when is not None:
        now = int(state.counters[COUNTER.hour])
        put_down(diary, now, max(when, float(now + 1)), who, i, view.depth, BY_ANSWER, 0)


def die_to_follow(state: State, p: Any, post: Any, who: int, bits: np.uint64) -> float:
    """The die of a viewer who may follow: of this view, or of a mind made up for some time."""
    if p["mind_lasts"] == 0.0:
        return float(uniform(mix(bits ^ FOLLOW)))
    day = float(state.counters[COUNTER.hour]) / 24.0
    account = draw(p["joining"], state.accounts[post["account"]]["hash"])
    return float(die_of_mind(account, U64(who), day, p["mind_lasts"]))


def presence_of(tables: Tables, state: State, post: Any) -> int:
    """The row of the presence on which a post went out."""
    return int(tables.presence.reshape(len(state.accounts), -1)[post["account"], post["platform"]])


def happens(bits: np.uint64, purpose: np.uint64, hazard: float) -> bool:
    """A die for one decision."""
    return bool(uniform(mix(bits ^ purpose)) < p_react(hazard))
