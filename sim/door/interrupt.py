"""A request to end (Ctrl-C, SIGTERM) that is heard once even where its exception is lost.

Python answers a signal with an exception wherever it happens to be. Inside a callback out of C, as
while native code is compiled and kept, that exception is printed or dropped, and work would go on
to its end. So the request is remembered, and raised again with the next thing that is over.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Asked:
    """Whether somebody wants this command to end."""

    to_end = False


@contextmanager
def heard() -> Iterator[None]:
    """Within it both signals raise KeyboardInterrupt and are remembered."""
    _Asked.to_end = False
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, _end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, signal.SIG_DFL if handler is None else handler)


def _end(*_: object) -> None:
    """A polite request to end is treated as Ctrl-C: the status file gets its last word."""
    _Asked.to_end = True
    raise KeyboardInterrupt


def end_if_asked() -> None:
    """Raise the request that was lost; nothing where there was none."""
    if _Asked.to_end:
        raise KeyboardInterrupt
