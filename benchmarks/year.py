"""Days of one world on one core: where the time goes between Python and the engine.

    planning = all - engine.run - engine.settle      (accounts deciding, in Python)
    slots    = followers to whom the posts of a day are offered (as listed when the day begins)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.world import scenario
from sim.model import DiplomacyModel


class Watch:
    """Seconds spent inside methods of one engine, and what the engine was given to do."""

    def __init__(self, engine: Any, clock: Callable[[], float] = time.perf_counter) -> None:
        self.engine, self.clock = engine, clock
        self.seconds = {"run": 0.0, "settle": 0.0}
        self.slots = 0
        for name in self.seconds:
            setattr(engine, name, self._watched(name, getattr(engine, name)))

    def _watched(self, name: str, method: Any) -> Any:
        def watched(*arguments: Any) -> Any:
            if name == "run":
                self._count(*arguments)
            began = self.clock()
            answer = method(*arguments)
            self.seconds[name] += self.clock() - began
            return answer

        return watched

    def _count(self, until: int) -> None:
        waiting = self.engine.waiting
        due = waiting["account"][waiting["hour"] < until]
        self.slots += int(self.engine.state.f_n[due].sum())


def totals(model: DiplomacyModel) -> dict[str, int]:
    """What has happened so far, over all accounts."""
    accounts = model.engine.state.accounts
    shares = int(accounts["n_shares"].sum()) + int(accounts["n_hostile"].sum())
    return {
        "posts": len(model.engine.posts), "views": int(accounts["n_impressions"].sum()),
        "shares": shares,
    }  # fmt: skip


def friends_asked(model: DiplomacyModel, n_shares: float) -> float:
    """About how many friends so many shares were offered to: those of the mean person each."""
    return n_shares * float(np.mean(np.diff(model.world.population.friends_start)))


def run_days(days: int) -> dict[str, list[float]]:
    """Load, warm up, then time `days` days."""
    asked = scenario(days)
    began = time.perf_counter()
    model = DiplomacyModel(asked)
    loaded = time.perf_counter()
    model.run_for(asked.settings.warmup_days)
    warmed = time.perf_counter()
    before, watch, cpu = totals(model), Watch(model.engine), time.process_time()
    began_year = time.perf_counter()
    model.run_for(days)
    seconds = time.perf_counter() - began_year
    cpu = time.process_time() - cpu
    found = {name: float(n - before[name]) for name, n in totals(model).items()}
    run, settle = watch.seconds["run"], watch.seconds["settle"]
    found |= {
        "seconds": seconds, "cpu": cpu, "load": loaded - began, "warmup": warmed - loaded,
        "run": run, "settle": settle, "planning": seconds - run - settle,
        "slots": float(watch.slots), "friends": friends_asked(model, found["shares"]),
    }  # fmt: skip
    return {name: [value] for name, value in found.items()}
