"""What of the counts was false, over the worlds of a study: means of the observed shares.

The comparison itself is made twice by `compare`: once without inauthentic counts, once with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.vocabulary import SIDES

DETECTED = (
    "inauthentic_share", "inauthentic_followers", "inauthentic_removed", "wrongly_flagged",
)  # fmt: skip
TIME = ("hours_until_half_removed", "all")


def detection(runs: Sequence[Any], kept: Sequence[int]) -> dict[str, Any]:
    """{side: {measure: {arm: mean over worlds}}} and the time to removal, the same in both arms."""
    arms = (("scenario", 0), ("against", 1))

    def mean(name: str, group: str, arm: int) -> float:
        return float(np.mean([runs[world][arm].values[name, group] for world in kept]))

    sides: dict[str, Any] = {
        side: {name: {label: mean(name, f"side:{side}", arm) for label, arm in arms}
               for name in DETECTED}
        for side in SIDES
    }  # fmt: skip
    return {"sides": sides, "hours_until_half_removed": mean(*TIME, 1)}
