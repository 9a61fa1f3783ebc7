"""A world without spread: one mission, people all alike, constant looking. Closed forms hold in it.

Everybody has the same check-in rate and the same feed, there is no news, nobody leaves or loses
interest, and only what a test turns on happens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.loading.world import World
from sim.model import DiplomacyModel
from sim.state import POST
from tests.scenarios import scenario
from verification.worlds import (
    MEAN_DELAY,
    N_FOLLOWERS,
    N_PEOPLE,
    NO_SPREAD,
    P_PRESENT,
    P_SEEN,
    SELECTION,
)

__all__ = [
    "MEAN_DELAY", "N_FOLLOWERS", "N_PEOPLE", "P_PRESENT", "P_SEEN", "SELECTION", "STILL", "by_hand",
    "still_world",
]  # fmt: skip

HEADER = "name,kind,market,platform,followers,as_of,joined_years,posts_per_day,hours_per_week"
STILL: dict[str, Any] = {
    **NO_SPREAD, "audience.n_people": N_PEOPLE, "days": 90, "warmup_days": 0, "keep": "summary",
}


def still_world(folder: Path, changes: dict[str, Any] | None = None,
                n_followers: int = N_FOLLOWERS, **groups: str) -> DiplomacyModel:  # fmt: skip
    """A model of the world without spread; nobody plans anything in it, tests post by hand."""
    table = folder / f"one_{n_followers}.csv"
    table.write_text(f"{HEADER}\nMission,mission,France,twitter,{n_followers},2016,0,1,20\n")
    choice = {"news": "none", "opinion": "none", "platform": "twitter_chronological", **groups}
    return DiplomacyModel(
        scenario({**STILL, "network.table": str(table), **(changes or {})}, **choice)
    )


def by_hand(world: World, hours: list[float], **columns: float) -> np.ndarray:
    """POST rows of the one account, of mean quality, in English, on no event."""
    posts = np.zeros(len(hours), POST)
    posts["hour"], posts["event"], posts["quality"] = hours, -1, 1.0
    posts["key"] = np.random.default_rng(len(hours)).integers(1, 2**63, len(hours))
    for name, value in columns.items():
        posts[name] = value
    return posts
