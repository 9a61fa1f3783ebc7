"""Presences: which account is on which platform, with how many followers there.

A row of the table is one presence; rows of one name are one account. The first one, by the order of
the world's platforms (the main one first), is where the account posts; what its row says of
activity, hours, tones and media is the account's. The others carry copies of its posts, if a policy
makes any (sim/strategy/crossposting.py). Followers stand in each row: what a row does not count
cannot be simulated, and is left out and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UserError
from sim.vocabulary import KINDS, OURS, SIDE_OF_KIND
from sim.world.account_table import AccountRow


@dataclass(frozen=True, kw_only=True)
class Presences:
    """Columns, one row a presence; the first n_accounts are the accounts' first ones, in order."""

    accounts: NDArray[np.int64]  # row of Accounts
    platforms: NDArray[np.uint8]  # row of the world's platforms, 0: the main one
    n_followers: NDArray[np.int64]  # as in the table, unscaled
    dormant_shares: NDArray[np.float64]  # NaN: the world's rule applies
    joined_years: NDArray[np.float64]  # mean age of a follow in years; NaN: the world's rule
    labels: list[str]
    as_of: list[str]
    sources: list[str]

    def __len__(self) -> int:
        return len(self.accounts)

    def table(self, n_accounts: int, n_platforms: int) -> NDArray[np.int64]:
        """int64[n_accounts, n_platforms]: the row of each presence, -1 where there is none."""
        places = np.full((n_accounts, n_platforms), -1)
        places[self.accounts, self.platforms] = np.arange(len(self))
        return places

    def with_accounts(self, n_accounts: int, n_followers: NDArray[np.int64], label: str,
                      source: str) -> Presences:  # fmt: skip
        """The same with further accounts behind the n_accounts, on the main platform only."""
        n = len(n_followers)
        unknown, said = np.full(n, np.nan), [""] * n
        more: dict[str, Any] = {
            "accounts": np.arange(n_accounts, n_accounts + n),
            "platforms": np.zeros(n, np.uint8), "n_followers": n_followers,
            "dormant_shares": unknown, "joined_years": unknown, "labels": [label] * n,
            "as_of": said, "sources": [source] * n,
        }  # fmt: skip
        columns: dict[str, Any] = {}
        for one in fields(self):
            known, new = getattr(self, one.name), more[one.name]
            if isinstance(known, list):
                columns[one.name] = [*known[:n_accounts], *new, *known[n_accounts:]]
            else:
                columns[one.name] = np.insert(known, n_accounts, new)
        return replace(self, **columns)


def first_rows(rows: Iterable[AccountRow], names: Sequence[str]
               ) -> tuple[list[AccountRow], list[AccountRow]]:  # fmt: skip
    """(the first row of every account on these platforms, all its other rows there)."""
    usable: dict[str, list[AccountRow]] = {}
    for row in rows:
        counted = row.n_followers is not None or row.platforms[:1] == (names[0],)
        if row.platforms[:1] and row.platforms[0] in names and counted:
            usable.setdefault(row.name, []).append(row)
    firsts, others = [], []
    for owned in usable.values():
        ranked = sorted(owned, key=lambda row: names.index(row.platforms[0]))
        firsts.append(ranked[0])
        others += ranked[1:]
    return firsts, others


def presences_of(firsts: Sequence[AccountRow], others: Sequence[AccountRow],
                 names: Sequence[str]) -> Presences:  # fmt: skip
    """The columns of presences, further ones by platform and then by account."""
    places = {row.name: place for place, row in enumerate(firsts)}
    further = sorted(others, key=lambda row: (names.index(row.platforms[0]), places[row.name]))
    rows = [*firsts, *further]
    return Presences(
        accounts=np.array([places[row.name] for row in rows], np.int64),
        platforms=np.array([names.index(row.platforms[0]) for row in rows], np.uint8),
        n_followers=np.array([row.n_followers for row in rows], np.int64),
        dormant_shares=np.array([row.get("dormant_share") for row in rows], np.float64),
        joined_years=np.array([row.get("joined_years") for row in rows], np.float64),
        labels=[row.label or "measured" for row in rows],
        as_of=[row.as_of for row in rows], sources=[row.source for row in rows],
    )  # fmt: skip


def refuse_empty_platforms(rows: Iterable[AccountRow], names: Sequence[str], file: str) -> None:
    """Every platform beside the main one has an account of the ministry on it."""
    there = {
        row.platforms[0] for row in rows
        if SIDE_OF_KIND[KINDS.index(row.kind or "mission")] == OURS
    }  # fmt: skip
    for name in names[1:]:
        if name not in there:
            raise UserError(f"platforms.used names '{name}', but {file} has no account of the "
                            f"ministry there with a number of followers: leave '{name}' out of "
                            "platforms.used, or give the table such a row.")  # fmt: skip
