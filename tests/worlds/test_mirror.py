"""The mirror law: exchange the labels of the ministry and its rivals, and every result is mirrored.

What has to be exchanged with the labels, since the two sides are set in different places:

    kind of the rows      mission <-> rival (and no headquarters, official or multilateral mission:
                          these kinds hear more and speak to all, and rivals have none)
    manners               rivals.rival.* <-> what policy.* and work.* say for the ministry: planned
                          share, hours, stance, readiness, clearance, replies, imitation
    network.reference     whose usual posts and viewers the normalising constants are means over
    following             a rival's followers live by fixed shares, so that both sides get these;
                          favourable_tilt changes its sign, since it tilts towards one's own side

People keep their minds: a position is the same position, whoever takes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model import DiplomacyModel
from sim.scenario import Scenario
from sim.state import COUNTER, TARGET
from sim.vocabulary import AMPLIFICATION, ANSWER, CORRECTION, NEUTRAL, OURS, RIVAL
from tests.engine.agreement import claims_of
from tests.scenarios import PROVOKED, scenario

HEADER = ("name,kind,market,platform,followers,as_of,posts_per_day,hours_per_week,tone_formal,"
          "tone_informal,tone_witty,tone_sharp,tone_cultural,image_share,video_share,"
          "local_language_share")  # fmt: skip
ROWS = (
    ("A", "mission", "France", 300, 3, 50, 0.4, 0.2, 0.1, 0.1, 0.2, 0.5, 0.1, 0.6),
    ("B", "mission", "France", 120, 2, 40, 0.1, 0.3, 0.3, 0.2, 0.1, 0.6, 0.1, 0.5),
    ("C", "mission", "Japan", 200, 2.5, 45, 0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.2, 0.5),
    ("D", "rival", "France", 260, 3, 40, 0.1, 0.1, 0.1, 0.6, 0.1, 0.5, 0.0, 0.7),
    ("E", "rival", "Japan", 400, 4, 70, 0.3, 0.2, 0.1, 0.3, 0.1, 0.3, 0.3, 0.5),
    ("F", "rival", "Japan", 90, 1, 20, 0.6, 0.1, 0.0, 0.2, 0.1, 0.2, 0.1, 0.2),
    ("G", "ally", "Kenya", 150, 2, 40, 0.5, 0.2, 0.1, 0.0, 0.2, 0.5, 0.1, 0.2),
    ("H", "media", "France", 350, 5, 90, 0.8, 0.1, 0.0, 0.1, 0.0, 0.5, 0.0, 0.9),
)  # fmt: skip
SIDE = {"ours": {"rho": 0.375, "hours": 1.25, "stance": 0.4, "answer": 1.5, "clearance": 3.0,
                 "p_answer": 0.6, "p_rebut": 0.8, "p_pass": 0.4, "wait": 4.0, "spread": 0.5,
                 "in_kind": 0.75, "imitation": 0.2, "share": (0.125, 0.125, 0.0625)},
        "rival": {"rho": 0.125, "hours": 1.75, "stance": -0.6, "answer": 0.8, "clearance": 6.0,
                  "p_answer": 0.3, "p_rebut": 0.5, "p_pass": 0.2, "wait": 6.0, "spread": 0.8,
                  "in_kind": 0.25, "imitation": 0.05, "share": (0.25, 0.125, 0.125)}}  # fmt: skip
SWAPPED = {"mission": "rival", "rival": "mission"}
DAYS = 9
OF_MINISTRY = ("side", "n_target", "reached", "flags")  # what the observer keeps for ours alone


def table(folder: Path, swapped: bool) -> Path:
    path = folder / f"table_{swapped}.csv"
    rows = [(name, SWAPPED.get(kind, kind) if swapped else kind, market, "twitter", n, 2016, *rest)
            for name, kind, market, n, *rest in ROWS]  # fmt: skip
    path.write_text("\n".join([HEADER, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return path


def mirror(folder: Path, engine: str, swapped: bool) -> Scenario:
    """The world, or the one with everything exchanged that the opening lines name."""
    ours, rival = (SIDE["rival"], SIDE["ours"]) if swapped else (SIDE["ours"], SIDE["rival"])
    changes: dict[str, Any] = {
        **PROVOKED, "engine": engine, "network.table": str(table(folder, swapped)), "days": DAYS,
        "network.reference": "rival" if swapped else "ours", "warmup_days": 0,
        "following.share_host": 0.6, "following.share_home": 0.0,
        "following.favourable_tilt": -0.5 if swapped else 0.5,
        "dispute.lift": 2.0, "dispute.depth": 3, "work.p_blunder": 0.9, "work.haste_hours": 20.0,
        "news.events_per_market_week": 10.0,
        "rivals.rival.share_inaccurate": 0.0, "rivals.ally.p_amplify": 0.5,
        "rivals.media.p_amplify": 0.3, "rivals.media.lean": -0.2, "rivals.media.gain": 0.0,
        "work.stance": ours["stance"], "work.answer_rate": ours["answer"],
        "work.clearance_hours": ours["clearance"], "policy.posture.rho": ours["rho"],
        "policy.investment.factor": ours["hours"], "policy.tone.rate": ours["imitation"],
        "policy.rebuttal.p": ours["p_rebut"], "policy.answering.p": ours["p_answer"],
        "policy.answering.share_in_kind": ours["in_kind"],
        "policy.sister_sharing.p_sister": ours["p_pass"], "policy.sister_sharing.p_ally": 0.0,
        "rivals.rival.lean": rival["stance"], "rivals.rival.gain": 0.0,
        "rivals.rival.answer_rate": rival["answer"], "rivals.rival.rho": rival["rho"],
        "rivals.rival.clearance_hours": rival["clearance"],
        "rivals.rival.rel_hours": rival["hours"], "rivals.rival.imitation": rival["imitation"],
        "rivals.rival.p_answer_post": rival["p_answer"], "rivals.rival.p_rebut": rival["p_rebut"],
        "rivals.rival.p_amplify": rival["p_pass"], "rivals.rival.reply_hours": rival["wait"],
        "rivals.rival.reply_log_sd": rival["spread"],
        "rivals.rival.share_in_kind": rival["in_kind"],
        "rivals.rival.share_replies": sum(rival["share"]),
    }  # fmt: skip
    replies = ("rebuttal", "answering", "sister_sharing")
    for group, share in zip(replies, ours["share"], strict=True):
        changes |= {f"policy.{group}.share": share, f"policy.{group}.reply_hours": ours["wait"],
                    f"policy.{group}.reply_log_sd": ours["spread"]}  # fmt: skip
    return scenario(changes, posture="mixed", tone="imitate", rebuttal="rebut", answering="posts",
                    sister_sharing="share", claims="contested")  # fmt: skip


def assert_alike(a: np.ndarray, b: np.ndarray) -> None:
    """Equal to the last byte, field by field, but for what belongs to a label."""
    assert len(a) == len(b)
    for name in a.dtype.names or ():
        if name not in OF_MINISTRY:
            assert a[name].tobytes() == b[name].tobytes(), name


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_exchanging_the_labels_mirrors_every_result(tmp_path: Path, engine: str) -> None:
    models = [DiplomacyModel(mirror(tmp_path, engine, swapped)) for swapped in (False, True)]
    for model in models:
        model.run_for(DAYS)
    one, other = (model.engine for model in models)
    a, b = one.state, other.state
    assert_alike(one.posts, other.posts)
    assert_alike(a.people, b.people)
    assert_alike(a.accounts, b.accounts)
    assert_alike(a.memory, b.memory)
    label = np.array([RIVAL, OURS, NEUTRAL], np.uint8)
    for mine, theirs in ((one.posts, other.posts), (a.accounts, b.accounts)):
        assert np.array_equal(label[mine["side"]], theirs["side"])
    assert not ((a.people["flags"] ^ b.people["flags"]) & ~np.uint8(TARGET)).any()
    assert np.array_equal(a.voice[label], b.voice)
    for name in ("attention", "readiness", "followers", "bored", "f_start", "f_n"):
        assert getattr(a, name).tobytes() == getattr(b, name).tobytes(), name
    assert claims_of(one) == claims_of(other) != {}
    # what the observer counts for the ministry here is what rivals have there
    for counter, tally in (("ours_impressions", "n_impressions"), ("ours_shares", "n_shares"),
                           ("ours_hostile", "n_hostile"), ("ours_likes", "n_likes"),
                           ("ours_joined", "n_joined"), ("ours_left", "n_left")):  # fmt: skip
        for state, twin in ((a, b), (b, a)):
            theirs = twin.accounts[tally][twin.accounts["side"] == RIVAL].sum()
            assert state.counters[getattr(COUNTER, counter)] == theirs > 0
    assert_lively(one.posts)


def assert_lively(posts: np.ndarray) -> None:
    """Both sides did all there is to do: a mirror of nothing proves nothing."""
    for side in (OURS, RIVAL):
        kinds = posts["kind"][posts["side"] == side]
        for kind in (ANSWER, AMPLIFICATION, CORRECTION):
            assert (kinds == kind).sum() > 2, (side, kind)
    depth = posts["kind"] == ANSWER
    assert (posts["kind"][posts["parent"][depth]] == ANSWER).any()  # an answer to an answer
    assert (posts["kind"][posts["side"] == NEUTRAL] == AMPLIFICATION).any()


def test_labels_alone_do_not_mirror_anything(tmp_path: Path) -> None:
    """The check can fail: with the constants of the wrong side, results differ."""
    right = mirror(tmp_path, "compiled", True)
    wrong = right.model_copy(
        update={"network": right.network.model_copy(update={"reference": "ours"})}
    )
    models = [DiplomacyModel(one) for one in (right, wrong)]
    for model in models:
        model.run_for(3)
    views = [model.engine.posts["n_shares"].sum() for model in models]
    assert views[0] != views[1]
