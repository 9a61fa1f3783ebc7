"""The books: what became of every staff hour, by account and week.

    given = monitoring + planning + production + lost + polish + training + exchange + replies
            + unused + (work in progress, end - start) - reset

production: posts published; lost: posts prepared for what then happened otherwise; polish: leftover
hours, which go into the quality of the next week's posts; training, exchange: hours that go into
skill; replies: hours kept for people who comment; unused: hours that a mission was given and did
not use for its posts; work in progress: hours
worked on posts not yet published, never below 0 at the end of a week, so that nothing is published
before the work; reset: work in progress that an arm is given, or gives up, where it forks, so that
it starts as a desk that always worked by its policy.
Hours are given day by day; within a week a plan may spend the hours of its later days.
"""

from __future__ import annotations

import numpy as np

from sim.vocabulary import HOURS_PER_WEEK

USES = (
    "monitoring", "planning", "production", "lost", "polish", "training", "exchange", "replies",
    "unused",
)  # fmt: skip
TOLERANCE = 0.02


class UnbalancedError(Exception):
    """The books of an account do not add up: an error of the strategy, not of the user."""


class Ledger:
    """Hours by account (row) and week (column); uses: {use: float64[n_accounts, n_weeks]}."""

    def __init__(self, names: list[str], n_hours: float, opening: np.ndarray) -> None:
        shape = (len(names), int(n_hours // HOURS_PER_WEEK) + 2)
        self.names = names
        self.opening = opening.copy()  # worked before hour 0 on what is not yet published
        self.given = np.zeros(shape)
        self.uses = {use: np.zeros(shape) for use in USES}
        self.progress = np.full(shape, np.nan)  # NaN until the week is closed
        self.resets = np.zeros(shape)
        self.left_out = np.zeros(len(names), np.bool_)  # whose hours a circumstance changes

    def copy(self) -> Ledger:
        """The same books for an arm that goes its own way from here."""
        twin = Ledger.__new__(Ledger)
        twin.names, twin.opening = self.names, self.opening.copy()
        twin.given, twin.progress = self.given.copy(), self.progress.copy()
        twin.left_out, twin.resets = self.left_out.copy(), self.resets.copy()
        twin.uses = {use: table.copy() for use, table in self.uses.items()}
        return twin

    def leave_out(self, rows: np.ndarray) -> None:
        """Mark accounts whose hours are not to be compared with those of another arm."""
        self.left_out |= rows

    def give(self, week: int, hours: np.ndarray) -> None:
        """Hours worked by every account."""
        self.given[:, week] += hours

    def book(self, use: str, week: int, rows: np.ndarray | slice, hours: np.ndarray) -> None:
        """Hours used; each account at most once in `rows`."""
        self.uses[use][rows, week] += hours

    def reset(self, week: int, hours: np.ndarray) -> None:
        """Work in progress changes without work, in a week that is not yet closed."""
        self.resets[:, week] += hours

    def close(self, week: int, progress: np.ndarray) -> None:
        """Take stock at the end of a week."""
        self.progress[:, week] = progress

    def spent(self) -> np.ndarray:
        """float64[n_accounts, n_weeks]: hours used, with the change of work in progress that is
        not a reset."""
        start = np.column_stack([self.opening, self.progress[:, :-1]])
        used = np.sum([self.uses[use] for use in USES], axis=0)
        return np.asarray(used + self.progress - start - self.resets)

    def check(self, tolerance: float = TOLERANCE) -> float:
        """The worst relative deviation of spent from given over all closed account-weeks.

        Raises UnbalancedError, naming account and week, beyond the tolerance, or where more was
        published than worked.
        """
        spent, closed = self.spent(), ~np.isnan(self.progress)
        scale = np.maximum(self.given, 1e-9)
        busy = closed & ~np.isnan(spent) & ((self.given > 0) | (np.abs(spent) > 1e-6))
        deviation = np.where(busy, np.abs(spent - self.given) / scale, 0.0)
        self._refuse(deviation > tolerance, "spends other hours than it is given")
        debt = closed & (self.progress < -tolerance * scale - 1e-6)
        self._refuse(debt, "publishes work before it is done")
        return float(deviation.max(initial=0.0))

    def _refuse(self, wrong: np.ndarray, what: str) -> None:
        if wrong.any():
            row, week = (int(i) for i in np.argwhere(wrong)[0])
            raise UnbalancedError(
                f"account '{self.names[row]}' {what} in week {week}: given "
                f"{self.given[row, week]:.2f}, spent {self.spent()[row, week]:.2f}, in progress "
                f"{self.progress[row, week]:.2f} hours."
            )


def worst_difference(first: Ledger, second: Ledger, rows: np.ndarray | None = None) -> float:
    """Largest relative difference in hours spent per account and week closed in both books; without
    `rows` over all accounts whose hours no circumstance changes."""
    chosen = np.flatnonzero(~(first.left_out | second.left_out)) if rows is None else rows
    one, other = first.spent()[chosen], second.spent()[chosen]
    both = ~np.isnan(one) & ~np.isnan(other)
    scale = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-9)
    return float(np.where(both, np.abs(one - other) / scale, 0.0).max(initial=0.0))
