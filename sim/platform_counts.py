"""What each platform adds, in a world of several: counts of our posts by where they stand.

Reach counts whoever saw a post of ours there; a person reached on two platforms stands in both
groups and once in the total. Posts count copies. Nothing here where there is one platform.
"""

from __future__ import annotations

import numpy as np

from sim.engine.base import Engine
from sim.loading.world import World
from sim.vocabulary import OURS

TALLIES = {"shares": "n_shares", "hostile_shares": "n_hostile", "likes": "n_likes"}


def platform_impressions(engine: Engine) -> np.ndarray:
    """int64[n_platforms]: views of our posts so far, by the platform of the post."""
    mine = engine.posts[engine.posts["side"] == OURS]
    return np.bincount(mine["platform"], mine["n_impressions"], len(engine.parameters)).astype(int)


def by_platform(engine: Engine, world: World, since: int,
                before: np.ndarray) -> dict[tuple[str, str], float]:  # fmt: skip
    """{(measure, platform:name): value} from hour `since`, at which impressions were `before`."""
    names, state = world.accounts.platforms, engine.state
    found: dict[tuple[str, str], float] = {}
    if len(names) == 1:
        return found
    posts, presences = engine.posts, state.presences
    mine = posts[(posts["side"] == OURS) & (posts["hour"] >= since)]
    ours = presences[world.accounts.sides[presences["account"]] == OURS]
    views = platform_impressions(engine) - before
    for f, name in enumerate(names):
        group, there = f"platform:{name}", mine[mine["platform"] == f]
        gained = ours[ours["platform"] == f]
        found["unique_reach", group] = float(np.count_nonzero(state.people["reached"] >> f & 1))
        found["impressions", group] = float(views[f])
        found["posts", group] = float(len(there))
        for measure, counted in TALLIES.items():
            found[measure, group] = float(there[counted].sum())
        joined, left = int(gained["n_joined"].sum()), int(gained["n_left"].sum())
        found["followers_gained", group] = float(joined - left)
    return found
