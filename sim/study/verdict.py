"""From an interval to a word.

    equivalent           lo, hi inside +- worth |baseline|: smaller than is worth acting on
    better, worse        0 outside the interval, the estimate beyond worth, and the wanted sign in
                         at least `p_needed` of the parameter draws (unwanted: at most 1 - p_needed)
    too close to call    all else
    no verdict           where there is no interval, as where all worlds gave the same difference

A measure of which more is neither good nor bad reads higher, lower, no clear change. With normal
truths and no true difference, better and worse together come out in at most one comparison in 20
(the interval alone sees to that; the other two conditions only lower it).
"""

from __future__ import annotations

import numpy as np

from sim.study.reasons import UNSEEN

BETTER, WORSE, EQUIVALENT, OPEN = "better", "worse", "equivalent", "too close to call"
HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear change"
NOT_JUDGED = "not judged"  # how tables for people call the verdicts without a wanted direction
NO_VERDICT = "no verdict"
SAME = f"{NO_VERDICT}: same in all worlds"
SAME_GAP = f"{NO_VERDICT}: same difference in all worlds"
VERDICTS = (BETTER, WORSE, EQUIVALENT, OPEN, HIGHER, LOWER, UNCLEAR)


def judge(
    *, mean: float, lo: float | None, hi: float | None, base: float, worth: float,
    p_positive: float | None, better: str, p_needed: float = 0.9,
) -> str:  # fmt: skip
    """The verdict on one measure. `better`: higher | lower | none."""
    undecided = UNCLEAR if better == "none" else OPEN
    if lo is None or hi is None:
        return undecided
    limit = worth * abs(base)
    if -limit <= lo and hi <= limit:
        return EQUIVALENT
    sign = 1 if lo > 0 else -1 if hi < 0 else 0
    if sign == 0 or abs(mean) <= limit or p_positive is None:
        return undecided
    p_sign = p_positive if sign > 0 else 1 - p_positive
    if p_sign < p_needed:
        return undecided
    return word(sign, better)


def word(sign: int, better: str) -> str:
    """What a clear change in that direction is called."""
    if better == "none":
        return HIGHER if sign > 0 else LOWER
    return BETTER if (sign > 0) == (better == "higher") else WORSE


def wanted(better: str) -> int:
    """The sign of a wanted difference; of a rise where neither is wanted."""
    return -1 if better == "lower" else 1


def no_verdict(why: str) -> str:
    """What stands in the place of a verdict, from the reason why there is no interval."""
    if why.startswith("one world"):
        return f"{NO_VERDICT}: one world"
    if UNSEEN in why:
        return SAME_GAP if why.startswith("the difference") else SAME
    if "too few" not in why:
        return NO_VERDICT
    return f"{NO_VERDICT}: too few {'draws' if 'draw' in why else 'worlds'}"


def ahead(better: str, gaps: np.ndarray, n_draws: int) -> int | None:
    """Parameter draws whose mean difference is the wanted one; None where there is one draw only,
    or nothing is wanted."""
    if n_draws == 1 or better == "none":
        return None
    return int((wanted(better) * gaps > 0).sum())
