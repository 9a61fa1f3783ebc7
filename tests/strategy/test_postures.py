"""Levers of a posture, and a ministry whose missions are silent."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from sim.errors import UserError
from sim.vocabulary import KINDS, OURS, POSTURES

from .conftest import Stage, policy


def budget(stage: Stage, *names: str, **more: object):
    return stage.desks(policy(*names, **more)).office.budget


@pytest.mark.parametrize(("lever", "value"), [("share_events", 0.9), ("reserve", 0.05)])
def test_a_lever_takes_the_place_of_the_usual_value_for_ours_alone(
    stage: Stage, lever: str, value: float
) -> None:
    usual, moved = budget(stage, "mixed"), budget(stage, "mixed", **{lever: value})
    ours = stage.accounts.sides == OURS
    changed = getattr(usual, lever) != getattr(moved, lever)
    assert changed[ours].all() and not changed[~ours].any()
    same = budget(stage, "mixed", **{lever: getattr(stage.work, lever)})
    assert np.array_equal(getattr(same, lever), getattr(usual, lever))


def test_watching_the_news_is_paid_for_with_writing(stage: Stage) -> None:
    usual, keen = budget(stage, "reactive"), budget(stage, "reactive", share_monitoring=0.4)
    ours = stage.accounts.sides == OURS
    assert (keen.between_looks[ours] < usual.between_looks[ours]).all()
    assert (keen.cost[ours] < usual.cost[ours]).all()
    assert np.array_equal(keen.hours, usual.hours)


def test_readiness_to_answer_moves_answers(stage: Stage) -> None:
    def answers(rate: float) -> int:
        chosen = policy("reactive", answer_rate=rate)
        posts = stage.run(stage.desks(chosen), stage.view(), last_week=4)
        mine = stage.accounts.sides[posts["account"]] == OURS
        return int((mine & (posts["posture"] == POSTURES.index("reactive"))).sum())

    assert answers(0.0) == 0 < answers(0.3) < answers(3.0)


def test_headquarters_speak_alone_and_the_hours_lie_idle(stage: Stage) -> None:
    desks = stage.desks(policy("headquarters_only"))
    posts = stage.run(desks, stage.view(), last_week=4)
    mine = posts[stage.accounts.sides[posts["account"]] == OURS]
    assert set(stage.accounts.kinds[mine["account"]]) == {KINDS.index("headquarters")}
    table = stage.run(stage.desks(policy()), stage.view(), last_week=4)
    assert np.array_equal(mine, table[table["account"] == 0])  # headquarters as ever
    missions = stage.accounts.kinds == KINDS.index("mission")
    assert desks.ledger.given[missions].sum() == 0.0


def test_hours_of_silent_missions_may_move_to_headquarters(stage: Stage) -> None:
    table = budget(stage, "table")
    moved = budget(stage, "headquarters_only", mission_hours="moved")
    ours = stage.accounts.sides == OURS
    assert moved.hours[ours].sum() == pytest.approx(table.hours[ours].sum())
    assert moved.hours[0] == moved.hours[ours].sum() and moved.n_posts[0] > table.n_posts[0]
    assert np.array_equal(moved.hours[~ours], table.hours[~ours])
    desks = stage.desks(policy("headquarters_only", mission_hours="moved"))
    stage.run(desks, stage.view(), last_week=4)
    desks.office.turn(4)
    assert desks.ledger.check() < 1e-9


def test_officials_keep_posting_if_wanted() -> None:
    one = Stage(2)
    one.accounts.kinds[20] = KINDS.index("official")
    with_them = budget(one, "headquarters_only", officials=True)
    without = budget(one, "headquarters_only", officials=False)
    assert with_them.hours[20] > 0 == without.hours[20]


def test_hours_cannot_move_to_headquarters_that_do_not_exist() -> None:
    one = Stage(2)
    one.accounts.kinds[0] = KINDS.index("mission")
    with pytest.raises(UserError, match=r"mission_hours=moved.*headquarters.*mission_hours=idle"):
        budget(one, "headquarters_only", mission_hours="moved")


def test_learning_starts_between_its_floors() -> None:
    with pytest.raises(ValidationError, match="between floor and 1 - floor"):
        policy("adaptive", rho=0.05)
