"""Run one scenario on both engines and name every array in which they differ."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.engine.base import Engine
from sim.mechanisms.language import BILINGUAL
from sim.model import DiplomacyModel
from sim.observe import start_measuring
from sim.scenario import Scenario
from sim.state import COUNTER, COUNTERS, State
from sim.streams import CLAIM, MEET, U64, draw, subkey
from sim.vocabulary import AMPLIFICATION, ANSWER, COMMON_TAG, COPY, CORRECTION, OWN_TAG
from tests.scenarios import PROVOKED, TABLES, random_values, scenario

OPINIONS = ("none", "assimilation_contrast", "bounded_confidence", "degroot")
PLATFORMS = ("twitter", "twitter_chronological")
POSTURES = ("reactive", "proactive", "mixed", "silent", "table", "adaptive", "headquarters_only")
LANGUAGES = ("table", "local", "common", "bilingual")
TONES = ("formal", "informal", "witty", "sharp", "cultural", "table")
TRAININGS, EXCHANGES = ("none", "share"), ("none", "network", "region")
CLEARANCES, CAPS = ("table", "central", "autonomous"), ("none", "by_rank")
INVESTMENTS = ("medium", "schedule", "schedule_hours", "floor")
CONTAMINATIONS = ("none", "heavy", "none", "light")
DECAYS, FEEDS = ("exponential", "power"), ("platform", "platform", "chronological", "ranked")
NEWS = ("bursts", "steady", "none")
ENGAGED = {"rebuttal": ("none", "rebut"), "answering": ("none", "posts"),
           "sister_sharing": ("none", "share"), "pre_emption": ("none", "own_frame")}  # fmt: skip
CIRCUMSTANCES = (  # in turn, so that any five scenarios in a row have risen interest
    ("rising_interest", "none", "leaders_news", "late_loud_ally", "star_post"),
    ("rising_interest", "leaders_news", "rival_surge", "none", "none"),
)
STRONG = {  # what makes their effects show in a few days
    "rising_interest": {"circumstance.ramp_days": 0.0, "circumstance.size": 3.0,
                        "circumstance.search_views": 0.02},
    "leaders_news": {"circumstance.p": 0.5, "circumstance.leaders": "both"},
}  # fmt: skip
LOOKED_AT = {"tags.share_lookers": 0.3, "tags.half_use": 2.0, "tags.room": 5.0,
             "tags.prominent": 0.1, "tags.p_others": 0.5, "tags.p_hijack": 1.0}  # fmt: skip
REPETITIONS, MEDIAS, REPLIES = ("none", "campaign"), ("table", "stickers"), ("none", "share")
READABILITIES = ("table", "plain", "elaborate")
APPEALS, STATUSES = ("default", "fitted"), ("default", "by_rank")
TALKATIVE = {"comments.per_share": 3.0, "comments.p_join": 0.5, "comments.p_share": 0.5,
             "comments.notice_hours": 1.0, "comments.horizon_hours": 2.0}  # fmt: skip
USED = ("facebook+instagram+telegram", "facebook+instagram+youtube+vk",
        "telegram+instagram+facebook")  # fmt: skip
COPYING = ("none", "all", "livestreams")
# How the compiled engine keeps its pools; the reference has none.
BOOKKEEPING = ("status", "n_queue", "n_joins", "n_leaves", "n_reacted", "free_block", "n_free",
               "n_logged_views", "n_logged_shares", "n_met")  # fmt: skip
COMPARED = [place for place, name in enumerate(COUNTERS) if name not in BOOKKEEPING]
# Many posts boosted, and by some removals within the few days of a case.
INFLATED = {
    "contamination.beneficiary": "any", "contamination.share_served": 0.9,
    "contamination.p_boosted": 0.5, "contamination.removal_days": 0.5,
    "contamination.shares_per_boost": 40.0,
}  # fmt: skip
TALLIES = ("shares", "core", "core_likes", "hostile", "likes", "picked_up", "joined_by_mind",
           "joined_by_view", "recommended", "left",
           "joined_with_room", "joined_unbounded",
           "late", "friend", "pickup", "ranked", "frames", "moved", "fitted_anew", "bilingual",
           "answers", "amplifications", "corrections", "exchanges", "claims_met",
           "claims_corrected", "risen",
           "noticed", "met", "met_again", "comments", "answered", "unanswered", "at_home",
           "stickers", "styles", "false", "false_notice", "elsewhere", "joined_elsewhere",
           "re_shared_elsewhere", "commented", "seen_on_two", "copies", "copied_claims",
           "replies_elsewhere", "re_posts_elsewhere", "found_elsewhere", "under_tags",
           "tags_elsewhere", "common_tags", "own_tags", "hijacks", "lingered")  # fmt: skip


class Case(NamedTuple):
    """One random scenario: two arms that differ in their policy, and the changes behind them."""

    arm: Scenario
    baseline: Scenario
    provoked: bool


def random_case(number: int) -> Case:
    """Scenario `number`: every choice of groups and every uncertain parameter at random."""
    luck = np.random.default_rng(number)
    groups = {
        "opinion": str(luck.choice(OPINIONS)), "platform": str(luck.choice(PLATFORMS)),
        "news": str(luck.choice(NEWS, p=[0.6, 0.3, 0.1])),
        "contamination": CONTAMINATIONS[number % 4],
    }  # fmt: skip
    engaged, provoked = np.random.default_rng((number, 1)), number % 3 > 0
    more = np.random.default_rng((number, 2))
    groups |= {"appeal": str(more.choice(APPEALS)), "status": str(more.choice(STATUSES))}
    more_kinds = np.random.default_rng((number, 3))
    groups |= {"decay": str(more_kinds.choice(DECAYS)), "feed": str(more_kinds.choice(FEEDS))}
    groups["claims"] = "contested" if provoked else str(engaged.choice(["none", "contested"]))
    changes: dict[str, Any] = random_values(number, **groups)
    changes |= PROVOKED if provoked else {}
    if groups["contamination"] != "none":
        changes |= INFLATED if provoked else {"contamination.beneficiary": "any"}
    changes |= {
        "audience.n_people": int(luck.choice([1_000, 2_000, 3_000])),
        "audience.follower_scale": float(luck.choice([0.3, 1.0])),
        "warmup_days": int(luck.choice([0, 7])), "days": int(luck.integers(2, 7)),
        "keep": str(luck.choice(["posts", "posts", "summary"])), "seed": int(luck.integers(1_000)),
    }  # fmt: skip
    changes["dispute.depth"] = int(engaged.integers(1, 4))
    if provoked:
        changes |= {
            "rivals.rival.share_inaccurate": 0.6, "rivals.rival.answer_rate": 3.0,
            "rivals.rival.rel_hours": 4.0, "rivals.rival.share_replies": 0.5,
            "rivals.rival.p_rebut": 0.9, "rivals.rival.reply_hours": 2.0,
            "work.p_blunder": 0.4, "work.haste_hours": 24.0,
        }  # fmt: skip
    groups["circumstance"] = CIRCUMSTANCES[number // 5 % 2][number % 5]
    if groups["circumstance"] != "none":
        changes |= {"circumstance.from_day": 0, **STRONG.get(groups["circumstance"], {})}
    policy = {
        "posture": str(luck.choice(POSTURES)), "tone": str(luck.choice(TONES)),
        "language": str(luck.choice(LANGUAGES, p=[0.2, 0.1, 0.1, 0.6])),
    }  # fmt: skip
    policy |= {
        "training": str(luck.choice(TRAININGS)), "exchange": str(luck.choice(EXCHANGES)),
        "clearance": str(luck.choice(CLEARANCES)), "tone_cap": str(luck.choice(CAPS)),
        "investment": str(luck.choice(INVESTMENTS)),
    }  # fmt: skip
    policy |= {group: str(engaged.choice(options)) for group, options in ENGAGED.items()}
    for group in ENGAGED:  # what a posture rules out is refused
        unplanned = group == "pre_emption" and policy["posture"] == "reactive"
        if policy["posture"] == "silent" or unplanned:
            policy[group] = "none"
    if policy["posture"] != "silent":
        policy |= {"media": str(more.choice(MEDIAS)), "replies": REPLIES[number % 2],
                   "readability": str(more.choice(READABILITIES))}  # fmt: skip
    if policy["posture"] in ("proactive", "mixed", "table"):
        policy["repetition"] = str(more.choice(REPETITIONS, p=[0.3, 0.7]))
    changes |= TALKATIVE if provoked else {}
    if number % 4 == 3:  # desks too slow for their comments
        changes |= {"work.hours_per_answer": 2.0, "comments.horizon_hours": 3.0}
    if number % 3 != 1:  # every view is a new chance to follow
        changes["following.mind_lasts_days"] = 0.0
    changes["following.found_per_month"] = float(number % 2)
    changes["following.capacity"] = (0.0, 1.0, 5.0)[number // 2 % 3]
    if number % 5 in (0, 2, 3):
        if policy["posture"] != "silent":
            copying = "all" if number % 5 == 0 else more.choice(COPYING)  # some be looked for
            policy["crossposting"] = str(copying)
        groups["platforms"] = "several"
        changes |= random_values(number, **groups) | changes | {
            "network.table": str(TABLES / "several.csv"), "platforms.used": str(more.choice(USED)),
            "platforms.others_copy": provoked, "platforms.instagram.rel_sharing": 8.0,
            "rivals.rival.p_amplify": 0.9, "rivals.rival.share_replies": 0.5,
            "platforms.telegram.resharing": bool(more.integers(2)),
            **{f"platforms.{name}.rel_adoption": 4.0 for name in ("facebook", "telegram", "vk")},
        }  # fmt: skip
    launched = {"tagging": "none"}  # in the warm-up
    if number % 4 != 1:
        groups["tags"] = "contested" if provoked else "open"
        launched["tagging"] = "launch"
        if policy["posture"] != "silent":
            policy["tagging"] = ("join", "launch", "launch")[number % 3]
        changes |= random_values(number, **groups) | changes | (LOOKED_AT if provoked else {})
    often = {"policy.repetition.spacing_days": 1, "policy.repetition.share": 1.0}
    mine = changes | (often if policy.get("repetition") == "campaign" else {})
    before = scenario(
        changes | often, **groups, **launched, repetition="campaign", posture="proactive")
    return Case(scenario(mine, **groups, **policy), before, provoked)


def finished(case: Case, engine: str, draw: int = 0) -> Engine:
    """Warm-up under the baseline, fork, all days of the arm."""
    arm, baseline = (with_engine(one, engine) for one in (case.arm, case.baseline))
    warm = DiplomacyModel(baseline, draw, 0)
    warm.run_for(baseline.settings.warmup_days)
    start_measuring(warm.engine)
    measured = warm.world.events["hour"] >= warm.engine.hour
    if measured.any():
        loudest = np.where(measured, warm.world.events["severity"], -1.0)
        warm.engine.watch(int(loudest.argmax()))
    model = warm.fork(arm)
    model.run_for(arm.settings.days)
    return model.engine


def with_engine(one: Scenario, engine: str) -> Scenario:
    """The same scenario on another engine."""
    return one.model_copy(update={"settings": one.settings.model_copy(update={"engine": engine})})


def differences(a: Engine, b: Engine) -> list[str]:
    """Names of all that is not equal to the last byte, records by field; empty when both agree."""
    apart = ("counters", "claims", "met")
    found = [name for name in State._fields if name not in apart and _differ(name, a, b)]
    found += ["claims"] if claims_of(a) != claims_of(b) else []
    found += ["met"] if not_the_same(meetings(a), meetings(b)) else []
    counters = a.state.counters[COMPARED], b.state.counters[COMPARED]
    found += [COUNTERS[COMPARED[k]] for k in np.flatnonzero(counters[0] != counters[1])]
    for name, mine, theirs in zip(("views", "shares"), a.logs(), b.logs(), strict=True):
        if mine.tobytes() != theirs.tobytes():
            found.append(f"log of {name}")
    if a.waiting.tobytes() != b.waiting.tobytes():
        found.append("waiting posts")
    return found


def _differ(name: str, a: Engine, b: Engine) -> bool:
    mine, theirs = (getattr(one.state, name) for one in (a, b))
    if name in ("posts", "speech"):  # beyond the posts in use there is only spare room
        mine, theirs = mine[: len(a.posts)], theirs[: len(b.posts)]
    return bool(mine.shape != theirs.shape or mine.tobytes() != theirs.tobytes())


def claims_of(engine: Engine) -> dict[int, tuple[float, float, int, int]]:
    """{name of (claim, person): what it did}, from a table or, in the reference, a dict."""
    if not hasattr(engine, "diary"):
        used = engine.state.claims[engine.state.claims["name"] != 0]
        names = ("name", "transient", "durable", "hour", "corrected")
        rows = zip(*(used[name].tolist() for name in names), strict=True)
        return {name: tuple(rest) for name, *rest in rows}
    found = {}
    with np.errstate(over="ignore"):
        for (claim, who), entry in engine.diary.claims.items():
            stream = subkey(engine.posts[claim]["key"], CLAIM)
            found[int(draw(stream, U64(who)) | U64(1))] = (
                float(entry["transient"]), float(entry["durable"]), entry["hour"],
                int(entry["corrected"]),
            )  # fmt: skip
    return found


def not_the_same(one: dict[int, int], other: dict[int, int]) -> bool:
    """Whether two tables of meetings contradict each other; the compiled engine forgets messages
    that nobody can meet again (tests/engine/test_meeting.py) and lacks what the other has."""
    return any(one[name] != other[name] for name in one.keys() & other.keys())


def meetings(engine: Engine) -> dict[int, int]:
    """{name of (message, person): how often}, from a table or, in the reference, a dictionary."""
    if not hasattr(engine, "diary"):
        used = engine.state.met[engine.state.met["name"] != 0]
        return dict(zip(used["name"].tolist(), used["n"].tolist(), strict=True))
    with np.errstate(over="ignore"):
        return {
            int(draw(subkey(U64(message), MEET), U64(who)) | U64(1)): n
            for (message, who), n in engine.diary.met.items()
        }


def tally(engine: Engine) -> dict[str, int]:
    """How often each rare branch was taken."""
    state, counters, posts = engine.state, engine.state.counters, engine.posts
    joined = int(state.accounts["n_joined"].max(initial=0))
    met, desks = meetings(engine), state.reply_desks
    n_joined = int(state.accounts["n_joined"].sum())
    lasts = float(engine.parameters["mind_lasts"][0])
    bounded = len(state.follows) > 0
    elsewhere = posts["platform"] > 0
    passes_on = engine.parameters["resharing"][posts["platform"]] == 1
    return {
        "under_tags": int(counters[COUNTER.tag_impressions]),
        "tags_elsewhere": int((state.speech["tag"][: len(posts)][elsewhere] > 0).sum()),
        "common_tags": int((state.speech["tag"] == COMMON_TAG).sum()),
        "own_tags": int((state.speech["tag"] == OWN_TAG).sum()),
        "hijacks": int(counters[COUNTER.n_hijacked]),
        "lingered": int((state.lingering > 0).sum()),
        "elsewhere": int(posts["n_impressions"][elsewhere].sum()),
        "joined_elsewhere": int(state.presences["n_joined"][state.presences["platform"] > 0].sum()),
        "re_shared_elsewhere": int(posts["n_shares"][elsewhere & passes_on].sum()),
        "copies": int((posts["kind"] == COPY).sum()),
        "copied_claims": int((posts["claim"][posts["kind"] == COPY] > 1).sum()),
        "replies_elsewhere": int((elsewhere & np.isin(posts["kind"], (ANSWER, CORRECTION))).sum()),
        "re_posts_elsewhere": int((elsewhere & (posts["kind"] == AMPLIFICATION)).sum()),
        "found_elsewhere": int((posts["n_impressions"] - posts["n_follower_views"])[
            elsewhere & ~passes_on].sum()),
        "commented": int(posts["n_hostile"][~passes_on].sum()),
        "seen_on_two": int((state.people["reached"] & (state.people["reached"] - 1) > 0).sum()),
        "shares": int(posts["n_shares"].sum()), "core": int(posts["n_core"].sum()),
        "core_likes": int(posts["n_core_likes"].sum()),
        "hostile": int(posts["n_hostile"].sum()), "likes": int(posts["n_likes"].sum()),
        "picked_up": int((posts["picked_up"] == 2).sum()),
        "joined_with_room": n_joined if bounded else 0,
        "joined_unbounded": 0 if bounded else n_joined,
        "joined_by_mind": n_joined if lasts else 0, "joined_by_view": 0 if lasts else n_joined,
        "recommended": max(0, int((state.f_n - state.f_sorted).sum()) - n_joined),  # in the warm-up
        "left": int(state.accounts["n_left"].sum()),
        "late": int(counters[COUNTER.late_impressions]),
        "friend": int(counters[COUNTER.friend_impressions]),
        "pickup": int(counters[COUNTER.pickup_impressions]),
        "ranked": int((state.people["feed"] >= 16).sum()),
        "frames": int(counters[COUNTER.frames]),
        "moved": int(np.count_nonzero(state.people["transient"])),
        "fitted_anew": joined // 65,  # an account has 64 places to spare
        "bilingual": int(posts["n_impressions"][posts["language"] >= BILINGUAL].sum()),
        "answers": int((posts["kind"] == ANSWER).sum()),
        "amplifications": int((posts["kind"] == AMPLIFICATION).sum()),
        "corrections": int((posts["kind"] == CORRECTION).sum()),
        "exchanges": int((posts["side"] != posts["side"][posts["parent"]])[
            (posts["parent"] >= 0) & (posts["kind"] != AMPLIFICATION)].sum()),
        "claims_met": sum(not one[3] for one in claims_of(engine).values()),
        "claims_corrected": sum(one[3] for one in claims_of(engine).values()),
        "risen": int(engine.parameters["interest"][0] > 1.0),
        "noticed": int(np.isfinite(state.noticed).sum()),
        "met": len(met), "met_again": sum(n > 1 for n in met.values()),
        "comments": int(desks["n_comments"].sum()), "answered": int(desks["n_answered"].sum()),
        "unanswered": int((desks["n_comments"] - desks["n_answered"]).sum()),
        "at_home": int(counters[COUNTER.home_friendly] + counters[COUNTER.home_hostile]),
        "stickers": int((posts["media"] == 3).sum()),
        "styles": int((state.speech["style"] > 0).sum()),
        "false": int(state.false["shares"].sum()), "false_notice": noticed_for_false(engine),
    }  # fmt: skip


def noticed_for_false(engine: Engine) -> int:
    """Posts picked up, or left lying, with too few authentic shares for it."""
    if not len(engine.state.false):
        return 0
    posts, threshold = engine.posts, engine.parameters[0]["pickup_threshold"]
    return int(((posts["picked_up"] > 0) & (posts["n_shares"] < threshold)).sum())
