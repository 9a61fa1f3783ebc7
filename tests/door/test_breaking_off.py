"""Ctrl-C, a polite request to end, a broken world: what was finished is kept and said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import main
from sim.door import job
from sim.study.store import read_table
from tests.study.workers import ARM_PAIR, fake_world

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["scenario=proactive", "audience=small", "worlds=4", "workers=1"]


def breaking(at: int, error: BaseException) -> Callable[[Any], Any]:
    """A world's work that breaks in draw `at`."""

    def run_task(task: Any) -> Any:
        if task.draw == at:
            raise error
        return fake_world(ARM_PAIR, ARM_PAIR[1], task.draw, task.replicate)

    return run_task


def folder_of(results: Path) -> Path:
    (folder,) = (results / "proactive").iterdir()
    return folder


def worlds_in(folder: Path, table: str) -> list[int]:
    return sorted(set(read_table(folder / f"{table}.parquet")["world"].tolist()))


def test_an_interrupted_run_keeps_the_worlds_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(job, "run_task", breaking(2, KeyboardInterrupt()))
    assert main([*COMMAND, f"results={tmp_path}"]) == 130
    folder = folder_of(tmp_path)
    status = json.loads((folder / "status.json").read_text())
    assert (status["state"], status["done"], status["worlds"]) == ("interrupted", 2, 4)
    for table in ("runs", "daily", "accounts"):
        assert worlds_in(folder, table) == [0, 1]
    out, err = capsys.readouterr()
    last = err.splitlines()[-1]
    assert out == "" and str(folder) in last and "runs.parquet" in last
    assert "2 finished worlds of 4" in last
    origin = json.loads((folder / "provenance.json").read_text())
    assert origin["finished"] >= origin["started"]


def test_interrupted_before_the_first_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(job, "run_task", breaking(0, KeyboardInterrupt()))
    assert main([*COMMAND, f"results={tmp_path}"]) == 130
    assert list(folder_of(tmp_path).glob("*.parquet")) == []
    assert "No world was finished" in capsys.readouterr().err.splitlines()[-1]


def test_a_broken_world_is_named_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(job, "run_task", breaking(2, ZeroDivisionError("planted")))
    monkeypatch.setattr("sim.report.figures.save_figures", lambda *_: None)
    assert main([*COMMAND, "seed=9", f"results={tmp_path}"]) == 0
    folder = folder_of(tmp_path)
    status = json.loads((folder / "status.json").read_text())
    assert (status["state"], status["done"]) == ("done", 3)
    (failed,) = status["failed"]
    assert [failed[key] for key in ("world", "draw", "replicate", "seed")] == [2, 2, 0, 9]
    assert worlds_in(folder, "runs") == [0, 1, 3]
    out, err = capsys.readouterr()
    named = "world 2 (draw 2, replicate 0, seed 9): ZeroDivisionError: planted"
    assert named in err and named in " ".join(out.split())


def test_an_error_after_the_worlds_leaves_their_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no ink")

    monkeypatch.setattr(job, "run_task", breaking(-1, ValueError()))
    monkeypatch.setattr("sim.report.figures.save_figures", broken)
    with pytest.raises(ValueError, match="no ink") as caught:
        main([*COMMAND, f"results={tmp_path}"])
    folder = folder_of(tmp_path)
    status = json.loads((folder / "status.json").read_text())
    assert (status["state"], status["reason"]) == ("failed", "ValueError: no ink")
    assert worlds_in(folder, "runs") == [0, 1, 2, 3]
    assert "4 finished worlds of 4" in caught.value.__notes__[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "workers", "to_all"), [
    (signal.SIGINT, 1, False), (signal.SIGTERM, 2, False), (signal.SIGINT, 2, True),
])  # fmt: skip
def test_signals_to_a_real_run(
    number: signal.Signals, workers: int, to_all: bool, tmp_path: Path
) -> None:
    """To the command alone, or, as a terminal sends Ctrl-C, to all of its processes too: none of
    them says anything or stays, or else the wait for the last word would not end."""
    command = [
        sys.executable, "-m", "sim", "scenario=proactive", "audience=small", "days=60",
        "worlds=40", f"workers={workers}", f"results={tmp_path}",
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        until = time.monotonic() + 300
        while time.monotonic() < until and process.poll() is None:
            found = list(tmp_path.glob("proactive/*/status.json"))
            if found and json.loads(found[0].read_text())["done"] >= 2:
                break
            time.sleep(0.05)
        (os.killpg if to_all else os.kill)(process.pid, number)
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 130 and "Traceback" not in err
    folder = folder_of(tmp_path)
    status = json.loads((folder / "status.json").read_text())
    assert status["state"] == "interrupted" and 2 <= status["done"] < 40
    for table in ("runs", "daily", "accounts"):
        assert len(worlds_in(folder, table)) == status["done"]
    assert f"{status['done']} finished worlds of 40" in err.splitlines()[-1]
