"""One world of one circumstance as a task: warm up once, then every arm that is not on the disk
yet.

All arms of a circumstance stand in its world, whichever are still to be run: late entrants of one
stand in all, and fair=volume takes the smallest plan of all. The control runs first in every task,
also when a study goes on and its record is there: hours are checked against it, and it must come
out as it did before, or the machine or the code is not what it was.
"""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.door.arms import OWN, Arm
from sim.door.build import drawn_parameters, scenario_of
from sim.door.study_arms import Circumstance
from sim.errors import UserError
from sim.scenario import Scenario
from sim.study.files import told, write_bytes
from sim.study.plan import CONTROL, RunKey
from sim.study.records import is_done, keep, keep_failure, place, recall
from sim.under_way import days_in_all

if TYPE_CHECKING:  # the model takes half a second to import, which the door does not wait for
    from sim.model import DiplomacyModel

CHANGED = (
    "the control came out differently than when the study began, with the same configuration: use "
    "study.changed=anew"
)


@dataclass(frozen=True, kw_only=True)
class StudyTask:
    """World (draw, replicate) of a circumstance; plain data, so that it travels to any process."""

    circumstance: Circumstance
    folder: Path
    draw: int
    replicate: int
    arms: tuple[str, ...]  # ids of the runs to do, in the order of the plan

    @property
    def seed(self) -> int:
        """The root of this world's luck, for a bug report."""
        return int(self.circumstance.control.values["seed"])

    @property
    def counts(self) -> int:
        """Runs that a progress bar moves by."""
        return len(self.arms)

    def key(self, arm: str) -> RunKey:
        return RunKey(draw=self.draw, replicate=self.replicate, world=self.circumstance.id, arm=arm)


def run_study_task(task: StudyTask) -> int:
    """Do the runs of a task, each on the disk before the next begins; how many came through."""
    from sim.simulate import days_of, refuse_another_world, warm_up

    here = task.circumstance
    chosen = [here.baseline, here.control, *(here.arm(one) for one in here.points)]
    baseline, control, *others = scenarios_of(chosen, task.draw)
    for arm in (control, *others):
        refuse_another_world(arm, baseline)
    points = {one.id: arm for one, arm in zip(here.points, others, strict=True)
              if one.id in task.arms}  # fmt: skip
    with days_in_all(days_of([control, *points.values()], baseline)):
        warm, volume = warm_up([*others, control], baseline, task.draw, task.replicate)
        try:
            return _do_points(task, warm, control, points, volume)
        finally:
            warm.close()


def _do_points(
    task: StudyTask, warm: DiplomacyModel, control: Scenario, points: Mapping[str, Scenario],
    volume: np.ndarray | None,
) -> int:  # fmt: skip
    """The control, then every point, each kept as it ends; how many came through."""
    from sim.simulate import run_arm
    from sim.strategy.fairness import check_fairness

    n_done = 0
    first, evidence = run_arm(warm, control, volume=volume)
    _keep_control(task, first)
    for name, arm in points.items():
        try:
            run, own = run_arm(warm, arm, volume=volume)
            check_fairness(control.settings.fair, [control.policy, arm.policy], [evidence, own])
        except Exception as error:
            _keep_failure(task, name, error)
        else:
            keep(task.folder, task.key(name), _totals(run.values), run.checks)
            n_done += 1
    return n_done


def run_elsewhere(task: StudyTask) -> dict[str, bytes]:
    """The same on a machine that need not see the study's folder: {place in it: record}."""
    with tempfile.TemporaryDirectory(prefix="demarche-world-") as name:
        folder = Path(name)
        (folder / "runs").mkdir()
        run_study_task(replace(task, folder=folder))
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.glob("runs/*/*.json"))
        }


def take_in(task: StudyTask, records: Mapping[str, bytes]) -> None:
    """Put what came back into the study's folder: the runs asked for, after a look at the
    control."""
    wanted = {place(task.folder, task.key(arm)) for arm in task.arms}
    control = place(task.folder, task.key(CONTROL))
    found = {task.folder / name: content for name, content in records.items()}
    if control not in wanted and found.get(control) != control.read_bytes():
        raise UserError(CHANGED)
    for path in sorted(wanted & found.keys(), key=lambda one: (one != control, one)):
        with told(path):
            path.parent.mkdir(exist_ok=True)
        write_bytes(path, found[path])


def scenarios_of(arms: Sequence[Arm], draw: int) -> list[Scenario]:
    """The arms of a circumstance with the parameters of a draw. They are those of its world, and
    are drawn once, unless an arm has a prior of its own."""
    own = any(one.prior for arm in arms for key, one in arm.catalogue.items()
              if key.startswith(OWN))  # fmt: skip
    shared = {} if own else drawn_parameters(arms[0], draw)
    return [scenario_of(arm, drawn_parameters(arm, draw) if own else shared) for arm in arms]


def _totals(values: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """What a study keeps of a run: every measure over all people."""
    return {name: value for (name, group), value in values.items() if group == "all"}


def _keep_control(task: StudyTask, run: Any) -> None:
    key, values = task.key(CONTROL), _totals(run.values)
    if is_done(task.folder, key):
        before = (recall(task.folder, key) or {})["values"]
        if {name: repr(one) for name, one in before.items()} != {
            name: repr(float(one)) for name, one in values.items()
        }:
            raise UserError(CHANGED)
        return
    keep(task.folder, key, values, run.checks)


def _keep_failure(task: StudyTask, arm: str, error: Exception) -> None:
    word = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    keep_failure(task.folder, task.key(arm), task.seed, word, traceback.format_exc())


def keep_lost(task: StudyTask, message: str, detail: str = "") -> None:
    """A task that broke as a whole: its runs that are not there count as failed."""
    for arm in task.arms:
        key = task.key(arm)
        if recall(task.folder, key) is None:
            keep_failure(task.folder, key, task.seed, message, detail)


def tasks_of(
    circumstances: tuple[Circumstance, ...], folder: Path, draws: int, replicates: int
) -> list[StudyTask]:
    """The tasks with anything left to do, worlds in order, circumstances inside worlds."""
    tasks = []
    for draw in range(draws):
        for replicate in range(replicates):
            for one in circumstances:
                task = StudyTask(circumstance=one, folder=folder, draw=draw, replicate=replicate,
                                 arms=(CONTROL, *(point.id for point in one.points)))  # fmt: skip
                left = tuple(arm for arm in task.arms if not is_done(folder, task.key(arm)))
                if left:
                    tasks.append(StudyTask(circumstance=one, folder=folder, draw=draw,
                                           replicate=replicate, arms=left))  # fmt: skip
    return tasks
