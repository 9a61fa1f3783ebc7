"""A posterior sample as a calibration would write it, small and planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.declared import Declaration
from sim.door.sampled import world_of
from sim.evidence import load_targets
from sim.provenance import code_hash
from sim.study.calibration import parameters_at, used_parts
from sim.study.joint import hash_of_targets, prior_of, write_sample

KEYS = ("core.mean_shares", "sharing.p0", "visibility.selection")
SDS = (0.9, 0.3, 0.5)  # of the prior's: the first is not calibrated
N = 40


def rows_of(catalogue: Mapping[str, Declaration], n: int = N) -> list[list[float]]:
    """p0 and selection rise together, each row is another one."""
    scores = np.column_stack([
        np.linspace(-1.5, 1.5, n), np.linspace(0.5, 1.5, n), np.linspace(-1.0, 0.5, n),
    ])  # fmt: skip
    return [list(parameters_at(one, KEYS, catalogue).values()) for one in scores]


def head_of(arm: Any, **changes: Any) -> dict[str, Any]:
    head: dict[str, Any] = {
        "command": "python -m sim task=calibrate study.calibration_runs=4096",
        "date": "2026-11-26T03:04:05Z", "runs": 4096, "days": 14, "seed": 1, "audience": "readers",
        "code": code_hash(), "commit": None, "dirty": None,
        "targets": hash_of_targets(used_parts(load_targets(), KEYS)), "world": world_of(arm),
        "unmet": [],
        "patterns": {"C7": {"kind": "emergent", "in_range": False, "deviation": -4.0,
                            "run_again": -4.1}},
        "parameters": {key: {"mean": 1.0, "sd": sd, "calibrated": sd < 0.7}
                       for key, sd in zip(KEYS, SDS, strict=True)},
        "priors": {key: prior_of(arm.catalogue[key]) for key in KEYS},
    }  # fmt: skip
    return head | changes


def planted(
    path: Path, arm: Any, rows: Sequence[Sequence[float]] | None = None, **changes: Any
) -> Path:
    """Write one; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sample(path, head_of(arm, **changes), KEYS, rows or rows_of(arm.catalogue))
    return path
