"""What leagues of ministries have published: conf/network/leagues.csv, one row a ministry.

Every figure in it is published, and carries its source; what our documents do not give is empty and
never filled. Ministries are named by their home market, so that the table serves any of them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from sim.paths import conf_dir

FILE = "network/leagues.csv"


@dataclass(frozen=True, kw_only=True)
class Published:
    """One place in a published league; None where our documents do not give it."""

    league: str
    year: int
    ministry: str  # its home market
    rank: int | None
    of: int
    at_most: int | None  # "in the top ten", where the place itself is not given
    readers: int | None
    source: str

    @property
    def place(self) -> str:
        """14th of 146; in the top 10 of 146; unplaced in our documents."""
        if self.rank is not None:
            return f"{ordinal(self.rank)} of {self.of}"
        if self.at_most is not None:
            return f"in the top {self.at_most} of {self.of}"
        return f"among {self.of}"


def ordinal(number: int) -> str:
    """1st, 2nd, 14th."""
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def published(path: Path | None = None) -> list[Published]:
    """All rows of the table."""
    file = path or conf_dir() / FILE
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Published(
                league=row["league"], year=int(row["year"]), ministry=row["ministry"],
                rank=_whole(row["rank"]), of=int(row["of"]), at_most=_whole(row["at_most"]),
                readers=_whole(row["readers"]), source=row["source"],
            )
            for row in csv.DictReader(lines)
        ]  # fmt: skip


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


def places_of(home: str) -> list[Published]:
    """What is published of the ministry whose home market has this name."""
    return [one for one in published() if one.ministry.lower() == home.lower()]


def published_sentences(home: str) -> tuple[str, ...]:
    """The same in words; none for a ministry that no published league names."""
    return tuple(
        f"Published: the {one.league} of {one.year} placed this ministry {one.place}"
        + (f", with {one.readers:,} readers" if one.readers else "")
        + f" ({one.source}). Its readers are neither followers nor people reached in this model."
        for one in places_of(home)
    )
