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

HEADER = "name,kind,market,platform,followers,as_of,joined_years,posts_per_day,hours_per_week"
N_PEOPLE, N_FOLLOWERS = 12_000, 4_000
SMALL_SPREAD = 1e-9
STILL: dict[str, Any] = {
    "audience.n_people": N_PEOPLE, "days": 90, "warmup_days": 0, "keep": "summary",
    "people.visits_log_sd": SMALL_SPREAD, "people.findable_log_sd": SMALL_SPREAD,
    "people.visits_per_hour": 0.25, "people.visits_per_active_day": 6.0,
    "people.hours_findable": 2.0, "people.propensity_log_sd": SMALL_SPREAD,
    "visibility.selection": 0.5, "visibility.share_late": 0.0, "visibility.rhythm_ratio": 1.0,
    "sharing.p0": 1e-12, "core.mean_shares": 0.0, "pickup.p": 0.0,
    "following.share_dormant": 0.0, "following.interest_half_life_months": 1e6,
    "following.churn_per_month": 0.0, "following.follows_per_share": 0.0,
    "following.leave_per_view": 0.0,
}  # fmt: skip
# by hand: v = 24 x .25 = 6 visits a day, so active on 6 / (6 + 6) of days, then .25 + 6 / 24 = .5
# an hour; a post is buried at 1 / 2 an hour: seen with .5 / (.5 + .5), after 1 / (.5 + .5) hours
P_PRESENT, P_SEEN, MEAN_DELAY = 0.5, 0.5, 1.0
SELECTION = STILL["visibility.selection"]


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
