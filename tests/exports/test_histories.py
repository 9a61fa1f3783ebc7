"""A past of four weeks, worked by hand: days at both ends count, and nothing is counted twice."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import gamma

from sim.exports.estimate import Estimate, HoursPerPost, estimates, weekly
from sim.exports.histories import History, cut, read_histories

START = dt.date(2025, 3, 3)
N_WEEKS, FOLLOWERS, JOINS, LEAVES = 4, 400, 3, 1
A_WEEK = (2, 0, 1, 1, 0, 2, 1)  # originals of each day


def write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def past(tmp_path: Path) -> History:
    posts: list[tuple[object, ...]] = []
    for day in range(7 * N_WEEKS):
        date = START + dt.timedelta(days=day)
        posts += [("One", f"{date} 0{k + 1}:30:00", 3, 0, 40) for k in range(A_WEEK[day % 7])]
        posts.append(("One", f"{date} 12:00:00", 9, 1, 80))  # a reply, every day
    write(tmp_path / "posts.csv", ("account", "posted_at", "retweets", "is_reply", "impressions"),
          posts)  # fmt: skip
    write(tmp_path / "accounts.csv", ("name", "kind", "market", "platform", "followers", "as_of"),
          [("One", "mission", "France", "twitter", FOLLOWERS, "2025-05-25")])  # fmt: skip
    write(tmp_path / "days.csv",
          ("account", "platform", "day", "impressions", "new_follows", "left"),
          [("One", "twitter", START + dt.timedelta(days=day), 10, JOINS, LEAVES)
           for day in range(7 * N_WEEKS)])  # fmt: skip
    (found,) = read_histories(tmp_path)
    return found


def estimate(past: History, name: str) -> Estimate:
    price = HoursPerPost(value=2.0, log_sd=0.5)
    (found,) = [one for one in estimates([past], price) if one.name == name]
    return found


def test_the_first_day_and_the_last_are_both_counted(past: History) -> None:
    """The first and the last originals are of Monday the 3rd and of Sunday the 30th."""
    assert past.n_days == 7 * N_WEEKS and past.start == START
    assert past.n_posts == N_WEEKS * sum(A_WEEK)
    assert weekly(past.days, past.n_days).tolist() == [sum(A_WEEK)] * N_WEEKS
    assert past.days.min() == pytest.approx(1.5 / 24) and (np.diff(past.days) >= 0).all()
    assert (past.counts["retweets"] == 3).all() and past.counts["impressions"].sum() == 40 * 28


def test_rates_by_hand(past: History) -> None:
    """A post a day, since both end days count; weeks all alike, so no more spread than Poisson."""
    rate = estimate(past, "posts_per_day")
    assert rate.value == 1.0 and rate.n == 28
    assert (rate.lo, rate.hi) == tuple(
        pytest.approx(gamma.ppf(p, 28.5) / 28) for p in (0.025, 0.975))  # fmt: skip
    assert estimate(past, "hours_per_week").value == pytest.approx(7 * 2.0)


def test_who_joins_and_who_leaves_by_hand(past: History) -> None:
    month = 365.25 / 12
    assert (past.joined == JOINS).all() and (past.left == LEAVES).all()
    assert estimate(past, "followers_per_day").value == pytest.approx(JOINS - LEAVES)
    growth, churn = (estimate(past, f"{name}_per_month").value for name in ("growth", "churn"))
    assert growth == pytest.approx((JOINS - LEAVES) * month / FOLLOWERS)
    assert churn == pytest.approx(LEAVES * month / FOLLOWERS)


@pytest.mark.parametrize("day", [7, 14, 20])
def test_two_parts_hold_every_post_once(past: History, day: int) -> None:
    first, rest = cut(past, 0, day), cut(past, day, past.n_days)
    assert first.n_posts + rest.n_posts == past.n_posts
    assert first.n_days + rest.n_days == past.n_days
    assert rest.start == START + dt.timedelta(days=day) and (rest.days >= 0).all()
    assert np.array_equal(np.concatenate([first.days, rest.days + day]), past.days)
