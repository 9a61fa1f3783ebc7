"""The publics: where people live, which language they read, when their day begins.

A market is a country's public on the platform, or a public without a country's name. Its weight is
a relative number of platform users: what an audience of any chosen size is divided by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import UserError, nearest
from sim.paths import find_table
from sim.world.table_checks import (
    Problems,
    Table,
    TooManyProblemsError,
    choice_cell,
    name_cell,
    number_cell,
    read_table,
    refuse_repeats,
)

REGIONS = ("Europe", "Americas", "Asia", "Africa", "Middle East", "Eurasia", "Oceania")
REQUIRED = ("name", "region", "language", "utc_offset_h", "weight")
OPTIONAL = ("code", "weight_kind")
SHORT_FORMS = {"uk": "gb", "usa": "us", "uae": "ae"}
WEIGHT_KINDS = ("measured", "inferred")
COMMON_LANGUAGE = "English"  # always row 0 of Markets.languages


@dataclass(frozen=True, kw_only=True)
class Markets:
    """Columns, one row a market. Indices fit u1 (regions, languages) and u2 (markets)."""

    names: list[str]
    codes: list[str]  # ISO 3166 of a country; "" or a made-up code otherwise
    regions: NDArray[np.uint8]  # row of region_names
    region_names: list[str]
    languages: list[str]  # names; row 0 is the common language
    language_of: NDArray[np.uint8]  # row of languages
    utc_offsets: NDArray[np.float64]  # hours
    weights: NDArray[np.float64]  # relative number of platform users
    weight_kinds: list[str]  # measured | inferred
    home: int  # row of the ministry's own market
    file: str = ""

    def __len__(self) -> int:
        return len(self.names)

    def words(self) -> dict[str, int]:
        """Row of a market by each lower-case word for it: its name first, then its code, then a
        short form that people use and ISO 3166 does not."""
        codes = {code.lower(): row for row, code in enumerate(self.codes) if code}
        short = {word: codes[code] for word, code in SHORT_FORMS.items() if code in codes}
        return short | codes | {name.lower(): row for row, name in enumerate(self.names)}

    def row(self, name: str) -> int | None:
        """The row of a market by its name or code, whatever the case; None if there is none."""
        return self.words().get(name.lower())

    def only(self, rows: Sequence[int] | NDArray[np.integer]) -> Markets:
        """The same markets, but only these rows, in this order; the home market must be one."""
        kept = [int(row) for row in rows]
        return Markets(
            names=[self.names[row] for row in kept],
            codes=[self.codes[row] for row in kept],
            regions=self.regions[kept],
            region_names=self.region_names,
            languages=self.languages,
            language_of=self.language_of[kept],
            utc_offsets=self.utc_offsets[kept],
            weights=self.weights[kept],
            weight_kinds=[self.weight_kinds[row] for row in kept],
            home=kept.index(self.home),
            file=self.file,
        )


def load_markets(path: str | Path, home: str | None) -> Markets:
    """Read and check a table of markets; `home` names the ministry's own one (None: whatever
    stands first, for tables of which only the publics are read)."""
    file = find_table(path, "network.markets")
    table = read_table(file, REQUIRED, OPTIONAL, {"utc_offset": "utc_offset_h"})
    problems = Problems(str(file))
    try:
        markets = _markets(table, problems, str(file))
    except TooManyProblemsError:
        problems.tell()
        raise  # never reached: ten problems were told
    problems.tell()
    return markets if home is None else _at_home(markets, home)


def _markets(table: Table, problems: Problems, file: str) -> Markets:
    """The columns of a table of markets; their values are good only if no problem was found."""
    rows = table.rows
    names = [name_cell(row, "name", problems) for row in rows]
    refuse_repeats(zip((row.number for row in rows), names, strict=True), "name", problems)
    codes = [row.get("code") for row in rows]
    coded = [(row.number, code) for row, code in zip(rows, codes, strict=True) if code]
    refuse_repeats(coded, "code", problems)
    regions = [choice_cell(row, "region", REGIONS, problems) for row in rows]
    spoken = [name_cell(row, "language", problems) for row in rows]
    languages = [COMMON_LANGUAGE, *sorted(set(spoken) - {COMMON_LANGUAGE})]
    if len(languages) > 255:
        problems.add(None, "language", str(len(languages)), "at most 255 different languages")
    offsets = [number_cell(row, "utc_offset_h", -12, 14, problems) for row in rows]
    weights = [number_cell(row, "weight", 1e-6, 1e6, problems) for row in rows]
    for row, offset, weight in zip(rows, offsets, weights, strict=True):
        for column, value in (("utc_offset_h", offset), ("weight", weight)):
            if math.isnan(value) and not row.get(column):
                problems.add(row.number, column, "", "give a number")
    kinds = [choice_cell(row, "weight_kind", WEIGHT_KINDS, problems) if row.get("weight_kind")
             else "inferred" for row in rows]  # fmt: skip
    return Markets(
        names=names,
        codes=codes,
        regions=np.array([REGIONS.index(region) for region in regions], dtype=np.uint8),
        region_names=list(REGIONS),
        languages=languages,
        language_of=np.array([languages.index(one) % 256 for one in spoken], dtype=np.uint8),
        utc_offsets=np.array(offsets, dtype=np.float64),
        weights=np.array(weights, dtype=np.float64),
        weight_kinds=kinds,
        home=0,
        file=file,
    )


def _at_home(markets: Markets, home: str) -> Markets:
    """The same markets with the ministry's own one marked."""
    row = markets.row(home)
    if row is None:
        guess = nearest(home, markets.names)
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise UserError(
            f"network.home='{home}' is not a market of {markets.file}.{hint} "
            f"Name one of its {len(markets)} markets, for example {markets.names[0]}."
        )
    return replace(markets, home=row)
