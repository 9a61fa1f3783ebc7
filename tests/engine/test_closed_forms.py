"""Both engines against closed forms, in a world without spread: 4 sigma, fixed seeds.

Agreement of the engines cannot see a law that is wrong in both; a number worked by hand can. What
is one check here is a function of the engine, so that a planted error must fail it.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import sim.engine.reference as reference
from sim.mechanisms.following import DAYS_PER_MONTH
from sim.model import DiplomacyModel
from sim.state import COUNTER
from tests.engine.plain import (
    MEAN_DELAY,
    N_FOLLOWERS,
    P_PRESENT,
    P_SEEN,
    SELECTION,
    by_hand,
    still_world,
)

ENGINES = ("compiled", "reference")
SIGMAS = 4.0


def assert_binomial(found: float, n: float, p: float) -> None:
    """Within SIGMAS of a binomial count."""
    sigma = math.sqrt(n * p * (1 - p))
    assert abs(found - n * p) <= SIGMAS * max(sigma, 1.0), (found, n * p, sigma)


def n_looking(model: DiplomacyModel) -> int:
    """Followers who are not dormant: people drawn twice count once."""
    return int(model.engine.state.f_n[0])


def check_views(folder: Path, engine: str) -> None:
    """One post a day on five days: how many followers see each."""
    model = still_world(folder, {"engine": engine})
    hours = [24.0 * day for day in range(5)]
    model.engine.add(by_hand(model.world, hours))
    model.engine.run(24 * 7)
    assert len(model.engine.posts) == 5
    for n in model.engine.posts["n_impressions"]:
        assert_binomial(n, n_looking(model), P_PRESENT * SELECTION * P_SEEN)
    assert (model.engine.posts["n_follower_views"] == model.engine.posts["n_impressions"]).all()


def check_delay(folder: Path, engine: str) -> None:
    """The hours in which views fall, against an exponential."""
    model = still_world(folder, {"engine": engine})
    model.engine.add(by_hand(model.world, [24.0, 24.0, 24.0]))
    seen = []
    for hour in range(24, 44):
        model.engine.run(hour + 1)
        seen.append(int(model.engine.posts["n_impressions"].sum()))
    total = seen[-1]
    assert total > 500
    for hours in (1, 2, 3, 5):
        assert_binomial(seen[hours - 1], total, 1 - math.exp(-hours / MEAN_DELAY))


@pytest.mark.parametrize("engine", ENGINES)
def test_probability_of_a_view(engine: str, tmp_path: Path) -> None:
    check_views(tmp_path, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_delay_of_views(engine: str, tmp_path: Path) -> None:
    check_delay(tmp_path, engine)


WRONG = {
    "rate over burial": (check_views, "p_offered", lambda s, rel, rate, burial: s * rate / burial),
    "an hour late": (check_delay, "mean_delay", lambda rate, burial: 1.0 + 1.0 / (rate + burial)),
    "the delay of a visit alone": (check_delay, "mean_delay", lambda rate, burial: 1.0 / rate),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_law_fails_the_closed_form(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, name, wrong = WRONG[what]
    monkeypatch.setattr(reference, name, wrong)
    with pytest.raises(AssertionError):
        check(tmp_path, "reference")


def test_views_of_one_day_overlap_in_the_people_who_are_there(tmp_path: Path) -> None:
    """Presence is drawn once a day: reach of five posts is p (1 - (1 - q)^5), not more."""
    model = still_world(tmp_path)
    model.engine.add(by_hand(model.world, [24.0, 25.0, 26.0, 27.0, 28.0]))
    model.engine.run(48)
    reached = int(model.engine.state.accounts["n_unique"][0])
    expected = P_PRESENT * (1 - (1 - SELECTION * P_SEEN) ** 5)
    assert_binomial(reached, n_looking(model), expected)
    apart = 1 - (1 - P_PRESENT * SELECTION * P_SEEN) ** 5
    assert reached < n_looking(model) * apart - 8 * math.sqrt(n_looking(model) / 4)


def test_late_views_are_a_share_and_come_after_their_own_median(tmp_path: Path) -> None:
    late_by = {"visibility.late_median_hours": 30.0}
    model = still_world(tmp_path, {"visibility.share_late": 0.4, **late_by})
    posts = by_hand(model.world, [24.0 * day for day in range(4)])
    model.engine.add(posts)
    model.engine.run(24 * 40)
    n = int(model.engine.posts["n_impressions"].sum())
    late = int(model.engine.state.counters[COUNTER.late_impressions])
    assert_binomial(late, n, 0.4)
    one = still_world(tmp_path, {"visibility.share_late": 1.0, **late_by})
    one.engine.add(by_hand(one.world, [0.0, 0.0]))
    one.engine.run(30)
    early = int(one.engine.posts["n_impressions"].sum())
    one.engine.run(24 * 40)
    assert_binomial(early, int(one.engine.posts["n_impressions"].sum()), 0.5)


@pytest.mark.parametrize("ratio", [1.0, 6.0])
def test_the_hour_of_the_day_sets_the_rate(ratio: float, tmp_path: Path) -> None:
    """France is an hour ahead: local 20 h, the peak, is 19 h UTC."""
    model = still_world(tmp_path, {"visibility.rhythm_ratio": ratio})
    model.engine.add(by_hand(model.world, [24.0 * day + 19.0 for day in range(4)]))
    model.engine.run(24 * 6)
    rate = 0.5 * (2 * ratio / (ratio + 1))
    for n in model.engine.posts["n_impressions"]:
        assert_binomial(n, n_looking(model), P_PRESENT * SELECTION * rate / (rate + 0.5))


def shares(model: DiplomacyModel, **columns: float) -> tuple[int, int]:
    """(shares, views) of twelve posts, a day apart."""
    model.engine.add(by_hand(model.world, [24.0 * day for day in range(12)], **columns))
    model.engine.run(24 * 14)
    posts = model.engine.posts
    return int(posts["n_shares"].sum()), int(posts["n_impressions"].sum())


# nobody disagrees, all read English, interest and media count for nothing
ALONE = {"graph.mean_followers": 0.1, "graph.followers_log_sd": 0.01}  # nobody follows anybody
AGREEING = {"sharing.congruence_width": 1e3, "people.share_second_language": 1.0,
            "sharing.rel_local_language": 1.0, "sharing.topic_gain": 0.0, "sharing.fatigue": 0.0,
            "sharing.hostile_ratio": 0.0, "sharing.attention_elasticity": 0.0,
            **{f"sharing.age_tilt_{tone}": 0.0 for tone in
               ("formal", "informal", "witty", "sharp", "cultural")},
            **{f"sharing.rel_{name}": 1.0 for name in
               ("image", "video", "formal", "informal", "witty", "sharp", "cultural")}}  # fmt: skip


@pytest.mark.parametrize("quality", [0.5, 1.0, 3.0])
def test_p0_is_the_hazard_of_sharing_a_view(quality: float, tmp_path: Path) -> None:
    model = still_world(tmp_path, {**AGREEING, **ALONE, "sharing.p0": 0.05})
    n_shares, n_views = shares(model, quality=quality)
    p = 1 - math.exp(-0.05 * quality)
    assert_binomial(n_shares, n_views, p)


def test_core_shares_are_binomial(tmp_path: Path) -> None:
    changes = {"core.mean_shares": 2.0, "core.log_sd": 0.0, "core.follower_exponent": 0.0,
               "core.n_members": 20, **ALONE}  # fmt: skip
    model = still_world(tmp_path, changes)
    model.engine.add(by_hand(model.world, [24.0 * day for day in range(60)], quality=1.5))
    model.engine.run(24 * 80)
    n_core = int(model.engine.posts["n_core"].sum())
    assert_binomial(n_core, 60 * 20, 2.0 * 1.5 / 20)


def test_core_likes_are_binomial_and_come_with_the_shares(tmp_path: Path) -> None:
    changes = {"core.mean_shares": 1.0, "core.log_sd": 0.0, "core.follower_exponent": 0.0,
               "core.n_members": 20, "sharing.likes_per_share": 4.0, **ALONE}  # fmt: skip
    model = still_world(tmp_path, {**changes, "sharing.p0": 1e-300})
    model.engine.add(by_hand(model.world, [24.0 * day for day in range(60)], quality=1.5))
    model.engine.run(24 * 80)
    posts = model.engine.posts
    assert_binomial(int(posts["n_core_likes"].sum()), 60 * 20, 4.0 * 1.5 / 20)
    assert (posts["n_likes"] == posts["n_core_likes"]).all()  # nobody else likes here
    assert (posts["n_core_likes"] >= posts["n_core"]).all()  # who shares likes


def test_churn_and_boredom_empty_a_list_at_their_rates(tmp_path: Path) -> None:
    """Without posts: after four weeks 2^(-28 d / H) are interested of those who have not left."""
    changes = {"following.churn_per_month": 0.3, "following.interest_half_life_months": 1.0}
    model = still_world(tmp_path, changes)
    n, n_dormant = n_looking(model), int(model.engine.state.accounts["n_dormant"][0])
    bored = int(model.engine.state.b_n[0])
    assert bored == 0
    for week in range(1, 5):
        model.engine.run(168 * week)
        model.engine.settle()
    state = model.engine.state
    stays = math.exp(-28 * 0.3 / DAYS_PER_MONTH)
    assert_binomial(int(state.accounts["n_followers"][0]) - n_dormant, n, stays)
    interested = 2 ** (-28 / DAYS_PER_MONTH)
    assert_binomial(int(state.f_n[0]), n, stays * interested)
    assert int(state.accounts["n_left"][0]) == N_FOLLOWERS - int(state.accounts["n_followers"][0])


def test_a_viewer_becomes_a_follower_at_the_stated_rate(tmp_path: Path) -> None:
    """Everybody sees a pick-up; follows_per_share / views per share is the chance of each view."""
    changes = {**AGREEING, "pickup.p": 1.0, "pickup.threshold": 1.0, "core.mean_shares": 20.0,
               "core.n_members": 20, "pickup.max_share_of_market": 0.6,
               "pickup.min_views_per_threshold": 1e9,
               "following.follows_per_share": 0.02}  # fmt: skip
    model = still_world(tmp_path, changes, n_followers=1)
    model.engine.add(by_hand(model.world, [0.0]))
    model.engine.run(24 * 20)
    p = float(model.world.parameters["p_join"][0])
    views = int(model.engine.state.counters[COUNTER.pickup_impressions])
    size = int(np.diff(model.world.tables.market_start)[model.world.accounts.markets[0]])
    assert views == int(0.6 * size)
    n_different = int(model.engine.state.accounts["n_unique"][0])
    assert_binomial(int(model.engine.state.accounts["n_joined"][0]), n_different, p)
