"""A progress bar with the remaining time, on stderr, so that a piped answer stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress(total: int, what: str = "worlds", done: int = 0) -> Iterator[Callable[..., None]]:
    """Yields a function to call after each finished world, or with a number of finished runs."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("remaining"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total, completed=done)
        yield lambda number=1: bar.advance(task, number)


def say(text: str) -> None:
    """A line on stderr: what is going on, never part of the answer."""
    print(text, file=sys.stderr, flush=True)
