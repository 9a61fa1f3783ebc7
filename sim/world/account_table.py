"""One row of a table of accounts: which columns there are and what may stand in them.

A row is one account of one owner. `followers` counts those on the first platform that the row
names; an owner with figures on two platforms has two rows. Only name, market, platform, followers
and as_of are required: an empty cell elsewhere means "not known", and is drawn (sim.world.impute)
or left to the rule of the world (dormant_share, joined_years), never read as zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.vocabulary import HOURS_PER_WEEK, KINDS, TONES
from sim.world.markets import Markets
from sim.world.table_checks import (
    Problems,
    Row,
    TooManyProblemsError,
    choice_cell,
    choose,
    count_cell,
    date_cell,
    name_cell,
    number_cell,
    read_table,
    refuse_repeats,
)

PLATFORMS = (
    "twitter", "facebook", "instagram", "telegram", "youtube", "vk", "weibo", "wechat", "periscope",
    "linkedin", "tiktok", "threads", "bluesky", "mastodon", "generic",
)  # fmt: skip
NO_PLATFORM = "none"
FICTITIOUS = "fictitious"  # of an example network: nobody's account
LABELS = ("measured", "inferred", "rank measured, value inferred", FICTITIOUS)
TONE_COLUMNS = tuple(f"tone_{tone}" for tone in TONES)
SHARE_COLUMNS = ("image_share", "video_share", "local_language_share")
# column: (lowest, highest)
NUMBERS: dict[str, tuple[float, float]] = {
    "dormant_share": (0.0, 1.0),
    "posts_per_day": (0.0, 500.0),
    "hours_per_week": (0.0, 100.0 * HOURS_PER_WEEK),
    **dict.fromkeys(TONE_COLUMNS, (0.0, 1.0)),
    **dict.fromkeys(SHARE_COLUMNS, (0.0, 1.0)),
    "joined_years": (0.0, 30.0),
}
REQUIRED = ("name", "market", "platform", "followers", "as_of")
OPTIONAL = ("kind", "owner", "language", *NUMBERS, "source", "measured")
ALIASES = {"platforms": "platform"}
COLUMNS = (
    "name", "kind", "market", "language", "platforms", "followers", "as_of", "dormant_share",
    "posts_per_day", "hours_per_week", *TONE_COLUMNS, *SHARE_COLUMNS, "joined_years", "source",
    "measured",
)  # fmt: skip
MAX_FOLLOWERS = 1_000_000_000
TONE_SUM_SLACK = 0.02  # shares written with two decimals need not sum to 1 exactly


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """One checked row. NaN, None and "" mean that the table does not say."""

    number: int
    name: str
    kind: str
    market: int
    language: str
    platforms: tuple[str, ...]
    n_followers: int | None
    as_of: str
    label: str
    source: str
    owner: str = ""
    numbers: dict[str, float] = field(default_factory=dict)

    def get(self, column: str) -> float:
        """A number of the row, NaN where it is not known."""
        return self.numbers[column]


def read_accounts(file: Path, markets: Markets) -> list[AccountRow]:
    """All rows of a table of accounts, checked one by one."""
    table = read_table(file, REQUIRED, OPTIONAL, ALIASES)
    problems = Problems(str(file))
    names_of_markets = markets.words()
    rows: list[AccountRow] = []
    try:
        for row in table.rows:
            rows.append(_account(row, markets, names_of_markets, problems))
        refuse_repeats(
            (
                (row.number, f"{row.name} ({platform})")
                for row in rows
                for platform in row.platforms
            ),
            "name",
            problems,
            ": an account has one row per platform; rename it or drop the row",
        )
    except TooManyProblemsError:
        pass
    problems.tell()
    return rows


def _account(
    row: Row, markets: Markets, market_rows: dict[str, int], problems: Problems
) -> AccountRow:
    """One row of the table, each cell checked."""
    platforms = _platforms(row, problems)
    numbers = {
        column: number_cell(row, column, low, high, problems)
        for column, (low, high) in NUMBERS.items()
    }
    _check_tones(row, numbers, problems)
    kind = choice_cell(row, "kind", KINDS, problems) if row.get("kind") else ""
    label = choice_cell(row, "measured", LABELS, problems) if row.get("measured") else ""
    language = row.get("language")
    if language:
        language = choose(row, "language", language, markets.languages, problems)
    return AccountRow(
        number=row.number,
        name=name_cell(row, "name", problems),
        kind=kind,
        market=_market(row, markets, market_rows, problems),
        language=language,
        platforms=platforms,
        n_followers=_followers(row, platforms, problems),
        owner=row.get("owner"),
        as_of=date_cell(row, "as_of", problems),
        label=label,
        source=row.get("source"),
        numbers=numbers,
    )


def _market(row: Row, markets: Markets, market_rows: dict[str, int], problems: Problems) -> int:
    """The row of the market named by a cell, by name or code."""
    text = row.get("market")
    found = market_rows.get(text.lower())
    if found is None:
        choose(row, "market", text, markets.names, problems, Path(markets.file).name)
        return 0
    return found


def _platforms(row: Row, problems: Problems) -> tuple[str, ...]:
    """Platforms of a cell such as 'twitter;vk' or 'twitter|vk'; 'none' for no account at all."""
    text = row.get("platform")
    words = [word.strip() for word in re.split(r"[;|]", text)]
    if text.lower() == NO_PLATFORM:
        return ()
    if not text or not all(words):
        problems.add(row.number, "platform", text, "name a platform, several parted by ; or |, "
                     f"or {NO_PLATFORM}")  # fmt: skip
        return ()
    allowed = (*PLATFORMS, NO_PLATFORM)
    platforms = tuple(choose(row, "platform", word, allowed, problems) for word in words)
    if NO_PLATFORM in platforms or len(set(platforms)) < len(platforms):
        problems.add(row.number, "platform", text, "each platform once; 'none' stands alone")
    return platforms


def _followers(row: Row, platforms: Sequence[str], problems: Problems) -> int | None:
    """Followers on the first platform named; may be empty only where none could be counted."""
    text = row.get("followers")
    if text:
        count = count_cell(row, "followers", MAX_FOLLOWERS, problems)
        if count and not platforms:
            problems.add(row.number, "followers", text, "leave it empty where platform is none")
        return count
    if platforms and platforms[0] == "twitter":
        problems.add(row.number, "followers", "", "a whole number from 0; where there is no "
                     f"account, write platform {NO_PLATFORM}")  # fmt: skip
    return None


def _check_tones(row: Row, numbers: dict[str, float], problems: Problems) -> None:
    """All five shares of tones or none, together 1."""
    tones = [numbers[column] for column in TONE_COLUMNS]
    given = [tone for tone in tones if not math.isnan(tone)]
    if not given:
        return
    if len(given) < len(tones):
        if not any(row.get(column) for column in TONE_COLUMNS if math.isnan(numbers[column])):
            missing = [column for column in TONE_COLUMNS if math.isnan(numbers[column])]
            problems.add(row.number, missing[0], "", "give all five tones or none: "
                         + ", ".join(TONE_COLUMNS))  # fmt: skip
    elif abs(sum(tones) - 1.0) > TONE_SUM_SLACK:
        problems.add(row.number, TONE_COLUMNS[0], f"{sum(tones):g}", "the sum of the five tones; "
                     "it must be 1")  # fmt: skip
