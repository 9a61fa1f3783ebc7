"""Work: what staff hours buy. One price list for every account and every posture.

    H = monitoring (1 - rho) H m  +  planning rho H g  +  content hours C
    posts per week       n = n_table (H / H_table)^e           hours per post   c = C / n
    copying a post to k further platforms at h hours each:  c' = w' + k h,
                         w' = c (1 + k h / c)^(e - 1),  posts = n c / c'
    writing hours        w = (c' - k h) / price of the mix of media and languages
    quality              q = f(w / w0) / f(w_ref / w0),  f(x) = x^s / (x^s + k^s)          (Hill)
    latency of an answer = u 168 / (7 + checks m (1 - rho) H)  +  clearance  +  min(c, w0)
    P(k-th answer)       = 1 - exp(-a f^k weight topic (severity / reference)^(e_s / (1 - rho)))
    P(blunder)           = p0 exp(1 - latency / haste)

Diminishing returns as in media-mix models (Hill curve; Jin et al. 2017, "Bayesian methods for media
mix modeling with carryover and shape effects"). Everything else is judgement with wide ranges
(3-evidence): these numbers decide the comparison of postures, so the result is a map.

Quality is 1 at w_ref, what a post of the default table gets, whatever the curve: w0, s and k say
how it answers to more or less work, and the level of sharing keeps its own parameter.

Limits: clearance costs time, not hours; a post costs the mean price of its account's mix, whatever
media the dice give it; skill grows only where it is learnt (skill.py); nobody is ill. The laws are
written with operators that serve a single number and a column of accounts alike.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.vocabulary import HOURS_PER_WEEK

Price = Annotated[float, Field(ge=1.0)]  # over a post of plain text in the common language
Position = Annotated[float, Field(ge=-1.0, le=1.0)]  # users: from 0, see conf/work
LocalHour = Annotated[float, Field(ge=0.0, le=24.0)]


class Work(Parameters):
    """The price list, and how the ministry's desks behave (units in conf/work)."""

    # hours into posts and quality
    production_hours: Positive
    reference_hours: Positive
    hill_slope: Positive
    half_saturation: Positive
    volume_elasticity: Share
    share_monitoring: Share
    share_planning: Share
    quality_log_sd: NotNegative
    rel_hours_image: Price
    rel_hours_video: Price
    rel_hours_local_language: Price
    rel_hours_bilingual: Price
    rel_hours_sticker: Price
    rel_hours_plain: Positive
    rel_hours_elaborate: Positive
    rel_hours_repeat: Annotated[float, Field(gt=0.0, le=1.0)]
    rel_hours_tag: Positive
    hours_per_answer: Positive
    media_saturation: Positive
    crosspost_hours: NotNegative
    livestream_hours: NotNegative
    # answering
    share_duty: Share
    reserve: Share
    checks_per_hour: NotNegative
    clearance_hours: Positive
    clearance_log_sd: NotNegative
    answer_rate: NotNegative
    answer_severity: Positive
    answer_severity_exponent: NotNegative
    answer_horizon_hours: Positive
    rel_answer_other_topic: Share
    most_answers: Annotated[int, Field(ge=1, le=8)]
    rel_follow_up: Share
    follow_up_hours: NotNegative
    severe: Positive
    p_blunder: Share
    haste_hours: Positive
    # planning ahead
    p_fit: Share
    p_misfire: Share
    share_events: Share
    foresight_log_sd: NotNegative
    # what is said, and when
    n_own_topics: Annotated[int, Field(ge=1, le=8)]
    stance: Position
    office_from: LocalHour
    office_to: LocalHour
    quiet_from: LocalHour
    quiet_to: LocalHour

    @model_validator(mode="after")
    def _in_order(self) -> Work:
        if self.office_from >= self.office_to or self.quiet_from >= self.quiet_to:
            raise ValueError("office_from and quiet_from come before office_to and quiet_to")
        if self.share_monitoring >= 1.0 or self.share_planning >= 1.0:
            raise ValueError("share_monitoring and share_planning leave no hours for posts")
        return self


@law
def hill(x, slope, half):
    """x^s / (x^s + k^s): 0 at 0, one half at k, towards 1."""
    return x**slope / (x**slope + half**slope)


@law
def quality(writing_hours, reference_hours, production_hours, slope, half):
    """Mean quality of a post over that at the reference hours: f(w / w0) / f(w_ref / w0)."""
    usual = hill(reference_hours / production_hours, slope, half)
    return hill(writing_hours / production_hours, slope, half) / usual


@law
def posts_per_week(table_posts, hours, table_hours, elasticity):
    """n = n_table (H / H_table)^e: more hours make more posts, and better ones."""
    return table_posts * (hours / table_hours) ** elasticity


@law
def hours_beside_copies(hours_per_post, copying, elasticity):
    """w' = c (1 + x / c)^(e - 1): copying takes its hours from posts and from each of them, in the
    parts in which more hours would go to one and the other."""
    return hours_per_post * (1.0 + copying / hours_per_post) ** (elasticity - 1.0)


@law
def monitoring_hours(hours, planned, share):
    """Hours a week on watching the news: m (1 - rho) H."""
    return share * (1.0 - planned) * hours


@law
def planning_hours(hours, planned, share):
    """Hours a week on planning ahead: g rho H."""
    return share * planned * hours


@law
def media_growth(hours_per_post, table_hours_per_post, saturation):
    """Image and video shares over the table's: x (1 + k) / (x + k), x = c / c_table."""
    x = hours_per_post / table_hours_per_post
    return x * (1.0 + saturation) / (x + saturation)


@law
def price(image, video, local, rel_image, rel_video, rel_local):
    """Mean price of a mix: 1 + image (i - 1) + video (v - 1) + local (l - 1)."""
    return 1.0 + image * (rel_image - 1.0) + video * (rel_video - 1.0) + local * (rel_local - 1.0)


@law
def hours_between_looks(monitoring, checks_per_hour):
    """168 / (7 + checks M): everybody looks at the news once a day, watching adds looks."""
    return HOURS_PER_WEEK / (7.0 + checks_per_hour * monitoring)


@law
def latency(rank, between_looks, clearance, hours_per_post, production_hours):
    """u x hours between looks + clearance + min(c, w0): nobody polishes an answer for days."""
    return rank * between_looks + clearance + np.minimum(hours_per_post, production_hours)


@law
def answer_hazard(rate, weight, severity, reference, exponent, planned):
    """a w (severity / reference)^(e / (1 - rho)): the less is left for answers, the choosier."""
    return rate * weight * (severity / reference) ** (exponent / (1.0 - planned))


@law
def p_answer(hazard):
    """1 - exp(-hazard)."""
    return 1.0 - np.exp(-hazard)


@law
def p_blunder(p, latency_hours, haste_hours):
    """p exp(1 - latency / haste): p at the haste hours, e p at once, vanishing with time."""
    return p * np.exp(1.0 - latency_hours / haste_hours)
