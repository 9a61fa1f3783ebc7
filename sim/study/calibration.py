"""The design of a calibration: where in the priors it runs, and one record a run.

    scores = Phi^-1(Sobol(n, d)),     parameter = the quantile of its prior at its score

A scrambled Sobol sequence (Owen 1998) of one seed only grows: with more runs asked for, those that
are there stay. Varied are the parameters that a published pattern informs (conf/evidence) and that
have a prior; all others keep their central values, so that what is found holds for those only.

Only a part of the runs is spread so. The others go where an emulator of the runs so far says that
the patterns may be met (history matching's later waves: Craig et al. 1997), where it is needed to
be right; their scores are decided once and kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.declared import Declaration, quantile
from sim.evidence import Part, Target
from sim.observables.observed import Observed, finite
from sim.study.files import read_json, write_json

KIND = "calibration"  # of the folder of results
ALSO = ("following.share_dormant",)  # C13: those who are never there are reached by nothing
FOCUS = "focus"  # the folder of scores that were decided on
FIRST_FOCUSED = 50_000  # the numbers of those runs, beyond those of any design of a night
FEWEST_SPREAD = 64  # runs over the prior from which an emulator may say where to look
FLOOR = 0.5  # of a range's low end: what has no logarithm is read as that


def varied_keys(
    targets: Mapping[str, Target], catalogue: Mapping[str, Declaration], fixed: Collection[str]
) -> list[str]:
    """The parameters that the patterns inform, have a prior and were not set by the user."""
    informed = {key for one in targets.values() for key in one.informs} | set(ALSO)
    return sorted(
        key for key in informed
        if key in catalogue and catalogue[key].prior and key not in fixed
    )  # fmt: skip


def used_parts(targets: Mapping[str, Target], keys: Collection[str]) -> dict[str, Part]:
    """The numbers of the patterns that inform any of these parameters; what the network's table
    sets is none."""
    return {
        f"{code}.{part.name}" if part.name else code: part
        for code, target in targets.items() if set(target.informs) & set(keys)
        for part in target.parts
    }  # fmt: skip


def scores_of(n: int, d: int, seed: int) -> np.ndarray:
    """float64[n, d]: standard normal scores, space-filling in their ranks."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of balance at powers of two: the sequence may grow
        ranks = qmc.Sobol(d, rng=np.random.default_rng([seed, d])).random(n)
    return np.asarray(ndtri(np.clip(ranks, 1e-6, 1 - 1e-6)))


def n_focused(n: int, share: float) -> int:
    """Of n runs, those that go where the others say that patterns may be met; none while the others
    are too few to say so."""
    focused = int(n * share)
    return focused if n - focused >= FEWEST_SPREAD else 0


def focused_before(folder: Path, keys: Sequence[str]) -> np.ndarray:
    """float64[n, d]: scores of the runs decided on so far; number FIRST_FOCUSED on."""
    found = [np.asarray(read_json(one)["scores"]) for one in
             sorted((folder / FOCUS).glob("*.json"))]  # fmt: skip
    return np.concatenate(found) if found else np.zeros((0, len(keys)))


def decide_on(folder: Path, scores: np.ndarray, n_before: int, n_runs: int) -> None:
    """Write scores of further runs, and from how many runs they came."""
    (folder / FOCUS).mkdir(exist_ok=True)
    write_json(folder / FOCUS / f"{n_before:05d}.json",
               {"from_runs": n_runs, "scores": scores.tolist()})  # fmt: skip


def parameters_at(
    scores: np.ndarray, keys: Sequence[str], catalogue: Mapping[str, Declaration]
) -> dict[str, float]:
    """The parameters of one run from its scores."""
    from scipy.special import ndtr

    return {
        key: quantile(catalogue[key], float(score), float(ndtr(score)))
        for key, score in zip(keys, scores, strict=True)
    }


def place(folder: Path, number: int) -> Path:
    """The file of a run."""
    return folder / "runs" / f"{number:05d}.json"


def keep(folder: Path, number: int, parameters: Mapping[str, float],
         found: Mapping[str, Observed]) -> None:  # fmt: skip
    """Write a finished run, whole or not at all."""
    values = {key: finite(one.value) for key, one in found.items()}
    write_json(place(folder, number), {"parameters": dict(parameters), "values": values})


def recall(folder: Path, number: int) -> dict[str, Any] | None:
    """A run's record, or None where there is none that can be read."""
    try:
        record: dict[str, Any] = read_json(place(folder, number))
    except (OSError, ValueError):
        return None
    return record if "values" in record else None


def standard(part: Part, value: float | None) -> float:
    """Sds of the range from its middle, also beyond an open side; NaN: not known."""
    if value is None:
        return float("nan")
    middle, sd = part.middle_and_sd
    if part.scale == "log":
        low = part.range[0] or part.centre or 1.0
        value = max(value, FLOOR * low)
    return (part.scaled(value) - middle) / sd


def outcomes_of(
    records: Sequence[Mapping[str, Any]], parts: Mapping[str, Part]
) -> np.ndarray:
    """float64[n, K]: the patterns of each run in standard deviations of their ranges."""
    return np.array([
        [standard(part, one["values"].get(key)) for key, part in parts.items()] for one in records
    ]).reshape(len(records), len(parts))  # fmt: skip
