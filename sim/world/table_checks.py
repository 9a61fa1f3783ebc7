"""Reading a table that somebody typed: row by row, naming file, row, column, value and remedy.

Comma, semicolon and tab tables in UTF-8 are read (with or without a byte order mark, any line
ends). Nothing is guessed: a cell is text until its column says what it must be, so that a name that
starts with = + - or @ is only a name. Up to ten problems are collected, then all are told at once.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import UserError, nearest

MAX_BYTES = 20_000_000
MAX_ROWS = 20_000
MAX_NAME = 200
MAX_PROBLEMS = 10
UNSEEN = ("Cc", "Cs", "Co", "Zl", "Zp")  # kinds of signs that cannot be printed on one line
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # make the rest read backwards
MAX_SHOWN = 60  # characters of a cell that a message repeats
DELIMITERS = (",", ";", "\t")
WHOLE = re.compile(r"[0-9]{1,15}")
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


class TooManyProblemsError(Exception):
    """Raised inside the checks when the tenth problem is found."""


@dataclass
class Problems:
    """What is wrong with one file."""

    file: str
    found: list[str] = field(default_factory=list)

    def add(self, row: int | None, column: str, value: str, allowed: str) -> None:
        """Note one problem; stops the reading at the tenth."""
        place = f"row {row}" if row else "header"
        shown = value if len(value) <= MAX_SHOWN else value[: MAX_SHOWN - 3] + "..."
        said = f"{place}, column '{column}': {shown!r}; {allowed}"
        self.found.append(said)
        if len(self.found) >= MAX_PROBLEMS:
            raise TooManyProblemsError

    def tell(self) -> None:
        """Raise everything found as one error for the user."""
        if not self.found:
            return
        n = len(self.found)
        many = f"the first {n} problems" if n >= MAX_PROBLEMS else f"{n} problem{'s'[: n > 1]}"
        lines = "\n".join(f"  {said}" for said in self.found)
        raise UserError(f"{self.file}: {many} (row 1 is the header):\n{lines}")


@dataclass(frozen=True)
class Row:
    """One row of a table: its number as a spreadsheet counts it, and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell, '' where the table has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A table as read: text only."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str], aliases: Mapping[str, str],
    *, max_rows: int | None = None,
) -> Table:  # fmt: skip
    """Read a table and check its shape: known columns, required ones present, whole rows."""
    text = decoded(path)
    problems = Problems(str(path))
    found = list(records(path, text))
    if not found:
        raise UserError(
            f"{path} is empty: give it a header ({', '.join(required)}) and one row an account."
        )
    try:
        header = found[0][1]
        columns = _columns(header, required, optional, aliases, problems)
        rows = list(_rows(found[1:], columns, problems))
    except TooManyProblemsError:
        rows = []
    problems.tell()
    if not rows:
        raise UserError(f"{path} has a header and no rows: add at least one.")
    most = MAX_ROWS if max_rows is None else max_rows
    if len(rows) > most:
        raise UserError(f"{path} has {len(rows):,} rows; at most {most:,} are allowed.")
    return Table(columns=tuple(columns), rows=tuple(rows))


def decoded(path: Path) -> str:
    """The text of a file, or why it is not text."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UserError(
                f"{path} has {size / 1e6:,.0f} MB; a table may have at most "
                f"{MAX_BYTES / 1e6:,.0f} MB. Keep one row an account."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    advice = "Save it as 'CSV UTF-8' and try again."
    if raw[:4] == b"PK\x03\x04":
        raise UserError(f"{path} is a workbook, not a CSV table. {advice}")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UserError(f"{path} is encoded as UTF-16. {advice}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}, line {line}: not UTF-8 text. {advice}") from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UserError(f"{path}, line {line}: holds a NUL byte, so it is not text. {advice}")
    return text


def records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not blank."""
    lines = io.StringIO(text, newline="")
    head = next((line for line in re.split(r"[\r\n]+", text) if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)  # the first of them where none occurs
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UserError(
                f"{path}, row {number}: {error}. Look for a quotation mark that is not closed, "
                "or double the quotation marks inside a quoted cell."
            ) from error
        cells = [unicodedata.normalize("NFC", cell).strip() for cell in cells]
        if any(cells):
            yield number, cells


def _columns(
    header: Sequence[str],
    required: Sequence[str],
    optional: Sequence[str],
    aliases: Mapping[str, str],
    problems: Problems,
) -> list[str]:
    """The header's columns by their standard names; complains of what does not belong."""
    known = [*required, *optional]
    columns = [aliases.get(name.lower(), name.lower()) for name in header]
    for name, column in zip(header, columns, strict=True):
        if column not in known:
            problems.add(None, name, name, f"no such column{_hint(column, known)}")
        elif columns.count(column) > 1:
            problems.add(None, name, name, "this column is there twice: keep one")
    for column in required:
        if column not in columns:
            problems.add(None, column, "", "this column is missing; the others are optional: "
                         + ", ".join(optional))  # fmt: skip
    return columns


def _hint(word: str, known: Sequence[str]) -> str:
    guess = nearest(word, known)
    near = f"; did you mean '{guess}'?" if guess else "."
    return f"{near} Allowed: {', '.join(known)}"


def _rows(
    records: Iterable[tuple[int, list[str]]], columns: Sequence[str], problems: Problems
) -> Iterator[Row]:
    for number, cells in records:
        if len(cells) > len(columns) and not any(cells[len(columns) :]):
            cells = cells[: len(columns)]  # spreadsheets add empty cells at the end
        if len(cells) != len(columns):
            problems.add(number, columns[0], cells[0],
                         f"this row has {len(cells)} cells, the header {len(columns)}: "
                         "quote a cell that holds the separator")  # fmt: skip
            continue
        yield Row(number=number, cells=dict(zip(columns, cells, strict=True)))


# Cells. Each returns the value, or notes the problem and returns a stand-in that is never used:
# a table with a problem is refused as a whole.


def name_cell(row: Row, column: str, problems: Problems) -> str:
    """A name: any text that can be printed on one line."""
    text = row.get(column)
    if not text:
        problems.add(row.number, column, text, "give a name")
    elif len(text) > MAX_NAME:
        problems.add(row.number, column, text, f"at most {MAX_NAME} characters")
    elif any(unicodedata.category(sign) in UNSEEN or sign in TURNING for sign in text):
        problems.add(row.number, column, text, "no line breaks or control characters in a name")
    return text


def choice_cell(row: Row, column: str, allowed: Sequence[str], problems: Problems) -> str:
    """One of the given words, whatever its case."""
    return choose(row, column, row.get(column), allowed, problems)


def choose(row: Row, column: str, text: str, allowed: Sequence[str], problems: Problems,
           file: str = "") -> str:  # fmt: skip
    """The allowed word that `text` spells, or a problem that names the nearest one and, where there
    are too many to list, the file that has them."""
    by_lower = {word.lower(): word for word in allowed}
    if text.lower() in by_lower:
        return by_lower[text.lower()]
    guess = nearest(text.lower(), by_lower)
    near = f"did you mean '{by_lower[guess]}'? " if guess else ""
    shown = ", ".join(list(allowed)[:12])
    if len(allowed) > 12:
        shown += f", ... (all in {file})" if file else ", ..."
    problems.add(row.number, column, text, f"{near}allowed: {shown}")
    return allowed[0]


def count_cell(row: Row, column: str, highest: int, problems: Problems) -> int:
    """A whole number from 0."""
    text = row.get(column)
    if WHOLE.fullmatch(text) and int(text) <= highest:
        return int(text)
    plain = re.sub(r"(?<=[0-9])[ ,.'\u00a0\u2009\u202f](?=[0-9]{3}(\D|$))", "", text)
    better = f" (write {plain})" if plain != text and WHOLE.fullmatch(plain) else ""
    problems.add(row.number, column, text, f"a whole number from 0 to {highest:,}, digits only"
                 + better)  # fmt: skip
    return 0


def number_cell(row: Row, column: str, low: float, high: float, problems: Problems) -> float:
    """A number between two limits; NaN where the cell is empty."""
    text = row.get(column)
    if not text:
        return math.nan
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        comma = " (with a point: " + text.replace(",", ".") + ")" if text.count(",") == 1 else ""
        problems.add(row.number, column, text, f"a number from {low:g} to {high:g}{comma}")
        return math.nan
    return value


def date_cell(row: Row, column: str, problems: Problems) -> str:
    """A year, a month or a day: 2016, 2016-12 or 2016-12-31."""
    text = row.get(column)
    if not DATE.fullmatch(text):
        problems.add(row.number, column, text, "a year, month or day: 2016, 2016-12, 2016-12-31")
    return text


def refuse_repeats(
    named: Iterable[tuple[int, str]], column: str, problems: Problems, what: str = ""
) -> None:
    """Note every name that was there before, with the row where it stood first."""
    first: dict[str, int] = {}
    for number, name in named:
        if name in first:
            problems.add(number, column, name, f"already in row {first[name]}{what}")
        else:
            first[name] = number
