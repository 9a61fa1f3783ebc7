"""How many worlds a command means, the same on every machine; what a policy means in numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.__main__ import compared, main, parse
from sim.door.arms import Comparison
from sim.door.build import scenario_of
from sim.door.overrides import sort_request
from sim.door.record import config_hash, config_text, record
from sim.door.screen import groups
from sim.door.sizes import DAY, Size, duration, estimate, refuse_overlong, refuse_oversized
from sim.door.study_size import StudySize, refuse_long
from sim.door.words import arm_sentence
from sim.errors import UserError
from sim.paths import conf_dir
from sim.settings import design
from sim.strategy.policy import Policy
from sim.vocabulary import TONES

SIZE = Size(draws=2, replicates=2, workers=1, seconds=1.0, n_bytes=1e6)


def comparison(*words: str) -> Comparison:
    conf = conf_dir()
    return compared(sort_request(parse(words), groups(conf)), conf)


@pytest.mark.parametrize(
    ("words", "seconds", "expected"),
    [
        ([], 1.0, (16, 2)),
        ([], 12.0, (10, 2)),
        ([], 1000.0, (8, 2)),
        (["draws=16"], 1000.0, (16, 2)),
        (["worlds=1"], 1.0, (1, 1)),
        (["worlds=4"], 1.0, (4, 1)),
        (["worlds=5"], 1.0, (5, 1)),
        (["worlds=32", "draws=8"], 1.0, (8, 4)),
        (["worlds=32", "replicates=4"], 1.0, (8, 4)),
        (["worlds=32", "parameters=central"], 1.0, (1, 32)),
    ],
)
def test_design(words: list[str], seconds: float, expected: tuple[int, int]) -> None:
    arm = comparison("scenario=mixed", *words).scenario
    assert design(arm.settings, arm.study, seconds, arm.fixed) == expected


@pytest.mark.parametrize(
    "words",
    [
        ["worlds=5", "draws=2"],
        ["worlds=5", "replicates=2"],
        ["worlds=8", "draws=2", "replicates=2"],
    ],
)
def test_designs_that_do_not_multiply_are_refused(words: list[str]) -> None:
    arm = comparison("scenario=mixed", *words).scenario
    with pytest.raises(UserError, match="Leave one out"):
        design(arm.settings, arm.study, 1.0, arm.fixed)


def test_oversized_jobs_are_refused_with_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.door.sizes.machine_memory", lambda: 8e9)
    refuse_oversized(SIZE)
    large = Size(draws=2, replicates=2, workers=4, seconds=1.0, n_bytes=80e9)
    with pytest.raises(UserError, match=r"80\.0 GB"):
        refuse_oversized(large)


def test_what_takes_months_is_refused_with_the_estimate_and_the_next_step() -> None:
    refuse_overlong(29.9 * DAY, 2)
    with pytest.raises(UserError, match=r"about 1,606 days in 2 processes; .* fewer worlds="):
        refuse_overlong(1605.7 * DAY, 2)


@pytest.mark.parametrize(
    "words",
    [
        ["scenario=proactive"],
        ["task=rank", "scenario=proactive"],
        ["scenario=proactive", "steelman=true"],
        ["-m", "scenario=proactive,witty"],
        ["task=robust", "scenario=witty"],
        ["task=curve", "scenario=witty"],
        ["task=why", "scenario=witty"],
        ["task=calibrate", "study.calibration_runs=40000"],
        ["task=validate"],
    ],
)
def test_nothing_is_written_before_what_is_endless_is_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("sim.door.study_size.free_disk", lambda _: None)
    monkeypatch.setattr("sim.door.study_size.MOST_RUNS", 10**9)
    asked = ["audience=readers", "worlds=100000", "days=1826", "workers=1"]
    assert main([*words, *asked, f"results={tmp_path / 'results'}"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert " days in 1 process; the most is 30 days. Give fewer " in told
    runs = "study.calibration_runs=" if words[0] == "task=calibrate" else "worlds="
    assert f"Give fewer {runs}, fewer days= or a smaller audience=" in told
    studies = ("-m", "task=robust", "task=curve", "task=why")
    assert ("executor=dask" in told) == (words[0] in studies)
    assert not (tmp_path / "results").exists()


def test_a_check_tells_even_an_endless_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["task=check", "scenario=proactive", "audience=readers", "worlds=100000",
                 "days=1826", "workers=1"]) == 0  # fmt: skip
    assert " days in 1 process" in capsys.readouterr().out


def test_a_study_is_judged_by_what_is_left_of_its_first_look(tmp_path: Path) -> None:
    def size(*schedule: tuple[int, int], cluster: str = "") -> StudySize:
        return StudySize(
            schedule=schedule, arms=2, circumstances=1, workers=1, points=1,
            seconds_per_world=10 * DAY, seconds_per_run={}, n_bytes=1.0, disk=1.0, cluster=cluster,
        )  # fmt: skip

    refuse_long(size((3, 1), (40, 1)), tmp_path, "one")
    refuse_long(size((4, 1), cluster="tcp://10.0.0.5:8786"), tmp_path, "one")
    with pytest.raises(UserError, match="about 40 days"):
        refuse_long(size((4, 1)), tmp_path, "one")
    begun = tmp_path / "studies" / "one" / "runs" / "d0000-r00"
    begun.mkdir(parents=True)
    for arm in ("control", "point"):
        (begun / f"world-{arm}.json").write_text("{}")
    refuse_long(size((4, 1)), tmp_path, "one")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(40, "40 s"), (200, "3 min"), (9000, "2.5 h"), (47 * 3600, "47.0 h"), (2.5 * DAY, "2.5 days"),
     (38536.5 * 3600, "1,606 days")],
)  # fmt: skip
def test_a_time_is_told_in_the_unit_that_people_use(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def policy(*words: str) -> Policy:
    return comparison(*words).scenario.policy


def test_what_postures_tones_and_investments_mean() -> None:
    hours, mixes = np.array([10.0, 40.0]), np.full((2, 5), 0.2)
    assert policy("posture=reactive").posture.planned == 0.0
    assert policy("posture=proactive").posture.planned == 1.0
    assert policy("posture=table").posture.planned == 0.2
    assert policy("posture=mixed", "policy.posture.rho=0.4").posture.planned == 0.4
    assert policy("posture=silent").posture.is_silent
    assert (policy("tone=table").tone.mixes(mixes) == mixes).all()
    for tone in TONES:
        drawn = policy(f"tone={tone}").tone.mixes(mixes)
        assert drawn.shape == mixes.shape
        assert TONES[int(drawn[0].argmax())] == tone
    assert policy("investment=low").investment.weekly_hours(hours).tolist() == [5.0, 20.0]
    assert policy("investment=high").investment.weekly_hours(hours).tolist() == [20.0, 80.0]
    assert policy("investment=fte").investment.weekly_hours(hours).tolist() == [9.5, 9.5]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["investment=schedule", "policy.investment.from_date=2016-02-01"],
         "with 2 times the hours of the table for all accounts from 2016-02-01"),
        (["investment=schedule", "policy.investment.ramp_weeks=4", "policy.investment.weeks=9",
          "policy.investment.accounts=headquarters"],
         "for headquarters, growing over 4 weeks, for 9 weeks"),
        (["investment=schedule_hours", "policy.investment.accounts='A; B'",
          "policy.investment.from_day=7"],
         "with 10 hours a week for each of 'A' and 'B' from day 7"),
        (["investment=concentrate"], "the hours of the missions on the 15 of them with most"),
        (["investment=floor"], "at least 5 hours a week for each of all accounts, out of the"),
        (["training=share", "exchange=region"], "10 % of them for training, 3 % for exchange by"),
        (["clearance=central", "tone_cap=by_rank"], "cleared centrally, tones capped by rank"),
        (["clearance=autonomous"], "missions clearing alone"),
    ],
)  # fmt: skip
def test_a_policy_in_words(words: list[str], told: str) -> None:
    assert told in arm_sentence(policy(*words))


def plain(node: Any) -> Any:
    return json.loads(json.dumps(node, allow_nan=False))


def test_the_record_holds_both_arms_and_is_plain() -> None:
    arms = comparison("scenario=proactive", "days=7")
    loaded = yaml.safe_load(config_text(arms, SIZE))
    assert loaded["scenario"]["values"] == plain(dict(arms.scenario.values))
    assert loaded["against"]["name"] == "status_quo"
    assert plain(record(arms, SIZE, "2026-01-01T00:00:00Z"))["seed"] == 1


def test_the_config_hash_follows_what_decides_the_result() -> None:
    first = config_hash(comparison("scenario=proactive"), SIZE)
    assert first == config_hash(comparison("scenario=proactive", "workers=7", "results=x"), SIZE)
    assert first == config_hash(comparison("posture=proactive", "scenario=proactive"), SIZE)
    assert first != config_hash(comparison("scenario=proactive", "seed=2"), SIZE)
    assert first != config_hash(comparison("scenario=proactive", "sharing.p0=0.006"), SIZE)


def test_a_long_run_of_drawn_parameters_is_foreseen_to_take_longer_than_its_days() -> None:
    def seconds(*words: str) -> float:
        arm = comparison("scenario=mixed", *words).scenario
        return estimate(scenario_of(arm), 2).seconds_per_world

    drawn = seconds("days=364") / seconds("days=91")
    central = seconds("days=364", "parameters=central") / seconds("days=91", "parameters=central")
    assert central < 4 < 1.3 * drawn, "ten times the time in one draw of four"
    short = seconds("days=7") / seconds("days=7", "parameters=central")
    assert 1 <= short < 1.15


def test_the_reference_engine_is_foreseen_to_be_slow() -> None:
    fast, slow = (
        estimate(scenario_of(comparison("scenario=mixed", f"engine={one}").scenario), 2)
        for one in ("compiled", "reference")
    )
    assert slow.seconds_per_world > 5 * fast.seconds_per_world
