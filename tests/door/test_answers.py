"""What the door answers: help, lists, explanations; and the arms it hands on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import compared, main, parse
from sim.door.arms import Comparison, assert_same_world, differing_keys
from sim.door.build import scenario_of
from sim.door.context import answers_of, asked_of, cautions_of, context_of, label_of
from sim.door.explain import question_of
from sim.door.facts import facts_of
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.door.sizes import size_of
from sim.errors import UserError
from sim.paths import conf_dir

ROOT = Path(__file__).resolve().parents[2]


def comparison(*words: str) -> Comparison:
    conf = conf_dir()
    return compared(sort_request(parse(words), groups(conf)), conf)


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["scenario=proactive", "--help"]])
def test_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "scenario=proactive" in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from sim.__main__ import main; main(['--help']); "
        "heavy = {'hydra', 'omegaconf', 'numba', 'numpy', 'pydantic', 'yaml', 'rich', 'scipy'}; "
        "sys.exit(sorted(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_list_names_every_scenario_and_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["task=list"]) == 0
    told = capsys.readouterr().out
    for group, options in groups(conf_dir()).items():
        for option in options:
            assert f"{group}={option}" in told


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("sharing.p0", ["per view", "lognormal", "0.001 to 0.03", "C4"]),
        ("days", ["whole number", "90"]),
        ("policy.tone", ["policy.tone.kind"]),
        ("sharing", ["sharing.p0 ="]),
        ("target_reach", ["a measure", "outputs"]),
        ("tone", ["policy group", "tone=witty", "tone=formal", "policy.tone.kind"]),
        ("posture", ["policy group", "posture=mixed", "posture=silent"]),
        ("investment", ["policy group", "investment=fte", "investment=low"]),
        ("news", ["group of the world", "news=none", "news.branching ="]),
        ("scenario", ["scenario=witty", "scenario=status_quo"]),
        ("tone=witty", ["tone=witty", "policy.tone.mix = "]),
        ("'tone=witty'", ["tone=witty", "mix = "]),
        ("scenario=witty", ["  tone=witty", "  posture=table"]),
        ("scenario=serious_investment", ["  training=share", "policy.investment.ramp_weeks = 8"]),
        ("scenario=floor_for_all", ["  investment=floor", "policy.investment.accounts = mission"]),
        ("training", ["policy group", "training=share"]),
        ("desk", ["group of the world", "desk.p_catch ="]),
        ("news=none", ["news.attention_half_life = "]),
        ("sharing.p0=0.01", ["per view", "lognormal"]),
    ],
)
def test_explain(key: str, told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["task=explain", f"key={key}"]) == 0
    shown = capsys.readouterr().out
    for words in told:
        assert words in shown


def test_every_group_and_option_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for group, options in groups(conf_dir()).items():
        for key in (group, *(f"{group}={option}" for option in options)):
            assert main(["task=explain", f"key={key}"]) == 0
            shown = capsys.readouterr().out
            for option in options if key == group else [key.partition("=")[2]]:
                told = question_of(conf_dir() / group / f"{option}.yaml")
                assert f"{group}={option}" in shown and told in " ".join(shown.split())


def test_a_value_set_by_the_user_is_fixed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["task=explain", "key=sharing.p0", "sharing.p0=0.01"]) == 0
    shown = capsys.readouterr().out
    assert "0.01 (per view), set by you, fixed" in shown
    assert "not drawn" in shown


def test_arms_differ_in_policy_only() -> None:
    arms = comparison("scenario=proactive", "tone=sharp", "days=7", "sharing.p0=0.01")
    differing = differing_keys(arms.scenario, arms.against)
    assert differing
    assert all(key.split(".")[0] in ("policy", "scenario", "question") for key in differing)
    for arm in arms:
        assert arm.values["days"] == 7
        assert arm.values["sharing"]["p0"] == 0.01
        assert arm.fixed >= {"days", "sharing.p0"}


def test_an_explicit_group_wins_over_the_scenario() -> None:
    arms = comparison("scenario=witty", "tone=sharp")
    sharp = comparison("scenario=sharp").scenario.values["policy"]["tone"]
    assert arms.scenario.values["policy"]["tone"] == sharp
    assert arms.against.values["policy"]["tone"] == {"kind": "table"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scenario=proactive", "posture=reactive"], "Status quo, posture reactive"),
        (["scenario=proactive", "tone=witty"], "Proactive, tone witty"),
        (["scenario=serious_investment", "exchange=none"], "Serious investment, exchange none"),
    ],
)
def test_an_arm_is_named_by_what_it_is(words: list[str], told: str) -> None:
    assert label_of(comparison(*words).scenario) == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scenario=proactive"], ()),
        (["scenario=dormant_giant"], ("shares",)),
        (["scenario=dormant_giant", "objective=likes"], ()),
        (["scenario=dormant_giant", "tone=witty"], ("shares",)),
        (["scenario=witty", "tone=sharp"], ()),
    ],
)
def test_a_scenario_names_what_answers_its_question(
    words: list[str], told: tuple[str, ...]
) -> None:
    arms = comparison(*words)
    assert answers_of(arms.scenario) == told
    assert all(arms.against.answered_by == () and "answered_by" not in arm.values for arm in arms)


def test_policy_values_hold_for_the_tested_arm_alone() -> None:
    arms = comparison("scenario=mixed", "against=mixed", "policy.posture.rho=0.7")
    assert arms.scenario.values["policy"]["posture"]["rho"] == 0.7
    assert arms.against.values["policy"]["posture"]["rho"] == 0.5


def test_a_scenario_may_be_compared_with_itself() -> None:
    arms = comparison("scenario=proactive", "against=proactive")
    assert differing_keys(arms.scenario, arms.against) == []
    assert arms.baseline.values["policy"]["posture"]["kind"] == "table"


def test_a_world_that_differs_is_caught() -> None:
    arms = comparison("scenario=proactive")
    values: dict[str, Any] = {**arms.against.values, "seed": 2}
    stray = type(arms.against)(**{**arms.against.__dict__, "values": values})
    with pytest.raises(UserError, match="seed"):
        assert_same_world(arms.scenario, stray)


def test_the_partial_composition_equals_the_whole_one() -> None:
    short = comparison("scenario=silent", "against=proactive").against
    whole = comparison("scenario=proactive", "against=proactive").scenario
    assert differing_keys(short, whole) == []


def test_implausible_values_are_noted() -> None:
    arms = comparison("scenario=proactive", "sharing.p0=0.5")
    assert "plausible" in arms.scenario.notes[0]


def test_what_the_user_set_in_the_world_is_told_as_typed() -> None:
    arms = comparison(
        "scenario=reactive", "tone=witty", "news=none", "rivals=loud", "crisis=2016-02-01",
        "sharing.p0=.01", "workers=1", "results=x",
    )  # fmt: skip
    assert sorted(asked_of(arms.scenario)) == [
        "crisis=2016-02-01", "news=none", "rivals=loud", "sharing.p0=0.01",
    ]  # fmt: skip
    assert asked_of(comparison("scenario=reactive").scenario) == ()


def test_the_core_is_cautioned_about_where_followers_are_scaled() -> None:
    small = scenario_of(comparison("scenario=reactive", "audience=small").scenario)
    assert "core" in cautions_of(small)[0]
    assert cautions_of(scenario_of(comparison("scenario=reactive").scenario)) == ()


def test_counts_of_one_are_singular(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["scenario=reactive", "audience=small", "worlds=1", "workers=1"]
    assert main(["task=check", *words]) == 0
    told = capsys.readouterr().out
    assert "1: 1 parameter draw (" in told and "1 replicate each" in told and "1 process (" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scenario=proactive"], "Does planning ahead reach more"),
        (["scenario=proactive", "against=reactive"],
         "'Proactive' compare with 'Reactive' for the same staff hours?"),
        (["scenario=status_quo", "against=proactive"], "'Status quo' compare with 'Proactive'"),
        (["scenario=concentrate_on_top_15", "fair=volume"], "at the same number of originals?"),
        (["scenario=serious_investment", "against=witty"],
         "'Serious investment' compare with 'Witty'?"),
        (["scenario=proactive", "against=reactive", "question=Mine?"], "Mine?"),
    ],
)  # fmt: skip
def test_the_question_is_that_of_the_comparison(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "task=check", "audience=small", "days=7", "worlds=4"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert told in next(line for line in shown if line.startswith("  question"))


@pytest.mark.parametrize(
    ("asked", "level"), [("0.6", "60 %"), ("0.95", "95 %"), ("0.999", "99.9 %")]
)
def test_the_report_is_told_the_level_of_its_intervals(asked: str, level: str) -> None:
    arms = comparison("scenario=witty", "audience=small", f"study.confidence={asked}")
    tested, other = scenario_of(arms.scenario), scenario_of(arms.against)
    size = size_of(tested, arms.scenario.fixed)
    assert context_of(arms, facts_of(tested, other), size, "results/x").level == level
