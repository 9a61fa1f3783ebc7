"""Many worlds in many processes: nothing about the running shows in the results."""

from __future__ import annotations

import math
import multiprocessing
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sim.errors import UserError
from sim.study.ensemble import (
    AllFailedError,
    Failure,
    Waiting,
    counts_for,
    refuse_nothing,
    stream,
)
from tests.study import workers as fake


def run_tasks(function: Callable[[Any], Any], tasks: list[Any], workers: int) -> list[Any]:
    return [result for _, result in stream(function, tasks, workers=workers)]


def worlds(simulate: Callable[..., Any], draws: int, replicates: int, workers: int) -> list[Any]:
    tasks = [
        fake.Task(simulate=simulate, draw=draw, replicate=replicate)
        for draw in range(draws)
        for replicate in range(replicates)
    ]
    return run_tasks(fake.run, tasks, workers)


def reaches(results: list) -> list[list[float]]:
    return [[run.values["target_reach", "all"] for run in world] for world in results]


def test_results_do_not_depend_on_workers_or_order_of_completion() -> None:
    one, two = (worlds(fake.fake_world, 3, 2, workers) for workers in (1, 2))
    assert reaches(one) == reaches(two)
    assert len({str(world) for world in reaches(one)}) == 6


def test_other_processes_do_the_work() -> None:
    import os

    pids = set(run_tasks(fake.process, list(range(6)), workers=2))
    assert os.getpid() not in pids and len(pids) == 2
    assert set(run_tasks(fake.process, [1, 2], workers=1)) == {os.getpid()}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_world_is_recorded_and_the_others_go_on(workers: int) -> None:
    results = worlds(fake.one_world_breaks, 2, 2, workers)
    broken = results[2]
    assert isinstance(broken, Failure)
    assert (broken.draw, broken.replicate, broken.seed) == (1, 0, 7)
    assert broken.message == "ZeroDivisionError: planted" and "one_world_breaks" in broken.detail
    assert [isinstance(one, list) for one in results] == [True, True, False, True]


def test_all_failing_is_an_error() -> None:
    results = worlds(fake.every_world_breaks, 2, 2, 1)
    with pytest.raises(AllFailedError, match=r"All 4 worlds failed.*planted 0/0"):
        refuse_nothing(results)
    refuse_nothing([*results, 0])
    assert issubclass(AllFailedError, UserError)


def test_a_dying_process_costs_only_its_own_task() -> None:
    results = run_tasks(fake.dies_on_three, list(range(7)), workers=2)
    assert isinstance(results[3], Failure) and "process died" in results[3].message
    assert [one for one in results if one is not results[3]] == [0, 1, 4, 16, 25, 36]


def test_a_task_that_dies_once_is_done_again(tmp_path) -> None:
    tasks = [(number, str(tmp_path / "mark")) for number in range(5)]
    assert run_tasks(fake.dies_once, tasks, workers=2) == [0, 1, 4, 9, 16]


def test_a_result_that_cannot_travel_is_a_failure() -> None:
    results = run_tasks(fake.answers_what_cannot_travel, [0, 1, 2], workers=2)
    assert isinstance(results[1], Failure) and results[0] == 0 and results[2] == 2


def test_progress_counts_every_world_once() -> None:
    ticks: list[int] = []
    told = stream(fake.square, list(range(5)), workers=2, on_done=lambda: ticks.append(1))
    assert len(list(told)) == 5 == len(ticks)


def test_what_is_under_way_here_is_told_day_by_day() -> None:
    parts: list[float] = []
    told = stream(fake.four_days, [fake.Counted(3), fake.Counted(5)], workers=1,
                  on_way=parts.append)  # fmt: skip
    assert list(told) == [(0, 3), (1, 5)]
    assert parts == [0.75, 1.5, 2.25, 3.0, 1.25, 2.5, 3.75, 5.0]


def test_what_is_under_way_elsewhere_grows_to_what_the_tasks_count_for() -> None:
    parts: list[float] = []
    told = stream(fake.four_days, [fake.Counted(3), fake.Counted(5)], workers=2,
                  on_way=parts.append)  # fmt: skip
    assert list(told) == [(0, 3), (1, 5)]
    assert min(parts) >= 0.0 and 5.0 <= max(parts) <= 8.0
    assert len(set(parts)) > 3, "it is seen on its way"


def test_a_world_counts_for_one() -> None:
    assert counts_for(object()) == 1 and counts_for(fake.Counted(4)) == 4


def test_breaking_off_ends_the_processes() -> None:
    before = set(multiprocessing.active_children())
    began = time.monotonic()
    worlds = stream(fake.sleeps, [0, 1, 2], workers=2)
    assert next(worlds) == (0, 0)
    with pytest.raises(KeyboardInterrupt):
        worlds.throw(KeyboardInterrupt)
    assert time.monotonic() - began < 15
    assert set(multiprocessing.active_children()) <= before


def test_what_came_through_before_an_older_world_is_still_there_after_a_break() -> None:
    ready: dict[int, Any] = {}

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(stream(fake.sleeps_first, [0, 1], workers=2, on_done=stop, ready=ready))
    assert ready == {1: 1}


def test_no_tasks_no_results() -> None:
    assert run_tasks(fake.square, [], workers=2) == []


class Alike(NamedTuple):
    """A task that says what it is like."""

    like: int


def test_one_of_each_kind_begins_first_and_then_the_longest() -> None:
    tasks = [Alike(kind) for kind in (0, 0, 1, 1, 2, 2)]
    waiting = Waiting(tasks, range(6))
    assert [waiting.take(6) for _ in range(3)] == [0, 2, 4]
    for index, seconds in ((0, 3.0), (2, 9.0)):
        waiting.took(index, seconds)
    assert waiting.take(6) == 5, "its kind is still under way, and so the longest"
    waiting.took(4, 1.0)
    assert [waiting.take(6) for _ in range(3)] == [3, 1, None]


def test_no_task_begins_far_beyond_the_oldest_that_waits() -> None:
    waiting = Waiting([Alike(0)] * 2 + [Alike(kind) for kind in range(1, 9)], range(10))
    assert [waiting.take(4) for _ in range(5)] == [0, 2, 3, 1, None]
    assert waiting.left == list(range(4, 10))


def test_tasks_that_say_nothing_begin_in_their_order() -> None:
    waiting = Waiting([object()] * 4, range(4))
    assert [waiting.take(math.inf) for _ in range(5)] == [0, 1, 2, 3, None]
