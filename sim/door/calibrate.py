"""task=calibrate: the status quo all over the priors, then which of them the patterns allow.

    1 the status quo at one-to-one scale, keeping posts      3 every run that is not on the disk yet
    2 results/calibration/NAME, its plan checked, locked     4 emulators, posterior, report

One file a run, whole or not there; the same command goes on where it was, and with more
study.calibration_runs it adds to them. Nothing is changed in conf/: the posterior is a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.declared import with_values
from sim.door.arms import Arm, Comparison
from sim.door.build import scenario_of
from sim.door.overrides import Request, refuse_policy
from sim.door.progress import progress, say
from sim.door.sizes import Size, duration, refuse_oversized, size_of
from sim.door.study_plan import deciding_of
from sim.door.words import audience_words
from sim.errors import UserError, counted
from sim.evidence import IN_RANGE, load_targets
from sim.provenance import provenance, utc_now
from sim.study import calibration, ensemble
from sim.study.emulator import FEWEST, refuse_without_library
from sim.study.ensemble import Failure
from sim.study.files import read_json, write_json
from sim.study.observed import observables_of_run
from sim.study.plan import Plan
from sim.study.records import locked, open_plan, study_folder

NAME = "calibrate"
TASK = f"task={NAME}"
N_CHECKS = 8  # draws of the posterior that are run in the model itself
FIRST_CHECK = 90_000  # their numbers, beyond those of any design of a night


@dataclass(frozen=True, kw_only=True)
class CalibrationTask:
    """One run; plain data, so that it travels to any process."""

    arm: Arm
    number: int
    parameters: Mapping[str, float]
    folder: Path

    @property
    def seed(self) -> int:
        return int(self.arm.values["seed"])


def run_calibration(request: Request, comparison: Comparison) -> int:
    """Run what is missing, infer, write, print; returns the exit code."""
    refuse_policy(request, TASK)
    refuse_without_library()
    arm = sized(comparison.baseline)
    size = size_of(scenario_of(arm), arm.fixed | {"worlds"}, n_arms=1)
    refuse_oversized(size)
    keys = calibration.varied_keys(load_targets(), arm.catalogue, arm.fixed)
    if not keys:
        raise UserError(f"{TASK}: every parameter that a pattern informs was set; free some.")
    plan = plan_of(arm, keys)
    folder = study_folder(Path(arm.settings.results), plan.name, calibration.KIND)
    with locked(folder):
        accepted = open_plan(folder, plan, arm.study.changed)
        for key in accepted:
            say(f"Note: runs from before a change are kept: {key}.")
        design(arm, keys, folder, size, plan)
        report = analysed(arm, keys, folder, plan, accepted, size)
    from sim.report.calibration import print_report

    print_report(report)
    return 0


def sized(arm: Arm) -> Arm:
    """The arm that keeps its posts, at central parameters, as long as calibration asks."""
    study = arm.study
    changes: dict[str, Any] = {
        "worlds": study.calibration_runs, "replicates": 1, "draws": study.calibration_runs,
        "parameters": "prior", "keep": "posts",
    }  # fmt: skip
    if "days" not in arm.fixed:
        changes["days"] = study.calibration_days
    return replace(arm, name=NAME, values=with_values(arm.values, changes))


def plan_of(arm: Arm, keys: Sequence[str]) -> Plan:
    """What decides the runs: how many there are does not."""
    decisive = deciding_of(arm)
    decisive |= {"calibration.varied": list(keys),
                 "study.validation_samples": arm.study.validation_samples}  # fmt: skip
    return Plan(
        name=arm.study.name or "status_quo", question="Which parameters do the patterns allow?",
        control=arm.name, control_label="status quo", axes=(), points=(), worlds={},
        decisive=decisive, seed=arm.settings.seed, days=arm.settings.days,
    )  # fmt: skip


def scores_of(arm: Arm, keys: Sequence[str]) -> np.ndarray:
    """The scores of every run of the design."""
    return calibration.scores_of(arm.study.calibration_runs, len(keys), arm.settings.seed)


def design(arm: Arm, keys: Sequence[str], folder: Path, size: Size, plan: Plan) -> None:
    """Do the runs that are not on the disk."""
    scores = scores_of(arm, keys)
    tasks = [
        CalibrationTask(arm=arm, number=number, folder=folder,
                        parameters=calibration.parameters_at(row, keys, arm.catalogue))
        for number, row in enumerate(scores) if calibration.recall(folder, number) is None
    ]  # fmt: skip
    per_run = size.seconds / -(-size.worlds // size.workers)
    left = per_run * -(-len(tasks) // size.workers)
    say(f"{counted(len(scores), 'run')} over {counted(len(keys), 'parameter')}, "
        f"{len(scores) - len(tasks)} on the disk; about {duration(left)} in "
        f"{counted(size.workers, 'process', 'processes')}.")  # fmt: skip
    started, failed = utc_now(), []
    try:
        with progress(len(scores), "runs", len(scores) - len(tasks)) as advance:
            for _, found in ensemble.stream(calibration_run, tasks, workers=size.workers,
                                            on_done=advance):  # fmt: skip
                if isinstance(found, Failure):
                    failed.append(found)
    except BaseException as error:
        with suppress(UserError):
            close(folder, plan, "interrupted", started, failed)
        error.add_note(f"{folder} keeps its finished runs. The same command goes on where it was.")
        raise
    for one in failed:
        say(f"Failed, the others go on: {one}.")
    close(folder, plan, "done", started, failed)


def close(folder: Path, plan: Plan, state: str, started: str, failed: Sequence[Failure]) -> None:
    """status.json and provenance.json."""
    done = sum(1 for _ in (folder / "runs").glob("*.json"))
    write_json(folder / "status.json", {
        "state": state, "done": done, "failed": [one.as_dict() for one in failed],
        "updated": utc_now(),
    })  # fmt: skip
    found = provenance(plan.decisive, seed=plan.seed, started=started, finished=utc_now())
    write_json(folder / "provenance.json", found)


def calibration_run(task: CalibrationTask) -> int:
    """One run of the status quo, measured and written: its luck is its own."""
    from sim.simulate import simulate_world

    scenario = scenario_of(task.arm, task.parameters)
    (run,) = simulate_world([scenario], scenario, task.number, 0)
    found = observables_of_run(run, n_samples=scenario.study.validation_samples)
    calibration.keep(task.folder, task.number, task.parameters, found)
    return task.number


def analysed(
    arm: Arm, keys: Sequence[str], folder: Path, plan: Plan, accepted: Sequence[str], size: Size
) -> dict[str, Any]:
    """The posterior and the report, written into the folder."""
    from sim.report.calibration import plot_calibration
    from sim.report.figures import saved
    from sim.study.posterior import (
        calibrate,
        clipped,
        posterior_table,
        report_of,
        sides_of,
    )
    from sim.study.store import write_csv

    scores = scores_of(arm, keys)
    records = [calibration.recall(folder, number) for number in range(len(scores))]
    known = [row for row, one in enumerate(records) if one is not None]
    parts = calibration.used_parts(load_targets(), keys)
    outcomes = calibration.outcomes_of([one for one in records if one is not None], parts)
    enough = np.isfinite(outcomes).sum(0) >= FEWEST
    if not enough.any():
        raise UserError(
            f"{counted(len(known), 'run')} came through, and an emulator needs {FEWEST}: raise "
            "study.calibration_runs; the same command keeps those that are there."
        )
    unknown = [key for key, good in zip(parts, enough, strict=True) if not good]
    parts = {key: one for key, one in parts.items() if key not in unknown}
    say("Fitting an emulator to each pattern.")
    found = calibrate(scores[known], outcomes[:, enough], keys, parts, seed=arm.settings.seed)
    report = report_of(found) | {
        "runs": len(known), "days": arm.settings.days, "seed": arm.settings.seed,
        "plan": plan.hash, "runs_from_before": list(accepted), "folder": str(folder),
        "not_known": unknown, "audience": audience_words(scenario_of(arm)),
        "provenance": read_json(folder / "provenance.json"),
    }  # fmt: skip
    again = run_again(arm, folder, found, size)
    report["checks"] = len(again)
    shown = clipped(calibration.outcomes_of(again, parts), sides_of(parts))
    for key, values in zip(parts, shown.T, strict=True):
        known_values, row = values[np.isfinite(values)], report["patterns"][key]
        row["run_again"] = float(np.median(known_values)) if len(known_values) else None
        if row["run_again"] is not None:  # the model itself has the last word
            row["in_range"] = abs(row["run_again"]) <= IN_RANGE
    write_json(folder / "calibration.json", report)
    write_csv(folder / "posterior.csv", *posterior_table(found, arm.catalogue))
    saved(folder, "calibration", plot_calibration(report))
    return report


def run_again(arm: Arm, folder: Path, found: Any, size: Size) -> list[Any]:
    """Some draws of the posterior in the model itself, with luck of their own: what the emulator
    says of them is not taken on trust."""
    place = folder / "checks"
    (place / "runs").mkdir(parents=True, exist_ok=True)
    tasks = [
        CalibrationTask(arm=arm, number=FIRST_CHECK + number, folder=place,
                        parameters=calibration.parameters_at(row, found.keys, arm.catalogue))
        for number, row in enumerate(found.scores[:N_CHECKS])
    ]  # fmt: skip
    with progress(len(tasks), "checks") as advance:
        done = [one for _, one in ensemble.stream(calibration_run, tasks, workers=size.workers,
                                                  on_done=advance)]  # fmt: skip
    return [
        calibration.recall(place, task.number)
        for task, one in zip(tasks, done, strict=True) if not isinstance(one, Failure)
    ]
