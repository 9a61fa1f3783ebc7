"""The analyst: the default model alone, and of nature nothing but what was measured.

    1 design     runs of the status quo all over the priors, as task=calibrate makes them; one
                 design for all worlds, and so no second wave, which would be another for each
    2 posterior  the measured values take the place of the published ranges, with their half-widths
    3 again      some draws of the posterior in the model itself: which patterns are off
    4 verdict    the paired comparison at draws of the posterior; what calibration does not inform
                 is drawn from its prior

A range being (g(value) - middle) / sd, a new middle only shifts the outcomes: z - z(measured).
Beside it the comparison without any calibration, as with parameters=prior.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.door.arms import Arm
from sim.errors import UserError
from sim.evidence import IN_RANGE, Part, load_targets
from sim.study import calibration
from sim.study.emulator import FEWEST
from sim.study.files import read_json, write_json
from sim.study.posterior import Calibration, calibrate, clipped, report_of, sides_of
from verification.misspecification import trial as look
from verification.misspecification.score import Span, judged, span_of
from verification.misspecification.trial import CONTROL, MEASURED, QUESTIONS, Arms, Trial

FIRST_AGAIN = 800_000  # numbers of runs that are no part of a design
PER_WORLD = 1_000  # numbers of draws kept apart for each world
Done = Callable[[], None]
Values = Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Design:
    """What is shared by all worlds: where the model was run, and what it showed."""

    keys: Sequence[str]
    parts: Mapping[str, Part]
    scores: np.ndarray
    outcomes: np.ndarray  # sds of the published ranges


def calibrated_keys(arm: Arm) -> list[str]:
    return calibration.varied_keys(load_targets(), arm.catalogue, arm.fixed)


def run_design(folder: Path, arm: Arm, trial: Trial, done: Done = lambda: None) -> Design:
    """Do the runs that are not on the disk; all of them as a design."""
    place = folder / "design"
    (place / "runs").mkdir(parents=True, exist_ok=True)
    keys = calibrated_keys(arm)
    scores = calibration.scores_of(trial.design, len(keys), trial.seed)
    for number, row in enumerate(scores):
        if calibration.recall(place, number) is None:
            parameters = calibration.parameters_at(row, keys, arm.catalogue)
            seen = look.observe(arm, parameters, number, trial.samples)
            record = {"parameters": parameters, "values": seen}
            write_json(calibration.place(place, number), record)
        done()
    records = [calibration.recall(place, number) for number in range(trial.design)]
    parts = calibration.used_parts(load_targets(), keys)
    known = [one for one in records if one is not None]
    outcomes = calibration.outcomes_of(known, parts)
    return Design(keys=keys, parts=parts, scores=scores, outcomes=outcomes)


def fit(design: Design, seen: Values, trial: Trial) -> tuple[Calibration, np.ndarray]:
    """The posterior where the data are these values, and their places (sds of the ranges)."""
    from threadpoolctl import threadpool_limits

    (places,) = calibration.outcomes_of([{"values": dict(seen)}], design.parts)
    good = np.isfinite(places) & (np.isfinite(design.outcomes).sum(0) >= FEWEST)
    parts = {key: one for (key, one), ok in zip(design.parts.items(), good, strict=True) if ok}
    with threadpool_limits(1):
        found = calibrate(
            design.scores, design.outcomes[:, good] - places[good], design.keys, parts,
            seed=trial.seed, particles=trial.particles,
        )  # fmt: skip
    return found, places[good]


def again(arm: Arm, found: Calibration, places: np.ndarray, world: int, trial: Trial
          ) -> dict[str, float]:  # fmt: skip
    """{pattern: median deviation} of posterior draws in the model itself."""
    records = []
    for number, row in enumerate(found.scores[: trial.checks]):
        parameters = calibration.parameters_at(row, found.keys, arm.catalogue)
        draw = FIRST_AGAIN + PER_WORLD * world + number
        records.append({"values": look.observe(arm, parameters, draw, trial.samples)})
    shown = calibration.outcomes_of(records, found.parts) - places
    shown = clipped(shown, sides_of(found.parts))
    return {key: float(np.nanmedian(column))
            for key, column in zip(found.parts, shown.T, strict=True)
            if np.isfinite(column).any()}  # fmt: skip


def noticed(found: Calibration, shown: Mapping[str, float]) -> dict[str, Any]:
    """What task=calibrate would tell of the misfit."""
    report = report_of(found)
    return {
        "outside": sorted(key for key, one in shown.items() if abs(one) > IN_RANGE),
        "run_again": dict(shown), "least_worst": report["least_worst"],
        "emulated_outside": sorted(
            key for key, one in report["patterns"].items() if not one["in_range"]),
        "not_ruled_out": report["not_ruled_out"],
        "calibrated": sorted(
            key for key, one in report["parameters"].items() if one["calibrated"]),
    }  # fmt: skip


def compared(arms: Arms, points: Sequence[Mapping[str, float]], held: Sequence[str], world: int,
             trial: Trial) -> dict[str, Any]:  # fmt: skip
    """{question: {measure: verdict and interval}} over these points, one a draw."""
    values: dict[str, dict[str, np.ndarray]] = {
        arm: {one: np.zeros((len(points), trial.replicates)) for one in MEASURED}
        for arm in (*QUESTIONS, CONTROL)
    }
    for number, point in enumerate(points):
        draw = PER_WORLD * (world + 1) + number
        scenarios = arms.scenarios(point, draw, held)
        for replicate in range(trial.replicates):
            for arm, found in look.pair(scenarios, draw, replicate).items():
                for measure, value in found.items():
                    values[arm][measure][number, replicate] = value
    worth = float(arms.control.settings.worth)
    return {
        question: {one: told(one, values[question][one], values[CONTROL][one], worth)
                   for one in MEASURED}
        for question in QUESTIONS
    }  # fmt: skip


def told(measure: str, tested: np.ndarray, control: np.ndarray, worth: float) -> dict[str, Any]:
    """The verdict in the product's words, its interval relative to the status quo."""
    found = judged(measure, tested, control, worth)
    span = span_of(measure, found)
    return {"verdict": found.verdict, "span": None if span is None else vars_of(span)}


def vars_of(span: Span) -> dict[str, float]:
    return {"mean": span.mean, "lo": span.lo, "hi": span.hi}


# --- one world ----------------------------------------------------------------------------------


def place(folder: Path, generator: str, world: int) -> Path:
    """The record of an analysis."""
    return folder / "analyst" / generator / f"w{world:03d}.json"


def analyse(folder: Path, generator: str, world: int, seen: Values, design: Design, arms: Arms,
            trial: Trial) -> None:  # fmt: skip
    """Calibrate to what was seen and answer the questions, unless that is on the disk."""
    path = place(folder, generator, world)
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        found, places = fit(design, seen, trial)
    except UserError as error:  # the calibration itself refuses: nobody is misled
        write_json(path, {"refused": str(error)})
        return
    shown = again(arms.control, found, places, world, trial)
    points = [calibration.parameters_at(row, found.keys, arms.control.catalogue)
              for row in found.scores[: trial.draws]]  # fmt: skip
    answers = compared(arms, points, found.keys, world, trial)
    write_json(path, {"noticed": noticed(found, shown), "answers": answers})


def uncalibrated(folder: Path, world: int, arms: Arms, trial: Trial) -> None:
    """The same answers at draws of the prior: of no generator, since nothing of it is used."""
    path = place(folder, "prior", world)
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    nothing: Mapping[str, float] = {}
    write_json(path, {"answers": compared(arms, [nothing] * trial.draws, (), world, trial)})


def recall(folder: Path, generator: str, world: int) -> dict[str, Any] | None:
    """An analysis that is on the disk."""
    path = place(folder, generator, world)
    return read_json(path) if path.is_file() else None
