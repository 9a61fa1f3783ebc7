"""The folder of a study, in which no finished run is ever lost.

    results/studies/<name>/plan.json                    what decides the runs
    results/studies/<name>/runs/d0003-r01/w000-p007.json   one file a run, whole or not there

A run is on the disk, flushed and under its name, before the next one of its world begins. The same
command again finds what is there and does the rest; a failed run keeps its seed and message and is
tried again. Whatever reads the records reads them in the order of the plan, so that an interrupted
study ends with the bytes of an uninterrupted one. One process at a time works on a folder: the lock
is the system's, and falls with its holder.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.settings import NAME
from sim.study.files import read_json, sweep, told, write_json
from sim.study.plan import Plan, RunKey, differing, named

STUDIES = "studies"
LOOSE = ("code", "commit", "library.")  # what study.changed=accept lets pass


def check_name(name: str) -> None:
    """Refuse what cannot name a folder."""
    if not NAME.fullmatch(name):
        raise UserError(f"'study.name={name[:80]}' is no name: use 1 to 64 of a-z, 0-9, _ and -.")


def study_folder(root: Path, name: str, kind: str = STUDIES) -> Path:
    """The folder of a study, made if it is not there, never outside the results folder."""
    check_name(name)
    root = Path(root).expanduser()
    with told(root / kind / name):
        root.mkdir(parents=True, exist_ok=True)
        folder = root.resolve(strict=True) / kind / name
        if folder.resolve() != folder:
            raise UserError(
                f"'{kind}/{name}' is a link to another place: remove it, or choose another "
                "study.name=..."
            )
        (folder / "runs").mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the study's folder; a second process is refused."""
    with told(folder / ".lock"):
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _lock(handle)
        except OSError:
            raise UserError(
                f"The study '{folder.name}' is being worked on by another process. Wait for it, "
                "or give this one a name of its own with study.name=..."
            ) from None
        sweep(folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        lock: Any = getattr(msvcrt, "locking")  # noqa: B009 (mypy knows it on Windows only)
        lock(handle, getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def open_plan(folder: Path, plan: Plan, changed: str, grows: bool = False) -> list[str]:
    """Write plan.json, or check that it is the same study; returns what was accepted as changed.

    grows: points are added as the study goes on, so that a part of it is the same study too.

    changed: refuse | accept (another state of the code) | anew (set the old study aside).
    """
    path = folder / "plan.json"
    if not path.is_file():
        write_json(path, plan.as_dict())
        return []
    before = read_json(path)["decisive"]
    now = plan.as_dict()["decisive"]
    common = before.keys() & now.keys() if grows else before.keys() | now.keys()
    keys = differing({key: one for key, one in before.items() if key in common},
                     {key: one for key, one in now.items() if key in common})  # fmt: skip
    if not keys:
        if now.keys() > before.keys():
            write_json(path, plan.as_dict())
        return []
    loose = all(one.startswith(LOOSE) for one in keys)
    if changed == "accept" and loose:
        write_json(path, plan.as_dict())
        return keys
    if changed == "anew":
        set_aside(folder)
        write_json(path, plan.as_dict())
        return []
    accept = (
        " study.changed=accept keeps the finished runs and says so in the summary," if loose else ""
    )
    raise UserError(
        f"The study '{plan.name}' was begun with something else: {named(keys)}. Give this one a "
        f"name of its own with study.name=...;{accept} study.changed=anew sets the old one aside "
        "and starts again."
    )


def set_aside(folder: Path) -> Path:
    """Move everything but the lock to a sibling, <name>-old1 and so on; nothing is deleted."""
    number = 1
    while (aside := folder.with_name(f"{folder.name[:56]}-old{number}")).exists():
        number += 1
    with told(aside):
        aside.mkdir()
        for one in sorted(folder.iterdir()):
            if one.name != ".lock":
                os.replace(one, aside / one.name)
        (folder / "runs").mkdir()
    return aside


def place(folder: Path, key: RunKey) -> Path:
    """The file of a run."""
    return folder / "runs" / f"d{key.draw:04d}-r{key.replicate:02d}" / f"{key.world}-{key.arm}.json"


def keep(folder: Path, key: RunKey, values: Mapping[str, float], checks: Mapping[str, float]
         ) -> None:  # fmt: skip
    """Write a finished run."""
    _write(place(folder, key), {
        "values": {name: _plain(one) for name, one in sorted(values.items())},
        "checks": {name: _plain(one) for name, one in sorted(checks.items())},
    })  # fmt: skip


def keep_failure(folder: Path, key: RunKey, seed: int, message: str, detail: str = "") -> None:
    """Write a run that did not come through."""
    _write(place(folder, key), {"failed": message, "seed": seed, "detail": detail})


def _write(path: Path, content: Mapping[str, Any]) -> None:
    with told(path):
        path.parent.mkdir(exist_ok=True)
    write_json(path, content)


def _plain(value: float) -> float | str:
    """Exact in strict JSON, which has no word for what is not finite."""
    number = float(value)
    return number if math.isfinite(number) else str(number)


def recall(folder: Path, key: RunKey) -> dict[str, Any] | None:
    """A run's record, its values as numbers; None where there is none that can be read."""
    path = place(folder, key)
    try:
        record: dict[str, Any] = read_json(path)
    except (OSError, ValueError):
        return None
    if "failed" not in record:
        record["values"] = {name: float(one) for name, one in record["values"].items()}
    return record


def is_done(folder: Path, key: RunKey) -> bool:
    """Whether a run has come through."""
    record = recall(folder, key)
    return record is not None and "failed" not in record
