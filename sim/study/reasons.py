"""Why a measure has no interval and so no verdict: the words that every report shows."""

from __future__ import annotations

import numpy as np

from sim.measures import Measure
from sim.study.random_effects import MIN_DRAWS

LARGEST = 1e100  # beyond it squares and back-translations overflow
UNSEEN = "could have stayed unseen"


def unusable(measure: Measure, scenario: np.ndarray, against: np.ndarray) -> str:
    """Why the numbers themselves cannot be used; empty where they can."""
    n_bad = int((~(np.isfinite(scenario) & np.isfinite(against))).sum())
    if n_bad:
        return f"{n_bad} of {scenario.size} worlds gave no finite number (undefined or infinite)"
    if max(np.abs(scenario).max(), np.abs(against).max()) > LARGEST:
        return f"a number is beyond {LARGEST:g}: the measure is broken"
    if measure.heavy_tailed and min(scenario.min(), against.min()) < 0:
        return "a count is below zero, which cannot be: the measure is broken"
    return ""


def reason(scenario: np.ndarray, against: np.ndarray) -> str:
    """Why no interval can be honest, whatever the differences are; empty where one can."""
    draws, replicates = scenario.shape
    if scenario.size == 1:
        return "one world cannot tell luck from policy"
    if not scenario.any() and not against.any():
        return "it is zero in every world of both arms"
    if draws == 1 and replicates < MIN_DRAWS:
        return f"{replicates} worlds are too few: at least {MIN_DRAWS} are needed"
    if 1 < draws < MIN_DRAWS:
        return f"{draws} parameter draws are too few: at least {MIN_DRAWS} are needed"
    return ""


def same_everywhere(scenario: np.ndarray, against: np.ndarray, confidence: float) -> str:
    """What can be said where every world gave the same difference; empty where they differ.

    No spread is no proof of none: an exception in a share q of the draws stays away from all D of
    them with probability (1 - q)^D (the rule of three, q < 3 / D: Hanley & Lippman-Hand 1983).
    """
    gaps = scenario - against
    if gaps.max() != gaps.min():
        return ""
    draws, replicates = gaps.shape
    n = draws if draws > 1 else replicates
    rare = 1 - (1 - confidence) ** (1 / n)
    what, other = ("both arms are", "a difference") if not gaps.any() else (
        "the difference is", "another one")  # fmt: skip
    return (
        f"{what} the same in every one of {gaps.size} worlds, and {other} that shows in fewer than "
        f"about {100 * rare:.0f} % of the {'draws' if draws > 1 else 'worlds'} {UNSEEN}"
    )
