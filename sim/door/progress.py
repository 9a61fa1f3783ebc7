"""A progress bar with the remaining time, on stderr, so that a piped answer stays clean.

It moves with every simulated day, not only with every world: a world of a year takes half a minute.
Where stderr is no terminal (a log, a cluster's output) a line a minute says the same.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from sim.door.interrupt import end_if_asked
from sim.door.sizes import duration

EVERY = 60.0  # seconds between two lines in a log
LONG = 3.0  # seconds without a move, after the first one: kernels are compiled
SLOW = 5.0  # seconds after that in which the loop over hours is compiled, and days take longer


class Bar:
    """Counts what is finished; what is under way moves the bar between two counts."""

    def __init__(self, bar: Progress, task: TaskID, done: int) -> None:
        self.bar, self.task = bar, task
        self.finished, self.shown = done, float(done)
        self.moved = math.inf  # when it last did, by the bar's clock
        self.usual = math.inf  # from when days take what they take
        self.began = self.told = bar.get_time()  # told: when a log was last written to
        self.before = self.shown  # done before this process began

    def __call__(self, number: int = 1) -> None:
        """So many more have been finished."""
        self.finished += number
        self._show(float(self.finished))

    def under_way(self, part: float) -> None:
        """Of those not finished, so much is done in all; the bar never goes back."""
        self._show(self.finished + part)

    def _show(self, done: float) -> None:
        end_if_asked()
        if done > self.shown:
            self._forget_a_wait()
            self.shown = done
        self.bar.update(self.task, completed=self.shown, finished=self.finished)
        if not self.bar.console.is_terminal:
            self._log()

    def _log(self) -> None:
        """A line, if the last one is a minute old; the time left by the mean speed so far."""
        now, (task,) = self.bar.get_time(), self.bar.tasks
        if now - self.told < EVERY or self.shown <= self.before:
            return
        self.told = now
        left = (now - self.began) / (self.shown - self.before) * ((task.total or 0) - self.shown)
        say(f"{task.description} {self.finished}/{task.total}, about {duration(left)} remaining")

    def _forget_a_wait(self) -> None:
        """Once: the time in which kernels are compiled tells nothing of the time that is left."""
        now = self.bar.get_time()
        if now - self.moved > LONG and self.usual == math.inf:
            self.usual = now + SLOW
        if now <= self.usual < math.inf:
            self.bar.reset(self.task, completed=int(self.shown), finished=self.finished)
        self.moved = now


@contextmanager
def progress(total: int, what: str = "worlds", done: int = 0) -> Iterator[Bar]:
    """Yields what to call after each finished world, or with a number of finished runs."""
    console = Console(file=sys.stderr)
    count = f"{{task.fields[finished]:>{len(str(total))}}}/{total}"  # as wide at the end
    columns = (
        TextColumn(what), BarColumn(), TextColumn(count), TextColumn("remaining"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total, completed=done, finished=done)
        yield Bar(bar, task, done)


def say(text: str) -> None:
    """A line on stderr: what is going on, never part of the answer."""
    print(text, file=sys.stderr, flush=True)
