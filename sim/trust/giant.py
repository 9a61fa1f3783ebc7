"""D1, D2: the dormant giant, and the best account against it, over a year of the status quo.

    impact per follower = re-shares of an account's best post / its followers on that day
    D1 = that of the giant          D2 = that of the best account over that of the giant

The giant is the mission with most followers, if that is 100,000 or more; nothing is set for it, its
dormancy and its followers' interest follow the rule of all accounts. The best account is the one
whose post was re-shared most, in absolute numbers, among all other missions: small accounts would
win a ranking per follower by having next to none. No star is planted; a year brings what it brings.
Source: S0 (42 re-shares of 652,000 followers; 22,000 of about 23,000 before the post).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.observables.observed import Observed, missing
from sim.observables.sample import GIANT
from sim.scenario import Scenario
from sim.trust.follow import Followed, followed
from sim.trust.found import Found

OVER_FOLLOWERS, OVER_GIANT = "D1.best_over_followers", "D2.best_over_giant"
HALF = 0.5  # re-shares that none counts as where it divides
NO_GIANT = f"no mission of this network has {GIANT:,} followers"


def measure(arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int) -> Found:
    """A year of the status quo."""
    scale = baseline.follower_scale
    ((_, year),) = [
        (name, impact(run, scale)) for name, run in followed(arms, baseline, draw, replicate)
    ]
    return year


def impact(run: Followed, scale: float) -> Found:
    """Both facts; `scale`: modelled followers for each real one."""
    missions = np.flatnonzero(run.is_mission)
    stock = run.followers[0]
    giant = int(missions[np.argmax(stock[missions])]) if len(missions) else -1
    if giant < 0 or stock[giant] / scale < GIANT:
        return Found(values=dict.fromkeys((OVER_FOLLOWERS, OVER_GIANT), missing(NO_GIANT)))
    own = best_of(run, np.array([giant]))
    if own is None:
        return Found(values=dict.fromkeys((OVER_FOLLOWERS, OVER_GIANT),
                                          missing("the giant posted nothing")))  # fmt: skip
    shares, followers = own
    values = {OVER_FOLLOWERS: Observed(value=shares / followers)}
    details = {"re-shares of the giant's best post": shares, "followers of the giant": followers}
    best = best_of(run, missions[missions != giant])
    if best is None:
        return Found(values=values | {OVER_GIANT: missing("no other mission posted")},
                     details=details)  # fmt: skip
    ratio = (best[0] / best[1]) / (max(shares, HALF) / followers)
    details |= {"re-shares of the best post of all others": best[0],
                "followers of its account before": best[1]}  # fmt: skip
    return Found(values=values | {OVER_GIANT: Observed(value=ratio)}, details=details)


def best_of(run: Followed, rows: np.ndarray) -> tuple[float, float] | None:
    """(re-shares, followers of its account as that day began) of the most re-shared post of these
    accounts; None where they posted nothing."""
    posts = run.posts[np.isin(run.posts["account"], rows)]
    if not len(posts):
        return None
    post = posts[np.argmax(posts["n_shares"])]
    followers = run.followers[run.day_of(post), post["account"]]
    return float(post["n_shares"]), float(max(followers, 1))
