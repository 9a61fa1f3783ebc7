"""A run is measured by the same functions as an export, from memory or from its tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from pytest import approx

from sim.model import DiplomacyModel
from sim.observables.followers import GROWN, per_month
from sim.observables.from_run import observables_of_tables, sample_of, tables_of
from sim.observables.inequality import top_share
from sim.observables.resample import observables
from sim.run import Run
from sim.simulate import simulate_world
from tests.scenarios import PROVOKED, scenario


@cache
def run(days: int = 16) -> Run:
    one = scenario({**PROVOKED, "days": days, "warmup_days": 7})
    return simulate_world([one], one, 0, 0)[0]


def test_the_sample_is_what_the_tables_say() -> None:
    made, found = run(), sample_of(tables_of(run()))
    names = np.sort(made.accounts["account"].astype(str))
    old = made.posts["hour"] <= 24 * 16 - 168
    assert 0 < old.sum() < len(old) and found.n_posts == old.sum()
    assert found.posts["retweets"].sum() == made.posts["shares"][old].sum() > 50
    for row in range(found.n_accounts):
        mine = made.posts["account"][old] == names[row]
        assert np.sort(found.posts["likes"][found.account == row]).tolist() == (
            np.sort(made.posts["likes"][old][mine]).tolist()
        )
    assert found.days == 16 and found.caution == ""
    assert set(names[found.accounts["is_mission"]]) == {
        *(f"Mission {k}" for k in range(1, 6)), "Mission to an organisation",
    }  # fmt: skip


def test_every_re_share_stands_under_its_own_post_and_mockery_under_none() -> None:
    made, found = run(), sample_of(tables_of(run()))
    n = np.bincount(found.shares["post"], minlength=found.n_posts)
    assert np.array_equal(n, found.posts["retweets"])
    assert (made.shares["kind"] == "hostile").any()
    depths = np.bincount(found.shares["post"], found.shares["depth"], minlength=found.n_posts)
    old = made.posts["hour"] <= 24 * 16 - 168
    expected = (made.posts["mean_depth"] * made.posts["shares"])[old].sum()
    assert depths.sum() == approx(expected)


def test_views_of_a_run_have_their_times() -> None:
    found = sample_of(tables_of(run()))
    seen = found.posts["impressions"] > 0
    assert ((found.posts["half_life_hours"] > 0) == seen).all()
    assert (found.posts["impressions_24h"] <= found.posts["impressions"]).all()
    assert 0.5 < found.posts["impressions_24h"].sum() / found.posts["impressions"].sum() < 1.0


def test_growth_is_that_of_the_accounts_table() -> None:
    made, found = run(), sample_of(tables_of(run()))
    order = np.argsort(made.accounts["account"].astype(str), kind="stable")
    before, after = (made.accounts[f"followers_{when}"][order] for when in ("start", "end"))
    known = before > 0
    expected = (after[known] / before[known]) ** (365.25 / 12 / 16) - 1
    grown = per_month(*(found.accounts[name] for name in GROWN))
    assert grown[known] == approx(expected) and (expected != 0).any()
    assert np.isnan(grown[~known]).all()


def test_activity_is_that_of_the_traits() -> None:
    """Worked out from every person; the table keeps the means of a thousand groups."""
    model = DiplomacyModel(scenario({**PROVOKED, "days": 16, "warmup_days": 7}))
    people, tables = model.engine.state.people, model.world.tables
    present = tables.p_present[people["visit"]] / 2.0**32
    activity = people["propensity"] * tables.visit_rates[people["visit"]] * present
    made = observables_of_tables(tables_of(run()), 5)["C17"]
    assert made.value == approx(top_share(activity, 0.1), abs=0.01)
    assert (np.diff(sample_of(tables_of(run())).users) >= 0).all()


def test_all_observables_of_a_run_come_from_the_common_functions() -> None:
    found = observables_of_tables(tables_of(run()), 10)
    assert found == observables(sample_of(tables_of(run())), 10)
    keys = ("C3", "C4.mean", "C7", "C10", "C11.within_1h", "C12.half_life", "C13", "C17")
    for key in (*keys, "C18.total"):
        assert found[key].value is not None, found[key].why


def test_a_scaled_audience_and_a_short_run_are_said_to_be_so() -> None:
    made = run()
    audience = dict(made.audience)
    audience["value"] = np.where(audience["measure"] == "follower_scale", 0.5, audience["value"])
    scaled = sample_of(tables_of(replace(made, audience=audience)))
    assert "0.5 modelled followers" in scaled.caution
    whole = sample_of(tables_of(made))
    assert np.array_equal(scaled.accounts["followers"], 2 * whole.accounts["followers"])
    assert np.array_equal(scaled.posts["reach_share"], whole.posts["reach_share"], equal_nan=True)
    assert "short" in sample_of(tables_of(run(5))).caution


def test_a_run_that_kept_no_posts_is_refused() -> None:
    with pytest.raises(ValueError, match="keep=posts"):
        tables_of(replace(run(), posts={}, shares={}, audience={}))
