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
import sys
from multiprocessing.context import BaseContext

AT_HAND = "sim.study.at_hand"  # what a worker imports first


class _Start:
    method = "spawn"


def begin_early() -> None:
    """Have the libraries of worker processes imported, where that can be of use."""
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2:
        return
    from multiprocessing import forkserver

    multiprocessing.set_forkserver_preload([AT_HAND])
    forkserver.ensure_running()
    _Start.method = "forkserver"


def context() -> BaseContext:
    """How worker processes start."""
    return multiprocessing.get_context(_Start.method)
