"""A copy of the source in which faults are planted, one at a time, and commands that look at it.

Copies of files keep their times, so that kernels compiled for the unchanged copy are found again.
Where a fault is in what is compiled into kernels (streams, laws, the compiled engine) these are
compiled anew into a folder of that fault alone; so is the cache of populations where people or
their graph could be others. All other faults share one cache of kernels.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from verification.faults.fault import Fault

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("sim", "conf", "verification", "tests", "pyproject.toml", "CHANGELOG.md")
COMPILED = ("sim/streams.py", "sim/state.py", "sim/mechanisms/", "sim/engine/")
PEOPLE = (*COMPILED, "sim/world/")  # what populations are drawn by
SECONDS = 900


class Place:
    """folder/copy: the source; folder/shared and folder/alone: caches of kernels and people."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.copy = folder.resolve(), folder.resolve() / "copy"

    def refresh(self) -> None:
        """Make the copy what the source is now; what is equal keeps its time."""
        wanted = {path.relative_to(ROOT) for path in sources()}
        for path in [one for one in self.copy.rglob("*") if one.is_file()]:
            if path.relative_to(self.copy) not in wanted and path.suffix != ".pyc":
                path.unlink()
        for name in wanted:
            if not same(ROOT / name, self.copy / name):
                (self.copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.copy / name)

    def digest(self, name: str) -> str:
        """A name for what a file of tests, or a check, is run on: model, settings, and itself."""
        looks = sorted((self.copy / "verification").glob("*.py"))
        if name.startswith("tests/"):
            looks = [self.copy / name.partition("::")[0]]
        found = hashlib.blake2b(digest_size=8)
        for path in [*sorted((self.copy / "sim").rglob("*.py")),
                     *sorted((self.copy / "conf").rglob("*.yaml")), *looks]:  # fmt: skip
            if path.is_file():
                found.update(path.read_bytes())
        return found.hexdigest()

    @contextmanager
    def planted(self, one: Fault) -> Iterator[dict[str, str]]:
        """The copy with a fault; gives the environment in which commands see it."""
        path, alone = self.copy / one.file, self.folder / "alone"
        shutil.rmtree(alone, ignore_errors=True)
        path.write_text(one.planted(path.read_text(encoding="utf-8")), encoding="utf-8")
        try:
            yield self.environment(
                kernels=alone if one.file.startswith(COMPILED) else None,
                people=alone if one.file.startswith(PEOPLE) else None,
            )
        finally:
            shutil.copy2(ROOT / one.file, path)
            shutil.rmtree(alone, ignore_errors=True)

    def environment(
        self, kernels: Path | None = None, people: Path | None = None
    ) -> dict[str, str]:
        """Nothing of it is the user's own cache, and no bytecode of a fault is kept."""
        shared = self.folder / "shared"
        own = {
            "PYTHONPATH": str(self.copy), "PYTHONDONTWRITEBYTECODE": "1",
            "NUMBA_CACHE_DIR": str((kernels or shared) / "numba"),
            "DEMARCHE_CACHE": str((people or shared) / "cache"),
        }  # fmt: skip
        dropped = ("DEMARCHE_KERNELS", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")
        return {name: one for name, one in os.environ.items() if name not in dropped} | own

    def run(self, words: list[str], environment: dict[str, str]) -> int | None:
        """The exit code of a command in the copy; None when it came to no end."""
        try:
            return subprocess.run(
                [sys.executable, "-W", "ignore", *words], cwd=self.copy, timeout=SECONDS,
                env=environment, capture_output=True, check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            return None


def sources() -> Iterator[Path]:
    """Every file that is copied."""
    for name in COPIED:
        for path in [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                yield path


def same(one: Path, other: Path) -> bool:
    """Whether both hold the same bytes and time."""
    return (
        other.is_file()
        and int(one.stat().st_mtime) == int(other.stat().st_mtime)
        and one.read_bytes() == other.read_bytes()
    )


def closed_forms(names: Iterable[str]) -> list[str]:
    """The command of some checks."""
    only = [word for name in names for word in ("--only", name)]
    return ["-m", "verification", "--engine", "reference", *only]


def tests_in(files: Iterable[str]) -> list[str]:
    """The command of the fast tests of some files."""
    return ["-m", "pytest", "-q", "-n", "0", "-x", "-m", "not slow", "-p", "no:cacheprovider",
            *files]  # fmt: skip
