"""What a table leaves empty, drawn once per account from stated distributions.

    activity   posts/day = median (followers / reference)^exponent exp(sd z), at most the maximum
    hours      hours/week = 7 posts/day x hours per post x exp(sd z)
    shares     logit(share) = logit(median) + sd z
    tones      weight_k = mix_k exp(sd z_k), scaled to sum to 1

z is a standard normal draw keyed by (column, name of the account) alone: the same account gets the
same values whatever the order of the rows, the other accounts, the seed or the world. Numbers and
their sources: conf/network/default.yaml (C15, S0).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from sim import streams
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.vocabulary import TONES

Floats = NDArray[np.float64]
IMPUTED = streams.name_hash("purpose", "imputed column")


class Imputation(Parameters):
    """The distributions of what a table leaves empty."""

    posts_per_day_median: Positive
    posts_per_day_log_sd: NotNegative
    posts_per_day_max: Positive
    posts_follower_exponent: NotNegative
    posts_reference_followers: Positive
    hours_per_post: Positive
    hours_log_sd: NotNegative
    tone_mix: tuple[Share, ...] = Field(min_length=len(TONES), max_length=len(TONES))
    tone_log_sd: NotNegative
    image_share: Share
    image_log_odds_sd: NotNegative
    video_share: Share
    video_log_odds_sd: NotNegative
    local_language_share: Share
    local_language_log_odds_sd: NotNegative

    @field_validator("tone_mix")
    @classmethod
    def _a_mix(cls, mix: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(mix) - 1.0) > 1e-6:
            raise ValueError(f"the {len(TONES)} shares of tones must sum to 1, not {sum(mix):g}")
        return mix


def keyed_uniforms(names: Sequence[str], column: str) -> Floats:
    """One draw in (0, 1) per account, a function of its name and the column: float64[n]."""
    hashes = np.array([streams.name_hash("account", name) for name in names], dtype=np.uint64)
    purpose = np.full(len(names), IMPUTED, dtype=np.uint64)
    cause = np.full(len(names), streams.name_hash("column", column), dtype=np.uint64)
    seed = who = np.zeros(len(names), dtype=np.uint64)
    stream = streams.key(seed, purpose, hashes, cause)
    bits = streams.draw(stream, who)
    uniforms: Floats = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return uniforms


def keyed_normals(names: Sequence[str], column: str) -> Floats:
    """One standard normal draw per account: float64[n]."""
    from scipy.special import ndtri

    normals: Floats = ndtri(keyed_uniforms(names, column))
    return normals


def posts_per_day(names: Sequence[str], n_followers: Floats, rule: Imputation) -> Floats:
    """Originals per day of accounts whose activity is not in the table: float64[n]."""
    followers = np.maximum(n_followers, 1.0) / rule.posts_reference_followers
    growth = followers**rule.posts_follower_exponent
    spread = np.exp(rule.posts_per_day_log_sd * keyed_normals(names, "posts_per_day"))
    return np.minimum(rule.posts_per_day_median * growth * spread, rule.posts_per_day_max)


def hours_per_post(names: Sequence[str], rule: Imputation) -> Floats:
    """Staff hours per original, which turns posts into hours and hours into posts: float64[n]."""
    spread = np.exp(rule.hours_log_sd * keyed_normals(names, "hours_per_week"))
    return np.asarray(rule.hours_per_post * spread, dtype=np.float64)


def tone_mixes(names: Sequence[str], rule: Imputation) -> Floats:
    """Shares of the tones, rows summing to 1: float64[n, 5]."""
    scores = np.stack([keyed_normals(names, f"tone_{tone}") for tone in TONES], axis=1)
    weights = np.asarray(rule.tone_mix) * np.exp(rule.tone_log_sd * scores)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def shares(names: Sequence[str], column: str, median: float, log_odds_sd: float) -> Floats:
    """A share in [0, 1] spread around its median on the log-odds scale: float64[n]."""
    if median in (0.0, 1.0):  # no log-odds: a user who says never, or always, means all accounts
        return np.full(len(names), median)
    centre = np.log(median / (1.0 - median))
    return np.asarray(
        1.0 / (1.0 + np.exp(-(centre + log_odds_sd * keyed_normals(names, column)))), dtype=float
    )
