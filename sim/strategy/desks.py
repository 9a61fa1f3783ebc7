"""The desks of all accounts as one strategy: planned work and answers side by side.

Every posture is this one composition under another budget: rho of the hours go to `Proactive`, the
rest to `Reactive`, and both draw on one office with one price list. Silent accounts have no hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.strategy import causes
from sim.strategy.budget import Budget, make_budget
from sim.strategy.hearing import Hearing
from sim.strategy.learning import Learner, make_learner
from sim.strategy.ledger import Ledger
from sim.strategy.office import Office, opening_banks, own_topics
from sim.strategy.proactive import Proactive
from sim.strategy.reactive import Reactive
from sim.strategy.view import View
from sim.strategy.volume import even_office
from sim.vocabulary import OURS, TOPICS

if TYPE_CHECKING:
    from sim.mechanisms.rivals import Rivals
    from sim.mechanisms.work import Work
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts
    from sim.world.markets import Markets


class Desks:
    """A Strategy: all accounts, ours under the tested policy, the others in their own manner."""

    def __init__(
        self,
        office: Office,
        policy: Policy,
        fixed: tuple[Rivals, Accounts, Markets, float],
        learner: Learner | None = None,
        same_media: bool = False,
    ) -> None:
        self.office, self.policy, self._fixed = office, policy, fixed
        self.learner, self._same_media = learner, same_media
        self._planned, self._answering = Proactive(office), Reactive(office)

    def plan(self, view: View, week: int) -> np.ndarray:
        """Learn from last week, close its books, then plan the week that begins."""
        if self.learner is not None:
            self.learner.look_back(view, self._worked, self.office.budget.planned)
            budget = self._budget(self.policy, self.learner)
            self.office.rebudget(budget, self._hearing(budget))
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
        """The same desks under another policy from here: banks and books go along, and under the
        same policy what has been learnt."""
        learner = self.learner.copy() if self.learner is not None else None
        if policy.posture != self.policy.posture:
            learner = make_learner(policy.posture, np.asarray(self._fixed[1].sides) == OURS)
        budget = self._budget(policy, learner)
        office = self.office.fork(budget, self._hearing(budget))
        return Desks(office, policy, self._fixed, learner, self._same_media)

    def at_equal_volume(self, n_posts: np.ndarray, *, same_quality: bool) -> Desks:
        """The same desks from here on with so many originals a week, the same in every arm."""
        ours = np.asarray(self._fixed[1].sides) == OURS
        desks = Desks(self.office, self.policy, self._fixed, self.learner, same_media=True)
        budget = desks._budget(self.policy, self.learner)
        office = even_office(
            self.office, budget, self._hearing(budget),
            ours=ours, n_posts=n_posts, same_quality=same_quality,
        )  # fmt: skip
        return Desks(office, self.policy, self._fixed, self.learner, same_media=True)

    def _budget(self, policy: Policy, learner: Learner | None) -> Budget:
        """The budget of a policy, at the planned shares that have been learnt."""
        return make_budget(
            policy, self.office.work, *self._fixed[:2], same_media=self._same_media,
            planned=None if learner is None else learner.planned,
        )  # fmt: skip

    @property
    def _worked(self) -> np.ndarray:
        """float64[n_accounts]: hours a week, which a posture that learns divides its returns by."""
        accounts = self._fixed[1]
        return self.policy.weekly_hours(accounts.hours_per_week, accounts.kinds)

    def _hearing(self, budget: Budget) -> Hearing:
        _, accounts, markets, spill = self._fixed
        return Hearing(
            accounts, markets, budget, self.office.stems,
            spill=spill, severe=self.office.work.severe,
        )  # fmt: skip

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
    work: Work,
    rivals: Rivals,
    accounts: Accounts,
    markets: Markets,
    *,
    world_seed: np.uint64,
    n_hours: float,
    spill: float,
) -> Desks:
    """The desks of a world at hour 0; `spill` as in the news (conf/news)."""
    budget = make_budget(policy, work, rivals, accounts)
    hashes = np.asarray(accounts.hashes, np.uint64)
    topics = own_topics(hashes, work.n_own_topics)
    interest = np.full((len(TOPICS), len(hashes)), work.rel_answer_other_topic)
    interest[topics.T, np.arange(len(hashes))] = 1.0
    stems = causes.stems(world_seed, hashes)
    bank, planned_bank = opening_banks(world_seed, hashes, budget)
    office = Office(
        work=work,
        budget=budget,
        hearing=Hearing(accounts, markets, budget, stems, spill=spill, severe=work.severe),
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
    )
    office.quality = office.mean_quality(0.0)
    learner = make_learner(policy.posture, np.asarray(accounts.sides) == OURS)
    return Desks(office, policy, (rivals, accounts, markets, spill), learner)
