"""Studies that end by kill -9 at some step of their writing, in forks of one warm process.

    python -m tests.study.kill_steps FOLDER KILLS

A step is half a file written, a file written, flushed, renamed, or its folder flushed. A folder is
killed again and again, at steps drawn by seed, until a life comes to its end; then it must be the
uninterrupted study to the byte. After every kill, what was there before is there unchanged, and
every file that has its name can be read. Prints how many kills there were.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet  # noqa: F401 (imported before forking, as are the next ones)

import sim.report.study_answer
import sim.report.study_figures
import sim.study.files as files
from sim.__main__ import main
from sim.door import study_job
from sim.study.files import read_json
from sim.study.tables import read_table
from tests.study import study_worker

WORDS = ("-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "workers=1",
         "study.name=s")  # fmt: skip
RUNS = 24  # two points and their control, eight worlds
COMPARED = ("study.parquet", "summary.json", "summary.csv", "plan.json")
MOST_STEPS = 70  # of a first life: about fifteen before its first run; and of each later one ...
MORE_STEPS = 10  # ... so many more


class Torn(io.BufferedWriter):
    """A file that may end in the middle of its first write: a table has hundreds."""

    tick: Callable[[], None]
    begun = False

    def write(self, content: Any, /) -> int:
        if self.begun:
            return super().write(content)
        self.begun = True
        half = len(content) // 2
        super().write(content[:half])
        self.flush()
        self.tick()
        super().write(content[half:])
        self.flush()
        self.tick()
        return len(content)


def die_at(step: int) -> None:
    """From here on, this process ends at its so-manieth step on the disk."""
    left = [step]

    def tick() -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(true: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any) -> Any:
            found = true(*args)
            tick()
            return found

        return done

    def opened(path: Any, mode: str = "r", **options: Any) -> Any:
        if mode != "xb":
            return open(path, mode, **options)
        file = Torn(io.FileIO(path, "xb"))
        file.tick = tick
        return file

    files.open = opened  # type: ignore[attr-defined]
    os.fsync, os.replace = after(os.fsync), after(os.replace)


def life(results: Path, step: int | None = None) -> int:
    """One run of the command in a fork, killed at a step; its wait status."""
    process = os.fork()
    if process:
        return os.waitpid(process, 0)[1]
    code = 70
    try:
        study_job.run_study_task = study_worker.quick
        sim.report.study_figures.save_study_figures = lambda *_: None
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        if step is not None:
            die_at(step)
        code = main([*WORDS, f"results={results}"])
    finally:
        os._exit(code)


def content(results: Path) -> dict[str, bytes]:
    """Every file that has its name."""
    return {one.relative_to(results).as_posix(): one.read_bytes()
            for one in sorted(results.rglob("*")) if one.is_file() and one.suffix != ".tmp"
            and one.name != ".lock"}  # fmt: skip


def check(before: dict[str, bytes], results: Path) -> dict[str, bytes]:
    """What is there now, all of it whole and what was there unchanged."""
    now = content(results)
    for name, bytes_ in before.items():
        if "/runs/" in name:
            assert now.get(name) == bytes_, f"{name} was lost or changed"
    for name in now:
        if name.endswith(".json"):
            assert read_json(results / name), name
        elif name.endswith(".parquet"):
            assert read_table(results / name), name
    return now


def one_folder(results: Path, whole: dict[str, bytes], dice: Random) -> int:
    """Lives until one comes to its end; how many were killed."""
    before: dict[str, bytes] = {}
    kills = 0
    # Lives grow longer with every kill, so that one comes to its end however long the result takes.
    while status := life(results, dice.randint(1, MOST_STEPS + MORE_STEPS * kills)):
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
        kills += 1
        before = check(before, results)
    now = check(before, results)
    runs = [name for name in now if "/runs/" in name]
    assert len(runs) == RUNS and not list(results.rglob("*.tmp"))
    for name in (*runs, *(f"studies/s/{one}" for one in COMPARED)):
        assert now[name] == whole[name], f"{name} differs from the uninterrupted one"
    return kills


def killed(home: Path, wanted: int) -> tuple[int, int]:
    """(kills, folders), with at least so many kills."""
    assert life(home / "whole") == 0
    whole = content(home / "whole")
    kills = folders = 0
    while kills < wanted:
        folders += 1
        kills += one_folder(home / f"killed{folders}", whole, Random(folders))
    return kills, folders


if __name__ == "__main__":
    done = killed(Path(sys.argv[1]), int(sys.argv[2]))
    print(f"{done[0]} kills in {done[1]} folders: nothing lost, nothing doubled, the same bytes")
