"""Nature: one world of a generator, as it would be seen, and what is true in it.

    python -m verification.misspecification.nature FOLDER GENERATOR SIZES    a process of its own

The parameters of world w are draw w of the priors. Truth is the paired difference at those
parameters over as many replicates as it takes to know its sign or that it lies within the margin,
looked at after each of `Trial.looks`; the run that is seen is none of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from sim.kernels import MARK, source_hash
from sim.paths import cache_dir
from sim.study.files import read_json, write_json
from verification.misspecification import hooks
from verification.misspecification import trial as look
from verification.misspecification.generators import BY_NAME, Generator
from verification.misspecification.score import SURE, UNKNOWN, judged, span_of, truth_of
from verification.misspecification.trial import CONTROL, LEAD, NATURE_SEED, QUESTIONS, Trial

SEEN = 900_000  # draws of the luck of what is seen, beyond those of truth


def place(folder: Path, generator: str, world: int) -> Path:
    """The record of a world."""
    return folder / "nature" / generator / f"w{world:03d}.json"


def missing(folder: Path, generator: str, worlds: int) -> list[int]:
    return [one for one in range(worlds) if not place(folder, generator, one).is_file()]


def nature(folder: Path, generator: Generator, trial: Trial) -> None:
    """Every world of a generator that is not on the disk."""
    if not missing(folder, generator.name, trial.worlds):
        return
    if generator.compiled:
        in_its_own_process(folder, generator, trial)
        return
    make_worlds(folder, generator, trial)


def make_worlds(folder: Path, generator: Generator, trial: Trial) -> None:
    """The worlds, one after the other, in this process."""
    arms = look.arms_of(trial, generator.words, NATURE_SEED)
    path = place(folder, generator.name, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    with generator.hook():
        for world in missing(folder, generator.name, trial.worlds):
            write_json(place(folder, generator.name, world), make_world(arms, world, trial))


def make_world(arms: look.Arms, world: int, trial: Trial) -> dict[str, Any]:
    """One world's record."""
    parameters = look.drawn(arms.control, world)
    seen = look.observe(arms.control, parameters, SEEN + world, trial.samples)
    scenarios = arms.scenarios({}, world, ())
    values: dict[str, dict[str, list[float]]] = {}
    for replicates in trial.looks:
        add(values, scenarios, world, replicates)
        if all_known(values, float(arms.control.settings.worth)):
            break
    return {"parameters": parameters, "seen": seen, "values": values, "replicates": replicates,
            "worth": float(arms.control.settings.worth)}  # fmt: skip


def add(values: dict[str, dict[str, list[float]]], scenarios: Any, world: int, until: int) -> None:
    """More replicates, up to so many."""
    have = len(values[CONTROL][LEAD]) if values else 0
    for replicate in range(have, until):
        for arm, found in look.pair(scenarios, world, replicate).items():
            for measure, value in found.items():
                values.setdefault(arm, {}).setdefault(measure, []).append(value)


def truth(values: Mapping[str, Mapping[str, list[float]]], question: str, measure: str,
          worth: float) -> Any:  # fmt: skip
    """The span of the true difference, or None."""
    tested, control = (np.array([values[arm][measure]]) for arm in (question, CONTROL))
    return span_of(measure, judged(measure, tested, control, worth, SURE))


def all_known(values: Mapping[str, Mapping[str, list[float]]], worth: float) -> bool:
    """Whether the truth of every question is known for the leading measure."""
    return all(truth_of(truth(values, one, LEAD, worth), worth) != UNKNOWN for one in QUESTIONS)


# --- kernels of its own -------------------------------------------------------------------------


def in_its_own_process(folder: Path, generator: Generator, trial: Trial) -> None:
    """Kernels of another law must not meet those of the usual one, on the disk or in memory."""
    kernels = kernels_of(generator)
    inherited = {key: one for key, one in os.environ.items() if key != MARK}
    subprocess.run(
        [sys.executable, "-m", __name__, str(folder), generator.name, json.dumps(asdict(trial))],
        env={**inherited, "NUMBA_CACHE_DIR": str(kernels)}, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip


def kernels_of(generator: Generator) -> Path:
    """The folder of a generator's kernels, named by the source they come from."""
    own = hashlib.blake2b(Path(hooks.__file__).read_bytes(), digest_size=4).hexdigest()
    kernels = cache_dir() / "kernels" / f"{source_hash()}-{generator.name}-{own}"
    kernels.mkdir(parents=True, exist_ok=True)
    return kernels


def main(words: list[str]) -> None:
    """The worlds of one generator, with its law in place."""
    folder, generator, sizes = Path(words[0]), BY_NAME[words[1]], json.loads(words[2])
    assert generator.compiled is not None
    generator.compiled(Path(os.environ["NUMBA_CACHE_DIR"]))
    trial = Trial(**{**sizes, "looks": tuple(sizes["looks"])})
    make_worlds(folder, generator, trial)


def records(folder: Path, generator: str, trial: Trial) -> list[dict[str, Any] | None]:
    """What is on the disk, world by world."""
    paths = [place(folder, generator, one) for one in range(trial.worlds)]
    return [read_json(one) if one.is_file() else None for one in paths]


if __name__ == "__main__":
    main(sys.argv[1:])
