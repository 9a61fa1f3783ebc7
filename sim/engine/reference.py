"""The model, to be read: the hours of a world in plain Python, one person at a time.

One hour:  1 news breaks   2 posts and shares go out   3 people look   4 they react and share
5 minds move   6 ties change at the hour's end.

Lists, sets and dictionaries instead of pools and packed tables; the same laws (`mechanisms/`), the
same draws (`streams`), the same order as `compiled.py`, and exactly the same results. For worlds of
some ten thousand people.
"""

from __future__ import annotations

import copy
import math
from typing import Any, NamedTuple

import numpy as np

from sim.engine.base import Engine
from sim.engine.lingering import linger_of
from sim.engine.reference_look import Diary, look, presence_of, put_down
from sim.engine.reference_replies import lift_attention
from sim.engine.reference_tags import show_under_tag
from sim.engine.ties import change_ties_of
from sim.mechanisms.core import p_core_like, p_core_share
from sim.mechanisms.following import join_base, p_leave
from sim.mechanisms.interest import drawn_by, n_searches
from sim.mechanisms.pickup import pickup_views
from sim.mechanisms.platforms import TRIES, membership_die
from sim.mechanisms.sharing import (
    attention_factor,
    base_hazard,
    hostile_base,
    quality_factor,
    recent_after,
    wear,
)
from sim.mechanisms.visibility import inflow, mean_delay, p_late, p_offered, rate_factor
from sim.state import (
    AGE_SHIFT,
    BY_CORE,
    BY_FOLLOWER,
    BY_FRIEND,
    BY_LATE,
    BY_PICKUP,
    COUNTER,
    FRIEND,
    GONE,
    OF_CANDIDATE,
    OF_HOSTILE,
    OF_SUBSCRIBER,
    PICKED_UP,
    SHARED,
    TO_LIKE,
    TO_SHARE,
    VIEWED,
)
from sim.streams import (
    BOOST,
    BOOST_SIZE,
    CAUSE_STEP,
    CORE,
    CORE_DELAY,
    DELAY,
    LATE,
    MEMBER,
    PICKUP_DELAY,
    PICKUP_SIZE,
    PICKUP_WHO,
    SEARCH_DELAY,
    SEARCH_SIZE,
    SEARCH_WHO,
    SELECTION,
    U64,
    draw,
    exponential,
    high32,
    mix,
    subkey,
    threshold32,
    uniform,
)
from sim.vocabulary import AMPLIFICATION, MEDIA, OURS, TONES, TOPICS

RANKED_FEEDS = 16


class Moment(NamedTuple):
    """What place and hour do to looking."""

    factor: float  # on check-in rates
    crowd: float  # on the inflow of feeds
    p_late: float
    presence: np.uint64  # stream of who is there on this local day


class ReferenceEngine(Engine):
    """The engine to check the other one against."""

    def __init__(self, *world: Any, diary: Diary | None = None) -> None:
        super().__init__(*world)
        self.diary = Diary() if diary is None else diary

    def _advance(self, until: int) -> None:
        with np.errstate(over="ignore"):  # hashes wrap round
            while self.hour < until:
                self.one_hour()

    def one_hour(self) -> None:
        """One hour of the world."""
        counters = self.state.counters
        hour = self.hour
        self.news_breaks(hour)
        for item in self.broadcasts_of(hour):
            self.broadcast(item)
        for view in self.diary.views.pop(hour, []):
            look(self.state, self.diary, self.parameters, self.tables, view)
        while not change_ties_of(self.state, self.diary.joins, self.diary.leaves, self.parameters):
            self._more_places()
        counters[COUNTER.hour] = hour + 1

    def news_breaks(self, hour: int) -> None:
        """Attention to every topic decays towards 1 and jumps with the events of this hour."""
        p, attention, counters = self.parameters[0], self.state.attention, self.state.counters
        for place, value in np.ndenumerate(attention):
            if len(self.tables.linger_weight):
                attention[place] = linger_of(self.state, self.tables, *place)
            else:
                attention[place] = 1.0 + (value - 1.0) * p["attention_decay"]
        while (k := int(counters[COUNTER.next_event])) < len(self.events):
            event = self.events[k]
            if event["hour"] >= hour + 1:
                break
            for market, weight in self.markets_hit(event):
                attention[market, event["topic"]] += np.float64(event["severity"]) * weight
            counters[COUNTER.next_event] = k + 1
        for place, value in np.ndenumerate(attention):
            self.state.readiness[place] = attention_factor(
                value, p["usual_attention"], p["share_elasticity"]
            )

    def markets_hit(self, event: np.void) -> list[tuple[int, float]]:
        """Where an event is heard, and how loud."""
        home, region = int(event["market"]), self.tables.region
        hit = [(home, 1.0)]
        for market in range(len(region)):
            near = event["scope"] == 2 or (event["scope"] == 1 and region[market] == region[home])
            if near and market != home:
                hit.append((market, float(self.parameters[0]["spill"])))
        return hit

    def broadcasts_of(self, hour: int) -> list[tuple[Any, ...]]:
        """(time, key, who, hostile, post, depth) of all that goes out in this hour, in order."""
        counters, items = self.state.counters, self.diary.queue
        self.diary.queue = []
        while (i := int(counters[COUNTER.next_post])) < counters[COUNTER.n_posts]:
            post = self.state.posts[i]
            if post["hour"] >= hour + 1:
                break
            items.append((float(post["hour"]), int(post["key"]), -10, 0, i, 0))
            counters[COUNTER.next_post] = i + 1
        return sorted(items)

    def broadcast(self, item: tuple[Any, ...]) -> None:
        """Send one item out by its kind."""
        hour, _, who, hostile, i, depth = item
        if who == -10:
            self.broadcast_root(i)
        elif who == PICKED_UP:
            self.broadcast_pickup(i, hour)
        else:
            self.broadcast_share(i, hour, who, depth, hostile == 1)

    def presence(self, post: Any) -> Any:
        """The record of the presence on which a post goes out."""
        return self.state.presences[presence_of(self.tables, self.state, post)]

    def is_on(self, f: int, who: int) -> bool:
        """Whether a person is on platform f; in a world of one everybody is."""
        if len(self.parameters) == 1:
            return True
        p, person = self.parameters[f], self.state.people[who]
        adoption = self.tables.adoption.reshape(len(self.parameters), -1, 4)
        own, common = draw(p["member"], U64(who)), draw(p["member_common"], U64(who))
        limit = adoption[f, person["market"], person["flags"] >> AGE_SHIFT & 3]
        return bool(membership_die(own, common, p["overlap"]) < limit)

    def feed_on(self, f: int, who: int) -> int:
        """Stratum of a person's feed on platform f."""
        p, feed = self.parameters[f], int(self.state.people[who]["feed"])
        if f == 0:
            return feed
        ranked = high32(draw(p["ranked"], U64(who))) < p["ranked_below"]
        return feed % RANKED_FEEDS + (RANKED_FEEDS if ranked else 0)

    def find_member(self, f: int, bits: np.uint64, low: int, size: int) -> int | None:
        """The person whom these dice find in [low, low + size) on platform f."""
        for _ in range(TRIES):
            who = low + int(size * uniform(bits))
            if self.is_on(f, who):
                return who
            bits = mix(bits ^ MEMBER)
        return None

    def interest_in(self, post: Any) -> float:
        """Interest in whoever wrote the post: 1, but for posts of the ministry while it is up."""
        return float(self.parameters[0]["interest"]) if post["side"] == OURS else 1.0

    def moment(self, f: int, market: int, topic: int, hour: float, level: float) -> Moment:
        """Factors on check-ins, inflow and late views, and the stream of presence; `level`:
        interest in who wrote the post."""
        p, attention = self.parameters[f], self.state.attention
        total = 0.0
        for value in attention[market]:
            total += float(value)
        mean = total / attention.shape[1]
        local = hour + self.tables.utc_offset[market] + 24.0
        day = math.floor(local / 24.0)
        factor = rate_factor(local - 24.0 * day, p["rhythm_ratio"], mean, p["attention_elasticity"])
        searched = float(attention[market, topic]) * level
        late = p_late(p["share_late"], searched, p["attention_elasticity"])
        return Moment(factor, inflow(mean, p["crowding"]), late,
                      mix(p["presence"] ^ U64(day) * CAUSE_STEP))  # fmt: skip

    def hazards(self, i: int) -> None:
        """What of a post's hazards is known when it goes out (mechanisms/sharing)."""
        tables, post = self.tables, self.state.posts[i]
        p, presence = self.parameters[post["platform"]], self.presence(post)
        usual = self.state.accounts[post["account"]]["usual"]
        recent = recent_after(presence["recent"], post["hour"] - presence["recent_hour"])
        worn = wear(recent, usual, p["fatigue"])
        quality = np.float64(post["quality"])
        tag = p["event_tag"] if post["event"] >= 0 else p["no_event_tag"]
        sharp = p["hostile_sharp"] if TONES[post["tone"]] == "sharp" else 1.0
        wrong = p["hostile_blunder"] if post["blunder"] else 1.0
        medium = tables.media.reshape(-1, len(MEDIA))[post["platform"], post["media"]]
        tone = tables.tone[post["tone"]]
        level = self.interest_in(post)
        if TONES[post["tone"]] == "cultural":
            tone *= tables.fit[int(post["market"]) * len(TOPICS) + int(post["topic"])]
        base = base_hazard(p["p0"], medium, tone, tag, worn)
        base *= drawn_by(level, p["share_elasticity"])
        base *= tables.status[post["account"]]
        post["h_first"] = base * quality
        post["h_later"] = base * quality_factor(quality, p["kappa_later"], p["quality_log_sd"])
        post["h_hostile"] = hostile_base(
            p["p0"], p["hostile_ratio"], p["hostile_mean"], worn, sharp, wrong
        )
        post["p_join"] = join_base(p["p_join"], quality) * drawn_by(level, p["join_elasticity"])
        post["p_leave"] = p_leave(p["p_leave"], recent, usual, 1.0)
        presence["recent"], presence["recent_hour"] = recent + 1.0, post["hour"]

    def boost(self, i: int) -> None:
        """How many false shares somebody bought for a post (mechanisms/contamination)."""
        post = self.state.posts[i]
        if uniform(subkey(post["key"], BOOST)) < self.tables.p_boosted[post["account"]]:
            size = exponential(subkey(post["key"], BOOST_SIZE), self.parameters[0]["false_mean"])
            self.state.false[i]["bought"] = math.floor(size)

    def broadcast_root(self, i: int) -> None:
        """A post goes out to the account's interested followers and its core."""
        state, post = self.state, self.state.posts[i]
        if post["parent"] >= 0 and post["kind"] == AMPLIFICATION:
            self.offer_followers(i, int(post["parent"]), 1, BY_FRIEND, 0)
            return
        lift_attention(state, self.parameters[0], self.tables.market_start, i)
        self.hazards(i)
        if self.parameters[0]["contaminated"]:
            self.boost(i)
        self.offer_followers(i, i, 0, BY_FOLLOWER, OF_SUBSCRIBER)
        if self.parameters[post["platform"]]["resharing"]:
            self.broadcast_core(i)
        level = self.interest_in(post)
        if level > 1.0:
            self.broadcast_searches(i, level)
        show_under_tag(self.state, self.diary, self.parameters, self.tables, i, self.is_on)

    def offer_followers(self, i: int, shown: int, depth: int, route: int, flags: int) -> None:
        """The interested followers of the account of post i are offered a post, its own or one
        that it passes on."""
        state, post = self.state, self.state.posts[i]
        f, q = int(post["platform"]), presence_of(self.tables, state, post)
        market, topic, level = post["market"], post["topic"], self.interest_in(state.posts[shown])
        now = self.moment(f, int(market), int(topic), float(post["hour"]), level)
        whose = state.accounts[post["account"]]["hash"]
        stream = subkey(subkey(state.posts[shown]["key"], SELECTION), whose)
        day = self.hour // 24
        for one in state.followers[state.f_start[q] : state.f_start[q] + state.f_n[q]]:
            if one["visit"] != GONE and one["last_day"] >= day:
                self.offer(now, stream, int(one["who"]), int(one["visit"]), int(one["feed"]), 1.0,
                           float(post["hour"]), shown, depth, route, flags)  # fmt: skip

    def offer(self, now: Moment, stream: np.uint64, who: int, visit: int, feed: int, rel: float,
              hour: float, i: int, depth: int, route: int, flags: int) -> None:  # fmt: skip
        """Does the feed offer the post, is the person there, and when does he or she see it?"""
        tables, bits = self.tables, draw(stream, U64(who))
        f, n = int(self.state.posts[i]["platform"]), len(self.parameters)
        rate = tables.visit_rates.reshape(n, -1)[f, visit] * now.factor
        burial = tables.burial.reshape(n, -1)[f, feed] * now.crowd
        selection = tables.selection.reshape(n, -1)[f, feed]
        if not high32(bits) < threshold32(p_offered(selection, rel, rate, burial)):
            return
        present = tables.p_present.reshape(n, -1)[f, visit]
        if not high32(draw(now.presence, U64(who))) < present:
            return
        mean = mean_delay(rate, burial)
        if high32(mix(bits ^ LATE)) < threshold32(now.p_late):
            route, mean = BY_LATE, self.parameters[0]["late_mean_hours"]
        if feed >= RANKED_FEEDS:
            flags |= OF_CANDIDATE
        self.schedule(hour + exponential(mix(bits ^ DELAY), mean), who, i, depth, route, flags)

    def schedule(self, when: float, who: int, i: int, depth: int, route: int, flags: int) -> None:
        """Put a look into the diary, in this hour at the earliest."""
        put_down(self.diary, self.hour, when, who, i, depth, route, flags)

    def broadcast_core(self, i: int) -> None:
        """The loyal core decides, each member by his or her own die."""
        p, post, start = self.parameters[0], self.state.posts[i], self.tables.market_start
        account = self.state.accounts[post["account"]]
        low = int(start[account["market"]])
        size = int(start[account["market"] + 1]) - low
        if size == 0:
            return
        members, stream = subkey(account["hash"], CORE), subkey(post["key"], CORE)
        core_mean = self.presence(post)["core_mean"]
        args = core_mean, np.float64(post["quality"]), p["n_core"]
        p_share, p_like = p_core_share(*args), p_core_like(*args, p["likes_per_share"])
        for k in range(int(p["n_core"])):
            bits = draw(stream, U64(k))
            does = (uniform(bits) < p_share) * TO_SHARE | (uniform(bits) < p_like) * TO_LIKE
            if does:
                who = self.find_member(int(post["platform"]), draw(members, U64(k)), low, size)
                wait = exponential(mix(bits ^ CORE_DELAY), p["core_mean_delay"])
                if who is not None:
                    self.schedule(float(post["hour"]) + wait, who, i, 0, BY_CORE, does)

    def broadcast_share(self, i: int, hour: float, sharer: int, depth: int, hostile: bool) -> None:
        """A person's share goes out to whoever follows that person on the platform."""
        people, post = self.state.people, self.state.posts[i]
        f, topic, level = int(post["platform"]), int(post["topic"]), self.interest_in(post)
        p = self.parameters[f]
        now = self.moment(f, int(people[sharer]["market"]), topic, hour, level)
        purpose = subkey(self.state.posts[i]["key"], SELECTION)
        stream = subkey(mix(purpose) if hostile else purpose, U64(sharer))
        rel = p["selection_friends"] / p["selection"]
        flags = OF_HOSTILE if hostile else 0
        for one in self.friends[self.friends_start[sharer] : self.friends_start[sharer + 1]]:
            who = int(one) & int(FRIEND)
            if self.is_on(f, who):
                self.offer(now, stream, who, int(people[who]["visit"]), self.feed_on(f, who), rel,
                           hour, i, depth, BY_FRIEND, flags)  # fmt: skip

    def broadcast_pickup(self, i: int, hour: float) -> None:
        """Media or a trend list show a post to people who do not follow the account."""
        p, post, start = self.parameters[0], self.state.posts[i], self.tables.market_start
        low, high = int(start[post["market"]]), int(start[post["market"] + 1])
        most = p["pickup_share"] * (high - low)
        if post["target"] == 1:
            low, high = 0, len(self.state.people)
        size = high - low
        u = uniform(subkey(post["key"], PICKUP_SIZE))
        n = int(pickup_views(u, p["pickup_min"], p["pickup_tail"], most))
        viewers, delays = subkey(post["key"], PICKUP_WHO), subkey(post["key"], PICKUP_DELAY)
        for k in range(n):
            who = self.find_member(int(post["platform"]), draw(viewers, U64(k)), low, size)
            when = hour + exponential(draw(delays, U64(k)), p["pickup_mean_delay"])
            if who is not None:
                self.schedule(when, who, i, 0, BY_PICKUP, 0)

    def broadcast_searches(self, i: int, level: float) -> None:
        """People who need not follow the account look its post up, in their own time."""
        p, post, start = self.parameters[0], self.state.posts[i], self.tables.market_start
        low, high = int(start[post["market"]]), int(start[post["market"] + 1])
        if post["target"] == 1:
            low, high = 0, len(self.state.people)
        size, hour = high - low, float(post["hour"])
        u = uniform(subkey(post["key"], SEARCH_SIZE))
        viewers, delays = subkey(post["key"], SEARCH_WHO), subkey(post["key"], SEARCH_DELAY)
        for k in range(int(n_searches(level, p["search_views"], float(size), u))):
            who = self.find_member(int(post["platform"]), draw(viewers, U64(k)), low, size)
            when = hour + exponential(draw(delays, U64(k)), p["late_mean_hours"])
            if who is not None:
                self.schedule(when, who, i, 0, BY_LATE, 0)

    def fork(self) -> ReferenceEngine:
        twin = ReferenceEngine(
            self.state.copy(), self.friends_start, self.friends, self.events, self.parameters,
            self.tables, diary=copy.deepcopy(self.diary),
        )  # fmt: skip
        twin.waiting = self.waiting.copy()
        return twin

    def logs(self) -> tuple[np.ndarray, np.ndarray]:
        views = np.array(self.diary.logged_views, dtype=VIEWED)
        return views, np.array(self.diary.logged_shares, dtype=SHARED)
