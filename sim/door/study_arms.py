"""From axes to arms: every point of a study, the circumstances they live in, and their controls.

A circumstance is the world with its uncertainties set. It has one control and one warm-up policy;
its points differ from the control in policy and nowhere else. Groups are composed once for each
choice, however many points share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.declared import Declaration
from sim.door.arms import (
    OWN,
    Arm,
    Comparison,
    Compose,
    Tree,
    assert_same_world,
    build_arm,
    build_comparison,
    refuse_unmeasured,
)
from sim.door.axes import LEVER, Swept, check_axes, combinations
from sim.door.context import label_of
from sim.door.explain import shown
from sim.door.overrides import Asked, Request, sort_request
from sim.door.parts import by_parts
from sim.errors import UserError, counted
from sim.provenance import canonical
from sim.strategy.fairness import refuse_contradictions
from sim.study.plan import CONTROL

DIGITS = 3
STUDY_TASKS = ("run", "check", "curve", "map", "robust", "why")


@dataclass(frozen=True, kw_only=True)
class PointArm:
    """One point: its policy, the circumstance its scenario may name, and what was set for it."""

    id: str
    label: str
    name: str
    settings: Mapping[str, Any]
    own: Mapping[str, Any]  # sections: policy, circumstance
    catalogue: Mapping[str, Declaration]  # of them
    fixed: frozenset[str]  # keys of them


@dataclass(frozen=True, kw_only=True)
class Circumstance:
    """One world with its control and its points."""

    id: str
    settings: Mapping[str, Any]
    control: Arm
    baseline: Arm
    points: tuple[PointArm, ...]
    same: tuple[Mapping[str, Any], ...] = ()  # settings at which a policy is the control itself

    def arm(self, point: PointArm) -> Arm:
        """A point as a whole arm."""
        ours = {key: one for key, one in self.control.catalogue.items()
                if not key.startswith(OWN)}  # fmt: skip
        theirs = {key for key in self.control.fixed if not key.startswith(OWN)}
        return Arm(
            name=point.name, choices={}, catalogue={**ours, **point.catalogue},
            values={**self.control.values, **point.own, "scenario": point.name},
            fixed=frozenset(theirs | point.fixed),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Study:
    """A study before it runs. lead: the first point as an ordinary comparison."""

    axes: tuple[Swept, ...]
    lead: Comparison
    circumstances: tuple[Circumstance, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_points(self) -> int:
        return sum(len(one.points) for one in self.circumstances)


class _Gathering:
    """A circumstance while its points are being gathered."""

    def __init__(self, name: str, settings: Mapping[str, Any], comparison: Comparison,
                 tree: Tree) -> None:  # fmt: skip
        self.name, self.settings, self.comparison, self.tree = name, settings, comparison, tree
        self.points: list[PointArm] = []
        self.same: list[Mapping[str, Any]] = []
        self.known: dict[str, str] = {canonical(own_sections(comparison.against)): CONTROL}

    def finished(self) -> Circumstance:
        return Circumstance(
            id=self.name, settings=self.settings, control=self.comparison.against,
            baseline=self.comparison.baseline, points=tuple(self.points), same=tuple(self.same),
        )  # fmt: skip


def own_sections(arm: Arm) -> dict[str, Any]:
    """What an arm may have to itself."""
    names = (one.rstrip(".") for one in OWN)
    return {name: arm.values[name] for name in names if name in arm.values}


def build_study(
    asked: Sequence[Asked], axes: Sequence[Swept], groups: Mapping[str, Sequence[str]],
    compose: Compose, rows: Sequence[Sequence[Asked]] | None = None,
) -> Study:  # fmt: skip
    """Check every point; nothing has been run or written yet. rows: the points themselves, a value
    an axis; none: all combinations of the axes."""
    refuse_doubled(asked, axes)
    check_axes(axes, samples=1)
    composed = by_parts(compose)
    listed = [one.values[0] for one in axes if one.interval is None] if rows is None else rows[0]
    first = build_comparison(sort_request([*asked, *listed], groups), composed)
    settings, study = first.scenario.settings, first.scenario.study
    if settings.steelman:
        raise UserError(
            "'steelman=true' tunes the two sides of a single comparison. Leave it out of a study."
        )
    n_points = check_axes(axes, study.samples) if rows is None else len(rows)
    made = rows if rows is not None else combinations(
        axes, design=study.design, samples=study.samples, seed=settings.seed,
        catalogue=first.scenario.catalogue,
    )  # fmt: skip
    gathered: dict[str, _Gathering] = {}
    notes: list[str] = []
    digits = max(DIGITS, len(str(n_points)))
    for number, row in enumerate(made, start=1):
        request = sort_request([*asked, *row], groups)
        home = _circumstance(gathered, request, axes, row, composed)
        notes += _add(home, f"p{number:0{digits}d}", request, axes, row, composed)
    found = [one.finished() for one in gathered.values() if one.points]
    if not found:
        raise UserError(
            "Nothing to compare: every point is the control itself. Vary a scenario, a tone or "
            "another key of policy, or name one beside the axes."
        )
    lead = next(iter(gathered.values())).comparison
    return Study(axes=tuple(axes), lead=lead, circumstances=tuple(found),
                 notes=tuple(dict.fromkeys((*lead.scenario.notes, *notes))))  # fmt: skip


def refuse_doubled(asked: Sequence[Asked], axes: Sequence[Swept]) -> None:
    """Each key once, whether it varies or not."""
    seen = {one.key for one in asked}
    for axis in axes:
        if axis.key in seen:
            raise UserError(f"'{axis.key}' is given twice. Give each key once.")
        seen.add(axis.key)


def _circumstance(
    gathered: dict[str, _Gathering], request: Request, axes: Sequence[Swept],
    row: Sequence[Asked], compose: Compose,
) -> _Gathering:  # fmt: skip
    """The circumstance of a point, built when its first point comes."""
    own = {one.key: one.value for axis, one in zip(axes, row, strict=True) if axis.role != LEVER}
    name = canonical(own)
    if name not in gathered:
        comparison = build_comparison(request, compose)
        tree = compose(request.choices(request.scenario, with_policy=True), False)
        gathered[name] = _Gathering(f"w{len(gathered):03d}", own, comparison, tree)
    return gathered[name]


def _add(home: _Gathering, name: str, request: Request, axes: Sequence[Swept],
         row: Sequence[Asked], compose: Compose) -> list[str]:  # fmt: skip
    """Put a point into its circumstance; returns notes. The control itself is no point."""
    choices = request.choices(request.scenario, with_policy=True)
    tree = {**home.tree, **compose(choices, True)}
    arm = build_arm(request, request.scenario, tree, choices)
    control = home.comparison.against
    assert_same_world(arm, control)
    refuse_contradictions(arm.settings.fair, arm.settings.days, [arm.policy, control.policy])
    refuse_unmeasured(arm, control)
    told = ", ".join(f"{one.key}={one.text}" for one in row)
    policy = canonical(own_sections(arm))
    if policy in home.known:
        if home.known[policy] == CONTROL:
            home.same.append({one.key: one.value for one in row})
            return [f"The point {told} is the control itself and stands in every comparison."]
        raise UserError(
            f"The points '{home.known[policy]}' and '{told}' are the same policy in the same "
            "circumstance: leave one out."
        )
    home.known[policy] = told
    home.points.append(PointArm(
        id=name, label=label_of_point(arm, axes, row), name=arm.name,
        settings={one.key: one.value for one in row}, own=own_sections(arm),
        catalogue={key: one for key, one in arm.catalogue.items() if key.startswith(OWN)},
        fixed=frozenset(key for key in arm.fixed if key.startswith(OWN)),
    ))  # fmt: skip
    return list(arm.notes)


def label_of_point(arm: Arm, axes: Sequence[Swept], row: Sequence[Asked]) -> str:
    """ "Reactive, tone witty; rivals loud": the policy, then the circumstance."""
    world = [f"{one.key.split('.')[-1]} {shown(one.value)}"
             for axis, one in zip(axes, row, strict=True) if axis.role != LEVER]  # fmt: skip
    levers = [one for axis, one in zip(axes, row, strict=True) if axis.role == LEVER]
    policy = label_of(arm)
    if levers and all(one.key != "scenario" for one in levers) and arm.name == "status_quo":
        policy = policy.removeprefix("Status quo, ")
        policy = policy[:1].upper() + policy[1:]
    return "; ".join([policy, ", ".join(world)] if world else [policy])


def told_points(study: Study) -> str:
    """How many points in how many circumstances."""
    n_worlds = len(study.circumstances)
    told = counted(study.n_points, "point")
    return told if n_worlds == 1 else f"{told} in {counted(n_worlds, 'circumstance')}"


def told_task(asked: Sequence[Asked]) -> tuple[list[Asked], str, bool]:
    """What is asked of the study itself, which kind of study it is, and whether only to check it
    (task=check, or study.check=true beside another task)."""
    task = next((one.text for one in asked if one.key == "task"), "run")
    if task not in STUDY_TASKS:
        raise UserError(
            f"'task={task}' is no task of a study. Allowed: {', '.join(STUDY_TASKS)}."
        )
    check = next((one.value for one in asked if one.key == "study.check"), False)
    if not isinstance(check, bool):
        raise UserError("'study.check' is true or false.")
    rest = [one for one in asked if one.key not in ("task", "study.check")]
    return rest, task, check or task == "check"
