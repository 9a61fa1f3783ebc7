"""kill -9 at any moment: nothing finished is lost or doubled, the end is the same to the byte."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.study.files import read_json

ROOT = Path(__file__).resolve().parents[2]
MOMENTS, FOLDERS = 50, 10  # kills by the clock, five to a folder
COMPARED = ("study.parquet", "summary.json", "summary.csv", "plan.json", "figures/points.svg")


def begin(results: Path, worlds: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "tests.study.kill_driver", "-m", "scenario=reactive,proactive",
        "audience=small", f"worlds={worlds}", "workers=2", "study.name=s",
        f"results={results}",
    ]  # fmt: skip
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
    )  # fmt: skip


def records(results: Path) -> dict[str, bytes]:
    runs = results / "studies" / "s" / "runs"
    return {path.relative_to(runs).as_posix(): path.read_bytes() for path in runs.glob("*/*.json")}


def killed_at(results: Path, worlds: int, n_runs: int, later: float = 0.0) -> dict[str, bytes]:
    """Kill the study when so many runs are there, or so many seconds later; what was on the disk
    then."""
    process = begin(results, worlds)
    while process.poll() is None and len(records(results)) < n_runs:
        time.sleep(0.005)
    time.sleep(later)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return records(results)


def resumed(tmp_path: Path, worlds: int, kills: list[int]) -> None:
    before: dict[str, bytes] = {}
    for n_runs in kills:
        found = killed_at(tmp_path / "killed", worlds, n_runs)
        assert found.keys() >= before.keys()
        assert all(found[name] == content for name, content in before.items())
        for name in found:
            assert read_json(tmp_path / "killed" / "studies" / "s" / "runs" / name)["values"]
        before = found
    assert 0 < len(before) < 3 * worlds
    for results in ("killed", "whole"):
        process = begin(tmp_path / results, worlds)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err.decode()
    same_as_whole(tmp_path / "killed", tmp_path / "whole")
    assert len(records(tmp_path / "whole")) == 3 * worlds


def same_as_whole(results: Path, whole: Path) -> None:
    """Every run and every result of the uninterrupted study, to the byte, and nothing else."""
    assert records(results) == records(whole)
    for name in COMPARED:
        one, other = (place / "studies" / "s" / name for place in (results, whole))
        assert one.read_bytes() == other.read_bytes(), name
    assert not list(results.rglob("*.tmp"))


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed(tmp_path: Path) -> None:
    resumed(tmp_path, 8, [11])


def in_its_writes(folder: Path, kills: int) -> str:
    """So many kills at steps on the disk, in a process that may fork: it has no threads."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.study.kill_steps", str(folder), str(kills)], cwd=ROOT,
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed_in_its_writes(tmp_path: Path) -> None:
    assert "nothing lost, nothing doubled, the same bytes" in in_its_writes(tmp_path, 8)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed_two_hundred_times_in_its_writes(tmp_path: Path) -> None:
    assert int(in_its_writes(tmp_path, 200).split()[0]) >= 200


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed_at_any_time(tmp_path: Path) -> None:
    """At fifty moments, five a folder: one before the first run, by the clock; three when so many
    runs are there, and a little later; one when all are there and the result is being written. It
    is the coordinator that is killed; its two workers end with it."""
    began = time.monotonic()
    process = begin(tmp_path / "whole", 8)
    assert process.wait(timeout=300) == 0
    took = time.monotonic() - began
    dice, there = random.Random(9), []
    before: dict[str, bytes] = {}
    for number in range(MOMENTS):
        folder, turn = divmod(number, MOMENTS // FOLDERS)
        n_runs = (0, dice.randint(1, 6), dice.randint(7, 14), dice.randint(15, 23), 24)[turn]
        later = dice.random() * (0.4 * took if turn == 0 else 0.1 * took if turn == 4 else 0.05)
        found = killed_at(tmp_path / f"killed{folder}", 8, n_runs, later)
        assert turn == 0 or all(found[name] == content for name, content in before.items())
        before = found
        there.append(len(found))
    print("runs on the disk when killed:", *there)
    assert len(set(there)) > 10, "too few kills fell between the first run and the last"
    for number in range(FOLDERS):
        results = tmp_path / f"killed{number}"
        process = begin(results, 8)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err.decode()
        same_as_whole(results, tmp_path / "whole")


def workers_of(pid: int) -> list[int]:
    """The processes in which a study's worlds run, as Linux tells them."""
    found = []
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # one of the two has just ended
            for child in place.read_text("utf-8").split():
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return sorted(found)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="Linux tells who the workers are")
def test_workers_killed_at_any_time(tmp_path: Path) -> None:
    """Fifty workers, five a study, which goes on: their worlds are done again, at worst by the next
    command. Nothing that was there before a kill is lost or changed."""
    assert begin(tmp_path / "whole", 40).wait(timeout=300) == 0
    dice, killed, again = random.Random(7), 0, 0
    for number in range(FOLDERS):
        results = tmp_path / f"killed{number}"
        process = begin(results, 40)
        wanted = sorted(dice.sample(range(1, 3 * 40 - 10), MOMENTS // FOLDERS))
        while process.poll() is None:
            before = records(results)
            if wanted and len(before) >= wanted[0] and (workers := workers_of(process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(dice.choice(workers), signal.SIGKILL)
                    killed += 1
                    wanted.pop(0)
                now = records(results)
                assert all(now[name] == content for name, content in before.items())
            time.sleep(0.01)
        assert process.returncode == 0, process.communicate()[1].decode()
        again += records(results) != records(tmp_path / "whole")
        process = begin(results, 40)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err.decode()
        same_as_whole(results, tmp_path / "whole")
    print(f"{killed} workers killed; {again} of {FOLDERS} studies needed the command once more")
    assert killed >= MOMENTS - FOLDERS


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed_a_dozen_times(tmp_path: Path) -> None:
    moments = random.Random(6)
    resumed(tmp_path, 40, sorted(moments.sample(range(1, 110), 12)))
