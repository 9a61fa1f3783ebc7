"""Reacting to a post: sharing, liking, mocking.

    P(share) = 1 - exp(-h)
    h = p0 . propensity . quality^kappa . media . tag . tone(age) . language . topic . attention
        . congruence . wear . intent

Every factor has mean 1 over baseline views, so that p0 keeps its meaning: the mean probability of
sharing per view. kappa is 1 for the account's own viewers and smaller for later generations, whose
audiences care less; with full quality in every generation single posts explode however small the
mean branching is (2-model, tried). Likes have the same hazard times a ratio. Hostile sharing, to
mock, grows with the squared distance between the post's stance and the reader, and with sharp tone:

    h_hostile = ratio . p0 . propensity . (d^2 / mean d^2) . tone . blunder

A reaction is rolled once per (person, post): a person reacts when the draw lies below the hazard of
any of the views, so a repeated view can only add what a stronger route allows.
Sources: Brady et al. 2017 and Rathje et al. 2021 for sharp tone; Bakshy et al. 2012 for exposure.
"""

from __future__ import annotations

import math

from sim.law import law, power
from sim.parameters import NotNegative, Parameters, Positive, Share, Signed


class Sharing(Parameters):
    """What makes people react (units in conf/sharing)."""

    p0: Positive
    kappa_later: NotNegative
    rel_image: Positive
    rel_video: Positive
    rel_event_tag: Positive
    usual_event_posts: Share
    rel_local_language: Positive
    rel_formal: Positive
    rel_informal: Positive
    rel_witty: Positive
    rel_sharp: Positive
    rel_cultural: Positive
    age_tilt_formal: Signed
    age_tilt_informal: Signed
    age_tilt_witty: Signed
    age_tilt_sharp: Signed
    age_tilt_cultural: Signed
    topic_gain: Share
    attention_elasticity: NotNegative
    congruence_width: Positive
    fatigue: NotNegative
    likes_per_share: Positive
    hostile_ratio: NotNegative
    hostile_sharp: Positive
    hostile_blunder: Positive
    hostile_prone: Positive


@law
def p_react(hazard):
    """Probability of an event with this hazard."""
    return -math.expm1(-hazard)


@law
def quality_factor(quality, kappa, log_sd):
    """quality ^ kappa, kept at mean 1 for lognormal quality of mean 1."""
    return math.exp(kappa * math.log(quality) - 0.5 * kappa * (kappa - 1.0) * log_sd * log_sd)


@law
def age_factor(age_band, tilt):
    """How a tone's appeal changes over the four age bands: exp(tilt x (band - 1.5))."""
    return math.exp(tilt * (age_band - 1.5))


@law
def topic_factor(is_interested, share_interested, gain):
    """More from those who care about the topic; mean 1 over people."""
    if is_interested:
        return 1.0 + gain * (1.0 - share_interested) / share_interested
    return 1.0 - gain


@law
def attention_factor(attention, usual_attention, elasticity):
    """A topic that everybody talks about is shared more readily."""
    return power(attention / usual_attention, elasticity)


@law
def congruence(distance, width):
    """Agreement of reader and post: exp(-d^2 / 2 w^2), not yet normalised."""
    return math.exp(-0.5 * distance * distance / (width * width))


@law
def mean_congruence(mean_distance, sd, width):
    """Mean of `congruence` over readers normally distributed about the mean distance."""
    spread = width * width + sd * sd
    return width / math.sqrt(spread) * math.exp(-0.5 * mean_distance * mean_distance / spread)


@law
def wear(n_recent, n_usual, fatigue):
    """An account's own crowding: the more it posted in the last day than it usually does, the less
    each post draws; mean 1 at the usual rate."""
    return (1.0 + fatigue * n_usual) / (1.0 + fatigue * n_recent)


@law
def recent_after(n_recent, hours_since):
    """Posts of the last day, forgotten at a rate of one per 24 h, before the new one counts."""
    return n_recent * math.exp(-hours_since / 24.0)


@law
def distance_factor(distance, mean_square_distance):
    """How opposition drives hostile shares; mean 1 over readers."""
    return distance * distance / mean_square_distance


@law
def base_hazard(p0, medium, tone, tag, worn):
    """The part of the hazard of sharing that a post has whoever sees it, at quality 1."""
    return p0 * medium * tone * tag * worn


@law
def share_hazard(base, propensity, reading, agreement, tone_age, topic, attention, ready):
    """The hazard that one view ends in a share: the post's part times the reader's."""
    return base * propensity * reading * agreement * tone_age * topic * attention * ready


@law
def hostile_base(p0, ratio, mean, worn, tone, blunder):
    """The part of the hazard of a hostile share that a post has whoever sees it."""
    return p0 * ratio / mean * worn * tone * blunder


@law
def hostile_hazard(base, propensity, opposition, prone):
    """The hazard that one view ends in a hostile share."""
    return base * propensity * opposition * prone


@law
def language_factor(is_first, is_common, reads_common, rel_local, mean):
    """Nothing from who cannot read it; more in one's first language; mean 1 over usual views."""
    if is_first:
        return rel_local / mean
    if is_common and reads_common:
        return 1.0 / mean
    return 0.0
