"""The runs of task=validate: one file an experiment and world, whole or not there.

    results/validate/NAME/runs/d0003-r00-star.json

The same command goes on where it was. A failed run is tried again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.door.arms import Arm
from sim.door.build import drawn_parameters, scenario_of
from sim.door.trust_arms import Trial
from sim.observables.observed import Observed
from sim.study.files import read_json, write_json
from sim.study.observed import observables_of_run
from sim.trust.experiments import BY_NAME
from sim.trust.found import Found

PATTERNS = "patterns"  # the run that C1-C18 are measured on, among the experiments' names


@dataclass(frozen=True, kw_only=True)
class TrustTask:
    """One experiment in one world; plain data, so that it travels to any process."""

    trial: Trial
    draw: int
    replicate: int
    folder: Path

    @property
    def seed(self) -> int:
        return int(self.trial.baseline.values["seed"])

    @property
    def place(self) -> Path:
        """Its file."""
        name = f"d{self.draw:04d}-r{self.replicate:02d}-{self.trial.name}.json"
        return self.folder / "runs" / name


def patterns_trial(arm: Arm) -> Trial:
    """The status quo that keeps its posts."""
    return Trial(name=PATTERNS, arms={PATTERNS: arm}, baseline=arm)


def tasks_of(
    trials: Sequence[Trial], folder: Path, draws: int, replicates: int
) -> list[TrustTask]:
    """Every experiment of the first world, then of the next: what is left takes as long, run for
    run, as what is done, and a card of some worlds can be made of any beginning."""
    return [
        TrustTask(trial=one, draw=draw, replicate=replicate, folder=folder)
        for draw in range(draws) for replicate in range(replicates) for one in trials
    ]  # fmt: skip


def trust_run(task: TrustTask) -> str:
    """Run one experiment, measure, write: only its name travels back."""
    began = time.perf_counter()
    found = measured(task)
    write_json(task.place, {
        "experiment": task.trial.name, "draw": task.draw, "replicate": task.replicate,
        "values": {key: one.as_dict() for key, one in found.values.items()},
        "details": dict(found.details), "seconds": time.perf_counter() - began,
    })  # fmt: skip
    return task.trial.name


def measured(task: TrustTask) -> Found:
    """What the experiment finds, with the parameters of its draw."""
    trial, draw = task.trial, task.draw
    arms = {name: scenario_of(arm, drawn_parameters(arm, draw)) for name, arm in trial.arms.items()}
    baseline = scenario_of(trial.baseline, drawn_parameters(trial.baseline, draw))
    if trial.name != PATTERNS:
        return BY_NAME[trial.name].measure(arms, baseline, draw, task.replicate)
    from sim.simulate import simulate_world

    (run,) = simulate_world([baseline], baseline, draw, task.replicate)
    return Found(values=observables_of_run(run, n_samples=baseline.study.validation_samples))


def recall(task: TrustTask) -> dict[str, Any] | None:
    """A run's record, or None where there is none that can be read."""
    try:
        record: dict[str, Any] = read_json(task.place)
    except (OSError, ValueError):
        return None
    return record if "values" in record else None


def values_of(record: Mapping[str, Any]) -> dict[str, Observed]:
    """The numbers of a record."""
    return {key: Observed(**one) for key, one in record["values"].items()}
