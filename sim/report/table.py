"""The table of measures by stage of evaluation; a verdict is a mark and words, then colour."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from sim.report.context import Context
from sim.report.reading import Reading, readings
from sim.report.words import (
    MARKS,
    arms,
    difference_span,
    estimate_text,
    interval_text,
    unit_text,
    value_text,
    verdict_text,
    wins_text,
)

WIDE = 108  # columns from which a measure may fit on one line
LEAST, MARKED = 13, 12  # columns of a label, and of "= equivalent"
LONG_UNIT, LONG_SPAN = 9, 14  # letters of a unit, of an interval, that every terminal has room for
LEFT_OUT = "Wins in worlds: in summary.csv, or in a wider window."
COLOURS = {"better": "green", "worse": "red", "equivalent": "cyan"}


def note_letters(summary: Mapping[str, Any]) -> dict[str, str]:
    """A letter for every distinct remark on a measure, in reading order."""
    letters: dict[str, str] = {}
    common = common_remarks(summary)
    for one in readings(summary).values():
        for remark in remarks(one):
            if remark not in common:
                letters.setdefault(remark, string.ascii_lowercase[len(letters) % 26])
    return letters


def common_remarks(summary: Mapping[str, Any]) -> list[str]:
    """What holds for every measure that differs, and so needs no letter in each row."""
    known = [remarks(one) for one in readings(summary).values() if not one.identical]
    return [one for one in known[0] if all(one in told for told in known)] if known[1:] else []


def remarks(one: Reading) -> list[str]:
    """What must be read with the row: why it has no interval, and each sentence of its note."""
    told = [f"No interval: {one.why_no_interval.rstrip('.')}."] if one.why_no_interval else []
    return told + [
        part.rstrip(".") + "." for part in re.split(r"(?<=\.) (?=[A-Z])", one.note) if part
    ]


def notes_of(summary: Mapping[str, Any]) -> list[str]:
    """The remarks below the table, and what its marks mean."""
    told = [f"[{letter}] {remark}" for remark, letter in note_letters(summary).items()]
    told += [f"All measures that differ: {one}" for one in common_remarks(summary)]
    if any(one.assumed for one in readings(summary).values()):
        told.append("[*] assumed effect sizes: no calibration target informs opinion.")
    return told


def tags(one: Reading, letters: Mapping[str, str]) -> str:
    """The letters that lead from a row to its remarks."""
    marks = ["*"] if one.assumed else []
    marks += [letters[remark] for remark in remarks(one) if remark in letters]
    return "".join(f" [{mark}]" for mark in marks)


def verdict_cell(one: Reading, worlds: int) -> Text:
    words = verdict_text(one, worlds)
    mark = MARKS.get(words, "")
    return Text(f"{mark} {words}".strip(), style=COLOURS.get(words, ""))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a row is written. Numbers are never broken: what can be spared goes first."""

    wide: bool = False  # a measure on one line
    units: bool = True  # a long unit also beside the difference, not below the label alone
    spans: bool = True  # a long interval on one line
    wins: bool = True


NARROWER = (
    Layout(), Layout(units=False), Layout(units=False, spans=False),
    Layout(units=False, spans=False, wins=False),
)  # fmt: skip


def difference_cell(one: Reading, layout: Layout) -> str:
    """Estimate and interval, on one line or on two or three."""
    if one.identical:
        return "exactly 0"
    span, unit = difference_span(one)
    shown = unit if layout.units or len(unit) <= LONG_UNIT else ""
    estimate, bare = estimate_text(span, shown), interval_text(span, unit, named=False)
    if bare is None:
        bare = "no interval"
        return f"{estimate}  ({bare})" if layout.wide else f"{estimate}\n({bare})"
    if not layout.spans and len(bare) > LONG_SPAN:
        bare = bare.replace(" to ", " to\n")
    return f"{estimate}  ({bare})" if layout.wide else f"{estimate}\n{bare}"


def head_row(heads: tuple[str, str], layout: Layout, level: str) -> list[str]:
    """The headings: measure, base, tested, difference, verdict, and wins before it."""
    tested, base = heads
    interval = f"{level} interval"
    difference = f"Difference  ({interval})" if layout.wide else f"Difference\n{interval}"
    return ["Measure", base, tested, difference, *["Wins in\nworlds"] * layout.wins, "Verdict"]


def empty_table(head: list[str], widths: list[int]) -> Table:
    """A table with columns of these widths."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for place, (title, width) in enumerate(zip(head, widths, strict=True)):
        side: Any = "left" if place in (0, len(head) - 1) else "right"
        table.add_column(title, justify=side, width=width, overflow="fold", vertical="top")
    return table


def row_of(one: Reading, worlds: int, letters: Mapping[str, str], layout: Layout) -> list[Text]:
    """One measure, with its unit beside or below its name."""
    name, unit = Text(one.label + tags(one, letters)), unit_text(one.label, one.unit)
    if unit:
        name.append((", " if layout.wide else "\n") + unit, style="dim")
    cells = [value_text(arm.mean, one.unit) for arm in (one.against, one.scenario)]
    cells += [difference_cell(one, layout), *[wins_text(one, worlds)] * layout.wins]
    return [name, *map(Text, cells), verdict_cell(one, worlds)]


def widths_of(head: list[str], rows: list[list[Text]], width: int, wide: bool) -> list[int]:
    """Numbers take what they need, the verdict wraps when narrow, the label gets the rest."""
    lines = [[max(map(len, cell.plain.split("\n"))) for cell in row] for row in rows]
    widest = [max(column) for column in zip(*lines, strict=True)]
    heads = [min(14, max(map(len, title.split("\n" if wide else None)))) for title in head]
    widths = [max(pair) for pair in zip(heads, widest, strict=True)]
    for place in range(3, len(head) - 1):  # of arms, not of these two, the name may wrap
        widths[place] = max(widths[place], max(map(len, head[place].split("\n"))))
    if not wide:
        widths[-1] = min(widths[-1], MARKED)
    word = max(len(one) for row in rows for one in row[0].plain.split())
    widths[0] = min(widths[0], max(LEAST, word, width - sum(widths[1:]) - gaps(head)))
    return widths


def gaps(head: list[str]) -> int:
    """Columns of the screen between those of the table."""
    return 2 * (len(head) - 1) + 1


def table_of(summary: Mapping[str, Any], context: Context, width: int) -> Table:
    """All measures, by stage, in the first layout that fits."""
    worlds, known = int(summary["worlds"]), list(readings(summary).values())
    letters = note_letters(summary)
    for layout in (*[Layout(wide=True)] * (width >= WIDE), *NARROWER):
        head = head_row(arms(summary, context), layout, context.level)
        rows = [row_of(one, worlds, letters, layout) for one in known]
        widths = widths_of(head, rows, width, layout.wide)
        if sum(widths) + gaps(head) <= width:
            break
    table, stage = empty_table(head, widths), ""
    for one, row in zip(known, rows, strict=True):
        if one.stage != stage:
            if stage:
                table.add_section()
            stage = one.stage
            table.add_row(Text(stage.upper(), style="bold", no_wrap=True, overflow="ignore"))
        table.add_row(*row)
    if not layout.wins:
        table.caption, table.caption_justify = Text(LEFT_OUT, style="dim"), "left"
    return table
