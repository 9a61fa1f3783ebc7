"""What a view costs before publics of very different size, and two worlds on two cores.

The default network before 10^5 to 4.4 x 10^7 people: a small public has accounts with few followers
and shares its hours among few views; a large one has people beyond every cache. What is counted is
the engine's own time a view, of the processor, after a week of warm-up.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

Figures = dict[str, list[float]]
USUAL = (100_000, 300_000, 1_000_000, 2_640_000)
LARGEST = 44_000_000
WARM_UP = 7  # days


def of_size(n_people: int, days: int) -> Figures:
    """So many days before so many people, drawn before: views, follower slots, seconds of the
    engine, and of everything from loading the world to the last day."""
    from benchmarks.tasks import load_kernels
    from benchmarks.world import scenario
    from benchmarks.year import Watch, totals
    from sim.model import DiplomacyModel

    load_kernels()
    asked = scenario(WARM_UP + days, n_people)
    people_of(*make_up(asked))  # here, if nobody has drawn them
    began = time.perf_counter()
    model = DiplomacyModel(asked)
    loaded = time.perf_counter() - began
    model.run_for(WARM_UP)
    before, watch = totals(model), Watch(model.engine, time.process_time)
    model.run_for(days)
    views = float(totals(model)["views"] - before["views"])
    return {"people": [float(n_people)], "views": [views], "slots": [float(watch.slots)],
            "run": [watch.seconds["run"]], "load": [loaded],
            "all": [time.perf_counter() - began]}  # fmt: skip


def make_up(asked: Any) -> tuple[int, Any, Any]:
    """What the people of a scenario are drawn from: how many, weights of markets, graph."""
    from sim.world.accounts import load_network

    markets, _ = load_network(asked.network, *asked.platform_names)
    return asked.audience.n_people, markets.weights, asked.graph


@np.errstate(over="ignore")  # hashes wrap round
def people_of(n_people: int, weights: np.ndarray, graph: Any) -> Any:
    """These people, from the cache, or drawn into it."""
    from sim.world.population import cached

    return cached(n_people, weights, graph)


def together(n: int, days: int) -> list[Any]:
    """The same days of one world in n processes at once; what each found."""
    from benchmarks.process import run

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(lambda _: run("year", days=days), range(n)))


def speed_of_two(alone: list[Any], pairs: list[list[Any]]) -> list[float]:
    """Worlds a second of two at once over those of one alone, round by round: the slower of two
    counts."""
    return [
        2.0 * one["seconds"] / max(other["seconds"] for other in pair)
        for one, pair in zip(alone, pairs, strict=True)
    ]
