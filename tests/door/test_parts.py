"""A configuration composed from parts is the one composed whole."""

from __future__ import annotations

import random

import pytest
from hydra import compose as hydra_compose
from omegaconf import OmegaConf

from sim.__main__ import composer
from sim.door.parts import by_parts
from sim.door.screen import groups
from sim.paths import conf_dir

COMPOSER = composer  # the true one: the tests of this folder replace it


@pytest.mark.slow
def test_parts_make_the_whole() -> None:
    dice, options = random.Random(3), groups(conf_dir())
    with COMPOSER(conf_dir()) as compose:
        composed = by_parts(compose)
        for scenario in ("serious_investment", "status_quo", "late_loud_ally", "floor_for_all",
                         "witty", "dormant_giant", "reactive"):  # fmt: skip
            named = dice.sample([one for one in options if one != "scenario"], 12)
            choices = {one: dice.choice(options[one]) for one in named} | {"scenario": scenario}
            for alone in (False, True):
                assert composed(choices, alone) == compose(choices, alone), choices


@pytest.mark.parametrize(
    "number", [0, *(pytest.param(one, marks=pytest.mark.slow) for one in (1, 2, 3, 5, 8))]
)
def test_the_world_read_as_it_is_is_what_hydra_composes(number: int) -> None:
    """Every group with an option of its own, against Hydra alone with the whole root."""
    choices = {group: names[number % len(names)] for group, names in groups(conf_dir()).items()}
    with COMPOSER(conf_dir()) as compose:
        ours = compose(choices, False)
        whole = hydra_compose("config", [f"{group}={name}" for group, name in choices.items()])
    assert ours == OmegaConf.to_container(whole, resolve=False)


def test_a_choice_is_read_once() -> None:
    asked: list[object] = []
    with COMPOSER(conf_dir()) as compose:
        alone = compose.alone  # type: ignore[attr-defined]

        def counted(choices: object, policy_alone: bool) -> object:
            asked.append(choices)
            return compose(choices, policy_alone)  # type: ignore[arg-type]

        def counted_alone(group: str, option: str) -> object:
            asked.append((group, option))
            return alone(group, option)

        counted.alone = counted_alone  # type: ignore[attr-defined]
        composed = by_parts(counted)  # type: ignore[arg-type]
        for tone in ("witty", "formal"):
            for investment in ("low", "high"):
                choices = {"scenario": "reactive", "tone": tone, "investment": investment}
                tree = composed(choices, False)
                assert tree["policy"]["investment"]["factor"]["value"] in (0.5, 2.0)
    assert len(asked) == 5
