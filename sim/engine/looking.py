"""People look, and react: the views of one hour, in the order in which they were scheduled."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.calendar import BLOCK, RING
from sim.engine.claiming import record_claim, weigh_claim
from sim.engine.commenting import answered, comment
from sim.engine.kernel import inner, kernel
from sim.engine.meeting import ask_for_meeting, times_met
from sim.engine.members import presence_of
from sim.engine.passing_on import (
    HOSTILE_KIND,
    SHARED_KIND,
    core_reacts,
    count_likes,
    is_target,
    remember,
    share,
    will_like,
)
from sim.engine.prefetch import AHEAD, prefetch
from sim.engine.sifting import ranking_die, sift
from sim.engine.tables import N_KNOWN
from sim.mechanisms.following import die_of_mind, p_join
from sim.mechanisms.framing import N_REMEMBERED, frame_weight
from sim.mechanisms.language import own_language, speaks_common
from sim.mechanisms.opinion import decayed, move, repetition
from sim.mechanisms.ranking import rank_weight
from sim.mechanisms.sharing import (
    congruence,
    distance_factor,
    hostile_hazard,
    p_react,
    share_hazard,
)
from sim.state import (
    AGE_SHIFT,
    BY_ANSWER,
    BY_CORE,
    BY_LATE,
    CACHE_LINE,
    COUNTER,
    FRIENDLY_SHARE,
    HOSTILE_SHARE,
    OF_CANDIDATE,
    OF_HOSTILE,
    OF_SUBSCRIBER,
    PRONE,
    SECOND_LANGUAGE,
    TARGET,
    VIEW,
)
from sim.streams import (
    FOLLOW,
    HOSTILE,
    LEAVE,
    LIKE,
    SHARE,
    draw,
    mix,
    uniform,
)
from sim.vocabulary import OURS

HOUR, N_SPOKEN = COUNTER.hour, COUNTER.n_spoken
VIEWS_IN_LINE = CACHE_LINE // VIEW.itemsize


@kernel
def look_at_hour(state, calendar, parameters, tables):
    """Work through the bucket of this hour, block by block: sift it, then have those views that
    remain look, each person asked for some views ahead."""
    bucket = state.counters[HOUR] % RING
    n, done = calendar.filled[bucket], 0
    block = calendar.first[bucket]
    while done < n:
        first = block * BLOCK
        ask_for_block(calendar, calendar.chain[block], n - done - BLOCK)
        kept = sift(state, calendar, parameters, tables, first, min(BLOCK, n - done))
        for k in range(kept):
            if k % AHEAD == 0:
                for later in range(k + AHEAD if k else 0, min(k + 2 * AHEAD, kept)):
                    ask(state, calendar.pool[calendar.sifted[later]])
            view, bits = calendar.pool[calendar.sifted[k]], calendar.sifted_dice[k]
            look(state, calendar, parameters, tables, view, bits)
        count_likes(state, calendar, parameters)
        done += BLOCK
        block = calendar.chain[block]


@inner
def ask_for_block(calendar, block, n):
    """Have the views of the block that comes next brought close; n of them."""
    for k in range(0, min(n, BLOCK), VIEWS_IN_LINE):
        prefetch(calendar.pool, (block * BLOCK + k,))


@inner
def ask(state, view):
    """Have the records of a view to come brought close."""
    who = np.int64(view["who"])
    prefetch(state.people, (who,))
    prefetch(state.reached, (np.int64(state.posts[view["post"]]["account"]), who >> 3))
    if state.counters[N_SPOKEN] > 0:
        ask_for_meeting(state, np.int64(view["post"]), who)


@inner
def look(state, calendar, parameters, tables, view, bits):
    """One person looks at one post."""
    who, i = np.int64(view["who"]), np.int64(view["post"])
    post, person = state.posts[i], state.people[who]
    counters = state.counters
    hour = counters[HOUR] + np.float64(view["at"])
    if view["route"] == BY_CORE:
        core_reacts(state, calendar, parameters, tables, view["flags"], who, i, hour)
        return
    if view["route"] == BY_ANSWER:
        answered(state, calendar, parameters, tables, view, who, i, hour, bits)
        return
    interested = cares_for(person, post)
    if view["flags"] & OF_CANDIDATE and interested == 0:
        f = np.int64(post["platform"])
        p = parameters[f]
        weight = rank_weight(post["standing"], tables.affinity[2 * f], p["max_boost"])
        if ranking_die(p, bits) >= weight:
            return
    hostile = view["flags"] & OF_HOSTILE != 0
    count_view(state, calendar, parameters, view, who, i, hour, hostile)
    if post["event"] == parameters[0]["watched_event"] and post["side"] == OURS:
        state.noticed[who] = min(np.float64(state.noticed[who]), hour)
    stance = -np.float64(post["stance"]) if hostile else np.float64(post["stance"])
    reading, n_met = reading_of(parameters, tables, person, post), 0
    s = np.float64(person["favourability"])
    if reading > 0.0:
        weight = meet_frame(state, parameters, who, i, stance, hostile)
        weight = weigh_claim(state, parameters, tables, who, i, stance, weight)
        if counters[N_SPOKEN] > 0:
            n_met = times_met(state, i, who)
            weight *= tables.again[n_met]
        s = move_mind(state, parameters, tables, who, i, stance, weight)
    distance = math.fabs(stance - s)
    reading *= tables.media_age[np.int64(post["media"]) * 4 + age_of(person)]
    if counters[N_SPOKEN] > 0:
        reading *= style_of(state, tables, i, person) * tables.worn[n_met]
    react(state, calendar, parameters, tables, view, who, i, hour, bits, interested, hostile,
          distance, reading)  # fmt: skip
    if counters[N_SPOKEN] > 0 and not hostile:
        comment(state, calendar, parameters, tables, view, who, i, bits, interested, distance,
                reading)  # fmt: skip


@inner
def age_of(person):
    """Age band, 0 to 3."""
    return (np.int64(person["flags"]) >> AGE_SHIFT) & 3


@inner
def style_of(state, tables, i, person):
    """What the words of a post do to the reaction of this person."""
    first = np.int64(np.int64(person["language"]) == np.int64(state.posts[i]["language"]) & 127)
    style = np.int64(state.speech[i]["style"])
    return tables.style[(style * 4 + age_of(person)) * 2 + first]


@inner
def cares_for(person, post):
    """1 if the person is interested in the topic of the post, else 0."""
    return (np.int64(person["topics"]) >> np.int64(post["topic"])) & 1


@inner
def count_view(state, calendar, parameters, view, who, i, hour, hostile):
    """Impressions and reach, of the post, the account, the side and the target public. Written
    without branches: half of them would be guessed wrong."""
    post, person, counters = state.posts[i], state.people[who], state.counters
    account = state.accounts[post["account"]]
    post["n_impressions"] += 1
    post["n_follower_views"] += np.int64(view["flags"] & OF_SUBSCRIBER != 0)
    account["n_impressions"] += 1
    side = post["side"]
    state.voice[side, person["market"], post["topic"]] += 1
    byte, bit = who >> 3, np.uint8(1 << (who & 7))
    before = state.reached[post["account"], byte]
    state.reached[post["account"], byte] = before | bit
    account["n_unique"] += np.int64(before & bit == 0)
    if parameters[0]["keep"] == 1 and side == OURS:
        log = calendar.logged_views[counters[COUNTER.n_logged_views]]
        log["post"], log["who"] = i, who
        log["lag_hours"] = np.float32(hour - post["hour"])
        counters[COUNTER.n_logged_views] += 1
    ours = np.int64(side == OURS)
    counters[COUNTER.ours_impressions] += ours
    counters[COUNTER.follower_impressions + np.int64(view["route"])] += ours
    counters[COUNTER.reached] += ours & np.int64(person["reached"] == 0)
    person["reached"] |= ours << np.int64(post["platform"])
    aimed = ours & is_target(person, post)
    n_before = np.int64(person["n_target"])
    counters[COUNTER.target_impressions] += aimed
    counters[COUNTER.target_reached] += aimed & np.int64(n_before == 0)
    counters[COUNTER.target_frequent] += aimed & np.int64(n_before == 2)
    person["n_target"] = min(n_before + aimed, 255)


@inner
def meet_frame(state, parameters, who, i, stance, hostile):
    """A frame on an event: remembered if it is the first, else weighed against the first."""
    post, person, counters = state.posts[i], state.people[who], state.counters
    event = post["event"]
    if event < 0:
        return 1.0
    sign = 1 if stance > 0.0 else (-1 if stance < 0.0 else 0)
    p = parameters[0]
    for k in range(N_REMEMBERED):
        memory = state.memory[who, k]
        if memory["event"] == event:
            opposed = np.int64(memory["sign"]) * sign < 0
            gap = np.float64(counters[HOUR] - np.int64(memory["hour"]))
            return frame_weight(opposed, gap, p["preemption"], p["frame_half_life"])
    place = np.int64(person["ring"]) % N_REMEMBERED
    person["ring"] = (place + 1) % N_REMEMBERED
    first = state.memory[who, place]
    first["event"] = event
    first["hour"] = counters[HOUR]
    first["sign"] = sign
    first["side"] = post["side"]
    if person["flags"] & TARGET:
        counters[COUNTER.frames] += 1
        if post["side"] == OURS and not hostile:
            counters[COUNTER.frames_ours] += 1
    return 1.0


@inner
def move_mind(state, parameters, tables, who, i, stance, weight):
    """Favourability after this view; only a small part of the move stays."""
    p, person, post = parameters[0], state.people[who], state.posts[i]
    hour = state.counters[HOUR]
    s = np.float64(person["favourability"])
    if p["opinion_kind"] == 0:
        return s
    transient = np.float64(person["transient"])
    if transient != 0.0:
        gap = hour - np.int64(person["hour_moved"])
        transient *= tables.decay[gap] if gap < N_KNOWN else decayed(
            1.0, np.float64(gap), p["opinion_half_life"]
        )
    durable = np.float64(person["durable"])
    s = min(max(s + transient + durable, -1.0), 1.0)
    if stance == 0.0:
        return s
    friendly = np.int64(stance > 0.0)
    n_friendly, n_opposed = np.int64(person["n_friendly"]), np.int64(person["n_opposed"])
    n = n_friendly if friendly else n_opposed
    person["n_friendly"] = min(n_friendly + friendly, 65_535)
    person["n_opposed"] = min(n_opposed + 1 - friendly, 65_535)
    gain = tables.repetition[n] if n < N_KNOWN else repetition(np.float64(n), p["opinion_gain"])
    change = move(
        gain, weight, p["opinion_kind"], s, stance,
        tables.opinion_tone[post["tone"]], person["flags"] & PRONE != 0, p["opinion_reach"],
        p["opinion_strength"],
    )  # fmt: skip
    record_claim(state, parameters, tables, who, i, stance, change)
    person["transient"] = np.float32(transient + (1.0 - p["durable"]) * change)
    person["durable"] = np.float32(durable + p["durable"] * change)
    person["hour_moved"] = hour
    return min(max(s + change, -1.0), 1.0)


@inner
def reading_of(parameters, tables, person, post):
    """What the language of the post does to the reaction of this person."""
    code = np.int64(post["language"])
    first = np.int64(np.int64(person["language"]) == own_language(code))
    common = np.int64(speaks_common(code, parameters[0]["common_language"]))
    speaks = np.int64(person["flags"] & SECOND_LANGUAGE != 0)
    return tables.reading[first << 1 | common & speaks]


@inner
def react(state, calendar, parameters, tables, view, who, i, hour, bits, interested, hostile,
          distance, reading):  # fmt: skip
    """Share, like, mock, follow, leave: each by its own die, thrown once per (person, post)."""
    p, person, post = parameters[0], state.people[who], state.posts[i]
    opposition = distance_factor(distance, p["distance_mean_square"])
    respond(state, calendar, parameters, tables, view, who, i, hour, bits, interested, hostile,
            distance, reading)  # fmt: skip
    if hostile:
        return
    prone = p["hostile_prone"] if person["flags"] & PRONE else 1.0
    base = post["h_hostile"] if reading > 0.0 else 0.0
    h = hostile_hazard(base, np.float64(person["propensity"]), opposition, prone)
    if happens(bits, HOSTILE, h) and may_mock(parameters, post) and remember(
        calendar, state.counters, i, HOSTILE_KIND, who
    ):
        share(state, calendar, parameters, tables, i, who, hour, np.int64(view["depth"]) + 1,
              HOSTILE_SHARE)  # fmt: skip
    change_tie(state, calendar, parameters, tables, view, who, post, bits, distance, opposition)


@inner
def may_mock(parameters, post):
    """Whether the platform lets a reader answer back in public: a quote, or a comment."""
    p = parameters[np.int64(post["platform"])]
    return p["resharing"] == 1 or p["replies"] == 1


@inner
def respond(state, calendar, parameters, tables, view, who, i, hour, bits, interested, hostile,
            distance, reading):  # fmt: skip
    """Share (of a mocking quote: mock along) and like. Agreement, the one costly factor, is worked
    out only where the dice leave a chance at full agreement."""
    p, person, post, counters = parameters[0], state.people[who], state.posts[i], state.counters
    depth = np.int64(view["depth"])
    age = (np.int64(person["flags"]) >> AGE_SHIFT) & 3
    base = post["h_first"] if depth == 0 and not hostile else post["h_later"]
    propensity, tone_age = np.float64(person["propensity"]), np.int64(post["tone"]) * 4 + age
    ready = state.readiness[person["market"], post["topic"]]
    keen = tables.intent[1 if view["route"] == BY_LATE else 0]
    most = 1.000001 * share_hazard(
        base, propensity, reading, 1.0 / p["congruence_mean"], tables.tone_age[tone_age],
        tables.topic[interested], ready, keen,
    )  # fmt: skip
    sharing, liking = uniform(mix(bits ^ SHARE)), uniform(mix(bits ^ LIKE))
    if sharing >= most and liking >= most * p["likes_per_share"]:
        return
    h = share_hazard(
        base, propensity, reading, congruence(distance, p["width"]) / p["congruence_mean"],
        tables.tone_age[tone_age], tables.topic[interested], ready, keen,
    )  # fmt: skip
    if sharing < p_react(h) and parameters[np.int64(post["platform"])]["resharing"] == 1:
        kind = HOSTILE_SHARE if hostile else FRIENDLY_SHARE
        name = HOSTILE_KIND if hostile else SHARED_KIND
        if remember(calendar, counters, i, name, who):
            share(state, calendar, parameters, tables, i, who, hour, depth + 1, kind)
    if not hostile and liking < p_react(h * p["likes_per_share"]):
        will_like(calendar, counters, i, who, 0)


@inner
def happens(bits, purpose, hazard):
    """A die for one decision; the cheap test first, since 1 - exp(-h) < h."""
    u = uniform(mix(bits ^ purpose))
    return u < hazard and u < p_react(hazard)


@inner
def die_to_follow(state, p, post, who, bits):
    """The die of a viewer who may follow: of this view, or of a mind made up for some time."""
    if p["mind_lasts"] == 0.0:
        return uniform(mix(bits ^ FOLLOW))
    day = np.float64(state.counters[HOUR]) / 24.0
    account = draw(p["joining"], state.accounts[post["account"]]["hash"])
    return die_of_mind(account, np.uint64(who), day, p["mind_lasts"])


@inner
def change_tie(state, calendar, parameters, tables, view, who, post, bits, distance,
               opposition):  # fmt: skip
    """A viewer may follow, a follower may leave; it counts from the end of the hour."""
    p, counters = parameters[0], state.counters
    if view["flags"] & OF_SUBSCRIBER:
        if uniform(mix(bits ^ LEAVE)) < post["p_leave"] * opposition:
            tie = calendar.leaves[counters[COUNTER.n_leaves]]
            tie["presence"], tie["who"] = presence_of(parameters, tables, post), who
            counters[COUNTER.n_leaves] += 1
        return
    die = die_to_follow(state, p, post, who, bits)
    if die >= 1.000001 * p_join(post["p_join"], 1.0 / p["congruence_mean"]):
        return  # not even at full agreement
    agreement = congruence(distance, p["width"]) / p["congruence_mean"]
    if die < p_join(post["p_join"], agreement):
        tie = calendar.joins[counters[COUNTER.n_joins]]
        tie["presence"], tie["who"] = presence_of(parameters, tables, post), who
        counters[COUNTER.n_joins] += 1
