"""Writes what a small comparison says, and what the processor's own routines say of exp.

    python -m tests.worlds.processor_probe FILE.npz
"""

from __future__ import annotations

import math
import sys

from sim.kernels import use_cache

use_cache()

import numpy as np  # noqa: E402

from sim.simulate import simulate_world  # noqa: E402
from tests.baseline.results import SETTINGS  # noqa: E402
from tests.scenarios import scenario  # noqa: E402


def main(path: str) -> None:
    base, tested = scenario(SETTINGS), scenario(SETTINGS, posture="proactive")
    found: dict[str, np.ndarray] = {}
    for number, run in enumerate(simulate_world([tested, base], base, 0, 0)):
        for key, value in run.values.items():
            found[f"{number} values {key}"] = np.array(value)
        for part in ("daily", "accounts", "ranks", "posts", "shares", "audience"):
            for name, column in getattr(run, part).items():
                values = np.asarray(column)
                text = values.dtype.kind in "OU"
                found[f"{number} {part} {name}"] = values.astype(str) if text else values
    x = np.random.default_rng(1).normal(0.0, 3.0, 100_000)
    found["routine numpy"] = np.exp(x)
    found["routine math"] = np.array([math.exp(one) for one in x])
    np.savez(path, **found)


if __name__ == "__main__":
    main(sys.argv[1])
