"""Compare two arms in paired worlds: one measure at a time, from outcomes to an honest verdict.

    y_scenario[d, r] - y_against[d, r]      paired: the same people, news and luck in both arms

What the intervals cover stands in `random_effects`. Heavy-tailed counts are compared through
x = log(total + 1), for which the paired difference is close to symmetric, and translated back: an
arm shows its typical total exp(mean x) - 1, the difference is typical total (e^dx - 1), so that the
three means still add up. Where no interval can be honest there is none, and the reason is said.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.measures import MEASURES, WITH_INAUTHENTIC, Measure
from sim.settings import Settings, StudySettings
from sim.study.comparison import Comparison, Estimate, finite
from sim.study.ensemble import Failure
from sim.study.inauthentic import detection
from sim.study.random_effects import (
    MIN_DRAWS,
    Effects,
    effects,
    luck_share,
    outlier,
    p_positive,
)
from sim.study.reasons import reason, same_everywhere, unusable
from sim.study.verdict import ahead, judge, wanted

SIGNED = ("followers_gained", "favourability_shift", "polarisation")  # may truly be negative
HEAVY = "Compared through log(total + 1); the arms show their typical (geometric mean) totals."
CENTRAL = "Central parameters only: the interval holds luck, doubt about parameters is left out."
UNSPLIT = (
    "One replicate a parameter draw: luck and parameters cannot be told apart, so the interval "
    "holds both and there is no Monte Carlo one."
)
FAR = (
    "Parameter draw {} lies far from all others (1 in 1,000 by chance): more draws may widen the "
    "interval{}."
)
NEVER_TIMED = "the run ended first in every world of both arms, so that nothing was timed"
FAR_LUCK = ", and the Monte Carlo one may be too narrow"
FAR_MEAN = ", and no Monte Carlo one is given"  # of a mean with so long a tail it would miss


def compare(
    measure: Measure, scenario: np.ndarray, against: np.ndarray, worth: float,
    *, confidence: float = 0.95, p_needed: float = 0.9,
) -> Comparison:  # fmt: skip
    """scenario, against: float64[D, R], outcomes of the same worlds in both arms.

    worth: the smallest relative difference worth acting on. p_needed: the share of parameter draws
    that must agree on the sign before it is called.
    """
    pair = _checked(scenario, against)
    trouble = unusable(measure, *pair)
    if trouble:
        return _flagged(measure, *pair, worth, trouble)
    heavy = measure.heavy_tailed
    scaled = tuple(np.log1p(one) if heavy else one for one in pair)
    arms = [effects(one, confidence) for one in scaled]
    found = effects(scaled[0] - scaled[1], confidence)
    few = reason(*pair)
    tested, base = (_level(measure, arm, few) for arm in arms)
    why = _why(measure, scaled[0], scaled[1], few, confidence)
    difference, luck = _difference(measure, found, float(arms[1].mean), why)
    if found.is_unsplit or (outlier(found.draws) is not None and not heavy):
        luck = Estimate(mean=luck.mean)
    p = None if why else float(p_positive(found))
    assert difference.mean is not None and base.mean is not None
    draws, replicates = pair[0].shape
    return Comparison(
        measure=measure, n_draws=draws, n_replicates=replicates, worth=worth,
        scenario=tested, against=base, difference=difference,
        relative=finite(difference.mean / base.mean) if base.mean > 0 else None,
        mc_lo=luck.lo, mc_hi=luck.hi, p_better=_wanted_share(measure, p),
        draws_ahead=ahead(measure.better, found.draws, draws), wins=count_wins(measure, *pair),
        verdict=_verdict(measure, difference, base.mean, worth, p, p_needed, why),
        note=_note(measure, found, replicates), why_no_interval=why,
        between=float(found.between), noise=float(found.noise),
        luck=None if why else luck_share(found), level=_level(measure, arms[1], few, luck=True),
    )  # fmt: skip


def _checked(scenario: np.ndarray, against: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pair = np.asarray(scenario, dtype=np.float64), np.asarray(against, dtype=np.float64)
    if pair[0].ndim != 2 or pair[0].shape != pair[1].shape or not pair[0].size:
        raise ValueError(
            f"outcomes must be two [D, R] arrays, not {pair[0].shape}, {pair[1].shape}"
        )
    return pair


def _why(
    measure: Measure, scenario: np.ndarray, against: np.ndarray, few: str, confidence: float
) -> str:
    """Why there is no interval of the difference. What is not judged, as staff hours that are equal
    by construction, may be equal without a doubt."""
    if measure.better == "none":
        return "" if "too few" in few and np.array_equal(scenario, against) else few
    if few and "too few" not in few:
        return few
    return same_everywhere(scenario, against, confidence) or few


def _flagged(
    measure: Measure, scenario: np.ndarray, against: np.ndarray, worth: float, why: str
) -> Comparison:
    """NaN and inf are never averaged away: the arm they stand in has no mean, nor has anything
    that follows from it."""
    means = [one.mean() if np.isfinite(one).all() else None for one in (scenario, against)]
    if measure.heavy_tailed:
        means = [None, None]
    tested, base = (Estimate(mean=None if one is None else finite(float(one))) for one in means)
    return Comparison(
        measure=measure, n_draws=scenario.shape[0], n_replicates=scenario.shape[1], worth=worth,
        scenario=tested, against=base, difference=Estimate(mean=None), why_no_interval=why,
    )  # fmt: skip


def _level(measure: Measure, arm: Effects, why: str, luck: bool = False) -> Estimate:
    """One arm, with the interval of its expected outcome over parameter draws, or, for `luck`, the
    Monte Carlo one of its mean over them."""
    both = (arm.mc_lo, arm.mc_hi) if luck else (arm.lo, arm.hi)
    ends = [float(one) for one in (arm.mean, *both)]
    if measure.heavy_tailed:
        ends = [_expm1(one) for one in ends]
    mean, lo, hi = ends
    if measure.name not in SIGNED and mean >= 0 and lo < 0:
        lo = 0.0  # a total or a share cannot be negative
    if measure.unit == "share":
        hi = min(hi, 1.0)
    return _estimate(mean, lo, hi, why)


def _difference(
    measure: Measure, found: Effects, base_mean: float, why: str
) -> tuple[Estimate, Estimate]:
    """The paired difference with its headline interval, and with its Monte Carlo one."""
    values = (found.mean, found.lo, found.hi, found.mc_lo, found.mc_hi)
    ends = [float(one) for one in values]
    if not np.any(found.draws) and not found.noise:
        ends = [0.0] * 5
    mean, lo, hi, mc_lo, mc_hi = (
        possible(measure, translated(measure, one, base_mean)) for one in ends
    )
    return _estimate(mean, lo, hi, why), _estimate(mean, mc_lo, mc_hi, why)


def translated(measure: Measure, difference: float, base: float) -> float:
    """A difference on the scale of the comparison in the measure's unit; base: the mean of the arm
    compared with, on that scale."""
    return math.exp(base) * _expm1(difference) if measure.heavy_tailed else difference


def possible(measure: Measure, difference: float) -> float:
    """Two shares differ by no more than one: a t interval knows nothing of that."""
    return min(max(difference, -1.0), 1.0) if measure.unit == "share" else difference


def _estimate(mean: float, lo: float, hi: float, why: str) -> Estimate:
    if why or not (math.isfinite(lo) and math.isfinite(hi)):
        return Estimate(mean=finite(mean))
    return Estimate(mean=finite(mean), lo=lo, hi=hi)


def _expm1(value: float) -> float:
    return math.inf if value > 700 else math.expm1(value)


def _wanted_share(measure: Measure, p: float | None) -> float | None:
    """p_better: nothing is wanted of a measure without a direction."""
    if p is None or measure.better == "none":
        return None
    return p if wanted(measure.better) > 0 else 1 - p


def count_wins(measure: Measure, scenario: np.ndarray, against: np.ndarray) -> int:
    """Worlds in which the scenario did strictly better (was higher, if neither is wanted)."""
    return int((wanted(measure.better) * (scenario - against) > 0).sum())


def _verdict(
    measure: Measure, difference: Estimate, base: float, worth: float, p: float | None,
    p_needed: float, why: str,
) -> str | None:  # fmt: skip
    """None where nothing can be judged, which is wherever there is no interval."""
    if why or difference.mean is None or difference.lo is None or difference.hi is None:
        return None
    return judge(
        mean=difference.mean, lo=difference.lo, hi=difference.hi, base=base, worth=worth,
        p_positive=p, better=measure.better, p_needed=p_needed,
    )  # fmt: skip


def _note(measure: Measure, found: Effects, replicates: int) -> str:
    draws = found.draws.shape[-1]
    far, tail = outlier(found.draws), FAR_LUCK if measure.heavy_tailed else FAR_MEAN
    tail = "" if replicates == 1 else tail
    told = [
        HEAVY if measure.heavy_tailed else "",
        CENTRAL if draws == 1 and replicates > 1 else "",
        UNSPLIT if found.is_unsplit else "",
        "" if far is None else FAR.format(far, tail),
    ]
    return " ".join(one for one in told if one)


def outcomes(
    runs: Sequence[Any], measure: str, draws: int, replicates: int, group: str = "all"
) -> tuple[np.ndarray, np.ndarray]:
    """(tested[D, R], against[D, R]) of one measure from the runs of all worlds that are kept."""
    kept = kept_worlds(runs, draws, replicates)
    values = np.array([
        [[runs[world][arm].values.get((measure, group), math.nan) for world in row] for row in kept]
        for arm in (0, 1)
    ])  # fmt: skip
    return values[0], values[1]


def kept_worlds(runs: Sequence[Any], draws: int, replicates: int) -> np.ndarray:
    """Indices [D', R'] of the worlds that are compared, out of runs[draw * R + replicate].

    All, unless worlds failed: then as many replicates a draw as leave enough draws for an interval
    (the same number in each, so that the decomposition stays balanced).
    """
    if len(runs) != draws * replicates:
        raise ValueError(f"{len(runs)} worlds are not {draws} draws x {replicates} replicates")
    rows = [
        [world for world in range(draw * replicates, (draw + 1) * replicates)
         if not isinstance(runs[world], Failure)]
        for draw in range(draws)
    ]  # fmt: skip
    cuts = [
        [row[:size] for row in rows if len(row) >= size] for size in range(replicates, 0, -1)
    ]  # fmt: skip
    best = max(cuts, key=lambda cut: (min(len(cut), MIN_DRAWS), len(cut) and len(cut[0])))
    if not best:
        raise UserError("No world came through: there is nothing to compare.")
    return np.array(best)


def unjudged(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A measure of a diagnostic: its numbers, without a verdict or a winner."""
    return {**entry, "p_better": None, "draws_ahead": None, "wins": None, "verdict": None}


def censored(scenario: np.ndarray, against: np.ndarray) -> str:
    """In how many worlds the run ended before what is timed had happened; empty if in none."""
    n_cut = int(scenario.sum()), int(against.sum())
    if not any(n_cut):
        return ""
    return (
        f"Censored in {n_cut[0]} of {scenario.size} worlds of the tested arm and {n_cut[1]} of the "
        "other: there the run ended first, and the true time is longer."
    )


def _entry(
    one: Measure, runs: Sequence[Any], which: tuple[int, int, str], settings: Settings,
    study: StudySettings, known: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """One measure of summary.json; which: (draws, replicates, group)."""
    draws, replicates, group = which
    entry: dict[str, Any] = compare(
        one, *outcomes(runs, one.name, draws, replicates, group), settings.worth,
        confidence=study.confidence, p_needed=study.p_better,
    ).as_dict()  # fmt: skip
    if f"{one.name}_censored" in known:
        cut = outcomes(runs, f"{one.name}_censored", draws, replicates)
        entry["note"] = f"{entry.get('note', '')} {censored(*cut)}".strip()
        if min(arm.min() for arm in cut) > 0:  # nothing was timed at all
            entry |= {"verdict": None, "why_no_interval": NEVER_TIMED}
    return entry


def summarise(
    runs: Sequence[Any], *, settings: Settings, study: StudySettings, draws: int, replicates: int
) -> dict[str, Any]:
    """summary.json: every measure that the runs have. runs[world] = [tested, against] or a Failure.

    `failed` (worlds that broke) stands in it only when there are some, `fair` only when arms are
    compared by something else than hours.
    """
    kept = kept_worlds(runs, draws, replicates)
    failed = [one for one in runs if isinstance(one, Failure)]
    known = {name for world in kept.ravel() for arm in runs[world] for name, _ in arm.values}
    groups = {group for world in kept.ravel() for arm in runs[world] for _, group in arm.values}

    def judged(group: str) -> dict[str, Any]:
        found = {
            one.name: _entry(one, runs, (draws, replicates, group), settings, study, known)
            for one in MEASURES if one.name in known
        }  # fmt: skip
        diagnostic = settings.fair == "attention"
        return {name: unjudged(one) if diagnostic else one for name, one in found.items()}

    summary: dict[str, Any] = {
        "scenario": settings.scenario, "against": settings.against,
        "worlds": int(kept.size), "draws": int(kept.shape[0]), "days": settings.days,
        "objective": settings.objective, "measures": judged("all"),
    }  # fmt: skip
    if settings.fair != "hours":
        summary["fair"] = settings.fair
    if WITH_INAUTHENTIC in groups:
        found = detection(runs, kept.ravel().tolist())
        summary["inauthentic"] = {"measures": judged(WITH_INAUTHENTIC), "detection": found}
    if failed:
        summary["failed"] = [one.as_dict() for one in failed]
    return summary
