"""Who replies to what, when, how often, and who pays: the desks' replies over columns."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.errors import UserError
from sim.mechanisms.claims import NoClaims
from sim.mechanisms.rivals import Rivals
from sim.state import LIVE, POST
from sim.strategy import causes
from sim.strategy.asserting import shares_inaccurate, with_claims
from sim.strategy.desks import Desks
from sim.strategy.engagement import Rebut
from sim.strategy.imitating import mix_of
from sim.strategy.policy import Policy
from sim.strategy.view import View
from sim.vocabulary import (
    ACCURATE,
    AMPLIFICATION,
    ANSWER,
    CORRECTION,
    INACCURATE,
    OURS,
    RIVAL,
)
from tests.strategy.conftest import Stage, policy, section

REBUT = section("rebuttal/rebut.yaml")
POSTS = section("answering/posts.yaml")
SHARE = section("sister_sharing/share.yaml")
HEADQUARTERS, ALLY = 0, 4
MANY = 4_000  # enough for a binomial test at 4 standard errors


def a_policy(**groups: dict[str, Any]) -> Policy:
    return Policy.model_validate({**policy().model_dump(), **groups})


def stage_with(changes: dict[str, dict[str, float]], n_weeks: int = 2) -> Stage:
    """A stage on which some manners of others are changed."""
    one = Stage(n_weeks)
    values: Any = section("rivals/default.yaml")
    for kind, manner in changes.items():
        values[kind] |= manner
    one.rivals = Rivals.model_validate(values)
    return one


def rich(desks: Desks) -> Desks:
    """Desks with hours for any number of replies."""
    desks.office.bank[:] = 1e9
    assert desks.replies is not None
    desks.replies.allowance[:] = 1e9
    return desks


def posts_of(account: int, n: int, stance: float, hour: float = 10.5, **columns: Any) -> np.ndarray:
    posts = np.zeros(n, POST)
    posts["key"] = np.random.default_rng(n).integers(1, 2**63, n, dtype=np.uint64)
    posts["account"], posts["stance"], posts["hour"] = account, stance, hour
    posts["event"], posts["quality"], posts["topic"] = -1, 1.0, 3
    for name, value in columns.items():
        posts[name] = value
    return posts


def hear(stage: Stage, desks: Desks, posts: np.ndarray, hour: float = 11.0) -> np.ndarray:
    view = stage.view()
    view.advance(hour)
    with np.errstate(over="ignore"):
        return desks.hear(view, posts)  # type: ignore[misc]


def close(share: float, p: float, n: int) -> bool:
    return abs(share - p) < 4.0 * np.sqrt(p * (1 - p) / n)


def test_nobody_listens_where_nobody_replies(stage: Stage) -> None:
    assert stage.desks(policy()).hear is None
    assert stage.desks(a_policy(rebuttal=REBUT)).hear is not None


def test_a_post_is_answered_by_anybody_with_the_stated_chance() -> None:
    one = stage_with({"rival": {"p_answer_post": 0.2}})
    parents = posts_of(HEADQUARTERS, MANY, 0.6)
    found = hear(one, rich(one.desks(policy())), parents)
    assert (found["kind"] == ANSWER).all() and set(found["account"]) == {2, 3}
    assert close(len(np.unique(found["parent"])) / MANY, 0.2, MANY)
    assert close((found["account"] == 2).mean(), 0.5, len(found))
    assert len(np.unique(found["key"])) == len(found)
    assert np.isin(found["parent"], parents["key"]).all()
    assert (found["topic"] == 3).all() and (found["stance"] < 0).all()


def test_posts_are_heard_where_they_are_and_headquarters_everywhere() -> None:
    one = stage_with({"rival": {"p_answer_post": 1.0}})
    desks = rich(one.desks(policy()))
    assert len(hear(one, desks, posts_of(8, 50, 0.6))) == 0  # no rival in that market
    near = hear(one, desks, posts_of(14, 50, 0.6))  # a mission in the market of rival 2
    assert set(near["account"]) == {2} and len(near) == 50
    assert len(hear(one, desks, posts_of(HEADQUARTERS, 50, -0.6))) == 0  # leans their own way


def test_a_reply_comes_after_it_was_heard_and_with_the_stated_mean() -> None:
    one = stage_with({"rival": {"p_answer_post": 1.0, "reply_hours": 9.0, "reply_log_sd": 0.8}})
    found = hear(one, rich(one.desks(policy())), posts_of(14, MANY, 0.6))
    assert found["hour"].min() >= 11.0
    wait = found["hour"] - 10.5
    assert abs(wait.mean() - 9.0) < 4.0 * wait.std() / np.sqrt(len(wait))


def test_sharp_begets_sharp_by_the_stated_share() -> None:
    manner = {"p_answer_post": 1.0, "share_in_kind": 0.6}
    one = stage_with({"rival": manner})
    one.accounts.tone_mixes[:] = [1.0, 0.0, 0.0, 0.0, 0.0]  # nobody is sharp unprovoked
    found = hear(one, rich(one.desks(policy())), posts_of(14, MANY, 0.6, tone=3))
    assert close((found["tone"] == 3).mean(), 0.6, MANY)
    assert set(found["tone"]) == {0, 3}


def test_chains_end_at_the_configured_depth() -> None:
    one = stage_with({"rival": {"p_answer_post": 1.0}})
    deep = one.dispute.model_copy(update={"depth": 2})
    for depth, expected in ((1, [20, 0, 0]), (2, [20, 20, 0])):
        one.dispute = deep.model_copy(update={"depth": depth})
        desks = rich(one.desks(policy()))
        lengths = [len(hear(one, desks, posts_of(14, 20, 0.6, generation=g))) for g in range(3)]
        assert lengths == expected
    first = hear(one, desks, posts_of(14, 20, 0.6, generation=1))
    assert (first["generation"] == 2).all()


def test_only_inaccurate_claims_are_corrected_and_once_by_name() -> None:
    one, chosen = Stage(2), a_policy(rebuttal={**REBUT, "p": 1.0})
    right, wrong = (posts_of(2, 30, -0.6, claim=claim) for claim in (ACCURATE, INACCURATE))
    assert len(hear(one, rich(one.desks(chosen)), right)) == 0
    found = hear(one, rich(one.desks(chosen)), wrong)
    assert (found["kind"] == CORRECTION).all()
    assert len(np.unique(found["parent"])) == 30
    assert (one.accounts.sides[found["account"]] == OURS).all()
    again = hear(one, rich(one.desks(chosen)), wrong)
    assert np.array_equal(found, again)  # the same cause, the same luck
    own = posts_of(14, 30, 0.6, claim=INACCURATE)
    assert len(hear(one, rich(one.desks(chosen)), own)) == 0  # nobody corrects what leans his way


def test_allies_pass_on_what_leans_their_way_and_sisters_one_another() -> None:
    one = stage_with({"ally": {"p_amplify": 0.5}})
    desks = rich(one.desks(policy()))
    friendly = posts_of(HEADQUARTERS, MANY, 0.6, tone=2, media=1, language=1)
    found = hear(one, desks, friendly)
    assert (found["kind"] == AMPLIFICATION).all() and set(found["account"]) == {ALLY}
    assert close(len(found) / MANY, 0.5, MANY)
    assert (found["tone"] == 2).all() and (found["media"] == 1).all()
    assert len(hear(one, desks, posts_of(2, 40, -0.6))) == 0
    assert len(hear(one, desks, found)) == 0  # what was passed on is not passed on again
    sharing = rich(one.desks(a_policy(sister_sharing={**SHARE, "p_sister": 0.5, "p_ally": 0.25})))
    theirs = hear(one, sharing, posts_of(ALLY, MANY, 0.3))
    assert (one.accounts.sides[theirs["account"]] == OURS).all()
    assert close(len(np.unique(theirs["parent"])) / MANY, 0.25, MANY)
    sisters = hear(one, sharing, posts_of(14, MANY, 0.6))
    assert set(sisters["account"]) == {26, 38}  # the other missions of that market, not itself
    assert close(len(np.unique(sisters["parent"])) / MANY, 0.5, MANY)


def test_replies_are_paid_and_never_beyond_their_share() -> None:
    one = stage_with({"rival": {"p_answer_post": 1.0, "share_replies": 0.3}})
    desks = one.desks(policy())
    allowance, bank = desks.replies.allowance.copy(), desks.office.bank.copy()
    found = hear(one, desks, posts_of(HEADQUARTERS, 500, 0.6))
    n = np.bincount(found["account"], minlength=len(bank))
    spent = n * desks.office.budget.paid
    assert 0 < len(found) < 500
    assert (spent <= np.minimum(allowance, bank) + 1e-9)[n > 0].all()
    assert np.allclose(bank - desks.office.bank, spent)
    assert np.allclose(desks.office.ledger.uses["production"][:, 0], spent)
    for day in range(70):
        desks.replies.work_a_day()
        assert (desks.replies.allowance <= allowance + 1e-9).all(), day


REPLYING = {"rebuttal": REBUT, "answering": POSTS, "sister_sharing": SHARE}
EARLY = section("pre_emption/own_frame.yaml")
ENGAGED = {**REPLYING, "pre_emption": EARLY}


@pytest.mark.parametrize("posture", ["table", "reactive", "proactive", "mixed"])
def test_books_balance_with_every_reply_on(posture: str) -> None:
    manner = {"p_answer_post": 0.5, "p_rebut": 0.5, "p_amplify": 0.3, "imitation": 0.2}
    one = stage_with({"rival": manner, "ally": manner}, n_weeks=4)
    rho = {"rho": 0.5} if posture in ("mixed", "table") else {}
    early = {} if posture == "reactive" else {"pre_emption": EARLY}
    chosen = a_policy(posture={**section(f"posture/{posture}.yaml"), **rho}, **REPLYING, **early)
    desks, view, found = one.desks(chosen), one.view(), []
    heard = 0

    def listen(hour: float, posts: np.ndarray) -> None:
        nonlocal heard
        due = np.concatenate([*found, posts]) if found else posts
        now = due[(due["hour"] >= hour - 24.0) & (due["hour"] < hour)]
        if hour % 24.0 == 0.0 and len(now):
            replies = desks.hear(view, now)
            heard += len(replies)
            found.append(replies)
        found.append(posts)

    with np.errstate(over="ignore"):
        one.run(desks, view, seen=listen)
    desks.office.turn(4)
    assert heard > 20
    assert desks.ledger.check() < 1e-9
    posts = np.concatenate(found)
    kinds = np.bincount(posts["kind"], minlength=4)
    assert kinds[ANSWER] > 0 and kinds[AMPLIFICATION] > 0


def test_claims_are_declared_by_key_and_share() -> None:
    one = stage_with({"rival": {"share_inaccurate": 0.3}})
    shares = shares_inaccurate(one.rivals, one.accounts)
    assert (shares[one.accounts.sides == OURS] == 0).all()
    rival = with_claims(posts_of(2, MANY, -0.6, event=0), shares)
    assert close((rival["claim"] == INACCURATE).mean(), 0.3, MANY)
    assert ((rival["claim"] == INACCURATE) | (rival["claim"] == ACCURATE)).all()
    ours = with_claims(posts_of(8, 50, 0.6, event=0), shares)
    assert (ours["claim"] == ACCURATE).all()
    slip = with_claims(posts_of(8, 50, 0.6, event=0, blunder=1), shares)
    assert (slip["claim"] == INACCURATE).all()  # in haste, and wrong: whoever wrote it
    assert not with_claims(posts_of(2, 50, -0.6), shares)["claim"].any()  # on no event
    assert isinstance(one.claims, NoClaims)


def test_other_levers_are_refused_with_a_reason() -> None:
    with pytest.raises(ValidationError, match="rebuts inaccurate claims only"):
        Rebut.model_validate({**REBUT, "rebuts": "accurate"})
    with pytest.raises(ValidationError, match="publishes accurate claims only"):
        Rebut.model_validate({**REBUT, "publishes": "inaccurate"})


def test_early_posts_come_before_their_event_and_may_not_fit() -> None:
    one = Stage(8)
    early = {"kind": "own_frame", "share": 1.0, "lead_hours": 12.0}
    chosen = a_policy(posture=section("posture/proactive.yaml"), pre_emption=early)
    usual = one.run(one.desks(a_policy(posture=section("posture/proactive.yaml"))), one.view())
    ahead = one.run(one.desks(chosen), one.view())
    ours = one.accounts.sides == OURS

    def prepared(posts: np.ndarray) -> np.ndarray:
        return posts[ours[posts["account"]] & (posts["event"] >= 0) & (posts["posture"] == 1)]

    mine, before = prepared(ahead), prepared(usual)
    lead = one.events["hour"][mine["event"]] - mine["hour"]
    assert (lead >= 0).all() and lead.max() == pytest.approx(12.0) and (lead == 12.0).mean() > 0.8
    assert len(mine) > 1.1 * len(before)  # what would have been dropped goes out
    blunders = mine["blunder"].mean()
    assert close(blunders, 1 - one.work.p_fit, len(mine))
    others = [posts[~ours[posts["account"]]] for posts in (ahead, usual)]
    assert np.array_equal(*others)


def test_imitators_move_to_what_earned_more_and_keep_it_in_a_fork() -> None:
    one = stage_with({"rival": {"imitation": 0.3}})
    desks, earning = one.desks(policy()), np.zeros(400, LIVE)
    earning["tone"], earning["hour"] = np.arange(400) % 5, 100.0
    earning["n_shares"] = np.where(earning["tone"] == 2, 30, 1)
    view = View(accounts=one.accounts, markets=one.markets, work=one.work, events=one.events,
                posts=lambda: earning)  # fmt: skip
    before = mix_of(desks.office.budget.tone_steps)
    view.advance(168.0)
    desks.plan(view, 1)
    after = mix_of(desks.office.budget.tone_steps)
    rivals = one.accounts.sides == RIVAL
    assert (after[rivals, 2] > before[rivals, 2] + 0.05).all()
    assert np.array_equal(after[~rivals], before[~rivals])
    assert after.sum(axis=1) == pytest.approx(np.ones(len(after)))
    twin = desks.fork(policy("proactive"))
    assert np.allclose(mix_of(twin.office.budget.tone_steps)[rivals], after[rivals])
    own = one.desks(a_policy(tone={"kind": "imitate", "rate": 0.3}))
    own.plan(view, 1)
    ours = one.accounts.sides == OURS
    assert (mix_of(own.office.budget.tone_steps)[ours, 2] > before[ours, 2] + 0.05).all()


def test_only_posts_that_are_out_are_looked_at() -> None:
    one = stage_with({"rival": {"imitation": 0.3}})
    desks, later = one.desks(policy()), np.zeros(10, LIVE)
    later["hour"], later["tone"], later["n_shares"] = 400.0, 2, 99
    view = View(accounts=one.accounts, markets=one.markets, work=one.work, events=one.events,
                posts=lambda: later)  # fmt: skip
    before = copy.deepcopy(desks.office.budget.tone_steps)
    view.advance(168.0)
    desks.plan(view, 1)
    assert np.array_equal(desks.office.budget.tone_steps, before)


def test_reply_names_differ_from_all_others() -> None:
    stem = causes.stems(np.uint64(7), np.array([11], np.uint64))
    parent = np.array([99], np.uint64)
    words = [*causes.REPLY_CAUSES.values(), causes.EVENT_CAUSE, causes.DAY_CAUSE]
    keys = {int(causes.post_keys(stem, causes.cause(word, parent, causes.FIRST))[0])
            for word in words}  # fmt: skip
    assert len(keys) == len(words)


@pytest.mark.parametrize("name", ["rebuttal", "answering", "sister_sharing", "pre_emption"])
def test_a_silent_ministry_cannot_reply(name: str) -> None:
    with pytest.raises(UserError, match=rf"posture=silent publishes nothing, and {name}="):
        a_policy(posture=section("posture/silent.yaml"), **{name: ENGAGED[name]})


def test_nothing_comes_early_that_was_not_prepared() -> None:
    with pytest.raises(UserError, match="posture=reactive prepares none"):
        a_policy(posture=section("posture/reactive.yaml"), pre_emption=ENGAGED["pre_emption"])


def test_new_media_have_their_price_and_languages_keep_theirs() -> None:
    """By hand: an image instead of text adds rel_hours_image - 1 to the price of a post."""
    one = stage_with({})
    earning = np.zeros(400, LIVE)
    earning["media"], earning["hour"] = np.arange(400) % 3, 100.0
    earning["n_shares"] = np.where(earning["media"] == 1, 30, 1)
    view = View(accounts=one.accounts, markets=one.markets, work=one.work, events=one.events,
                posts=lambda: earning)  # fmt: skip
    view.advance(168.0)
    own = one.desks(a_policy(tone={"kind": "imitate", "rate": 0.3},
                             language=section("language/bilingual.yaml")))  # fmt: skip
    before = own.office.budget
    own.plan(view, 1)
    after, ours = own.office.budget, one.accounts.sides == OURS
    change = mix_of(after.media_steps) - mix_of(before.media_steps)
    assert (change[ours, 1] > 0.05).all()
    dearer = change[:, 1] * (one.work.rel_hours_image - 1.0)
    dearer += change[:, 2] * (one.work.rel_hours_video - 1.0)
    assert after.price - before.price == pytest.approx(dearer, abs=1e-12)
