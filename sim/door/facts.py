"""Facts about the network that both arms share, read before anything runs so that a bad table is
refused at once: whose hours, from when, and how many rows were inferred."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.paths import find_table
from sim.scenario import Scenario
from sim.strategy.policy import Policy
from sim.vocabulary import OURS
from sim.world.accounts import load_network
from sim.world.calendar import read_calendar


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is said of the network."""

    network: str
    date: str
    table_hours: np.ndarray  # float64[n_ours]: staff hours per account and week in the table
    kinds: np.ndarray  # uint8[n_ours], index into vocabulary.KINDS
    notes: tuple[str, ...]

    def weekly_hours(self, policy: Policy) -> float:
        """Staff hours a week that a policy gives to all accounts of the ministry together."""
        return float(policy.weekly_hours(self.table_hours, self.kinds).sum())


def facts_of(scenario: Scenario) -> Facts:
    """Load and check the tables a scenario names."""
    markets, accounts = load_network(scenario.network, scenario.platform.name)
    settings = scenario.settings
    if settings.calendar is not None:
        path = find_table(settings.calendar, "calendar")
        read_calendar(path, markets, settings.start, settings.warmup_days, settings.days)
    ours = accounts.sides == OURS
    dates = sorted({text for text, mine in zip(accounts.as_of, ours, strict=True) if mine and text})
    spread = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "undated"
    name = Path(scenario.network.table).stem
    called = "the default network" if name == "default" else Path(scenario.network.table).name
    return Facts(
        network=f"{called}, {int(ours.sum())} accounts of the ministry of {len(accounts)} in all",
        date=f"as of {spread}" if dates else spread,
        table_hours=np.asarray(accounts.hours_per_week, dtype=np.float64)[ours],
        kinds=np.asarray(accounts.kinds)[ours],
        notes=tuple(accounts.notes()),
    )
