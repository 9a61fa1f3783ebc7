"""Campaigns: what goes out when, at what price, and that the books add up."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from sim.errors import UserError
from sim.strategy.repeating import Campaign, campaigns_of
from tests.scenarios import scenario
from tests.strategy.conftest import Stage, policy

STEMS = np.array([3, 4], np.uint64)
PLAN = {"kind": "campaign", "n_repeats": 3, "spacing_days": 2, "share": 0.5}
REPEATING = {"repetition": PLAN}


def weeks_of(plan: Campaign, price: float, n_posts: list[int], n: int = 6) -> list[list[tuple]]:
    """(row, day, message, ordinal) of each week."""
    campaigns = campaigns_of(plan, price, len(n_posts), None)
    assert campaigns is not None
    found = []
    for week in range(n):
        said = campaigns.week(week, np.array(n_posts), STEMS)
        found.append(list(zip(said.rows.tolist(), said.days.tolist(), said.messages.tolist(),
                              said.ordinals.tolist(), strict=True)))  # fmt: skip
    return found


def test_a_message_goes_out_so_often_so_far_apart() -> None:
    plan = Campaign(kind="campaign", n_repeats=3, spacing_days=2, share=0.5)
    days: dict[tuple[int, int], list[int]] = {}
    for week, posts in enumerate(weeks_of(plan, 0.25, [4, 4])):
        for row, day, message, ordinal in posts:
            assert 7 * week <= day < 7 * week + 7
            assert len(days.setdefault((row, message), [])) == ordinal
            days[row, message].append(day)
    begun_early = [one for one in days.values() if one[0] < 28]
    assert len(begun_early) > 4 and all(len(one) == 3 for one in begun_early)
    gaps = np.concatenate([np.diff(one) for one in days.values()])
    assert gaps.min() == 2


def test_a_week_spends_its_share_and_keeps_the_rest() -> None:
    plan = Campaign(kind="campaign", n_repeats=3, spacing_days=1, share=0.5)
    campaigns = campaigns_of(plan, 0.25, 1, None)
    assert campaigns is not None
    for week in range(8):
        before = campaigns.credit[0]
        said = campaigns.week(week, np.array([5]), STEMS[:1])
        spent = np.where(said.ordinals > 0, 0.25, 1.0).sum()
        assert spent + campaigns.credit[0] == pytest.approx(before + 0.5 * (5 - before))
        assert campaigns.credit[0] < 1.0 and said.single[0] + spent <= 5.0


def test_every_post_of_an_arm_has_a_key_and_its_message_fixes_what_is_said(stage: Stage) -> None:
    desks = stage.desks(policy("proactive", sections=REPEATING))
    posts = stage.run(desks, stage.view(), last_week=8)
    assert len(np.unique(posts["key"])) == len(posts)
    repeated = posts[posts["message"] != 0]
    names, counts = np.unique(repeated["message"], return_counts=True)
    assert counts.max() == 3 and len(names) > 20
    for name in names[counts > 1][:20]:
        same = repeated[repeated["message"] == name]
        assert len({one["account"] for one in same}) == 1
        for column in ("topic", "tone", "media", "language", "stance"):
            assert len(np.unique(same[column])) == 1, column
    ours = np.asarray(stage.accounts.sides)[repeated["account"]] == 0
    assert ours.all()


def test_repeats_are_cheaper_so_that_the_same_hours_make_more_posts(stage: Stage) -> None:
    found = {}
    for name, sections in (("plain", {}), ("repeated", REPEATING)):
        desks = stage.desks(policy("proactive", sections=sections))
        found[name] = stage.run(desks, stage.view(), last_week=8)
        desks.office.turn(8)
        assert desks.ledger.check() < 1e-6
    ours = [np.asarray(stage.accounts.sides)[one["account"]] == 0 for one in found.values()]
    n_plain, n_repeated = (int(one.sum()) for one in ours)
    assert n_repeated > 1.1 * n_plain
    paid = [float(one["hours"][mine].sum()) for one, mine in zip(found.values(), ours, strict=True)]
    assert paid[1] == pytest.approx(paid[0], rel=0.1)


def test_what_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="repetition=campaign repeats planned posts"):
        scenario(repetition="campaign", posture="reactive")
    with pytest.raises(UserError, match="replies=share would need posts"):
        scenario(replies="share", posture="silent")
    with pytest.raises(UserError, match="set replies=none"):
        scenario({"platform.replies_allowed": False}, replies="share")
    with pytest.raises(ValidationError):
        scenario({"policy.repetition.n_repeats": 1}, repetition="campaign")
