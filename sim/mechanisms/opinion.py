"""Opinion: what a view does to favourability. Small, and assumed.

    ds = gain . step(kind) . weight            gain = g log2((2 + n) / (1 + n)) after n exposures
    assimilation_contrast  step = beta sign(x)  inside the latitude of acceptance |x - s| <= L,
                           step = -c |beta| sign(x) outside it for backlash-prone people, else 0
    bounded_confidence     step = mu (x - s) if |x - s| < eps, else 0     (Deffuant et al. 2000)
    degroot                step = mu (x - s)                              (DeGroot 1974)
    none                   step = 0

beta is the effect of the post's tone per exposure in standard deviations, its sign free (published
effects are hundredths: Coppock et al. 2020). Of each step a small part stays, the rest decays with
a half-life of days (Hill et al. 2013). Social judgement: Sherif & Hovland 1961. Repetition like
log(1 + n): Hassan & Barber 2021. No calibration target informs any of it: every opinion measure is
labelled "assumed effect sizes" and none leads a headline.
"""

from __future__ import annotations

import math
from typing import Literal

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share, Signed

NONE, ASSIMILATION_CONTRAST, BOUNDED_CONFIDENCE, DEGROOT = 0, 1, 2, 3


class Persuasion(Parameters):
    """What all kinds of opinion dynamics share (units in conf/opinion)."""

    repetition_gain: NotNegative
    half_life_days: Positive
    durable_share: Share


class NoOpinion(Parameters):
    """Minds do not move."""

    kind: Literal["none"]


class AssimilationContrast(Persuasion):
    """Social judgement: towards what is acceptable, away from what is not, for the prone."""

    kind: Literal["assimilation_contrast"]
    latitude: Positive
    contrast: NotNegative
    effect_formal: Signed
    effect_informal: Signed
    effect_witty: Signed
    effect_sharp: Signed
    effect_cultural: Signed


class BoundedConfidence(Persuasion):
    """Only near positions pull."""

    kind: Literal["bounded_confidence"]
    mu: Share
    epsilon: Positive


class DeGroot(Persuasion):
    """Every position pulls, in proportion to its distance."""

    kind: Literal["degroot"]
    mu: Share


@law
def repetition(n_before, gain):
    """Marginal effect of one more exposure after n_before: the sum grows like log(1 + n)."""
    return gain * (math.log(2.0 + n_before) - math.log(1.0 + n_before)) / math.log(2.0)


@law
def step(kind, s, x, tone_effect, is_prone, reach, strength):
    """Change of favourability at one first exposure, in units of the scale.

    kind: one of the four above; s, x: favourability and the post's position in [-1, 1];
    tone_effect: beta in units of the scale; reach: L or eps; strength: c or mu."""
    if kind == 1:
        sign = 1.0 if x > 0.0 else (-1.0 if x < 0.0 else 0.0)
        if math.fabs(x - s) <= reach:
            return tone_effect * sign
        return -strength * math.fabs(tone_effect) * sign if is_prone else 0.0
    if kind == 2:
        return strength * (x - s) if math.fabs(x - s) < reach else 0.0
    if kind == 3:
        return strength * (x - s)
    return 0.0


@law
def decayed(transient, gap_hours, half_life_hours):
    """What is left of the transient part of an opinion after a gap."""
    return transient * math.exp(-math.log(2.0) * gap_hours / half_life_hours)


@law
def move(gain, weight, kind, s, x, tone_effect, is_prone, reach, strength):
    """Change of favourability at one view: repetition gain x frame weight x step."""
    return gain * weight * step(kind, s, x, tone_effect, is_prone, reach, strength)
