"""Facts about the network that both arms share, read before anything runs so that a bad table is
refused at once: whose hours, from when, and how many rows were inferred."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import UserError
from sim.paths import find_table
from sim.scenario import Scenario
from sim.strategy.investment import mean_hours
from sim.strategy.policy import Policy
from sim.strategy.roster import Roster, Timeline, roster_of
from sim.vocabulary import OURS
from sim.world.accounts import Accounts, load_network
from sim.world.calendar import read_calendar


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is said of the network."""

    network: str
    date: str
    roster: Roster  # the ministry's accounts
    timeline: Timeline
    notes: tuple[str, ...]

    def weekly_hours(self, policy: Policy) -> float:
        """Staff hours a week that a policy gives to all accounts of the ministry together, in the
        mean over the measured days."""
        return mean_hours(
            policy.investment, self.roster, self.timeline, policy.posture.allotted)  # fmt: skip


def _refuse_idle_copying(scenario: Scenario, accounts: Accounts) -> None:
    """A policy that copies posts needs an account of the ministry on two platforms."""
    policy, presences = scenario.policy.crossposting, accounts.presences
    owners = presences.accounts[len(accounts) :]
    there = [accounts.platforms[f] for f in presences.platforms[len(accounts) :]]
    wanted = policy.named() or accounts.platforms
    ours = (accounts.sides[owners] == OURS) & np.isin(there, wanted)
    if policy.kind != "none" and not ours.any():
        raise UserError(
            f"crossposting={policy.kind} copies nothing: {accounts.file} has no account of the "
            f"ministry with a further platform among {', '.join(wanted)}. Give it rows there, or "
            "take crossposting=none."
        )


def facts_of(scenario: Scenario) -> Facts:
    """Load and check the tables a scenario names."""
    markets, accounts = load_network(scenario.network, *scenario.platform_names)
    _refuse_idle_copying(scenario, accounts)
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
        roster=roster_of(accounts),
        timeline=Timeline(start=settings.start, first_week=0, n_days=settings.days),
        notes=tuple(accounts.notes()),
    )
