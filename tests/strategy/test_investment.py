"""Investment as a history: who gets which hours when, and what becomes of the total."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from sim.errors import UserError
from sim.strategy.investment import Investment, mean_hours
from sim.strategy.ledger import worst_difference
from sim.strategy.roster import Roster, Timeline, roster_of
from sim.vocabulary import KINDS, OURS

from .conftest import Stage, policy

TIMELINE = Timeline(start=dt.date(2016, 1, 4), first_week=2, n_days=60)
ROSTER = Roster(
    names=["Centre", "A, large", "B", "C", "D"],
    kinds=np.array([KINDS.index(kind) for kind in ["headquarters"] + 4 * ["mission"]]),
    n_followers=np.array([90, 50, 70, 70, 10]),
    table_hours=np.array([40.0, 10.0, 20.0, 30.0, 0.0]),
)
SINCE: dict[str, Any] = {"accounts": "all", "from_day": None, "from_date": None}
RAMPED: dict[str, Any] = {**SINCE, "ramp_weeks": 0, "weeks": None}


def investment(kind: str, **values: Any) -> Any:
    usual = RAMPED if kind.startswith("schedule") else SINCE
    return TypeAdapter(Investment).validate_python({"kind": kind, **usual, **values})


def hours(chosen: Any, week: int) -> list[float]:
    return [float(x) for x in chosen.in_week(ROSTER, TIMELINE, week)]


def test_a_schedule_begins_at_the_next_week_and_may_end() -> None:
    chosen = investment("schedule", factor=2.0, from_day=8, weeks=3)
    table = ROSTER.table_hours
    assert hours(chosen, 3) == table.tolist()  # day 8 lies in week 3, which has begun
    assert hours(chosen, 4) == (2 * table).tolist() == hours(chosen, 6)
    assert hours(chosen, 7) == table.tolist()
    by_date = investment("schedule", factor=2.0, from_date="2016-01-12", weeks=3)
    assert [hours(by_date, week) for week in range(9)] == [
        hours(chosen, week) for week in range(9)
    ]


def test_a_schedule_may_come_step_by_step_and_for_some() -> None:
    chosen = investment("schedule", factor=3.0, ramp_weeks=4, accounts="mission")
    assert [hours(chosen, week)[2] for week in range(1, 8)] == [20, 30, 40, 50, 60, 60, 60]
    assert {hours(chosen, week)[0] for week in range(8)} == {40.0}
    named = investment("schedule_hours", hours_per_week=15.0, accounts="A, large; D")
    assert hours(named, 2) == [40.0, 15.0, 20.0, 30.0, 15.0]


def test_concentration_keeps_the_total_and_breaks_ties_by_the_table() -> None:
    chosen = investment("concentrate", accounts="mission", top_n=2)
    assert hours(chosen, 1) == ROSTER.table_hours.tolist()
    assert hours(chosen, 2) == pytest.approx([40.0, 0.0, 24.0, 36.0, 0.0])
    assert hours(investment("concentrate", accounts="mission", top_n=1), 2) == pytest.approx(
        [40.0, 0.0, 60.0, 0.0, 0.0]
    )


def test_a_floor_is_paid_by_cuts_or_comes_on_top() -> None:
    cuts = hours(investment("floor", hours_per_week=15.0, paid_by="cuts"), 2)
    kept = 1.0 - 20.0 / (25.0 + 5.0 + 15.0)
    assert cuts == pytest.approx([15 + 25 * kept, 15.0, 15 + 5 * kept, 15 + 15 * kept, 15.0])
    assert sum(cuts) == pytest.approx(100.0)
    extra = hours(investment("floor", hours_per_week=15.0, paid_by="extra"), 2)
    assert extra == [40.0, 15.0, 20.0, 30.0, 15.0]


def test_mean_hours_weigh_weeks_by_their_days() -> None:
    chosen = investment("schedule", factor=2.0, from_day=28)
    assert mean_hours(chosen, ROSTER, TIMELINE) == pytest.approx(100.0 * (28 + 2 * 32) / 60)


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("schedule", {"factor": 2.0, "accounts": "B; Sentre"}, "Did you mean 'Centre'"),
        ("schedule", {"factor": 2.0, "accounts": "official"}, "no account of this kind"),
        ("schedule", {"factor": 2.0, "from_day": 57}, "nothing would change"),
        ("schedule", {"factor": 2.0, "from_date": "2015-12-31"}, "before the first measured day"),
        ("schedule", {"factor": 2.0, "from_date": "2017-01-01"}, "from_date=2017-01-01"),
        ("concentrate", {"top_n": 5, "accounts": "mission"}, "top_n=5"),
        ("floor", {"hours_per_week": 21.0, "paid_by": "cuts"}, "at most 20.0"),
    ],
)
def test_what_cannot_be_is_refused_by_name(kind: str, values: dict, told: str) -> None:
    with pytest.raises(UserError, match=told):
        mean_hours(investment(kind, **values), ROSTER, TIMELINE)


def test_two_beginnings_and_no_dates_are_refused() -> None:
    with pytest.raises(ValidationError, match="give one of them"):
        investment("schedule", factor=2.0, from_day=7, from_date="2016-02-01")
    with pytest.raises(ValidationError, match="is no date"):
        investment("schedule", factor=2.0, from_date="next week")


CHANGES: dict[str, dict[str, Any]] = {
    "schedule": {"kind": "schedule", **RAMPED, "factor": 2.5, "from_day": 21, "weeks": 4},
    "concentrate": {"kind": "concentrate", **SINCE, "accounts": "mission", "top_n": 5,
                    "from_day": 28},
    "floor": {"kind": "floor", **SINCE, "hours_per_week": 9.0, "paid_by": "cuts",
              "from_day": 14},
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_hours_that_change_are_booked_and_act_from_their_week_on(stage: Stage, name: str) -> None:
    usual, changed = stage.desks(policy()), stage.desks(policy(sections={
        "investment": CHANGES[name]}))  # fmt: skip
    before, after = stage.run(usual, stage.view()), stage.run(changed, stage.view())
    for desks in (usual, changed):
        desks.office.turn(12)
        assert desks.ledger.check() < 1e-9
    first = CHANGES[name]["from_day"] // 7
    ours = stage.accounts.sides == OURS
    given = changed.ledger.given[ours]
    assert np.array_equal(given[:, :first], usual.ledger.given[ours][:, :first])
    early = [posts[posts["hour"] < 168.0 * first] for posts in (before, after)]
    assert np.array_equal(*early)
    assert not np.array_equal(before, after)
    theirs = [posts[~ours[posts["account"]]] for posts in (before, after)]
    assert np.array_equal(*theirs)
    expected = np.stack([
        policy(sections={"investment": CHANGES[name]}).investment.in_week(
            roster_of(stage.accounts), stage.rules().timeline, week)
        for week in range(12)
    ], axis=1)  # fmt: skip
    np.testing.assert_allclose(given[:, :12], expected, rtol=1e-12, atol=1e-12)
    if name != "schedule":
        np.testing.assert_allclose(given[:, :12].sum(axis=0), given[:, 0].sum(), rtol=1e-12)


def test_a_schedule_that_changes_nothing_is_no_change(stage: Stage) -> None:
    flat = {"investment": {"kind": "schedule", **RAMPED, "factor": 1.0, "from_day": 14}}
    one, other = stage.desks(policy()), stage.desks(policy(sections=flat))
    assert np.array_equal(stage.run(one, stage.view()), stage.run(other, stage.view()))
    assert worst_difference(one.ledger, other.ledger) == 0.0


def test_budgets_are_made_anew_only_when_hours_change(stage: Stage) -> None:
    desks = stage.desks(policy(sections={"investment": CHANGES["schedule"]}))
    made = [id(desks.staffing.budget(week)) for week in range(3)]
    assert len(set(made)) == 1
    raised = desks.staffing.budget(3)
    assert raised is desks.staffing.budget(6)
    assert raised.hours.sum() > desks.staffing.budget(7).hours.sum()


def test_an_account_without_hours_begins_to_post_when_it_gets_some() -> None:
    young, late = Stage(8), 40
    young.accounts.hours_per_week[late] = 0.0
    name = young.accounts.names[late]
    begun = {"kind": "schedule_hours", **RAMPED, "accounts": name, "from_day": 28,
             "hours_per_week": 12.0}  # fmt: skip
    alone, grown = (young.desks(policy(sections=sections)) for sections in
                    ({}, {"investment": begun}))  # fmt: skip
    before, after = young.run(alone, young.view()), young.run(grown, young.view())
    grown.office.turn(8)
    assert grown.ledger.check() < 1e-9
    assert not (before["account"] == late).any()
    own = after[after["account"] == late]
    assert len(own) > 5 and own["hour"].min() >= 28 * 24
    assert (own["event"] >= 0).any()  # it hears events too
    assert np.array_equal(after[after["account"] != late], before)
