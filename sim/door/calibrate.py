"""task=calibrate: the status quo all over the priors, then which of them the patterns allow.

    1 the status quo at one-to-one scale, keeping posts      3 every run that is not on the disk yet
    2 results/calibration/NAME, its plan checked, locked     4 emulators, posterior, report

One file a run, whole or not there; the same command goes on where it was, and with more
study.calibration_runs it adds to them. Nothing is changed in conf/ without study.install=true: the
posterior is a file, from which parameters=posterior draws.
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
from sim.door.install import install, refuse_other_world, write_posterior
from sim.door.overrides import Request, refuse_policy
from sim.door.progress import progress, say
from sim.door.sizes import Size, duration, refuse_overlong, refuse_oversized, size_of
from sim.door.study_plan import deciding_of
from sim.door.words import audience_words
from sim.errors import UserError, counted
from sim.evidence import IN_RANGE, Part, load_targets
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


@dataclass(frozen=True, kw_only=True)
class Design:
    """Scores of every run, by its number."""

    keys: Sequence[str]
    scores: Mapping[int, np.ndarray]

    def with_focused(self, rows: np.ndarray) -> Design:
        """Together with runs where the patterns may be met."""
        numbered = enumerate(rows, calibration.FIRST_FOCUSED)
        return replace(self, scores={**self.scores, **dict(numbered)})


def run_calibration(request: Request, comparison: Comparison) -> int:
    """Run what is missing, infer, write, print; returns the exit code."""
    refuse_policy(request, TASK)
    refuse_without_library()
    arm = sized(comparison.baseline)
    if arm.study.install:
        refuse_other_world(arm)
    size = size_of(scenario_of(arm), arm.fixed | {"worlds"}, n_arms=1)
    refuse_oversized(size)
    refuse_overlong(size.seconds, size.workers, runs="study.calibration_runs=")
    keys = calibration.varied_keys(load_targets(), arm.catalogue, arm.fixed)
    if not keys:
        raise UserError(f"{TASK}: every parameter that a pattern informs was set; free some.")
    plan = plan_of(arm, keys)
    folder = study_folder(Path(arm.settings.results), plan.name, calibration.KIND)
    with locked(folder):
        accepted = open_plan(folder, plan, arm.study.changed)
        for key in accepted:
            say(f"Note: runs from before a change are kept: {key}.")
        made = design(arm, keys, folder, size, plan)
        report, posterior = analysed(arm, made, folder, plan, accepted, size)
        report["unmet"] = write_posterior(request, arm, folder, report, posterior[0][1:],
                                          [row[1:] for row in posterior[1]])  # fmt: skip
        write_json(folder / "calibration.json", report)
    from sim.report.calibration import print_report

    print_report(report)
    if arm.study.install:
        say(f"Installed: {install(folder, report['unmet'])}")
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


def design(arm: Arm, keys: Sequence[str], folder: Path, size: Size, plan: Plan) -> Design:
    """Do the runs that are not on the disk: those all over the priors first, then the others."""
    n, started, failed = arm.study.calibration_runs, utc_now(), []
    focused = calibration.n_focused(n, arm.study.calibration_focus)
    spread = calibration.scores_of(n - focused, len(keys), arm.settings.seed)
    made = Design(keys=keys, scores=dict(enumerate(spread)))
    say(f"{counted(n, 'run')} over {counted(len(keys), 'parameter')}, {len(spread)} of them all "
        f"over the priors, {focused} where those say that the patterns may be met.")  # fmt: skip
    try:
        failed += carry_out(arm, made, folder, size)
        if focused:
            made = made.with_focused(focused_scores(arm, made, folder, focused))
            failed += carry_out(arm, made, folder, size)
    except BaseException as error:
        with suppress(UserError):
            close(folder, plan, "interrupted", started, failed)
        error.add_note(f"{folder} keeps its finished runs. The same command goes on where it was.")
        raise
    for one in failed:
        say(f"Failed, the others go on: {one}.")
    close(folder, plan, "done", started, failed)
    return made


def carry_out(arm: Arm, made: Design, folder: Path, size: Size) -> list[Failure]:
    """Do what is missing of a design; returns what failed."""
    tasks = [
        CalibrationTask(arm=arm, number=number, folder=folder,
                        parameters=calibration.parameters_at(row, made.keys, arm.catalogue))
        for number, row in made.scores.items() if calibration.recall(folder, number) is None
    ]  # fmt: skip
    n_there = len(made.scores) - len(tasks)
    per_run = size.seconds / -(-size.worlds // size.workers)
    left = per_run * -(-len(tasks) // size.workers)
    say(f"{n_there} of {counted(len(made.scores), 'run')} on the disk; about {duration(left)} in "
        f"{counted(size.workers, 'process', 'processes')}.")  # fmt: skip
    with progress(len(made.scores), "runs", n_there) as advance:
        done = [found for _, found in ensemble.stream(
            calibration_run, tasks, workers=size.workers, on_done=advance,
            on_way=advance.under_way)]  # fmt: skip
    return [one for one in done if isinstance(one, Failure)]


def focused_scores(arm: Arm, made: Design, folder: Path, n: int) -> np.ndarray:
    """float64[n, d]: what was decided on before, and more where that is not enough."""
    from sim.study.posterior import focus

    before = calibration.focused_before(folder, made.keys)
    if len(before) < n:
        known = made.with_focused(before)
        scores, outcomes, parts, _ = outcomes_of(arm, known, folder)
        say(f"Fitting emulators to {counted(len(scores), 'run')}, to see where to look.")
        found = focus(scores, outcomes, parts, n - len(before), arm.settings.seed)
        calibration.decide_on(folder, found, len(before), len(scores))
    return calibration.focused_before(folder, made.keys)[:n]


def outcomes_of(
    arm: Arm, made: Design, folder: Path
) -> tuple[np.ndarray, np.ndarray, dict[str, Part], np.ndarray]:
    """(scores, outcomes, parts, focused) of the runs that are on the disk; patterns that too few of
    them know are left out."""
    found = {number: calibration.recall(folder, number) for number in made.scores}
    records = {number: one for number, one in found.items() if one is not None}
    parts = calibration.used_parts(load_targets(), made.keys)
    outcomes = calibration.outcomes_of(list(records.values()), parts)
    enough = np.isfinite(outcomes).sum(0) >= FEWEST
    if not enough.any():
        raise UserError(
            f"{counted(len(records), 'run')} came through, and an emulator needs {FEWEST}: raise "
            "study.calibration_runs; the same command keeps those that are there."
        )
    parts = {key: one for (key, one), good in zip(parts.items(), enough, strict=True) if good}
    numbers = np.array(list(records))
    return (np.array([made.scores[number] for number in numbers]), outcomes[:, enough], parts,
            numbers >= calibration.FIRST_FOCUSED)  # fmt: skip


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
    arm: Arm, made: Design, folder: Path, plan: Plan, accepted: Sequence[str], size: Size
) -> tuple[dict[str, Any], tuple[list[str], list[list[Any]]]]:
    """The report and the posterior sample with its header; its table and figure are written."""
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

    keys = made.keys
    scores, outcomes, parts, focused = outcomes_of(arm, made, folder)
    unknown = [key for key in calibration.used_parts(load_targets(), keys) if key not in parts]
    say("Fitting an emulator to each pattern.")
    found = calibrate(scores, outcomes, keys, parts, seed=arm.settings.seed, focused=focused)
    report = report_of(found) | {
        "runs": len(scores), "focused": int(focused.sum()), "days": arm.settings.days,
        "seed": arm.settings.seed, "plan": plan.hash, "code": plan.decisive["code"],
        "runs_from_before": list(accepted), "folder": str(folder), "not_known": unknown,
        "audience": audience_words(scenario_of(arm)),
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
    posterior = posterior_table(found, arm.catalogue)
    write_csv(folder / "posterior.csv", *posterior)
    saved(folder, "calibration", plot_calibration(report))
    return report, posterior


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
        done = [one for _, one in ensemble.stream(
            calibration_run, tasks, workers=size.workers, on_done=advance,
            on_way=advance.under_way)]  # fmt: skip
    return [
        calibration.recall(place, task.number)
        for task, one in zip(tasks, done, strict=True) if not isinstance(one, Failure)
    ]
