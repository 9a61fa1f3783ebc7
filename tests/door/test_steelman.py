"""steelman=true: levers, worlds kept apart, both sides treated alike, choices told and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from sim.__main__ import compared, main, parse
from sim.declared import draw_parameters
from sim.door.arms import Comparison
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.door.steelman import (
    TrainingTask,
    levers_of,
    run_training,
    train,
    training,
    trials_for,
    tuning_seconds,
)
from sim.errors import UserError
from sim.paths import conf_dir
from sim.streams import world_seed

TABLE = str(Path(__file__).parents[1] / "tables" / "twelve.csv")
TINY = ["audience=small", f"network.table={TABLE}", "network.background=none",
        "audience.follower_scale=1", "warmup_days=7",
        "workers=1", "study.steelman_worlds=3", "study.steelman_trials=3"]  # fmt: skip
OF_ANSWERS = ["answer_rate", "reserve", "share_monitoring"]


def comparison(*words: str) -> Comparison:
    conf = conf_dir()
    return compared(sort_request(parse([*TINY, *words]), groups(conf)), conf)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["scenario=proactive"], ["share_events"]),
        (["scenario=reactive"], OF_ANSWERS),
        (["scenario=mixed"], [*OF_ANSWERS[:2], "share_events", OF_ANSWERS[2]]),
        (["scenario=mixed", "policy.posture.share_events=0.5"], OF_ANSWERS),
        (["scenario=silent"], []),
    ],
)
def test_levers_are_the_postures_own_that_nobody_has_set(
    words: list[str], expected: list[str]
) -> None:
    found = levers_of(comparison(*words).scenario)
    assert [one.key for one in found] == [f"policy.posture.{name}" for name in expected]
    assert all(one.low < one.high for one in found)


def test_both_sides_try_as_many_settings() -> None:
    one, other = trials_for(comparison("scenario=proactive", "against=reactive"))
    assert len(one) == len(other) == 3 and one[0] == other[0] == {}
    silent, usual = trials_for(comparison("scenario=silent"))
    assert len(silent) == 1 and len(usual) == 3


def test_where_nothing_can_be_tuned_it_is_refused() -> None:
    with pytest.raises(UserError, match=r"steelman=true.*nothing to tune.*Leave it out"):
        trials_for(comparison("scenario=silent", "against=silent"))


@pytest.mark.parametrize("measure", ["favourability_shift", "polarisation"])
def test_nothing_is_tuned_by_what_people_think(measure: str) -> None:
    with pytest.raises(UserError, match=r"opinion measure|no objective"):
        trials_for(comparison("scenario=reactive", f"objective={measure}"))


def test_training_worlds_are_no_test_worlds() -> None:
    both = comparison("scenario=proactive", "days=91", "seed=5")
    apart = training(both)
    seeds = [arm.settings.seed for arm in (both.scenario, apart.scenario)]
    worlds = [{world_seed(seed, f"{d}/{r}") for d in range(40) for r in range(3)} for seed in seeds]
    assert not worlds[0] & worlds[1]
    draws = [draw_parameters(both.scenario.catalogue, seed, 0, ()) for seed in seeds]
    assert draws[0].keys() == draws[1].keys() and draws[0] != draws[1]
    assert {arm.settings.seed for arm in apart} == {seeds[1]}
    assert apart.scenario.settings.days == 28 < both.scenario.settings.days
    dated = training(comparison("scenario=proactive", "days=91", "crisis=2016-03-01"))
    assert dated.scenario.settings.days == 91
    assert tuning_seconds(both, 1) > tuning_seconds(both, 3) > 0


def tasks(both: Comparison) -> list[TrainingTask]:
    return [
        TrainingTask(comparison=training(both), trials=trials_for(both), draw=draw,
                     objective="target_reach")
        for draw in range(2)
    ]  # fmt: skip


def test_trials_share_their_world_and_levers_matter() -> None:
    both = comparison("scenario=reactive", "against=reactive", "days=7")
    found = train(tasks(both)[0])
    assert found[:3] == found[3:]  # the same settings in the same world, whichever side asks
    assert len(set(found)) > 1


@pytest.mark.slow
def test_training_does_not_depend_on_the_number_of_processes() -> None:
    both = comparison("scenario=reactive", "days=7")
    alone, shared = (run_training(tasks(both), n, lambda: None) for n in (1, 2))
    assert alone == shared


def test_a_tuned_comparison_tells_and_keeps_what_was_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["scenario=proactive", "against=reactive", "steelman=true", "days=7", "worlds=2",
             f"results={tmp_path}"]  # fmt: skip
    assert main([*TINY, *words]) == 0
    out, err = capsys.readouterr()
    assert "Tuning both sides: 3 and 3 settings in 3 training worlds" in err
    told = " ".join(out.split())
    assert "Both sides tuned (steelman): 3 and 3 settings" in told
    assert "Tuned, proactive:" in told and "Tuned, reactive:" in told
    (folder,) = (tmp_path / "proactive").iterdir()
    kept = json.loads((folder / "steelman.json").read_text())
    config = yaml.safe_load((folder / "config.yaml").read_text())
    for side in ("scenario", "against"):
        assert len(kept[side]["trials"]) == 3
        posture = config[side]["values"]["policy"]["posture"]
        for key, value in kept[side]["chosen"].items():
            assert posture[key.rpartition(".")[2]] == value
    assert kept["seed"] != config["scenario"]["values"]["seed"]
    assert all(value is None for value in (config["warmup"]["values"]["policy"]["posture"][name]
                                           for name in OF_ANSWERS))  # fmt: skip
