"""Studies at the door: axes, refusals, one result, resuming, failures."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.__main__ import main, parse_study
from sim.door import study_job
from sim.door.axes import Swept, combinations
from sim.errors import UserError
from sim.study.records import locked
from sim.study.tables import read_table
from tests.study import study_worker

GRID = ["-m", "scenario=reactive,proactive", "tone=formal,witty", "audience=small", "workers=1"]


def study(results: Path, *words: str) -> int:
    return main([*GRID, f"results={results}", *words])


def folder_of(results: Path, name: str) -> Path:
    return results / "studies" / name


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.report.study_figures.save_study_figures", lambda *_: None)


REFUSED = [
    (["scenario=reactive,proactive,reactive"], "reactive twice"),
    (["scenario=reactive,proactive,"], "empty axis"),
    (["tone="], "no name"),
    (["policy.posture.rho=choice()"], "empty axis"),
    (["policy.posture.rho=range(1,0)"], "empty axis"),
    (["policy.posture.rho=interval(1,0)"], "empty axis"),
    (["policy.posture.rho=range(0,1,0)"], "step that is not 0"),
    (["policy.posture.rho=range(0,1,0.0000001)"], "10,000,000 points"),
    (["days=range(1,2000)", "policy.posture.rho=range(0,1,0.1)"], "19,990 points"),
    (["scenario=reactive,proactif"], "'proactif'"),
    (["tonne=formal,witty"], "'tonne'"),
    (["sharing.p00=0.01,0.02"], "Did you mean 'sharing.p0'"),
    (["sharing.p0=0.01,2"], "out of range"),
    (["sharing.p0=interval(0.001,2)"], "out of range"),
    (["sharing.p0=tag(log,interval(0,0.1))"], "above 0"),
    (["seed=1,2", "scenario=proactive"], "same worlds"),
    (["against=status_quo,silent"], "same control"),
    (["worlds=8,16"], "same worlds"),
    (["results=a,b"], "decides nothing"),
    (["study.precision=0.1,0.2"], "how the study is made"),
    (["tone=glob(*)"], "list the values"),
    (["days=7,14"], "Nothing to compare"),
    (["scenario=witty,status_quo", "tone=witty"], "the same policy"),
    (["scenario=reactive,proactive", "scenario=mixed"], "given twice"),
    (["policy.posture.rho=interval(0,1)", "study.samples=12"], "powers of two"),
    (["scenario=reactive,mixed", "study.name=../x"], "no name"),
    (["scenario=reactive,mixed", "task=explain"], "no task of a study"),
    (["posture=mixed", "policy.posture.rho=range(0,1,0.1)", "worlds=100000", "draws=50000"],
     "1,100,000 runs"),
    (["experiment=none_such"], "The experiment 'none_such' does not exist"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=lambda part: " ".join(part)[:40])
def test_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    task = [] if "task=explain" in words else ["task=check"]
    assert main(["-m", *words, *task]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("demarche: ") and "Traceback" not in err
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_lists_are_crossed_and_intervals_sampled() -> None:
    axes = [one for one in parse_study(
        ["scenario=reactive,proactive", "policy.posture.rho=interval(0,1)", "days=interval(7,28)",
         "sharing.p0=tag(log,interval(0.001,0.1))"]) if isinstance(one, Swept)]  # fmt: skip
    assert [one.role for one in axes] == ["lever", "lever", "uncertainty", "uncertainty"]
    for design in ("sobol", "lhs"):
        rows = list(combinations(axes, design=design, samples=8, seed=1, catalogue={}))
        assert len(rows) == 16
        assert [row[0].value for row in rows[:9]] == ["reactive"] * 8 + ["proactive"]
        rho = np.sort([row[1].value for row in rows[:8]])
        assert np.all((rho * 8).astype(int) == np.arange(8))  # one in every eighth
        logs = np.sort([math.log10(row[3].value) for row in rows[:8]])
        assert np.all(((logs + 3) / 2 * 8 - 1e-4).astype(int) == np.arange(8))
        assert rows == list(combinations(axes, design=design, samples=8, seed=1, catalogue={}))


def test_ranges_are_listed_without_float_dust() -> None:
    (axis,) = parse_study(["policy.posture.rho=range(0,0.5,0.1)"])
    assert isinstance(axis, Swept)
    assert [one.text for one in axis.values] == ["0.0", "0.1", "0.2", "0.3", "0.4"]


def test_one_study_one_result(
    tmp_path: Path, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study(tmp_path, "worlds=16", "study.name=grid") == 0
    folder = folder_of(tmp_path, "grid")
    summary = read(folder / "summary.json")
    assert [one["label"] for one in summary["points"]] == [
        "Reactive, tone formal", "Reactive, tone witty", "Proactive, tone formal",
        "Proactive, tone witty",
    ]  # fmt: skip
    assert summary["measures"]["target_reach"]["role"] == "objective"
    assert {one["role"] for name, one in summary["measures"].items() if name != "target_reach"} == {
        "secondary"
    }
    gaps = [summary["measures"]["target_reach"]["points"][f"p{n:03d}"] for n in range(1, 5)]
    for number, one in enumerate(gaps, start=1):
        assert one["difference"]["relative"]["mean"] == pytest.approx(0.1 * number, abs=0.02)
        assert one["difference"]["lo"] < one["difference"]["mean"] < one["difference"]["hi"]
        assert one["verdict"] == "better" and one["variance_ratio"] > 20
    assert summary["best"][0]["may_be_best"] == ["p004"]
    table = read_table(folder / "study.parquet")
    assert len(table["value"]) == 16 * 5 * 3
    assert set(table["tone"].tolist()) == {"formal", "witty", None}
    assert {"point", "label", "scenario", "circumstance", "world", "draw", "replicate", "measure",
            "value"} < set(table)  # fmt: skip
    out, err = capsys.readouterr()
    assert "80 runs" in err and "of memory" in err and "of disk" in err
    told = " ".join(out.split())
    assert "Proactive, tone witty is the best on average over the parameters" in told
    assert "times as many worlds" in told
    assert (folder / "figures" / "points.png").stat().st_size > 20_000


def test_the_control_is_no_point_and_circumstances_have_their_own(
    tmp_path: Path, quick: None, no_figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["-m", "scenario=status_quo,reactive", "rivals=none,default", "audience=small"]
    assert main([*words, "worlds=8", "replicates=2", "workers=1", "study.name=two",
                 f"results={tmp_path}"]) == 0  # fmt: skip
    summary = read(folder_of(tmp_path, "two") / "summary.json")
    out, err = capsys.readouterr()
    assert "is the control itself" in err
    asked = out.partition("Set by the user")[2].partition("points in")[0]
    assert "audience=small" in asked and "rivals=" not in asked  # what varies was not set
    assert [one["circumstance"] for one in summary["points"]] == ["w000", "w001"]
    assert summary["circumstances"] == {"w000": {"rivals": "none"}, "w001": {"rivals": "default"}}
    assert [(one["key"], one["role"]) for one in summary["axes"]] == [
        ("scenario", "lever"), ("rivals", "uncertainty"),
    ]  # fmt: skip
    assert len(summary["best"]) == 2


def test_check_says_how_large_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study(tmp_path, "worlds=16", "task=check") == 0
    out = capsys.readouterr().out
    assert "4 points and the control in 16 paired worlds" in out and "80 runs" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["days=7,8", "tone=witty"],
         "How does 'Status quo, tone witty' compare with 'Status quo' at each value of days?"),
        (["tone=witty,sharp", "rivals=none,loud"],
         "Which tone serves better than 'Status quo' at each value of rivals?"),
        (["contamination=none,heavy", "scenario=witty"],
         "How does 'Witty' compare with 'Status quo' at each value of contamination?"),
        (["contamination=light,heavy", "tone=witty,sharp"],
         "Which tone serves better than 'Status quo' at each value of contamination?"),
        (["scenario=reactive,proactive", "tone=witty,sharp"],
         "Which scenario and tone serve better than 'Status quo'?"),
    ],
)  # fmt: skip
def test_the_question_of_a_study_names_its_levers(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-m", "task=check", "audience=small", "worlds=4", *words]) == 0
    assert told in capsys.readouterr().out


def test_what_the_disk_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.door.study_size.free_disk", lambda _: 1e6)
    assert study(tmp_path, "worlds=16") == 2
    assert "on the disk" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_same_command_resumes_and_a_changed_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(study_job, "run_study_task", study_worker.interrupted)
    assert study(tmp_path, "worlds=8", "study.name=s") == 130
    folder = folder_of(tmp_path, "s")
    err = capsys.readouterr().err
    assert "21 finished runs of 40" in err and "The same command goes on" in err
    assert read(folder / "status.json")["state"] == "interrupted"
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    assert study(tmp_path, "worlds=8", "study.name=s", "days=60") == 2
    err = capsys.readouterr().err
    assert "days (90 then, 60 now)" in err and "study.changed=anew" in err
    assert study(tmp_path, "worlds=8", "study.name=s") == 0
    assert "21 finished runs of 40 found" in capsys.readouterr().err
    assert study(tmp_path, "worlds=8", "study.name=whole") == 0
    whole = folder_of(tmp_path, "whole")
    for name in ("study.parquet", "figures/points.svg"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes()
    one, other = read(folder / "summary.json"), read(whole / "summary.json")
    assert one.pop("study") == "s" and other.pop("study") == "whole" and one == other


def test_more_worlds_keep_the_runs_there_are(
    tmp_path: Path, quick: None, no_figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study(tmp_path, "worlds=8", "study.name=s") == 0
    assert study(tmp_path, "worlds=16", "study.name=s") == 0
    assert "40 finished runs of 80 found" in capsys.readouterr().err
    assert read(folder_of(tmp_path, "s") / "summary.json")["worlds"] == 16


def test_another_state_of_the_code_is_refused_or_accepted(
    tmp_path: Path, quick: None, no_figures: None, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert study(tmp_path, "worlds=8", "study.name=s") == 0
    monkeypatch.setattr("sim.door.study_plan.code_hash", lambda: "another")
    assert study(tmp_path, "worlds=8", "study.name=s") == 2
    assert "code (" in capsys.readouterr().err
    assert study(tmp_path, "worlds=8", "study.name=s", "study.changed=accept") == 0
    assert "before a change are kept: code" in capsys.readouterr().err
    assert study(tmp_path, "worlds=8", "study.name=s", "days=60", "study.changed=accept") == 2
    assert study(tmp_path, "worlds=8", "study.name=s", "days=60", "study.changed=anew") == 0
    assert (tmp_path / "studies" / "s-old1" / "summary.json").is_file()
    assert read(folder_of(tmp_path, "s") / "summary.json")["days"] == 60


def test_a_failed_run_is_kept_with_its_seed_and_the_others_go_on(
    tmp_path: Path, no_figures: None, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(study_job, "run_study_task", study_worker.one_point_breaks)
    assert study(tmp_path, "worlds=16", "study.name=s", "seed=7") == 0
    summary = read(folder_of(tmp_path, "s") / "summary.json")
    failed = summary["failed"]
    assert {(one["point"], one["draw"], one["replicate"]) for one in failed} == {
        ("p002", 1, 0), ("p002", 1, 1), ("control", 2, 1), ("p001", 2, 1), ("p002", 2, 1),
        ("p003", 2, 1), ("p004", 2, 1),
    }  # fmt: skip
    assert {one["seed"] for one in failed} == {7}
    assert "ZeroDivisionError: planted: no world" in {one["message"] for one in failed}
    assert (summary["draws"], summary["replicates"]) in ((6, 2), (7, 1))
    out, err = capsys.readouterr()
    assert "7 runs failed" in " ".join(out.split()) and "the others go on" in err


def test_a_point_that_always_fails_is_left_out_and_takes_no_world_with_it(
    tmp_path: Path, no_figures: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(task: Any) -> int:
        for arm in task.arms:
            if arm == "p003":
                study_worker.keep_failure(task.folder, task.key(arm), 1, "planted", "")
            else:
                key = task.key(arm)
                study_worker.keep(task.folder, key, study_worker.values_of(key), {})
        return 0

    monkeypatch.setattr(study_job, "run_study_task", broken)
    assert study(tmp_path, "worlds=16", "study.name=s") == 0
    summary = read(folder_of(tmp_path, "s") / "summary.json")
    assert summary["left_out"] == ["p003"] and summary["worlds"] == 16
    assert "p003" not in summary["measures"]["target_reach"]["points"]


def test_all_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(task: Any) -> int:
        raise ValueError("planted")

    monkeypatch.setattr(study_job, "run_study_task", broken)
    assert study(tmp_path, "worlds=8", "study.name=s") == 2
    assert "All runs failed, the first one: ValueError: planted" in capsys.readouterr().err


def test_a_precision_stops_on_width(
    tmp_path: Path, quick: None, no_figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("study.name=s", "study.most_worlds=128")
    assert study(tmp_path, *words, "study.precision=0.02") == 0
    summary = read(folder_of(tmp_path, "s") / "summary.json")
    err = capsys.readouterr().err
    assert "Look at 16 worlds" in err
    widths = [one["half_width"] for one in summary["measures"]["target_reach"]["points"].values()]
    assert max(widths) <= 0.02 and "half-width is at most 0.02" in summary["stopped"]
    few = summary["worlds"]
    assert study(tmp_path, *words, "study.precision=0.001") == 0
    summary = read(folder_of(tmp_path, "s") / "summary.json")
    assert summary["worlds"] == 128 > few and "most_worlds=128 was reached" in summary["stopped"]


def test_two_processes_on_one_study(
    tmp_path: Path, quick: None, no_figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study(tmp_path, "worlds=8", "study.name=s") == 0
    with locked(folder_of(tmp_path, "s")):
        assert study(tmp_path, "worlds=8", "study.name=s") == 2
    assert "worked on by another process" in capsys.readouterr().err


def test_without_a_name_the_same_command_finds_its_study(
    tmp_path: Path, quick: None, no_figures: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study(tmp_path, "worlds=8") == 0 == study(tmp_path, "worlds=8")
    assert len(list((tmp_path / "studies").iterdir())) == 1
    assert study(tmp_path, "worlds=8", "days=60") == 0
    assert len(list((tmp_path / "studies").iterdir())) == 2


def test_a_link_in_the_way_is_refused(tmp_path: Path, quick: None) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "studies").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="link to another place"):
        study_job.study_folder(tmp_path, "s")
