"""Workers forked from a process that has their libraries do as those that begin afresh."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

from sim.study import early
from sim.study.ensemble import stream
from tests.study import workers as fake
from tests.study.test_ensemble import reaches, run_tasks, worlds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there")

LIBRARY = "sim.study.points"  # stands for what takes long to import


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    yield
    assert early.context().get_start_method() == "spawn"


def server() -> int | None:
    """The process that workers are forked from."""
    found: int | None = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return found


def test_results_are_those_of_workers_that_begin_afresh() -> None:
    afresh = worlds(fake.fake_world, 3, 2, 2)
    with early.at_hand(LIBRARY):
        assert early.context().get_start_method() == "forkserver"
        forked = worlds(fake.fake_world, 3, 2, 2)
    assert reaches(forked) == reaches(afresh)


def test_workers_have_the_library_the_variables_and_no_ctrl_c(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEMARCHE_TOLD", "so")
    with early.at_hand(LIBRARY):
        pid = server()
        told = run_tasks(fake.surroundings, ["DEMARCHE_TOLD"] * 3, 2)
        assert told == [(pid, "so", True)] * 3
        assert run_tasks(fake.knows, [LIBRARY] * 3, 2) == [True] * 3
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.SIGINT not in held, "the parent hears it"
    assert run_tasks(fake.knows, [LIBRARY] * 3, 2) == [False] * 3


def test_the_process_ends_at_the_end_also_after_an_error() -> None:
    with pytest.raises(KeyboardInterrupt), early.at_hand(LIBRARY):
        pid = server()
        assert pid is not None
        os.kill(pid, 0)
        raise KeyboardInterrupt
    assert server() is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_dying_worker_costs_only_its_own_task(tmp_path: Path) -> None:
    with early.at_hand(LIBRARY):
        tasks = [(number, str(tmp_path / "mark")) for number in range(5)]
        assert run_tasks(fake.dies_once, tasks, workers=2) == [0, 1, 4, 9, 16]
        assert run_tasks(fake.deadly, list(range(5)), workers=2)[4] == 4


def test_the_worlds_go_on_where_the_process_that_they_were_forked_from_is_killed() -> None:
    with early.at_hand(LIBRARY):
        told = stream(fake.square, list(range(12)), workers=2)
        assert next(told) == (0, 0)
        pid = server()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert [result for _, result in told] == [n * n for n in range(1, 12)]


def test_breaking_off_ends_the_workers() -> None:
    before = set(multiprocessing.active_children())
    with early.at_hand(LIBRARY):
        told = stream(fake.sleeps, [0, 1, 2], workers=2)
        assert next(told) == (0, 0)
        with pytest.raises(KeyboardInterrupt):
            told.throw(KeyboardInterrupt)
        assert set(multiprocessing.active_children()) <= before


def test_without_a_place_for_its_socket_workers_begin_afresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(forkserver, "ensure_running", full)
    with early.at_hand(LIBRARY):
        assert early.context().get_start_method() == "spawn"
        assert run_tasks(fake.square, [1, 2, 3], 2) == [1, 4, 9]


def test_one_core_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    with early.at_hand(LIBRARY):
        assert server() is None and early.context().get_start_method() == "spawn"


@pytest.mark.parametrize("is_command", [True, False])
def test_a_file_of_the_users_is_no_library(
    is_command: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the working folder it is found by `python -m sim`, as Python has it, not by `demarche`."""
    (tmp_path / "planted_here.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(early.SAFE, raising=False)
    first = "/usr/bin" if is_command else str(tmp_path)
    monkeypatch.setattr(sys, "path", [first, *sys.path])
    with early.at_hand("planted_here"):
        assert early.SAFE not in os.environ
        assert run_tasks(fake.knows, ["planted_here"] * 3, 2) == [not is_command] * 3
