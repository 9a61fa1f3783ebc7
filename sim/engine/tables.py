"""What the kernels read and never change: one record of parameters and a few small tables.

They are filled from a scenario in sim/loading.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_REALS = (
    # visibility
    "selection", "selection_friends", "share_late", "late_mean_hours", "late_intent",
    "rhythm_ratio", "crowding", "attention_elasticity", "rel_findable", "max_boost", "gamma",
    "affinity_gain", "p_react_view", "share_interested",
    # sharing
    "p0", "kappa_later", "quality_log_sd", "event_tag", "no_event_tag",
    "local_language", "language_mean",
    "topic_gain", "share_elasticity", "usual_attention", "width", "congruence_mean", "fatigue",
    "likes_per_share", "hostile_ratio", "hostile_sharp", "hostile_blunder", "hostile_prone",
    "hostile_mean", "distance_mean_square",
    # core, pick-up
    "n_core", "core_mean_delay", "pickup_threshold", "pickup_p", "pickup_tail", "pickup_min",
    "pickup_share", "pickup_mean_delay",
    # following
    "p_join", "mind_lasts", "found_per_week", "capacity", "p_leave", "days_following",
    "days_interested",
    # opinion, framing
    "opinion_gain", "opinion_half_life", "durable", "opinion_reach", "opinion_strength",
    "preemption", "frame_half_life",
    # contamination
    "false_mean", "false_likes", "false_arrival", "false_removal", "false_recall",
    # news
    "attention_decay", "spill",
    # dispute, claims
    "dispute_lift", "claim_taken_back", "claim_taken_off",
    # interest
    "interest", "search_views", "join_elasticity",
    # tags
    "tag_share", "tag_half_use", "tag_room", "tag_public", "tag_half_life", "tag_delay",
    "tag_hijack", "tag_prominent",
    # comments
    "comments_per_share", "answer_join", "answer_share", "answer_notice", "answer_horizon",
)  # fmt: skip
_INTEGERS = ("opinion_kind", "common_language", "keep", "claims_on", "watched_event", "home",
             "contaminated", "resharing", "replies")  # fmt: skip
_BITS = ("presence", "joining", "member", "member_common", "overlap", "ranked", "ranked_below")
NO_EVENT = -2  # of `watched_event`: no post is about it
N_KNOWN = 1_024  # arguments for which repetition and decay stand in a table
PARAMETERS = np.dtype([(name, "f8") for name in _REALS] + [(name, "i8") for name in _INTEGERS]
                      + [(name, "u8") for name in _BITS])  # fmt: skip


class Tables(NamedTuple):
    """Small arrays indexed by stratum, tone, medium, market; those said to be of a platform hold
    one platform after another, the main one first."""

    visit_rates: np.ndarray  # float64[32] of a platform, check-ins per hour on an active day
    p_present: np.ndarray  # uint64[64] of a platform, threshold of being active on a day
    burial: np.ndarray  # float64[32] of a platform, per hour: how fast a post is buried
    selection: np.ndarray  # float64[32] of a platform: share of posts offered, by feed stratum
    tone: np.ndarray  # float64[5] factor on sharing
    tone_age: np.ndarray  # float64[5 * 4]
    media: np.ndarray  # float64[4] of a platform, factor on sharing
    media_rank: np.ndarray  # float64[4] of a platform, factor on ranking
    opinion_tone: np.ndarray  # float64[5] step per first exposure, in units of the scale
    utc_offset: np.ndarray  # float64[n_markets]
    region: np.ndarray  # int64[n_markets]
    market_start: np.ndarray  # int64[n_markets + 1]
    reading: np.ndarray  # float64[4] factor on sharing: first language << 1 | common, and reads it
    topic: np.ndarray  # float64[2] factor on sharing, by whether the reader cares
    affinity: np.ndarray  # float64[2] of a platform, factor on ranking, likewise
    intent: np.ndarray  # float64[2] factor on sharing of a usual and of a late view
    repetition: np.ndarray  # float64[N_KNOWN] gain of one more exposure, by exposures so far
    p_boosted: np.ndarray  # float64[n_accounts] chance that a post is boosted; empty: never
    decay: np.ndarray  # float64[N_KNOWN] what is left of a passing opinion, by whole hours
    media_age: np.ndarray  # float64[4 * 4] factor on sharing: medium x age band
    style: np.ndarray  # float64[3 * 4 * 2] likewise: style x age band x first language
    worn: np.ndarray  # float64[256] likewise, by meetings with the message before
    again: np.ndarray  # float64[256] factor on the move of opinion, likewise
    fit: np.ndarray  # float64[n_markets * 8] factor on sharing of a cultural tone, by topic
    status: np.ndarray  # float64[n_accounts] factor on sharing, by who speaks
    status_pickup: np.ndarray  # float64[n_accounts] factor on the chance of a pick-up
    tag_keys: np.ndarray  # uint64[2 * 8] names of tags in this world; empty: nobody looks at any
    division: np.ndarray  # float64[n_markets] sd of favourability there; empty likewise
    presence: np.ndarray  # int64[n_accounts * n_platforms] row of the presences, -1: none
    adoption: np.ndarray  # uint64[n_markets * 4] of a platform: threshold of being on it, by age
    linger_weight: np.ndarray  # float64[n_parts] of attention that passes by a power law, or none
    linger_kept: np.ndarray  # float64[n_parts] what an hour leaves of each part
