"""Files that are whole or not there: a hidden temporary beside it, flushed to the disk, renamed.

    write -> flush -> fsync -> rename over the name -> fsync of the folder

A kill at any moment leaves the old file or the new one, at worst a hidden temporary beside it. What
the disk refuses (full, read-only, no permission) becomes a sentence with the next step.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import secrets
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from sim.errors import UserError

TEXT_FIRST = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would read these as a formula
OTHER = "Choose another folder with results=..."
REMEDIES = {
    errno.EEXIST: f"a file of that name is in the way. {OTHER}",
    errno.ENOTDIR: f"a file stands where a folder should be. {OTHER}",
    errno.ENOENT: f"no folder can be made there. {OTHER}",
    errno.ENOSPC: "the disk is full. Free some space",
    errno.EDQUOT: "your disk quota is used up. Free some space",
    errno.EROFS: f"the disk is read-only. {OTHER}",
    errno.EACCES: f"writing there is not permitted. {OTHER}",
    errno.EPERM: f"writing there is not permitted. {OTHER}",
}


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the system says about a file into what a user can do about it."""
    try:
        yield
    except OSError as error:
        remedy = REMEDIES.get(error.errno or 0, f"{error.strerror or error}. Check the folder")
        place = path if len(path.parts) <= 4 else Path("...", *path.parts[-3:])
        raise UserError(
            f"'{place}' cannot be written: {remedy}, then run again. Earlier results are intact."
        ) from error


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put off Ctrl-C and polite requests to end until what is being written is whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []
    before = {
        one: signal.signal(one, lambda number, _: seen.append(number))
        for one in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, signal.SIG_DFL if handler is None else handler)
        for number in seen[:1]:
            signal.raise_signal(number)


def temporary_for(path: Path) -> Path:
    """A hidden name beside the file, on the same disk."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")


def settle(temporary: Path, path: Path) -> None:
    """Give a finished and flushed temporary its name, durably."""
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut, where the system can."""
    if os.name == "nt":
        return  # folders cannot be opened there; its renames are journalled
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what killed processes were in the middle of; for the one who holds the folder."""
    for one in folder.rglob(".*.tmp"):
        discard(one)


@contextlib.contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which gets its name when all of it is on the disk; else nothing."""
    with told(path):
        temporary = temporary_for(path)
        try:
            with open(temporary, "xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            settle(temporary, path)
        except BaseException:
            discard(temporary)
            raise


def write_bytes(path: Path, content: bytes) -> None:
    """The whole file or nothing."""
    with written(path) as file:
        file.write(content)


def write_text(path: Path, text: str) -> None:
    """UTF-8 with line ends as given."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Strict JSON: a NaN or inf raises before anything is written."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_yaml(path: Path, content: Any) -> None:
    """Plain YAML without tags or aliases."""
    import yaml

    plain = json.loads(json.dumps(content, allow_nan=False, default=str))
    write_text(path, yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Comma-separated; None is an empty cell, text that looks like a formula is marked as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([cell(one) for one in header])
    writer.writerows([cell(one) for one in row] for row in rows)
    write_text(path, text.getvalue())


def cell(value: Any) -> Any:
    """A cell that no spreadsheet executes: numbers stay numbers, a leading sign makes text text."""
    if isinstance(value, str) and value.lstrip(" ").startswith(TEXT_FIRST):
        return "'" + value
    return "" if value is None else value


def read_json(path: Path) -> Any:
    """Strict JSON: NaN and Infinity are refused."""
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_constant=_refuse)


def _refuse(constant: str) -> Any:
    raise ValueError(f"'{constant}' is no number: the file is not strict JSON")
