"""What task=robust prints: a row a combination of kinds, then whether the verdict survives."""

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
from sim.report.study_words import basis_of, lead_of, rows_of
from sim.report.table import COLOURS
from sim.report.terminal import as_text, show
from sim.report.words import MARKS, within
from sim.study.verdict import OPEN, UNCLEAR

MOST_NAMED = 3


def print_robust(
    summary: Mapping[str, Any], context: Context, console: Console | None = None
) -> None:
    """Print to the terminal."""
    show(lambda width: robust_answer(summary, context, width), console)


def robust_text(summary: Mapping[str, Any], context: Context, width: int = 100) -> str:
    """The same as plain text."""
    return as_text(lambda columns: robust_answer(summary, context, columns), width)


def told_kinds(kinds: Mapping[str, Any]) -> str:
    """ "opinion=none, feed=ranked"."""
    return ", ".join(f"{key}={value}" for key, value in kinds.items())


def sentence(summary: Mapping[str, Any]) -> str:
    """The finding."""
    one = summary["robust"]
    if one["verdict"] is None:
        return "Whether the verdict survives cannot be said: the reference has none"
    told = f"The verdict '{one['verdict']}' survives in {one['survives']} of {one['of']}"
    if one["survives"] == one["of"]:
        undecided = one["verdict"] in (OPEN, UNCLEAR)
        return f"{told} combinations{': no form tried decides it' if undecided else ''}"
    always = [f"{row['key']}={row['value']}" for row in one["turns_with"]["always"]]
    told += f" combinations; it turns with {' and with '.join(always)}" if always else (
        " combinations; no single kind turns it"
    )
    also = one["turns_with"]["also"]
    if not also:
        return told
    more = "; ".join(told_kinds(kinds) for kinds in also[:MOST_NAMED])
    rest = f", and {len(also) - MOST_NAMED} more" if len(also) > MOST_NAMED else ""
    return f"{told}, {'and also' if always else 'it turns'} at {more}{rest}"


def robust_table(summary: Mapping[str, Any]) -> Table:
    """The combinations in the order in which they were crossed."""
    one = summary["robust"]
    found = {row.point: row for row in rows_of(summary)}
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for key in one["reference"]:
        table.add_column(key.rpartition(".")[2].capitalize(), overflow="fold")
    table.add_column("Difference, all at once", justify="right")
    table.add_column("Wins", justify="right")
    table.add_column("Verdict", overflow="fold", max_width=24)
    for row in one["rows"]:
        shown = found[row["point"]]
        is_reference = row["kinds"] == one["reference"]
        word = shown.verdict + (" (reference)" if is_reference else "")
        wins = "" if shown.wins is None else f"{shown.wins} of {summary['worlds']}"
        table.add_row(
            *(Text(str(value).replace("_", " "), style="bold" if is_reference else "")
              for value in row["kinds"].values()),
            Text(f"{shown.estimate} ({shown.interval})"), Text(wins),
            Text(f"{MARKS.get(shown.verdict, '')} {word}".strip(),
                 style=COLOURS.get(shown.verdict, "")),
        )  # fmt: skip
    return table


def robust_answer(summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole answer as one renderable."""
    gap = Text("")
    tested = summary["points"][0]["label"].partition(";")[0]
    base = within(summary["against_label"])
    question = (f"Does what is said of '{tested}' against '{summary['against_label']}' survive "
                "other forms of the model?")  # fmt: skip
    parts = opening(question, summary, context, width)
    parts += [
        Text(f"{lead_of(summary)['label']}, difference from {base}"), robust_table(summary), gap,
        paragraph(f"Answer: {sentence(summary)}.", width, "bold"),
        *level_lines(context, width), gap,
        Text("What this rests on", style="bold"),
        *bullets([
            "All combinations have the same people, news, luck and parameters, but for those that "
            "only one kind has. Only the kinds crossed here were tried: other equations may turn "
            "a verdict that all of these keep.",
            *basis_of(summary), *context.drawn_bullets, *context.cautions,
        ], width),
        gap, *ending(context, width),
    ]  # fmt: skip
    return Group(*parts)
