"""One arm of one world, followed day by day.

    warm up under the baseline -> fork the arm -> run its days: its followers each midnight,
                                                                its posts at the end

These are the steps of simulate.simulate_world, without its measures: a year is read off the
engine's own tallies, and no view is logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.model import DiplomacyModel
from sim.observe import is_original
from sim.scenario import Scenario
from sim.simulate import days_of, warm_up
from sim.under_way import days_in_all
from sim.vocabulary import KINDS, OURS

MISSIONS = tuple(KINDS.index(name) for name in ("mission", "multilateral"))


@dataclass(frozen=True)
class Followed:
    """An arm at the end of its days.

    followers: int64[n_days + 1, n_accounts], as each measured day begins, and at the end of the
    last one; posts: LIVE rows of the ministry's originals of those days."""

    model: DiplomacyModel
    start: int  # the hour at which measuring started
    followers: np.ndarray
    posts: np.ndarray

    @property
    def names(self) -> list[str]:
        return list(self.model.world.accounts.names)

    @property
    def is_mission(self) -> np.ndarray:
        """bool[n_accounts]: missions of the ministry."""
        accounts = self.model.world.accounts
        return (accounts.sides == OURS) & np.isin(accounts.kinds, MISSIONS)

    def day_of(self, post: np.void) -> int:
        """The measured day on which a post went out."""
        return int((float(post["hour"]) - self.start) // 24)


def followed(
    arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int
) -> Iterator[tuple[str, Followed]]:
    """(name, arm) one after the other, from one warm-up; each is given up when the next is asked
    for."""
    with days_in_all(days_of(list(arms.values()), baseline)):
        warm, _ = warm_up(list(arms.values()), baseline, draw, replicate)
        for k, (name, arm) in enumerate(arms.items()):
            model = warm.fork(arm, last=k == len(arms) - 1)
            start = model.engine.hour
            stock = [model.engine.state.accounts["n_followers"].copy()]
            for _ in range(arm.settings.days):
                model.step()
                stock.append(model.engine.state.accounts["n_followers"].copy())
            yield name, Followed(model, start, np.array(stock), originals(model, start))
            model.close()
        warm.close()


def originals(model: DiplomacyModel, start: int) -> np.ndarray:
    """LIVE rows of the ministry's originals since an hour."""
    posts = model.engine.posts
    found: np.ndarray = posts[
        (posts["side"] == OURS) & is_original(posts) & (posts["hour"] >= start)
    ].copy()
    return found
