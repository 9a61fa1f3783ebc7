"""The whole configuration builds a Scenario, at its values and at the far ends of every prior."""

from __future__ import annotations

import pytest
from scipy.special import ndtr

from sim.__main__ import compared, parse
from sim.declared import drawn_keys, quantile
from sim.door.arms import Comparison
from sim.door.build import drawn_parameters, scenario_of
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.errors import UserError
from sim.paths import conf_dir
from sim.vocabulary import POLICY_GROUPS

SEVERAL = ("platforms=several",)
NEEDS = dict.fromkeys(("all", "listed", "livestreams", "cross_platform",
                       "cross_platform_repetition"), SEVERAL)  # fmt: skip
NEEDS |= dict.fromkeys(("join", "launch", "hashtag_join", "hashtag_launch", "hashtag_hijacked"),
                       ("tags=open",))  # fmt: skip
NEEDS |= dict.fromkeys(("rebut", "rebuttal"), ("claims=contested",))
FAR = 4.5  # standard deviations: met once in 150,000 draws of one parameter
WORLDS = [
    [],
    ["platforms=several", "platforms.used=telegram+youtube+vk"],
    ["platform=twitter_chronological", "news=steady", "opinion=bounded_confidence"],
    ["news=none", "opinion=degroot", "rivals=none", "audience=small"],
    ["opinion=none", "rivals=loud", "audience=readers_44m"],
    ["rivals=surge", "claims=contested", "dispute=noticed"],
    ["rivals=answering", "claims=contested"],
    ["rivals=amplifying", "dispute=noticed"],
    ["skill=learning", "heads=mixed"],
    ["circumstance=rising_interest"],
    ["circumstance=rival_surge"],
    ["circumstance=late_loud_ally"],
    ["circumstance=star_post", "website=linked"],
    ["circumstance=leaders_news"],
    ["tags=contested"],
    ["tags=open", "circumstance=tag_hijack"],
]


def comparison(*words: str) -> Comparison:
    conf = conf_dir()
    return compared(sort_request(parse(words), groups(conf)), conf)


@pytest.mark.parametrize("words", WORLDS, ids=lambda words: " ".join(words) or "default")
def test_every_prior_stays_inside_what_its_mechanism_allows(words: list[str]) -> None:
    arm = comparison("scenario=proactive", *words).scenario
    scenario_of(arm)
    refused = []
    for score in (-FAR, FAR):
        for key in drawn_keys(arm.catalogue):
            value = quantile(arm.catalogue[key], score, float(ndtr(score)))
            try:
                scenario_of(arm, {key: value})
            except UserError as error:
                refused.append(str(error))
    assert refused == [], "give these bounds, or another prior"


def test_world_parameters_are_drawn_alike_in_all_arms() -> None:
    arms = comparison("scenario=proactive", "tone=sharp", "sharing.p0=0.01")
    drawn = [drawn_parameters(arm, 3) for arm in arms]
    assert drawn[0] == drawn[1] == drawn[2]
    assert "sharing.p0" not in drawn[0]
    assert drawn[0] != drawn_parameters(arms.scenario, 4)


def test_central_parameters_are_not_drawn() -> None:
    assert drawn_parameters(comparison("scenario=mixed", "parameters=central").scenario, 0) == {}


@pytest.mark.parametrize("group", [*POLICY_GROUPS, "scenario"])
def test_every_policy_option_composes(group: str) -> None:
    for option in groups(conf_dir())[group]:
        needs = ("crisis=2016-02-01", *NEEDS.get(option, ()))
        scenario_of(comparison(f"{group}={option}", *needs).scenario)
