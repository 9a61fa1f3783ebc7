"""Worlds for which the machine has too little memory wait for one another.

In some draws of the parameters re-shares bring followers who re-share, and a long world takes many
times the memory that was foreseen. Once less than SHORT of the machine is left, the process that
finds out first takes the only seat, and another that finds it taken waits, in the middle of its
world, until the one with the seat is over. A world that has the seat and still fills the machine is
given up with a sentence before the system kills a process, and the others go on. Results do not
know. Memory is read on Linux; elsewhere nobody waits. A limit of a container is not seen.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from sim.errors import UserError

SHORT, NEARLY_NONE = 0.1, 0.03  # of the machine's memory: worlds take turns; one is given up
SECONDS = 0.5  # between two looks: one takes a tenth of a millisecond


class Memory(NamedTuple):
    """Bytes."""

    left: float
    total: float

    @property
    def share(self) -> float:
        return self.left / self.total


def machine_has() -> Memory | None:
    """What programs can still be given without swapping; None where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="utf-8") as lines:
            found = {name: float(rest.split()[0]) * 1024.0
                     for name, rest in (line.split(":", 1) for line in lines)}  # fmt: skip
        return Memory(found["MemAvailable"], found["MemTotal"])
    except (OSError, KeyError, ValueError, IndexError):
        return None


class ElbowRoom:
    """What one process knows of the memory left. seat: a lock that all processes share, or None
    for a process that works alone."""

    def __init__(self, seat: Any = None) -> None:
        self.seat, self.is_seated, self.looked = seat, seat is None, 0.0

    def look(self) -> None:
        """Between two days of a world: wait if need be. UserError: even that is no help."""
        now = time.monotonic()
        if now - self.looked < SECONDS:
            return
        self.looked = now
        memory = machine_has()
        if memory is None or memory.share >= SHORT:
            return
        if not self.is_seated:
            self.seat.acquire()
            self.is_seated = True
            memory = machine_has() or memory
        if memory.share < NEARLY_NONE:
            raise UserError(
                f"given up, since the machine has {memory.left / 1e9:.1f} of its "
                f"{memory.total / 1e9:.1f} GB of memory left. In some draws of the parameters "
                "followers bring followers, and a long run grows to many times the usual size: "
                "take fewer days=, a smaller audience=, or a machine with more memory."
            )

    def leave(self) -> None:
        """The world is over."""
        if self.seat is not None and self.is_seated:
            self.seat.release()
            self.is_seated = False
