"""Who follows at hour 0: distinct, as many as the table says, one rule for all accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest import approx

from sim.loading.world import World, load_world
from sim.mechanisms.following import NEVER
from sim.state import State
from sim.vocabulary import KINDS
from sim.world.followers import split_by_place
from tests.engine.plain import HEADER, N_FOLLOWERS, by_hand, still_world
from tests.scenarios import TABLES, scenario

N = 20_000


def loaded(changes: dict[str, Any] | None = None) -> tuple[World, State]:
    return load_world(scenario({"audience.n_people": N, **(changes or {})}, news="none"), 0, 0)


def lists(state: State, row: int) -> tuple[np.ndarray, np.ndarray]:
    """(interested, bored) records of one account."""
    active = state.followers[state.f_start[row] : state.f_start[row] + state.f_n[row]]
    return active, state.bored[state.b_start[row] : state.b_start[row] + state.b_n[row]]


@pytest.mark.parametrize("scale", [1.0, 0.4, 0.01])
def test_totals_are_the_tables_scaled(scale: float) -> None:
    world, state = loaded({"audience.follower_scale": scale})
    table = world.accounts.n_followers
    expected = np.maximum(np.round(table * scale), 1)
    assert np.array_equal(state.accounts["n_followers"], expected)
    listed = state.f_n + state.b_n + state.accounts["n_dormant"]
    assert np.array_equal(listed, expected)


def test_followers_are_distinct_and_in_order() -> None:
    world, state = loaded()
    for row in range(len(world.accounts)):
        active, bored = lists(state, row)
        for records in (active, bored):
            assert (np.diff(records["who"].astype(int)) > 0).all()
            assert np.array_equal(records["visit"], state.people["visit"][records["who"]])
            assert np.array_equal(records["feed"], state.people["feed"][records["who"]])
        assert not np.intersect1d(active["who"], bored["who"]).size
    assert np.array_equal(state.f_sorted, state.f_n)


def test_the_dormant_are_counted_and_kept_apart() -> None:
    """A share by one rule, the table's own where it says; people drawn twice add a few."""
    world, state = loaded({"following.share_dormant": 0.4})
    known = world.accounts.dormant_shares
    expected = np.where(np.isnan(known), 0.4, known)
    found = state.accounts["n_dormant"] / state.accounts["n_followers"]
    large = state.accounts["n_followers"] >= 100
    assert (found[large] >= expected[large] - 0.01).all()
    assert (found[large] <= expected[large] + 0.05).all()


def views_of_a_giant(folder: Path, changes: dict[str, Any]) -> tuple[np.ndarray, int]:
    """(views by followers of each of five posts, followers counted) of an account in a world in
    which only they look, all alike."""
    model = still_world(folder, changes)
    model.engine.add(by_hand(model.world, [24.0 * day for day in range(5)]))
    model.engine.run(24 * 7)
    n_followers = int(model.engine.state.accounts["n_followers"][0])
    return model.engine.posts["n_follower_views"].astype(int), n_followers


@pytest.mark.parametrize("share", [0.35, 0.9])
def test_a_dormant_giant_has_followers_who_never_look(tmp_path: Path, share: float) -> None:
    """They count as followers, and views are those of the others, by the world's one rule where
    the table leaves the share open."""
    awake, counted = views_of_a_giant(tmp_path, {"following.share_dormant": 0.0})
    sleepy, also = views_of_a_giant(tmp_path, {"following.share_dormant": share})
    nobody, all_asleep = views_of_a_giant(tmp_path, {"following.share_dormant": 1.0})
    assert counted == also == all_asleep == N_FOLLOWERS
    assert sleepy.sum() / awake.sum() == approx(1.0 - share, rel=0.1)
    assert awake.min() > 0 and nobody.sum() == 0


def test_the_bored_of_a_giant_never_look(tmp_path: Path) -> None:
    """Where all follows are old and interest is short, followers are there and few views come."""
    changes = {"following.interest_half_life_months": 6.0}
    table = tmp_path / "old.csv"
    row = f"Mission,mission,France,twitter,{N_FOLLOWERS},2016,4,1,20"
    table.write_text(f"{HEADER}\n{row}\n")
    fresh, _ = views_of_a_giant(tmp_path, {})
    stale, counted = views_of_a_giant(tmp_path, {**changes, "network.table": str(table)})
    assert counted == N_FOLLOWERS
    left = 1.0 / (1.0 + np.log(2.0) * 48.0 / 6.0)  # follows of exponential age, mean 48 months
    assert stale.sum() / fresh.sum() == approx(left, rel=0.2)


def test_more_followers_than_people_are_dormant() -> None:
    world, state = loaded({"audience.n_people": 1_000, "audience.follower_scale": 9.0})
    assert np.array_equal(state.accounts["n_followers"], np.round(world.accounts.n_followers * 9.0))
    for row in range(len(world.accounts)):
        active, bored = lists(state, row)
        assert len(active) + len(bored) <= 1_000


def test_interest_follows_the_ages_of_follows() -> None:
    """Ages are exponential with mean m: the interested are 1 / (1 + ln 2 m / H) of them."""
    months, half_life = 24.0, 12.0
    changes = {"following.mean_age_years": months / 12, "following.share_dormant": 0.0,
               "following.interest_half_life_months": half_life,
               "audience.follower_scale": 10.0}  # fmt: skip
    world, state = loaded(changes)
    rule = np.isnan(world.accounts.joined_years)
    n = (state.f_n + state.b_n)[rule].sum()
    expected = 1 / (1 + np.log(2) * months / half_life)
    assert state.f_n[rule].sum() / n == approx(expected, abs=4 * 0.5 / np.sqrt(n))


def test_last_days_are_days_to_come() -> None:
    world, state = loaded({"following.churn_per_month": 0.0})
    for row in range(len(world.accounts)):
        active, bored = lists(state, row)
        assert (bored["last_day"] == NEVER).all()  # nobody ever leaves
        assert (active["last_day"] < NEVER).mean() > 0.5 or len(active) < 10


def test_a_mission_is_followed_where_it_stands() -> None:
    changes = {"audience.follower_scale": 5.0, "following.favourable_tilt": 0.0,
               "following.share_dormant": 0.0}  # fmt: skip
    world, state = loaded(changes)
    row = world.accounts.names.index("Mission 2")
    people = state.people["market"][np.concatenate([one["who"] for one in lists(state, row)])]
    sizes = np.diff(world.population.market_start)
    host = int(world.accounts.markets[row])
    elsewhere = 1 - 0.6 - 0.15
    expected = 0.6 + elsewhere * sizes[host] / N
    assert (people == host).mean() == approx(expected, abs=0.05)


def test_followers_lean_towards_the_side_of_the_account() -> None:
    tilted = {"audience.follower_scale": 5.0, "following.favourable_tilt": 1.0}
    world, state = loaded(tilted)
    means = {}
    for name in ("Mission 1", "Rival 2"):
        row = world.accounts.names.index(name)
        who = np.concatenate([one["who"] for one in lists(state, row)])
        own = who[state.people["market"][who] == world.accounts.markets[row]]
        means[name] = float(state.people["favourability"][own].mean())
    market = world.accounts.markets[world.accounts.names.index("Mission 1")]
    usual = float(state.people["favourability"][state.people["market"] == market].mean())
    assert means["Rival 2"] < usual - 0.03 and usual + 0.03 < means["Mission 1"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [0, 1, 50, 900])
def test_places_add_up_to_all_followers(kind: str, n: int) -> None:
    settings = scenario().following
    sizes = np.array([600, 40, 360])
    for market in (0, 1, 2):
        parts = split_by_place(KINDS.index(kind), n, market, 2, sizes, settings)
        assert sum(parts.values()) == n
        assert all(count >= 0 for count in parts.values())
        assert all(count <= sizes[place] for place, count in parts.items() if place >= 0)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    """Followers are drawn from an account's own stream, by its name."""
    header, *rows = (TABLES / "twelve.csv").read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8")
    world, state = loaded()
    other, same = loaded({"network.table": str(turned)})
    for row, name in enumerate(world.accounts.names):
        place = other.accounts.names.index(name)
        for mine, theirs in zip(lists(state, row), lists(same, place), strict=True):
            assert mine.tobytes() == theirs.tobytes(), name
        assert state.presences["core_mean"][row] == same.presences["core_mean"][place]
