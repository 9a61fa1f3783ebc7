"""Accounts that begin to speak during a run: rows behind those of the network's table.

One in each host market of the ministry, in the order of the markets' weights, then round again, so
that a longer list begins with the shorter one; media and languages as the mean of the table. They
exist from hour 0, with their followers and without any hours, and change nothing for anybody before
they speak: names alone key their luck. Where there are several platforms they are on the main
one only.
Limit: they win no followers before they speak, and those they have are drawn as for any account.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim import streams
from sim.mechanisms.circumstance import LateEntrants
from sim.vocabulary import KINDS, SIDE_OF_KIND, TONES
from sim.world.accounts import Accounts
from sim.world.markets import Markets

LABEL, SOURCE = "inferred", "a late entrant"
SHARP, FORMAL, INFORMAL = (TONES.index(tone) for tone in ("sharp", "formal", "informal"))


def with_entrants(accounts: Accounts, markets: Markets, is_host: np.ndarray,
                  wanted: LateEntrants) -> Accounts:  # fmt: skip
    """The accounts with the late ones behind them, which have no hours yet."""
    n = wanted.n_accounts
    hosts = np.flatnonzero(is_host)
    by_weight = hosts[np.argsort(-markets.weights[hosts], kind="stable")]
    where = np.resize(by_weight if len(hosts) else np.array([markets.home]), n).astype(np.uint16)
    kind = KINDS.index(wanted.role)
    names = [f"Late {wanted.role} {k + 1:03d}" for k in range(n)]
    tones = np.zeros(len(TONES))
    tones[SHARP] = wanted.share_sharp
    tones[[FORMAL, INFORMAL]] = 0.5 * (1.0 - wanted.share_sharp)
    unknown, none = np.full(n, np.nan), np.zeros(n)
    more = {
        "hashes": np.array([streams.name_hash("account", name) for name in names], np.uint64),
        "kinds": np.full(n, kind), "sides": np.full(n, SIDE_OF_KIND[kind]), "markets": where,
        "languages": markets.language_of[where], "n_followers": np.full(n, wanted.followers),
        "dormant_shares": unknown, "posts_per_week": none, "hours_per_week": none,
        "tone_mixes": np.tile(tones, (n, 1)), "joined_years": unknown,
        "measured": np.zeros(n, np.bool_),
    }  # fmt: skip
    presences = accounts.presences.with_accounts(len(accounts), more["n_followers"], LABEL, SOURCE)
    for name in ("image_shares", "video_shares", "local_language_shares"):
        more[name] = np.full(n, getattr(accounts, name).mean())
    columns: dict[str, Any] = {}
    for name, values in more.items():
        known = getattr(accounts, name)
        columns[name] = np.concatenate([known, values.astype(known.dtype)])
    said = [""] * n
    return replace(
        accounts, names=accounts.names + names, labels=accounts.labels + [LABEL] * n,
        as_of=accounts.as_of + said, sources=accounts.sources + [SOURCE] * n,
        presences=presences, **columns,
    )  # fmt: skip


def speaking(accounts: Accounts, wanted: LateEntrants) -> Accounts:
    """The same accounts with the hours and posts of the late ones, which are the last rows."""
    posts, hours = accounts.posts_per_week.copy(), accounts.hours_per_week.copy()
    posts[-wanted.n_accounts :] = 7.0 * wanted.posts_per_day
    hours[-wanted.n_accounts :] = wanted.hours_per_week
    return replace(accounts, posts_per_week=posts, hours_per_week=hours)
