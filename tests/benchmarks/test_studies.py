"""What is timed as a bare world and as one of a study are the same runs; memory is really seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import studies
from benchmarks.rows_scale import overhead

on_linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").is_file(), reason="Linux only")


def test_bare_runs_are_those_of_the_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.door.study_worlds import run_study_task
    from sim.study.plan import CONTROL
    from sim.study.records import recall

    monkeypatch.setattr(studies, "POINTS", ["scenario=proactive", "tone=formal,witty"])
    monkeypatch.setattr(studies, "SHORT", ["audience=small", "days=1", "warmup_days=7"])
    task = studies.tasks(str(tmp_path / "study"), 1)[0]
    baseline, arms = studies.arms_of(task)
    assert len(arms) == 3
    bare = studies.run_bare(baseline, arms, task)
    assert run_study_task(task) == 2
    names = [CONTROL, *(point.id for point in task.circumstance.points)]
    kept = [(recall(task.folder, task.key(name)) or {})["values"] for name in names]
    # a study leaves out what only its kind of run adds; all that it keeps is equal to the last bit
    assert [{name: one[name] for name in run} for one, run in zip(bare, kept, strict=True)] == kept
    assert len({run["target_reach"] for run in kept}) == 3


def test_overhead_is_world_by_world() -> None:
    assert overhead([2.0, 4.0], [2.02, 4.0]) == pytest.approx([1.0, 0.0])


@on_linux
def test_memory_of_a_process_and_of_what_it_starts() -> None:
    """A child that holds 200 MB is seen through its parent."""
    own = "x = bytearray(200_000_000); print(flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {own!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len(studies.descendants(process.pid)) == 1
        held = studies.held_by(process.pid)
        process.communicate(b"\n")
    assert 2e8 < held < 3e8
    assert os.getpid() not in studies.descendants(os.getpid())


def test_a_world_of_the_timed_study_has_ten_runs() -> None:
    (circumstance,) = studies.built(1).circumstances
    assert len(circumstance.points) + 1 == studies.RUNS_PER_WORLD
