"""What a comparison of one measure found, and its entry in summary.json."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sim.measures import Measure


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean and its interval; None where nothing honest can be said."""

    mean: float | None
    lo: float | None = None
    hi: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        return {"mean": self.mean, "lo": self.lo, "hi": self.hi}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One measure of two arms.

    between, noise: variances of the true difference over parameter draws, and of the luck left in
    one draw's mean, on the scale of the comparison (logs for heavy-tailed counts).
    luck: share of the second in both, with its interval; None where they are not told apart.
    difference, mc_lo, mc_hi: of heavy-tailed counts at the typical total of the control as found,
    which is right over that total; `in_units` adds the doubt about it. level: the control's mean
    with its Monte Carlo interval.
    """

    measure: Measure
    n_draws: int
    n_replicates: int
    worth: float
    scenario: Estimate
    against: Estimate
    difference: Estimate
    relative: float | None = None
    mc_lo: float | None = None
    mc_hi: float | None = None
    p_better: float | None = None
    draws_ahead: int | None = None
    wins: int | None = None
    verdict: str | None = None
    note: str = ""
    why_no_interval: str = ""
    between: float = 0.0
    noise: float = 0.0
    luck: tuple[float, float, float] | None = None
    level: Estimate = field(default_factory=lambda: Estimate(mean=None))

    def in_units(self, span: Estimate, level: Estimate) -> Estimate:
        """An interval of the difference in the measure's unit, over all of the control's levels.

        Where each of the two holds in 95 %, both do in 90 % at worst; measured, the product is
        covered in 96 to 100 % (tests/study/test_coverage.py): rather wide than wrong.
        """
        ends = span.lo, span.hi, level.mean, level.lo, level.hi
        if not self.measure.heavy_tailed or any(end is None for end in ends):
            return span
        lo, hi, mean, low, high = (float(end or 0.0) for end in ends)
        less, more = (low + 1) / (mean + 1), (high + 1) / (mean + 1)
        lo, hi = lo * (more if lo < 0 else less), hi * (more if hi > 0 else less)
        if not (math.isfinite(lo) and math.isfinite(hi)):
            return Estimate(mean=span.mean)
        return Estimate(mean=span.mean, lo=lo, hi=hi)

    def over_base(self, span: Estimate) -> Estimate:
        """A difference over the control's value, where that is above zero."""
        base = self.against.mean
        if base is None or base <= 0:
            return Estimate(mean=None)
        ends = (None if end is None else finite(end / base)
                for end in (span.mean, span.lo, span.hi))  # fmt: skip
        mean, lo, hi = ends
        return Estimate(mean=mean, lo=lo, hi=hi)

    def as_dict(self) -> dict[str, Any]:
        """The entry of summary.json."""
        one, luck = self.measure, Estimate(mean=self.difference.mean, lo=self.mc_lo, hi=self.mc_hi)
        known = self.over_base(luck)
        wide = self.in_units(self.difference, self.against)
        narrow, share = self.in_units(luck, self.level), self.over_base(self.difference)
        entry: dict[str, Any] = {
            "stage": one.stage, "label": one.label, "unit": one.unit, "better": one.better,
            "scenario": self.scenario.as_dict(), "against": self.against.as_dict(),
            "difference": {
                **wide.as_dict(), "relative": self.relative, "mc_lo": narrow.lo, "mc_hi": narrow.hi,
                "relative_lo": share.lo, "relative_hi": share.hi,
                "relative_mc_lo": known.lo, "relative_mc_hi": known.hi,
            },
            "p_better": self.p_better, "draws_ahead": self.draws_ahead, "wins": self.wins,
            "verdict": self.verdict,
        }  # fmt: skip
        told = dict(zip(("share", "lo", "hi"), self.luck, strict=True)) if self.luck else None
        extra = {"luck": told, "note": self.note, "why_no_interval": self.why_no_interval}
        return entry | {name: text for name, text in extra.items() if text}


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
