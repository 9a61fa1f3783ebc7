"""Copies: which posts go where, at what price, and which version of a message is taken up."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.state import POST
from sim.strategy.budget import Budget
from sim.strategy.crossposting import Said, Venues, make_copies
from sim.strategy.desks import Desks, make_desks
from sim.vocabulary import COPY, MEDIA, OURS
from tests.strategy.conftest import SEED, Stage, policy

TEXT, IMAGE, VIDEO, STICKER = range(len(MEDIA))
ALL, LIVE = {"crossposting": {"kind": "all"}}, {"crossposting": {"kind": "livestreams"}}
WORDS = ("twitter", "instagram", "telegram")
REPEATING = {"kind": "campaign", "n_repeats": 3, "spacing_days": 2, "share": 0.5}


def venues(n: int) -> Venues:
    """Everybody on the main platform, every second on both others; pictures only on the second."""
    is_there = np.zeros((n, 3), bool)
    is_there[:, 0] = is_there[::2] = True
    return Venues(
        is_there=is_there, first=np.zeros(n, np.uint8),
        carries=np.array([[True] * 4, [False, True, True, False], [True] * 4]),
        reshares=np.array([True, False, False]), replies=np.array([True, True, False]),
        words=WORDS, others_copy=False,
    )  # fmt: skip


def rows(media: list[int], accounts: list[int] | None = None, **columns: Any) -> np.ndarray:
    posts = np.zeros(len(media), POST)
    posts["key"] = np.arange(1, len(media) + 1) * 1_001
    posts["media"], posts["hours"] = media, 2.0
    posts["account"] = accounts or [0] * len(media)
    for name, values in columns.items():
        posts[name] = values
    return posts


def copies(stage: Stage, sections: dict[str, Any]) -> Any:
    chosen, n = policy(sections=sections), len(stage.accounts.names)
    return make_copies(chosen, stage.work, stage.accounts, venues(n))


def test_copies_follow_their_posts_where_their_medium_is_carried(stage: Stage) -> None:
    found = copies(stage, ALL).added_to(rows([TEXT, IMAGE, VIDEO, STICKER, TEXT], [0, 0, 0, 0, 1]))
    originals, made = found[:5], found[5:]
    assert (originals["kind"] != COPY).all() and (made["kind"] == COPY).all()
    where = {(int(one["parent"]), WORDS[one["platform"]]) for one in made}
    named = {(key * 1_001, word) for key, words in (
        (1, ("telegram",)), (2, WORDS[1:]), (3, WORDS[1:]), (4, ("telegram",))) for word in words}
    assert where == named  # account 1 is nowhere else
    assert len(np.unique(found["key"])) == len(found)
    assert (made["hours"] == np.float32(stage.work.crosspost_hours)).all()
    assert (made["message"] == made["parent"]).all()
    assert originals["message"].tolist() == [1_001, 2_002, 3_003, 4_004, 0]


def test_a_copy_of_a_repeat_belongs_to_the_message(stage: Stage) -> None:
    found = copies(stage, ALL).added_to(rows([IMAGE], message=77))
    assert (found["message"] == 77).all() and len(found) == 3


def test_livestreams_are_videos_at_a_price_of_their_own(stage: Stage) -> None:
    made = copies(stage, LIVE).added_to(rows([TEXT, IMAGE, VIDEO]))[3:]
    assert made["media"].tolist() == [VIDEO] * 2
    assert (made["hours"] == np.float32(stage.work.livestream_hours)).all()


def test_an_account_posts_what_its_first_platform_carries(stage: Stage) -> None:
    elsewhere = venues(len(stage.accounts.names))
    elsewhere = replace(elsewhere, first=np.ones_like(elsewhere.first))
    posts = rows([TEXT, IMAGE, VIDEO, STICKER], platform=1)
    fitted = make_copies(policy(), stage.work, stage.accounts, elsewhere).added_to(posts)
    assert fitted["media"].tolist() == [IMAGE, IMAGE, VIDEO, IMAGE]


def test_the_mean_price_of_copies_is_that_of_the_mix(stage: Stage) -> None:
    n = len(stage.accounts.names)
    image, video, sticker = (np.full(n, share) for share in (0.3, 0.1, 0.2))
    paid = copies(stage, ALL).cost(image, video, sticker)
    ours = np.asarray(stage.accounts.sides) == OURS
    both = ours & (np.arange(n) % 2 == 0)
    assert paid[both] == pytest.approx((0.3 + 0.1 + 1.0) * stage.work.crosspost_hours)
    assert not paid[~both].any()
    assert not copies(stage, {}).cost(image, video, sticker).any()


def desks_of(stage: Stage, sections: dict[str, Any], posture: str = "table") -> Desks:
    n = len(stage.accounts.names)
    rules = replace(stage.rules(), venues=venues(n))
    return make_desks(policy(posture, sections=sections), rules, stage.accounts, stage.markets,
                      world_seed=SEED, n_hours=stage.n_hours, spill=stage.news.spill)  # fmt: skip


def test_copying_takes_posts_and_care_and_no_hours(stage: Stage) -> None:
    alone, copying = (desks_of(stage, one).office.budget for one in ({}, ALL))
    paid: Budget = copying
    assert np.array_equal(alone.hours, paid.hours) and np.array_equal(alone.reactive, paid.reactive)
    some = paid.copying > 0
    assert some.any() and (paid.n_posts[some] < alone.n_posts[some]).all()
    assert ((paid.cost - paid.copying)[some] < alone.cost[some]).all()
    assert np.allclose((paid.n_posts * paid.paid)[some], (alone.n_posts * alone.paid)[some])
    assert np.array_equal(paid.n_posts[~some], alone.n_posts[~some])


def test_a_repeat_saves_writing_and_no_copying(stage: Stage) -> None:
    office = desks_of(stage, ALL | {"repetition": REPEATING}, "proactive").office
    budget, rel = office.budget, stage.work.rel_hours_repeat
    some, parts = budget.copying > 0, office.repeat_parts()
    assert np.allclose(
        (parts * budget.paid)[some], (rel * (budget.paid - budget.copying) + budget.copying)[some]
    )
    assert (parts[~some] == rel).all()


def test_the_books_add_up_where_messages_are_repeated_and_copied(stage: Stage) -> None:
    desks = desks_of(stage, ALL | {"repetition": REPEATING}, "proactive")
    posts = stage.run(desks, stage.view(), last_week=8)
    desks.office.turn(8)
    assert desks.ledger.check() < 1e-6
    ours = np.asarray(stage.accounts.sides)[posts["account"]] == OURS
    assert (posts["kind"][ours] == COPY).any()
    _, counts = np.unique(posts["message"][ours & (posts["message"] != 0)], return_counts=True)
    assert counts.max() == 9  # three days, three platforms


def test_a_message_is_taken_up_where_the_account_is_and_may(stage: Stage) -> None:
    there = venues(4)  # accounts 0 and 2 on all three, 1 and 3 on the main one
    posts = copies(stage, ALL).added_to(rows([IMAGE, IMAGE], [0, 8]))
    said = Said(posts, there)
    asked = np.array([1, 2])
    version, found = said.met_by(asked, posts[:2], there.reshares)
    assert found.all() and (version["platform"] == 0).all()
    version, found = said.met_by(asked, posts[:2], np.array([False, True, True]))
    assert found.tolist() == [False, True]
    assert version["platform"][1] == 1 and version["parent"][1] == posts["key"][1]


def test_one_platform_makes_no_copies_and_touches_nothing(stage: Stage) -> None:
    n = len(stage.accounts.names)
    alone = make_copies(policy(), stage.work, SimpleNamespace(sides=stage.accounts.sides),  # type: ignore[arg-type]
                        Venues.one(n))  # fmt: skip
    posts = rows([TEXT, STICKER])
    before = posts.tobytes()
    assert alone.added_to(posts) is posts and posts.tobytes() == before
