"""Worlds on other machines: the workers of a dask.distributed scheduler (extra "cluster").

`stream` is `ensemble.stream` with another place to work in: (index, result or Failure) of every
task, as they finish. Tasks travel in batches. A batch whose worker dies is done again elsewhere, by
dask; one that kills worker after worker comes back here and is sent again world by world, so that a
neighbour is not blamed. At most AHEAD batches a worker are under way, so that memory does not grow
with their number. Workers may come and go.

Every batch is refused by a worker whose code or libraries are not those of this process, since its
bytes would not be the same (`same_code`). A worker does one world at a time, however many threads
it has: run one process a core.
"""

from __future__ import annotations

import contextlib
import functools
import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sim.errors import UserError, counted
from sim.provenance import code_hash, version_of
from sim.settings import Dask
from sim.study.ensemble import DIED, Failure, attempt

AHEAD = 2  # batches a worker under way or waiting
PATIENCE = 10  # seconds for a scheduler to answer
FOR_WORKERS = 60  # seconds for the first worker to come
LIBRARIES = ("numpy", "numba", "scipy", "mesa")
ONE_AT_A_TIME = threading.Lock()

Function = Callable[[Any], Any]


class OtherCodeError(RuntimeError):
    """A worker that would not give the same bytes."""


@functools.cache
def same_code() -> dict[str, str]:
    """What must be the same wherever worlds of one study run; looked at once a process."""
    found = {name: str(version_of(name)) for name in LIBRARIES}
    return found | {"python": ".".join(platform.python_version_tuple()[:2]), "sim": code_hash()}


def refuse_other_code(expected: dict[str, str]) -> None:
    """Raise where a library or the code is another."""
    here = same_code()
    other = [f"{name} {here[name]} (wanted: {one})" for name, one in expected.items()
             if here[name] != one]  # fmt: skip
    if other:
        raise OtherCodeError(", ".join(other))


def work_on(
    function: Function, batch: Sequence[tuple[int, Any]], expected: dict[str, str]
) -> list[tuple[int, Any]]:
    """What a worker does: each world of a batch, a failed one as a Failure."""
    with ONE_AT_A_TIME:
        refuse_other_code(expected)
        return [(index, attempt(function, task, index)) for index, task in batch]


def stream(function: Function, tasks: Sequence[Any], where: Dask) -> Iterator[tuple[int, Any]]:
    """(index, result or Failure) as they come. Closing it gives up what is under way."""
    with connected(where) as client:
        yield from _streamed(client, function, tasks, where)


@contextlib.contextmanager
def connected(where: Dask) -> Iterator[Any]:
    """A client of the scheduler, with at least one worker of the same code."""
    if not where.address:
        raise UserError(
            "'executor=dask' needs a scheduler: executor.address=tcp://HOST:8786. docs/cluster.md "
            "says how to start one."
        )
    try:
        from distributed import Client
    except ImportError:
        raise UserError(
            "'executor=dask' needs dask.distributed: pip install \"demarche[cluster]\", here and "
            "on the workers."
        ) from None
    try:
        client = Client(where.address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).strip() or type(error).__name__
        raise UserError(
            f"'executor.address={where.address}': no scheduler answers there ({reason[:120]}). "
            "Start one with: dask scheduler."
        ) from None
    try:
        _refuse_unfit(client, where)
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _refuse_unfit(client: Any, where: Dask) -> None:
    """Refuse a cluster without workers, or with a worker of another code, before anything runs."""
    try:
        client.wait_for_workers(1, timeout=FOR_WORKERS)
    except TimeoutError:
        raise UserError(
            f"The scheduler at {where.address} has no workers yet. Start some with: dask worker "
            f"{where.address} --nthreads 1."
        ) from None
    try:
        client.register_plugin(_kept_kernels())
        client.run(refuse_other_code, same_code())
    except OtherCodeError as error:
        raise UserError(
            f"A worker of {where.address} has another state of the code or its libraries: {error}. "
            "Install the same there; other code gives other bytes."
        ) from None
    except ImportError as error:
        raise UserError(
            f"The workers of {where.address} cannot import what they need ({error}): install "
            "demarche there too."
        ) from None


def _kept_kernels() -> Any:
    """Has every worker, also one that comes later, keep compiled kernels before it needs any."""
    from distributed import WorkerPlugin

    class KeptKernels(WorkerPlugin):
        name = "demarche-kernels"

        def setup(self, worker: Any) -> None:
            from sim.kernels import use_cache

            use_cache()

    return KeptKernels()


def _streamed(
    client: Any, function: Function, tasks: Sequence[Any], where: Dask
) -> Iterator[tuple[int, Any]]:
    """Keep every worker busy until all is done."""
    from distributed import as_completed

    numbers = list(range(len(tasks)))
    batches = [numbers[at : at + where.batch] for at in range(0, len(numbers), where.batch)]
    expected, waiting = same_code(), iter(batches)
    pending: dict[Any, list[int]] = {}
    finished = as_completed([], loop=client.loop)

    def send(batch: list[int]) -> None:
        sent = [(index, tasks[index]) for index in batch]
        future = client.submit(work_on, function, sent, expected, pure=False,
                               retries=where.retries)  # fmt: skip
        pending[future] = batch
        finished.add(future)

    def top_up() -> None:
        room = AHEAD * max(1, len(client.nthreads()))
        while len(pending) < room and (batch := next(waiting, None)) is not None:
            send(batch)

    top_up()
    while pending:
        future = next(finished)
        batch = pending.pop(future)
        results = _results(future, batch, tasks, where)
        if results is None:
            for index in batch:
                send([index])
        else:
            yield from results
        future.release()
        top_up()


def _results(future: Any, batch: list[int], tasks: Sequence[Any], where: Dask
             ) -> list[tuple[int, Any]] | None:  # fmt: skip
    """What came of a batch; None: send its worlds one by one."""
    from distributed import KilledWorker

    if future.status == "finished":
        found: list[tuple[int, Any]] = future.result()
        return found
    if future.status != "error":
        raise UserError(
            f"The connection with the scheduler at {where.address} broke off, with "
            f"{counted(len(batch), 'world')} under way."
        )
    error = future.exception()
    if isinstance(error, KilledWorker):
        if len(batch) > 1:
            return None
        told = DIED
    else:
        told = f"{type(error).__name__}: {error}"
    return [(index, _failure(tasks[index], index, told)) for index in batch]


def _failure(task: Any, index: int, told: str) -> Failure:
    return Failure(
        index=index, message=told, draw=getattr(task, "draw", None),
        replicate=getattr(task, "replicate", None), seed=getattr(task, "seed", None),
    )  # fmt: skip
