"""Readability: who takes a text in, by age and by language, and how plain words change that.

    P(takes in)  = 1 / (1 + exp(-(e + e_age + e_language + x)))   x: plain > 0, elaborate < 0
    factor on sharing and liking = P(x) / P(0)

A logistic reader: e is the ease of a usual text for an adult of 25 to 59 who reads a first
language. Readers for whom it is hard gain most from plain words. What is easier to read is
shared and liked more (Pancer, Chandler, Poole and Noseworthy 2019, "How readability shapes social
media engagement"); how many adults read a demanding text at all is measured by PIAAC (OECD 2013).
Sizes are judgement. The factor is exactly 1 for texts as they are.

Limits: it acts on reactions, not on opinion; a text is as plain in translation as at home.
"""

from __future__ import annotations

import math

from sim.law import law
from sim.parameters import NotNegative, Parameters, Signed


class Reading(Parameters):
    """How easily people take a text in, in log-odds (units in conf/reading)."""

    ease: Signed
    shift_under_25: Signed
    shift_60_and_over: Signed
    shift_second_language: Signed
    step_plain: NotNegative
    step_elaborate: NotNegative

    def ease_of(self, band: int, is_first: bool) -> float:
        """Ease of a usual text for an age band, in a first or a second language."""
        by_band = (self.shift_under_25, 0.0, 0.0, self.shift_60_and_over)[band]
        return self.ease + by_band + (0.0 if is_first else self.shift_second_language)

    @property
    def steps(self) -> tuple[float, float, float]:
        """x of each style, in the order of vocabulary.STYLES."""
        return 0.0, self.step_plain, -self.step_elaborate


@law
def p_takes_in(ease):
    """Share of readers who take in a text of this ease."""
    return 1.0 / (1.0 + math.exp(-ease))


@law
def style_factor(ease, step):
    """Factor on reactions of a text that is easier by `step`; exactly 1 at 0."""
    return p_takes_in(ease + step) / p_takes_in(ease)
