"""Other accounts work otherwise for a while: a surge of rivals, entrants that begin to speak.

    budget of the week = the usual one, with the rows concerned from a budget made otherwise

The ministry's own rows, its policy and its books are not touched. Hours of the accounts concerned
differ between an arm that has the circumstance and one that has not, so the books mark them, and a
comparison of hours leaves them out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms.circumstance import LateEntrants, RivalSurge, first_week
from sim.vocabulary import KINDS
from sim.world.entrants import speaking

if TYPE_CHECKING:
    from sim.mechanisms.circumstance import Circumstance
    from sim.mechanisms.rivals import Rivals
    from sim.strategy.budget import Budget
    from sim.strategy.staffing import Staffing


@dataclass(frozen=True, kw_only=True)
class Others:
    """Whose budget is otherwise, from which week to before which, and the staffing it is from."""

    rows: np.ndarray  # bool[n_accounts]
    first: int
    last: float
    staffing: Staffing

    def blended(self, budget: Budget, week: int) -> Budget:
        """The budget of a week, given the usual one."""
        if not self.first <= week < self.last:
            return budget
        changed = self.staffing.budget(week)
        columns = {}
        for one in fields(budget):
            mine, theirs = getattr(budget, one.name), getattr(changed, one.name)
            column = mine.copy()
            column[self.rows] = theirs[self.rows]
            columns[one.name] = column
        return replace(budget, **columns)


def make_others(
    circumstance: Circumstance, staffing: Staffing, first_measured_week: int
) -> Others | None:
    """What a circumstance does to the work of others; None where it does nothing."""
    if not isinstance(circumstance, (RivalSurge, LateEntrants)):
        return None
    accounts = staffing.accounts
    first = int(first_week(first_measured_week, circumstance.from_day))
    if isinstance(circumstance, RivalSurge):
        return Others(
            rows=np.asarray(accounts.kinds) == KINDS.index("rival"), first=first,
            last=first + circumstance.weeks,
            staffing=staffing.otherwise(rivals=surging(staffing.rules.rivals, circumstance)),
        )  # fmt: skip
    return Others(
        rows=np.arange(len(accounts)) >= len(accounts) - circumstance.n_accounts, first=first,
        last=math.inf, staffing=staffing.otherwise(accounts=speaking(accounts, circumstance)),
    )  # fmt: skip


def surging(rivals: Rivals, surge: RivalSurge) -> Rivals:
    """The manners of others, with more hours and answers of rivals."""
    usual = rivals.rival
    more = {
        "rel_hours": usual.rel_hours * surge.rel_hours,
        "answer_rate": usual.answer_rate * surge.rel_answer_rate,
    }
    return rivals.model_copy(update={"rival": usual.model_copy(update=more)})
