"""The arms of task=validate: the status quo that keeps its posts, and the arms of the facts.

Every arm lives in the world that the user asked for. An experiment names its arms as a command line
would (sim/trust/experiments); what it needs of the world it sets only where the user did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.declared import with_values
from sim.door.arms import Arm, Compose, build_arm
from sim.door.overrides import Asked, Request
from sim.door.parts import by_parts
from sim.door.screen import CIRCUMSTANCE
from sim.errors import UserError
from sim.trust.experiments import EXPERIMENTS, Experiment, Recipe
from sim.vocabulary import POLICY_GROUPS

TASK = "task=validate"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One experiment with its arms, ready to run in any world."""

    name: str
    arms: Mapping[str, Arm]
    baseline: Arm


def refuse_circumstance(request: Request) -> None:
    """The experiments bring circumstances of their own."""
    asked = request.world_groups.get(CIRCUMSTANCE)
    if asked not in (None, "none"):
        raise UserError(
            f"'{CIRCUMSTANCE}={asked}': {TASK} measures what is usual, and its experiments bring "
            "circumstances of their own: leave it out, or set study.facts=false for the patterns "
            "alone."
        )


def trials_of(request: Request, compose: Compose, base: Arm) -> tuple[Trial, ...]:
    """The experiments, every arm composed and checked; none where the user wants the patterns
    alone. `base`: the status quo as the user's command line makes it."""
    if not base.study.facts:
        return ()
    refuse_circumstance(request)
    composed = Composed(request, by_parts(compose))
    return tuple(trial_of(one, composed, base.study.fact_days) for one in EXPERIMENTS)


def trial_of(one: Experiment, composed: Composed, horizon: int) -> Trial:
    """One experiment under a horizon of so many days."""
    settings = {
        "days": one.lasts(horizon), "keep": "summary", "fair": "hours", "steelman": False,
        **one.settings,
    }  # fmt: skip

    def arm(recipe: Recipe) -> Arm:
        made = composed.arm(recipe, one.world)
        return replace(made, values=with_values(made.values, settings))

    return Trial(
        name=one.name, arms={name: arm(recipe) for name, recipe in one.arms.items()},
        baseline=arm(Recipe()),
    )  # fmt: skip


class Composed:
    """Arms by their recipe, each composed once."""

    def __init__(self, request: Request, compose: Compose) -> None:
        self.request, self.compose = request, compose
        self._known: dict[str, Arm] = {}

    def arm(self, recipe: Recipe, world: Mapping[str, str]) -> Arm:
        """The arm of a recipe in the user's world."""
        name = repr((recipe, sorted(world.items())))
        if name not in self._known:
            self._known[name] = arm_of(recipe, world, self.request, self.compose)
        return self._known[name]


def arm_of(recipe: Recipe, world: Mapping[str, str], request: Request, compose: Compose) -> Arm:
    """One arm as its recipe says, in the world that the user asked for."""
    policy = {key: one for key, one in recipe.groups.items() if key in POLICY_GROUPS}
    beside = {key: one for key, one in recipe.groups.items() if key not in POLICY_GROUPS}
    own = replace(
        request, scenario=recipe.scenario, policy_groups=policy,
        world_groups={**world, **request.world_groups, **beside},
        policy_values=tuple(asked(key, value) for key, value in recipe.values.items()),
    )  # fmt: skip
    choices = own.choices(recipe.scenario, with_policy=True)
    return build_arm(own, recipe.scenario, compose(choices, False), choices)


def asked(key: str, value: Any) -> Asked:
    """A value as if it had been typed."""
    return Asked(key=key, value=value, text=str(value))
