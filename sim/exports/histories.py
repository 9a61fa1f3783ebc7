"""Account by account, what an imported folder knows of the past: posts, days, followers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import loads
from pathlib import Path

import numpy as np

from sim.errors import UserError
from sim.observables.export import POSTS
from sim.world.account_table import ALIASES, OPTIONAL, REQUIRED
from sim.world.table_checks import Row, Table, read_table

MAX_ROWS = 1_000_000
DAYS = ("account", "platform", "day", "impressions", "new_follows", "left")
MEDIA = ("has_image", "has_video")


@dataclass(frozen=True, kw_only=True)
class History:
    """One account on one platform. Columns of originals are ordered by time; NaN is unknown.

    start: the first day of the platform's posts, whoever made them;  n_days: from it to the last
    days: float64[n_posts] since start;   counts: {retweets, likes, impressions, ...: float64}
    joined, left: float64[n_overview_days]: follows and unfollows of each day that is known"""

    account: str
    platform: str
    start: dt.date
    n_days: float
    followers: float
    days: np.ndarray
    counts: Mapping[str, np.ndarray]
    joined: np.ndarray
    left: np.ndarray

    @property
    def n_posts(self) -> int:
        return len(self.days)


def read_histories(folder: Path) -> list[History]:
    """The histories in a folder that task=import wrote, or in one that looks like it."""
    files = sorted(folder.glob("posts*.csv"))
    if not files:
        raise UserError(
            f"data='{folder}' holds no posts.csv: name a folder that task=import has written."
        )
    followers = _followers(folder / "accounts.csv")
    daily = _daily(folder / "days.csv")
    found = []
    for path in files:
        platform = path.stem.partition("_")[2] or _platform_of(folder, daily)
        table = read_table(path, ("account", "posted_at"), ("retweets", *POSTS), {},
                           max_rows=MAX_ROWS)  # fmt: skip
        found += _of_platform(table, path, platform, followers, daily)
    return found


def _platform_of(folder: Path, daily: Mapping[tuple[str, str], object]) -> str:
    """The platform of posts.csv, as the import's record says; Twitter without one."""
    record = folder / "imported.json"
    if record.is_file():
        try:
            return str(loads(record.read_text(encoding="utf-8"))["platform"])
        except (OSError, ValueError, KeyError, TypeError):
            raise UserError(
                f"{record} is not as task=import wrote it: import again, or take the file away."
            ) from None
    return next((platform for _, platform in daily), "twitter")


def _of_platform(
    table: Table, path: Path, platform: str, followers: Mapping[tuple[str, str], float],
    daily: Mapping[tuple[str, str], np.ndarray],
) -> list[History]:  # fmt: skip
    """The accounts of one table of posts, replies left out."""
    rows = [row for row in table.rows if row.get("is_reply") != "1"]
    times = np.array([_hours(row.get("posted_at")) for row in rows]) / 24.0
    if not len(times):
        raise UserError(f"{path} holds replies alone: nothing is said of originals.")
    if np.isnan(times).any():
        bad = rows[int(np.flatnonzero(np.isnan(times))[0])]
        raise UserError(
            f"{path}, row {bad.number}, column 'posted_at': {bad.get('posted_at')!r} is no time: "
            "every post needs one, such as 2022-12-31."
        )
    first, last = math.floor(np.min(times)), math.floor(np.max(times))
    start = dt.date(1970, 1, 1) + dt.timedelta(days=first)
    names = ("retweets", "likes", "replies", "impressions", "followers", *MEDIA)
    columns = {name: np.array([_number(path, row, name) for row in rows])
               for name in names if name in table.columns}  # fmt: skip
    accounts = np.array([row.get("account") for row in rows])
    found = []
    for account in sorted(set(accounts.tolist())):
        own = np.flatnonzero(accounts == account)
        own = own[np.argsort(times[own], kind="stable")]
        counts = {name: values[own] for name, values in columns.items()}
        known = counts.pop("followers", np.zeros(0))
        stock = followers.get((account, platform), math.nan)
        if math.isnan(stock) and len(known) and not np.isnan(known).all():
            stock = float(np.nanmedian(known))
        flow = daily.get((account, platform), np.zeros((0, 2)))
        found.append(History(
            account=account, platform=platform, start=start, n_days=float(last - first + 1),
            followers=stock, days=times[own] - first, counts=counts, joined=flow[:, 0],
            left=flow[:, 1],
        ))  # fmt: skip
    return found


def cut(one: History, low: float, high: float) -> History:
    """The part of a history between two days, counted anew from the first of them."""
    chosen = (one.days >= low) & (one.days < high)
    return History(
        account=one.account, platform=one.platform, n_days=high - low, followers=one.followers,
        start=one.start + dt.timedelta(days=math.floor(low)), days=one.days[chosen] - low,
        counts={name: values[chosen] for name, values in one.counts.items()},
        joined=one.joined, left=one.left,
    )  # fmt: skip


def _followers(path: Path) -> dict[tuple[str, str], float]:
    if not path.is_file():
        return {}
    table = read_table(path, REQUIRED, OPTIONAL, ALIASES)
    return {(row.get("name"), platform.strip().lower()): _number(path, row, "followers")
            for row in table.rows
            for platform in row.get("platform").replace("|", ";").split(";")}  # fmt: skip


def _daily(path: Path) -> dict[tuple[str, str], np.ndarray]:
    """{(account, platform): [[new follows, unfollows] a day]}."""
    if not path.is_file():
        return {}
    table = read_table(path, DAYS[:3], DAYS[3:], {}, max_rows=MAX_ROWS)
    found: dict[tuple[str, str], list[Sequence[float]]] = {}
    for row in table.rows:
        flow = (_number(path, row, "new_follows"), _number(path, row, "left"))
        found.setdefault((row.get("account"), row.get("platform")), []).append(flow)
    return {key: np.array(flows) for key, flows in found.items()}


def _number(path: Path, row: Row, name: str) -> float:
    """A count, NaN where the cell is empty."""
    text = row.get(name)
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise UserError(
            f"{path}, row {row.number}, column '{name}': {text!r} is no count: a number of 0 or "
            "more, or nothing where it is not known."
        )
    return value


def _hours(text: str) -> float:
    """Hours since 1970, UTC where no zone is given; NaN for what is no time."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return zoned.timestamp() / 3600.0
