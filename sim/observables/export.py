"""A user's own export as a sample: a table of posts, and if there is one, of re-shares and users.

    posts    retweets, and whatever else is known: account, posted_at, followers, likes, has_image,
             has_video, is_reply, event_tag, culture_words, impressions, impressions_24h,
             half_life_minutes, followers_reached, post (a name, for a table of re-shares)
    shares   post, lag_hours, and if known depth
    users    activity

Followers told with each post also say how they grew (C18), from an account's first post to its
last, unless they are the same in all posts of all accounts: counted on one day, that is.

Replies are left out: originals are compared. Accounts above 20,000 followers are left out of what
is worked out over ordinary accounts, as in a run, unless `everyone` is asked for.
"""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np

from sim.errors import UserError
from sim.mechanisms.following import DAYS_PER_MONTH
from sim.observables.followers import GROWN
from sim.observables.sample import STAR, Sample
from sim.world.table_checks import (
    Problems,
    Row,
    Table,
    TooManyProblemsError,
    count_cell,
    number_cell,
    read_table,
)

MAX_ROWS = 1_000_000
MOST = 10_000_000_000
COUNTS = ("followers", "likes", "impressions", "impressions_24h", "followers_reached")
FLAGS = ("has_image", "has_video", "is_reply", "event_tag", "culture_words")
UNUSED = (  # known columns of public tables, and of imported ones, that nothing here needs
    "setting", "language", "t_half_s", "replies", "reach", "new_follows", "promoted_impressions",
    "promoted_retweets", "text",
)  # fmt: skip
POSTS = ("account", "post", "posted_at", *COUNTS, *FLAGS, "half_life_minutes", *UNUSED)
ALIASES = {"root_followers": "followers", "reshares": "retweets", "shares": "retweets"}
NAMES = {  # column of the export: column of the sample
    "retweets": "retweets", "likes": "likes", "followers": "followers", "has_image": "image",
    "has_video": "video", "impressions": "impressions", "impressions_24h": "impressions_24h",
    "event_tag": "event", "culture_words": "culture",
}  # fmt: skip
CONTROLS = ("event", "culture")


def read_export(
    posts: Path, shares: Path | None = None, users: Path | None = None, *, everyone: bool = False,
    replies: bool = False,
) -> Sample:  # fmt: skip
    """The sample in these files. replies: count replies as originals; everyone: keep accounts above
    20,000 followers among the ordinary ones."""
    table = read_table(posts, ("retweets",), POSTS, ALIASES, max_rows=MAX_ROWS)
    columns, names, times, labels = _posts(table, posts)
    if "is_reply" in columns and not replies:
        kept = np.flatnonzero(columns.pop("is_reply") == 0)
        columns = {name: values[kept] for name, values in columns.items()}
        names, times, labels = names[kept], times[kept], labels[kept]
    known, row = np.unique(names, return_inverse=True)
    order = np.argsort(row, kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    row, labels, times = row[order], labels[order], times[order]
    return Sample(
        account=row, posts=_renamed(columns),
        accounts=_accounts(columns, row, len(known), everyone) | _growth(columns, row, times),
        shares=_read_shares(shares, labels) if shares else {},
        users=_read_users(users) if users else np.zeros(0),
        days=_span(times), named="account" in table.columns,
        controls=tuple(one for one in CONTROLS if one in _renamed(columns)),
    )  # fmt: skip


def _posts(
    table: Table, path: Path
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """(number columns, account names, hours, names of posts) of every row."""
    problems = Problems(str(path))
    wanted = [one for one in ("retweets", *COUNTS, *FLAGS, "half_life_minutes")
              if one in table.columns]  # fmt: skip
    if not any(row.get("retweets") for row in table.rows):
        wanted.remove("retweets")  # a platform that has none: unknown, and said so where missed
    found: dict[str, list[float]] = {name: [] for name in wanted}
    times: list[float] = []
    try:
        for row in table.rows:
            for name in wanted:
                found[name].append(_number(row, name, problems))
            if "posted_at" in table.columns:
                times.append(_hours(row, problems))
    except TooManyProblemsError:
        pass
    problems.tell()
    names = [row.get("account") or f"row {row.number:09}" for row in table.rows]
    labels = [row.get("post") for row in table.rows]
    hours = times or [math.nan] * len(names)
    columns = {name: np.array(values) for name, values in found.items()}
    return columns, np.array(names), np.array(hours), np.array(labels)


def _number(row: Row, name: str, problems: Problems) -> float:
    """One cell: a count, a flag or a time; an empty count of anything but re-shares is unknown."""
    if name in FLAGS:
        return number_cell(row, name, 0, 1, problems)
    if name == "half_life_minutes" or (name != "retweets" and not row.get(name)):
        return number_cell(row, name, 0, MOST, problems)
    return float(count_cell(row, name, MOST, problems))


def _hours(row: Row, problems: Problems) -> float:
    """posted_at as hours since 1970, UTC where no zone is given."""
    text = row.get("posted_at")
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        problems.add(row.number, "posted_at", text, "a time such as 2022-12-31 16:00:13")
        return math.nan
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return zoned.timestamp() / 3600.0


def _renamed(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Columns by the names that observables know; one with an unknown cell counts as absent."""
    found = {
        NAMES[name]: values for name, values in columns.items()
        if name in NAMES and (name == "followers" or not np.isnan(values).any())
    }  # fmt: skip
    if "half_life_minutes" in columns:
        found["half_life_hours"] = np.nan_to_num(columns["half_life_minutes"]) / 60.0
    if "followers_reached" in columns and "followers" in columns:
        with np.errstate(divide="ignore", invalid="ignore"):
            found["reach_share"] = columns["followers_reached"] / columns["followers"]
    return found


def _accounts(columns: dict[str, np.ndarray], row: np.ndarray, n: int, everyone: bool
              ) -> dict[str, np.ndarray]:  # fmt: skip
    """Accounts as far as their posts show them; followers are those of the median post."""
    followers = np.full(n, math.nan)
    if "followers" in columns:
        ends = np.cumsum(np.bincount(row, minlength=n))[:-1]
        parts = np.split(columns["followers"], ends)
        followers = np.array([_median(one) for one in parts])
    return {
        "followers": followers, "n_posts": np.bincount(row, minlength=n),
        "is_mission": np.ones(n, bool),
        "is_ordinary": np.ones(n, bool) if everyone else ~(followers > STAR),
        "is_ours": np.ones(n, bool),
    }  # fmt: skip


def _growth(columns: dict[str, np.ndarray], row: np.ndarray, times: np.ndarray
            ) -> dict[str, np.ndarray]:  # fmt: skip
    """Followers before and after, and the days between, of accounts seen for a month or longer."""
    if "followers" not in columns or not np.isfinite(times).all():
        return {}
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    found = np.full((3, len(starts)), math.nan)
    moved = False
    for one, places in enumerate(np.split(np.arange(len(row)), starts[1:])):
        told = places[np.isfinite(columns["followers"][places])]
        if not len(told):
            continue
        first, last = told[np.argmin(times[told])], told[np.argmax(times[told])]
        before, after = columns["followers"][[first, last]]
        days = (times[last] - times[first]) / 24.0
        if days >= DAYS_PER_MONTH:
            found[:, one] = before, after, days
        moved |= bool(before != after)
    return dict(zip(GROWN, found, strict=True)) if moved else {}


def _median(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else math.nan


def _span(times: np.ndarray) -> float:
    """Days from the first post to the last, 0 where times are not known."""
    return float(np.ptp(times)) / 24.0 if len(times) and not np.isnan(times).any() else 0.0


def _read_shares(path: Path, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Re-shares of the posts at hand, sorted by post."""
    table = read_table(path, ("post", "lag_hours"), ("depth",), {}, max_rows=MAX_ROWS)
    place = {str(name): row for row, name in enumerate(labels)}
    if "" in place or len(place) < len(labels):
        raise UserError(
            f"{path}: a table of re-shares needs a name for every post: give the table of posts a "
            "column 'post' in which no name comes twice."
        )
    problems = Problems(str(path))
    rows, lags, depths = [], [], []
    try:
        for one in table.rows:
            if one.get("post") in place:  # others belong to replies, or to posts not exported
                rows.append(place[one.get("post")])
                lags.append(number_cell(one, "lag_hours", 0, MOST, problems))
                depths.append(number_cell(one, "depth", 1, MOST, problems))
    except TooManyProblemsError:
        pass
    problems.tell()
    order = np.argsort(np.array(rows, dtype=np.int64), kind="stable")
    found = {"post": np.array(rows, dtype=np.int64)[order], "lag_hours": np.array(lags)[order],
             "depth": np.array(depths)[order]}  # fmt: skip
    return {name: values for name, values in found.items() if not np.isnan(values).any()}


def _read_users(path: Path) -> np.ndarray:
    """Activity of every user."""
    table = read_table(path, ("activity",), ("user",), {}, max_rows=MAX_ROWS)
    problems = Problems(str(path))
    try:
        found = [number_cell(row, "activity", 0, MOST, problems) for row in table.rows]
    except TooManyProblemsError:
        found = []
    problems.tell()
    return np.array(found)
