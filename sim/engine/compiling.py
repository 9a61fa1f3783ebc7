"""Processes that meet an empty cache at the same time divide the kernels among themselves.

Each takes the next kernel that nobody is at, compiles it into the common cache and says that it is
done; then it waits for the others, and finds their kernels in the cache. One of them compiles the
loop that calls them all (compiled.py), while the others go on without it.

A kernel is taken by locking a file, which ends with the process: whoever is killed keeps nobody
waiting. Where there are no such locks (Windows) every process compiles for itself.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Work = Sequence[tuple[Any, tuple[Any, ...]]]  # kernels and the arguments they will be called with


def compile_together(work: Work) -> bool:
    """Have every kernel of `work` in the cache; False where that is not to be had, so that each
    call compiles for itself."""
    folder = common_folder()
    if folder is None or not all(hasattr(kernel, "compile") for kernel, _ in work):
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kernel, arguments in work:
            compile_unless_taken(kernel, arguments)
        for kernel, arguments in work:  # whoever was at one has done with it, or died
            compile_after_others(kernel, arguments)
    except OSError:  # a full disk, no locks in this folder
        return False
    return True


def common_folder() -> Path | None:
    """Where processes tell each other what they are at and have done; None if nothing is kept, or
    files cannot be locked."""
    place = os.environ.get("NUMBA_CACHE_DIR")
    return None if fcntl is None or not place else Path(place) / "compiling"


def is_compiled(kernel: Any) -> bool:
    """Whether some process has put this kernel into the cache."""
    folder = common_folder()
    return folder is not None and (folder / f"{kernel.__name__}.done").exists()


def load(kernel: Any) -> bool:
    """Load a kernel from the cache before there is a world to call it with; False where it is not
    there. A third of a second that the first day of a world need not wait."""
    try:
        kept, key = kernel._cache._cache_file._load_index(), kernel._cache._index_key
        codegen = kernel.targetctx.codegen()
    except AttributeError:  # nothing compiled, or a numba that keeps its cache in another way
        return False
    here = [types for types, *rest in kept if (types, *rest) == key(types, codegen)]
    for types in here:
        kernel.compile(types)
    return bool(here)


def compile_unless_taken(kernel: Any, arguments: tuple[Any, ...]) -> bool:
    """Compile a kernel if nobody is at it; False while another process is."""
    try:
        with lock(kernel, waits=False) as is_mine:
            if is_mine:
                compile_once(kernel, arguments)
    except OSError:  # a full disk: the call compiles for itself
        return True
    return is_compiled(kernel)


def compile_after_others(kernel: Any, arguments: tuple[Any, ...]) -> None:
    """Compile a kernel unless it is done once nobody is at it any more."""
    with lock(kernel, waits=True):
        compile_once(kernel, arguments)


def compile_once(kernel: Any, arguments: tuple[Any, ...]) -> None:
    """Compile a kernel for the types of these arguments into the cache, the first time."""
    folder = common_folder()
    if folder is not None and not is_compiled(kernel):
        with without_collector():
            kernel.compile(tuple(numba.typeof(one) for one in arguments))
        (folder / f"{kernel.__name__}.done").touch()


@contextmanager
def without_collector() -> Iterator[None]:
    """No search for cycles of dead objects: a compiler's many live ones are looked through again
    and again, a tenth of the time (measured), for a hundred megabytes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def lock(kernel: Any, *, waits: bool) -> Iterator[bool]:
    """Hold the file of a kernel in the common folder; False if another process holds it and this
    one does not wait."""
    folder = common_folder()
    assert folder is not None
    with (folder / kernel.__name__).open("w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
