"""When to stop adding worlds: on the width of the intervals only, never on what they say.

    looks at 16, 32, 64, ... worlds; stop when   max_p (hi_p - lo_p) / 2 <= precision |baseline_p|

with the simultaneous interval of every point on the declared objective. A rule that looked at signs
or verdicts would stop on lucky ones. Widths tell nothing of a normal mean, yet a sample whose
spread is small by luck stops early, with an interval that is too short (Chow & Robbins 1965). With
one point, a look in the middle therefore spends less of the share alpha that may be missed, the
last possible one all of it and the first a little more (SPENT); with several the widest decides and
luck with one spread hardly stops a study, so that every look spends all of it. A long tail makes it
worse: draws that miss the tail have a small spread and a low mean together. The shares are no union
bound over looks (which would cover 98 %): they are chosen on planted truths, together with the
correction for skewed draws (`simultaneous.mean_interval`).

Measured at 95 % over the precisions that stop at any of four looks, one point, 40,000 repetitions:
94.0 to 96.0 % of normal and lognormal truths and of those with alpha = 2.3, on which the shares
were chosen. Of strongly skewed differences, on which they were not, down to 92.6 %: too narrow.
docs/studies.md has the tables (tests/study/test_stopping.py).
"""

from __future__ import annotations

import math

from sim.study.random_effects import MIN_DRAWS

FIRST_LOOK = 16  # worlds
SPENT = {"": 1.0, "first": 1.12, "middle": 0.6, "last": 1.0}  # of alpha, by the look


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


def look_of(place: int, n_looks: int) -> str:
    """Which look it is: the first of several, the last possible one, or one between."""
    if n_looks == 1:
        return ""
    return "first" if place == 0 else "last" if place == n_looks - 1 else "middle"


def spent(confidence: float, look: str, n_points: int) -> float:
    """The confidence of the intervals at a look; of a design that is fixed, the one asked for."""
    return 1 - SPENT[look] * (1 - confidence) if n_points == 1 else confidence


def narrow_enough(half_widths: list[float | None], precision: float) -> bool:
    """Whether every point's half-width over its baseline is known and small enough."""
    return all(one is not None and one <= precision for one in half_widths)
