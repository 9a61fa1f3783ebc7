"""task=calibrate from the command line: what it writes, that it goes on, what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.__main__ import main
from sim.door import calibrate, install
from sim.evidence import load_targets, parts_of
from sim.observables.observed import Observed
from sim.observables.registry import KEYS
from sim.study import calibration, installable, joint
from sim.study.files import read_json
from tests.door.test_answers import comparison

pytest.importorskip("sklearn")

WORDS = ["task=calibrate", "audience=small", "workers=1", "study.name=planted"]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs done, by a stand-in in which C7 is likes_per_share and nothing else moves."""
    done: list[int] = []

    def stand_in(task: calibrate.CalibrationTask) -> None:
        luck = np.random.default_rng(task.number).normal(0, 0.02, len(KEYS))
        found = {key: Observed(value=0.5 + one) for key, one in zip(KEYS, luck, strict=True)}
        found["C7"] = Observed(value=task.parameters["sharing.likes_per_share"])
        found["C9"] = Observed(value=None, why="few")
        calibration.keep(task.folder, task.number, task.parameters, found)
        done.append(task.number)

    monkeypatch.setattr(calibrate, "calibration_run", stand_in)
    return done


def test_it_goes_on_where_it_was_and_writes_a_posterior(
    runs: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, f"results={tmp_path}"]
    assert main([*words, "study.calibration_runs=40"]) == 0
    folder = tmp_path / "calibration" / "planted"
    before = (folder / "runs" / "00007.json").read_bytes()
    assert main([*words, "study.calibration_runs=64"]) == 0
    assert sorted(one for one in runs if one < calibrate.FIRST_CHECK) == list(range(64))
    assert sum(one >= calibrate.FIRST_CHECK for one in runs) == 2 * calibrate.N_CHECKS
    assert (folder / "runs" / "00007.json").read_bytes() == before
    report = read_json(folder / "calibration.json")
    assert report["runs"] == 64 and report["not_known"] == ["C9"]
    assert report["parameters"]["sharing.likes_per_share"]["calibrated"]
    assert abs(report["patterns"]["C7"]["run_again"]) < 2 and report["checks"] == 8
    assert not report["parameters"]["core.log_sd"]["calibrated"]
    rows = list(csv.DictReader((folder / "posterior.csv").open(encoding="utf-8")))
    likes = np.array([float(one["sharing.likes_per_share"]) for one in rows])
    assert len(rows) == report["draws"] and 2.9 < np.median(likes) < 5.4
    assert (folder / "calibration.png").stat().st_size > 10_000
    out = " ".join(capsys.readouterr().out.split())
    assert "No held-out fact was looked" in out and "Left out, known in too few runs: C9" in out
    assert json.loads((folder / "status.json").read_text())["state"] == "done"


def test_half_of_a_longer_design_goes_where_the_patterns_may_be_met(
    runs: list[int], tmp_path: Path
) -> None:
    words = [*WORDS, f"results={tmp_path}"]
    assert main([*words, "study.calibration_runs=128"]) == 0
    folder, first = tmp_path / "calibration" / "planted", calibration.FIRST_FOCUSED
    made = [one for one in runs if one < calibrate.FIRST_CHECK]
    assert made == [*range(64), *range(first, first + 64)]
    decided = (folder / "focus" / "00000.json").read_bytes()
    likes = {number: read_json(calibration.place(folder, number))["parameters"]
             ["sharing.likes_per_share"] for number in made}  # fmt: skip
    logs = [np.log([value for number, value in likes.items() if (number >= first) == focused])
            for focused in (False, True)]  # fmt: skip
    middle = np.log(2.9 * 5.4) / 2  # of C7, which the stand-in's parameter is
    assert np.abs(logs[1] - middle).mean() < 0.9 * np.abs(logs[0] - middle).mean()
    runs.clear()
    assert main([*words, "study.calibration_runs=160"]) == 0
    made = [one for one in runs if one < calibrate.FIRST_CHECK]
    assert made == [*range(64, 80), *range(first + 64, first + 80)]
    assert (folder / "focus" / "00000.json").read_bytes() == decided
    report = read_json(folder / "calibration.json")
    assert (report["runs"], report["focused"]) == (160, 80)


def test_its_posterior_can_be_drawn_from_and_is_installed_only_if_nothing_speaks_against_it(
    runs: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    conf = tmp_path / "conf"
    conf.mkdir()
    monkeypatch.setattr(install, "conf_dir", lambda: conf)
    monkeypatch.setattr(joint, "conf_dir", lambda: conf)
    monkeypatch.chdir(tmp_path)
    parts = {key: one for key, one in parts_of(load_targets()).items() if key in ("C7", "C9")}
    monkeypatch.setattr(calibration, "used_parts", lambda *_: parts)  # few to emulate: it is quick
    words = ["task=calibrate", "workers=1", "study.calibration_runs=40", "study.install=true",
             "results=results"]  # fmt: skip
    assert main(words) == 2
    err = capsys.readouterr().err
    assert "not installed: 40 runs, and 256 are the fewest" in err and "numbers are missed" in err
    assert list(conf.iterdir()) == []
    own = "posterior=results/calibration/status_quo/posterior.json"
    assert main(["task=check", "scenario=proactive", "parameters=posterior", own]) == 0
    told = capsys.readouterr().out
    assert "falls short: 40 runs" in told and "Calibrated" in told and "likes_per_share" in told
    monkeypatch.setattr(installable, "FEWEST_RUNS", 40)
    monkeypatch.setattr(installable, "MOST_MISSED", 1.0)
    assert main(words) == 0
    assert "Installed: " in capsys.readouterr().err
    assert [one.name for one in (conf / "posterior").iterdir()] == ["default.json"]
    monkeypatch.chdir(conf)
    assert main(["task=check", "scenario=proactive", "parameters=posterior"]) == 0
    told = capsys.readouterr().out
    assert "(posterior/default.json: 400 rows from 40 runs of 14 days" in told
    found = joint.load_sample(joint.DEFAULT)
    command = "python -m sim task=calibrate study.calibration_runs=40"
    assert found.head["command"] == command and found.head["world"]["platform.name"] == "twitter"
    table = list(csv.DictReader((tmp_path / own[10:]).with_suffix(".csv").open(encoding="utf-8")))
    first = [float(table[0][key]) for key in found.keys]
    assert found.rows[0] == pytest.approx(first, rel=1e-7) and len(found.rows) == len(table)


@pytest.mark.parametrize(("more", "told"), [
    (["audience=small"], "differs in audience=small"),
    (["sharing.p0=0.01"], "differs in sharing.p0"), (["days=9"], "needs runs of 14 days"),
])  # fmt: skip
def test_only_the_default_world_is_installed(
    more: list[str], told: str, runs: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["task=calibrate", "study.install=true", f"results={tmp_path}"]
    assert main([*words, *more]) == 2
    assert told in capsys.readouterr().err
    assert runs == [] and list(tmp_path.iterdir()) == []


def test_a_changed_configuration_is_refused_by_name(
    runs: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, f"results={tmp_path}", "study.calibration_runs=40"]
    assert main(words) == 0
    assert main([*words, "days=15"]) == 2
    assert "days (14 then, 15 now)" in capsys.readouterr().err
    assert main([*words, "sharing.p0=0.01"]) == 2
    assert "calibration.varied" in capsys.readouterr().err
    assert len(runs) == 40 + calibrate.N_CHECKS


@pytest.mark.parametrize("words", [["scenario=proactive"], ["tone=witty"]])
def test_no_other_policy_is_calibrated(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, *words, f"results={tmp_path}"]) == 2
    assert "task=calibrate measures the status quo" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_keeps_what_is_finished(
    runs: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    whole = calibrate.calibration_run

    def breaks(task: Any) -> Any:
        if task.number == 5:
            raise KeyboardInterrupt
        return whole(task)

    monkeypatch.setattr(calibrate, "calibration_run", breaks)
    assert main([*WORDS, f"results={tmp_path}", "study.calibration_runs=40"]) == 130
    assert "goes on where it was" in capsys.readouterr().err
    folder = tmp_path / "calibration" / "planted"
    assert len(list((folder / "runs").glob("*.json"))) == 5
    assert read_json(folder / "status.json")["state"] == "interrupted"


def test_one_real_run_is_measured_as_validation_measures(tmp_path: Path) -> None:
    arm = calibrate.sized(comparison("audience=small", "days=9", "study.validation_samples=5")
                          .baseline)  # fmt: skip
    assert arm.settings.keep == "posts" and arm.settings.days == 9
    (tmp_path / "runs").mkdir()
    for number, p0 in enumerate((0.001, 0.02)):
        task = calibrate.CalibrationTask(
            arm=arm, number=number, parameters={"sharing.p0": p0}, folder=tmp_path
        )
        calibrate.calibration_run(task)
    few, many = (calibration.recall(tmp_path, number) for number in (0, 1))
    assert few is not None and many is not None and list(few["values"]) == list(KEYS)
    assert few["values"]["C4.mean"] < many["values"]["C4.mean"]
