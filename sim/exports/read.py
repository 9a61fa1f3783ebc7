"""One exported file: which export it is, its posts or days, and what became of each column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import UserError
from sim.exports.cells import Cell, Clock, Moment, read_counts, read_ids, read_times
from sim.exports.known import COUNTS, KNOWN, Export, header_key, nearly, recognised
from sim.exports.sheets import read_sheet
from sim.world.table_checks import Problems, TooManyProblemsError

TOTALS = ("total", "totals", "gesamt", "итого")
HANDLE = re.compile(r"(?:twitter|x)\.com/([A-Za-z0-9_]{1,50})/status/")
FLAGS = ("has_image", "has_video", "is_reply", "event_tag", "culture_words")
MEDIA = (  # words in a post type: (image, video)
    (("video", "reel", "live"), (0, 1)), (("photo", "image", "carousel", "album"), (1, 0)),
    (("link", "status", "text"), (0, 0)),
)  # fmt: skip
AT_MOST = (("reach", "impressions"), ("impressions_24h", "impressions"),
           ("followers_reached", "impressions"), ("followers_reached", "followers"),
           ("retweets", "engagements"), ("likes", "engagements"))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of an export: a post, or a day of an account."""

    file: str
    row: int
    account: str
    platform: str
    post: str
    moment: Moment | None
    counts: Mapping[str, int | None]
    flags: Mapping[str, int | None] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A file as read. mapped: {header: our column}; ignored: {header: why}; missing: what an
    export of this kind may have and this file has not; n_rows: of its content. A table of accounts
    is read as network.table is, later, so that nothing of it is ignored here."""

    file: Path
    export: Export
    n_rows: int
    lines: tuple[Line, ...]
    mapped: Mapping[str, str]
    ignored: Mapping[str, str]
    missing: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read_file(path: Path, account: str, clock: Clock, *, keep_text: bool, trust_ids: bool) -> Read:
    """One file. account: of a folder named after one, else ''."""
    rows = read_sheet(path)
    if not rows:
        raise UserError(f"{path} is empty: export it again, or take it out of the folder.")
    headers = [header_key(one) for one in rows[0][1]]
    export = recognised(headers)
    if export is None:
        raise UserError(unrecognised(path, headers))
    problems = Problems(str(path))
    lines: tuple[Line, ...] = ()
    try:
        places, mapped, ignored = columns_of(export, headers, rows[0][1], problems)
        body, remarks = whole_rows(rows[1:], len(headers), places, problems)
        if body and export.rows != "account" and not problems.found:
            lines = lines_of(path, export, headers, places, body, account, clock, problems,
                             keep_text, trust_ids)  # fmt: skip
    except TooManyProblemsError:
        problems.tell()
    problems.tell()
    if not body:
        raise UserError(f"{path} has a header and no rows: export a longer period.")
    known = dict.fromkeys(export.columns.values() if export.platform else ())
    return Read(
        file=path, export=export, n_rows=len(body), lines=lines, mapped=mapped,
        ignored={} if export.rows == "account" else ignored,
        missing=tuple(one for one in known if one not in places), remarks=tuple(remarks),
    )  # fmt: skip


def unrecognised(path: Path, headers: Sequence[str]) -> str:
    """What is said of a file that is no known export."""
    best, lacking = nearly(headers)
    titles = "; ".join(one.title for one in KNOWN)
    return (
        f"{path}, row 1: these headers belong to no known export. The nearest is '{best.title}', "
        f"which also has {' and '.join(repr(one) for one in lacking)}. Known: {titles}. Export in "
        "English, or take the file out of the folder."
    )


def columns_of(
    export: Export, headers: Sequence[str], shown: Sequence[str], problems: Problems
) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """({our column: place}, {header: our column}, {header: why it is not used})."""
    places: dict[str, int] = {}
    mapped: dict[str, str] = {}
    order = list(export.columns)
    for header in sorted((one for one in headers if one in order), key=order.index):
        name = export.columns[header]
        if headers.count(header) > 1:
            problems.add(None, header, header, "this column is there twice: keep one")
        if name not in places and header not in export.notes:
            places[name] = headers.index(header)
            mapped[shown[headers.index(header)]] = name
    for name in export.required:
        if name not in places:
            wanted = [header for header, ours in export.columns.items() if ours == name]
            problems.add(None, wanted[0], "", f"this column of '{export.title}' is missing: export "
                         "all metrics")  # fmt: skip
    used = {*mapped, *(shown[headers.index(one)] for one in (*export.text, *export.link)
                       if one in headers)}  # fmt: skip
    ignored = {
        name: why_ignored(export, header) for name, header in zip(shown, headers, strict=True)
        if header and name not in used
    }  # fmt: skip
    return places, mapped, ignored


def why_ignored(export: Export, header: str) -> str:
    """Why a column is not used."""
    if header in export.notes:
        return export.notes[header]
    if header in export.columns:
        return "another column gives the same"
    return "nothing in the model needs it"


def whole_rows(
    rows: Sequence[tuple[int, list[str]]], width: int, places: Mapping[str, int],
    problems: Problems,
) -> tuple[list[tuple[int, list[str]]], list[str]]:  # fmt: skip
    """Rows as wide as the header, without the row of totals."""
    found, remarks = [], []
    for number, cells in rows:
        if any(cells[width:]):
            problems.add(number, "", cells[width], f"this row has {len(cells)} cells, the header "
                         f"{width}: quote a cell that holds the separator")  # fmt: skip
            continue
        cells = [*cells[:width], *[""] * (width - len(cells))]
        label = cells[places["post"]] if "post" in places else ""
        if label.lower() in TOTALS:
            remarks.append(f"row {number}, the total, was left out")
            continue
        found.append((number, cells))
    return found, remarks


def lines_of(
    path: Path, export: Export, headers: Sequence[str], places: Mapping[str, int],
    body: Sequence[tuple[int, list[str]]], account: str, clock: Clock, problems: Problems,
    keep_text: bool, trust_ids: bool,
) -> tuple[Line, ...]:  # fmt: skip
    """Every row, each column read as a whole."""

    def column(name: str) -> list[Cell]:
        return [(row, cells[places[name]]) for row, cells in body]

    def shown(name: str) -> str:
        return headers[places[name]]

    n = len(body)
    counts = {name: read_counts(column(name), shown(name), problems)
              for name in COUNTS if name in places}  # fmt: skip
    refuse_impossible(counts, [row for row, _ in body], problems)
    times: Sequence[Moment | None] = [None] * n
    if "posted_at" in places:
        times = read_times(column("posted_at"), shown("posted_at"), clock, problems)
    posts = [""] * n
    if "post" in places:
        posts = read_ids(column("post"), shown("post"), problems, trust_ids)
    texts = [first_of(cells, headers, export.text) for _, cells in body]
    has_text = any(one in headers for one in export.text)
    flags = [flags_of(export, places, body[k], texts[k] if has_text else None, problems)
             for k in range(n)]  # fmt: skip
    names = [account or account_of(path, export, headers, cells) for _, cells in body]
    platforms = [(cells[places["platform"]].lower() if "platform" in places else "") or
                 export.platform or "twitter" for _, cells in body]  # fmt: skip
    return tuple(
        Line(
            file=str(path), row=body[k][0], account=names[k], platform=platforms[k],
            post=posts[k] or f"{path.stem} {body[k][0]}", moment=times[k],
            counts={name: values[k] for name, values in counts.items()},
            flags=flags[k], text=texts[k] if keep_text else "",
        )
        for k in range(n)
    )  # fmt: skip


def refuse_impossible(
    counts: Mapping[str, Sequence[int | None]], rows: Sequence[int], problems: Problems
) -> None:
    """More different people than views, more of a part than of the whole."""
    for small, large in AT_MOST:
        if small not in counts or large not in counts:
            continue
        for row, one, other in zip(rows, counts[small], counts[large], strict=True):
            if one is not None and other is not None and one > other:
                problems.add(row, small, str(one), f"more than {large} ({other}) cannot be")


def flags_of(
    export: Export, places: Mapping[str, int], line: tuple[int, Sequence[str]], text: str | None,
    problems: Problems,
) -> dict[str, int | None]:  # fmt: skip
    """What a post is: image, video, reply. Unknown where the export does not tell."""
    row, cells = line
    found: dict[str, int | None] = {}
    for name in (one for one in FLAGS if one in places):
        value = cells[places[name]]
        if value not in ("", "0", "1"):
            problems.add(row, name, value, "0, 1, or empty where it is not known")
        found[name] = {"0": 0, "1": 1}.get(value)
    if text is not None and export.platform == "twitter":
        found["is_reply"] = int(text.startswith("@"))
    if "media" in places:
        kind = cells[places["media"]].lower()
        image, video = next((both for words, both in MEDIA if any(one in kind for one in words)),
                            (None, None))  # fmt: skip
        found |= {"has_image": image, "has_video": video}
    if export.platform == "youtube":
        found |= {"has_image": 0, "has_video": 1}
    return found


def first_of(cells: Sequence[str], headers: Sequence[str], names: Sequence[str]) -> str:
    """The first of these columns that says anything."""
    found = (cells[headers.index(one)] for one in names if one in headers)
    return next((one for one in found if one), "")


def account_of(path: Path, export: Export, headers: Sequence[str], cells: Sequence[str]) -> str:
    """The account of a row: named in a link or a column, else by the file."""
    link = HANDLE.search(first_of(cells, headers, export.link))
    if link:
        return link.group(1)
    return first_of(cells, headers, export.account).lstrip("@") or path.stem


def day_of(moment: Moment) -> dt.date:
    """The day of a moment, UTC."""
    return moment.date() if isinstance(moment, dt.datetime) else moment
