"""Several processes compile together: each kernel once, and nobody waits for the dead."""

from __future__ import annotations

import gc
import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numba
import pytest
from numba import njit
from numba.extending import register_jitable

from sim.engine import compiling
from sim.engine.kernel import inner, kernel, part
from sim.law import law

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


TWICE = """
    from numba import njit

    @njit(cache=True)
    def twice(number):
        return 2 * number
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel's file, with a cache of its own."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "twice.py"
    path.write_text(textwrap.dedent(TWICE), encoding="utf-8")
    return path


def afresh(source: Path) -> Any:
    """The kernel as another process would find it."""
    spec = importlib.util.spec_from_file_location("twice", source)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


def test_a_kernel_is_loaded_without_compiling_it_again(source: Path) -> None:
    first = afresh(source)
    assert not compiling.load(first) and first.signatures == [], "there is nothing yet"
    assert (first(3), first(0.5)) == (6, 1.0)
    second = afresh(source)
    assert compiling.load(second) and set(second.signatures) == set(first.signatures)
    assert sum(second.stats.cache_hits.values()) == 2
    assert sum(second.stats.cache_misses.values()) == 0
    assert second(3) == 6 and len(second.signatures) == 2


def test_what_was_compiled_from_another_state_of_the_source_is_not_loaded(source: Path) -> None:
    afresh(source)(3)
    source.write_text(textwrap.dedent(TWICE) + "# longer", encoding="utf-8")
    second = afresh(source)
    assert not compiling.load(second) and second.signatures == []


def test_what_another_numba_compiled_is_not_loaded(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    afresh(source)(3)
    monkeypatch.setattr(numba, "__version__", "another")
    second = afresh(source)
    assert not compiling.load(second) and second.signatures == []


def test_what_another_processor_would_run_is_not_loaded(source: Path) -> None:
    afresh(source)(3)
    second = afresh(source)
    second._cache._index_key = lambda types, codegen: (types, "another", "code")
    assert not compiling.load(second) and second.signatures == []


@pytest.mark.parametrize("one", [Kernel("plain", []), len, njit(lambda number: number)])
def test_what_is_not_kept_is_not_loaded(one: Any) -> None:
    assert not compiling.load(one)


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_as_before_also_after_an_error(was_on: bool) -> None:
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        with compiling.without_collector():
            assert not gc.isenabled()
        assert gc.isenabled() == was_on
        with pytest.raises(ZeroDivisionError), compiling.without_collector():
            raise ZeroDivisionError
        assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()


def entries(mark: Any) -> list[str]:
    """Entries, from Python and from C, in the machine code of what a kernel calls."""

    @mark
    def triple(number: float) -> float:
        return 3.0 * number

    @njit
    def calls(number: float) -> float:
        return triple(number) + triple(number + 1.0)

    assert calls(2.0) == 15.0
    (compiled,) = calls.overloads.values()
    found = []
    for library in compiled.library._linking_libraries:
        lines = library.get_llvm_str().splitlines()
        found += [name for name in ("cfunc.", "cpython.")
                  if any(line.startswith("define") and name in line for line in lines)]  # fmt: skip
    return sorted(set(found))


@pytest.mark.parametrize("mark", [part, inner, law])
def test_what_only_kernels_call_has_no_entries(mark: Any) -> None:
    assert entries(mark) == []
    assert entries(register_jitable) == ["cfunc."], "numba gives one if it is not told"


def test_a_kernel_has_no_entry_from_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    one = kernel(lambda number: number + 1)
    one.compile((numba.float64,))
    (text,) = one.inspect_llvm().values()
    assert "@_ZN7cpython" in text and "@cfunc." not in text
    other = njit(lambda number: number + 1)
    other.compile((numba.float64,))
    assert "@cfunc." in next(iter(other.inspect_llvm().values()))
