"""Samples with known truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.observables.sample import Sample


def sample(account: list[int] | np.ndarray, retweets: Any, *, shares: Any = None,
           followers: Any = None, days: float = 30.0, **columns: Any) -> Sample:  # fmt: skip
    """A sample from plain lists; posts stand by account."""
    row = np.asarray(account, dtype=np.int64)
    n = int(row.max()) + 1
    stock = np.full(n, np.nan) if followers is None else np.asarray(followers, dtype=float)
    posts = {name: np.asarray(values) for name, values in columns.items()}
    if followers is not None:
        posts["followers"] = stock[row]
    return Sample(
        account=row, posts={"retweets": np.asarray(retweets), **posts},
        accounts={
            "followers": stock, "n_posts": np.bincount(row, minlength=n),
            "is_mission": np.ones(n, bool), "is_ordinary": ~(stock > 20_000),
            "is_ours": np.ones(n, bool),
        },
        shares={name: np.asarray(values) for name, values in (shares or {}).items()}, days=days,
    )  # fmt: skip


def pool(n_accounts: int, n_each: int, seed: int = 1) -> Sample:
    """Accounts of equal size with re-shares, likes, media, followers; enough to draw from."""
    luck = np.random.default_rng(seed)
    row = np.repeat(np.arange(n_accounts), n_each)
    n = luck.poisson(np.exp(luck.normal(0.0, 1.0, len(row))))
    return sample(
        row, n, followers=np.exp(luck.normal(6.5, 1.0, n_accounts)), likes=4 * n,
        image=luck.random(len(row)) < 0.5, video=luck.random(len(row)) < 0.1,
    )  # fmt: skip
