"""From plain values to the model's own validated whole, and to the parameters of each draw."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.declared import draw_parameters, drawn_keys, translate, with_values
from sim.door.arms import Arm
from sim.door.sampled import calibrated_keys, sample_of
from sim.errors import UserError
from sim.scenario import Scenario
from sim.settings import Settings
from sim.study.joint import row_of
from sim.vocabulary import POLICY_GROUPS

NAMED = re.compile(r"'?(policy\.)?(?P<group>\w+)=(?P<option>\w+)'? ")  # as a refusal begins


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as Scenario takes them: root settings in a section of their own."""
    apart = {*Settings.model_fields, "executor"}
    sections = {key: node for key, node in values.items() if key not in apart}
    return {"settings": {key: values[key] for key in Settings.model_fields}, **sections}


def scenario_of(arm: Arm, changes: Mapping[str, float] | None = None) -> Scenario:
    """The validated scenario of an arm, with some parameters replaced."""
    values = with_values(arm.values, changes or {})
    try:
        refuse_idle(arm)
        return Scenario(**nested(values))
    except ValidationError as error:
        told = str(translate(error, nested(values))).replace("settings.", "")
        raise UserError(f"{told}{brought_by(arm, told)}") from None
    except UserError as error:  # what contradicts itself
        raise UserError(f"{error}{brought_by(arm, str(error))}") from None


def refuse_idle(arm: Arm) -> None:
    """Hours kept for what this world gives no occasion to: the arms would differ in those alone."""
    if arm.policy.rebuttal.kind != "none" and arm.values["claims"]["kind"] == "none":
        raise UserError(
            f"'rebuttal={arm.policy.rebuttal.kind}' keeps hours for corrections, and nobody makes "
            "claims in this world (claims=none): add claims=contested."
        )


def brought_by(arm: Arm, told: str) -> str:
    """Whose a choice is that a refusal names and nobody typed: the scenario's."""
    named = NAMED.match(told)
    if named is None or named["group"] not in POLICY_GROUPS or named["group"] in arm.choices:
        return ""
    return f" The scenario '{arm.name}' brings {named['group']}={named['option']}."


def drawn_parameters(arm: Arm, draw: int) -> dict[str, float]:
    """Parameter draw number `draw` of an arm; nothing where parameters=central. With
    parameters=posterior a row of its sample stands over the draws from the priors."""
    settings = arm.settings
    if settings.parameters == "central":
        return {}
    drawn = draw_parameters(arm.catalogue, settings.seed, draw, set(arm.fixed))
    if settings.parameters == "prior":
        return drawn
    sample = sample_of(arm)
    assert sample is not None
    return drawn | row_of(sample, settings.seed, draw, arm.fixed)


def n_drawn(arm: Arm) -> int:
    """How many parameters are drawn."""
    if arm.settings.parameters == "central":
        return 0
    return len(drawn_keys(arm.catalogue, arm.fixed))


def assumed_keys(arm: Arm) -> tuple[str, ...]:
    """The keys of the world whose values are assumed, and were not set by the user. Of a posterior
    sample those are assumed that the patterns say too little of, and calibrated ones are not."""
    sample = sample_of(arm)
    known, keys = calibrated_keys(arm, sample), () if sample is None else sample.keys
    return tuple(
        key
        for key, one in sorted(arm.catalogue.items())
        if (one.kind == "assumed" or key in keys) and key not in known
        and key not in arm.fixed and not key.startswith("policy.")
    )
