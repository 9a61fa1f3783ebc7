"""What is timed as a bare world and as one of a study are the same runs; memory is really seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import clocked, studies
from benchmarks.process import Measured
from benchmarks.rows_scale import of_a_run, overhead

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


def test_a_wall_is_divided_without_rest() -> None:
    """Two worlds of two runs: 2 s before, 1 + 0.5 s between, 3 s after; the first one is left out
    of what a run takes, since it loads the kernels."""
    warmed, run = [(2.0, 6.0), (9.0, 10.0)], [(6.0, 7.0), (7.0, 8.0), (10.5, 11.0), (11.0, 11.5)]
    found = clocked.divided(0.0, 14.5, warmed, run)
    assert found == {"start": [2.0], "between": [1.5], "end": [3.0], "runs": [4.0], "a_run": [1.0]}
    simulated = sum(high - low for low, high in (*warmed, *run))
    assert found["start"][0] + found["between"][0] + found["end"][0] + simulated == 14.5


def test_what_is_paid_once_is_told_from_what_every_run_pays() -> None:
    """Half a second a run at its end, and 0.01 s between."""
    long, short = (
        Measured(task="", options={}, peak_bytes=0, child_bytes=0, cpu_seconds=0, wall_seconds=0,
                 load=0, figures={"start": [2.0], "end": [1.0 + 0.5 * n], "runs": [float(n)],
                                  "between": [0.01 * n]})
        for n in (10, 100)
    )  # fmt: skip
    assert of_a_run(long, short) == pytest.approx((0.51, 8.0))


def test_pace_counts_every_process_from_its_own_first_end() -> None:
    """Two processes, a task a second each: two a second. What a process stands idle at the end, and
    no other time, counts against it."""
    late = [(1, float(k)) for k in range(1, 6)] + [(2, 0.5 + k) for k in range(1, 6)]
    assert studies.pace(late) == pytest.approx(8 / (5.5 - 1.25))
    even = [(1, float(k)) for k in range(6)] + [(2, float(k)) for k in range(6)]
    assert studies.pace(even) == pytest.approx(2.0)
    assert studies.pace(even[:-1]) == pytest.approx(9 / 5)
    assert studies.pace([(1, float(k)) for k in range(6)]) == pytest.approx(1.0)


def test_the_clocks_see_every_run_of_a_real_study() -> None:
    found = clocked.study(["scenario=reactive"], worlds=2, days=1)
    assert found["runs"] == [4.0] and len(found["a_run"]) == 1
    assert all(found[name][0] > 0 for name in ("start", "between", "end", "a_run"))
    from sim.simulate import run_arm

    assert run_arm.__module__ == "sim.simulate"  # the true one is back


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
