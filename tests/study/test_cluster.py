"""Worlds on other machines: the same bytes, also when a worker is killed; clear refusals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.errors import UserError
from sim.settings import Dask
from sim.study.cluster import connected, stream, work_on
from sim.study.ensemble import DIED, Failure
from tests.study import workers

ROOT = Path(__file__).resolve().parents[2]
GRID = ["-m", "scenario=reactive,proactive", "audience=small", "days=7", "warmup_days=7"]
COMPARED = ("study.parquet", "summary.json", "summary.csv", "plan.json", "figures/points.svg")


ENVIRONMENT = {  # a batch comes back after two workers it killed, not four
    "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def begin(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *words], cwd=ROOT, env=os.environ | ENVIRONMENT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


@contextmanager
def cluster(n_workers: int, folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and so many workers, each a process of its own, on loopback."""
    pytest.importorskip("distributed")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = begin("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port),
                      "--no-dashboard")  # fmt: skip
    found = [
        begin("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--local-directory", str(folder / f"worker{one}"))
        for one in range(n_workers)
    ]  # fmt: skip
    try:
        yield address, found
    finally:
        for process in (*found, scheduler):
            process.kill()
            process.wait()


def dask(address: str, batch: int = 1) -> Dask:
    return Dask(kind="dask", address=address, batch=batch, retries=1)


def test_a_batch_is_refused_by_another_state_of_the_code() -> None:
    with pytest.raises(RuntimeError, match=r"numba .* \(wanted: 0.1\)"):
        work_on(abs, [(0, -1)], {"numba": "0.1"})
    assert work_on(abs, [(3, -1), (4, "x")], {})[0] == (3, 1)
    assert isinstance(work_on(abs, [(4, "x")], {})[0][1], Failure)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["executor=dask"], "executor.address=tcp://HOST:8786"),
        (["executor=dask", "executor.address=tcp://127.0.0.1:1"], "no scheduler answers there"),
        (["executor=dusk"], "'dusk'"),
        (["executor=local,dask"], "cannot vary"),
        (["executor=dask", "executor.batch=0"], "out of range"),
    ],
)
def test_refused(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("sim.study.cluster.PATIENCE", 1)
    assert main([*GRID, "worlds=8", f"results={tmp_path}", *words]) == 2
    err = capsys.readouterr().err
    assert told in err and "Traceback" not in err
    assert not list(tmp_path.glob("**/summary.json"))


def test_a_single_comparison_runs_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario=reactive", "executor=dask", "task=check"]) == 2
    assert "is for studies: add -m" in capsys.readouterr().err


@pytest.mark.slow
def test_worlds_that_kill_their_workers_fail_and_the_others_come_through(tmp_path: Path) -> None:
    """Batches of two; a world that kills whoever takes it costs no other one."""
    with cluster(5, tmp_path) as (address, _):
        found = dict(stream(workers.deadly, list(range(6)), dask(address, batch=2)))
    assert sorted(found) == list(range(6))
    assert isinstance(found[3], Failure) and found[3].message == DIED
    assert [found[one] for one in range(6) if one != 3] == [0, 1, 2, 4, 5]


@pytest.mark.slow
def test_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.cluster.FOR_WORKERS", 1)
    with cluster(0, tmp_path) as (address, _):
        time.sleep(2)
        with pytest.raises(UserError, match="has no workers yet"), connected(dask(address)):
            pass


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_a_study_on_two_workers_of_which_one_is_killed(tmp_path: Path) -> None:
    """Real worlds, a scheduler and two workers as processes, one of them killed half-way."""
    def records(place: str) -> dict[str, bytes]:
        runs = tmp_path / place / "studies" / "s" / "runs"
        return {one.relative_to(runs).as_posix(): one.read_bytes() for one in runs.glob("*/*.json")}

    words = [*GRID, "worlds=24", "study.name=s"]
    with cluster(2, tmp_path) as (address, processes):
        command = begin("sim", *words, f"results={tmp_path / 'cluster'}", "executor=dask",
                        f"executor.address={address}")  # fmt: skip
        while command.poll() is None and len(records("cluster")) < 12:
            time.sleep(0.02)
        os.kill(processes[0].pid, signal.SIGKILL)
        assert 12 <= len(records("cluster")) < 72
        assert command.wait(timeout=600) == 0
        assert processes[1].poll() is None
    assert main([*words, "workers=1", f"results={tmp_path / 'local'}"]) == 0
    assert records("cluster") == records("local") and len(records("local")) == 72
    for name in COMPARED:
        one, other = (tmp_path / place / "studies" / "s" / name for place in ("cluster", "local"))
        assert one.read_bytes() == other.read_bytes(), name


