"""Cells as spreadsheets and exports write them: counts, identifiers, times. A column is read whole.

    count   1,234  1.234  1 234  1203.0  1203,0   the decimal mark is the one that some cell of the
            column puts before other than three digits; without any, marks part thousands
    time    2022-12-31 16:00:13 +0000   Tue, Jul 14, 2026   31.12.2022   12/31/2022 08:31   44926.67
            day or month first: what the column itself rules out, else what the user says
    id      a spreadsheet keeps 15 digits: 1.23457E+18, or zeros at the end of longer numbers

One genuine identifier in a thousand ends in 000 too. A column is refused when so many zeros would
come by chance less than once in 200 files (binomial tail).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scipy.stats import binom

from sim.world.table_checks import Problems

UNKNOWN = ("", "-", "\u2013", "\u2014", "n/a", "N/A")
SPACES = re.compile(r"(?<=\d)[ '\u2019\u00a0\u2009\u202f](?=\d{3}(\D|$))")
GROUPED = re.compile(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*")
LAST_MARK = re.compile(r"[,.](\d*)$")
SCIENTIFIC = re.compile(r"[-+]?\d([.,]\d+)?[eE][-+]?\d+")
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d.*)?")
NUMERIC = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})"
    r"(?:,? +(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
WORDED = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?:([A-Za-z]{3,9})\.? (\d{1,2})|(\d{1,2}) ([A-Za-z]{3,9})\.?),? (\d{4})"
    r"(?:,? (?:at )?(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
SERIAL = re.compile(r"(\d{5})([.,]\d+)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EXCEL_ZERO = dt.datetime(1899, 12, 30)
FIRST_YEAR = 2004  # before it none of these platforms took posts
EXACT = 2**53  # beyond it a spreadsheet's numbers lose digits
P_ZEROS = 1e-3  # of a genuine identifier ending in 000
BY_CHANCE = 0.005

Cell = tuple[int, str]  # (row as a spreadsheet counts it, text)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How times without a zone are read, and the moment after which nothing can have been posted"""

    zone: ZoneInfo
    now: dt.datetime
    day_first: bool | None = None  # None: the column must tell


def read_counts(cells: Sequence[Cell], column: str, problems: Problems) -> list[int | None]:
    """Whole numbers from 0; None where the export does not know."""
    mark = decimal_mark([text for _, text in cells])
    return [read_count(row, text, column, mark, problems) for row, text in cells]


def decimal_mark(texts: Sequence[str]) -> str:
    """The mark that must be a decimal one, '' where every mark may part thousands."""
    for text in texts:
        found = LAST_MARK.search(text.strip())
        if not found:
            continue
        mark = found.group(0)[0]
        alone = text.count(mark) == 1
        other = "." if mark == "," else ","
        if alone and (len(found.group(1)) != 3 or other in text or len(text.split(mark)[0]) > 3):
            return mark
    return ""


def read_count(row: int, text: str, column: str, mark: str, problems: Problems) -> int | None:
    """One count."""
    plain = text.strip()
    if plain in UNKNOWN:
        return None
    plain = SPACES.sub("", plain)
    whole, _, rest = plain.rpartition(mark) if mark and mark in plain else (plain, "", "")
    if not rest.strip("0"):  # 1203.0 is a whole number
        if GROUPED.fullmatch(whole):
            whole = whole.replace(",", "").replace(".", "")
        if re.fullmatch(r"[0-9]{1,15}", whole):
            return int(whole)
    problems.add(row, column, text, "a count is a whole number from 0, written out in digits")
    return None


def read_ids(cells: Sequence[Cell], column: str, problems: Problems, trust: bool) -> list[str]:
    """Identifiers as text; refused where a spreadsheet has rounded them."""
    found = []
    for row, text in cells:
        plain = re.sub(r"(?<=\d)\.0$", "", text.strip().lstrip("'").strip('"'))
        if SCIENTIFIC.fullmatch(plain):
            problems.add(row, column, text, ROUNDED)
        elif not plain:
            problems.add(row, column, text, "every post needs its identifier")
        found.append(plain)
    if not trust:
        refuse_zeros([(row, one) for (row, _), one in zip(cells, found, strict=True)], column,
                     problems)  # fmt: skip
    return found


ROUNDED = (
    "a spreadsheet has rounded this identifier, and its last digits are lost: export the file "
    "again and do not save it from a spreadsheet"
)


def refuse_zeros(cells: Sequence[Cell], column: str, problems: Problems) -> None:
    """Long identifiers that end in 000 more often than chance allows."""
    long = [(row, one) for row, one in cells if one.isascii() and one.isdigit()
            and int(one) > EXACT]  # fmt: skip
    zeros = [(row, one) for row, one in long if one.endswith("000")]
    if zeros and binom.sf(len(zeros) - 1, len(long), P_ZEROS) < BY_CHANCE:
        row, one = zeros[0]
        problems.add(row, column, one, f"{ROUNDED} ({len(zeros)} of {len(long)} end in 000; if "
                     "they are genuine: import.trust_ids=true)")  # fmt: skip


Moment = dt.datetime | dt.date


def read_times(cells: Sequence[Cell], column: str, clock: Clock, problems: Problems
               ) -> list[Moment | None]:  # fmt: skip
    """Moments in UTC, or days where the export has no time of day."""
    order = day_order(cells, column, clock, problems)
    return [read_time(row, text, column, clock, order, problems) for row, text in cells]


def day_order(cells: Sequence[Cell], column: str, clock: Clock, problems: Problems) -> bool:
    """Whether 3/4/2022 is the third of April: what the column rules out decides, else the user."""
    both = [(row, text, found) for row, text in cells
            if (found := NUMERIC.fullmatch(text.strip()))]  # fmt: skip
    firsts = any(int(found.group(1)) > 12 for _, _, found in both)
    seconds = any(int(found.group(3)) > 12 for _, _, found in both)
    dots = any(found.group(2) == "." for _, _, found in both)
    if both and clock.day_first is None and not (firsts or seconds or dots):
        row, text, _ = both[0]
        problems.add(row, column, text, "day or month first? No row of this column tells: set "
                     "import.day_first=day or month")  # fmt: skip
    if firsts or seconds:
        return firsts
    return dots if clock.day_first is None else clock.day_first


def read_time(row: int, text: str, column: str, clock: Clock, day_first: bool, problems: Problems
              ) -> Moment | None:  # fmt: skip
    """One time."""
    try:
        moment = parsed(text.strip(), day_first)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        problems.add(row, column, text, "a time such as 2022-12-31 16:00:13, Jul 14, 2026 or "
                     "12/31/2022 08:31")  # fmt: skip
        return None
    if isinstance(moment, dt.datetime):
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=clock.zone)
        moment = zoned.astimezone(dt.UTC)
        is_future = moment > clock.now
    else:
        is_future = moment > (clock.now + dt.timedelta(hours=14)).date()
    if is_future or moment.year < FIRST_YEAR:
        problems.add(row, column, text, f"no post was made then: from {FIRST_YEAR} to today "
                     f"({clock.now.date().isoformat()})")  # fmt: skip
        return None
    return moment


def parsed(text: str, day_first: bool) -> Moment | None:
    """A moment without judgement on whether it can be."""
    if ISO.fullmatch(text):
        plain = re.sub(r" +(?=[-+]\d)", "", text)
        is_day = len(plain) == 10
        return (dt.date if is_day else dt.datetime).fromisoformat(plain)
    if found := NUMERIC.fullmatch(text):
        one, _, two, year, *clock = found.groups()
        day, month = (one, two) if day_first else (two, one)
        return _moment(int(year), int(month), int(day), clock)
    if found := WORDED.fullmatch(text):
        name, day, day2, name2, year, *clock = found.groups()
        month = MONTHS.index((name or name2)[:3].lower()) + 1
        return _moment(int(year), month, int(day or day2), clock)
    if found := SERIAL.fullmatch(text):
        days = float(text.replace(",", "."))
        moment = EXCEL_ZERO + dt.timedelta(seconds=round(86400 * days))
        return moment if found.group(2) else moment.date()
    return None


def _moment(year: int, month: int, day: int, clock: Sequence[str | None]) -> Moment:
    hour, minute, second, half = clock
    if hour is None:
        return dt.date(year, month, day)
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError("no such hour")
        number = number % 12 + (12 if half in "Pp" else 0)
    return dt.datetime(year, month, day, number, int(minute or 0), int(second or 0))
