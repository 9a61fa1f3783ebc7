"""summary.json of a study: the objective first, every other measure marked as secondary."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.measures import BY_NAME, Measure
from sim.settings import Settings, StudySettings
from sim.study.collate import Collated, broken_points, common_worlds
from sim.study.compare import translated
from sim.study.comparison import Estimate
from sim.study.plan import CONTROL
from sim.study.points import Judged, Point, best_of, judge_points, pairs_of, scaled
from sim.study.verdict import no_verdict

Drawn = Callable[[str, int], Mapping[str, float]]  # (circumstance, draw) -> parameters drawn


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a study is judged."""

    settings: Settings
    study: StudySettings
    drawn: Drawn
    look: str = ""  # of a study that stops on width: first, middle or last


class Judge:
    """Judges the measures of one collated study."""

    def __init__(self, found: Collated, rules: Rules) -> None:
        self.found, self.rules = found, rules
        self.broken = broken_points(found)
        self.kept = common_worlds(found, self.broken)
        self.points = [one for one in found.plan.points if one.id not in self.broken]

    def judge(self, measure: Measure, with_parameters: bool = False) -> Judged:
        """One measure over all points that count."""
        tested = [self._outcomes(measure, one.world, one.id) for one in self.points]
        control = [self._outcomes(measure, one.world, CONTROL) for one in self.points]
        return judge_points(
            measure, np.array(tested), np.array(control), self.rules.settings.worth,
            confidence=self.rules.study.confidence, p_needed=self.rules.study.p_better,
            look=self.rules.look,
            parameters=self.parameters() if with_parameters else (),
        )  # fmt: skip

    def _outcomes(self, measure: Measure, world: str, arm: str) -> np.ndarray:
        return self.found.outcomes(measure.name, world, arm, self.kept)

    def parameters(self) -> list[Mapping[str, np.ndarray]]:
        """What was drawn in the world of each point, one object a circumstance."""
        draws = [int(row[0]) // self.found.replicates for row in self.kept]
        known: dict[str, Mapping[str, np.ndarray]] = {}
        for world in dict.fromkeys(one.world for one in self.points):
            sets = [self.rules.drawn(world, draw) for draw in draws]
            known[world] = {name: np.array([one[name] for one in sets]) for name in sets[0]}
        return [known[one.world] for one in self.points]


def half_widths(judge: Judge, objective: str) -> list[float | None]:
    """What the stopping rule looks at."""
    return [one.half_width for one in judge.judge(BY_NAME[objective]).points]


def summarise_study(found: Collated, rules: Rules, stopped: str) -> dict[str, Any]:
    """summary.json. stopped: why there are no more worlds."""
    judge, settings = Judge(found, rules), rules.settings
    objective = BY_NAME[settings.objective]
    lead = judge.judge(objective, with_parameters=True)
    plan = found.plan
    measures = {
        name: _measure(judge, lead if name == objective.name else judge.judge(BY_NAME[name]),
                       "objective" if name == objective.name else "secondary")
        for name in sorted(found.measures(), key=lambda name: name != objective.name)
    }  # fmt: skip
    summary: dict[str, Any] = {
        "study": plan.name, "question": plan.question, "objective": objective.name,
        "against": plan.control, "against_label": plan.control_label,
        "worlds": int(judge.kept.size), "draws": int(judge.kept.shape[0]),
        "replicates": int(judge.kept.shape[1]), "days": plan.days, "seed": plan.seed,
        "runs": len(found.values), "confidence": rules.study.confidence,
        "worth": settings.worth, "precision": rules.study.precision, "stopped": stopped,
        "axes": [one.as_dict() for one in plan.axes],
        "circumstances": {name: dict(one) for name, one in plan.worlds.items()},
        "points": [
            {"point": one.id, "label": one.label, "scenario": one.scenario,
             "circumstance": one.world, "settings": dict(one.settings)}
            for one in plan.points
        ],
        "best": _best(judge, lead), "measures": measures,
    }  # fmt: skip
    ratios = [one.variance_ratio for one in lead.points if one.variance_ratio is not None]
    summary["variance_ratio"] = float(np.median(ratios)) if ratios else None
    if rules.study.pairs:
        summary["pairs"] = _pairs(judge, lead)
    if judge.broken:
        summary["left_out"] = judge.broken
    if found.failures:
        summary["failed"] = list(found.failures)
    return summary


def _measure(judge: Judge, judged: Judged, role: str) -> dict[str, Any]:
    one = judged.measure
    return {
        "role": role, "stage": one.stage, "label": one.label, "unit": one.unit,
        "better": one.better, "level": judged.level,
        "points": {
            point.id: _point(found)
            for point, found in zip(judge.points, judged.points, strict=True)
        },
    }  # fmt: skip


def _point(found: Point) -> dict[str, Any]:
    """difference: the expected one, with the interval that holds for all points at once; spread:
    where the difference of a parameter draw lies, for this point alone."""
    alone = found.alone
    gap, spread = (alone.over_base(one) for one in (found.difference, alone.difference))
    joint = alone.in_units(found.difference, alone.level)
    single = alone.in_units(alone.difference, alone.against)
    entry: dict[str, Any] = {
        "scenario": alone.scenario.as_dict(), "against": alone.against.as_dict(),
        "difference": {
            **joint.as_dict(), "relative": None if gap.mean is None else gap.as_dict(),
        },
        "spread": {
            "lo": single.lo, "hi": single.hi, "relative_lo": spread.lo, "relative_hi": spread.hi,
        },
        "p_better": alone.p_better, "wins": alone.wins, "half_width": found.half_width,
        "variance_ratio": found.variance_ratio, "verdict": found.verdict,
    }  # fmt: skip
    if found.dependence:
        entry["depends_on"] = found.dependence.as_dict()
    extra = {"note": alone.note, "why_no_interval": alone.why_no_interval}
    return entry | {name: text for name, text in extra.items() if text}


def _best(judge: Judge, lead: Judged) -> list[dict[str, Any]]:
    """For every circumstance: which points cannot be told from the best, and how far each is."""
    found = []
    for world in judge.found.plan.worlds:
        rows = [row for row, one in enumerate(judge.points) if one.world == world]
        rows = [row for row in rows
                if lead.points[row].difference.lo is not None or lead.points[row].is_same]
        known = [row for row in rows if lead.points[row].difference.lo is not None]
        if not known or lead.measure.better == "none":
            continue
        best = best_of(lead, rows, judge.rules.study.confidence, judge.rules.look)
        names = [CONTROL, *(judge.points[row].id for row in rows)]
        base = lead.points[rows[0]].alone.against.mean or 0.0
        found.append({
            "circumstance": world,
            "may_be_best": [
                name for name, may in zip(names, best.may_be_best, strict=True) if may
            ],
            "to_the_best": {
                name: {"lo": _over(lead.measure, float(lo), base),
                       "hi": _over(lead.measure, float(hi), base)}
                for name, lo, hi in zip(names, best.lo, best.hi, strict=True)
            },
        })  # fmt: skip
    return found


def _over(measure: Measure, gap: float, base: float) -> float | None:
    """A gap on the scale of the comparison as a share: of the other if in logs, else of the
    control."""
    if measure.heavy_tailed:
        return math.expm1(gap)
    return gap / base if base > 0 else None


def _pairs(judge: Judge, lead: Judged) -> list[dict[str, Any]]:
    """All pairs of points of a circumstance, in the measure's unit at the control's level."""
    found = []
    for world in judge.found.plan.worlds:
        rows = [row for row, one in enumerate(judge.points) if one.world == world
                and lead.points[row].difference.lo is not None]  # fmt: skip
        if len(rows) < 2:
            continue
        control = judge._outcomes(lead.measure, world, CONTROL)
        base = float(scaled(lead.measure, control).mean())
        for p, q, *ends in pairs_of(lead, rows, judge.rules.study.confidence,
                                    judge.rules.look):  # fmt: skip
            mean, lo, hi = (translated(lead.measure, end, base) for end in ends)
            alone = lead.points[p].alone
            wide = alone.in_units(Estimate(mean=mean, lo=lo, hi=hi), alone.level)
            found.append({
                "circumstance": world, "point": judge.points[p].id,
                "against": judge.points[q].id, **wide.as_dict(),
            })  # fmt: skip
    return found


def rows_of(summary: Mapping[str, Any]) -> tuple[Sequence[str], list[list[Any]]]:
    """summary.csv: a row a measure and point."""
    axes = [one["key"] for one in summary["axes"]]
    header = ["measure", "role", "point", "label", "circumstance", *axes, "scenario_mean",
              "against_mean", "difference_mean", "difference_lo", "difference_hi", "spread_lo",
              "spread_hi", "relative_mean", "relative_lo", "relative_hi", "spread_relative_lo",
              "spread_relative_hi", "p_better", "wins", "variance_ratio", "verdict"]  # fmt: skip
    rows = []
    for name, measure in summary["measures"].items():
        for point in summary["points"]:
            one = measure["points"].get(point["point"])
            if one is None:
                continue
            gap, spread = one["difference"], one["spread"]
            share = gap["relative"] or {}
            rows.append([
                name, measure["role"], point["point"], point["label"], point["circumstance"],
                *(_cell(point["settings"].get(axis)) for axis in axes), one["scenario"]["mean"],
                one["against"]["mean"], gap["mean"], gap["lo"], gap["hi"], spread["lo"],
                spread["hi"], *(share.get(end) for end in ("mean", "lo", "hi")),
                spread["relative_lo"], spread["relative_hi"], one["p_better"], one["wins"],
                one["variance_ratio"],
                one["verdict"] or no_verdict(one.get("why_no_interval", "")),
            ])  # fmt: skip
    return header, rows


def _cell(value: Any) -> Any:
    return value if isinstance(value, (int, float, str)) or value is None else str(value)
