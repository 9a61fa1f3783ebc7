"""How the tasks of a study are dealt out to processes, so that none stands idle at the end.

    n tasks, W processes:   q W of them whole, the dearest first;   each of the r = n - q W that are
                            left over in W // r parts, by runs, which go on beside each other

A part repeats the warm-up and the control of its world: a world is cut only where a process would
else have nothing to do. The order and the cuts decide when a run is made, never what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from sim.door.study_worlds import StudyTask
from sim.study.plan import CONTROL


def dealt(
    tasks: Sequence[StudyTask], workers: int, seconds: Mapping[str, float]
) -> list[StudyTask]:
    """The tasks in the order in which they begin. seconds: of a run, by circumstance."""
    ordered = sorted(
        tasks, key=lambda one: -seconds.get(one.circumstance.id, 0.0) * (1 + len(points_of(one)))
    )
    left = len(ordered) % workers
    whole, over = ordered[: len(ordered) - left], ordered[len(ordered) - left :]
    return [*whole, *(part for one in over for part in parts_of(one, workers // left))]


def points_of(task: StudyTask) -> tuple[str, ...]:
    """The runs to do, but for the control, which every part of a task repeats."""
    return tuple(arm for arm in task.arms if arm != CONTROL)


def parts_of(task: StudyTask, n: int) -> list[StudyTask]:
    """A task in at most n parts, of as many runs each as can be; the first one has the control."""
    points = points_of(task)
    n = min(n, len(points))
    if n < 2:
        return [task]
    ends = [len(points) * k // n for k in range(n + 1)]
    parts = [points[low:high] for low, high in pairwise(ends)]
    first = (CONTROL,) if CONTROL in task.arms else ()
    return [replace(task, arms=(first if k == 0 else ()) + part) for k, part in enumerate(parts)]


def employed(workers: int, tasks: int, points: int) -> int:
    """How many of the processes get something to do, with at least so many points a task."""
    if workers <= tasks:
        return workers
    return tasks * min(workers // tasks, max(1, points))
