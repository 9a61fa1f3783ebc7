"""Where compiled kernels are kept: in a folder named by the source they were compiled from.

numba notices a change in a kernel's own file only, and the laws are other files: with one folder
per state of the source, a stale kernel is never found. Called before numba is imported; a folder
that the user names in NUMBA_CACHE_DIR is left alone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from sim.paths import cache_dir

PACKAGE = Path(__file__).resolve().parent
SOURCES = ("streams.py", "law.py", "state.py", "vocabulary.py", "mechanisms", "engine", "world")
MARK = "DEMARCHE_KERNELS"  # the folder set by this process or the one that started it


def source_hash() -> str:
    """A name for the source of all that is compiled."""
    digest = hashlib.blake2b(digest_size=8)
    for name in SOURCES:
        place = PACKAGE / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def use_cache(worker: str = "") -> Path | None:
    """Set NUMBA_CACHE_DIR; `worker` keeps processes that compile at the same time apart."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named and named != os.environ.get(MARK):
        return Path(named)
    folder = cache_dir() / "kernels" / "-".join(filter(None, (source_hash(), worker)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:  # a read-only home: compiled anew in every session, which is slow but right
        folder = Path(named or tempfile.mkdtemp(prefix="demarche-kernels-"))
    os.environ["NUMBA_CACHE_DIR"] = os.environ[MARK] = str(folder)
    return folder
