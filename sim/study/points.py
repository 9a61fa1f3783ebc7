"""Many points against their control in the same worlds: one measure at a time.

Every point has what a single comparison has (`compare`), at the same confidence, and beside it the
interval of its expected difference that holds for all points at once (`simultaneous`). A verdict
needs both: what one comparison would say, and zero (or the margin of what is worth acting on) clear
of the simultaneous interval too. Where a point is too close to call and the sign of its difference
turns with a parameter (`depends`), the verdict names it.

What pairing won: Var(y_point - y_control) if both arms ran in worlds of their own, over what it is
in the same worlds, with all worlds as they come, parameters' doubt included.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.measures import Measure
from sim.study.compare import compare, translated
from sim.study.comparison import Comparison, Estimate
from sim.study.depends import Dependence, depends_on
from sim.study.random_effects import MIN_DRAWS, student
from sim.study.simultaneous import (
    Best,
    all_pairs,
    mean_interval,
    simultaneous_level,
    with_the_best,
)
from sim.study.stopping import spent
from sim.study.verdict import HIGHER, LOWER, OPEN, SAME, UNCLEAR, judge, no_verdict, wanted

DEPENDS = "depends on"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point and one measure. difference: the expected difference with its simultaneous
    interval; alone: the single comparison, whose interval holds the doubt about parameters."""

    alone: Comparison
    difference: Estimate
    variance_ratio: float | None
    verdict: str | None
    dependence: Dependence | None = None

    @property
    def is_same(self) -> bool:
        """The point and its control gave the same in every world."""
        told = self.difference.lo == 0 == self.difference.hi
        told |= no_verdict(self.alone.why_no_interval) == SAME
        return told and self.difference.mean == 0 == self.alone.between

    @property
    def half_width(self) -> float | None:
        """Half the simultaneous interval over the control's value; 0 where no world differs, since
        the stopping rule would else wait for a width until the last world."""
        lo, hi, base = self.difference.lo, self.difference.hi, self.alone.against.mean
        if self.is_same:
            return 0.0
        if lo is None or hi is None or not base:
            return None
        return (hi - lo) / 2 / abs(base)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One measure over all points."""

    measure: Measure
    level: float  # of every single interval, so that all hold together
    points: list[Point]
    draws: np.ndarray = field(repr=False)  # float64[P, D], on the scale of the comparison


def judge_points(
    measure: Measure, tested: np.ndarray, control: np.ndarray, worth: float, *,
    confidence: float, p_needed: float, look: str = "",
    parameters: Sequence[Mapping[str, np.ndarray]] = (),
) -> Judged:  # fmt: skip
    """tested, control: float64[P, D, R], the points and, for each, the control in its own world.

    look: which one it is (`stopping`), where the width of the intervals decides how many there are.
    parameters: what was drawn in each point's world, {name: float64[D]}; none: not looked into.
    """
    alone = [
        compare(measure, one, base, worth, confidence=confidence, p_needed=p_needed)
        for one, base in zip(tested, control, strict=True)
    ]
    sound = np.array([one.difference.mean is not None for one in alone])
    gaps: np.ndarray = np.zeros(tested.shape)
    gaps[sound] = scaled(measure, tested[sound]) - scaled(measure, control[sound])
    n_draws = tested.shape[1]
    rows = gaps[:, 0, :] if n_draws == 1 else gaps.mean(-1)
    level = simultaneous_level(rows[sound], spent(confidence, look, int(sound.sum())))
    mean, lo, hi = expected(rows, level)
    turned = _turned(measure, rows, sound, n_draws, parameters)
    points = []
    for p, one in enumerate(alone):
        joint = _joint(one, mean[p], lo[p], hi[p], control[p], gaps[p])
        word = _verdict(one, joint, worth, p_needed)
        told = turned[p] if word in (OPEN, UNCLEAR) else None
        points.append(Point(
            alone=one, difference=joint, dependence=told,
            variance_ratio=variance_ratio(measure, tested[p], control[p]) if sound[p] else None,
            verdict=f"{DEPENDS} {told.parameter}" if told else word,
        ))  # fmt: skip
    return Judged(measure=measure, level=level, points=points, draws=rows)


def expected(rows: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(mean, lo, hi) of rows[P, D]; no ends where there are too few draws for any."""
    n_draws = rows.shape[-1]
    mean, nothing = rows.mean(-1), np.full(len(rows), np.nan)
    if n_draws < MIN_DRAWS:
        return mean, nothing, nothing
    return (mean, *mean_interval(rows, student(n_draws - 1, level)))


def scaled(measure: Measure, values: np.ndarray) -> np.ndarray:
    """Outcomes on the scale of the comparison."""
    return np.log1p(values) if measure.heavy_tailed else np.asarray(values)


def _turned(
    measure: Measure, rows: np.ndarray, sound: np.ndarray, n_draws: int,
    parameters: Sequence[Mapping[str, np.ndarray]],
) -> list[Dependence | None]:  # fmt: skip
    """What each point's sign turns with, in the wanted direction."""
    if not parameters or n_draws < 4:
        return [None] * len(rows)
    known = [one if good else {} for one, good in zip(parameters, sound, strict=True)]
    return depends_on(wanted(measure.better) * rows, known)


def _joint(
    one: Comparison, mean: float, lo: float, hi: float, control: np.ndarray, gaps: np.ndarray
) -> Estimate:
    """The simultaneous interval in the measure's unit; none where no interval is honest."""
    if one.difference.mean is None:
        return Estimate(mean=None)
    if not gaps.any():
        return Estimate(mean=0.0, lo=0.0, hi=0.0) if not one.why_no_interval else one.difference
    base = float(scaled(one.measure, control).mean())
    ends = [translated(one.measure, float(end), base) for end in (mean, lo, hi)]
    if one.why_no_interval or not all(math.isfinite(end) for end in ends):
        return Estimate(mean=one.difference.mean)
    return Estimate(mean=ends[0], lo=ends[1], hi=ends[2])


def _verdict(one: Comparison, joint: Estimate, worth: float, p_needed: float) -> str | None:
    """As for one comparison, over the hull of both intervals."""
    if one.verdict is None or one.difference.lo is None or joint.lo is None:
        return one.verdict
    if joint.lo == 0 == joint.hi:
        return one.verdict
    assert one.difference.hi is not None and joint.hi is not None
    assert one.difference.mean is not None and one.against.mean is not None
    p = one.p_better
    if p is None:  # neither direction is wanted: the share of draws told in the single verdict
        p_positive = {HIGHER: 1.0, LOWER: 0.0}.get(one.verdict)
    else:
        p_positive = p if wanted(one.measure.better) > 0 else 1 - p
    return judge(
        mean=one.difference.mean, lo=min(one.difference.lo, joint.lo),
        hi=max(one.difference.hi, joint.hi), base=one.against.mean, worth=worth,
        p_positive=p_positive, better=one.measure.better, p_needed=p_needed,
    )  # fmt: skip


def variance_ratio(measure: Measure, tested: np.ndarray, control: np.ndarray) -> float | None:
    """How many times more worlds would be needed if the arms did not share them."""
    one, base = (scaled(measure, values).ravel() for values in (tested, control))
    if one.size < 4:
        return None
    paired = float((one - base).var(ddof=1))
    apart = float(one.var(ddof=1) + base.var(ddof=1))
    return apart / paired if paired > 0 else None


def best_of(judged: Judged, rows: Sequence[int], confidence: float, look: str) -> Best:
    """The control (first) and the points `rows`, all in one world, against the best of them."""
    draws = np.vstack([np.zeros(judged.draws.shape[1]), judged.draws[list(rows)]])
    sign = wanted(judged.measure.better)
    return with_the_best(draws, sign, spent(confidence, look, len(rows)))


def pairs_of(
    judged: Judged, rows: Sequence[int], confidence: float, look: str
) -> list[tuple[int, int, float, float, float]]:
    """Every pair of points in one world: (p, q, mean, lo, hi) on the scale of the comparison."""
    chosen = judged.draws[list(rows)]
    pairs = all_pairs(chosen, spent(confidence, look, len(rows)))
    return [(rows[p], rows[q], mean, lo, hi) for p, q, mean, lo, hi in pairs]
