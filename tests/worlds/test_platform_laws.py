"""Laws of worlds with several platforms, and what other mechanisms do in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.engine.reference as reference
from sim.loading.world import load_world
from sim.mechanisms.circumstance import LateEntrants
from sim.mechanisms.language import BILINGUAL
from sim.model import DiplomacyModel
from sim.run import Run
from sim.scenario import Scenario
from sim.simulate import simulate_world
from sim.vocabulary import AMPLIFICATION, ANSWER, COPY, CORRECTION, INACCURATE, MEDIA, OURS, RIVAL
from tests.engine.agreement import Case, differences, finished
from tests.scenarios import PROVOKED, TABLES, scenario

CHANGES: dict[str, Any] = PROVOKED | {
    "network.table": str(TABLES / "several.csv"), "audience.n_people": 3_000, "warmup_days": 0,
    "days": 7, "platforms.telegram.rel_adoption": 6.0, "platforms.used": "facebook+telegram",
}  # fmt: skip
ENGAGED = {
    "rivals.rival.p_amplify": 0.9, "rivals.rival.p_answer_post": 0.9,
    "rivals.rival.share_replies": 0.5, "rivals.rival.reply_hours": 2.0,
    "rivals.rival.share_inaccurate": 0.6, "rivals.rival.rel_hours": 4.0,
    "rivals.rival.answer_rate": 3.0,
}  # fmt: skip


def several(more: dict[str, Any] | None = None, crossposting: str = "all",
            **groups: str) -> Scenario:  # fmt: skip
    changes = CHANGES | (more or {})
    return scenario(changes, platforms="several", crossposting=crossposting, **groups)


def ran(one: Scenario) -> DiplomacyModel:
    model = DiplomacyModel(one)
    model.run_for(one.settings.days)
    return model


def run_of(one: Scenario) -> Run:
    return simulate_world([one], one, 0, 0)[0]


def test_whoever_sees_both_versions_is_counted_once() -> None:
    one = several()
    values, people = run_of(one).values, ran(one).engine.state.people
    bits = people["reached"]
    twice = np.count_nonzero(bits & (bits - 1))
    assert twice > 0
    assert values["unique_reach", "all"] == np.count_nonzero(bits)
    parts = sum(v for (name, group), v in values.items()
                if name == "unique_reach" and group.startswith("platform:"))  # fmt: skip
    assert parts - values["unique_reach", "all"] == sum(
        bin(int(one)).count("1") - 1 for one in bits if one
    )


def adoption(folder: Path, **shares: float) -> str:
    rows = ["platform,level,where,share"]
    rows += [f"{name},everywhere,everywhere,{share}" for name, share in shares.items()]
    file = folder / "adoption.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(file)


def test_a_platform_that_nobody_adopts_changes_nothing(tmp_path: Path) -> None:
    """Neither what is seen nor what anybody does, though accounts are on it."""
    table = adoption(tmp_path, twitter=0.6, facebook=0.7, vk=0.0)
    more = {"platforms.adoption": table, "platforms.others_copy": False,
            "policy.crossposting.platforms": "facebook"}  # fmt: skip
    without, with_it = (
        run_of(several(more | {"platforms.used": used}, "listed"))
        for used in ("facebook", "facebook+vk")
    )
    assert without.values == {
        key: value for key, value in with_it.values.items() if key[1] != "platform:vk"
    }
    assert with_it.values["unique_reach", "platform:vk"] == 0
    assert with_it.values["unique_reach", "platform:facebook"] > 0


def test_the_order_in_which_platforms_are_named_changes_nothing() -> None:
    one, other = (
        run_of(several(ENGAGED | {"platforms.used": used}, rebuttal="rebut", sister_sharing="share",
                       claims="contested"))
        for used in ("facebook+telegram", "telegram+facebook")
    )  # fmt: skip
    assert one.values == other.values
    for column in ("impressions", "unique_reach", "joined", "likes"):
        assert np.array_equal(one.accounts[column], other.accounts[column])


def test_two_platforms_alike_may_be_exchanged(tmp_path: Path) -> None:
    """Two sections with the same settings exchange their names, and with them rows and places. The
    order decides where accounts post first that are on both and not on the main platform: these
    are left out."""
    rows = (TABLES / "several.csv").read_text(encoding="utf-8").splitlines()
    table = tmp_path / "table.csv"
    kept = [row for row in rows if not row.startswith(("Mission 7", "Rival 4"))]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    alike = {f"platforms.{name}.{key}": value for name in ("vk", "facebook") for key, value in {
        "rel_visits": 1.2, "rel_hours_findable": 1.3, "rel_offered": 0.8, "rel_sharing": 1.1,
        "rel_media": (1.0, 1.0, 1.0, 1.0), "rel_adoption": 1.0, "rel_ages": (1.0, 1.0, 1.0, 1.0),
        "feed": {"kind": "chronological"}, "resharing": True, "replies_allowed": True,
    }.items()}  # fmt: skip
    alike["platforms.adoption"] = adoption(tmp_path, twitter=0.6, facebook=0.7, vk=0.7)
    alike |= {"platforms.used": "facebook+vk", "network.table": str(table)}
    exchanged = {"platforms.facebook.name": "vk", "platforms.vk.name": "facebook"}
    one, other = (run_of(several(ENGAGED | alike | more)).values for more in ({}, exchanged))
    assert one["unique_reach", "platform:vk"] > 0
    assert one == other


def test_a_channel_reaches_its_subscribers_without_ranking() -> None:
    one = several()
    world, state = load_world(one, 0, 0)
    f = world.accounts.platforms.index("telegram")
    for q in np.flatnonzero(state.presences["platform"] == f):
        first = state.f_start[q]
        feeds = state.followers[first : first + state.f_n[q]]["feed"]
        assert len(feeds) and (feeds < 16).all()  # newest first, whoever they are
    assert (world.tables.selection.reshape(3, -1)[f] == 1.0).all()


def test_a_message_is_the_same_on_all_platforms_and_all_its_days() -> None:
    """Repeated over days and copied: one message, which people meet again."""
    often = {"policy.repetition.spacing_days": 1, "policy.repetition.share": 1.0}
    engine = ran(several(often, repetition="campaign", posture="proactive")).engine
    posts, speech = engine.posts, engine.state.speech[: len(engine.posts)]
    copies = posts["kind"] == COPY
    parents = posts["parent"][copies]
    assert (parents >= 0).all() and (posts["kind"][parents] != COPY).all()
    for name in ("topic", "tone", "media", "quality", "language", "claim", "event", "account"):
        assert np.array_equal(posts[name][copies], posts[name][parents]), name
    assert (speech["message"][copies] == speech["message"][parents]).all()
    assert speech["message"][copies].all()
    ours = speech["message"][posts["side"] == OURS]
    _, counts = np.unique(ours[ours != 0], return_counts=True)
    assert counts.max() > 3  # days x platforms
    assert (engine.state.met["n"] > 1).any()


def test_replies_and_re_posts_go_out_where_they_can() -> None:
    model = ran(several(ENGAGED | {"days": 14}, rebuttal="rebut", answering="posts",
                        sister_sharing="share", claims="contested"))  # fmt: skip
    posts, world = model.engine.posts, model.world
    there = world.tables.presence.reshape(len(world.accounts), -1) >= 0
    first = world.accounts.presences.platforms
    assert there[posts["account"], posts["platform"]].all()
    passed = posts[posts["kind"] == AMPLIFICATION]
    assert len(passed)
    assert (posts["platform"][passed["parent"]] == passed["platform"]).all()
    assert (model.engine.parameters["resharing"][passed["platform"]] == 1).all()
    replies = posts[np.isin(posts["kind"], (ANSWER, CORRECTION))]
    assert len(replies)
    at_parent = posts["platform"][replies["parent"]] == replies["platform"]
    allowed = model.engine.parameters["replies"][replies["platform"]] == 1
    assert ((at_parent & allowed) | (replies["platform"] == first[replies["account"]])).all()
    assert at_parent.any()
    assert (posts["platform"][posts["kind"] == AMPLIFICATION] > 0).any()


def test_what_a_copy_claims_is_taken_back_with_its_original() -> None:
    """Nobody is entered twice for one claim, on whichever platforms he or she met it."""
    one = several(ENGAGED, claims="contested", rebuttal="rebut")
    engine = finished(Case(one, one, True), "reference")
    posts = engine.posts
    false_copies = (posts["kind"] == COPY) & (posts["claim"] == INACCURATE)
    assert false_copies.any() and posts["n_impressions"][false_copies].sum() > 0
    claims = {claim for claim, _ in engine.diary.claims}  # type: ignore[attr-defined]
    assert claims and not (posts["kind"][sorted(claims)] == COPY).any()


def test_late_entrants_stand_on_the_main_platform() -> None:
    one = several({"circumstance.n_accounts": 3, "circumstance.from_day": 1, "days": 14},
                  circumstance="late_loud_ally")  # fmt: skip
    assert isinstance(one.circumstance, LateEntrants)
    model = ran(one)
    presences, n = model.world.accounts.presences, len(model.world.accounts)
    assert np.array_equal(presences.accounts[:n], np.arange(n))
    assert (presences.platforms[n - 3 : n] == 0).all()
    posts = model.engine.posts
    assert (posts["account"] >= n - 3).any() and (posts["platform"] > 0).any()


def test_a_star_post_goes_out_where_its_account_is() -> None:
    one = several({"circumstance.account": "Mission 6", "circumstance.from_day": 1,
                   "platforms.used": "instagram+facebook"}, circumstance="star_post")  # fmt: skip
    model = ran(one)
    posts = model.engine.posts
    posts = posts[posts["quality"] == np.float32(one.circumstance.quality)]
    assert len(posts) == 1
    assert model.world.accounts.platforms[int(posts["platform"][0])] == "instagram"


def test_livestreams_can_be_bilingual() -> None:
    posts = ran(several(crossposting="livestreams", language="bilingual")).engine.posts
    copies = posts[(posts["kind"] == COPY) & (posts["side"] == OURS)]
    assert (copies["media"] == MEDIA.index("video")).all()
    assert (copies["language"] >= BILINGUAL).any()


def test_searches_find_people_on_the_platform_only() -> None:
    more = {"circumstance.from_day": 0, "circumstance.ramp_days": 0.0, "circumstance.size": 3.0,
            "circumstance.search_views": 0.02, "platforms.used": "instagram+telegram"}  # fmt: skip
    model = ran(several(more, circumstance="rising_interest"))
    posts = model.engine.posts
    there = posts[(posts["platform"] > 0) & (posts["side"] == OURS)]
    assert (there["n_impressions"] - there["n_follower_views"]).sum() > 0  # nothing is passed on


def test_nobody_buys_shares_where_there_are_none() -> None:
    more = {"platforms.used": "instagram+telegram", "contamination.beneficiary": "any",
            "contamination.share_served": 1.0, "contamination.p_boosted": 1.0,
            "contamination.shares_per_boost": 40.0}  # fmt: skip
    engine = ran(several(more, contamination="heavy")).engine
    false = engine.state.false[: len(engine.posts)]
    elsewhere = engine.posts["platform"] > 0
    assert false["likes"][elsewhere].any() and not false["shares"][elsewhere].any()
    assert false["shares"][~elsewhere].any()


@pytest.mark.parametrize("fair", ["volume", "quality"])
def test_copying_may_be_compared_at_equal_volume(fair: str) -> None:
    arms = [several({"fair": fair}, kind) for kind in ("all", "none")]
    copying, alone = simulate_world(arms, arms[1], 0, 0)
    assert copying.values["posts", "all"] == alone.values["posts", "all"] > 0
    assert copying.values["hours", "all"] > alone.values["hours", "all"]
    assert copying.values["unique_reach", "all"] > alone.values["unique_reach", "all"]


def test_rivals_answer_a_message_once() -> None:
    model = ran(several(ENGAGED))
    posts = model.engine.posts
    answers = posts[(posts["kind"] == ANSWER) & (posts["side"] == RIVAL)]
    assert len(answers)
    roots = np.where(posts["kind"] == COPY, posts["parent"], np.arange(len(posts)))
    named = list(zip(answers["account"].tolist(), roots[answers["parent"]].tolist(), strict=True))
    assert len(named) == len(set(named))


def test_an_engine_in_which_everybody_is_everywhere_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = several()
    case = Case(one, one, True)
    compiled = finished(case, "compiled")
    assert differences(compiled, finished(case, "reference")) == []
    monkeypatch.setattr(reference, "membership_die", lambda own, common, overlap: 0)
    assert differences(compiled, finished(case, "reference"))
