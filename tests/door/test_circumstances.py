"""Circumstances at the door: of both arms, of one arm by its scenario, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.__main__ import compared, main, parse
from sim.door.arms import Comparison, differing_keys
from sim.door.build import drawn_parameters, scenario_of
from sim.door.check import report
from sim.door.context import asked_of, compared_words, label_of
from sim.door.facts import facts_of
from sim.door.overrides import sort_request
from sim.door.screen import groups, screen_file
from sim.errors import UserError
from sim.paths import conf_dir

NAMED = ("rising_interest", "rival_surge", "late_loud_ally", "star_post", "leaders_news")


def comparison(*words: str) -> Comparison:
    conf = conf_dir()
    return compared(sort_request(parse(words), groups(conf)), conf)


@pytest.mark.parametrize("name", NAMED)
def test_a_scenario_brings_its_circumstance_to_the_tested_arm_alone(name: str) -> None:
    arms = comparison(f"scenario={name}")
    kinds = [arm.values["circumstance"]["kind"] for arm in arms]
    assert kinds[0] != "none" and kinds[1:] == ["none", "none"]
    differing = set(differing_keys(arms.scenario, arms.against)) - {"scenario", "question"}
    assert differing and all(key.startswith("circumstance.") for key in differing)
    assert "compares circumstances, not policies" in compared_words(arms)
    tested, against, _ = (scenario_of(arm) for arm in arms)
    assert tested.policy == against.policy and tested.world_keys() == against.world_keys()


@pytest.mark.parametrize("name", NAMED)
def test_on_the_command_line_it_is_the_same_for_both_arms(name: str) -> None:
    arms = comparison("scenario=proactive", f"circumstance={name}", "circumstance.from_day=3")
    assert compared_words(arms) == ""
    assert {arm.values["circumstance"]["from_day"] for arm in arms} == {3}
    assert f"circumstance={name}" in asked_of(arms.scenario)
    assert "circumstance.from_day=3" in asked_of(arms.scenario)
    drawn = [drawn_parameters(arm, 2) for arm in arms]
    assert drawn[0] == drawn[1] == drawn[2]


def test_a_circumstance_and_a_policy_together_are_said_to_be_both() -> None:
    arms = comparison("scenario=star_post", "tone=witty", "circumstance.quality=50")
    assert "circumstances and policies at once" in compared_words(arms)
    assert label_of(arms.scenario) == "Star post, tone witty, quality 50"
    assert asked_of(arms.scenario) == ()
    assert "circumstance.quality" in report(comparison("scenario=star_post", "audience=small"))


REFUSED = [
    (("scenario=rival_surge", "circumstance=star_post"), "Leave one out"),
    (("scenario=proactive", "circumstance=star_post", "against=rival_surge"), "'rival_surge' brin"),
    (("scenario=proactive", "circumstance.from_day=2"), "It does with circumstance="),
    (("scenario=rival_surge", "circumstance.weeks=0"), "circumstance.weeks=0"),
    (("scenario=star_post", "circumstance.media=sound"), "'text' or 'image' or 'video'"),
    (("scenario=star_post", "days=7"), "'circumstance.from_day=7' lies after the run"),
    (("scenario=star_post", "circumstance.account=Embasy"), "does not exist"),
    (("scenario=crisis_notification",), "set crisis=2016-01-11"),
    (("notification=push", "crisis=2016-01-11", "citizens.market=Atlantis"), "citizens.market"),
    (("scenario=proactive", "objective=website_visits"), "add website=linked"),
    (("scenario=proactive", "objective=hours_to_reach_90"), "add notification=push"),
]


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=lambda part: str(part)[:40])
def test_what_cannot_be_is_refused(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main([*words, "task=check"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("demarche: ") and told in err and "Traceback" not in err


def test_a_scenario_may_name_a_circumstance_and_nothing_else_of_the_world(tmp_path: Path) -> None:
    path = tmp_path / "storm.yaml"
    text = "defaults:\n  - override /circumstance: star_post\nquestion: 'What then?'\n"
    path.write_text(text, encoding="utf-8")
    screen_file(path, "scenario/storm.yaml")
    path.write_text(text.replace("circumstance", "news"), encoding="utf-8")
    with pytest.raises(UserError, match="news"):
        screen_file(path, "scenario/storm.yaml")


def test_a_calendar_that_reaches_beyond_the_run_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    head = "date,topic,markets,severity,foreseeable,lead_days\n"
    rows = [f"{year}-02-01,security,world,3,yes,10\n" for year in (2015, 2016, 2017)]
    path.write_text(head + "".join(rows), encoding="utf-8")
    arms = comparison("scenario=proactive", "audience=small", f"calendar={path}")
    told = "2 of 3 calendar events lie outside the run."
    assert facts_of(scenario_of(arms.scenario)).cautions == (told,)
    assert told in report(arms)
