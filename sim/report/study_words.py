"""A study in words: rows of points, the control among them, best first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import counted
from sim.report.reading import Span
from sim.report.words import DASH, HARD_SPACE, estimate_text, interval_text, name_of, plain, within
from sim.study.verdict import BETTER, NO_VERDICT, SAME, WORSE, no_verdict

CONTROL = "control"
PER_CENT = 100


@dataclass(frozen=True, kw_only=True)
class Row:
    """One point on the objective. joint: the simultaneous interval; spread: over parameters."""

    point: str
    label: str
    circumstance: str
    level: float | None
    joint: Span
    spread: Span
    unit: str
    wins: int | None
    verdict: str
    may_be_best: bool

    @property
    def is_control(self) -> bool:
        return self.point == CONTROL

    @property
    def estimate(self) -> str:
        return "control" if self.is_control else estimate_text(self.joint, self.unit)

    @property
    def interval(self) -> str:
        if self.is_control:
            return ""
        if self.joint.mean == 0 and (self.joint.lo == 0 == self.joint.hi or self.verdict == SAME):
            return "exactly 0"
        return interval_text(self.joint, self.unit) or "no interval"


def rows_of(summary: Mapping[str, Any]) -> list[Row]:
    """Circumstance by circumstance, the control in its place, the best wanted difference first."""
    measure = summary["measures"][summary["objective"]]
    sign = -1 if measure["better"] == "lower" else 1
    best = {one["circumstance"]: set(one["may_be_best"]) for one in summary["best"]}
    found: list[Row] = []
    several = len(summary["circumstances"]) > 1
    for world in summary["circumstances"]:
        rows = [
            _row(point, measure, point["point"] in best.get(world, ()), several)
            for point in summary["points"]
            if point["circumstance"] == world and point["point"] in measure["points"]
        ]
        if rows:
            base = next(iter(one["against"]["mean"] for name, one in measure["points"].items()
                             if any(name == row.point for row in rows)))  # fmt: skip
            rows.append(Row(
                point=CONTROL, label=summary["against_label"], circumstance=world, level=base,
                joint=Span(mean=0.0), spread=Span(mean=0.0), unit="", wins=None, verdict="",
                may_be_best=CONTROL in best.get(world, ()),
            ))  # fmt: skip
        rows.sort(key=lambda row: -sign * (row.joint.mean or 0.0))
        found += rows
    return found


def _row(
    point: Mapping[str, Any], measure: Mapping[str, Any], may: bool, several: bool
) -> Row:
    """One point; where there are several circumstances, they are named above their points."""
    one = measure["points"][point["point"]]
    gap, base, spread = one["difference"], one["against"]["mean"], one["spread"]
    scale, unit = 1.0, str(measure["unit"])
    if unit == "share":
        scale, unit = PER_CENT, "points"
    elif base and base > 0:
        scale, unit = PER_CENT / base, "%"
        if "relative_lo" in spread and gap["relative"]:  # not in older results
            gap, scale = gap["relative"], PER_CENT
            spread = {"lo": spread["relative_lo"], "hi": spread["relative_hi"]}
    return Row(
        point=point["point"], circumstance=point["circumstance"],
        label=point["label"].partition("; ")[0] if several else point["label"],
        level=one["scenario"]["mean"], unit=unit, wins=one["wins"],
        joint=_span(gap, gap["mean"], scale), spread=_span(spread, gap["mean"], scale),
        verdict=verdict_of(one), may_be_best=may,
    )  # fmt: skip


def verdict_of(one: Mapping[str, Any]) -> str:
    """The verdict on a point, or the statement that there is none."""
    if one["difference"]["lo"] is None or not one["verdict"]:
        return no_verdict(one.get("why_no_interval", ""))
    return str(one["verdict"])


def _span(ends: Mapping[str, Any], mean: float | None, scale: float) -> Span:
    values = (mean, ends["lo"], ends["hi"])
    mean, lo, hi = (None if one is None else scale * one for one in values)
    return Span(mean=mean, lo=lo, hi=hi)


def lead_of(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry of the objective."""
    lead: Mapping[str, Any] = summary["measures"][summary["objective"]]
    return lead


def counts_of(summary: Mapping[str, Any]) -> str:
    """How many points in how many worlds, and what varied."""
    axes = [f"{one['key']} x {one['values']}" for one in summary["axes"]]
    n_worlds = len(summary["circumstances"])
    places = f" in {counted(n_worlds, 'circumstance')}" if n_worlds > 1 else ""
    return (
        f"{counted(len(summary['points']), 'point')}{places} ({', '.join(axes)}) in "
        f"{counted(summary['worlds'], 'paired world')}: "
        f"{counted(summary['draws'], 'parameter draw')} x {summary['replicates']}"
    )


def answer_of(summary: Mapping[str, Any]) -> str:
    """The finding on the objective: how many verdicts of each kind, and which may be the best."""
    rows = [one for one in rows_of(summary) if not one.is_control]
    what, base = lead_of(summary)["label"].lower(), within(summary["against_label"])
    told = [f"On {what}, against {base}: {verdicts_of(rows)}."]
    worlds = list(summary["circumstances"])
    if len(worlds) == 1:
        told.append(best_sentence(rows_of(summary)))
    else:
        told += [f"In {place_of(summary, world)}: "
                 f"{best_sentence([one for one in rows_of(summary) if one.circumstance == world])}"
                 for world in worlds[:4]]  # fmt: skip
        more = len(worlds) - 4
        told += [f"And {counted(more, 'circumstance')} more in summary.json."] if more > 0 else []
    return " ".join(told)


def place_of(summary: Mapping[str, Any], world: str) -> str:
    """A circumstance by what was set in it."""
    settings = summary["circumstances"][world]
    return ", ".join(f"{key}={value}" for key, value in settings.items()) or "the world as it is"


def verdicts_of(rows: list[Row]) -> str:
    """ "2 better, 1 worse, 3 too close to call"."""
    order = ("better", "worse", "equivalent", "too close to call")
    seen = [one.verdict for one in rows]
    words = [one for one in order if one in seen]
    words += sorted({one for one in seen if one not in order})
    told = [f"{seen.count(word)} {_spoken(word)}" for word in words]
    told[0] = told[0].replace(" ", f" of {counted(len(rows), 'point')} ", 1)
    return ", ".join(told)


def _spoken(verdict: str) -> str:
    """A verdict after a number: "2 without verdict (too few draws)"."""
    if not verdict.startswith(NO_VERDICT):
        return verdict
    why = verdict.removeprefix(NO_VERDICT).removeprefix(": ")
    return f"without verdict ({why})" if why else "without verdict"


def best_sentence(rows: list[Row]) -> str:
    """Which points cannot be told from the best on average, which is no verdict on any of them."""
    may = [one for one in rows if one.may_be_best]
    if not may:
        return "Which is best cannot be said without intervals."
    if len(may) == 1:
        return f"{_alone(may[0], [one.verdict for one in rows if not one.is_control])}."
    first = may[0].label if not may[0].is_control else "the control"
    own = " The control is among them." if any(one.is_control for one in may) else ""
    return (
        f"{counted(len(may), 'candidate')} of {len(rows)} cannot be told from the best on "
        f"average over the parameters, first of them {first} ({may[0].estimate}).{own}"
    )


def _alone(only: Row, verdicts: list[str]) -> str:
    """The one candidate that is left, and whether the verdicts say the same."""
    place = "best on average over the parameters"
    if only.is_control:
        same, told = set(verdicts) == {WORSE}, "The control"
        return f"{told} is the {place}" if same else (
            f"{told} comes out {place}, which is no verdict against each point")  # fmt: skip
    if only.verdict == BETTER:
        return f"{only.label} is the {place} ({only.estimate})"
    return (
        f"{only.label} comes out {place} ({only.estimate}), which is no verdict against the control"
    )


def best_cell(row: Row, rows: list[Row]) -> str:
    """Whether a row is the best on average, as the sentence says it; nothing without intervals."""
    n_may = sum(one.may_be_best for one in rows if one.circumstance == row.circumstance)
    if not n_may:
        return DASH
    return ("yes" if n_may == 1 else "may be") if row.may_be_best else "no"


def basis_of(summary: Mapping[str, Any]) -> list[str]:
    """What the answer rests on."""
    level = plain(100 * summary["confidence"])
    measure = lead_of(summary)
    told = [
        f"The intervals hold for all {len(measure['points'])} points at once with {level} % "
        f"(max-t; each alone is one of {plain(100 * measure['level'], 4)} %): the expected "
        "difference over the parameters, with the luck of the worlds and the finite number of "
        "draws. A verdict also needs the interval over parameters of a single comparison.",
    ]
    if summary["variance_ratio"] is not None:
        told.append(
            f"Sharing the worlds was worth {plain(summary['variance_ratio'], 2)} times as many "
            "worlds (median over the points of the variance of the difference apart over paired)."
        )
    told.append(f"One objective, {measure['label'].lower()}; every other measure is secondary.")
    told += whys_of(summary)
    told.append(f"No more worlds, since {summary['stopped']}.")
    for key in ("levers", "uncertainties"):
        role = "lever" if key == "levers" else "uncertainty"
        names = [one["key"] for one in summary["axes"] if one["role"] == role]
        told += [f"{key.capitalize()} that vary: {', '.join(names)}."] if names else []
    if summary.get("failed"):
        first = summary["failed"][0]
        told.append(
            f"{counted(len(summary['failed']), 'run')} failed, the first: {first['point']}, draw "
            f"{first['draw']}, replicate {first['replicate']}, seed {first['seed']}: "
            f"{first['message']}. Worlds in which a point failed are left out for all."
        )
    if summary.get("left_out"):
        told.append(f"Left out, since most of their runs failed: {', '.join(summary['left_out'])}.")
    return told


def whys_of(summary: Mapping[str, Any]) -> list[str]:
    """Why points have no interval on the objective, each reason once."""
    known = lead_of(summary)["points"]
    labels = {one["point"]: one["label"] for one in summary["points"]}
    named: dict[str, list[str]] = {}
    for point, one in known.items():
        if one.get("why_no_interval"):
            named.setdefault(one["why_no_interval"], []).append(labels.get(point, point))
    return [
        f"No interval for {'any point' if len(names) == len(known) else '; '.join(names[:6])}"
        f"{f' and {len(names) - 6} more' if 6 < len(names) < len(known) else ''}: {why}."
        for why, names in named.items()
    ]


def heading_of(summary: Mapping[str, Any]) -> str:
    """The study's name as a heading."""
    return name_of(summary["study"]).replace(" ", HARD_SPACE)
