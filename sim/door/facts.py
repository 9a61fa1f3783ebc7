"""Facts about the network that both arms share, read before anything runs so that a bad table is
refused at once: whose hours, from when, and how many rows were inferred."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import UserError
from sim.loading.world import host_markets
from sim.mechanisms.circumstance import StarPost
from sim.mechanisms.platforms import SeveralPlatforms
from sim.paths import conf_dir, find_table
from sim.scenario import Scenario
from sim.strategy.happenings import star_account
from sim.strategy.investment import mean_hours
from sim.strategy.policy import Policy
from sim.strategy.roster import Roster, Timeline, roster_of
from sim.vocabulary import OURS
from sim.world.account_table import FICTITIOUS
from sim.world.accounts import Accounts, load_network
from sim.world.calendar import read_calendar
from sim.world.citizens import market_of_crisis
from sim.world.leagues import published_sentences
from sim.world.members import read_adoption


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is said of the network."""

    network: str
    date: str
    roster: Roster  # the ministry's accounts
    timeline: Timeline
    notes: tuple[str, ...]  # how the network's table was completed
    cautions: tuple[str, ...] = ()  # what of the user's tables this run does not use
    published: tuple[str, ...] = ()  # what published leagues say of this ministry

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


def called_network(table: str) -> str:
    """A committed network by its name, a user's own by its file."""
    path = Path(table)
    is_ours = find_table(path, "network.table").parent == conf_dir() / "network"
    return f"the {path.stem} network" if is_ours else path.name


def facts_of(scenario: Scenario, *others: Scenario) -> Facts:
    """Load and check the tables a scenario names; others, in the same world, are checked too."""
    markets, accounts = load_network(scenario.network, *scenario.platform_names)
    settings = scenario.settings
    for one in (scenario, *others):
        _refuse_idle_copying(one, accounts)
        if isinstance(one.circumstance, StarPost):
            star_account(one.circumstance.account, accounts)
        if one.policy.notification.pushes:
            market_of_crisis(one.citizens, markets, host_markets(accounts, markets))
    several = scenario.platforms
    if isinstance(several, SeveralPlatforms):
        names = [one.name for one in scenario.all_platforms]
        read_adoption(find_table(several.adoption, "platforms.adoption"), markets, names)
    cautions: tuple[str, ...] = ()
    if settings.calendar is not None:
        path = find_table(settings.calendar, "calendar")
        found = read_calendar(path, markets, settings.start, settings.warmup_days, settings.days)
        cautions = (found.note(),) if found.n_outside else ()
    ours = accounts.sides == OURS
    dates = sorted({text for text, mine in zip(accounts.as_of, ours, strict=True) if mine and text})
    spread = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "undated"
    called = called_network(scenario.network.table)
    if all(label == FICTITIOUS for label in accounts.labels):
        called += f" (fictitious: the ministry of {scenario.network.home})"
    return Facts(
        network=f"{called}, {int(ours.sum())} accounts of the ministry of {len(accounts)} in all",
        date=f"as of {spread}" if dates else spread,
        roster=roster_of(accounts),
        timeline=Timeline(start=settings.start, first_week=0, n_days=settings.days),
        notes=tuple(accounts.notes()),
        cautions=cautions,
        published=published_sentences(scenario.network.home),
    )
