"""What leagues rank by: followers, reach and impact, of ministries and of single accounts.

    target reach of an account    different people of its own market, or of all markets abroad for
                                  those that speak to all publics
    target reach of a ministry    different people abroad, whoever of its accounts reached them
    impact index                  authentic shares of the measured originals / their number

"Abroad" is outside the ministry's own market: ours is the home market, that of others the market of
their first row. One person met by two accounts of a ministry counts once for the ministry. The same
yardstick holds for everybody; the objective `target_reach` is narrower (host publics only).
"""

from __future__ import annotations

import numpy as np

from sim.engine.base import Engine
from sim.inauthentic import FalseCounts
from sim.loading.world import ABROAD, World
from sim.vocabulary import AMPLIFICATION, COPY, KINDS, OURS, SIDES

MINISTRY, ACCOUNT = "ministry", "account"


def n_set(marks: np.ndarray, low: int, high: int) -> int:
    """Bits set among bits [low, high) of a row of bytes, lowest bit first."""
    if high <= low:
        return 0
    first, last = low >> 3, (high + 7) >> 3
    part = marks[first:last].copy()
    part[0] &= np.uint8(0xFF << (low & 7) & 0xFF)
    if high & 7:
        part[-1] &= np.uint8(0xFF >> (8 - (high & 7)))
    return int(np.bitwise_count(part).sum(dtype=np.int64))


def homes(world: World) -> dict[str, int]:
    """{owner: row of its own market}."""
    accounts = world.accounts
    found: dict[str, int] = {}
    for row, owner in enumerate(accounts.owners):
        if owner:
            mine = accounts.sides[row] == OURS
            found.setdefault(owner, world.markets.home if mine else int(accounts.markets[row]))
    return found


def met_by_any(reached: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """uint8[...]: whom any of these rows of marks reached, row by row: no copy of all of them."""
    marks = np.zeros(reached.shape[1], np.uint8)
    for row in rows:
        np.bitwise_or(marks, reached[row], out=marks)
    return marks


def reached_abroad(marks: np.ndarray, home: int, starts: np.ndarray) -> int:
    """Different people outside a market."""
    everybody = n_set(marks, 0, int(starts[-1]))
    return everybody - n_set(marks, int(starts[home]), int(starts[home + 1]))


def rank_table(engine: Engine, world: World, since: int,
               false: FalseCounts) -> dict[str, np.ndarray]:  # fmt: skip
    """The columns of ranks.parquet, without scenario and world: ministries first."""
    rows = [*_ministries(engine, world, since, false), *_accounts(engine, world, since, false)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {}


def _of_posts(engine: Engine, since: int, n_accounts: int) -> tuple[np.ndarray, np.ndarray]:
    """int64[n_accounts] each: originals of the measured time, and their authentic shares, those of
    their copies on further platforms among them."""
    posts = engine.posts
    posts = posts[(posts["hour"] >= since) & (posts["kind"] != AMPLIFICATION)]
    rows = posts["account"].astype(np.int64)
    n_posts = np.bincount(rows[posts["kind"] != COPY], minlength=n_accounts).astype(np.int64)
    shares = np.bincount(rows, posts["n_shares"], minlength=n_accounts).astype(np.int64)
    return n_posts, shares


def _accounts(engine: Engine, world: World, since: int,
              false: FalseCounts) -> list[dict[str, object]]:  # fmt: skip
    """A row an account that some ministry owns."""
    accounts, state, starts = world.accounts, engine.state, world.tables.market_start
    n_posts, shares = _of_posts(engine, since, len(accounts))
    home, found = homes(world), []
    for row, owner in enumerate(accounts.owners):
        if not owner:
            continue
        kind, market = KINDS[accounts.kinds[row]], int(accounts.markets[row])
        marks = state.reached[row]
        if kind in ABROAD or market == home[owner]:
            reach = reached_abroad(marks, home[owner], starts)
        else:
            reach = n_set(marks, int(starts[market]), int(starts[market + 1]))
        found.append({
            "level": ACCOUNT, "name": accounts.names[row], "kind": kind, "owner": owner,
            "side": SIDES[accounts.sides[row]], "label": accounts.labels[row],
            "followers": int(state.accounts["n_followers"][row]), "posts": int(n_posts[row]),
            "reach": int(state.accounts["n_unique"][row]), "target_reach": reach,
            "shares": int(shares[row]), "false_followers": int(false.followers_end[row]),
            "false_shares": int(false.shares[row]), "false_likes": int(false.likes[row]),
        })  # fmt: skip
    return found


def _ministries(engine: Engine, world: World, since: int,
                false: FalseCounts) -> list[dict[str, object]]:  # fmt: skip
    """A row a ministry, its accounts together."""
    accounts, state, starts = world.accounts, engine.state, world.tables.market_start
    n_posts, shares = _of_posts(engine, since, len(accounts))
    owners, found = np.array(accounts.owners), []
    for owner, home in homes(world).items():
        rows = np.flatnonzero(owners == owner)
        labels = sorted({accounts.labels[row] for row in rows})
        marks = met_by_any(state.reached, rows)
        found.append({
            "level": MINISTRY, "name": owner, "kind": MINISTRY, "owner": owner,
            "side": SIDES[accounts.sides[rows[0]]],
            "label": labels[0] if len(labels) == 1 else "partly inferred",
            "followers": int(state.accounts["n_followers"][rows].sum()),
            "posts": int(n_posts[rows].sum()), "reach": n_set(marks, 0, int(starts[-1])),
            "target_reach": reached_abroad(marks, home, starts),
            "shares": int(shares[rows].sum()),
            "false_followers": int(false.followers_end[rows].sum()),
            "false_shares": int(false.shares[rows].sum()),
            "false_likes": int(false.likes[rows].sum()),
        })  # fmt: skip
    return found
