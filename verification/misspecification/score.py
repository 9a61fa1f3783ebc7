"""Verdict against truth.

    truth     the paired difference in nature's own world, relative to its status quo, with an
              interval of 99 % over luck: better, worse, within the margin, or not known even so
    right     the word is true                    open      too close to call, whatever is true
    opposite  better was announced and the difference is below 0, or the reverse
    size      a difference announced that lies within the margin, or `equivalent` for one beyond it
    unjudged  truth is not known well enough to say

All in the wanted direction of a measure: for backlash, less is better. Rates have Clopper and
Pearson's exact intervals (1934), which take the verdicts as independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.measures import BY_NAME
from sim.study.compare import Comparison, compare
from sim.study.verdict import BETTER, EQUIVALENT, OPEN, WORSE, wanted

RIGHT, OPPOSITE, SIZE, UNJUDGED = "right", "opposite", "size", "unjudged"
OUTCOMES = (RIGHT, OPEN, SIZE, OPPOSITE, UNJUDGED)
WITHIN, UNKNOWN = "within", "unknown"
TRUTHS = (BETTER, WORSE, WITHIN, UNKNOWN)
SURE = 0.99  # of the truth's interval


@dataclass(frozen=True, kw_only=True)
class Span:
    """A difference relative to the status quo, in the wanted direction."""

    mean: float
    lo: float
    hi: float

    def holds(self, value: float) -> bool:
        return self.lo <= value <= self.hi


def judged(measure: str, tested: np.ndarray, control: np.ndarray, worth: float,
           confidence: float = 0.95) -> Comparison:  # fmt: skip
    """The product's own comparison; float64[D, R] each."""
    return compare(BY_NAME[measure], tested, control, worth, confidence=confidence)


def span_of(measure: str, found: Comparison) -> Span | None:
    """The difference over the status quo; None where there is no interval or nothing to divide
    by."""
    one, base = found.difference, found.against.mean
    if one.mean is None or one.lo is None or one.hi is None or not base or base <= 0:
        return None
    ends = sorted(wanted(BY_NAME[measure].better) * end / base for end in (one.lo, one.hi))
    return Span(mean=wanted(BY_NAME[measure].better) * one.mean / base, lo=ends[0], hi=ends[1])


def truth_of(span: Span | None, worth: float) -> str:
    """better | worse | within | unknown"""
    if span is None:
        return UNKNOWN
    if -worth <= span.lo and span.hi <= worth:
        return WITHIN
    return BETTER if span.lo > 0 else WORSE if span.hi < 0 else UNKNOWN


def outcome(verdict: str | None, truth: Span | None, worth: float) -> str:
    """What a verdict was worth."""
    if verdict not in (BETTER, WORSE, EQUIVALENT):
        return OPEN
    if truth is None:
        return UNJUDGED
    word = truth_of(truth, worth)
    if verdict == EQUIVALENT:
        beyond = truth.lo > worth or truth.hi < -worth
        return RIGHT if word == WITHIN else SIZE if beyond else UNJUDGED
    sign = 1 if verdict == BETTER else -1
    if max(sign * truth.lo, sign * truth.hi) < 0:
        return OPPOSITE
    return SIZE if word == WITHIN else UNJUDGED if word == UNKNOWN else RIGHT


def rate(n: int, of: int) -> dict[str, float | int | None]:
    """A share with its exact interval of 95 %."""
    from scipy.stats import binomtest

    if not of:
        return {"n": n, "of": of, "share": None, "lo": None, "hi": None}
    ends = binomtest(n, of).proportion_ci(0.95, method="exact")
    return {"n": n, "of": of, "share": n / of, "lo": float(ends.low), "hi": float(ends.high)}


def tally(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and rates over rows of verdicts. wrong: of what could be judged, left open or not.
    estimate_of_wrong_sign: who acts on the estimate alone, where the truth has a sign."""
    counts = {name: sum(one["outcome"] == name for one in rows) for name in OUTCOMES}
    known = len(rows) - counts[UNJUDGED]
    called = known - counts[OPEN]
    signed = [one for one in rows if one["truth"] in (BETTER, WORSE) and one["span"] is not None]
    leaning = sum((one["span"]["mean"] > 0) != (one["truth"] == BETTER) for one in signed)
    covered = [one["covered"] for one in rows if one["covered"] is not None]
    return {
        "verdicts": len(rows), **counts,
        "truths": {name: sum(one["truth"] == name for one in rows) for name in TRUTHS},
        "opposite_rate": rate(counts[OPPOSITE], known),
        "opposite_of_called": rate(counts[OPPOSITE], called),
        "wrong_rate": rate(counts[OPPOSITE] + counts[SIZE], known),
        "cover": rate(sum(covered), len(covered)),
        "estimate_of_wrong_sign": rate(leaning, len(signed)),
    }  # fmt: skip
