"""The response curves of a study: one for every policy and circumstance, over its levels of hours.

    reach = originals x views per original x people per view        (exactly, in every run)

Originals, and how good each is, are assumed (sim/mechanisms/work: volume_elasticity and the Hill
curve of quality). What views a post of such quality draws emerges from feeds and cascades; people
per view is what is left after overlap between posts and accounts, and emerges altogether. Each
factor stands over its value at the hours of the control, with a paired interval.

A curve that bends because a small public is used up says nothing of a large one. Every curve is
therefore run before two publics, and the shares of the public reached are compared, draw by draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.measures import BY_NAME
from sim.mechanisms.work import quality
from sim.study.collate import Collated
from sim.study.plan import CONTROL
from sim.study.random_effects import MIN_DRAWS, student
from sim.study.response import FEWEST_LEVELS, respond
from sim.study.simultaneous import mean_interval, simultaneous_level
from sim.study.summary import Judge, Rules

PEOPLE = "audience.n_people"
PER = 1_000  # of the public
Prices = Callable[[str, int], Mapping[str, float]]  # (circumstance, draw) -> section work


@dataclass(frozen=True, kw_only=True)
class CurveRules:
    """What a curve is drawn over. same: {circumstance: the settings at which a policy is the
    control itself}; people: {circumstance: size of its public}."""

    invested: str  # the key that varies
    same: Mapping[str, Sequence[Mapping[str, Any]]]
    people: Mapping[str, int]
    prices: Prices


def curves_of(found: Collated, rules: Rules, curve: CurveRules) -> list[dict[str, Any]]:
    """Every curve as a part of summary.json."""
    judge, made = Judge(found, rules), []
    for world, settings in found.plan.worlds.items():
        for levers, arms in _policies(judge, world, curve).items():
            if len(arms) < FEWEST_LEVELS:
                continue
            made.append(_curve(judge, world, arms, curve) | {
                "circumstance": world, "people": curve.people[world],
                "world": {key: one for key, one in settings.items()
                          if key not in (PEOPLE, "audience")},
                "levers": dict(levers), "label": label_of(levers),
            })  # fmt: skip
    for one in made:
        one.update(_beside_other_publics(judge, one, made, curve))
    return [{key: one for key, one in curve.items() if key != "arms"} for curve in made]


def label_of(levers: Sequence[tuple[str, Any]]) -> str:
    """ "Reactive, tone witty"."""
    words = [str(value) if key in ("posture", "scenario") else f"{key.split('.')[-1]} {value}"
             for key, value in levers]  # fmt: skip
    told = ", ".join(words).replace("_", " ")
    return told[:1].upper() + told[1:] if told else "As the network does today"


def _policies(judge: Judge, world: str, curve: CurveRules) -> dict[Any, list[str]]:
    """{levers without the hours: arms}; the control where a policy is the control itself."""
    points = [(one.id, one.settings) for one in judge.points if one.world == world]
    points += [(CONTROL, one) for one in curve.same.get(world, ())]
    uncertain = set(judge.found.plan.worlds[world])
    found: dict[Any, list[str]] = {}
    for arm, settings in points:
        levers = tuple((key, one) for key, one in settings.items()
                       if key != curve.invested and key not in uncertain)  # fmt: skip
        found.setdefault(levers, []).append(arm)
    return found


def _curve(judge: Judge, world: str, arms: list[str], curve: CurveRules) -> dict[str, Any]:
    """One curve, its levels in the order of the hours that were truly worked."""
    rules, weeks = judge.rules, judge.found.plan.days / 7
    worked = {arm: _values(judge, "hours", world, arm).mean() / weeks for arm in arms}
    arms = sorted((arm for arm in arms if worked[arm] > 0), key=worked.__getitem__)
    hours = np.array([worked[arm] for arm in arms])
    usual = float(_values(judge, "hours", world, CONTROL).mean() / weeks)
    outcome = np.array([_values(judge, rules.settings.objective, world, arm) for arm in arms])
    found = respond(hours, outcome, weeks, worth=rules.settings.worth,
                    confidence=rules.study.confidence)  # fmt: skip
    return found.as_dict() | {
        "usual_hours_per_week": usual, "arms": arms,
        "points": [arm if arm != CONTROL else f"{CONTROL}:{world}" for arm in arms],
        "parts": _parts(judge, world, arms, hours / usual, curve),
    }  # fmt: skip


def _values(judge: Judge, measure: str, world: str, arm: str) -> np.ndarray:
    return judge.found.outcomes(measure, world, arm, judge.kept)


def _logs(judge: Judge, measure: str, world: str, arms: Sequence[str]) -> np.ndarray:
    """float64[L, D]: typical totals in logs, draw by draw (replicates are averaged)."""
    rows = np.array([np.log1p(_values(judge, measure, world, arm)) for arm in arms])
    return rows[:, 0, :] if rows.shape[1] == 1 else np.asarray(rows.mean(-1))


def _parts(judge: Judge, world: str, arms: list[str], over: np.ndarray, curve: CurveRules
           ) -> dict[str, Any]:  # fmt: skip
    """{factor: its value over that at the usual hours, with intervals}, level by level."""
    objective = judge.rules.settings.objective
    known = judge.found.measures()
    if not {"posts", "impressions"} <= set(known) or BY_NAME[objective].unit != "people":
        return {}
    posts, views, reach = (_logs(judge, one, world, arms)
                           for one in ("posts", "impressions", objective))  # fmt: skip
    columns = {"originals": posts, "views_per_original": views - posts,
               "people_per_view": reach - views}  # fmt: skip
    usual = int(np.argmin(np.abs(np.log(over))))
    found: dict[str, Any] = {
        name: _over(one - one[usual], judge.rules.study.confidence) for name, one in columns.items()
    }
    draws = [int(row[0]) // judge.found.replicates for row in judge.kept]
    prices = [curve.prices(world, draw) for draw in draws]
    good = np.array([[np.log(quality_at(x, one)) for one in prices] for x in over])
    found["quality_assumed"] = _over(good - good[usual], judge.rules.study.confidence)
    found["usual_level"] = usual
    return found


def quality_at(over: float, work: Mapping[str, float]) -> float:
    """Quality of a post, over the reference, where an account works so many times its hours:
    hours per post grow as (H / H_table)^(1 - e)."""
    hours = work["reference_hours"] * over ** (1 - work["volume_elasticity"])
    return float(quality(hours, work["reference_hours"], work["production_hours"],
                         work["hill_slope"], work["half_saturation"]))  # fmt: skip


def _over(rows: np.ndarray, confidence: float) -> list[dict[str, float | None]]:
    """Ratios from log ratios [L, D], each with its paired interval, all levels at once."""
    mean, n = rows.mean(1), rows.shape[1]
    live = rows.std(1) > 0
    ends = np.tile(mean, (2, 1))
    if n < MIN_DRAWS:
        ends[:, live] = np.nan
    elif live.any():
        level = simultaneous_level(rows[live], confidence)
        ends[:, live] = mean_interval(rows[live], student(n - 1, level))
    return [
        {"mean": float(np.exp(m)), "lo": _or_none(a), "hi": _or_none(b)}
        for m, a, b in zip(mean, *ends, strict=True)
    ]


def _or_none(value: float) -> float | None:
    return float(np.exp(value)) if np.isfinite(value) else None


def _beside_other_publics(
    judge: Judge, one: Mapping[str, Any], every: Sequence[Mapping[str, Any]], curve: CurveRules
) -> dict[str, Any]:
    """The share of the public reached over that of the same policy before the largest public."""
    alike = [other for other in every
             if (other["levers"], other["world"]) == (one["levers"], one["world"])]  # fmt: skip
    largest = max(alike, key=lambda other: int(other["people"]))
    if largest["people"] == one["people"] or len(largest["arms"]) != len(one["arms"]):
        return {"is_largest": largest["people"] == one["people"]}
    measure = judge.rules.settings.objective
    here, there = (_logs(judge, measure, other["circumstance"], other["arms"])
                   for other in (one, largest))  # fmt: skip
    rows = here - there - np.log(one["people"] / largest["people"])
    return {"is_largest": False, "share_over_largest": _over(rows, judge.rules.study.confidence)}
