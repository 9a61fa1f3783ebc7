"""From a scenario to what the kernels read: one record of parameters and a few small tables.

Normalising constants are worked out here, once a world, so that every factor of the hazard of
sharing has mean 1 over baseline views and p0 keeps its meaning (mechanisms/sharing).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.engine.tables import N_KNOWN, NO_EVENT, PARAMETERS, Tables
from sim.loading.contamination import of_contamination
from sim.mechanisms.claims import Contested, taken_back, taken_off
from sim.mechanisms.decay import parts_of
from sim.mechanisms.following import (
    found_per_week,
    mean_days_following,
    mean_days_interested,
)
from sim.mechanisms.news import decay_per_hour
from sim.mechanisms.opinion import (
    ASSIMILATION_CONTRAST,
    BOUNDED_CONFIDENCE,
    DEGROOT,
    NONE,
    NoOpinion,
    decayed,
    repetition,
)
from sim.mechanisms.people import N_FEED_STRATA, N_VISIT_STRATA, stratum_means
from sim.mechanisms.platforms import Platform
from sim.mechanisms.ranking import BroadcastFeed, RankedFeed, affinity
from sim.mechanisms.sharing import (
    age_factor,
    language_factor,
    mean_congruence,
    topic_factor,
)
from sim.mechanisms.visibility import intent, mean_late_delay, p_active_day, rate_when_active
from sim.scenario import Scenario
from sim.streams import ACCOUNT_STEP, MIND, PRESENCE, mix, name_hash, threshold32
from sim.vocabulary import AGE_BANDS, MEDIA, OURS, SIDES, TONES
from sim.world.accounts import Accounts
from sim.world.markets import Markets
from sim.world.members import Members

OPINION_KINDS = {
    "none": NONE, "assimilation_contrast": ASSIMILATION_CONTRAST,
    "bounded_confidence": BOUNDED_CONFIDENCE, "degroot": DEGROOT,
}  # fmt: skip

BOTH = (False, True)
NOTHING = np.ones(0)
# what sim/loading/manner fills in
NEUTRAL = dict.fromkeys(("media_age", "style", "worn", "again", "fit", "status", "status_pickup"),
                        NOTHING)  # fmt: skip


def presence_key(world_seed: np.uint64, platform: str) -> np.uint64:
    """What presence is keyed by, but for the local day and the person."""
    with np.errstate(over="ignore"):
        platform_part = name_hash("platform", platform) * ACCOUNT_STEP
        return np.uint64(mix(mix(world_seed ^ PRESENCE) ^ platform_part))


def platform_tables(scenario: Scenario, platform: Platform) -> dict[str, np.ndarray]:
    """What of the tables belongs to one platform: how it is visited, and what its feed does."""
    people, visibility, sharing = scenario.people, scenario.visibility, scenario.sharing
    feed = platform.feed
    ranked = feed if isinstance(feed, RankedFeed) else None
    visits = people.visits_per_hour * platform.rel_visits
    rates = stratum_means(visits, people.visits_log_sd, N_VISIT_STRATA)
    k = people.visits_per_active_day
    hours = people.hours_findable * platform.rel_hours_findable
    findable = stratum_means(hours, people.findable_log_sd, N_FEED_STRATA)
    rel_findable, boost = (ranked.rel_findable, ranked.max_boost) if ranked else (1.0, 1.0)
    present = [int(threshold32(p_active_day(rate, k))) for rate in rates]
    offered = p_selection(visibility.selection, platform)
    interest, liking = people.share_topic_interest, ranked.affinity_gain if ranked else 0.0
    factors = np.array([1.0, sharing.rel_image, sharing.rel_video, scenario.appeal.rel_sticker])
    return {
        "visit_rates": np.array([rate_when_active(rate, k) for rate in rates]),
        "p_present": np.array(present + [0] * (64 - N_VISIT_STRATA), np.uint64),
        "burial": 1.0 / np.concatenate([findable, findable * rel_findable]),
        "selection": np.repeat([offered, offered * boost], N_FEED_STRATA),
        "media": factors * np.array(platform.rel_media),
        "media_rank": np.array(
            [1.0, ranked.rel_image, ranked.rel_video, scenario.appeal.rank_sticker]
            if ranked else [1.0] * len(MEDIA)
        ),
        "affinity": np.array([affinity(cares, interest, liking) for cares in BOTH]),
    }


def p_selection(selection: float, platform: Platform) -> float:
    """The share of posts that a feed of the platform offers to followers."""
    if isinstance(platform.feed, BroadcastFeed):
        return 1.0
    return min(selection * platform.rel_offered, 1.0)


def make_tables(scenario: Scenario, markets: Markets, market_start: np.ndarray,
                accounts: Accounts, members: Members) -> Tables:  # fmt: skip
    """The small arrays of one world."""
    people, visibility, sharing = scenario.people, scenario.visibility, scenario.sharing
    interest = people.share_topic_interest
    parts = [platform_tables(scenario, one) for one in scenario.all_platforms]
    opinion = scenario.opinion
    gain = getattr(opinion, "repetition_gain", 0.0)
    half_life = 24.0 * getattr(opinion, "half_life_days", 1.0)
    effects = [getattr(opinion, f"effect_{tone}", 0.0) * people.favourability_sd for tone in TONES]
    tilts = [getattr(sharing, f"age_tilt_{tone}") for tone in TONES]
    bands = range(len(AGE_BANDS))
    weights, rates = parts_of(scenario.decay, scenario.news.attention_half_life)
    return Tables(
        **{name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        tone=np.array([getattr(sharing, f"rel_{tone}") for tone in TONES]),
        tone_age=np.array([age_factor(float(band), tilt) for tilt in tilts for band in bands]),
        opinion_tone=np.array(effects),
        utc_offset=markets.utc_offsets.astype(np.float64),
        region=markets.regions.astype(np.int64),
        market_start=market_start.astype(np.int64),
        reading=np.array([0.0] * 4),
        topic=np.array([topic_factor(cares, interest, sharing.topic_gain) for cares in BOTH]),
        intent=np.array(
            [intent(late, visibility.share_late, visibility.late_intent) for late in BOTH]
        ),
        repetition=np.array([repetition(float(n), gain) for n in range(N_KNOWN)]),
        p_boosted=np.zeros(0),
        decay=np.array([decayed(1.0, float(gap), half_life) for gap in range(N_KNOWN)]),
        **NEUTRAL,
        tag_keys=np.zeros(0, np.uint64), division=np.zeros(0),
        presence=accounts.presences.table(len(accounts), len(parts)).ravel(),
        adoption=members.adoption.ravel(),
        linger_weight=weights,
        linger_kept=np.exp(-rates),
    )


def reference_rows(scenario: Scenario, accounts: Accounts) -> np.ndarray:
    """bool[n_accounts]: the accounts whose usual posts and viewers normalising constants are means
    over. The ministry's on the main platform; whoever exchanges the labels of two sides exchanges
    this, too."""
    on_main = accounts.presences.platforms[: len(accounts)] == 0
    return np.asarray(on_main & (accounts.sides == SIDES.index(scenario.network.reference)))


def reference_stance(scenario: Scenario) -> float:
    """The position that these accounts take."""
    ours = scenario.network.reference == SIDES[OURS]
    return scenario.work.stance if ours else scenario.rivals.rival.lean


def normalised(tables: Tables, accounts: Accounts, ours: np.ndarray,
               age_shares: np.ndarray) -> Tables:  # fmt: skip
    """The tables with the mean of tone and media over the usual posts of the reference rows set to
    1, and of the age factor over people."""
    weight = usual_weights(accounts.posts_per_week[ours])
    mix_of_tones = weight @ accounts.tone_mixes[ours]
    video, image = weight @ accounts.video_shares[ours], weight @ accounts.image_shares[ours]
    mix_of_media = np.array([1.0 - image - video, image, video])
    by_tone = tables.tone_age.reshape(len(TONES), -1)
    by_tone = by_tone / (by_tone @ age_shares)[:, None]
    return tables._replace(
        tone=tables.tone / (mix_of_tones @ tables.tone),
        # nobody posts stickers usually
        media=tables.media / (mix_of_media @ tables.media[: len(mix_of_media)]),
        tone_age=np.ascontiguousarray(by_tone.ravel()),
    )


def usual_weights(posts: np.ndarray) -> np.ndarray:
    """The share of each account in the usual posts; equal shares where nobody posts."""
    total = float(posts.sum())
    return posts / total if total > 0.0 else np.full(len(posts), 1.0 / max(len(posts), 1))


class Viewers(NamedTuple):
    """Who the usual viewers of our posts are: means over our interested followers, weighted by how
    often each account posts. What keeps every factor of a hazard at mean 1 is taken over them."""

    mean_favourability: float
    sd_favourability: float
    share_first_language: float  # of those who meet a post in their account's own language
    share_second_language: float  # of those who meet a post in the common language


def make_parameters(scenario: Scenario, world_seed: np.uint64, accounts: Accounts,
                    views_per_share: float, usual_attention: float, viewers: Viewers,
                    members: Members) -> np.ndarray:  # fmt: skip
    """PARAMETERS[n_platforms]: the numbers of one world, with the constants that follow from them;
    rows differ in what belongs to a platform."""
    visibility, sharing, people = scenario.visibility, scenario.sharing, scenario.people
    core, pickup, following = scenario.core, scenario.pickup, scenario.following
    opinion, news = scenario.opinion, scenario.news
    moves = opinion if not isinstance(opinion, NoOpinion) else None
    claims = scenario.claims if isinstance(scenario.claims, Contested) else None
    away = reference_stance(scenario) - viewers.mean_favourability
    spread = max(viewers.sd_favourability, 1e-3)
    ours = reference_rows(scenario, accounts)
    weight = usual_weights(accounts.posts_per_week[ours])
    local = float(weight @ accounts.local_language_shares[ours])
    read_local = viewers.share_first_language * sharing.rel_local_language
    sharp = float(weight @ accounts.tone_mixes[ours][:, TONES.index("sharp")])
    usual_tag = 1.0 + sharing.usual_event_posts * (sharing.rel_event_tag - 1.0)
    values = {
        "selection_friends": visibility.selection_friends,
        "share_late": visibility.share_late,
        "late_mean_hours": mean_late_delay(visibility.late_median_hours),
        "late_intent": visibility.late_intent, "rhythm_ratio": visibility.rhythm_ratio,
        "crowding": visibility.crowding, "attention_elasticity": visibility.attention_elasticity,
        "share_interested": people.share_topic_interest,
        "kappa_later": sharing.kappa_later,
        "quality_log_sd": scenario.work.quality_log_sd,
        "event_tag": sharing.rel_event_tag / usual_tag,
        "no_event_tag": 1.0 / usual_tag,
        "local_language": sharing.rel_local_language,
        "language_mean": max(
            local * read_local + (1.0 - local) * viewers.share_second_language, 0.01
        ),
        "topic_gain": sharing.topic_gain, "share_elasticity": sharing.attention_elasticity,
        "usual_attention": usual_attention, "width": sharing.congruence_width,
        "congruence_mean": mean_congruence(away, spread, sharing.congruence_width),
        "fatigue": sharing.fatigue, "likes_per_share": sharing.likes_per_share,
        "hostile_ratio": sharing.hostile_ratio, "hostile_sharp": sharing.hostile_sharp,
        "hostile_blunder": sharing.hostile_blunder, "hostile_prone": sharing.hostile_prone,
        "hostile_mean": (1.0 + sharp * (sharing.hostile_sharp - 1.0))
        * (1.0 + people.share_backlash_prone * (sharing.hostile_prone - 1.0)),
        "distance_mean_square": away**2 + spread**2,
        "n_core": core.n_members,
        "core_mean_delay": core.median_delay_hours / math.log(2.0),
        "pickup_threshold": pickup.threshold, "pickup_p": pickup.p, "pickup_tail": pickup.tail,
        "pickup_min": pickup.threshold * pickup.min_views_per_threshold,
        "pickup_share": pickup.max_share_of_market, "pickup_mean_delay": pickup.mean_delay_hours,
        "p_join": following.follows_per_share / views_per_share,
        "mind_lasts": following.mind_lasts_days,
        "found_per_week": found_per_week(following.found_per_month),
        "capacity": following.capacity,
        "p_leave": following.leave_per_view,
        "days_following": mean_days_following(following.churn_per_month),
        "days_interested": mean_days_interested(following.interest_half_life_months),
        "opinion_gain": moves.repetition_gain if moves else 0.0,
        "opinion_half_life": moves.half_life_days * 24.0 if moves else 1.0,
        "durable": moves.durable_share if moves else 0.0,
        "opinion_reach": getattr(opinion, "latitude", getattr(opinion, "epsilon", 0.0)),
        "opinion_strength": getattr(opinion, "contrast", getattr(opinion, "mu", 0.0)),
        "preemption": scenario.framing.preemption,
        "frame_half_life": scenario.framing.memory_half_life_days * 24.0,
        **of_contamination(scenario.contamination),
        "attention_decay": decay_per_hour(news.attention_half_life), "spill": news.spill,
        "dispute_lift": scenario.dispute.lift,
        "claim_taken_back": taken_back(claims.continued_influence) if claims else 0.0,
        "claim_taken_off": (
            taken_off(claims.continued_influence, claims.rel_rebuttal) if claims else 0.0
        ),
        "claims_on": 1 if claims and moves else 0,
        "interest": 1.0, "search_views": 0.0, "join_elasticity": 0.0, "watched_event": NO_EVENT,
        "opinion_kind": OPINION_KINDS[opinion.kind], "common_language": 0,
        "keep": 1 if scenario.settings.keep == "posts" else 0,
    }  # fmt: skip
    return of_platforms(values, scenario, world_seed, members)


def of_platforms(values: dict[str, Any], scenario: Scenario, world_seed: np.uint64,
                 members: Members) -> np.ndarray:  # fmt: skip
    """PARAMETERS[n_platforms]: what all have alike, and what is a platform's own."""
    with np.errstate(over="ignore"):
        joining = np.uint64(mix(world_seed ^ MIND))
    values |= {"member_common": members.common, "overlap": members.overlap, "joining": joining}
    platforms = scenario.all_platforms
    records = np.zeros(len(platforms), PARAMETERS)
    for f, platform in enumerate(platforms):
        own = values | platform_values(scenario, platform) | {
            "presence": presence_key(world_seed, platform.name), "member": members.keys[f],
            "ranked": members.feed_keys[f], "ranked_below": members.ranked_below[f],
        }  # fmt: skip
        for name in own:
            records[f][name] = own[name]
    return records


def platform_values(scenario: Scenario, platform: Platform) -> dict[str, Any]:
    """The parameters in which platforms differ."""
    sharing, feed = scenario.sharing, platform.feed
    ranked = feed if isinstance(feed, RankedFeed) else None
    p0 = sharing.p0 * platform.rel_sharing
    return {
        "selection": p_selection(scenario.visibility.selection, platform),
        "rel_findable": ranked.rel_findable if ranked else 1.0,
        "max_boost": ranked.max_boost if ranked else 1.0,
        "gamma": ranked.gamma if ranked else 0.0,
        "affinity_gain": ranked.affinity_gain if ranked else 0.0,
        "p0": p0, "p_react_view": p0 * reactions_per_share(platform, sharing.likes_per_share),
        "resharing": int(platform.resharing), "replies": int(platform.replies_allowed),
    }  # fmt: skip


def reactions_per_share(platform: Platform, likes_per_share: float) -> float:
    """Likes and, where there are any, shares, over the shares that there would be."""
    return likes_per_share + (1.0 if platform.resharing else 0.0)


def with_languages(tables: Tables, parameters: np.ndarray) -> Tables:
    """The tables with what reading a language does: [neither, common, first, both]."""
    p = parameters[0]
    reading = [
        language_factor(is_first, reads, reads, p["local_language"], p["language_mean"])
        for is_first in BOTH
        for reads in BOTH
    ]
    return tables._replace(reading=np.array(reading))
