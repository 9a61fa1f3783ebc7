"""Who concerns himself with an event: the accounts in whose markets it is heard.

Headquarters and multilateral missions take up what reaches beyond one market, and what is severe,
wherever it happens. Rows are worked out once per place and scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.vocabulary import KINDS
from sim.world.news import affected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.strategy.budget import Budget
    from sim.world.accounts import Accounts
    from sim.world.markets import Markets

HUBS = (KINDS.index("headquarters"), KINDS.index("multilateral"))


COLUMNS = ("rows", "weights", "stems", "answer_rates", "planned")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The accounts that hear an event, with the columns that an answer asks for."""

    rows: np.ndarray  # int64[n], rising
    weights: np.ndarray  # float64[n] in (0, 1]
    stems: np.ndarray  # uint64[n], see causes
    answer_rates: np.ndarray
    planned: np.ndarray

    def without(self, rows: np.ndarray) -> Heard:
        """The same, less some accounts."""
        busy = np.zeros(int(self.rows.max(initial=0)) + 1, np.bool_)
        busy[rows[rows < len(busy)]] = True
        free = ~busy[self.rows]
        return Heard(
            rows=self.rows[free], weights=self.weights[free], stems=self.stems[free],
            answer_rates=self.answer_rates[free], planned=self.planned[free],
        )  # fmt: skip


def joined_heard(parts: Sequence[Heard], chosen: np.ndarray) -> Heard:
    """Those chosen (int64) of the accounts that hear one or the other of several events."""
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])[chosen] for name in COLUMNS
    }
    return Heard(**columns)


class Hearing:
    """event -> the accounts that hear it and ever post."""

    def __init__(
        self,
        accounts: Accounts,
        markets: Markets,
        budget: Budget,
        stems: np.ndarray,
        *,
        spill: float,
        severe: float,
    ) -> None:
        self._markets, self._spill, self._severe = markets, spill, severe
        self._market_of = np.asarray(accounts.markets)
        self._budget, self._active, self._stems = budget, budget.active, stems
        self._hubs = np.isin(accounts.kinds, HUBS)
        self._found: dict[tuple[int, int, bool], Heard] = {}

    def follow(self, budget: Budget) -> None:
        """Another week's budget. Rows stay known unless somebody begins to post or answers in
        another manner; who stops cannot pay for answers anyhow."""
        old, self._budget = self._budget, budget
        if budget is old:
            return
        alike = np.array_equal(old.answer_rate, budget.answer_rate) and np.array_equal(
            old.planned, budget.planned)  # fmt: skip
        if not alike or (budget.active & ~self._active).any():
            self._active = self._active | budget.active
            self._found = {}

    def of(self, event: np.void) -> Heard:
        """Who hears one event."""
        scope = int(event["scope"])
        place = (scope, int(event["market"]), scope > 0 or event["severity"] >= self._severe)
        heard = self._found.get(place)
        if heard is None:
            heard = self._found[place] = self._listen(event, place[2])
        return heard

    def _listen(self, event: np.void, hubs: bool) -> Heard:
        by_market = np.zeros(len(self._markets.names))
        places, weights = affected(event, self._markets, self._spill)
        by_market[places] = weights
        heard = by_market[self._market_of]
        if hubs:
            heard = np.where(self._hubs, 1.0, heard)
        rows = np.flatnonzero((heard > 0) & self._active)
        return Heard(
            rows=rows, weights=heard[rows], stems=self._stems[rows],
            answer_rates=self._budget.answer_rate[rows], planned=self._budget.planned[rows],
        )  # fmt: skip
