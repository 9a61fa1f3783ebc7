"""Hybrids: at their ends the policies themselves, between them each aspect is one's own."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from sim.errors import UserError
from sim.model import rules_of
from sim.scenario import Scenario
from sim.simulate import simulate_world
from sim.strategy import causes
from sim.strategy.aspects import ASPECTS, COLUMNS, DERIVED, differing, mixed, refuse_inseparable
from sim.strategy.budget import Budget
from sim.strategy.policy import Hybrid
from sim.strategy.staffing import Staffing
from sim.streams import world_seed
from sim.vocabulary import OURS
from sim.world.accounts import load_network
from tests.scenarios import scenario

UNLIKE = {"work.share_planning": 0.2, "work.share_monitoring": 0.08}  # so that quality differs


def staffing(arm: Scenario) -> Staffing:
    _, accounts = load_network(arm.network, *arm.platform_names)
    with np.errstate(over="ignore"):
        stems = causes.stems(world_seed(1, "0/0"), np.asarray(accounts.hashes, np.uint64))
    return Staffing(arm.policy, rules_of(arm, accounts), accounts, stems)


def pair(**policy: str) -> tuple[Budget, Budget, np.ndarray, Scenario, Scenario]:
    mine = scenario(UNLIKE, **{"posture": "proactive", "tone": "sharp", "investment": "high",
                               "clearance": "autonomous", **policy})  # fmt: skip
    theirs = scenario(UNLIKE, posture="reactive")
    ours = np.asarray(staffing(mine).accounts.sides) == OURS
    return staffing(mine).budget(2), staffing(theirs).budget(2), ours, mine, theirs


def hybrid(theirs: Scenario, *taken: str, alike: tuple[str, ...] = ()) -> Hybrid:
    return Hybrid(other=theirs.policy, taken=taken, alike=alike)  # type: ignore[arg-type]


def unequal(one: Budget, other: Budget) -> list[str]:
    names = [each.name for each in fields(Budget)]
    return [name for name in names
            if getattr(one, name).tobytes() != getattr(other, name).tobytes()]  # fmt: skip


def test_every_column_belongs_to_one_place() -> None:
    placed = [name for names in COLUMNS.values() for name in names]
    placed += [*DERIVED, "training", "exchange", "replies", "usual_posts"]
    assert sorted(placed) == sorted(one.name for one in fields(Budget))


def test_at_its_ends_a_hybrid_is_the_policy_itself_to_the_last_bit() -> None:
    mine, others, ours, _, theirs = pair()
    assert differing(mine, others, ours) == list(ASPECTS)
    assert unequal(mixed(mine, others, hybrid(theirs), ours), mine) == []
    assert unequal(mixed(mine, others, hybrid(theirs, *ASPECTS), ours), others) == []


@pytest.mark.parametrize("name", ASPECTS)
def test_an_aspect_taken_moves_its_own_columns_and_no_others(name: str) -> None:
    mine, others, ours, _, theirs = pair()
    made = mixed(mine, others, hybrid(theirs, name), ours)
    moved = set(unequal(made, mine)) - set(DERIVED)
    assert moved and moved <= set(COLUMNS[name])
    for column in COLUMNS[name]:
        assert getattr(made, column).tobytes() == getattr(others, column).tobytes()


def test_hours_for_posts_are_posts_times_hours_per_post() -> None:
    mine, others, ours, _, theirs = pair()
    made = mixed(mine, others, hybrid(theirs, "volume"), ours)
    rows = ours & made.active
    content = (made.proactive + made.reactive)[rows]
    assert content == pytest.approx((others.n_posts * mine.cost)[rows], rel=1e-12)
    part = mine.proactive / (mine.proactive + mine.reactive)
    assert (made.proactive[rows] / content) == pytest.approx(part[rows], rel=1e-9)
    spent = (made.proactive + made.reactive + made.idle + made.monitoring + made.planning
             + made.training + made.exchange + made.replies + made.unused)  # fmt: skip
    assert made.hours[rows] == pytest.approx(spent[rows], rel=1e-12)


def test_accounts_of_others_stay_as_they_are() -> None:
    mine, others, ours, _, theirs = pair()
    made = mixed(mine, others, hybrid(theirs, "volume", "framing"), ours)
    for one in fields(Budget):
        assert getattr(made, one.name)[~ours].tobytes() == getattr(mine, one.name)[~ours].tobytes()


def test_with_equal_prices_of_watching_and_planning_quality_is_alike() -> None:
    same = {"work.share_planning": 0.1, "work.share_monitoring": 0.1}
    one, other = (staffing(scenario(same, posture=name)) for name in ("proactive", "reactive"))
    ours = np.asarray(one.accounts.sides) == OURS
    found = differing(one.budget(2), other.budget(2), ours)
    assert "timing" in found and not {"volume", "framing"} & set(found)


def test_an_aspect_said_to_be_alike_must_be() -> None:
    mine, others, ours, _, theirs = pair()
    with pytest.raises(ValueError, match="differ in framing"):
        mixed(mine, others, hybrid(theirs, "timing", alike=("framing",)), ours)


def with_hybrid(mine: Scenario, theirs: Scenario, *taken: str) -> Scenario:
    policy = mine.policy.model_copy(update={"hybrid": hybrid(theirs, *taken)})
    return mine.model_copy(update={"policy": policy})


def test_whole_runs_at_the_ends_are_those_of_the_policies() -> None:
    _, _, _, mine, theirs = pair()
    arms = [mine, theirs, with_hybrid(mine, theirs), with_hybrid(mine, theirs, *ASPECTS),
            with_hybrid(mine, theirs, "timing")]  # fmt: skip
    ran = simulate_world(arms, theirs, 0, 0)
    values = [{key: repr(one) for key, one in run.values.items()} for run in ran]
    assert values[2] == values[0] and values[3] == values[1]
    assert values[4] not in values[:2]


@pytest.mark.parametrize(("groups", "told"), [
    ({"posture": "silent", "tone": "table"}, "posture.kind=silent"),
    ({"posture": "adaptive"}, "posture.kind=adaptive"),
    ({"language": "local"}, "policy.language"),
    ({"clearance": "central"}, "one queue"),
    ({"tone": "imitate"}, "tone=imitate"),
    ({"training": "share", "exchange": "network"}, "policy.training, policy.exchange"),
])  # fmt: skip
def test_what_cannot_be_separated_is_refused_by_name(groups: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        refuse_inseparable(scenario(**groups).policy, scenario().policy)


def test_shares_of_hours_that_differ_are_refused() -> None:
    one = scenario(training="share", investment="high").policy
    other = scenario(training="share").policy
    with pytest.raises(UserError, match=r"policy\.training"):
        refuse_inseparable(one, other)
