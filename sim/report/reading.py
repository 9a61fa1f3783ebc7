"""Read summary.json strictly: a number is finite or null, an interval has both ends or none.

Relative ends are told apart from the absolute ones, which of counts compared through logs also hold
the doubt about the base; older results have none, and there they are the absolute ones scaled by
relative / mean. A plain difference whose
interval reaches below -100 % of the base has no relative form: nothing can lose more than all of
it, and the base is then too uncertain to be a yardstick. It is shown in the measure's own unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.measures import BY_NAME, STAGES

SPANS = ("scenario", "against", "difference")


@dataclass(frozen=True, kw_only=True)
class Span:
    """An estimate and its interval; the ends are None where no honest interval exists."""

    mean: float | None
    lo: float | None = None
    hi: float | None = None

    @property
    def has_interval(self) -> bool:
        return self.mean is not None and self.lo is not None and self.hi is not None

    def times(self, scale: float) -> Span:
        """The same span in another unit."""
        ends = (None if end is None else end * scale for end in (self.mean, self.lo, self.hi))
        mean, lo, hi = ends
        return Span(mean=mean, lo=lo, hi=hi)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One measure of a summary, checked."""

    name: str
    stage: str
    label: str
    unit: str
    better: str
    scenario: Span
    against: Span
    difference: Span
    relative: Span | None  # None: a ratio would mislead (no positive base, an opinion measure,
    # an interval that leaves [-100 %, ...))
    monte_carlo: Span
    relative_monte_carlo: Span | None
    p_better: float | None
    wins: int | None
    draws_ahead: int | None  # older results have none
    verdict: str | None
    why_no_interval: str
    note: str
    assumed: bool
    luck: Span | None = None  # share of luck in the spread of the draws; None: not told apart

    @property
    def identical(self) -> bool:
        """Both arms gave the same in every world."""
        span = self.difference
        level = span.mean == 0 and span.lo in (0, None) and span.hi in (0, None)
        return level and "too few" not in self.why_no_interval  # a mean of 0 by chance


def number(value: Any, where: str) -> float | None:
    """A finite number or None; anything else is a broken summary and is said so."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"summary: {where} is {value!r}, neither a finite number nor null")
    return float(value)


def span(entry: Mapping[str, Any], where: str, lo: str = "lo", hi: str = "hi") -> Span:
    """The estimate and interval of one block of a measure."""
    ends = number(entry.get(lo), f"{where}.{lo}"), number(entry.get(hi), f"{where}.{hi}")
    if (ends[0] is None) != (ends[1] is None):
        raise ValueError(f"summary: {where} has only one end of its interval")
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        raise ValueError(f"summary: {where} has {lo} above {hi}")
    return Span(mean=number(entry.get("mean"), f"{where}.mean"), lo=ends[0], hi=ends[1])


def rel_scale(entry: Mapping[str, Any], base: Span, name: str) -> float | None:
    """What turns an absolute difference into one relative to the base arm."""
    relative = number(entry.get("relative"), f"{name}.difference.relative")
    if relative is None or base.mean is None or base.mean <= 0:
        return None
    mean = number(entry.get("mean"), f"{name}.difference.mean")
    return relative / mean if mean and relative else 1.0 / base.mean


def loses_more_than_all(relative: Span) -> bool:
    """Whether an estimate or interval leaves [-100 %, ...), rounding apart."""
    return any(end is not None and end < -1 - 1e-9 for end in (relative.mean, relative.lo))


def relatives(
    entry: Mapping[str, Any], difference: Span, luck: Span, scale: float | None, name: str
) -> tuple[Span | None, Span | None]:
    """The difference and its Monte Carlo interval over the base; None where they would mislead."""
    if scale is None:
        return None, None
    if "relative_lo" in entry:
        ratio = {**entry, "mean": entry["relative"]}
        where = f"{name}.difference"
        both = (span(ratio, where, "relative_lo", "relative_hi"),
                span(ratio, where, "relative_mc_lo", "relative_mc_hi"))  # fmt: skip
    else:
        both = difference.times(scale), luck.times(scale)
    return (None, None) if loses_more_than_all(both[0]) else both


def reading(name: str, entry: Mapping[str, Any]) -> Reading:
    """One measure of the summary."""
    scenario, against, difference = (span(entry[part], f"{name}.{part}") for part in SPANS)
    monte_carlo = span(entry["difference"], f"{name}.difference", "mc_lo", "mc_hi")
    known, luck = BY_NAME.get(name), entry.get("luck")
    assumed = bool(entry.get("assumed", known.assumed if known else False))
    relative, luck_relative = (
        (None, None) if assumed else relatives(entry["difference"], difference, monte_carlo,
                                               rel_scale(entry["difference"], against, name), name)
    )  # fmt: skip
    return Reading(
        name=name, stage=entry["stage"], label=entry["label"], unit=entry["unit"],
        better=entry["better"], scenario=scenario, against=against, difference=difference,
        relative=relative, monte_carlo=monte_carlo, relative_monte_carlo=luck_relative,
        p_better=number(entry.get("p_better"), f"{name}.p_better"),
        wins=None if entry.get("wins") is None else int(entry["wins"]),
        draws_ahead=entry.get("draws_ahead"),
        verdict=entry.get("verdict") if difference.has_interval else None,
        why_no_interval=entry.get("why_no_interval") or "",
        note=entry.get("note") or "", assumed=assumed,
        luck=span({**luck, "mean": luck["share"]}, f"{name}.luck") if luck else None,
    )  # fmt: skip


def readings(summary: Mapping[str, Any]) -> dict[str, Reading]:
    """Every measure, by stage of evaluation and in the order of the summary within a stage."""
    found = [reading(name, entry) for name, entry in summary["measures"].items()]
    order = {stage: place for place, stage in enumerate(STAGES)}
    found.sort(key=lambda one: order.get(one.stage, len(order)))
    return {one.name: one for one in found}


def headline(summary: Mapping[str, Any]) -> Reading:
    """The measure that leads: the objective, unless that is an opinion measure."""
    all_readings = readings(summary)
    objective = all_readings[summary["objective"]]
    if not objective.assumed:
        return objective
    solid = [one for one in all_readings.values() if not one.assumed and one.better != "none"]
    return all_readings.get("target_reach") or (solid[0] if solid else objective)
