"""What one arm of one world leaves behind: plain tables, no engine, no people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Run:
    """The record of one arm in one world.

    values:   {(measure, group): value}; group is "all", "market:<name>", "age:<band>" or,
              in a world of several platforms, "platform:<name>"
    daily:    {measure: float64[n_days]}, one value a measured day
    accounts: {column: array[n_accounts]}, the columns of accounts.parquet
    ranks:    {column: array}, ministries and accounts as leagues rank them
    posts, shares, audience: {column: array}, only with keep=posts; else empty
    checks:   {name: worst deviation seen}, the identities checked during the run
    """

    values: dict[tuple[str, str], float]
    daily: dict[str, np.ndarray]
    accounts: dict[str, np.ndarray]
    ranks: dict[str, np.ndarray] = field(default_factory=dict)
    posts: dict[str, np.ndarray] = field(default_factory=dict)
    shares: dict[str, np.ndarray] = field(default_factory=dict)
    audience: dict[str, np.ndarray] = field(default_factory=dict)
    checks: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
