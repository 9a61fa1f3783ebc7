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
from typing import Any, cast

import numba
import pytest
from numba import njit
from numba.extending import register_jitable

from sim.engine import compiled, compiling
from sim.engine.kernel import inner, kernel, part
from sim.law import law
from sim.model import DiplomacyModel
from tests.scenarios import scenario

pytest.importorskip("fcntl")

TAKING = """
    import sys, time
    from types import SimpleNamespace
    from sim.engine.compiling import lock
    with lock(SimpleNamespace(__name__=sys.argv[1]), waits=False) as is_mine:
        print(is_mine, flush=True)
        time.sleep(60)
"""


class Kernel:
    """What is asked of a kernel here; notes that it was compiled."""

    def __init__(self, name: str, seen: list[str]) -> None:
        self.__name__, self.seen = name, seen
        self.overloads: dict[tuple[object, ...], object] = {}

    def py_func(self) -> None:
        """Its text."""

    def compile(self, types: tuple[object, ...]) -> None:
        self.seen.append(f"{self.__name__}({', '.join(str(one) for one in types)})")


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return []


def taking(name: str) -> subprocess.Popen[str]:
    """Another process that holds a kernel."""
    folder = compiling.common_folder()
    assert folder is not None
    folder.mkdir(exist_ok=True)
    one = subprocess.Popen([sys.executable, "-c", textwrap.dedent(TAKING), name],
                           stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert one.stdout is not None
    assert one.stdout.readline().strip() == "True"
    return one


def test_each_kernel_is_compiled_once_for_its_types(seen: list[str]) -> None:
    one, other = Kernel("one", seen), Kernel("other", seen)
    work = [(one, (1,)), (other, (1, 2.0))]
    assert not compiling.is_compiled(one)
    assert compiling.compile_together(work) and compiling.compile_together(work)
    assert seen == ["one(int64)", "other(int64, float64)"]
    assert compiling.is_compiled(one) and compiling.is_compiled(other)


def test_another_is_left_to_whoever_is_at_it(seen: list[str]) -> None:
    other, kernel = taking("part"), Kernel("part", seen)
    try:
        assert not compiling.compile_unless_taken(kernel, (1,))
        assert seen == []
    finally:
        other.kill()
        other.wait()
    assert compiling.compile_unless_taken(kernel, (1,)) and seen == ["part(int64)"]


def test_nobody_waits_for_the_dead(seen: list[str]) -> None:
    other = taking("part")
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert compiling.compile_together([(Kernel("part", seen), (1,)), (Kernel("last", seen), ())])
    assert seen == ["part(int64)", "last()"]


def test_a_folder_that_takes_no_files_stops_nobody(
    seen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    one, other = Kernel("one", seen), Kernel("other", seen)
    assert not compiling.compile_together([(one, ()), (other, ())])
    assert compiling.compile_unless_taken(one, ()), "its call has to compile it"
    assert seen == [] and not compiling.is_compiled(one)


def test_without_a_cache_each_call_compiles(
    seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Kernel("one", seen)
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert not compiling.compile_together([(one, ())]) and not compiling.is_compiled(one)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "anywhere")
    monkeypatch.setattr(compiling, "fcntl", None)
    assert not compiling.compile_together([(one, ())]) and not compiling.is_compiled(one)
    assert seen == []


@pytest.fixture
def engine() -> compiled.CompiledEngine:
    return cast("compiled.CompiledEngine", DiplomacyModel(scenario()).engine)


@pytest.fixture
def loop(
    engine: compiled.CompiledEngine, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> Kernel:
    """The loop over hours and what it calls, on a machine that has compiled none of it. A world is
    made before: it has kernels of its own, and numba notices another folder."""
    for name in ("look_at_hour", "broadcast_hour", "change_ties", "advance"):
        monkeypatch.setattr(compiled, name, Kernel(name, seen))
    return cast("Kernel", compiled.advance)


def test_the_first_hours_do_not_wait_for_the_loop(
    engine: compiled.CompiledEngine, loop: Kernel, seen: list[str]
) -> None:
    assert engine.loop() == loop.py_func
    first = [name for name, *_ in (one.partition("(") for one in seen)]
    assert first == ["look_at_hour", "broadcast_hour", "change_ties"]
    assert engine.loop() is loop and len(seen) == 4 and seen[-1].startswith("advance(")
    loop.overloads[()] = None
    assert engine.loop() is loop and len(seen) == 4


def test_hours_go_by_while_another_process_is_at_the_loop(
    engine: compiled.CompiledEngine, loop: Kernel, seen: list[str]
) -> None:
    other = taking("advance")
    try:
        assert [engine.loop() for _ in range(3)] == [loop.py_func] * 3
        assert not any(one.startswith("advance(") for one in seen)
    finally:
        other.kill()
        other.wait()
    assert engine.loop() is loop


def test_a_loop_that_is_compiled_is_called_at_once(
    engine: compiled.CompiledEngine, loop: Kernel, seen: list[str]
) -> None:
    compiling.compile_together([(loop, (1,))])
    assert engine.loop() is loop and seen == ["advance(int64)"]


def test_without_a_cache_the_loop_compiles_itself(
    engine: compiled.CompiledEngine, loop: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert engine.loop() is loop


TWICE = """
    from numba import njit

    @njit(cache=True)
    def twice(number):
        return 2 * number
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel's file, with a cache of its own. Another test's folder is forgotten first: numba
    reads its variables anew with the next compilation after they have changed."""
    numba.config.reload_config()
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
