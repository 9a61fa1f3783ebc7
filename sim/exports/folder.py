"""A folder of exports: every file recognised, nothing counted twice, accounts told apart.

    folder/ORGANISATION/*.csv   exports of the account ORGANISATION: the folder's name is its name
    folder/*.csv                the account is named by a link or a column of the file, else by the
                                name of the file
    folder/accounts.csv         a table of accounts, as network.table reads it (any name will do)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import UserError, counted
from sim.exports.cells import Clock
from sim.exports.read import Line, Read, day_of, read_file
from sim.exports.sheets import SUFFIXES

MOST_FILES = 2_000
MAX_TOLD = 10


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What a folder held. posts and days are sorted by platform, account and time."""

    folder: Path
    files: tuple[Read, ...]
    posts: tuple[Line, ...]
    days: tuple[Line, ...]
    accounts_file: Path | None
    not_read: tuple[str, ...]

    @property
    def platforms(self) -> list[str]:
        """Platforms with posts, the one with most of them first; Twitter before all others."""
        names = [one.platform for one in self.posts]
        return sorted(set(names), key=lambda one: (one != "twitter", -names.count(one), one))


def collect(
    folder: Path, clock: Clock, *, keep_text: bool, trust_ids: bool, platform: str = "all"
) -> Collected:
    """Read everything in a folder, or refuse it naming file, row and column."""
    if not folder.is_dir():
        raise UserError(f"from='{folder}' is no folder: name the one that holds the exports.")
    paths = list(files_in(folder))
    sheets = [path for path in paths if path.suffix.lower() in SUFFIXES]
    if not sheets:
        raise UserError(f"'{folder}' holds no {' or '.join(SUFFIXES)} file: put the exports there.")
    if len(sheets) > MOST_FILES:
        raise UserError(f"'{folder}' holds {len(sheets):,} files; at most {MOST_FILES:,}.")
    files = [
        read_file(path, "" if path.parent == folder else path.parent.name, clock,
                  keep_text=keep_text, trust_ids=trust_ids)
        for path in sheets
    ]  # fmt: skip
    lines = [(one.export.rows, line) for one in files for line in one.lines
             if platform in ("all", line.platform)]  # fmt: skip
    posts = in_order(line for rows, line in lines if rows == "post")
    days = in_order(named_days([line for rows, line in lines if rows == "day"], posts, files))
    if not posts:
        raise UserError(f"'{folder}' holds no posts{of(platform)}: add a content export.")
    refuse_repeats(((one.platform, one.post) for one in posts), posts, "identifier")
    refuse_repeats(((one.platform, one.account, str(one.moment)) for one in days), days, "day")
    accounts = [one.file for one in files if one.export.rows == "account"]
    if len(accounts) > 1:
        raise UserError(f"{accounts[0]} and {accounts[1]} are both tables of accounts: keep one.")
    return Collected(
        folder=folder, files=tuple(files), posts=tuple(posts), days=tuple(days),
        accounts_file=accounts[0] if accounts else None,
        not_read=tuple(str(path) for path in paths if path not in sheets),
    )  # fmt: skip


def of(platform: str) -> str:
    return "" if platform == "all" else f" of {platform} (import.platform)"


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder and of the folders in it, hidden ones left out."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        if path.is_dir():
            yield from (one for one in sorted(path.iterdir())
                        if one.is_file() and not one.name.startswith((".", "~$")))  # fmt: skip
        else:
            yield path


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By platform, account, time and name, so that the order of files changes nothing."""
    return sorted(lines, key=lambda one: (one.platform, one.account, when(one), one.post))


def when(line: Line) -> str:
    """A time that sorts as text."""
    if isinstance(line.moment, dt.datetime):
        return line.moment.isoformat(" ", "seconds")
    return line.moment.isoformat() if line.moment else ""


def named_days(days: Sequence[Line], posts: Sequence[Line], files: Sequence[Read]) -> list[Line]:
    """Overviews do not say whose they are: the only account of the platform's, else refused."""
    named = {str(one.file) for one in files if one.file.stem in {d.account for d in days}}
    found = []
    for day in days:
        accounts = sorted({one.account for one in posts if one.platform == day.platform})
        if day.file not in named or day.account in accounts:
            found.append(day)
        elif len(accounts) == 1:
            found.append(replace(day, account=accounts[0]))
        else:
            raise UserError(
                f"{day.file} does not say whose overview it is, and the folder has posts of "
                f"{counted(len(accounts), 'account')}: put the files of each account into a folder "
                "named after it."
            )
    return found


def refuse_repeats(keys: Iterable[Sequence[str]], lines: Sequence[Line], what: str) -> None:
    """Nothing is counted twice: overlapping exports are refused, both places named."""
    first: dict[Sequence[str], Line] = {}
    told = []
    for key, line in zip(keys, lines, strict=True):
        if key in first:
            told.append(f"  {line.file}, row {line.row}, {what} {key[-1]!r}: already in "
                        f"{first[key].file}, row {first[key].row}")  # fmt: skip
        first.setdefault(key, line)
    if told:
        raise UserError(
            f"{counted(len(told), 'row')} would be counted twice: periods overlap; keep the newer "
            "of two exports.\n" + "\n".join(told[:MAX_TOLD])
        )


def span_days(lines: Sequence[Line]) -> float:
    """From the first day to the last, both counted whole."""
    days = [day_of(one.moment) for one in lines if one.moment]
    return float((max(days) - min(days)).days + 1) if days else 0.0
