"""Stand-ins for the work of a study, importable by name from any process."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import numpy as np

from sim.study.plan import CONTROL, RunKey
from sim.study.records import keep, keep_failure


def values_of(key: RunKey) -> dict[str, float]:
    """Outcomes that depend on the run's name only."""
    world = np.random.default_rng([key.draw, key.replicate, int(key.world[1:])])
    level = 1_000 * np.exp(0.3 * world.standard_normal())
    number = 0 if key.arm == CONTROL else int(key.arm[1:])
    own = np.random.default_rng([key.draw, key.replicate, number])
    reach = level * (1 + 0.1 * number) * np.exp(0.02 * own.standard_normal())
    return {"target_reach": float(reach), "backlash": float(own.uniform(1, 2)), "hours": 100.0}


def quick(task: Any) -> int:
    """Every run of a task, at once."""
    for arm in task.arms:
        keep(task.folder, task.key(arm), values_of(task.key(arm)), {"hours": 0.0})
    return len(task.arms)


def slow(task: Any) -> int:
    """The same, a run every few hundredths of a second."""
    for arm in task.arms:
        time.sleep(0.03)
        keep(task.folder, task.key(arm), values_of(task.key(arm)), {"hours": 0.0})
    return len(task.arms)


def one_point_breaks(task: Any) -> int:
    """Point p002 fails in draw 1; a whole world breaks in draw 2, replicate 1."""
    if (task.draw, task.replicate) == (2, 1):
        raise ZeroDivisionError("planted: no world")
    for arm in task.arms:
        key = task.key(arm)
        if (task.draw, arm) == (1, "p002"):
            keep_failure(task.folder, key, task.seed, "planted", "")
        else:
            keep(task.folder, key, values_of(key), {})
    return len(task.arms)


def interrupted(task: Any) -> int:
    """Ctrl-C in draw 2, after the first run of its world."""
    if task.draw == 2:
        keep(task.folder, task.key(CONTROL), values_of(task.key(CONTROL)), {"hours": 0.0})
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    return quick(task)
