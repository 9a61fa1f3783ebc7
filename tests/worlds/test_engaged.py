"""Paired worlds: what replies, exchanges, claims and coming first change, and what they leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from sim.model import DiplomacyModel
from sim.observe import support
from sim.paths import conf_dir
from sim.simulate import simulate_world
from sim.state import COUNTER, LIVE, POST
from sim.strategy.view import NO_POSTS, View
from sim.vocabulary import AMPLIFICATION, ANSWER, CORRECTION, INACCURATE, KINDS, OURS
from tests.scenarios import PROVOKED, scenario

STILL: dict[str, Any] = {
    "sharing.p0": 1e-12, "core.mean_shares": 0.0, "pickup.p": 0.0, "sharing.hostile_ratio": 0.0,
    "following.follows_per_share": 0.0, "following.leave_per_view": 0.0, "warmup_days": 0,
    "following.share_dormant": 0.0, "visibility.selection": 0.7, "people.visits_per_hour": 1.0,
    "following.interest_half_life_months": 1e6, "following.churn_per_month": 0.0,
    "opinion.effect_formal": 0.3, "opinion.latitude": 3.0, "opinion.durable_share": 0.25,
}  # fmt: skip
HEADQUARTERS, RIVAL, ALLY = 0, 8, 10


class Script:
    """POST rows that go out whatever happens."""

    def __init__(self, posts: np.ndarray) -> None:
        self.posts = posts

    def plan(self, view: View, week: int) -> np.ndarray:
        return self.posts if week == 0 else NO_POSTS

    def daily(self, view: View, day: int) -> np.ndarray:
        return NO_POSTS

    def answer(self, view: View, event: int) -> np.ndarray:
        return NO_POSTS


def script(*rows: dict[str, Any]) -> np.ndarray:
    posts = np.zeros(len(rows), POST)
    posts["event"], posts["quality"] = -1, 1.0
    for k, row in enumerate(rows):
        posts["key"][k] = 1_000 + k
        for name, value in row.items():
            posts[name][k] = value
    return posts


def run(posts: np.ndarray, changes: dict[str, Any] | None = None, days: int = 4,
        **groups: str) -> DiplomacyModel:  # fmt: skip
    one = scenario({**STILL, **(changes or {})}, news="none", **groups)
    model = DiplomacyModel(one, strategy=Script(posts))
    model.run_for(days)
    return model


def seen_by(model: DiplomacyModel, account: int) -> np.ndarray:
    bits = np.unpackbits(model.engine.state.reached[account], bitorder="little")
    return bits[: len(model.engine.state.people)].astype(bool)


# one post of headquarters, passed on by the ally
POSTED = {"account": HEADQUARTERS, "hour": 2.0, "stance": 0.6}
PASSED = {"account": ALLY, "hour": 9.0, "kind": AMPLIFICATION, "parent": 1_000}


def test_what_is_passed_on_reaches_the_followers_of_who_passes_it_on_and_is_credited() -> None:
    alone, amplified = run(script(POSTED)), run(script(POSTED, PASSED))
    a, b = alone.engine.posts, amplified.engine.posts
    assert b["n_impressions"][0] > a["n_impressions"][0] + 10
    assert b["n_follower_views"][0] == a["n_follower_views"][0]  # the account's own followers
    assert b["n_impressions"][1] == 0
    state = amplified.engine.state
    more = seen_by(amplified, HEADQUARTERS) & ~seen_by(alone, HEADQUARTERS)
    start, n = state.f_start[ALLY], state.f_n[ALLY]
    assert more.any() and np.isin(np.flatnonzero(more), state.followers["who"][start:][:n]).all()
    assert state.accounts["n_impressions"][ALLY] == 0
    gained = b["n_impressions"][0] - a["n_impressions"][0]
    counters = [one.engine.state.counters for one in (alone, amplified)]
    by_others = [int(n[COUNTER.friend_impressions] + n[COUNTER.late_impressions]) for n in counters]
    assert by_others[1] - by_others[0] == gained


def test_the_support_ratio_counts_who_passes_on_whom() -> None:
    posts = script(
        POSTED, {**PASSED, "hour": 4.0}, {**PASSED, "hour": 5.0},
        {"account": ALLY, "hour": 3.0, "stance": 0.3},
        {"account": HEADQUARTERS, "hour": 6.0, "kind": AMPLIFICATION, "parent": 1_003},
        {"account": 1, "hour": 7.0, "kind": AMPLIFICATION, "parent": 1_000},
    )  # fmt: skip
    model = run(posts, days=1)
    found = support(model.engine, model.world)
    assert found == {"by_allies": 2, "of_allies": 1, "among_sisters": 1, "ratio": 2.0}
    nobody = run(script(POSTED), days=1)
    assert support(nobody.engine, nobody.world)["ratio"] == 0.0


def test_help_that_goes_one_way_is_credited_to_the_ally() -> None:
    """scenario=ally_asymmetry, before an ally that gives little back and before one that gives
    nothing: we pass on more than twice as often (S3), and its posts gain the views, not ours."""
    file = yaml.safe_load((conf_dir() / "scenario" / "ally_asymmetry.yaml").read_text())
    chosen = file["policy"]["sister_sharing"]
    keys = {f"policy.sister_sharing.{name}": one["value"] for name, one in chosen.items()}
    changes = {**PROVOKED, "days": 14, "keep": "summary", "rivals.ally.p_amplify": 0.02,
               "rivals.ally.answer_rate": 3.0}  # fmt: skip
    models = [
        DiplomacyModel(scenario({**changes, **more}, rivals="amplifying", **groups))
        for more, groups in (({}, {}), (keys, {"sister_sharing": "share"}))
    ]
    for model in models:
        model.run_for(14)
    without, helped = (support(model.engine, model.world) for model in models)
    assert without["of_allies"] == without["among_sisters"] == helped["among_sisters"] == 0
    assert helped["of_allies"] > 2 * max(helped["by_allies"], 1)
    before, after = (model.engine.posts for model in models)
    shown = after["parent"][(after["kind"] == AMPLIFICATION) & (after["side"] == OURS)]
    shown = np.unique(shown)
    kinds = models[0].world.accounts.kinds
    assert (kinds[after["account"][shown]] == KINDS.index("ally")).all()
    _, old, new = np.intersect1d(before["key"], after["key"][shown], return_indices=True)
    assert len(old) == len(shown)  # the ally posts the same, whether or not anybody passes it on
    gained = after["n_impressions"][shown][new] - before["n_impressions"][old]
    assert gained.sum() > 0


CLAIM = {"account": RIVAL, "hour": 2.0, "stance": -0.6, "claim": INACCURATE}
FIX = {"account": RIVAL, "hour": 30.0, "stance": -1e-30, "kind": CORRECTION, "parent": 1_000}


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize("continued", [0.0, 0.4, 1.0])
def test_a_correction_takes_back_all_but_the_continued_influence(
    engine: str, continued: float
) -> None:
    """The same post, once an answer and once a correction, in a tone that moves nobody: what is
    left of the claim shows, in whoever met both."""
    changes = {"engine": engine, "opinion.effect_informal": 0.0, "visibility.share_late": 0.0,
               "claims.continued_influence": continued}  # fmt: skip
    kinds = (ANSWER, CORRECTION)
    answered, corrected = (
        run(script(CLAIM, {**FIX, "tone": 1, "kind": kind}), changes, claims="contested")
        for kind in kinds
    )
    before, after = answered.engine.state.people, corrected.engine.state.people
    assert np.array_equal(before["n_opposed"], after["n_opposed"])
    both, fewer = before["n_opposed"] == 2, before["n_opposed"] < 2
    assert both.sum() > 20 and (before["durable"][both] < 0).all()
    for part in ("durable", "transient"):
        assert np.array_equal(before[part][fewer], after[part][fewer])
        left = after[part][both] / before[part][both]
        assert left == pytest.approx(np.full(both.sum(), continued), abs=1e-5), part
    assert before["transient"][both].any()


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_who_was_warned_is_moved_less(engine: str) -> None:
    """Headquarters correct a claim before their followers, who meet it afterwards."""
    changes = {"engine": engine, "opinion.effect_informal": 0.0, "visibility.share_late": 0.0,
               "claims.continued_influence": 0.4, "claims.rel_rebuttal": 1.5}  # fmt: skip
    shown = {**PASSED, "account": HEADQUARTERS, "hour": 60.0}
    answered, corrected = (
        run(script(CLAIM, {**FIX, "account": HEADQUARTERS, "tone": 1, "kind": kind}, shown),
            changes, days=5, claims="contested")
        for kind in (ANSWER, CORRECTION)
    )  # fmt: skip
    people, state = answered.engine.state.people, answered.engine.state
    of_rival = state.followers["who"][state.f_start[RIVAL] :][: state.f_n[RIVAL]]
    warned = seen_by(answered, RIVAL) & seen_by(answered, HEADQUARTERS) & (people["n_opposed"] == 2)
    warned[of_rival] = False  # met the claim through headquarters only
    assert warned.sum() > 3
    left = corrected.engine.state.people["durable"][warned] / people["durable"][warned]
    assert left == pytest.approx(np.full(warned.sum(), 1.0 - 0.6 / 1.5), rel=1e-4)


def test_claims_without_corrections_change_nothing() -> None:
    changes = {**PROVOKED, "rivals.rival.share_inaccurate": 0.5, "rivals.rival.answer_rate": 3.0}
    base = scenario(changes)
    runs = [simulate_world([one], one, 0, 0)[0]
            for one in (base, scenario(changes, claims="contested"))]  # fmt: skip
    assert runs[0].values == runs[1].values


def test_accurate_claims_are_never_taken_back() -> None:
    right = {**CLAIM, "claim": 1}
    one = run(script(right, FIX), claims="contested")
    other = run(script(right, {**FIX, "kind": ANSWER}), claims="contested")
    assert one.engine.state.people.tobytes() == other.engine.state.people.tobytes()


def test_an_dispute_lifts_attention_in_both_markets_and_fades() -> None:
    posts = script(POSTED, {"account": RIVAL, "hour": 5.5, "stance": -0.6, "kind": ANSWER,
                            "parent": 1_000})  # fmt: skip
    quiet, loud = (run(posts, {"dispute.lift": lift}, days=1) for lift in (0.0, 4.0))
    calm, lifted = (one.engine.state.attention for one in (quiet, loud))
    changed = np.argwhere(calm != lifted)
    markets = loud.world.accounts.markets[[HEADQUARTERS, RIVAL]]
    assert sorted(changed.tolist()) == sorted([int(market), 0] for market in markets)
    accounts, starts = loud.engine.state.accounts, loud.world.tables.market_start
    n = float(accounts["n_followers"][[HEADQUARTERS, RIVAL]].sum())
    half = float(loud.arm.news.attention_half_life)
    for market in markets:
        bump = 4.0 * min(1.0, n / float(starts[market + 1] - starts[market]))
        assert lifted[market, 0] == pytest.approx(1.0 + bump * 0.5 ** (18 / half), rel=1e-6)
    same_side = script(POSTED, {"account": 1, "hour": 5.5, "kind": ANSWER, "parent": 1_000})
    assert (run(same_side, {"dispute.lift": 4.0}, days=1).engine.state.attention == 1.0).all()


def test_an_exchange_helps_both_sides() -> None:
    """With attention elastic, later posts on the topic are shared more, whoever posts."""
    changes = {"sharing.p0": 0.05, "sharing.attention_elasticity": 1.0}
    rows = [POSTED, {"account": RIVAL, "hour": 5.5, "kind": ANSWER, "parent": 1_000}]
    later = [{"account": a, "hour": 7.0 + k, "stance": 0.1} for k, a in enumerate((0, 8, 0, 8))]
    posts = script(*rows, *later)
    quiet, loud = (run(posts, {**changes, "dispute.lift": lift}) for lift in (0.0, 10.0))
    for account in (HEADQUARTERS, RIVAL):
        ours = quiet.engine.posts["account"] == account
        gain = loud.engine.posts["n_shares"][ours][1:] - quiet.engine.posts["n_shares"][ours][1:]
        assert gain.sum() > 0, account


def test_coming_first_wins_first_frames() -> None:
    """Rivals who answer at once meet a prepared post that is already out."""
    changes = {
        "days": 21, "news.events_per_market_week": 8.0, "news.share_foreseeable": 0.6,
        "news.branching": 0.0, "rivals.rival.answer_rate": 6.0, "rivals.rival.clearance_hours": 0.1,
        "rivals.rival.rel_hours": 4.0, "work.p_fit": 1.0, "audience.n_people": 3_000,
    }  # fmt: skip
    shares = []
    for pre_emption in ("none", "own_frame"):
        always = {"policy.pre_emption.share": 1.0} if pre_emption != "none" else {}
        one = scenario({**changes, **always}, posture="mixed", pre_emption=pre_emption)
        base = scenario(changes, posture="mixed")
        (found,) = simulate_world([one], base, 0, 0)
        shares.append(found.values["first_frame_share", "all"])
    assert shares[1] > shares[0] + 0.01


def test_no_claim_no_table() -> None:
    model = DiplomacyModel(scenario(PROVOKED))
    model.run_for(3)
    state = model.engine.state
    assert len(state.claims) == 2 and state.counters[COUNTER.n_claims] == 0
    assert LIVE.itemsize == 128  # two cache lines
