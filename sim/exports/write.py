"""The tables that an import leaves: posts, days and accounts, in the forms that are read elsewhere.

    posts.csv       as sim.observables.export reads it; of one platform (others: posts_NAME.csv)
    days.csv        account, platform, day, impressions, new_follows, left
    accounts.csv    as network.table reads it; without a table of accounts in the folder there are
                    no followers and no markets: accounts_to_complete.csv is written instead
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.exports.folder import Collected, span_days, when
from sim.exports.read import Line, day_of
from sim.world.account_table import ALIASES, COLUMNS, OPTIONAL, REQUIRED
from sim.world.table_checks import read_table

Header = list[str]
Rows = list[list[Any]]
Known = Mapping[tuple[str, str], Mapping[str, str]]
COUNTS = ("likes", "retweets", "replies", "impressions", "reach", "new_follows",
          "promoted_impressions", "promoted_retweets", "impressions_24h",
          "followers_reached")  # fmt: skip
FLAGS = ("has_image", "has_video", "is_reply", "event_tag", "culture_words")
ENOUGH_KNOWN = 0.9  # of an account's posts, before a share of media is written


def accounts_known(path: Path | None) -> dict[tuple[str, str], dict[str, str]]:
    """{(account, platform): cells} of the table of accounts; empty without one."""
    if path is None:
        return {}
    table = read_table(path, REQUIRED, OPTIONAL, ALIASES)
    found = {}
    for row in table.rows:
        platform = row.get("platform").replace("|", ";").split(";")[0].strip().lower()
        found[row.get("name"), platform] = dict(row.cells)
    return found


def posts_table(found: Collected, platform: str, known: Known, keep_text: bool
                ) -> tuple[Header, Rows]:  # fmt: skip
    """The posts of one platform; a column that nobody knows is left out, but re-shares."""
    posts = [one for one in found.posts if one.platform == platform]
    counts = [name for name in COUNTS if name == "retweets"
              or any(one.counts.get(name) is not None for one in posts)]  # fmt: skip
    flags = [name for name in FLAGS if any(one.flags.get(name) is not None for one in posts)]
    timed = any(one.moment for one in posts)
    followers = any(followers_of(one, known) for one in posts)
    header = ["account", "post", *["posted_at"] * timed, *["followers"] * followers, *counts,
              *flags, *["text"] * keep_text]  # fmt: skip
    rows: Rows = []
    for one in posts:
        rows.append([
            one.account, one.post, *[when(one)] * timed,
            *[followers_of(one, known)] * followers,
            *[one.counts.get(name) for name in counts], *[one.flags.get(name) for name in flags],
            *[one.text] * keep_text,
        ])  # fmt: skip
    return header, rows


def followers_of(one: Line, known: Known) -> str:
    """Followers when the post was made, else those of the table of accounts."""
    own = one.counts.get("followers")
    return str(own) if own is not None else known.get((one.account, one.platform), {}).get(
        "followers", "")  # fmt: skip


def days_table(found: Collected) -> tuple[Header, Rows]:
    """Days of accounts, where an overview was there."""
    names = ("impressions", "new_follows", "left")
    rows = [[one.account, one.platform, when(one), *(one.counts.get(name) for name in names)]
            for one in found.days]  # fmt: skip
    return ["account", "platform", "day", *names], rows


def accounts_table(found: Collected, known: Known) -> tuple[Header, Rows]:
    """One row an account and platform; what the posts tell fills cells that were left empty."""
    named = {(one.account, one.platform) for one in found.posts}
    lacking = sorted(named - set(known))
    if known and lacking:
        shown = ", ".join(f"{name} ({platform})" for name, platform in lacking[:8])
        raise UserError(
            f"{found.accounts_file} has no row for {shown}: add one for each account with posts, "
            "named as in the exports (or as the folder of its files)."
        )
    columns = [*COLUMNS, *["owner"] * any(cells.get("owner") for cells in known.values())]
    by_account: dict[tuple[str, str], list[Line]] = {}
    for one in found.posts:
        by_account.setdefault((one.account, one.platform), []).append(one)
    rows: Rows = []
    for name, platform in [*known, *([] if known else lacking)]:
        posts = by_account.get((name, platform), [])
        cells = dict(known.get((name, platform), {}))
        cells.setdefault("kind", "mission")
        cells |= {"name": name, "platforms": cells.pop("platform", platform)}
        for column, value in measured(found, posts, platform).items():
            cells[column] = cells.get(column) or value
        rows.append([cells.get(column, "") for column in columns])
    return columns, rows


def measured(found: Collected, posts: Sequence[Line], platform: str) -> dict[str, str]:
    """What the posts of an account say of it."""
    if not posts:
        return {}
    originals = [one for one in posts if not one.flags.get("is_reply")]
    days = span_days([one for one in found.posts if one.platform == platform])
    last = max((day_of(one.moment) for one in posts if one.moment), default=None)
    told = {"as_of": last.isoformat() if isinstance(last, dt.date) else "",
            "source": f"import of {found.folder.name}"}  # fmt: skip
    if days >= 7 and originals:
        told["posts_per_day"] = f"{len(originals) / days:.4g}"
    for column, flag in (("image_share", "has_image"), ("video_share", "has_video")):
        values = [one.flags[flag] for one in originals if one.flags.get(flag) is not None]
        if values and len(values) >= ENOUGH_KNOWN * len(originals):
            told[column] = f"{sum(v or 0 for v in values) / len(values):.4g}"
    return told
