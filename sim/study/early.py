"""Worker processes that have their libraries from the start.

While the command line is read and checked, one more process imports what every world needs (a
second, most of it Mesa and pandas); the workers of the job are then forked from it. So a world
begins when the job does, instead of a second and a half later, and all workers share one copy of
the libraries. Only the command line does this: a session in which libraries, threads or the
environment may change before a job starts its workers afresh, as macOS and Windows do always.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import BaseContext
from typing import Any

SAFE = "PYTHONSAFEPATH"  # no modules from the working folder (Python's own variable)


class _Start:
    method = "spawn"


def context() -> BaseContext:
    """How worker processes start."""
    return multiprocessing.get_context(_Start.method)


@contextmanager
def at_hand(module: str) -> Iterator[None]:
    """Within it, workers are forked from a process that has imported `module`; at its end that
    process ends too. Where there is no such thing, or only one core, nothing changes."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield
        return
    try:
        with suppress(OSError):  # no temporary folder, or too long a name for a socket
            _begin(module)
            _Start.method = "forkserver"
        yield
    finally:
        _Start.method = "spawn"
        _end()


def _begin(module: str) -> None:
    from multiprocessing import forkserver, resource_tracker

    multiprocessing.set_forkserver_preload([module])
    resource_tracker.ensure_running()  # now: its own start would let Ctrl-C through again
    with _without_ctrl_c(), _same_path():
        forkserver.ensure_running()


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """What is started here never hears Ctrl-C: the parent does, and ends the others."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _same_path() -> Iterator[None]:
    """What is started here finds modules in the working folder only if this process does, as
    `python -m sim` and not `demarche`: a file of the user's might bear a library's name."""
    if SAFE in os.environ or sys.path[:1] in ([""], [os.getcwd()]):
        yield
        return
    os.environ[SAFE] = "1"
    try:
        yield
    finally:
        del os.environ[SAFE]


def _end() -> None:
    """At once, even while it imports: who reads this command's output waits for it too."""
    from multiprocessing import forkserver

    server: Any = forkserver._forkserver  # type: ignore[attr-defined]  # the library ends it never
    if server._forkserver_pid is None:
        return
    with suppress(OSError):  # it has ended
        os.kill(server._forkserver_pid, signal.SIGKILL)
    with suppress(OSError):
        server._stop()
