"""How much of the work of this process is done, told whenever a day of its world is over.

    part = days over / days in all          of what `days_in_all` has announced

The model says `day_is_over` and does not know who listens; whoever shows progress listens with
`told_to`. One world at a time in a process. Nothing of a result depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[float], None]


class _Work:
    """What this process is at."""

    listener: Listener | None = None
    days_in_all = 0
    days_over = 0


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Within it, `listener` is called with the part that is done, day by day."""
    before = _Work.listener
    _Work.listener = listener
    try:
        yield
    finally:
        _Work.listener = before


@contextmanager
def days_in_all(n_days: int) -> Iterator[None]:
    """Within it, so many days will be simulated; outside of it days are not counted."""
    _Work.days_in_all, _Work.days_over = n_days, 0
    try:
        yield
    finally:
        _Work.days_in_all = 0


def day_is_over() -> None:
    """One more day of this process's world has been simulated."""
    if _Work.listener is None or _Work.days_in_all == 0:
        return
    _Work.days_over += 1
    _Work.listener(min(_Work.days_over / _Work.days_in_all, 1.0))
