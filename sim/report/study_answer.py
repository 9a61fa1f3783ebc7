"""What a finished study prints: question, answer, a row a point with its simultaneous interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sim.report.answer import bullets, ending, level_lines, paragraph
from sim.report.context import Context
from sim.report.opening import opening
from sim.report.study_words import (
    Row,
    answer_of,
    basis_of,
    best_cell,
    lead_of,
    place_of,
    rows_of,
)
from sim.report.table import COLOURS
from sim.report.terminal import as_text, show
from sim.report.words import MARKS, interval_text, value_text

MOST_ROWS = 48


def study_table(summary: Mapping[str, Any]) -> Table:
    """The points, best first, the control in its place."""
    measure = lead_of(summary)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("Point", overflow="fold", ratio=1)
    for name in (measure["label"].split(",")[0], "Difference\nall at once", "Over\nparameters",
                 "Wins"):  # fmt: skip
        table.add_column(name, justify="right", overflow="fold", max_width=17)
    table.add_column("Mean\nbest?", justify="center")
    table.add_column("Verdict", overflow="fold", max_width=24)
    rows, world = rows_of(summary), ""
    for row in rows[:MOST_ROWS]:
        if len(summary["circumstances"]) > 1 and row.circumstance != world:
            world = row.circumstance
            table.add_row(Text(place_of(summary, world), style="bold"))
        table.add_row(*_cells(row, summary, measure["unit"], best_cell(row, rows)))
    return table


def _cells(row: Row, summary: Mapping[str, Any], unit: str, best: str) -> list[Text]:
    mark = MARKS.get(row.verdict, "")
    style = "dim" if row.is_control else ""
    spread = interval_text(row.spread, row.unit, named=False) or "no interval"
    wins = "" if row.wins is None else f"{row.wins} of {summary['worlds']}"
    return [
        Text(row.label, style=style), Text(value_text(row.level, unit), style=style),
        Text("control" if row.is_control else f"{row.estimate}\n{row.interval}", style=style),
        Text("" if row.is_control else spread), Text(wins),
        Text(best),
        Text(f"{mark} {row.verdict}".strip(), style=COLOURS.get(row.verdict, "")),
    ]  # fmt: skip


def study_answer(summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole answer as one renderable."""
    gap = Text("")
    control = f"Control, {summary['against_label']}: {context.against_sentence.rstrip('.')}."
    parts = opening(summary["question"], summary, context, width, control=control)
    more = len(rows_of(summary)) - MOST_ROWS
    rest = [f"{more} more points stand in summary.csv."] if more > 0 else []
    parts += [
        paragraph("Answer: " + answer_of(summary), width, "bold"), *level_lines(context, width),
        gap, study_table(summary),
        *bullets(rest, width), gap, Text("What this rests on", style="bold"),
        *bullets([*basis_of(summary), *context.drawn_bullets, *context.cautions], width), gap,
        *ending(context, width),
    ]  # fmt: skip
    return Group(*parts)


def print_study(
    summary: Mapping[str, Any], context: Context, console: Console | None = None
) -> None:
    """Print to the terminal."""
    show(lambda width: study_answer(summary, context, width), console)


def study_text(summary: Mapping[str, Any], context: Context, width: int = 100) -> str:
    """The same as plain text."""
    return as_text(lambda columns: study_answer(summary, context, columns), width)
