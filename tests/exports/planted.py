"""Exports of accounts that do not exist, written from known parameters in the platforms' own forms.

    python -m tests.exports.planted FOLDER        (from the checkout; docs/own_data.md)

An account posts as a Poisson process whose weekly rate varies (gamma), is seen by a lognormal
number of its followers, and wins and loses followers at Poisson rates. What was planted is
returned, and printed: an import must find it again.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

START = dt.date(2025, 3, 3)  # a Monday
MARKETS = ("France", "Japan", "Turkey", "Kenya")
CONTENT = ("Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements",
           "Bookmarks", "Shares", "New follows", "Replies", "Reposts", "Profile visits",
           "Detail Expands", "URL Clicks", "Hashtag Clicks", "Permalink Clicks")  # fmt: skip
OVERVIEW = ("Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows",
            "Unfollows", "Replies", "Reposts", "Profile visits", "Create Post", "Video views",
            "Media views")  # fmt: skip
SHEET = ("name", "market", "platform", "followers", "as_of")
EPOCH = 1_288_834_974_657  # of identifiers that hold their own time, in milliseconds


@dataclass(frozen=True, kw_only=True)
class Planted:
    """What an account is made of."""

    name: str
    market: str
    followers: int
    posts_per_day: float  # originals; replies come on top
    burstiness: float  # sd of the weekly rate over its mean
    exposure: float  # views per follower of the typical original
    exposure_log_sd: float
    joins_per_day: float
    leaves_per_day: float

    @property
    def growth_per_month(self) -> float:
        return (self.joins_per_day - self.leaves_per_day) * 365.25 / 12 / self.followers

    @property
    def churn_per_month(self) -> float:
        return self.leaves_per_day * 365.25 / 12 / self.followers


def draw(n_accounts: int, seed: int) -> list[Planted]:
    """Accounts of very different sizes."""
    luck = np.random.default_rng(seed)
    found = []
    for k in range(n_accounts):
        followers = int(np.exp(luck.normal(7.5, 1.0))) + 50
        joins = followers * luck.uniform(0.0005, 0.003)
        found.append(Planted(
            name=f"Mission_{k + 1:02}", market=MARKETS[k % len(MARKETS)], followers=followers,
            posts_per_day=float(luck.uniform(0.4, 4.0)), burstiness=float(luck.choice([0.0, 0.4])),
            exposure=float(np.exp(luck.normal(np.log(0.08), 0.5))),
            exposure_log_sd=float(luck.uniform(0.3, 0.9)), joins_per_day=float(joins),
            leaves_per_day=float(joins * luck.uniform(0.1, 0.8)),
        ))  # fmt: skip
    return found


def write(folder: Path, accounts: list[Planted], n_weeks: int = 12, seed: int = 1) -> None:
    """Each account's two X exports in a folder of its own, and a table of accounts beside them."""
    luck = np.random.default_rng(seed)
    for number, one in enumerate(accounts):
        own = folder / one.name
        own.mkdir(parents=True)
        table(own / "account_analytics_content.csv", CONTENT, content(one, number, n_weeks, luck))
        table(own / "account_overview_analytics.csv", OVERVIEW, overview(one, n_weeks, luck))
    table(folder / "accounts.csv", SHEET, [
        (one.name, one.market, "twitter", one.followers, "2025-05-25") for one in accounts
    ])  # fmt: skip


def content(one: Planted, number: int, n_weeks: int, luck: np.random.Generator) -> list[tuple]:
    """A post a row, the newest first, as X writes it."""
    rows = []
    spread = one.burstiness**-2 if one.burstiness else 0.0
    for week in range(n_weeks):
        rate = one.posts_per_day * (luck.gamma(spread, 1 / spread) if spread else 1.0)
        for day in range(7):
            date = START + dt.timedelta(days=7 * week + day)
            for is_reply in [False] * luck.poisson(rate) + [True] * luck.poisson(0.1 * rate):
                rows.append(post(one, number, len(rows), date, is_reply, luck))
    return rows[::-1]


def post(one: Planted, number: int, k: int, date: dt.date, is_reply: bool,
         luck: np.random.Generator) -> tuple:  # fmt: skip
    """One post: an identifier of 19 digits, a day without an hour, counts."""
    typical = np.log(one.exposure * one.followers)
    seen = max(1, round(np.exp(luck.normal(typical, one.exposure_log_sd))))
    reposts = luck.binomial(seen, 0.004)
    likes = luck.binomial(seen, 0.015)
    millis = int(dt.datetime.combine(date, dt.time(12)).timestamp() * 1000) + 61 * k
    name = (millis - EPOCH) << 22 | (number << 12) | (k % 4096)
    text = "@somebody Thank you." if is_reply else "=SUM(A1) is no formula, and this no post."
    link = f"https://x.com/{one.name}/status/{name}"
    shown = f"{date:%a}, {date:%b} {date.day}, {date.year}"
    return (name, shown, text, link, seen, likes, likes + reposts + 1, 0, 3, 0, 1, reposts, 2, 1, 0,
            0, 0)  # fmt: skip


def overview(one: Planted, n_weeks: int, luck: np.random.Generator) -> list[tuple]:
    """A day a row."""
    rows = []
    for day in range(7 * n_weeks):
        date = START + dt.timedelta(days=day)
        joins, leaves = luck.poisson(one.joins_per_day), luck.poisson(one.leaves_per_day)
        shown = f"{date:%a}, {date:%b} {date.day}, {date.year}"
        rows.append((shown, 100, 1, 2, 0, 0, joins, leaves, 0, 0, 1, 1, 0, 0))
    return rows[::-1]


def table(path: Path, header: tuple[str, ...], rows: list[tuple]) -> None:
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    planted = draw(12, 7)
    write(Path(sys.argv[1]), planted)
    for account in planted:
        print(f"{account.name}: {account.posts_per_day:.2f} posts a day, {account.followers:,} "
              f"followers, growth {100 * account.growth_per_month:.1f} % a month, exposure "
              f"{account.exposure:.3f}")  # fmt: skip
