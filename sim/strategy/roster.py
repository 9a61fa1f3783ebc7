"""Who works where and since when: what a policy that tells accounts or weeks apart goes by.

    accounts   "all", a kind of account (vocabulary.KINDS), or names of the table, with ; between
    weeks      of the run, counted from hour 0; an investment changes at the beginning of a week
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import UserError, nearest
from sim.vocabulary import KINDS, OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.world.accounts import Accounts

DAYS_PER_WEEK = 7
EVERYBODY = "all"
OUR_KINDS = KINDS[:4]


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The accounts of the ministry, one row each, in the order of the table."""

    names: Sequence[str]
    kinds: np.ndarray  # vocabulary.KINDS
    n_followers: np.ndarray  # as in the table
    table_hours: np.ndarray  # float64, a week

    def __len__(self) -> int:
        return len(self.table_hours)

    def chosen(self, accounts: str, key: str) -> np.ndarray:
        """bool: the accounts that a text names; `key` is where it was written."""
        if accounts == EVERYBODY:
            return np.ones(len(self), np.bool_)
        if accounts in OUR_KINDS:
            found = np.asarray(self.kinds) == KINDS.index(accounts)
            if not found.any():
                raise UserError(
                    f"'{key}={accounts}': the table has no account of this kind. "
                    f"Allowed: {EVERYBODY}, {', '.join(OUR_KINDS)}, or names."
                )
            return found
        rows = [self._row(name.strip(), accounts, key) for name in accounts.split(";")]
        return np.isin(np.arange(len(self)), rows)

    def _row(self, name: str, accounts: str, key: str) -> int:
        if name in self.names:
            return list(self.names).index(name)
        guess = nearest(name, [*self.names, *OUR_KINDS, EVERYBODY])
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise UserError(
            f"'{key}={accounts}': the ministry has no account '{name}'.{hint} Allowed: {EVERYBODY},"
            f" a kind ({', '.join(OUR_KINDS)}), or names as in the table, with ; between."
        )


def roster_of(accounts: Accounts) -> Roster:
    """The roster of a network."""
    rows = np.flatnonzero(np.asarray(accounts.sides) == OURS)
    return Roster(
        names=[accounts.names[row] for row in rows], kinds=np.asarray(accounts.kinds)[rows],
        n_followers=np.asarray(accounts.n_followers)[rows],
        table_hours=np.asarray(accounts.hours_per_week, np.float64)[rows],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The weeks of a run."""

    start: dt.date  # the first measured day
    first_week: int  # the week that begins with it, from hour 0
    n_days: int  # measured

    def week_from(self, day: int | None, date: dt.date | None, section: str) -> int:
        """The first week that begins on or after a measured day (0 is the first) or a date."""
        if date is not None:
            if date < self.start:
                raise UserError(f"'{section}.from_date={date}' is before the first measured day, "
                                f"{self.start}. Leave it out to begin there.")  # fmt: skip
            day = (date - self.start).days
        week = -(-(day or 0) // DAYS_PER_WEEK)
        if week * DAYS_PER_WEEK >= self.n_days:
            key = "from_day" if date is None else "from_date"
            raise UserError(
                f"'{section}.{key}={day if date is None else date}': no week begins between then "
                f"and the last of {self.n_days} days: nothing would change. Name an earlier one or "
                "raise days."
            )
        return self.first_week + week

    @property
    def weeks(self) -> list[int]:
        """The measured weeks, the last of which may be cut short."""
        return list(range(self.first_week, self.first_week - (-self.n_days // DAYS_PER_WEEK)))


