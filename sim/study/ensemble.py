"""Run worlds in parallel, so that nothing about the running shows in the results.

`stream` yields (index, result) in the order of the tasks, whichever process finished first. At most
AHEAD tasks a worker are taken before the oldest one is handed over, so memory does not grow with
their number. A task that raises becomes a Failure and the others go on; so does one whose process
dies twice (the second time it runs alone, so that a neighbour is not blamed).

No world runs alone first to warm the cache of compiled kernels: all processes compile at once while
no core idles, numba replaces a cache file in one step, and the wall time is that of one compilation
either way. `warm_first=True` is for machines where many processes compiling at once do not fit.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from sim.errors import UserError

AHEAD = 4  # tasks a worker that may be under way or wait for an older one
SIMULATE = "sim.simulate:simulate_world"
DIED = "its process died (killed, or out of memory)"

Function = Callable[..., Any] | str
Progress = Callable[[int, int, float], None]  # done, total, seconds left


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A world that did not come through. `detail` holds the lines of code, for a bug report."""

    index: int
    message: str
    draw: int | None = None
    replicate: int | None = None
    detail: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "world": self.index, "draw": self.draw, "replicate": self.replicate,
            "message": self.message,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class World:
    """One world as a task: simulate(arms, baseline, draw, replicate)."""

    simulate: Function
    arms: tuple[Any, ...]
    baseline: Any
    draw: int
    replicate: int


class AllFailedError(UserError):
    """Not one task came through."""


def run_world(task: World) -> Any:
    """The runs of one world, in any process."""
    return resolve(task.simulate)(task.arms, task.baseline, task.draw, task.replicate)


def run_worlds(
    arms: Sequence[Any], baseline: Any, draws: int, replicates: int,
    *, simulate: Function = SIMULATE, workers: int | str = "auto",
    on_progress: Progress | None = None,
) -> list[Any]:  # fmt: skip
    """[runs of the arms, or a Failure] of D x R worlds, replicates inside draws."""
    tasks = [
        World(
            simulate=simulate, arms=tuple(arms), baseline=baseline, draw=draw, replicate=replicate
        )
        for draw in range(draws)
        for replicate in range(replicates)
    ]
    return run_tasks(run_world, tasks, workers=workers, on_progress=on_progress)


def run_tasks(
    function: Function, tasks: Sequence[Any], *, workers: int | str = "auto",
    on_done: Callable[[], None] | None = None, on_progress: Progress | None = None,
    warm_first: bool = False,
) -> list[Any]:  # fmt: skip
    """All results in the order of the tasks, Failures among them; AllFailedError if all are."""
    results = [result for _, result in stream(
        function, tasks, workers=workers, on_done=on_done, on_progress=on_progress,
        warm_first=warm_first,
    )]  # fmt: skip
    refuse_nothing(results)
    return results


def refuse_nothing(results: Sequence[Any]) -> None:
    """Raise if every single result is a Failure."""
    failures = [one for one in results if isinstance(one, Failure)]
    if failures and len(failures) == len(results):
        raise AllFailedError(
            f"All {len(results)} worlds failed, the first with: {failures[0].message}. "
            "Nothing could be compared."
        )


def stream(
    function: Function, tasks: Sequence[Any], *, workers: int | str = "auto",
    on_done: Callable[[], None] | None = None, on_progress: Progress | None = None,
    warm_first: bool = False,
) -> Iterator[tuple[int, Any]]:  # fmt: skip
    """(index, result or Failure) in order. Closing it, or Ctrl-C, ends the processes it started."""
    count = Count(len(tasks), on_done, on_progress)
    n_workers = min(n_processes(workers), max(1, len(tasks)))
    first = 1 if warm_first and n_workers > 1 and len(tasks) > 1 else 0
    ready: dict[int, Any] = {}
    emit = 0
    batches = [(range(first), 1)] * bool(first) + [(range(first, len(tasks)), n_workers)]
    for batch, size in batches:
        work = _pooled if n_workers > 1 else _in_process
        finished = work(function, tasks, batch, size)
        try:
            for index, result in finished:
                ready[index] = result
                count.one_more()
                while emit in ready:
                    yield emit, ready.pop(emit)
                    emit += 1
        finally:
            finished.close()


def n_processes(workers: int | str) -> int:
    """The number of processes: as asked, or one for each core this process may use."""
    if workers != "auto":
        return max(1, int(workers))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def resolve(function: Function) -> Callable[..., Any]:
    """A function, or one named as "package.module:name", imported where it is needed."""
    if not isinstance(function, str):
        return function
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def attempt(function: Function, task: Any, index: int) -> Any:
    """The result, or a Failure: what any process does with a task."""
    try:
        return resolve(function)(task)
    except UserError as error:
        return _failure(task, index, str(error))
    except Exception as error:
        return _failure(task, index, f"{type(error).__name__}: {error}", traceback.format_exc())


def _failure(task: Any, index: int, message: str, detail: str = "") -> Failure:
    return Failure(
        index=index, message=message, detail=detail,
        draw=getattr(task, "draw", None), replicate=getattr(task, "replicate", None),
    )  # fmt: skip


def _in_process(
    function: Function, tasks: Sequence[Any], batch: range, n_workers: int
) -> Generator[tuple[int, Any], None, None]:
    """One after the other, here: easiest to debug."""
    for index in batch:
        yield index, attempt(function, tasks[index], index)


def _pooled(
    function: Function, tasks: Sequence[Any], batch: range, n_workers: int
) -> Generator[tuple[int, Any], None, None]:
    """(index, result) as they finish; tasks caught in a dying process run again, each alone."""
    waiting = iter(batch)
    while True:
        suspects: list[int] = []
        yield from _one_pool(function, tasks, waiting, n_workers, suspects)
        for index in suspects:
            again: list[int] = []
            yield from _one_pool(function, tasks, iter((index,)), 1, again)
            if again:
                yield index, _failure(tasks[index], index, DIED)
        if not suspects:
            return  # the pool came to its end


def _one_pool(
    function: Function, tasks: Sequence[Any], waiting: Iterator[int], n_workers: int,
    suspects: list[int],
) -> Generator[tuple[int, Any], None, None]:  # fmt: skip
    """Feed one pool until `waiting` is empty or a process dies; what was under way is suspect."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        n_workers, mp_context=multiprocessing.get_context("spawn"), initializer=_settle_in
    )
    pending: dict[Future[Any], int] = {}
    clean = False
    try:
        more = _top_up(pool, function, tasks, waiting, pending, n_workers)
        while pending:
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            broken = False
            for future in sorted(done, key=pending.__getitem__):
                index = pending.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    suspects.append(index)
                    broken = True
                    continue
                except Exception as error:  # a result that cannot travel between processes
                    result = _failure(tasks[index], index, f"{type(error).__name__}: {error}")
                yield index, result
            if broken:
                suspects.extend(sorted(pending.values()))
                return
            if more:
                more = _top_up(pool, function, tasks, waiting, pending, n_workers)
        clean = True
    finally:
        _close(pool, others, clean)


def _top_up(
    pool: ProcessPoolExecutor, function: Function, tasks: Sequence[Any], waiting: Iterator[int],
    pending: dict[Future[Any], int], n_workers: int,
) -> bool:  # fmt: skip
    """Keep every worker busy, without running further than AHEAD past the oldest task under way."""
    room = n_workers + 1
    while len(pending) < room:
        oldest = min(pending.values(), default=None)
        newest = max(pending.values(), default=0)
        if oldest is not None and newest - oldest >= AHEAD * n_workers:
            return True
        index = next(waiting, None)
        if index is None:
            return False
        try:
            future = pool.submit(attempt, function, tasks[index], index)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        pending[future] = index
    return True


def _close(pool: ProcessPoolExecutor, others: set[Any], clean: bool) -> None:
    """Let the processes end; end them at once if the work was broken off."""
    pool.shutdown(wait=clean, cancel_futures=True)
    if not clean:
        ours = [one for one in multiprocessing.active_children() if one not in others]
        for process in ours:
            process.terminate()
        for process in ours:
            process.join(timeout=5)


def _settle_in() -> None:
    """In a worker: Ctrl-C is for the parent, who ends the workers; without a parent there is
    nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Count:
    """Tells a progress bar how far the work is and how many seconds are left."""

    def __init__(
        self, total: int, on_done: Callable[[], None] | None, on_progress: Progress | None
    ) -> None:
        self.total, self.done = total, 0
        self.on_done, self.on_progress = on_done, on_progress
        self.began = time.monotonic()

    def one_more(self) -> None:
        self.done += 1
        if self.on_done:
            self.on_done()
        if self.on_progress:
            spent = time.monotonic() - self.began
            self.on_progress(self.done, self.total, spent / self.done * (self.total - self.done))


def choose_worlds(
    probe_seconds: float, workers: int, budget_seconds: float = 120, draws: int = 16,
    replicates: int = 2, minimum_draws: int = 8,
) -> tuple[int, int, bool]:  # fmt: skip
    """(D, R, provisional): as many parameter draws as fit the budget, between the minimum and the
    wanted number; fewer than wanted is provisional. Replicates are kept: without a second one luck
    and parameters cannot be told apart."""
    rounds = budget_seconds / max(probe_seconds, 1e-9)
    room = int(rounds) * max(1, workers) // replicates
    fitting = min(draws, max(minimum_draws, room))
    return fitting, replicates, fitting < draws
