"""Staffing: who has how many hours in which week, and what budget follows from it.

    given = the investment's hours of the week x rhythm          (investment.py, mechanisms/heads)
    used  = given - (1 - a) max(given - table, 0)                of which training and exchange

Budgets are columns and are made anew only in weeks in which hours differ from those of the week
before, which without a schedule and without irregular missions is never.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import heads as laws
from sim.strategy import causes
from sim.strategy.aspects import mixed
from sim.strategy.budget import Budget, Week, make_budget
from sim.strategy.crossposting import Venues, make_copies
from sim.strategy.ledger import UnbalancedError
from sim.strategy.roster import Timeline, roster_of
from sim.vocabulary import OURS
from sim.world.heads import disinterested

if TYPE_CHECKING:
    from sim.mechanisms.claims import Claims
    from sim.mechanisms.clearance import Desk
    from sim.mechanisms.dispute import Dispute
    from sim.mechanisms.heads import Heads
    from sim.mechanisms.imitation import Imitation
    from sim.mechanisms.rivals import Rivals
    from sim.mechanisms.skill import Skill
    from sim.mechanisms.tags import WorldTags
    from sim.mechanisms.work import Work
    from sim.strategy.others import Others
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts

ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The world's part in the work of accounts: what all arms have alike."""

    work: Work
    rivals: Rivals
    skill: Skill
    heads: Heads
    desk: Desk
    dispute: Dispute
    claims: Claims
    imitation: Imitation
    timeline: Timeline
    venues: Venues
    tags: WorldTags


class Staffing:
    """The hours of all accounts under one policy."""

    def __init__(
        self, policy: Policy, rules: Rules, accounts: Accounts, stems: np.ndarray,
        *, same_media: bool = False,
    ) -> None:  # fmt: skip
        self._same_media = same_media
        self.policy, self.rules, self.accounts, self._stems = policy, rules, accounts, stems
        self.others: Others | None = None  # who works otherwise for a while
        self._ours = np.asarray(accounts.sides) == OURS
        self._roster = roster_of(accounts)
        self._idle = disinterested(accounts, rules.heads)
        self.copies = make_copies(policy, rules.work, accounts, rules.venues)
        self._made: tuple[Week, Budget] | None = None
        hybrid = policy.hybrid
        self._other = None if hybrid is None else Staffing(
            hybrid.other, rules, accounts, stems, same_media=same_media)  # fmt: skip
        self._mixed: tuple[Budget, Budget, Budget] | None = None  # mine, the other's, of both

    def under(self, policy: Policy, *, same_media: bool | None = None) -> Staffing:
        """The same accounts under another policy."""
        twin = Staffing(
            policy, self.rules, self.accounts, self._stems,
            same_media=self._same_media if same_media is None else same_media,
        )  # fmt: skip
        twin.others = self.others
        return twin

    def otherwise(
        self, *, rivals: Rivals | None = None, accounts: Accounts | None = None
    ) -> Staffing:
        """The same policy beside others in other manners, or with other hours in the table."""
        return Staffing(
            self.policy, replace(self.rules, rivals=rivals or self.rules.rivals),
            accounts or self.accounts, self._stems, same_media=self._same_media,
        )  # fmt: skip

    def budget(self, week: int, planned: np.ndarray | None = None) -> Budget:
        """The budget of a week; the same object as long as nothing changes. `planned`: shares that
        accounts have learnt, instead of the posture's one."""
        now = self._week(week, planned)
        if self._made is None or not now.equals(self._made[0]):
            rules = self.rules
            made = make_budget(
                self.policy, rules.work, rules.rivals, self.accounts, now, rules.desk,
                self.copies, same_media=self._same_media)  # fmt: skip
            self._made = now, made
        usual = self._made[1] if self._other is None else self._hybrid(self._made[1], week)
        return usual if self.others is None else self.others.blended(usual, week)

    def _hybrid(self, mine: Budget, week: int) -> Budget:
        """The budget of a policy that takes aspects from another one."""
        assert self._other is not None and self.policy.hybrid is not None
        theirs = self._other.budget(week)
        if self._mixed is None or self._mixed[0] is not mine or self._mixed[1] is not theirs:
            both = mixed(mine, theirs, self.policy.hybrid, self._ours)
            self._mixed = mine, theirs, both
        return self._mixed[2]

    def _week(self, week: int, planned: np.ndarray | None) -> Week:
        heads = self.rules.heads
        given = np.asarray(self.accounts.hours_per_week, np.float64).copy()
        given[self._ours] = self._invested(week)
        use, rhythm = np.ones(len(given)), np.ones(len(given))
        if self._idle.any():
            use[self._idle] = heads.rel_use
            rhythm[self._idle] = laws.rhythm(self._lapses(week)[self._idle], heads.p_lapse)
        if planned is None:
            planned = np.full(len(given), self.policy.posture.planned)
        return Week(given=given, use=use, rhythm=rhythm, planned=planned)

    def _invested(self, week: int) -> np.ndarray:
        """Hours of the ministry's accounts; where they only move, all together stay as many."""
        investment, usual = self.policy.investment, self._roster.table_hours.sum()
        hours = investment.in_week(self._roster, self.rules.timeline, week)
        if investment.moves and abs(hours.sum() - usual) > ROUNDING * usual:
            raise UnbalancedError(
                f"investment '{investment.kind}' turns {usual:.3f} hours into {hours.sum():.3f} "
                f"in week {week}"
            )
        return self.policy.posture.allotted(hours, self._roster.kinds)

    def _lapses(self, week: int) -> np.ndarray:
        """float64[n_accounts]: 1 where an irregular account lets this week pass."""
        die = causes.lapse_die(self._stems, week)
        return np.asarray(die < self.rules.heads.p_lapse, np.float64)
