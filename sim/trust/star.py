"""D3: the stock of followers after one star post (circumstance=star_post, scenario=star_post).

    growth = followers 60 days after the post's day began / followers as it began

The post is the circumstance as it stands in conf/, from the mission with most followers but for
multilateral ones. How often it is re-shared is left to the world, and told. The source's account
had about 23,000 followers before its post, the network's has 46,600, as after it: a doubling takes
twice as many joins here. Source: S1 (one post doubled the followers); the window is judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.mechanisms.circumstance import StarPost
from sim.observables.observed import Observed
from sim.scenario import Scenario
from sim.strategy.happenings import star_account
from sim.trust.follow import Followed, followed
from sim.trust.found import Found

KEY = "D3.growth"
WINDOW = 60  # days


def measure(arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int) -> Found:
    """The days up to the star, and those after it."""
    ((_, found),) = [
        (name, growth(run, arms[name])) for name, run in followed(arms, baseline, draw, replicate)
    ]
    return found


def growth(run: Followed, arm: Scenario) -> Found:
    """The account's followers at the end over those before its star post."""
    star = arm.circumstance
    assert isinstance(star, StarPost)
    row = star_account(star.account, run.model.world.accounts)
    before, after = (float(run.followers[day, row]) for day in (star.from_day, -1))
    hour = run.start + 24 * star.from_day + star.hour
    mine = (run.posts["account"] == row) & (run.posts["hour"] == hour)
    mine &= run.posts["quality"] == np.float32(star.quality)
    shares = float(run.posts["n_shares"][mine].max(initial=0))
    return Found(
        values={KEY: Observed(value=after / max(before, 1.0))},
        details={"re-shares of the star": shares, "followers of its account before it": before},
    )
