"""Run worlds in parallel, so that nothing about the running shows in the results.

`stream` yields (index, result) in the order of the tasks, whichever process finished first. At most
AHEAD tasks a worker are taken before the oldest one is handed over, so memory does not grow with
their number. A task that raises becomes a Failure and the others go on; so does one whose process
dies twice (the second time it runs alone, so that a neighbour is not blamed). Of tasks that say
what they are `like` (worlds of one parameter draw take about as long), one of each kind comes
first, then the longest of those that may begin: no process ends long before the others.

While worlds run, `on_way` is told how much of those under way is done: every process writes its own
part, day by day, into memory that all share (under_way.py), and the parent reads it every PULSE.
Where memory runs short worlds wait for one another (elbow_room.py).

Processes begin afresh; those of a command line, on Linux, as copies of one that has imported what a
world needs while the command was read (early.py). Results do not know which.

No world runs alone first to warm the cache of compiled kernels: all processes start at once and
divide the kernels among themselves (engine/compiling); numba replaces a cache file in one step.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, MutableMapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.errors import UserError, counted
from sim.study import early
from sim.study.elbow_room import ElbowRoom
from sim.under_way import told_to

AHEAD = 8  # tasks a worker that may be under way or wait for an older one
DIED = "its process died (killed, or out of memory)"
PULSE = 0.1  # seconds between two looks at how far the worlds have come

Function = Callable[[Any], Any]
OnWay = Callable[[float], None]


def nobody(part: float) -> None:
    """Nobody wants to know how much of what is under way is done."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A world that did not come through. `detail` holds the lines of code, for a bug report."""

    index: int
    message: str
    draw: int | None = None
    replicate: int | None = None
    seed: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        places = (("draw", self.draw), ("replicate", self.replicate), ("seed", self.seed))
        told = ", ".join(f"{name} {number}" for name, number in places if number is not None)
        return f"world {self.index}{f' ({told})' if told else ''}: {self.message}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "world": self.index, "draw": self.draw, "replicate": self.replicate,
            "seed": self.seed, "message": self.message,
        }  # fmt: skip


class AllFailedError(UserError):
    """Not one task came through."""


def refuse_nothing(results: Sequence[Any]) -> None:
    """Raise if every single result is a Failure."""
    failures = [one for one in results if isinstance(one, Failure)]
    if failures and len(failures) == len(results):
        raise AllFailedError(
            f"All {counted(len(results), 'world')} failed, the first one {failures[0]}. "
            "Nothing could be compared."
        )


def stream(
    function: Function, tasks: Sequence[Any], *, workers: int,
    on_done: Callable[[], None] = lambda: None, on_way: OnWay = nobody,
    ready: MutableMapping[int, Any] | None = None,
) -> Iterator[tuple[int, Any]]:  # fmt: skip
    """(index, result or Failure) in order. Closing it, or Ctrl-C, ends the processes it started.

    on_way: told how much of the tasks under way is done, in tasks, or in what they count for.
    ready: where results wait until older ones have been taken. When the work is broken off, what
    stands in it has come through; the oldest may be in the hands of whoever took it.
    """
    n_workers = max(1, min(workers, len(tasks)))
    ready = {} if ready is None else ready
    work = _pooled if n_workers > 1 else _in_process
    finished = work(function, tasks, n_workers, on_way)
    emit = 0
    try:
        for index, result in finished:
            ready[index] = result
            on_done()
            while emit in ready:
                yield emit, ready[emit]
                del ready[emit]
                emit += 1
    finally:
        finished.close()


def attempt(function: Function, task: Any, index: int) -> Any:
    """The result, or a Failure: what any process does with a task."""
    try:
        return function(task)
    except UserError as error:
        return _failure(task, index, str(error))
    except Exception as error:
        return _failure(task, index, f"{type(error).__name__}: {error}", traceback.format_exc())


def _failure(task: Any, index: int, message: str, detail: str = "") -> Failure:
    return Failure(
        index=index, message=message, detail=detail,
        draw=getattr(task, "draw", None), replicate=getattr(task, "replicate", None),
        seed=getattr(task, "seed", None),
    )  # fmt: skip


def _in_process(
    function: Function, tasks: Sequence[Any], n_workers: int, on_way: OnWay
) -> Generator[tuple[int, Any], None, None]:
    """One after the other, here: easiest to debug."""
    alone = ElbowRoom()
    for index, task in enumerate(tasks):
        with told_to(partial(_in_units, on_way, counts_for(task), alone)):
            result = attempt(function, task, index)
        yield index, result


def counts_for(task: Any) -> int:
    """How many of what is counted a task brings: worlds one, a world of a study its runs."""
    return int(getattr(task, "counts", 1))


def _in_units(on_way: OnWay, units: int, room: ElbowRoom, part: float) -> None:
    on_way(units * part)
    room.look()


def _pooled(
    function: Function, tasks: Sequence[Any], n_workers: int, on_way: OnWay
) -> Generator[tuple[int, Any], None, None]:
    """(index, result) as they finish; tasks caught in a dying process run again, each alone."""
    waiting = Waiting(tasks, range(len(tasks)))
    while True:
        suspects: list[int] = []
        yield from _one_pool(function, tasks, waiting, n_workers, suspects, on_way)
        for index in suspects:
            again: list[int] = []
            yield from _one_pool(function, tasks, Waiting(tasks, (index,)), 1, again, on_way)
            if again:
                yield index, _failure(tasks[index], index, DIED)
        if not suspects:
            return  # the pool came to its end


class Waiting:
    """Tasks that have not begun, and how long those of their kind took."""

    def __init__(self, tasks: Sequence[Any], indices: Iterable[int]) -> None:
        self.left = list(indices)
        self.kinds = {index: getattr(tasks[index], "like", index) for index in self.left}
        self.seconds: dict[Any, float] = {}

    def take(self, limit: float) -> int | None:
        """The task below `limit` that begins next: one of a kind that has not begun, else the
        longest; what is still under way counts as long. None if there is none."""
        open_to = [index for index in self.left if index < limit]
        if not open_to:
            return None
        new = (index for index in open_to if self.kinds[index] not in self.seconds)
        index = next(new, max(open_to, key=lambda one: self.seconds.get(self.kinds[one], 0.0)))
        self.seconds.setdefault(self.kinds[index], math.inf)
        self.left.remove(index)
        return index

    def took(self, index: int, seconds: float) -> None:
        """A task has ended."""
        self.seconds[self.kinds[index]] = seconds


def clocked(function: Function, task: Any, index: int) -> tuple[float, Any]:
    """Seconds, and what `attempt` says; how far it has come stands in this process's place."""
    began = time.perf_counter()
    with told_to(partial(_in_units, _Place.write, counts_for(task), _Place.room)):
        result = attempt(function, task, index)
    _Place.write(0.0)
    _Place.room.leave()
    return time.perf_counter() - began, result


class _Place:
    """Where a worker writes how much of its task is done."""

    parts: Any = None
    number = 0
    room = ElbowRoom()

    @classmethod
    def take(cls, parts: Any, taken: Any, seat: Any) -> None:
        """The next place that no other worker has."""
        cls.room = ElbowRoom(seat)
        with taken.get_lock():
            cls.parts, cls.number = parts, taken.value % len(parts)
            taken.value += 1

    @classmethod
    def write(cls, part: float) -> None:
        if cls.parts is not None:
            cls.parts[cls.number] = part


def _one_pool(
    function: Function, tasks: Sequence[Any], waiting: Waiting, n_workers: int,
    suspects: list[int], on_way: OnWay,
) -> Generator[tuple[int, Any], None, None]:  # fmt: skip
    """Feed one pool until `waiting` is empty or a process dies; what was under way is suspect."""
    others, context = set(multiprocessing.active_children()), early.context()
    parts = context.Array("d", n_workers, lock=False)
    pool = ProcessPoolExecutor(n_workers, mp_context=context, initializer=_settle_in,
                               initargs=(parts, context.Value("i", 0), context.Lock()))  # fmt: skip
    pending: dict[Future[Any], int] = {}
    clean = False
    try:
        more = _top_up(pool, function, tasks, waiting, pending, n_workers)
        while pending:
            done, _ = wait(pending, PULSE, return_when=FIRST_COMPLETED)
            on_way(sum(parts))
            broken = False
            for future in sorted(done, key=pending.__getitem__):
                index = pending.pop(future)
                try:
                    seconds, result = future.result()
                    waiting.took(index, seconds)
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
    pool: ProcessPoolExecutor, function: Function, tasks: Sequence[Any], waiting: Waiting,
    pending: dict[Future[Any], int], n_workers: int,
) -> bool:  # fmt: skip
    """Keep every worker busy, without running further than AHEAD past the oldest task under way."""
    room = n_workers + 1
    while len(pending) < room:
        oldest = min([*pending.values(), *waiting.left], default=0)
        index = waiting.take(oldest + 1 + AHEAD * n_workers)
        if index is None:
            return bool(waiting.left)
        try:
            future = pool.submit(clocked, function, tasks[index], index)
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
        # Not join: the pool's own thread may take the end of a process first, and asking for it in
        # between tells neither of the two that it has ended.
        patience = time.monotonic() + 5
        while not set(ours).isdisjoint(multiprocessing.active_children()):
            if time.monotonic() > patience:
                return
            time.sleep(0.01)


def _settle_in(parts: Any, taken: Any, seat: Any) -> None:
    """In a worker: Ctrl-C is for the parent, who ends the workers; without a parent there is
    nothing to do. `parts`, `taken`: where to write how far it has come, and the places taken;
    `seat`: the lock of whom memory still has room for."""
    _Place.take(parts, taken, seat)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
