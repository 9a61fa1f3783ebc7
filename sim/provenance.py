"""Provenance: where a result came from, enough to make it again and nothing about who made it.

No host name, no user name, no path: results travel.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

MODEL = "demarche"
ROOT = Path(__file__).resolve().parents[1]
DECISIVE = ("sim", "conf", "pyproject.toml")  # what a result may depend on
LIBRARIES = ("numpy", "numba", "mesa", "scipy", "pyarrow", "pydantic", "hydra-core", "matplotlib")


def provenance(
    config: Mapping[str, Any], *, seed: int, started: str, finished: str | None = None
) -> dict[str, Any]:
    """The record of one job. `config` is the fully resolved configuration, plain values only."""
    return {
        "model": MODEL,
        "version": version_of(MODEL),
        "commit": commit(),
        "dirty": dirty(),
        "python": platform.python_version(),
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "seed": seed,
        "config_hash": config_hash(config),
        "machine": machine(),
        "started": started,
        "finished": finished,
    }


# What decides no run:
JUDGING = ("door", "report", "study", "exports", "app", "__main__.py", "__init__.py")


def code_hash() -> str:
    """A name for the source of everything that decides a run."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if name.parts[0] not in JUDGING:
            digest.update(name.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def config_hash(config: Mapping[str, Any]) -> str:
    """sha256 of the canonical JSON: the same for the same values in any order of keys."""
    return hashlib.sha256(canonical(config).encode()).hexdigest()


def canonical(config: Mapping[str, Any]) -> str:
    """Sorted keys, no spaces, dates as ISO text; NaN, inf and objects are refused."""
    return json.dumps(
        config, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False,
        default=_plain,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a configuration holds plain values, not {type(value).__name__}")


def version_of(name: str) -> str | None:
    """The installed version of a distribution, None where it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def machine() -> dict[str, Any]:
    """What may matter for speed or the last bit."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": os.cpu_count() or 1,
        "byte_order": sys.byteorder,
        "vector_instructions": vector_instructions(),
    }


def vector_instructions() -> list[str]:
    """Those of which numpy has routines of its own and uses them here: its exp and log differ in
    their last bit with and without AVX2 or AVX-512 (docs/assurance.md). Empty where it tells no
    more which they are."""
    try:
        inside = import_module("numpy._core._multiarray_umath")
        return sorted(name for name in inside.__cpu_dispatch__ if inside.__cpu_features__[name])
    except (ImportError, AttributeError, KeyError):
        return []


def commit(folder: Path | None = None) -> str | None:
    """The commit of the checkout that holds the package, read from its files; None without one."""
    git = (folder or ROOT) / ".git"
    try:
        if git.is_file():  # a worktree or submodule: the file names the real folder
            git = (git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()).resolve()
        common = git
        if (git / "commondir").is_file():
            common = (git / (git / "commondir").read_text("utf-8").strip()).resolve()
        head = (git / "HEAD").read_text("utf-8").strip()
        if not head.startswith("ref:"):
            return _hex(head)
        return _commit_of(head.removeprefix("ref:").strip(), git, common)
    except (OSError, UnicodeDecodeError, ValueError):
        return None


def dirty(folder: Path | None = None) -> bool | None:
    """Whether code or configuration differs from the commit, new files included; None where that
    cannot be told: outside a checkout, or without git."""
    root = folder or ROOT
    if not (root / ".git").exists():
        return None
    inherited = {key: text for key, text in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain", "--untracked-files=all", "--",
             *DECISIVE],
            capture_output=True, text=True, timeout=30, check=False,
            env=inherited | {"GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return bool(done.stdout.strip()) if done.returncode == 0 else None


def _commit_of(reference: str, git: Path, common: Path) -> str | None:
    for folder in (git, common):
        if (folder / reference).is_file():
            return _hex((folder / reference).read_text("utf-8").strip())
    packed = common / "packed-refs"
    lines = packed.read_text("utf-8").splitlines() if packed.is_file() else []
    return next((_hex(one.split()[0]) for one in lines if one.endswith(f" {reference}")), None)


def _hex(text: str) -> str | None:
    """A commit's name, or None for anything else that may stand in such a file."""
    sound = len(text) in (40, 64) and all(sign in "0123456789abcdef" for sign in text)
    return text if sound else None


def utc_now() -> str:
    """The time in UTC to the second: 2026-07-26T10:11:12Z."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
