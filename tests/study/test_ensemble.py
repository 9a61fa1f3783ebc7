"""Many worlds in many processes: nothing about the running shows in the results."""

from __future__ import annotations

import multiprocessing
import time

import pytest

from sim.errors import UserError
from sim.study.ensemble import (
    AllFailedError,
    Failure,
    choose_worlds,
    n_processes,
    run_tasks,
    run_worlds,
    stream,
)
from tests.study import workers as fake

ARMS = (fake.Arm("proactive", 0.1), fake.Arm("status_quo", 0.0))
BASE = ARMS[1]


def reaches(results: list) -> list[list[float]]:
    return [[run.values["target_reach", "all"] for run in world] for world in results]


def test_results_do_not_depend_on_workers_or_order_of_completion() -> None:
    one, two = (
        run_worlds(ARMS, BASE, 3, 2, simulate=fake.fake_world, workers=workers)
        for workers in (1, 2)
    )
    named = run_worlds(ARMS, BASE, 3, 2, simulate="tests.study.workers:fake_world", workers=1)
    assert reaches(one) == reaches(two) == reaches(named)
    assert len({str(world) for world in reaches(one)}) == 6


def test_other_processes_do_the_work() -> None:
    import os

    pids = set(run_tasks(fake.process, list(range(6)), workers=2))
    assert os.getpid() not in pids and len(pids) == 2
    assert set(run_tasks(fake.process, [1, 2], workers=1)) == {os.getpid()}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_world_is_recorded_and_the_others_go_on(workers: int) -> None:
    results = run_worlds(ARMS, BASE, 2, 2, simulate=fake.one_world_breaks, workers=workers)
    broken = results[2]
    assert isinstance(broken, Failure) and (broken.draw, broken.replicate) == (1, 0)
    assert broken.message == "ZeroDivisionError: planted" and "one_world_breaks" in broken.detail
    assert [isinstance(one, list) for one in results] == [True, True, False, True]


def test_all_failing_is_an_error() -> None:
    with pytest.raises(AllFailedError, match=r"All 4 worlds failed.*planted 0/0"):
        run_worlds(ARMS, BASE, 2, 2, simulate=fake.every_world_breaks, workers=1)
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


@pytest.mark.parametrize("warm_first", [False, True])
def test_progress_counts_every_world_once(warm_first: bool) -> None:
    seen: list[tuple[int, int, float]] = []
    ticks: list[int] = []
    run_tasks(
        fake.square, list(range(5)), workers=2, on_done=lambda: ticks.append(1),
        on_progress=lambda *told: seen.append(told), warm_first=warm_first,
    )  # fmt: skip
    assert [one[:2] for one in seen] == [(done, 5) for done in range(1, 6)]
    assert len(ticks) == 5 and seen[-1][2] == 0 and all(one[2] >= 0 for one in seen)


def test_breaking_off_ends_the_processes() -> None:
    before = set(multiprocessing.active_children())
    began = time.monotonic()
    worlds = stream(fake.sleeps, [0, 1, 2], workers=2)
    assert next(worlds) == (0, 0)
    with pytest.raises(KeyboardInterrupt):
        worlds.throw(KeyboardInterrupt)
    assert time.monotonic() - began < 15
    assert set(multiprocessing.active_children()) <= before


def test_no_tasks_no_results() -> None:
    assert run_tasks(fake.square, [], workers=2) == []


def test_processes() -> None:
    assert n_processes(3) == 3 and n_processes("auto") >= 1


def test_choosing_worlds_from_a_probe() -> None:
    assert choose_worlds(5, 2) == (16, 2, False)
    assert choose_worlds(10, 2) == (12, 2, True)
    assert choose_worlds(60, 2) == (8, 2, True)
    assert choose_worlds(500, 1) == (8, 2, True)
    assert choose_worlds(0.0, 2) == (16, 2, False)
    assert choose_worlds(1, 2, draws=64, replicates=1) == (64, 1, False)
