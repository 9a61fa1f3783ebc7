"""The desks of all accounts as one strategy: planned work and answers side by side.

Every posture is this one composition under another budget: rho of the hours go to `Proactive`, the
rest to `Reactive`, and both draw on one office with one price list. Silent accounts have no hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms.clearance import mean_service
from sim.strategy import causes
from sim.strategy.central_desk import CentralDesk
from sim.strategy.craft import make_craft
from sim.strategy.hearing import Hearing
from sim.strategy.ledger import Ledger
from sim.strategy.office import Office, opening_banks, own_topics
from sim.strategy.proactive import Proactive
from sim.strategy.reactive import Reactive
from sim.strategy.repeating import Campaigns, campaigns_of
from sim.strategy.staffing import Rules, Staffing
from sim.strategy.view import View
from sim.vocabulary import OURS, TOPICS

if TYPE_CHECKING:
    from sim.strategy.budget import Budget
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts
    from sim.world.markets import Markets


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What desks work in, the same for every arm."""

    rules: Rules
    accounts: Accounts
    markets: Markets
    spill: float  # as in the news (conf/news)
    n_hours: float

    def hearing(self, budget: Budget, stems: np.ndarray) -> Hearing:
        """Who hears what, under a budget."""
        return Hearing(
            self.accounts, self.markets, budget, stems,
            spill=self.spill, severe=self.rules.work.severe,
        )  # fmt: skip

    def groups(self, policy: Policy) -> np.ndarray:
        """int64[n_accounts]: who exchanges practice with whom; the ministry's accounts apart."""
        regions = np.asarray(self.markets.regions)[np.asarray(self.accounts.markets)]
        ours = np.asarray(self.accounts.sides) == OURS
        return np.where(ours, policy.exchange.groups(regions), -1 - np.arange(len(regions)))

    def campaigns(self, policy: Policy, before: Campaigns | None) -> Campaigns | None:
        """The messages that are said again under a policy."""
        price = self.rules.work.rel_hours_repeat
        return campaigns_of(policy.repetition, price, len(self.accounts.hashes), before)

    def central(self, policy: Policy, before: CentralDesk | None) -> CentralDesk | None:
        """The central desk under a policy, with what is already waiting there."""
        if not policy.clearance.is_central:
            return None
        if before is not None:
            return before.copy()
        ours = np.asarray(self.accounts.sides) == OURS
        usual = float(np.asarray(self.accounts.posts_per_week)[ours].sum())
        return CentralDesk(
            mean_service(self.rules.desk.rel_capacity, max(usual, 1e-9)), self.n_hours)  # fmt: skip


class Desks:
    """A Strategy: all accounts, ours under the tested policy, the others in their own manner."""

    def __init__(self, office: Office, staffing: Staffing, setting: Setting, week: int = 0) -> None:
        self.office, self.staffing = office, staffing
        self._setting, self._week = setting, week
        self._planned, self._answering = Proactive(office), Reactive(office)

    def plan(self, view: View, week: int) -> np.ndarray:
        """Close last week's books, then plan the week that begins."""
        self._week = week
        self.office.begin(self.staffing.budget(week))
        self.office.turn(week)
        return self._planned.plan(view, week)

    def daily(self, view: View, day: int) -> np.ndarray:
        """A day's work, and its routine posts."""
        self.office.work_a_day(day // 7)
        return self._answering.daily(view, day)

    def answer(self, view: View, event: int) -> np.ndarray:
        """Answers to an event that breaks now, from accounts that had nothing ready for it."""
        return self._answering.answer(view, event)

    def fork(self, policy: Policy) -> Desks:
        """The same desks under another policy from here: banks and books go along."""
        setting, office = self._setting, self.office
        staffing = Staffing(policy, setting.rules, setting.accounts, office.stems)
        budget = staffing.budget(self._week)
        twin = office.fork(
            budget, setting.hearing(budget, office.stems), setting.groups(policy),
            setting.central(policy, office.central),
        )  # fmt: skip
        twin.campaigns = setting.campaigns(policy, office.campaigns)
        return Desks(twin, staffing, setting, self._week)

    @property
    def ledger(self) -> Ledger:
        """The books."""
        return self.office.ledger

    @property
    def weekly_hours(self) -> np.ndarray:
        """float64[n_accounts]: staff hours per week, ours and others'."""
        return self.office.budget.hours


def make_desks(
    policy: Policy,
    rules: Rules,
    accounts: Accounts,
    markets: Markets,
    *,
    world_seed: np.uint64,
    n_hours: float,
    spill: float,
) -> Desks:
    """The desks of a world at hour 0."""
    work, hashes = rules.work, np.asarray(accounts.hashes, np.uint64)
    setting = Setting(
        rules=rules, accounts=accounts, markets=markets, spill=spill, n_hours=n_hours)  # fmt: skip
    topics = own_topics(hashes, work.n_own_topics)
    interest = np.full((len(TOPICS), len(hashes)), work.rel_answer_other_topic)
    interest[topics.T, np.arange(len(hashes))] = 1.0
    stems = causes.stems(world_seed, hashes)
    staffing = Staffing(policy, rules, accounts, stems)
    budget = staffing.budget(0)
    bank, planned_bank = opening_banks(world_seed, hashes, budget)
    ours = np.asarray(accounts.sides) == OURS
    craft = make_craft(rules.skill, hashes, ours, setting.groups(policy))
    office = Office(
        work=work,
        budget=budget,
        hearing=setting.hearing(budget, stems),
        ledger=Ledger(list(accounts.names), n_hours, bank + planned_bank),
        stems=stems,
        topics=topics,
        interest=interest,
        languages=np.asarray(accounts.languages),
        offsets=np.asarray(markets.utc_offsets, np.float64)[np.asarray(accounts.markets)],
        bank=bank,
        planned_bank=planned_bank,
        polished=np.zeros(len(hashes)),
        quality=np.ones(len(hashes)),
        craft=craft,
        desk=rules.desk,
        central=setting.central(policy, None),
        risk=budget.risk * craft.on_blunders,
        campaigns=setting.campaigns(policy, None),
    )
    office.quality = office.mean_quality(0.0)
    return Desks(office, staffing, setting)
