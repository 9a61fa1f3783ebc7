"""Several processes compile together: each kernel once, and nobody waits for the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sim.engine import compiling

pytest.importorskip("fcntl")

TAKING = """
    import sys, time
    from pathlib import Path
    from sim.engine.compiling import lock
    with lock(Path(sys.argv[1]), waits=False) as is_mine:
        print(is_mine, flush=True)
        time.sleep(60)
"""


class Kernel:
    """What is asked of a kernel here; notes that it was compiled."""

    def __init__(self, name: str, seen: list[str]) -> None:
        self.__name__, self.seen = name, seen

    def compile(self, types: tuple[object, ...]) -> None:
        self.seen.append(f"{self.__name__}({', '.join(str(one) for one in types)})")


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return []


def taking(path: Path) -> subprocess.Popen[str]:
    """Another process that holds a kernel."""
    path.parent.mkdir(exist_ok=True)
    one = subprocess.Popen([sys.executable, "-c", textwrap.dedent(TAKING), str(path)],
                           stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert one.stdout is not None
    assert one.stdout.readline().strip() == "True"
    return one


def test_each_kernel_is_compiled_once_for_its_types(seen: list[str]) -> None:
    work = [(Kernel("part", seen), (1,)), (Kernel("whole", seen), (1, 2.0))]
    compiling.compile_together(work)
    compiling.compile_together(work)
    assert seen == ["part(int64)", "whole(int64, float64)"]


def test_another_is_left_to_whoever_is_at_it(seen: list[str], tmp_path: Path) -> None:
    other = taking(tmp_path / "compiling" / "part")
    try:
        folder, kernel = tmp_path / "compiling", Kernel("part", seen)
        compiling.compile_unless_taken(folder, kernel, (1,))
        assert seen == []
    finally:
        other.kill()
        other.wait()


def test_nobody_waits_for_the_dead(seen: list[str], tmp_path: Path) -> None:
    other = taking(tmp_path / "compiling" / "part")
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    compiling.compile_together([(Kernel("part", seen), (1,)), (Kernel("whole", seen), ())])
    assert seen == ["part(int64)", "whole()"]


def test_a_folder_that_takes_no_files_stops_nobody(
    seen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    compiling.compile_together([(Kernel("part", seen), ()), (Kernel("whole", seen), ())])
    assert seen == []
