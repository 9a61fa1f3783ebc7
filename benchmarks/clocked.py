"""Where the time of a study goes that is not spent in its runs' own simulation.

    wall = start + simulated + between + end

    simulated   warming up a world, and every run from there to its figures
    between     all else from the first warm-up to the last run: parameters drawn, arms built, hours
                checked, every record written and flushed, what is left looked up
    start, end  before (imports, configuration, checks, the plan) and after (records read, table,
                statistics, figures)

One process does all of it. The clocks stand around the two functions that simulate, so that a study
is compared with itself, and the load of the machine is on both sides. What is paid once a study and
what is paid again for every run are told apart by two studies of different numbers of runs.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from collections.abc import Callable
from typing import Any

Figures = dict[str, list[float]]
Span = tuple[float, float]


def study(points: list[str], worlds: int, days: int, warmup_days: int = 7) -> Figures:
    """Seconds of a study by the command's own main function, from before its first import."""
    began = time.perf_counter()
    import sim.simulate as simulate
    from sim.__main__ import main

    warmed: list[Span] = []
    run: list[Span] = []
    true = simulate.warm_up, simulate.run_arm
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        words = ["-m", *points, "audience=small", f"days={days}", f"warmup_days={warmup_days}",
                 f"worlds={worlds}", "workers=1", "study.name=bench",
                 f"results={place}"]  # fmt: skip
        try:
            simulate.warm_up, simulate.run_arm = clocked(true[0], warmed), clocked(true[1], run)
            code = main(words)
        finally:
            simulate.warm_up, simulate.run_arm = true
        ended = time.perf_counter()
    if code or len(warmed) != worlds:
        raise RuntimeError(f"the study ended with {code} after {len(warmed)} worlds")
    return divided(began, ended, warmed, run)


def clocked(function: Callable[..., Any], spans: list[Span]) -> Callable[..., Any]:
    """The function, with the moments of each of its calls noted."""

    def call(*args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            spans.append((began, time.perf_counter()))

    return call


def divided(began: float, ended: float, warmed: list[Span], run: list[Span]) -> Figures:
    """The wall, divided; the simulated seconds of a run, its share of the warm-up included, world
    by world."""
    spans = [*warmed, *run]
    first, last = min(low for low, _ in spans), max(high for _, high in spans)
    inside = sum(high - low for low, high in spans)
    a_world = len(run) // len(warmed)
    each = [
        (warmed[k][1] - warmed[k][0]
         + sum(high - low for low, high in run[k * a_world : (k + 1) * a_world])) / a_world
        for k in range(len(warmed))
    ]  # fmt: skip
    return {
        "start": [first - began], "between": [last - first - inside], "end": [ended - last],
        "runs": [float(len(run))], "a_run": each[1:] or each,  # the first world loads the kernels
    }  # fmt: skip
