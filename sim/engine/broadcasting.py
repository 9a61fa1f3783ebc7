"""Posts, shares and pick-ups go out: who will look, and when. Compiled; see `reference.py`.

An account's followers who are there today (attending.py) are looked through in blocks, without
branches: a table of thresholds by stratum rejects most with one hash; those chosen get a time. A
person's followers need a look at the person, asked for in advance.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.attending import choose_listed, list_present
from sim.engine.calendar import CHOICE, push
from sim.engine.finding import broadcast_core, broadcast_searches
from sim.engine.kernel import inner, part
from sim.engine.members import feed_on, is_on, presence_of
from sim.engine.prefetch import prefetch, word
from sim.engine.tagging import broadcast_tagged
from sim.mechanisms.following import join_base, p_leave
from sim.mechanisms.interest import drawn_by
from sim.mechanisms.sharing import (
    base_hazard,
    hostile_base,
    quality_factor,
    recent_after,
    wear,
)
from sim.mechanisms.visibility import inflow, mean_delay, p_late, p_offered, rate_factor
from sim.state import (
    BY_FOLLOWER,
    BY_FRIEND,
    BY_LATE,
    COUNTER,
    FRIEND,
    FRIEND_BITS,
    OF_CANDIDATE,
    OF_HOSTILE,
    OF_SUBSCRIBER,
)
from sim.streams import (
    BOOST,
    BOOST_SIZE,
    CAUSE_STEP,
    DELAY,
    LATE,
    SELECTION,
    draw,
    exponential,
    high32,
    mix,
    subkey,
    threshold32,
    uniform,
)
from sim.vocabulary import MEDIA, OURS, TONES, TOPICS

HOUR = COUNTER.hour
RANKED_FEEDS, LAST_FEED = 16, 31  # feed strata from 16 on are ranked; findable longest in 15, 31
BITS_6, BITS_8, BITS_16, BITS_32 = np.uint64(6), np.uint64(8), np.uint64(16), np.uint64(32)
BITS_40, BITS_48 = np.uint64(40), np.uint64(48)
BYTE, PAIR, WHO = np.uint64(0xFF), np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)
STRATUM = np.uint64(FRIEND_BITS)
STRATA, LIMITS, N_MEDIA = np.uint64(32), 64, len(MEDIA)  # of a platform in the tables
MANY = 300  # followers from which a table of thresholds pays
SHARP, CULTURAL, N_TOPICS = TONES.index("sharp"), TONES.index("cultural"), len(TOPICS)


@part
def moment(state, parameters, tables, f, market, topic, hour, level):
    """What the place and the hour do to looking: factors on check-ins, inflow and late views, and
    the stream of presence on platform f on this local day; `level`: interest in who wrote the
    post."""
    p = parameters[f]
    total = 0.0
    for other in range(state.attention.shape[1]):
        total += state.attention[market, other]
    attention = total / state.attention.shape[1]
    local = hour + tables.utc_offset[market] + 24.0
    day = math.floor(local / 24.0)
    factor = rate_factor(
        local - 24.0 * day, p["rhythm_ratio"], attention, p["attention_elasticity"]
    )
    late = p_late(
        p["share_late"], state.attention[market, topic] * level, p["attention_elasticity"]
    )
    presence = mix(p["presence"] ^ np.uint64(day) * CAUSE_STEP)
    return factor, inflow(attention, p["crowding"]), threshold32(late), presence


@inner
def interest_in(p, post):
    """Interest in whoever wrote the post: 1, but for the ministry's posts while it has risen."""
    return p["interest"] if post["side"] == OURS else 1.0


@inner
def packed(who, visit, feed):
    """A person chosen by a feed in one register: who << 16 | feed << 8 | visit."""
    return np.uint64(who) << BITS_16 | np.uint64(feed) << BITS_8 | np.uint64(visit)


@part
def schedule(state, calendar, parameters, tables, n, factor, crowd, late, hour, post, depth, route,
             flags):  # fmt: skip
    """When each of the first n chosen sees the post. The times first, without branches."""
    now, late_mean = state.counters[HOUR], parameters[0]["late_mean_hours"]
    own = np.uint64(state.posts[post]["platform"]) * STRATA
    chosen, dice, times = calendar.chosen, calendar.dice, calendar.times
    for k in range(n):
        feed, visit = own + (chosen[k] >> BITS_8 & BYTE), own + (chosen[k] & BYTE)
        mean = mean_delay(tables.visit_rates[visit] * factor, tables.burial[feed] * crowd)
        is_late = high32(mix(dice[k] ^ LATE)) < late
        times[k] = hour + exponential(mix(dice[k] ^ DELAY), late_mean if is_late else mean)
    for k in range(n):
        one = chosen[k]
        is_late = np.int64(high32(mix(dice[k] ^ LATE)) < late)
        by = route + is_late * (BY_LATE - route)
        marks = flags | np.int64(one >> BITS_8 & BYTE >= RANKED_FEEDS) * OF_CANDIDATE
        who = np.int64(one >> BITS_16)
        push(calendar, state.counters, now, times[k], who, post, depth, by, marks)


@part
def hazards(state, parameters, tables, i):
    """What of a post's hazards is known when it goes out (mechanisms/sharing)."""
    post = state.posts[i]
    f = np.int64(post["platform"])
    p, presence = parameters[f], state.presences[presence_of(parameters, tables, post)]
    usual = state.accounts[post["account"]]["usual"]
    presence["recent"] = recent_after(presence["recent"], post["hour"] - presence["recent_hour"])
    presence["recent_hour"] = post["hour"]
    worn = wear(presence["recent"], usual, p["fatigue"])
    quality = np.float64(post["quality"])
    tag = p["event_tag"] if post["event"] >= 0 else p["no_event_tag"]
    sharp = p["hostile_sharp"] if post["tone"] == SHARP else 1.0
    wrong = p["hostile_blunder"] if post["blunder"] == 1 else 1.0
    level = interest_in(p, post)
    tone = tables.tone[post["tone"]]
    if post["tone"] == CULTURAL:
        tone *= tables.fit[np.int64(post["market"]) * N_TOPICS + np.int64(post["topic"])]
    medium = tables.media[f * N_MEDIA + np.int64(post["media"])]
    base = base_hazard(p["p0"], medium, tone, tag, worn)
    base *= drawn_by(level, p["share_elasticity"])
    base *= tables.status[post["account"]]
    post["h_first"] = base * quality
    post["h_later"] = base * quality_factor(quality, p["kappa_later"], p["quality_log_sd"])
    post["h_hostile"] = hostile_base(
        p["p0"], p["hostile_ratio"], p["hostile_mean"], worn, sharp, wrong
    )
    post["p_join"] = join_base(p["p_join"], quality) * drawn_by(level, p["join_elasticity"])
    post["p_leave"] = p_leave(p["p_leave"], presence["recent"], usual, 1.0)
    presence["recent"] += 1.0


@part
def boost(state, parameters, tables, i):
    """How many false shares somebody bought for a post (mechanisms/contamination)."""
    post = state.posts[i]
    if uniform(subkey(post["key"], BOOST)) < tables.p_boosted[post["account"]]:
        size = exponential(subkey(post["key"], BOOST_SIZE), parameters[0]["false_mean"])
        state.false[i]["bought"] = math.floor(size)


@inner
def broadcast_root(state, calendar, parameters, tables, i):
    """A post goes out to the account's interested followers and its core."""
    hazards(state, parameters, tables, i)
    post = state.posts[i]
    f, q = np.int64(post["platform"]), presence_of(parameters, tables, post)
    if parameters[0]["contaminated"] == 1:
        boost(state, parameters, tables, i)
    hour = post["hour"]
    level = interest_in(parameters[f], post)
    factor, crowd, late, presence = moment(
        state, parameters, tables, f, np.int64(post["market"]), np.int64(post["topic"]), hour,
        level,
    )
    stream = subkey(subkey(post["key"], SELECTION), state.accounts[post["account"]]["hash"])
    day = np.uint64(state.counters[HOUR] // 24)
    first, last = state.f_start[q], state.f_start[q] + state.f_n[q]
    many = state.f_n[q] >= MANY
    if many:
        set_limits(calendar, tables, f, factor, crowd)
        last = list_present(state, calendar, presence, q)
    while first < last:
        end = min(last, first + CHOICE)
        if many:
            n = choose_listed(calendar, stream, day, first, end)
        else:
            n = choose_few(
                state, calendar, tables, f, stream, presence, day, first, end, factor, crowd
            )
        schedule(state, calendar, parameters, tables, n, factor, crowd, late, hour, i, 0,
                 BY_FOLLOWER, OF_SUBSCRIBER)  # fmt: skip
        first += CHOICE
    if parameters[f]["resharing"] == 1:
        broadcast_core(state, calendar, parameters, tables, i)
    if level > 1.0:
        broadcast_searches(state, calendar, parameters, tables, i, level)
    if len(state.tags) > 0:
        broadcast_tagged(state, calendar, parameters, tables, i)


@part
def set_limits(calendar, tables, f, factor, crowd):
    """The thresholds of every stratum on platform f; they stay 0 where a record says that a
    follower is gone."""
    for visit in range(LIMITS):
        calendar.p_present[visit] = tables.p_present[f * LIMITS + visit]
    rates = tables.visit_rates[f * 32 : f * 32 + 32]
    for feed in range(32):
        own = f * 32 + feed
        selection, burial = tables.selection[own], tables.burial[own] * crowd
        row = calendar.limits[feed << 6 : (feed << 6) + 32]  # a row of its own runs many at a time
        for visit in range(32):
            row[visit] = threshold32(p_offered(selection, 1.0, rates[visit] * factor, burial))


@part
def choose_few(state, calendar, tables, f, stream, presence, day, first, last, factor, crowd):
    """The same for an account with so few followers that a table would cost more than it saves:
    who is there, then whose feed offers the post; loops without branches, dice eight at a time."""
    n, kept, own = 0, 0, np.uint64(f) * STRATA
    p_present = tables.p_present[f * LIMITS : f * LIMITS + LIMITS]
    thrown, there, dice = calendar.thrown, calendar.present, calendar.dice
    for j in range(first, last):
        thrown[j - first] = high32(draw(presence, word(state.followers, (j,)) & WHO))
    for j in range(first, last):
        one = word(state.followers, (j,))
        there[n] = one
        is_there = np.int64(thrown[j - first] < p_present[one >> BITS_32 & BYTE])
        n += is_there & np.int64(one >> BITS_48 >= day)
    for k in range(n):
        dice[k] = draw(stream, there[k] & WHO)
    for k in range(n):
        one, bits = there[k], dice[k]
        feed, visit = own + (one >> BITS_40 & BYTE), own + (one >> BITS_32 & BYTE)
        rate, burial = tables.visit_rates[visit] * factor, tables.burial[feed] * crowd
        limit = threshold32(p_offered(tables.selection[feed], 1.0, rate, burial))
        calendar.chosen[kept] = (one & WHO) << BITS_16 | one >> BITS_32 & PAIR
        dice[kept] = bits
        kept += np.int64(high32(bits) < limit)
    return kept


@inner
def broadcast_share(state, calendar, friends_start, friends, parameters, tables, item):
    """A person's share goes out to whoever follows that person on the platform."""
    sharer, i = item["who"], item["post"]
    post = state.posts[i]
    f = np.int64(post["platform"])
    p, market = parameters[f], np.int64(state.people[sharer]["market"])
    hour, depth = item["hour"], np.int64(item["depth"])
    level = interest_in(p, post)
    factor, crowd, late, presence = moment(
        state, parameters, tables, f, market, np.int64(post["topic"]), hour, level
    )
    rel = p["selection_friends"] / p["selection"]
    purpose = subkey(post["key"], SELECTION)
    if item["hostile"] == 1:
        purpose = mix(purpose)
    stream = subkey(purpose, np.uint64(sharer))
    flags = OF_HOSTILE if item["hostile"] == 1 else 0
    first, last = friends_start[sharer], friends_start[sharer + 1]
    n = ask_likely_friends(
        state, calendar, friends, tables, f, stream, presence, first, last, rel, factor, crowd
    )
    n = choose_friends(state, calendar, parameters, tables, f, n, rel, factor, crowd)
    schedule(state, calendar, parameters, tables, n, factor, crowd, late, hour, i, depth,
             BY_FRIEND, flags)  # fmt: skip


@part
def ask_likely_friends(state, calendar, friends, tables, f, stream, presence, first, last, rel,
                       factor, crowd):  # fmt: skip
    """Followers in friends[first:last] who are there on this day and whom the dice leave a chance
    even with the most generous feed; have their records brought close. Returns how many."""
    last_feed = f * 32 + LAST_FEED
    p_present = tables.p_present[f * LIMITS : f * LIMITS + LIMITS]
    rates = tables.visit_rates[f * 32 : f * 32 + 32]
    most = tables.selection[last_feed]  # boosted, if feeds are ranked at all
    least = min(tables.burial[last_feed - RANKED_FEEDS], tables.burial[last_feed]) * crowd
    n = 0
    for j in range(first, last):
        one = np.uint64(friends[j])
        who, visit = one & FRIEND, one >> STRATUM
        bits = draw(stream, who)
        there = high32(draw(presence, who)) < p_present[visit]
        limit = threshold32(p_offered(most, rel, rates[visit] * factor, least))
        calendar.chosen[n] = who
        calendar.dice[n] = bits
        n += np.int64(there) & np.int64(high32(bits) < limit)
    for k in range(n):
        prefetch(state.people, (np.int64(calendar.chosen[k]),))
    return n


@part
def choose_friends(state, calendar, parameters, tables, f, n, rel, factor, crowd):
    """Of the first n likely ones, those on platform f whose own feed there offers the share;
    returns how many."""
    kept, own = 0, f * 32
    for k in range(n):
        who, bits = calendar.chosen[k], calendar.dice[k]
        person = state.people[np.int64(who)]
        feed, visit = np.int64(person["feed"]), np.int64(person["visit"])
        if f > 0:
            feed = feed_on(parameters, f, person, who)
        rate, burial = tables.visit_rates[own + visit] * factor, tables.burial[own + feed] * crowd
        offered = threshold32(p_offered(tables.selection[own + feed], rel, rate, burial))
        if high32(bits) < offered and (
            len(parameters) == 1 or is_on(state, parameters, tables, f, np.int64(who))
        ):
            calendar.chosen[kept] = packed(who, visit, feed)
            calendar.dice[kept] = bits
            kept += 1
    return kept
