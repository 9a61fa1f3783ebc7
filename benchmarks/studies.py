"""What many small runs need, and what the machinery of a study costs beside its worlds.

    overhead  where the time of a study goes that is not simulation (`clocked`), at runs of a second
    pairs     the same worlds twice in one process, in turn: bare (load, warm up, run every arm,
              write nothing) and as a task of a study; whether anything of a study slows its runs
    cores     the same tasks by one process and by two: worlds a second between the first and last
    whole     a study of a thousand small runs from the command line, its memory looked at
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import clocked

ROOT = Path(__file__).resolve().parents[1]
Figures = dict[str, list[float]]
POINTS = ["scenario=proactive", "tone=formal,informal,witty", "investment=low,medium,high"]
RUNS_PER_WORLD = 10  # nine points and the control
LONG = 240  # days after which a run before 20,000 people has taken about a second
SHORT = ["audience=small", "days=7", "warmup_days=7"]
EVERY = 0.5  # seconds between two looks at memory
EARLY, LATE = (100, 200), (900, 1_000)  # runs between which memory is compared


def overhead(worlds: int, days: int) -> Figures:
    """A study by one process, and what of its time is not simulation."""
    return clocked.study(POINTS, worlds, days)


def built(worlds: int) -> Any:
    """The study, checked and not yet run."""
    from sim.__main__ import composer, parse_study
    from sim.door.axes import Swept
    from sim.door.screen import groups
    from sim.door.study_arms import build_study
    from sim.paths import conf_dir

    found = parse_study([*POINTS, *SHORT, f"worlds={worlds}"])
    asked = [one for one in found if not isinstance(one, Swept)]
    axes = [one for one in found if isinstance(one, Swept)]
    with composer(conf_dir()) as compose:
        return build_study(asked, axes, groups(conf_dir()), compose)


def tasks(folder: str, worlds: int) -> list[Any]:
    """A task a world, each with a parameter draw of its own."""
    from sim.door.study_worlds import tasks_of

    (Path(folder) / "runs").mkdir(parents=True)
    return tasks_of(built(worlds).circumstances, Path(folder), worlds, 1)


def arms_of(task: Any) -> tuple[Any, list[Any]]:
    """(the warm-up's scenario, those of every arm), as the study builds them."""
    from sim.door.build import drawn_parameters, scenario_of

    here = task.circumstance
    chosen = [here.baseline, here.control, *(here.arm(point) for point in here.points)]
    baseline, *arms = [scenario_of(one, drawn_parameters(one, task.draw)) for one in chosen]
    return baseline, arms


def run_bare(baseline: Any, arms: list[Any], task: Any) -> list[dict[str, float]]:
    """The runs of a task and nothing else: their totals, in the order of `arms`."""
    from sim.simulate import run_arm, warm_up

    warm, volume = warm_up(arms, baseline, task.draw, task.replicate)
    runs = [run_arm(warm, arm, volume=volume)[0] for arm in arms]
    warm.close()
    return [
        {name: float(value) for (name, group), value in run.values.items() if group == "all"}
        for run in runs
    ]


def pairs(worlds: int) -> Figures:
    """Seconds of every world, bare and in the study, on the clock and of the processor; which comes
    first changes from world to world."""
    from sim.door.study_worlds import run_study_task

    found: Figures = {"bare": [], "study": [], "bare_cpu": [], "study_cpu": []}
    with tempfile.TemporaryDirectory() as name:
        for k, task in enumerate(tasks(f"{name}/study", worlds + 1)):
            baseline, arms = arms_of(task)
            work: dict[str, Any] = {
                "bare": lambda a=baseline, b=arms, c=task: run_bare(a, b, c),
                "study": lambda c=task: run_study_task(c),
            }
            for side in ("bare", "study") if k % 2 else ("study", "bare"):
                began, cpu = time.perf_counter(), time.process_time()
                work[side]()
                if k:  # the first world loads kernels and memory
                    found[side].append(time.perf_counter() - began)
                    found[f"{side}_cpu"].append(time.process_time() - cpu)
    return found


def cores(worlds: int, rounds: int) -> Figures:
    """Worlds a second by one process and by two, in turn; starting them is not counted."""
    found: Figures = {"one": [], "two": []}
    with tempfile.TemporaryDirectory() as name:
        for k in range(rounds):
            for side, workers in (("one", 1), ("two", 2)):
                todo = tasks(f"{name}/{side}{k}", worlds + workers)
                found[side].append(rate(todo, workers))
    return found


def rate(todo: list[Any], workers: int) -> float:
    """Worlds a second after the first one of each process, which loads kernels; the last worlds,
    which may leave a process idle, are in it."""
    from sim.study import ensemble

    found = [done for _, done in ensemble.stream(one_world, todo, workers=workers)]
    if len({process for process, _ in found}) != workers:
        raise RuntimeError(f"not all of the {workers} processes had a world")
    return pace(found)


def one_world(task: Any) -> tuple[int, float]:
    """Do a task; (the process that did it, when it was done)."""
    from sim.door.study_worlds import run_study_task

    run_study_task(task)
    return os.getpid(), time.time()


def pace(done: list[tuple[int, float]]) -> float:
    """Tasks a second. Every process is counted from its own first end to the last end of all:
    n - W tasks in sum(end - first of each) / W seconds."""
    first: dict[int, float] = {}
    for process, moment in done:
        first[process] = min(moment, first.get(process, moment))
    end = max(moment for _, moment in done)
    return (len(done) - len(first)) / (end - sum(first.values()) / len(first))


def whole(worlds: int, workers: int = 2) -> Figures:
    """The study from the command line."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        words = [*POINTS, *SHORT, f"worlds={worlds}", f"workers={workers}", "study.name=bench",
                 f"results={place}"]  # fmt: skip
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "sim", "-m", *words], cwd=ROOT, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        seen = list(watched(process, place / "studies" / "bench" / "runs"))
        _, told = process.communicate()
        seconds = time.perf_counter() - began
        if process.returncode:
            raise RuntimeError(told.decode(errors="replace")[-2_000:])
    last = seen[-1][0]
    found = {"seconds": [seconds], "runs": [float(worlds * RUNS_PER_WORLD)]}
    for label, (low, high) in (("early", EARLY), ("late", LATE)):
        known = [held for n, held in seen if low <= n * 1_000 / max(last, 1) < high and held]
        if known:
            found[f"memory_{label}"] = [median(known)]
    return found


def watched(process: subprocess.Popen[bytes], runs: Path) -> Iterator[tuple[int, float]]:
    """(finished runs, bytes held by the process and those it started), until it ends."""
    while process.poll() is None:
        time.sleep(EVERY)
        done = sum(1 for _ in runs.glob("*/*.json")) if runs.is_dir() else 0
        yield done, held_by(process.pid)


def held_by(pid: int) -> float:
    """Bytes of memory of a process and its descendants, pages that they share counted once each
    in proportion; 0 where the system does not tell."""
    total = 0.0
    for one in [pid, *descendants(pid)]:
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text("utf-8").splitlines():
                if line.startswith("Pss:"):
                    total += 1_024.0 * float(line.split()[1])
        except OSError:  # it has just ended, or there is no such place
            continue
    return total


def descendants(pid: int) -> list[int]:
    """Processes started by a process, and by those."""
    found: list[int] = []
    for entry in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in entry.read_text("utf-8").split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found
