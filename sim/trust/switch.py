"""D4: followers after a year of serious investment, apart from interest that rose meanwhile.

    growth = followers at the end / followers at the start
    switch     scenario=serious_investment: twice the hours, training, a plainer tone
    interest   scenario=rising_interest: nothing done otherwise
    both       the two at once, as it was where the fact was found: this row is the fact

Of the embassy of which it is told, where the network has it; else the median over its missions.
Source: S0 (the followers of the embassy in the United States more than quadrupled).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sim.observables.observed import Observed, missing
from sim.scenario import Scenario
from sim.trust.follow import Followed, followed
from sim.trust.found import Found

KEY, BOTH = "D4.growth", "both"
EMBASSY = "Embassy in the United States"
Measure = Callable[[Mapping[str, Scenario], Scenario, int, int], Found]


def measure(arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int) -> Found:
    """A year of one arm, which is named by what it changes."""
    ((name, found),) = [
        (name, growth(run)) for name, run in followed(arms, baseline, draw, replicate)
    ]
    key = KEY if name == BOTH else f"{KEY}.{name}"
    value, before = found
    return Found(values={key: value}, details={"followers before": before} if before else {})


def growth(run: Followed) -> tuple[Observed, float]:
    """(growth, followers before)."""
    rows = np.flatnonzero(run.is_mission & (run.followers[0] > 0))
    if EMBASSY in run.names:
        rows = np.array([run.names.index(EMBASSY)])
    if not len(rows):
        return missing("no mission of this network has followers"), 0.0
    before, after = (run.followers[day, rows].astype(np.float64) for day in (0, -1))
    if not before.all():
        return missing(f"the {EMBASSY} has no followers"), 0.0
    note = "" if EMBASSY in run.names else "the median over missions"
    return Observed(value=float(np.median(after / before)), note=note), float(np.median(before))
