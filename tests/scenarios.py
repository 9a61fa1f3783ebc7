"""Scenarios without Hydra: the files of conf/ composed by their own declarations.

    scenario()                              a small world of twelve accounts at central values
    scenario({"sharing.p0": 0.05}, opinion="degroot", tone="sharp")
    scenario(random_values(7))              every uncertain parameter from its declared range
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.compose import tree_of
from sim.declared import Declaration, draw_parameters, is_number, put, split
from sim.scenario import Scenario
from sim.settings import Settings

TABLES = Path(__file__).parent / "tables"
BUILT_ONCE = ("graph.", "network.", "audience.")  # not drawn: each draw would build new people
COUNTS = ("core.n_members",)  # a whole number that conf/ does not mark as one
IN_ORDER = (("work.office_from", "work.office_to"), ("work.quiet_from", "work.quiet_to"))
SMALL: dict[str, Any] = {
    "network.table": str(TABLES / "twelve.csv"), "network.background": "none",
    "audience.n_people": 1_500, "audience.follower_scale": 1.0,
    "days": 4, "warmup_days": 7, "keep": "posts", "scenario": "test",
}  # fmt: skip
# What makes rare branches common: pick-ups, mockery, joins, leaves, and minds that move visibly.
PROVOKED: dict[str, Any] = {
    "sharing.p0": 0.05, "pickup.threshold": 3.0, "pickup.p": 0.9, "sharing.hostile_ratio": 1.0,
    "following.follows_per_share": 3.0, "following.leave_per_view": 0.02,
}  # fmt: skip


def scenario(changes: Mapping[str, Any] | None = None, **groups: str) -> Scenario:
    """A validated scenario: the small world, `changes` by dotted key, groups as in conf/."""
    values = copy.deepcopy(_composed(tuple(sorted(groups.items())))[0])
    for key, value in {**SMALL, **(changes or {})}.items():
        put(values, key, value)
    for one in values["policy"].values():
        one.pop("question", None)
    settings = {key: values[key] for key in Settings.model_fields}
    sections = {key: values[key] for key in Scenario.model_fields if key != "settings"}
    return Scenario.model_validate({"settings": settings, **sections})


def catalogue(**groups: str) -> dict[str, Declaration]:
    """Who says so, for every number of a composition."""
    return _composed(tuple(sorted(groups.items())))[1]


def random_values(number: int, **groups: str) -> dict[str, Any]:
    """Draw `number` of every uncertain parameter: from its prior where it has one, else anywhere
    in its plausible range."""
    declared = catalogue(**groups)
    drawn: dict[str, Any] = dict(draw_parameters(declared, 20_160_104, number, set()))
    luck = np.random.default_rng(number)
    for key, one in sorted(declared.items()):
        free = one.kind != "setting" and one.range is not None and is_number(one.value)
        if not free or one.prior or key.startswith(BUILT_ONCE):
            continue
        assert one.range is not None
        value = float(luck.uniform(*one.range))
        drawn[key] = round(value) if one.integer or key in COUNTS else value
    for start, end in IN_ORDER:
        drawn[start], drawn[end] = sorted((drawn[start], drawn[end]))
    return {key: value for key, value in drawn.items() if not key.startswith("policy.")}


@cache
def _composed(groups: tuple[tuple[str, str], ...]) -> tuple[Any, dict[str, Declaration]]:
    """(plain values, catalogue) of conf/config.yaml with some groups chosen otherwise."""
    return split(tree_of(dict(groups)))
