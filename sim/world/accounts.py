"""The accounts of a network: a table as columns, its gaps filled by one rule for all.

What a row does not say is drawn from the declared distributions, keyed by the account's name, and
counted; dormant shares and dates of joining that a table does not give stay unknown (NaN), because
there the rule of the world speaks, the same for every account and set for none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim import streams
from sim.errors import UserError, nearest
from sim.parameters import Parameters, PositiveCount
from sim.paths import conf_dir, find_table
from sim.vocabulary import KINDS, OURS, SIDE_OF_KIND
from sim.world import impute
from sim.world.account_table import (
    LABELS,
    NO_PLATFORM,
    PLATFORMS,
    SHARE_COLUMNS,
    TONE_COLUMNS,
    AccountRow,
    read_accounts,
)
from sim.world.impute import Imputation
from sim.world.markets import Markets, load_markets
from sim.world.presences import Presences, first_rows, presences_of, refuse_empty_platforms

DEFAULT_TABLE = "network/default.csv"
BACKGROUND_KINDS = ("rival", "media")
OUR_MINISTRY = "The ministry"  # how tables and figures call the owner of our accounts
MAX_ACCOUNTS = 65_535  # a post names its account in 16 bits
# what a note calls a column
WORDS = {
    "kind": "kind (mission)", "language": "language (the market's)",
    "measured": "label (measured)", "posts_per_day": "posts per day",
    "hours_per_week": "hours", "tones": "tones", "image_share": "image shares",
    "video_share": "video shares", "local_language_share": "local-language shares",
}  # fmt: skip


class NetworkSettings(Parameters):
    """Which tables are read, and how their gaps are filled."""

    table: str
    markets: str
    home: str
    readers: PositiveCount
    background: Literal["default", "none"]
    reference: Literal["ours", "rival"]  # whose usual posts and viewers constants are means over
    imputation: Imputation


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Columns, one row an account that is on a simulated platform, in the order of the table; the
    figures of followers are those of its first platform."""

    names: list[str]
    hashes: NDArray[np.uint64]  # names of the accounts' luck
    kinds: NDArray[np.uint8]  # vocabulary.KINDS
    sides: NDArray[np.uint8]  # vocabulary.SIDES
    markets: NDArray[np.uint16]  # row of Markets
    languages: NDArray[np.uint8]  # row of Markets.languages: posted in beside the common one
    n_followers: NDArray[np.int64]  # as in the table, unscaled
    dormant_shares: NDArray[np.float64]  # NaN: the world's rule applies
    posts_per_week: NDArray[np.float64]
    hours_per_week: NDArray[np.float64]
    tone_mixes: NDArray[np.float64]  # [n, 5], rows sum to 1
    image_shares: NDArray[np.float64]
    video_shares: NDArray[np.float64]
    local_language_shares: NDArray[np.float64]
    joined_years: NDArray[np.float64]  # mean age of a follow in years; NaN: the world's rule
    measured: NDArray[np.bool_]  # whether the number of followers is
    labels: list[str]
    owners: list[str]  # whose account: a ministry, "" where it is nobody's (news media)
    as_of: list[str]
    sources: list[str]
    imputed: dict[str, int]  # column: number of rows filled
    absent: list[tuple[str, tuple[str, ...]]]  # (name, platforms) of owners not in this world
    presences: Presences
    platforms: tuple[str, ...]  # the main one first
    file: str
    n_borrowed: dict[str, int]  # kind: rows of the default table added to a table without it

    def __len__(self) -> int:
        return len(self.names)

    def notes(self) -> list[str]:
        """What a reader must know of how these columns came about, one sentence each."""
        return [*_said_of_filled(self), *_said_of_labels(self), *_said_of_absent(self)]


def load_network(settings: NetworkSettings, platform: str = "twitter",
                 beside: Sequence[str] = ()) -> tuple[Markets, Accounts]:  # fmt: skip
    """The accounts, and those markets only in which one of them stands, home included."""
    everywhere = load_markets(settings.markets, settings.home)
    accounts = load_accounts(settings, everywhere, platform, beside)
    used = np.unique(np.append(accounts.markets, everywhere.home))
    rows = np.searchsorted(used, accounts.markets).astype(np.uint16)
    return everywhere.only(used), replace(accounts, markets=rows)


def load_accounts(
    settings: NetworkSettings, markets: Markets, platform: str = "twitter",
    beside: Sequence[str] = (),
) -> Accounts:  # fmt: skip
    """Read, check and complete a table of accounts; `markets` are those it may name, `beside` the
    platforms of the world beside the main one."""
    if platform not in PLATFORMS:
        guess = nearest(platform, PLATFORMS)
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise UserError(f"No such platform: '{platform}'.{hint} Allowed: {', '.join(PLATFORMS)}.")
    file = find_table(settings.table, "network.table")
    rows = read_accounts(file, markets)
    names = (platform, *beside)
    firsts, others = first_rows(_borrowed(rows, settings, markets, names), names)
    present, further = first_rows(rows, names)
    _refuse_unusable(present, firsts, str(file), " or ".join(names))
    refuse_empty_platforms([*present, *further], names, str(file))
    if settings.reference == "rival" and not any(row.kind == "rival" for row in present + firsts):
        raise UserError(f"network.reference=rival, and {file} has no rival account on {platform}: "
                        "leave it at ours, or give the table a row of kind rival.")  # fmt: skip
    here = {row.name for row in present}
    absent = [(row.name, row.platforms) for row in rows if row.name not in here]
    return replace(
        _columns(present + firsts, markets, settings.imputation),
        absent=absent,
        presences=presences_of(present + firsts, further + others, names),
        platforms=names,
        file=str(file),
        n_borrowed=dict(Counter(row.kind for row in firsts)),
    )


def _refuse_unusable(
    present: Sequence[AccountRow], borrowed: Sequence[AccountRow], file: str, platform: str
) -> None:
    """Tables from which no comparison can be made, although each row may be right."""
    uncounted = [row for row in present if row.n_followers is None]
    if uncounted:
        first = uncounted[0]
        raise UserError(f"{file}, row {first.number}, column 'followers': '{first.name}' is on "
                        f"{platform} without a number of followers: give one.")  # fmt: skip
    if not any(SIDE_OF_KIND[KINDS.index(row.kind or "mission")] == OURS for row in present):
        raise UserError(f"{file} has no account of the ministry on {platform}: give at least one "
                        "row of kind headquarters, mission, multilateral or official.")  # fmt: skip
    if len(present) + len(borrowed) > MAX_ACCOUNTS:
        raise UserError(f"{file} has {len(present):,} accounts on {platform}; at most "
                        f"{MAX_ACCOUNTS - len(borrowed):,} are allowed.")  # fmt: skip
    names = {row.name for row in present}
    for row in borrowed:
        if row.name in names:
            raise UserError(f"{file}: '{row.name}' is also an account of the default table's "
                            "background: rename it or set network.background=none.")  # fmt: skip


def _borrowed(
    rows: Sequence[AccountRow], settings: NetworkSettings, markets: Markets, names: Sequence[str]
) -> list[AccountRow]:
    """Rivals and media of the default table, for a table that has none, in that table's markets."""
    own_kinds = {row.kind for row in rows}
    lacking = [kind for kind in BACKGROUND_KINDS if kind not in own_kinds]
    default = conf_dir() / DEFAULT_TABLE
    if (
        settings.background == "none"
        or not lacking
        or find_table(settings.table, "network.table").samefile(default)
    ):
        return []
    committed = load_markets(conf_dir() / "network" / "markets.csv", home=None)
    candidates = sorted({row.market for row in first_rows(rows, names)[0]})
    taken = []
    for row in read_accounts(default, committed):
        if row.kind in lacking and row.platforms[:1] and row.platforms[0] in names and candidates:
            market = _placed(row, committed, candidates, markets)
            language = markets.languages[markets.language_of[market]]
            taken.append(replace(row, market=market, language=language))
    return taken


def _placed(
    row: AccountRow, committed: Markets, candidates: Sequence[int], markets: Markets
) -> int:
    """A market for a borrowed account: one of the table's own, in its region where there is one.

    Weighted rendezvous (Thaler & Ravishankar 1998): the market with the smallest -log(u) / weight,
    u keyed by (account, market), so that adding a market moves only what moves there.
    """
    region = committed.regions[row.market]
    near = [market for market in candidates if markets.regions[market] == region] or candidates
    uniforms = impute.keyed_uniforms([f"{row.name}\x1f{markets.names[one]}" for one in near],
                                     "borrowed market")  # fmt: skip
    return near[int(np.argmin(-np.log(uniforms) / markets.weights[near]))]


def _columns(rows: Sequence[AccountRow], markets: Markets, rule: Imputation) -> Accounts:
    """Rows as columns, every gap filled and counted."""
    names = [row.name for row in rows]
    kinds = np.array([KINDS.index(row.kind or "mission") for row in rows], dtype=np.uint8)
    where = np.array([row.market for row in rows], dtype=np.uint16)
    followers = np.array([row.n_followers for row in rows], dtype=np.int64)
    labels = [row.label or "measured" for row in rows]  # a user's own count is a count
    imputed = {
        "kind": sum(not row.kind for row in rows),
        "language": sum(not row.language for row in rows),
        "measured": sum(not row.label for row in rows),
    }
    per_week, hours = _activity(rows, followers, rule, imputed)
    shares = {name: _shares(rows, name, rule, imputed) for name in SHARE_COLUMNS}
    return Accounts(
        names=names,
        hashes=np.array([streams.name_hash("account", name) for name in names], dtype=np.uint64),
        kinds=kinds,
        sides=np.array(SIDE_OF_KIND, dtype=np.uint8)[kinds],
        markets=where,
        languages=np.array(
            [markets.languages.index(row.language) if row.language
             else markets.language_of[row.market] for row in rows], dtype=np.uint8,
        ),
        n_followers=followers,
        dormant_shares=_given(rows, "dormant_share"),
        posts_per_week=per_week,
        hours_per_week=hours,
        tone_mixes=_tones(rows, rule, imputed),
        image_shares=shares["image_share"],
        video_shares=shares["video_share"],
        local_language_shares=shares["local_language_share"],
        joined_years=_given(rows, "joined_years"),
        measured=np.array([label == "measured" for label in labels], dtype=np.bool_),
        labels=labels,
        owners=[_owner(row) for row in rows],
        as_of=[row.as_of for row in rows],
        sources=[row.source for row in rows],
        imputed={column: n for column, n in imputed.items() if n},
        absent=[],
        presences=presences_of((), (), ()),
        platforms=(),
        file="",
        n_borrowed={},
    )  # fmt: skip


def _owner(row: AccountRow) -> str:
    """Whose account it is: as the table says, else ours, else the name up to its first comma."""
    kind = row.kind or "mission"
    if kind == "media" or row.owner:
        return row.owner
    if SIDE_OF_KIND[KINDS.index(kind)] == OURS:
        return OUR_MINISTRY
    return row.name.partition(",")[0].strip()


def _given(rows: Sequence[AccountRow], column: str) -> NDArray[np.float64]:
    return np.array([row.get(column) for row in rows], dtype=np.float64)


def _activity(
    rows: Sequence[AccountRow],
    followers: NDArray[np.int64],
    rule: Imputation,
    imputed: dict[str, int],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Posts and hours a week; where only one is given, the price of a post gives the other."""
    names = [row.name for row in rows]
    per_day, hours = _given(rows, "posts_per_day"), _given(rows, "hours_per_week")
    imputed["posts_per_day"] = int(np.isnan(per_day).sum())
    imputed["hours_per_week"] = int(np.isnan(hours).sum())
    price = impute.hours_per_post(names, rule)
    drawn = impute.posts_per_day(names, followers.astype(np.float64), rule)
    per_week = np.where(np.isnan(per_day), np.where(np.isnan(hours), 7 * drawn, hours / price),
                        7 * per_day)  # fmt: skip
    return per_week, np.where(np.isnan(hours), per_week * price, hours)


def _tones(
    rows: Sequence[AccountRow], rule: Imputation, imputed: dict[str, int]
) -> NDArray[np.float64]:
    given = np.stack([_given(rows, column) for column in TONE_COLUMNS], axis=1)
    missing = np.asarray(np.isnan(given).any(axis=1))
    imputed["tones"] = int(missing.sum())
    mixes = np.where(missing[:, None], impute.tone_mixes([row.name for row in rows], rule), given)
    return np.asarray(mixes / mixes.sum(axis=1, keepdims=True), dtype=np.float64)


def _shares(
    rows: Sequence[AccountRow], column: str, rule: Imputation, imputed: dict[str, int]
) -> NDArray[np.float64]:
    given = _given(rows, column)
    imputed[column] = int(np.isnan(given).sum())
    spread = getattr(rule, column.removesuffix("share") + "log_odds_sd")
    drawn = impute.shares([row.name for row in rows], column, getattr(rule, column), spread)
    return np.where(np.isnan(given), drawn, given)


def _said_of_filled(accounts: Accounts) -> list[str]:
    """Sentences on what was drawn, and on what was borrowed."""
    n_own = len(accounts) - sum(accounts.n_borrowed.values())
    filled = [f"{WORDS[column]} for {n:,}" for column, n in accounts.imputed.items()]
    said = []
    if filled:
        filled[0] += f" of {n_own:,} accounts"
        said.append("Imputed where the table is silent: " + ", ".join(filled) + ".")
    if accounts.n_borrowed:
        kinds = " and ".join(f"{n} {kind}" for kind, n in accounts.n_borrowed.items())
        said.append(
            f"The table has none of its own, so {kinds} accounts of the default table were added, "
            "placed in its markets; all their figures are inferred (network.background=none "
            "leaves them out)."
        )
    return said


def _said_of_labels(accounts: Accounts) -> list[str]:
    """How many numbers of followers are measured."""
    counts = Counter(accounts.presences.labels)
    if set(counts) == {"measured"}:
        return []
    kinds = "; ".join(f"{counts[label]:,} {label}" for label in LABELS if counts[label])
    if len(accounts.platforms) == 1:
        return [f"Followers of {len(accounts):,} accounts: {kinds}."]
    by_platform = np.bincount(accounts.presences.platforms, minlength=len(accounts.platforms))
    where = ", ".join(
        f"{n:,} on {name}" for name, n in zip(accounts.platforms, by_platform, strict=True)
    )
    return [f"{len(accounts):,} accounts hold {len(accounts.presences):,} presences ({where}); "
            f"followers of presences: {kinds}."]  # fmt: skip


def _said_of_absent(accounts: Accounts) -> list[str]:
    """Who is not on the simulated platforms, and why."""
    main = accounts.platforms[0]
    nowhere = [name for name, platforms in accounts.absent if not platforms]
    uncounted = [(name, one) for name, one in accounts.absent if one[:1] and one[0] != main
                 and one[0] in accounts.platforms]  # fmt: skip
    elsewhere = [(name, one) for name, one in accounts.absent
                 if one and main not in one and (name, one) not in uncounted]  # fmt: skip
    second = [name for name, one in accounts.absent if main in one[1:]]
    said = []
    if uncounted:
        shown = "; ".join(f"{name} ({one[0]})" for name, one in uncounted[:5])
        said.append(f"Left out, because the table gives no number of followers: {shown}.")
    if elsewhere:
        shown = "; ".join(f"{name} ({', '.join(one)})" for name, one in elsewhere[:5])
        more = f"; and {len(elsewhere) - 5} more" if len(elsewhere) > 5 else ""
        where = " or ".join(accounts.platforms)
        said.append(f"Not on {where} in the table and left out: {shown}{more}.")
    if second:
        said.append(f"{len(second)} accounts name {main} after another platform; "
                    "followers are counted on the first one named, so they were left out: give "
                    f"{main} a row of its own (first: {second[0]}).")  # fmt: skip
    if nowhere:
        said.append(f"{len(nowhere)} have no account (platform {NO_PLATFORM}).")
    return said
