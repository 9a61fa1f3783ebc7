"""A user's calendar: known dates as events, checked row by row.

A csv with the columns date (2016-07-08), topic, markets (names or codes divided by ";", the name of
a region, or "world"), severity (0 or more), foreseeable (yes or no) and lead_days. Two columns may
be added: valence (-1 bad ... +1 good news for the ministry, 0 when missing) and hour (local time of
the market, noon when missing). One calendar serves many runs: events outside a run, warm-up
included, are left out and counted; a calendar of which nothing falls inside is refused.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim import streams
from sim.errors import ISO_DATE, UserError, counted, nearest
from sim.state import EVENT
from sim.vocabulary import SCOPES, TOPICS

if TYPE_CHECKING:
    from sim.world.markets import Markets

REQUIRED = ("date", "topic", "markets", "severity", "foreseeable", "lead_days")
OPTIONAL = ("valence", "hour")
WORDS = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}
MAX_ROWS = 10_000
SHOWN = 8
Row = Mapping[str, str]


def hour_of(day: date, start: date, warmup_days: int) -> float:
    """Hours from the start of the warm-up to midnight UTC of a date; `start` is measured day 0."""
    return 24.0 * ((day - start).days + warmup_days)


class Calendar(NamedTuple):
    """What a calendar gives to one run."""

    events: np.ndarray  # EVENT rows inside the run; keys name date, topic and market, not the world
    n_outside: int  # events of the calendar that the run never meets

    def note(self) -> str:
        """What was left out, as a sentence; empty where nothing was."""
        if not self.n_outside:
            return ""
        n = len(self.events) + self.n_outside
        verb = "lies" if self.n_outside == 1 else "lie"
        return f"{self.n_outside:,} of {counted(n, 'calendar event')} {verb} outside the run."


def read_calendar(
    path: Path, markets: Markets, start: date, warmup_days: int, days: int
) -> Calendar:
    """Read and check a calendar, row by row; see the file's opening for what is left out."""
    rows = _rows(path)
    problems: list[str] = []
    found: list[np.ndarray] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for number, row in enumerate(rows, start=2):
        try:
            found.append(_events(row, markets, start, warmup_days, seen))
        except UserError as error:
            problems.append(f"  line {number}: {error}")
    if problems:
        more = f"\n  and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise UserError(
            f"calendar: {len(problems)} of {counted(len(rows), 'row')} of {path.name} cannot be "
            "used:\n"
            + "\n".join(problems[:SHOWN]) + more
        )  # fmt: skip
    events = np.concatenate([np.zeros(0, EVENT), *found])
    end = hour_of(start, start, warmup_days) + 24.0 * days
    inside = (events["hour"] >= 0.0) & (events["hour"] < end)
    if len(events) and not inside.any():
        first, last = start - timedelta(days=warmup_days), start + timedelta(days=days - 1)
        raise UserError(
            f"calendar: nothing of {path.name} ({counted(len(events), 'event')}) lies in the run, "
            f"which lasts from {first.isoformat()}, its warm-up included, to {last.isoformat()} "
            "(UTC). Move the run with start= and days=, or set calendar=null."
        )
    return Calendar(events[inside], int((~inside).sum()))


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise UserError(f"calendar: no file '{path}'. Give the path of a csv, or calendar=null.")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            names = [str(name).strip() for name in reader.fieldnames or []]
            reader.fieldnames = names
            rows = list(reader)
    except UnicodeDecodeError:
        raise UserError(
            f"calendar: '{path.name}' is not UTF-8 text. Save it as 'CSV UTF-8' and try again."
        ) from None
    except OSError as error:
        raise UserError(f"calendar: '{path.name}' cannot be read: {error.strerror}.") from None
    except csv.Error as error:
        raise UserError(f"calendar: '{path.name}' is not a readable csv ({error}).") from None
    missing = [name for name in REQUIRED if name not in names]
    extra = [name for name in names if name not in REQUIRED + OPTIONAL]
    if missing or extra:
        wrong = [f"lacks {', '.join(missing)}"] if missing else []
        wrong += [f"has unknown {', '.join(extra)}"] if extra else []
        raise UserError(
            f"calendar: '{path.name}' {' and '.join(wrong)}. Columns: {', '.join(REQUIRED)}; "
            f"optional: {', '.join(OPTIONAL)}."
        )
    if len(rows) > MAX_ROWS:
        raise UserError(f"calendar: {len(rows)} rows; at most {MAX_ROWS} are read. Shorten it.")
    return rows


def _events(
    row: Row, markets: Markets, start: date, warmup_days: int, seen: Counter[tuple[str, ...]]
) -> np.ndarray:
    if None in row:
        raise UserError("more cells than columns; put quotes around a cell that holds a comma.")
    day, topic = _date(row["date"]), _topic(row["topic"])
    places = _places(row["markets"], markets)
    local = _number(row, "hour", 0.0, 24.0, 12.0)
    lead = _number(row, "lead_days", 0.0, 3650.0, 0.0)
    foreseeable = WORDS.get(row["foreseeable"].strip().lower())
    if foreseeable is None:
        raise UserError(f"foreseeable is '{row['foreseeable']}'; write yes or no.")
    events = np.zeros(len(places), EVENT)
    for i, (scope, market) in enumerate(places):
        name = (day.isoformat(), TOPICS[topic], SCOPES[scope], markets.names[market])
        offset = float(markets.utc_offsets[market])
        events["hour"][i] = hour_of(day, start, warmup_days) + local - offset
        events["key"][i] = streams.name_hash("calendar", *name, seen[name])
        seen[name] += 1
        events["scope"][i], events["market"][i] = scope, market
    events["topic"], events["foreseeable"] = topic, foreseeable
    events["hour_known"] = events["hour"] - (24.0 * lead if foreseeable else 0.0)
    events["severity"] = _number(row, "severity", 0.0, 1000.0, None)
    events["valence"] = _number(row, "valence", -1.0, 1.0, 0.0)
    return events


def _date(text: str) -> date:
    try:
        if ISO_DATE.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise UserError(f"date is '{text}'; write it as 2016-07-08.")


def _topic(text: str) -> int:
    word = text.strip().lower()
    if word not in TOPICS:
        raise UserError(f"topic '{text}' is not one of {', '.join(TOPICS)}.{_hint(word, TOPICS)}")
    return TOPICS.index(word)


def _places(text: str, markets: Markets) -> list[tuple[int, int]]:
    """(scope, market row) for each place named; a region is named after its first market."""
    names = [name.strip() for name in text.split(";") if name.strip()]
    if not names:
        raise UserError("markets is empty; name one or several, a region, or world.")
    return [_place(name, markets) for name in names]


def _place(name: str, markets: Markets) -> tuple[int, int]:
    word = name.lower()
    if word == "world":
        return 2, int(markets.home)
    row = markets.row(word)
    if row is not None:
        return 0, row
    regions = [one.lower() for one in markets.region_names]
    if word in regions:
        inside = np.flatnonzero(markets.regions == regions.index(word))
        if len(inside):
            return 1, int(inside[0])
    known_names = [*markets.names, *markets.region_names, "world"]
    raise UserError(f"market '{name}' is not in the network's markets.{_hint(name, known_names)}")


def _number(row: Row, column: str, low: float, high: float, default: float | None) -> float:
    text = (row.get(column) or "").strip()
    if not text and default is not None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise UserError(f"{column} is '{text}'; write a number from {low:g} to {high:g}.")
    return value


def _hint(word: str, known: tuple[str, ...] | list[str]) -> str:
    guess = nearest(word, known)
    return f" Did you mean '{guess}'?" if guess else ""
