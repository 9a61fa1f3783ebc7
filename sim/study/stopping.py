"""When to stop adding worlds: on the width of the intervals only, never on what they say.

    looks at 16, 32, 64, ... worlds; stop when   max_p (hi_p - lo_p) / 2 <= precision |baseline_p|

with the simultaneous interval of every point on the declared objective. A rule that looked at signs
or verdicts would stop on lucky ones. Widths tell nothing of a normal mean, yet a sample whose
spread is small by luck stops early, with an interval that is too short (Chow & Robbins 1965). With
one point, every look therefore spends LOOK of the share alpha that may be missed, and the rest is
the price of stopping; with several the widest decides and luck with one spread hardly stops a
study, so a look spends all of it. LOOK is not a union bound over looks (which would cover 98 %): it
is chosen on planted truths.

Measured at 95 % over the precisions that stop at any of four looks (tests/study/test_stopping.py;
4,000 repetitions): one point 94-96 % of normal and 94-97 % of lognormal truths, 93-96 % of those
with alpha = 2.3; three points 95-97, 95-97 and 94-96 %. What is too low is one point with a long
tail that stops at its second or third look; what is too high is a first look at 8 draws.
"""

from __future__ import annotations

import math

from sim.study.random_effects import MIN_DRAWS

FIRST_LOOK = 16  # worlds
LOOK = 0.92  # of alpha, at every look


def looks(*, draws: int, replicates: int, most: int) -> list[tuple[int, int]]:
    """[(parameter draws, replicates)] of the looks, doubling from 16 worlds to at most `most`.

    draws = 1 is the central parameter set: then the replicates grow.
    """
    if draws == 1:
        return [(1, worlds) for worlds in _doubling(FIRST_LOOK, most)]
    first = max(MIN_DRAWS, math.ceil(FIRST_LOOK / replicates))
    return [(number, replicates) for number in _doubling(first, max(first, most // replicates))]


def _doubling(first: int, most: int) -> list[int]:
    steps = [first]
    while steps[-1] * 2 <= most:
        steps.append(steps[-1] * 2)
    return steps


def spent(confidence: float, sequential: bool, n_points: int) -> float:
    """The confidence of the intervals at a look; of a design that is fixed, the one asked for."""
    return 1 - LOOK * (1 - confidence) if sequential and n_points == 1 else confidence


def narrow_enough(half_widths: list[float | None], precision: float) -> bool:
    """Whether every point's half-width over its baseline is known and small enough."""
    return all(one is not None and one <= precision for one in half_widths)
