"""Repetition: one message met again and again, with wear-in and wear-out.

    n      times that a person has met the message before, whichever posts carried it
    w(n)   = [1 + g min(n, n1) / n1] exp(-d max(n - n1, 0))        on sharing and liking
    r(n)   = log2((2 + n) / (1 + n))                               on the move of opinion

A message works better once it is familiar and worse once it is worn: the two-factor view of
repetition (Berlyne 1970; Pechmann and Stewart 1988 review wear-in and wear-out; Schmidt and Eisend
2015, "Advertising repetition: a meta-analysis"). w(0) = r(0) = 1, so that nothing changes where
nothing is repeated; the sign of g is free. r is the law of mechanisms/opinion for one message: what
n meetings move adds up like log(1 + n) (Hassan and Barber 2021), on top of the gain by direction,
which counts all frames alike.

Limits: a person never forgets a message; hostile shares do not wear; n stops at 255.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive

MOST_MET = 255


class Wear(Parameters):
    """How a repeated message wears in and out (units in conf/wear)."""

    n_wear_in: Positive
    gain_wear_in: Annotated[float, Field(gt=-1.0)]
    wear_out: NotNegative


@law
def worn_factor(n_met, n_wear_in, gain, wear_out):
    """w(n): more up to n1 meetings, less after."""
    familiar = 1.0 + gain * min(n_met, n_wear_in) / n_wear_in
    return familiar * math.exp(-wear_out * max(n_met - n_wear_in, 0.0))


@law
def again_factor(n_met):
    """r(n): what one more meeting moves of what the first one did."""
    return (math.log(2.0 + n_met) - math.log(1.0 + n_met)) / math.log(2.0)
