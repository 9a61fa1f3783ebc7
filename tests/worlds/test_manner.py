"""How posts speak: each mechanism changes what it touches, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.base import Engine
from sim.simulate import simulate_world
from sim.vocabulary import KINDS
from tests.engine.plain import HEADER, N_FOLLOWERS, by_hand, still_world
from tests.scenarios import PROVOKED, scenario
from tests.worlds.test_paired import digest

HOURS = [24.0 * day for day in range(6)]
SHARED = {"sharing.p0": 0.02, "wear.gain_wear_in": 0.0, "wear.wear_out": 0.0}
PICKED = 2  # what a post's picked_up says where media took it up
SETTINGS: dict[str, Any] = {**PROVOKED, "days": 14, "warmup_days": 7, "keep": "posts"}


def told(folder: Path, changes: dict[str, Any], opinion: str = "none", **columns: Any) -> Engine:
    """Six posts of one account on six days, and a week after them."""
    model = still_world(folder, {**SHARED, **changes}, opinion=opinion)
    posts = by_hand(model.world, HOURS)
    for name, value in columns.items():
        posts[name] = value
    model.engine.add(posts)
    model.engine.run(24 * 13)
    return model.engine


def tallies(engine: Engine) -> np.ndarray:
    """What readers did: [shares, likes, impressions] of each post."""
    return np.array([engine.posts[name] for name in ("n_shares", "n_likes", "n_impressions")])


def test_repeating_changes_nothing_where_nothing_wears(tmp_path: Path) -> None:
    everybody_reads = {"people.share_second_language": 1.0}
    plain = told(tmp_path, everybody_reads)
    repeated = told(tmp_path, everybody_reads, message=77)
    assert np.array_equal(tallies(plain), tallies(repeated))
    assert plain.posts["n_likes"].sum() > 50
    met = repeated.state.met["n"][repeated.state.met["name"] != 0]
    assert met.sum() == repeated.posts["n_impressions"].sum() and met.max() > 2
    assert not (plain.state.met["name"] != 0).any()


def test_a_worn_message_is_shared_by_those_who_had_not_met_it(tmp_path: Path) -> None:
    worn = {"wear.n_wear_in": 0.5, "wear.wear_out": 30.0}
    plain, repeated = told(tmp_path, worn), told(tmp_path, worn, message=77)
    apart = told(tmp_path, worn, message=np.arange(1, 7))
    assert np.array_equal(tallies(apart), tallies(plain))  # six messages, each said once
    likes, others = repeated.posts["n_likes"], plain.posts["n_likes"]
    assert likes[0] > 0.9 * others[0]
    assert likes[1:].sum() < 0.75 * others[1:].sum()


def test_the_same_again_moves_minds_less_than_something_new(tmp_path: Path) -> None:
    moving = {"opinion.effect_formal": 0.05, "opinion.latitude": 3.0, "opinion.durable_share": 1.0}
    columns = {"stance": 0.5}
    plain = told(tmp_path, moving, "assimilation_contrast", **columns)
    repeated = told(tmp_path, moving, "assimilation_contrast", message=77, **columns)
    moved = [float(engine.state.people["durable"].sum()) for engine in (plain, repeated)]
    assert 0.0 < moved[1] < 0.95 * moved[0]


def test_plain_words_are_liked_more_and_elaborate_ones_less(tmp_path: Path) -> None:
    usual, plain, elaborate = (told(tmp_path, {}, style=style) for style in range(3))
    likes = [int(engine.posts["n_likes"].sum()) for engine in (elaborate, usual, plain)]
    assert likes[0] < likes[1] < likes[2]
    first = [engine.posts["n_follower_views"] for engine in (usual, plain)]
    assert np.array_equal(*first)  # who sees it of the account's own followers stays the same


def test_answering_raises_follows_and_shares_and_waits_in_a_queue(tmp_path: Path) -> None:
    talk = {"comments.per_share": 5.0, "comments.p_join": 0.0, "comments.p_share": 0.5,
            "comments.notice_hours": 1.0, "comments.horizon_hours": 48.0}  # fmt: skip
    silent = told(tmp_path, talk)
    quick, slow = (told(tmp_path, talk, answering=rate) for rate in (1_000.0, 0.3))
    assert silent.state.reply_desks["n_comments"].sum() == 0
    desks = [engine.state.reply_desks[0] for engine in (quick, slow)]
    assert desks[0]["n_answered"] == desks[0]["n_comments"] > 50
    assert 0 < desks[1]["n_answered"] < desks[1]["n_comments"]
    waits = [desk["seconds"] / 3600.0 / desk["n_answered"] for desk in desks]
    assert 0.6 < waits[0] < 1.4  # 73 of them: an exponential of mean 1 and nobody before one
    assert waits[1] > 10.0 and waits[1] <= 48.0
    shares = [int(engine.posts["n_shares"].sum()) for engine in (silent, slow, quick)]
    assert shares[0] < shares[1] < shares[2]


def said_by(
    folder: Path, kind: str, changes: dict[str, Any] | None = None, status: str = "by_rank"
) -> np.ndarray:
    """The same six posts of an account of this kind, beside a silent mission (some must be)."""
    table, row = folder / f"{kind}.csv", f"{kind},France,twitter,{N_FOLLOWERS},2016,0,1,20"
    table.write_text(f"{HEADER}\nOne,{row}\nSilent,mission,France,twitter,1,2016,0,0,0\n")
    settings = {**SHARED, "sharing.p0": 0.1, "network.table": str(table), **(changes or {})}
    model = still_world(folder, settings, status=status)
    who = list(model.world.accounts.names).index("One")
    model.engine.add(by_hand(model.world, HOURS, account=who))
    model.engine.run(24 * 13)
    posts: np.ndarray = model.engine.posts
    return posts


@pytest.mark.parametrize("kind", KINDS)
def test_status_has_the_same_post_shared_more_from_those_of_rank_alone(
    tmp_path: Path, kind: str
) -> None:
    plain, ranked = (said_by(tmp_path, kind, status=status) for status in ("default", "by_rank"))
    assert plain["n_shares"].sum() > 50
    if kind in ("headquarters", "official"):
        assert ranked["n_shares"].sum() > 1.1 * plain["n_shares"].sum()
    else:
        assert np.array_equal(ranked["n_shares"], plain["n_shares"])
        assert np.array_equal(ranked["n_impressions"], plain["n_impressions"])


@pytest.mark.parametrize(("rank", "kinds"), [
    ("headquarters", {"headquarters"}), ("official", {"official"}),
    ("mission", {"mission", "multilateral"}),
])  # fmt: skip
def test_media_take_up_by_rank(tmp_path: Path, rank: str, kinds: set[str]) -> None:
    """One post in ten is picked up, but of this rank every one or none."""
    known = {"pickup.threshold": 2.0, "pickup.p": 0.1,
             **{f"status.{what}_{one}": 1.0 for what in ("sharing", "pickup")
                for one in ("headquarters", "official", "mission")}}  # fmt: skip
    for kind in KINDS:
        usual, all_of_them, none = (
            said_by(tmp_path, kind, {**known, f"status.pickup_{rank}": factor})["picked_up"]
            for factor in (1.0, 10.0, 0.0)
        )
        assert (usual > 0).all() and (usual == PICKED).sum() < len(HOURS)
        if kind in kinds:
            assert (all_of_them == PICKED).all() and not (none == PICKED).any()
        else:
            assert np.array_equal(all_of_them, usual) and np.array_equal(none, usual)


def test_status_raises_what_officials_are_shared_in_a_whole_world() -> None:
    base = scenario(SETTINGS)
    ranked = scenario(SETTINGS, status="by_rank")
    (plain,), (other,) = simulate_world([base], base, 0, 0), simulate_world([ranked], ranked, 0, 0)
    shares = {}
    for name, run in (("plain", plain), ("ranked", other)):
        official, posts = run.posts["account"] == "Official", run.posts
        shares[name] = (posts["shares"] - posts["core_shares"])[official].sum()
    assert shares["ranked"] > shares["plain"]
    assert np.array_equal(plain.posts["post"], other.posts["post"])


def test_stickers_take_the_place_of_text_and_of_nothing_else() -> None:
    base = scenario(SETTINGS)
    tested, against = simulate_world(
        [scenario({**SETTINGS, "policy.media.share": 0.2}, media="stickers"), base], base, 0, 0
    )
    media = [dict(zip(run.posts["post"], run.posts["media"], strict=True))
             for run in (tested, against)]  # fmt: skip
    assert media[0].keys() == media[1].keys()
    changed = {(media[1][key], media[0][key]) for key in media[0] if media[0][key] != media[1][key]}
    assert changed == {("text", "sticker")}
    assert digest(tested) != digest(against)


# A farewell post (S0): tone acts on sharing and on opinion by parameters of their own.
OPEN = {"sharing.congruence_width": 1e6, "sharing.hostile_ratio": 0.0,
        "opinion.latitude": 3.0, "opinion.durable_share": 1.0}  # fmt: skip
SHARP = 3


def farewell(folder: Path, changes: dict[str, Any]) -> tuple[np.ndarray, float]:
    engine = told(folder, OPEN | changes, "assimilation_contrast", tone=SHARP, stance=0.5)
    return tallies(engine), float(engine.state.people["durable"].sum())


def test_a_tone_can_be_shared_more_and_persuade_less(tmp_path: Path) -> None:
    usual = farewell(tmp_path, {"opinion.effect_sharp": 0.03})
    turned = farewell(tmp_path, {"opinion.effect_sharp": -0.03})
    assert np.array_equal(usual[0], turned[0])  # opinion does not touch what is shared
    assert usual[1] > 0.0 > turned[1]
    shared = farewell(tmp_path, {"opinion.effect_sharp": -0.03, "sharing.rel_sharp": 3.0})
    assert shared[0][:2].sum() > turned[0][:2].sum() and shared[1] < 0.0


def test_a_sharp_tone_divides_readers_at_home() -> None:
    changes = {**SETTINGS, "sharing.hostile_sharp": 3.0}
    arms = [scenario(changes, tone=tone) for tone in ("sharp", "formal")]
    one, other = simulate_world(arms, scenario(changes), 0, 0)
    group = f"market:{scenario().network.home}"
    assert min(run.values["reactions", group] for run in (one, other)) > 100
    for name in ("hostile_reactions", "division"):
        assert one.values[name, group] > other.values[name, group]
        assert 0.0 <= other.values[name, group] <= 1.0
