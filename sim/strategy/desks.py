"""The desks of all accounts as one strategy: planned work and answers side by side.

Every posture is this one composition under another budget: rho of the hours go to `Proactive`, the
rest to `Reactive`, and both draw on one office with one price list. Silent accounts have no hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms.claims import Contested
from sim.mechanisms.clearance import mean_service
from sim.strategy import causes
from sim.strategy.asserting import shares_inaccurate, with_claims
from sim.strategy.central_desk import CentralDesk
from sim.strategy.craft import make_craft
from sim.strategy.early import Early
from sim.strategy.hearing import Hearing
from sim.strategy.imitating import Imitating, make_imitating
from sim.strategy.learning import Learner, make_learner
from sim.strategy.ledger import Ledger
from sim.strategy.office import Office, opening_banks, own_topics
from sim.strategy.parties import make_replies, share_of_replies, with_reserve
from sim.strategy.proactive import Proactive
from sim.strategy.reactive import Reactive
from sim.strategy.repeating import Campaigns, campaigns_of
from sim.strategy.staffing import Rules, Staffing
from sim.strategy.tagging import Tagger
from sim.strategy.view import Hearer, View
from sim.strategy.volume import even_office
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

    def reserved(self, staffing: Staffing, week: int, planned: np.ndarray | None) -> Budget:
        """The budget of a week, with the hours for replies kept back; `planned`: learnt shares."""
        share = share_of_replies(staffing.policy, self.rules.rivals, self.accounts)
        return with_reserve(staffing.budget(week, planned), share)

    def imitating(self, policy: Policy) -> Imitating:
        """Who imitates under a policy, before anything was learnt."""
        return make_imitating(policy, self.rules.rivals, self.rules.imitation, self.accounts)

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

    def __init__(
        self, office: Office, staffing: Staffing, setting: Setting, imitating: Imitating,
        week: int = 0, learner: Learner | None = None,
    ) -> None:  # fmt: skip
        self.office, self.staffing, self.learner = office, staffing, learner
        self._imitating = imitating
        self._setting, self._week = setting, week
        policy, rivals, accounts = staffing.policy, setting.rules.rivals, setting.accounts
        self._planned = Proactive(office, Early(policy, accounts))
        self._answering = Reactive(office)
        self._tagger = Tagger(policy.tagging, setting.rules.tags, accounts)
        self._inaccurate = shares_inaccurate(rivals, accounts)
        self.replies = make_replies(office, policy, rivals, setting.rules.dispute, accounts,
                                    len(setting.markets.names), setting.rules.venues)  # fmt: skip

    def plan(self, view: View, week: int) -> np.ndarray:
        """Learn from last week, close its books, then plan the week that begins."""
        if self.learner is not None:
            before = self.staffing.budget(self._week, self.learner.planned)
            self.learner.look_back(view, before.hours, before.planned)
        self._week = week
        budget = self._setting.reserved(self.staffing, week, self._learnt)
        self._imitating.turn(view, budget)
        self.office.begin(self._imitating.applied(budget, self.office.work))
        self.office.turn(week)
        return self._published(self._planned.plan(view, week))

    def daily(self, view: View, day: int) -> np.ndarray:
        """A day's work, and its routine posts."""
        self.office.work_a_day(day // 7)
        if self.replies is not None:
            self.replies.work_a_day()
        return self._published(self._answering.daily(view, day))

    def answer(self, view: View, event: int) -> np.ndarray:
        """Answers to an event that breaks now, from accounts that had nothing ready for it."""
        return self.answers(view, np.array([event]))

    def answers(self, view: View, events: np.ndarray) -> np.ndarray:
        """The same for the events of a part of a day in which nothing else is decided."""
        return self._published(self._answering.answers(view, events))

    @property
    def hear(self) -> Hearer | None:
        """Replies to posts; None where nobody ever replies."""
        return None if self.replies is None else self._hear

    def _hear(self, view: View, posts: np.ndarray) -> np.ndarray:
        assert self.replies is not None
        return self._asserting(self.replies.hear(view, posts))

    def _published(self, posts: np.ndarray) -> np.ndarray:
        """The posts with what they assert, with tags, and with copies on further platforms."""
        return self.staffing.copies.added_to(self._tagger.tagged(self._asserting(posts)))

    def _asserting(self, posts: np.ndarray) -> np.ndarray:
        """The posts with the accuracy of what they assert, where the world has claims."""
        if isinstance(self._setting.rules.claims, Contested) and len(posts):
            return with_claims(posts, self._inaccurate)
        return posts

    def fork(self, policy: Policy) -> Desks:
        """The same desks under another policy from here: banks (as full as they were) and books go
        along, what others have learnt, and what ours have under the same posture."""
        setting, office, staffing = self._setting, self.office, self.staffing.under(policy)
        learner = self.learner.copy() if self.learner is not None else None
        if policy.posture != self.staffing.policy.posture:
            learner = make_learner(policy.posture, np.asarray(setting.accounts.sides) == OURS)
        imitating = setting.imitating(policy).after(self._imitating)
        learnt = None if learner is None else learner.planned
        reserved = setting.reserved(staffing, self._week, learnt)
        budget = imitating.applied(reserved, office.work)
        twin = office.fork(
            self._week, budget, setting.hearing(budget, office.stems), setting.groups(policy),
            setting.central(policy, office.central),
        )  # fmt: skip
        twin.campaigns = setting.campaigns(policy, office.campaigns)
        desks = Desks(twin, staffing, setting, imitating, self._week, learner)
        if self.replies is not None and desks.replies is not None:
            desks.replies.go_on_from(self.replies)
        return desks

    def plans(self, policy: Policy) -> np.ndarray:
        """float64[n_accounts, n_weeks]: posts that a policy's budgets pay for in each week."""
        staffing = self.staffing.under(policy)
        weeks = range(self.ledger.given.shape[1])
        return np.column_stack([staffing.budget(week).n_posts for week in weeks])

    def at_equal_volume(self, n_posts: np.ndarray, *, same_quality: bool) -> Desks:
        """The same desks from here on with so many originals a week (float64[n_accounts, n_weeks]),
        the same in every arm. Nobody of ours replies to posts (strategy/fairness.py)."""
        setting = self._setting
        staffing = self.staffing.under(self.staffing.policy, same_media=True)
        office = even_office(
            self.office, setting.reserved(staffing, self._week, self._learnt), n_posts,
            ours=np.asarray(setting.accounts.sides) == OURS, same_quality=same_quality,
        )  # fmt: skip
        desks = Desks(office, staffing, setting, self._imitating, self._week, self.learner)
        if self.replies is not None and desks.replies is not None:
            desks.replies.go_on_from(self.replies)
        return desks

    @property
    def _learnt(self) -> np.ndarray | None:
        """float64[n_accounts]: planned shares that have been learnt, by a posture that learns."""
        return None if self.learner is None else self.learner.planned

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
    budget = setting.reserved(staffing, 0, None)
    bank, planned_bank = opening_banks(stems, budget)
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
    imitating, learner = setting.imitating(policy), make_learner(policy.posture, ours)
    return Desks(office, staffing, setting, imitating, learner=learner)
