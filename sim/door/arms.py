"""The arms of a comparison: fully resolved configurations that differ in policy and nowhere else,
but for a circumstance that a scenario names.

    scenario   everything the user asked for
    against    the world keys the user asked for, and the scenario named by `against`
    baseline   the same world under status_quo, in which every world warms up

`compose` is handed in by the only file that knows how: (group choices, policy alone?) -> composed
tree. The world is composed once, with the tested arm; the others compose their policy and share it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from sim.declared import Declaration, split, translate, walk
from sim.door.overrides import BASELINE, DOOR_KEYS, READING, Request
from sim.door.sampled import refuse_unusable
from sim.door.screen import ANSWERED_BY, CIRCUMSTANCE, circumstance_of
from sim.door.values import set_values
from sim.errors import UserError
from sim.measures import BY_NAME
from sim.paths import conf_dir
from sim.settings import Dask, Executor, Local, Settings, StudySettings
from sim.strategy.fairness import refuse_contradictions, refuse_lift
from sim.strategy.policy import Policy

Tree = Mapping[str, Any]
Compose = Callable[[Mapping[str, str], bool], Tree]
MAY_DIFFER = ("scenario", "question")  # the names of an arm, beside its policy
NEEDED = {"website": "website=linked", "notification": "notification=push crisis=DATE",
          "tags": "tags=open"}  # fmt: skip
THING = {"website": "a website", "notification": "a notification", "tags": "tags"}
OWN = ("policy.", "circumstance.")  # keys that an arm may have to itself


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One arm, fully resolved: nested plain values, and who says so for each."""

    name: str
    values: Mapping[str, Any]
    catalogue: Mapping[str, Declaration]
    choices: Mapping[str, str]  # the group options the user chose
    fixed: frozenset[str]  # keys set by the user: not drawn from their priors
    notes: tuple[str, ...] = field(default=())
    reading: Mapping[str, Any] = field(default_factory=dict)  # how exports are read: of no run
    answered_by: tuple[str, ...] = ()  # measures that answer the scenario's question

    @property
    def settings(self) -> Settings:
        """The root settings, validated."""
        chosen = {key: self.values[key] for key in Settings.model_fields}
        return validated(Settings, chosen)

    @property
    def study(self) -> StudySettings:
        """How the comparison is sized and judged, validated."""
        return validated(StudySettings, self.values["study"], "study.")

    @property
    def executor(self) -> Local | Dask:
        """Where the worlds of a study run, validated."""
        section = {k: v for k, v in self.values["executor"].items() if k != "question"}
        found: Local | Dask = validated(Executor, {"executor": section}).executor
        return found

    @property
    def policy(self) -> Policy:
        """What this arm does, validated."""
        return validated(Policy, self.values["policy"], "policy.")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The arms of one comparison."""

    scenario: Arm
    against: Arm
    baseline: Arm

    def __iter__(self) -> Any:
        return iter((self.scenario, self.against, self.baseline))


def validated(section: Any, values: Mapping[str, Any], prefix: str = "") -> Any:
    """A section built from plain values, its errors in the user's words."""
    try:
        return section(**values)
    except ValidationError as error:
        raise translate(error, values, prefix) from None


def build_comparison(request: Request, compose: Compose) -> Comparison:
    """Compose and check the arms; nothing has been run or written yet."""
    refuse_two_circumstances(request)
    choices = request.choices(request.scenario, with_policy=True)
    world = compose(choices, False)
    tested = build_arm(request, request.scenario, world, choices)
    against = _other_arm(request, request.against, world, compose)
    baseline = against
    if request.against != BASELINE:
        baseline = _other_arm(request, BASELINE, world, compose)
    for other in (against, baseline):
        assert_same_world(tested, other)
    settings = tested.settings
    refuse_contradictions(settings.fair, settings.days, [tested.policy, against.policy])
    refuse_lift(settings.fair, float(tested.values["dispute"]["lift"]))
    refuse_unmeasured(tested, against)
    comparison = Comparison(scenario=tested, against=against, baseline=baseline)
    refuse_unusable(comparison, request.task)
    return comparison


def refuse_unmeasured(tested: Arm, against: Arm) -> None:
    """An objective that this comparison does not measure cannot lead its answer."""
    objective = BY_NAME[tested.settings.objective]
    have = {
        "": True, "website": tested.values["website"]["kind"] != "none",
        "tags": tested.values["tags"]["kind"] != "none",
        "notification": any(
            arm.values["policy"]["notification"]["kind"] != "none" for arm in (tested, against)),
    }  # fmt: skip
    if not have[objective.needs]:
        raise UserError(
            f"'objective={objective.name}' is measured only with {THING[objective.needs]}: add "
            f"{NEEDED[objective.needs]}, or choose another objective."
        )


def refuse_two_circumstances(request: Request) -> None:
    """A circumstance of both arms, and another of one of them: one would be dropped in silence."""
    asked = request.world_groups.get(CIRCUMSTANCE)
    for name in dict.fromkeys((request.scenario, request.against)):
        named = circumstance_of(conf_dir(), name)
        if asked is not None and named:
            raise UserError(
                f"'circumstance={asked}' holds for both arms, and the scenario '{name}' brings its "
                f"own ({named}), for one arm alone. Leave one out."
            )


def _other_arm(request: Request, scenario: str, world: Tree, compose: Compose) -> Arm:
    """An arm in the tested arm's world, with a scenario's own policy."""
    choices = request.choices(scenario, with_policy=False)
    return build_arm(request, scenario, {**world, **compose(choices, True)}, choices, False)


def build_arm(
    request: Request, scenario: str, tree: Tree, choices: Mapping[str, str], policy: bool = True
) -> Arm:
    """One arm from its composed tree and the values set in it."""
    values, catalogue = split(without_questions(tree))
    values["scenario"], values["against"] = scenario, request.against
    answered_by = tuple(values.pop(ANSWERED_BY, ()))
    asked = request.values(policy)
    notes = set_values(values, catalogue, asked)
    for key in DOOR_KEYS[:4]:
        values.pop(key, None)
    reading = values.pop(READING, {})
    arm = Arm(
        name=scenario, values=values, catalogue=catalogue, choices=choices, notes=tuple(notes),
        fixed=frozenset(one.key for one in asked), reading=reading,
        answered_by=answered_by,
    )  # fmt: skip
    _ = arm.settings, arm.study, arm.policy  # refuse now, before any world is built
    return arm


def without_questions(tree: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """The tree without the one-line questions of its groups; the scenario's own stays."""
    return {
        key: without_questions(node, depth + 1) if isinstance(node, Mapping) else node
        for key, node in tree.items()
        if not (depth > 0 and key == "question")
    }


def differing_keys(one: Arm, other: Arm) -> list[str]:
    """The dotted keys in which two arms differ."""
    left, right = dict(walk(one.values)), dict(walk(other.values))
    return sorted(
        key
        for key in left.keys() | right.keys()
        if key not in left or key not in right or left[key] != right[key]
    )


def assert_same_world(tested: Arm, other: Arm) -> None:
    """Arms are compared in one world: whatever differs outside policy makes them incomparable."""
    strays = [
        key
        for key in differing_keys(tested, other)
        if key not in MAY_DIFFER and not key.startswith(OWN)
    ]
    if strays:
        raise UserError(
            f"The arms '{tested.name}' and '{other.name}' differ in {', '.join(strays)}, which is "
            "not policy: a scenario may set policy groups, policy.* and a circumstance only."
        )
