"""Worlds in which closed forms hold: the real engine, people without spread, no news.

    still(...)    one mission or several in one market, everybody alike, constant looking
    tree, stubs   graphs of one's own in place of who follows whom
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np

from sim.compose import compose
from sim.model import DiplomacyModel
from sim.state import FRIEND_BITS, POST

HEADER = (  # all posts in the common language, which everybody reads: the factor of language is 1
    "name,kind,market,platform,followers,as_of,joined_years,posts_per_day,hours_per_week,"
    "local_language_share"
)
N_PEOPLE, N_FOLLOWERS = 12_000, 4_000
SMALL = 1e-9
TONES = ("formal", "informal", "witty", "sharp", "cultural")
NO_SPREAD: dict[str, Any] = {  # all people alike, who look and do nothing else
    "people.visits_log_sd": SMALL, "people.findable_log_sd": SMALL,
    "people.visits_per_hour": 0.25, "people.visits_per_active_day": 6.0,
    "people.hours_findable": 2.0, "people.propensity_log_sd": SMALL,
    "visibility.selection": 0.5, "visibility.share_late": 0.0, "visibility.rhythm_ratio": 1.0,
    "sharing.p0": 1e-12, "core.mean_shares": 0.0, "pickup.p": 0.0,
    "following.share_dormant": 0.0, "following.interest_half_life_months": 1e6,
    "following.churn_per_month": 0.0, "following.follows_per_share": 0.0,
    "following.leave_per_view": 0.0, "following.found_per_month": 0.0, "following.capacity": 0.0,
}  # fmt: skip
STILL: dict[str, Any] = {
    **NO_SPREAD, "network.background": "none", "audience.n_people": N_PEOPLE,
    "audience.follower_scale": 1.0, "days": 90, "warmup_days": 0, "keep": "posts",
}  # fmt: skip
# 24 x .25 = 6 visits a day, so active on 6 / (6 + 6) of days, then .25 + 6 / 24 = .5 an hour; a
# post is buried at 1 / 2 an hour: seen with .5 / (.5 + .5), after 1 / (.5 + .5) hours
P_PRESENT, SELECTION, P_SEEN, MEAN_DELAY = 0.5, 0.5, 0.5, 1.0
ALONE = {"graph.mean_followers": 0.1, "graph.followers_log_sd": 0.01}
ALIKE: dict[str, Any] = {  # every factor on sharing is 1
    "sharing.congruence_width": 1e3, "people.share_second_language": 1.0,
    "sharing.rel_local_language": 1.0, "sharing.topic_gain": 0.0, "sharing.fatigue": 0.0,
    "sharing.hostile_ratio": 0.0, "sharing.attention_elasticity": 0.0, "sharing.kappa_later": 1.0,
    "sharing.rel_event_tag": 1.0,
    **{f"sharing.age_tilt_{tone}": 0.0 for tone in TONES},
    **{f"sharing.rel_{name}": 1.0 for name in ("image", "video", *TONES)},
}  # fmt: skip
# which of the two loops is looked at
ENGINE: ContextVar[str] = ContextVar("engine", default="compiled")
RATE = 50.0  # visits an hour of people who are always there
BURIAL = 0.5
ALWAYS: dict[str, Any] = {  # everybody is there, sees a post with RATE / (RATE + BURIAL), shares it
    **ALIKE, "people.visits_per_hour": RATE, "people.visits_per_active_day": 1e-9,
    "visibility.selection": 1.0, "sharing.p0": 1e3,
}  # fmt: skip
ALWAYS_SEEN = RATE / (RATE + BURIAL)


def still(changes: Mapping[str, Any] | None = None, n_followers: int = N_FOLLOWERS,
          n_accounts: int = 1, seed: int = 1, **groups: str) -> DiplomacyModel:  # fmt: skip
    """A model of the world without spread; nobody plans in it, posts come by hand."""
    rows = [f"Mission {k},mission,France,twitter,{n_followers},2016,0,1,20,0"
            for k in range(n_accounts)]  # fmt: skip
    choice = {"news": "none", "opinion": "none", "platform": "twitter_chronological", **groups}
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        table.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        own = {"engine": ENGINE.get(), "network.table": str(table), "seed": seed}
        return DiplomacyModel(compose({**STILL, **own, **(changes or {})}, **choice))


def by_hand(hours: np.ndarray | list[float], seed: int = 1, **columns: Any) -> np.ndarray:
    """POST rows of account 0, of mean quality, in English, on no event."""
    posts = np.zeros(len(hours), POST)
    posts["hour"], posts["event"], posts["quality"] = hours, -1, 1.0
    posts["key"] = np.random.default_rng([seed, len(hours)]).integers(1, 2**63, len(hours))
    for name, value in columns.items():
        posts[name] = value
    return posts


def n_looking(model: DiplomacyModel) -> int:
    """Followers of account 0 (people drawn twice count once)."""
    return int(model.engine.state.f_n[0])


def set_graph(model: DiplomacyModel, sources: np.ndarray, targets: np.ndarray) -> None:
    """Who follows whom from now on: each target follows each source beside it."""
    people = model.engine.state.people
    order = np.lexsort((targets, sources))
    sources, targets = sources[order], targets[order]
    start = np.zeros(len(people) + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=len(people)), out=start[1:])
    strata = people["visit"][targets].astype(np.uint32) << np.uint32(FRIEND_BITS)
    model.engine.friends_start = start
    model.engine.friends = targets.astype(np.uint32) | strata


def root_of(model: DiplomacyModel) -> int:
    """The one follower of account 0."""
    state = model.engine.state
    return int(state.followers["who"][state.f_start[0]])


def tree(root: int, n_people: int, n_children: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges of a tree in which everybody has so many children, as far as people reach."""
    names = np.concatenate([[root], np.delete(np.arange(n_people), root)])
    children = np.arange(1, n_people)
    return names[(children - 1) // n_children], names[children]


def stubs(root: int, degrees: np.ndarray, luck: np.random.Generator
          ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Edges, both ways, of a random graph with these degrees (stubs matched; loops and doubles
    dropped); `root` changes places with a node at random."""
    ends = luck.permutation(np.repeat(np.arange(len(degrees)), degrees))
    ends = ends[: len(ends) // 2 * 2].reshape(-1, 2)
    pairs = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    chosen = int(luck.integers(len(degrees)))
    names = np.arange(len(degrees))
    names[[root, chosen]] = names[[chosen, root]]
    a, b = names[pairs[:, 0]], names[pairs[:, 1]]
    return np.concatenate([a, b]), np.concatenate([b, a])
