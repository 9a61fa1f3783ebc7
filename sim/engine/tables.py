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
    "p_join", "p_leave", "days_following", "days_interested",
    # opinion, framing
    "opinion_gain", "opinion_half_life", "durable", "opinion_reach", "opinion_strength",
    "preemption", "frame_half_life",
    # news
    "attention_decay", "spill",
)  # fmt: skip
_INTEGERS = ("opinion_kind", "common_language", "keep", "resharing", "replies")
_BITS = ("presence", "member", "member_common", "overlap", "ranked", "ranked_below")
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
    media: np.ndarray  # float64[3] of a platform, factor on sharing
    media_rank: np.ndarray  # float64[3] of a platform, factor on ranking
    opinion_tone: np.ndarray  # float64[5] step per first exposure, in units of the scale
    utc_offset: np.ndarray  # float64[n_markets]
    region: np.ndarray  # int64[n_markets]
    market_start: np.ndarray  # int64[n_markets + 1]
    reading: np.ndarray  # float64[4] factor on sharing: first language << 1 | common, and reads it
    topic: np.ndarray  # float64[2] factor on sharing, by whether the reader cares
    affinity: np.ndarray  # float64[2] of a platform, factor on ranking, likewise
    intent: np.ndarray  # float64[2] factor on sharing of a usual and of a late view
    repetition: np.ndarray  # float64[N_KNOWN] gain of one more exposure, by exposures so far
    decay: np.ndarray  # float64[N_KNOWN] what is left of a passing opinion, by whole hours
    presence: np.ndarray  # int64[n_accounts * n_platforms] row of the presences, -1: none
    adoption: np.ndarray  # uint64[n_markets * 4] of a platform: threshold of being on it, by age
