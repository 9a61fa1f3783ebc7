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
from tests.scenarios import PROVOKED, TABLES, random_values, scenario

OPINIONS = ("none", "assimilation_contrast", "bounded_confidence", "degroot")
PLATFORMS = ("twitter", "twitter_chronological")
POSTURES = ("reactive", "proactive", "mixed", "silent", "table", "adaptive", "headquarters_only")
LANGUAGES = ("table", "local", "common", "bilingual")
TONES = ("formal", "informal", "witty", "sharp", "cultural", "table")
TRAININGS, EXCHANGES = ("none", "share"), ("none", "network", "region")
CLEARANCES, CAPS = ("table", "central", "autonomous"), ("none", "by_rank")
INVESTMENTS = ("medium", "schedule", "schedule_hours", "floor")
NEWS = ("bursts", "steady", "none")
USED = ("facebook+instagram+telegram", "instagram+youtube+vk", "telegram+instagram+vk")
COPYING = ("none", "all", "livestreams")
# How the compiled engine keeps its pools; the reference has none.
BOOKKEEPING = ("status", "n_queue", "n_joins", "n_leaves", "n_reacted", "free_block", "n_free",
               "n_logged_views", "n_logged_shares")  # fmt: skip
COMPARED = [place for place, name in enumerate(COUNTERS) if name not in BOOKKEEPING]
TALLIES = ("shares", "core", "hostile", "likes", "picked_up", "joined", "left", "late", "friend",
           "pickup", "ranked", "frames", "moved", "fitted_anew", "elsewhere", "joined_elsewhere",
           "re_shared_elsewhere", "commented", "seen_on_two", "bilingual")  # fmt: skip


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
    }  # fmt: skip
    changes: dict[str, Any] = random_values(number, **groups)
    provoked = number % 3 > 0
    changes |= PROVOKED if provoked else {}
    changes |= {
        "audience.n_people": int(luck.choice([1_000, 2_000, 3_000])),
        "audience.follower_scale": float(luck.choice([0.3, 1.0])),
        "warmup_days": int(luck.choice([0, 7])), "days": int(luck.integers(2, 7)),
        "keep": str(luck.choice(["posts", "posts", "summary"])), "seed": int(luck.integers(1_000)),
    }  # fmt: skip
    policy = {
        "posture": str(luck.choice(POSTURES)), "tone": str(luck.choice(TONES)),
        "language": str(luck.choice(LANGUAGES, p=[0.2, 0.1, 0.1, 0.6])),
        "training": str(luck.choice(TRAININGS)), "exchange": str(luck.choice(EXCHANGES)),
        "clearance": str(luck.choice(CLEARANCES)), "tone_cap": str(luck.choice(CAPS)),
        "investment": str(luck.choice(INVESTMENTS)),
    }  # fmt: skip
    if number % 5 in (1, 2):
        policy["crossposting"] = str(luck.choice(COPYING))
        groups["platforms"] = "several"
        changes |= random_values(number, **groups) | changes | {
            "network.table": str(TABLES / "several.csv"), "platforms.used": str(luck.choice(USED)),
            "platforms.others_copy": provoked, "platforms.instagram.rel_sharing": 8.0,
            "platforms.telegram.resharing": bool(luck.integers(2)),
            **{f"platforms.{name}.rel_adoption": 2.0 for name in ("facebook", "telegram", "vk")},
        }  # fmt: skip
    return Case(scenario(changes, **groups, **policy), scenario(changes, **groups), provoked)


def finished(case: Case, engine: str, draw: int = 0) -> Engine:
    """Warm-up under the baseline, fork, all days of the arm."""
    arm, baseline = (with_engine(one, engine) for one in (case.arm, case.baseline))
    warm = DiplomacyModel(baseline, draw, 0)
    warm.run_for(baseline.settings.warmup_days)
    start_measuring(warm.engine)
    model = warm.fork(arm)
    model.run_for(arm.settings.days)
    return model.engine


def with_engine(one: Scenario, engine: str) -> Scenario:
    """The same scenario on another engine."""
    return one.model_copy(update={"settings": one.settings.model_copy(update={"engine": engine})})


def differences(a: Engine, b: Engine) -> list[str]:
    """Names of all that is not equal to the last byte, records by field; empty when both agree."""
    found = [name for name in State._fields if name != "counters" and _differ(name, a, b)]
    counters = a.state.counters[COMPARED], b.state.counters[COMPARED]
    found += [COUNTERS[COMPARED[k]] for k in np.flatnonzero(counters[0] != counters[1])]
    for name, mine, theirs in zip(("views", "shares"), a.logs(), b.logs(), strict=True):
        if mine.tobytes() != theirs.tobytes():
            found.append(f"log of {name}")
    if a.waiting.tobytes() != b.waiting.tobytes():
        found.append("waiting posts")
    return found


def _differ(name: str, a: Engine, b: Engine) -> bool:
    mine, theirs = (
        one.posts if name == "posts" else getattr(one.state, name) for one in (a, b)
    )  # beyond the posts in use there is only spare room
    return bool(mine.shape != theirs.shape or mine.tobytes() != theirs.tobytes())


def tally(engine: Engine) -> dict[str, int]:
    """How often each rare branch was taken."""
    state, counters, posts = engine.state, engine.state.counters, engine.posts
    joined = int(state.accounts["n_joined"].max(initial=0))
    elsewhere = posts["platform"] > 0
    passes_on = engine.parameters["resharing"][posts["platform"]] == 1
    return {
        "elsewhere": int(posts["n_impressions"][elsewhere].sum()),
        "joined_elsewhere": int(state.presences["n_joined"][state.presences["platform"] > 0].sum()),
        "re_shared_elsewhere": int(posts["n_shares"][elsewhere & passes_on].sum()),
        "commented": int(posts["n_hostile"][~passes_on].sum()),
        "seen_on_two": int((state.people["reached"] & (state.people["reached"] - 1) > 0).sum()),
        "shares": int(posts["n_shares"].sum()), "core": int(posts["n_core"].sum()),
        "hostile": int(posts["n_hostile"].sum()), "likes": int(posts["n_likes"].sum()),
        "picked_up": int((posts["picked_up"] == 2).sum()),
        "joined": int(state.accounts["n_joined"].sum()),
        "left": int(state.accounts["n_left"].sum()),
        "late": int(counters[COUNTER.late_impressions]),
        "friend": int(counters[COUNTER.friend_impressions]),
        "pickup": int(counters[COUNTER.pickup_impressions]),
        "ranked": int((state.people["feed"] >= 16).sum()),
        "frames": int(counters[COUNTER.frames]),
        "moved": int(np.count_nonzero(state.people["transient"])),
        "fitted_anew": joined // 65,  # an account has 64 places to spare
        "bilingual": int(posts["n_impressions"][posts["language"] >= BILINGUAL].sum()),
    }  # fmt: skip
