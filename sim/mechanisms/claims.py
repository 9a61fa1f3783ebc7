"""Claims and corrections: what an inaccurate claim moved is taken back in part.

    a correction met after the claim    takes back  1 - c              of what the claim still does
    a correction met before the claim   takes off   (1 - c) / r        of what the claim would do

c is the continued influence of a corrected claim: people go on reasoning with what they know to be
wrong (Walter & Tukachinsky 2020, "A meta-analytic examination of the continued influence of
misinformation"). r is the effect of a rebuttal over that of a warning before the claim; published
work disagrees on which is stronger (Walter & Murphy 2018 against inoculation studies), so that r
may lie on either side of 1. The second correction of a claim does nothing more.

A post on an event asserts something of it; the accuracy of what it asserts is declared, never
judged by the model: a share of the posts of others is inaccurate (rivals.*.share_inaccurate), and
so are posts written in haste and wrong, whoever wrote them. Only who meets the correction is
corrected, and it touches opinion alone: neither shares nor frames.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.law import law
from sim.parameters import Parameters, Positive, Share


class NoClaims(Parameters):
    """Posts assert nothing."""

    kind: Literal["none"]


class Contested(Parameters):
    """Posts on events assert something, accurate or not (units in conf/claims)."""

    kind: Literal["contested"]
    continued_influence: Share
    rel_rebuttal: Positive


Claims = Annotated[NoClaims | Contested, Field(discriminator="kind")]


@law
def taken_back(continued_influence):
    """Share of the effect of a claim that a later correction takes back."""
    return 1.0 - continued_influence


@law
def taken_off(continued_influence, rel_rebuttal):
    """Share of the effect of a claim that an earlier correction takes off."""
    return min(1.0, (1.0 - continued_influence) / rel_rebuttal)
