"""The bar of a job: it counts what is finished, moves with what is under way, never back."""

from __future__ import annotations

import contextlib
import io
import signal

import pytest
from rich.console import Console

from sim.door.interrupt import heard
from sim.door.progress import Bar, progress


def shown(bar: Bar) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(bar.bar.make_tasks_table(bar.bar.tasks))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def place(bar: Bar) -> float:
    (task,) = bar.bar.tasks
    return task.completed


def test_it_counts_and_moves_between_two_counts() -> None:
    with progress(4, "runs", 1) as bar:
        assert "runs" in shown(bar) and "1/4 remaining -:--:--" in shown(bar) and place(bar) == 1
        bar.under_way(0.75)
        assert "1/4" in shown(bar) and place(bar) == 1.75
        bar()
        assert "2/4" in shown(bar) and place(bar) == 2
        bar(2)
        assert "4/4" in shown(bar) and place(bar) == 4


def test_the_count_takes_as_much_room_at_first_as_at_the_end() -> None:
    with progress(16) as bar:
        first = shown(bar)
        bar(12)
        assert "0/16" in first and "12/16" in shown(bar)
        assert first.index("/16") == shown(bar).index("/16")


def test_a_long_wait_at_first_does_not_count_as_speed() -> None:
    """A world is loaded, kernels are compiled for a minute, then a step a second while the loop is
    compiled, then ten."""
    with progress(100) as bar:
        clock = [0.0]
        bar.bar.get_time = lambda: clock[0]
        for task in bar.bar.tasks:
            task._get_time = bar.bar.get_time
        for moment, done in ((0.0, 1.0), (60.0, 2.0), (61.0, 3.0), (65.0, 4.0)):
            clock[0] = moment
            bar.under_way(done)
        assert bar.bar.tasks[0].speed is None, "not yet what days usually take"
        for moment, done in ((65.1, 5.0), (65.2, 6.0), (65.3, 7.0)):
            clock[0] = moment
            bar.under_way(done)
        (task,) = bar.bar.tasks
        assert task.completed == 7 and task.speed is not None
        assert round(task.speed, 6) == 10
        clock[0] = 90.2  # later waits are a part of the work
        bar.under_way(8.0)
        assert task.completed == 8 and task.speed is not None and task.speed < 1


def test_a_log_gets_a_line_a_minute(capfd: pytest.CaptureFixture[str]) -> None:
    """As where stderr is no terminal, which the console of a test is not."""
    with progress(16, "runs", 4) as bar:
        start = bar.began
        clock = [start]
        bar.bar.get_time = lambda: clock[0]
        for seconds, done in ((30, 0.5), (61, 1.0), (90, 1.5), (122, 2.0)):
            clock[0] = start + seconds
            bar.under_way(done)
    assert capfd.readouterr().err.split("\n")[:2] == [
        "runs 4/16, about 11 min remaining", "runs 4/16, about 10 min remaining"
    ]  # fmt: skip


def test_a_request_to_end_that_was_lost_is_raised_with_the_next_move() -> None:
    """As in a callback out of C, where Python can only print the exception."""
    with heard(), progress(4, "runs") as bar:
        bar()
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            bar.under_way(0.5)
    with heard(), progress(4, "runs") as bar:
        bar()  # the request was that of another command


def test_it_never_goes_back() -> None:
    with progress(4) as bar:
        bar.under_way(1.5)  # two worlds, of which one ends, and counts a little later
        bar.under_way(0.75)
        assert place(bar) == 1.5
        bar()
        assert "1/4" in shown(bar) and place(bar) == 1.5
        bar.under_way(0.75)
        assert place(bar) == 1.75
