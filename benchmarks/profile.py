"""How the time of the compiled engine divides: every part of an hour called and timed by itself.

The parts are the engine's own kernels, driven from Python in the order of `compiled.advance`, but
shares of an hour go out before its posts, so that the two can be told apart; draws are keyed, so
the views are the same. What handing thirty arrays to a kernel costs is measured by calls in which
nothing is due, and taken off.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks.world import scenario
from benchmarks.year import Watch, friends_asked, totals
from sim.engine.calendar import RING, blocks_wanted, release, room_to_broadcast
from sim.engine.compiled import (
    CompiledEngine,
    all_fits,
    bound_of_views,
    broadcast_hour,
    news_breaks,
)
from sim.engine.kernel import kernel
from sim.engine.looking import look_at_hour
from sim.engine.ties import change_ties
from sim.model import DiplomacyModel
from sim.state import COUNTER

N_IDLE = 2_000  # calls by which handing over is measured
PARTS = ("bounds", "news", "shares_out", "posts_out", "look", "release", "ties")
READY = 0
BOUNDS, NEWS, RELEASE = kernel(bound_of_views), kernel(news_breaks), kernel(release)


class SteppedEngine(CompiledEngine):
    """The compiled engine, part by part."""

    def __init__(self, *world: Any, calendar: Any = None) -> None:
        super().__init__(*world, calendar=calendar)
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self.n_hours = 0

    def _timed(self, part: str, work: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        answer = work(*arguments)
        self.seconds[part] += time.perf_counter() - began
        return answer

    def _advance(self, until: int) -> None:
        while self.hour < until:
            self._hour()
            self.n_hours += 1

    def _hour(self) -> None:
        self.list_anew()
        state, p, tables = self.state, self.parameters, self.tables
        counters = state.counters
        bound = self._timed(
            "bounds", BOUNDS, state, self.calendar, self.friends_start, p, tables
        )
        if counters[COUNTER.n_free] < blocks_wanted(bound):
            self.calendar = room_to_broadcast(self.calendar, counters, bound)
        self._timed("news", NEWS, state, self.events, p, tables)
        self.broadcast()
        hour = int(counters[COUNTER.hour])
        n_views = self.calendar.filled[hour % RING]
        while not all_fits(state, self.calendar, p, n_views):
            self._timed("bounds", self.make_room_to_look, n_views)
        state = self.state
        self._timed("look", look_at_hour, state, self.calendar, p, tables)
        self._timed("release", RELEASE, self.calendar, counters, hour % RING)
        while not self._timed("ties", change_ties, self.state, self.calendar, p):
            self._more_places()
            self.list_anew()
        self.state.counters[COUNTER.hour] += 1
        self.state.counters[COUNTER.status] = READY

    def broadcast(self) -> None:
        """Shares with the posts of the hour out of sight, then the posts."""
        counters = self.state.counters
        world = (self.state, self.calendar, self.friends_start, self.friends, self.parameters,
                 self.tables)  # fmt: skip
        n_posts = int(counters[COUNTER.n_posts])
        counters[COUNTER.n_posts] = counters[COUNTER.next_post]
        self._timed("shares_out", broadcast_hour, *world)
        counters[COUNTER.n_posts] = n_posts
        self._timed("posts_out", broadcast_hour, *world)

    def handing_over(self) -> float:
        """Seconds of a call in which nothing is due."""
        counters = self.state.counters
        kept = counters.copy()
        counters[COUNTER.n_posts] = counters[COUNTER.next_post]
        counters[COUNTER.n_queue] = 0
        world = (self.state, self.calendar, self.friends_start, self.friends, self.parameters,
                 self.tables)  # fmt: skip
        began = time.perf_counter()
        for _ in range(N_IDLE):
            broadcast_hour(*world)
        counters[:] = kept
        return (time.perf_counter() - began) / N_IDLE


def profile_days(days: int) -> dict[str, list[float]]:
    """Seconds of each part in `days` days after the warm-up."""
    asked = scenario(days)
    model = DiplomacyModel(asked)
    model.run_for(asked.settings.warmup_days)
    plain: Any = model.engine
    engine = SteppedEngine(
        plain.state, plain.friends_start, plain.friends, plain.events, plain.parameters,
        plain.tables, calendar=plain.calendar,
    )  # fmt: skip
    engine.waiting = plain.waiting
    model.engine = engine
    model.run_for(1)  # loads the parts
    engine.seconds = dict.fromkeys(PARTS, 0.0)
    engine.n_hours, before, watch = 0, totals(model), Watch(engine)
    began = time.perf_counter()
    model.run_for(days - 1)
    seconds = time.perf_counter() - began
    found = {name: float(n - before[name]) for name, n in totals(model).items()}
    idle = engine.handing_over()
    parts = {
        name: max(taken - idle * engine.n_hours, 0.0) for name, taken in engine.seconds.items()
    }
    parts["settle"] = watch.seconds["settle"]
    parts["planning"] = seconds - watch.seconds["run"] - watch.seconds["settle"]
    found |= {"seconds": sum(parts.values()), "handing_over": idle, **parts}
    found |= {"slots": float(watch.slots), "friends": friends_asked(model, found["shares"])}
    return {name: [value] for name, value in found.items()}
