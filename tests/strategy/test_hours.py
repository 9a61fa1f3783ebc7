"""What hours go into: copies as many as are made, shares of all hours, replies within theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.state import POST
from sim.strategy.crossposting import Venues, make_copies
from sim.vocabulary import MEDIA, OURS, RIVAL
from tests.strategy.conftest import Stage, policy
from tests.strategy.test_replies import HEADQUARTERS, hear, posts_of, stage_with

CARRIED = {  # by text, image, video, sticker
    "everything": (True, True, True, True), "videos": (False, False, True, False),
    "images": (False, True, False, True), "words": (True, False, False, False),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["all", "livestreams"])
@pytest.mark.parametrize("carried", CARRIED)
def test_copies_cost_what_the_copies_of_many_posts_cost(
    stage: Stage, kind: str, carried: str
) -> None:
    """The mean price is that of the mix: every medium counted by its own share."""
    n, luck = len(stage.accounts.names), np.random.default_rng(2)
    venues = replace(
        Venues.one(n), is_there=np.ones((n, 2), bool), words=("twitter", "other"),
        carries=np.array([[True] * 4, CARRIED[carried]]), reshares=np.ones(2, bool),
        replies=np.ones(2, bool),
    )  # fmt: skip
    made = make_copies(policy(sections={"crossposting": {"kind": kind}}), stage.work,
                       stage.accounts, venues)  # fmt: skip
    shares = np.array([0.4, 0.3, 0.1, 0.2])
    paid = made.cost(*(np.full(n, shares[MEDIA.index(name)])
                       for name in ("image", "video", "sticker")))  # fmt: skip
    posts = np.zeros(40_000, POST)
    posts["key"] = luck.integers(1, 2**63, len(posts), dtype=np.uint64)
    posts["media"] = luck.choice(len(MEDIA), len(posts), p=shares)
    with np.errstate(over="ignore"):
        copies = made.added_to(posts)[len(posts) :]
    assert paid[HEADQUARTERS] == pytest.approx(copies["hours"].sum() / len(posts), rel=0.05)


@pytest.mark.parametrize("kinds", [("training",), ("exchange",), ("training", "exchange")])
def test_each_share_is_one_of_all_hours(stage: Stage, kinds: tuple[str, ...]) -> None:
    """What one thing takes does not depend on what another takes, and nothing is left over."""
    given: dict[str, Any] = {
        "training": {"kind": "share", "share": 0.25}, "exchange": {"kind": "network", "share": 0.1},
    }  # fmt: skip
    budget = stage.desks(policy(sections={name: given[name] for name in kinds})).office.budget
    ours = np.asarray(stage.accounts.sides) == OURS
    for name in ("training", "exchange"):
        share = given[name]["share"] if name in kinds else 0.0
        assert getattr(budget, name)[ours] == pytest.approx(share * budget.hours[ours])
        assert not getattr(budget, name)[~ours].any()
    parts = (budget.training, budget.exchange, budget.replies, budget.unused, budget.monitoring,
             budget.planning, budget.reactive, budget.proactive, budget.idle)  # fmt: skip
    assert sum(parts) == pytest.approx(budget.hours)


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_replies_take_their_share_of_the_hours_and_no_more(share: float) -> None:
    """With more to reply to than anybody could, hours for anything else without end, and three
    weeks: what replies cost is the opening allowance and 21 days of the share, up to one reply."""
    one = stage_with({"rival": {"p_answer_post": 1.0, "share_replies": share}})
    desks = one.desks(policy())
    replies, office = desks.replies, desks.office
    assert replies is not None
    office.bank[:] = 1e9
    opening = replies.allowance.copy()
    spent = np.zeros(len(opening))
    for day in range(21):
        for turn in range(4):
            parents = posts_of(HEADQUARTERS, 200, 0.6, hour=24.0 * day + turn + 0.5)
            parents["key"] += np.uint64(1_000 * (4 * day + turn))
            found = hear(one, desks, parents, hour=24.0 * day + turn + 1.0)
            spent += np.bincount(found["account"], minlength=len(spent)) * office.budget.paid
        replies.work_a_day()
    a_week = share * office.budget.reactive
    rivals = np.flatnonzero((np.asarray(one.accounts.sides) == RIVAL) & (spent > 0))
    assert len(rivals)
    most = np.maximum(a_week, office.budget.paid)
    for row in rivals:
        assert opening[row] == pytest.approx(most[row])
        last = a_week[row] / 7.0 + office.budget.paid[row]  # earned today, and less than a reply
        due = opening[row] + 3 * a_week[row]
        assert due - last - 1e-6 <= spent[row] <= due + 1e-6
