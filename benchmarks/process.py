"""A measurement in a process of its own: its peak memory is then that of the task alone.

    python -m benchmarks.process NAME '{"option": value}'      prints one line of JSON
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.tasks import ROOT, TASKS

UNIT = 1 if sys.platform == "darwin" else 1_024  # of ru_maxrss
ONE_CORE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")}
MARK = "benchmark:"


class FailedError(Exception):
    """A measurement that did not come to its end, with what it last said."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one process found: a list of values for every figure, and what the process took."""

    task: str
    options: dict[str, Any]
    figures: dict[str, list[float]]
    peak_bytes: float
    child_bytes: float  # of the largest process that it started
    cpu_seconds: float
    wall_seconds: float
    load: float  # processes that wanted a core, averaged over the minute before

    def __getitem__(self, name: str) -> float:
        return median(self.figures[name])


def run(task: str, **options: Any) -> Measured:
    """Have a task measured by a process that does nothing else."""
    load = os.getloadavg()[0]
    began = time.perf_counter()
    one_core = {} if task in ("command", "first_move") else ONE_CORE
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.process", task, json.dumps(options)], cwd=ROOT,
        env={**os.environ, **one_core}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        raise FailedError(f"{task} {options} failed:\n{done.stderr[-2_000:]}")
    found = json.loads(lines[-1].removeprefix(MARK))
    wall = time.perf_counter() - began
    return Measured(task=task, options=options, wall_seconds=wall, load=load, **found)


def main(name: str, options: str) -> None:
    """The child: do the task, then say what it took."""
    figures = TASKS[name](**json.loads(options))
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    answer = {
        "figures": figures, "peak_bytes": float(own.ru_maxrss * UNIT),
        "child_bytes": float(children.ru_maxrss * UNIT),
        "cpu_seconds": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
    }  # fmt: skip
    print(f"{MARK}{json.dumps(answer)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
