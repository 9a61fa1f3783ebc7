"""Composing a scenario in a notebook gives what the command line composes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.__main__ import compared, parse
from sim.compose import compose
from sim.door.build import scenario_of
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.errors import UserError
from sim.model import DiplomacyModel
from sim.paths import conf_dir


def test_it_is_what_the_command_line_composes() -> None:
    conf: Path = conf_dir()
    words = ["scenario=proactive", "audience=small", "tone=witty", "sharing.p0=0.01", "days=9"]
    arm = compared(sort_request(parse(words), groups(conf)), conf).scenario
    ours = compose(
        {"sharing.p0": 0.01, "days": 9}, audience="small", tone="witty", posture="proactive"
    )
    assert ours.world_keys() == scenario_of(arm).world_keys()
    assert ours.policy == scenario_of(arm).policy


def test_a_model_runs_from_it() -> None:
    model = DiplomacyModel(compose({"audience.n_people": 2_000, "warmup_days": 0}))
    model.run_for(1)
    assert model.day == 1 and len(model.engine.posts) > 0


def test_what_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(UserError, match=r"audience=.*smal"):
        compose(audience="smal")
    with pytest.raises(UserError, match="auidence"):
        compose(auidence="small")
    with pytest.raises(UserError, match="sharing"):
        compose({"sharing.p_zero": 1.0})


def test_a_value_that_cannot_be_is_refused_as_on_the_command_line() -> None:
    with pytest.raises(UserError, match=r"^'days=0': input should be greater"):
        compose({"days": 0})
    with pytest.raises(UserError, match=r"'sharing.p0=x': input should be a valid number"):
        compose({"sharing.p0": "x"})
