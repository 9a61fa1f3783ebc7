"""What a map prints: where one policy beats the other, where it does not, where nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sim.report.answer import bullets, ending, paragraph
from sim.report.context import Context
from sim.report.opening import opening
from sim.report.study_words import lead_of
from sim.report.terminal import as_text, show
from sim.report.words import HARD_SPACE, fixed, plain, within

SHOWN = (0, 10, 20, 30, 40)  # rows and columns of the map in the table


def print_map(summary: Mapping[str, Any], context: Context, console: Console | None = None) -> None:
    """Print to the terminal."""
    show(lambda width: map_answer(summary, context, width), console)


def map_text(summary: Mapping[str, Any], context: Context, width: int = 100) -> str:
    """The same as plain text."""
    return as_text(lambda columns: map_answer(summary, context, columns), width)


def axis_words(axis: Mapping[str, Any]) -> str:
    """ "share foreseeable (share of events)": the key in words, with its unit."""
    name = axis["key"].rpartition(".")[2].replace("_", " ")
    section = axis["key"].rpartition(".")[0].rpartition(".")[2]
    unit = f", {axis['unit']}" if axis.get("unit") else ""
    told = f"{section}: {name}{unit}"
    return (told[:1].upper() + told[1:]) + (" (logarithmic)" if axis["log"] else "")


def finding(summary: Mapping[str, Any]) -> str:
    """The map in a sentence."""
    one, base = summary["map"], within(summary["against_label"])
    tested = summary["points"][0]["label"].partition(";")[0]
    better, worse, unsure = (100 * one["area"][name] for name in ("better", "worse", "unsure"))
    label = within(lead_of(summary)["label"])
    if better == 0 == worse:
        return f"Nowhere on this map can {within(tested)} be told from {base} in {label}"
    told = [f"surely better in {better:.0f} % of the map"] if better else []
    told += [f"surely worse in {worse:.0f} %" + ("" if better else " of the map")] if worse else []
    return f"{tested} against {base} in {label}: {', '.join(told)}, too close to call in " + (
        f"{unsure:.0f} %"
    )


def map_answer(summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole answer as one renderable."""
    gap, one = Text(""), summary["map"]
    across, up = one["axes"]
    n = len(one["points"])
    tested = summary["points"][0]["label"].partition(";")[0]
    question = (f"In which circumstances does '{tested}' serve better than "
                f"'{summary['against_label']}'?")  # fmt: skip
    parts = opening(question, summary, context, width, with_counts=False)
    parts += [
        gap, paragraph(f"Answer: {finding(summary)}.", width, "bold"), gap,
        Text(f"Difference in {lead_of(summary)['label'].lower()}, % (probability of being better)"),
        map_table(summary), Text(f"across: {axis_words(across)}"), Text(f"down: {axis_words(up)}"),
        gap, Text("What this rests on", style="bold"),
        *bullets([
            f"{n} circumstances of this plane were run, {summary['worlds']} paired worlds each "
            f"({summary['draws']} parameter draws x {summary['replicates']}); the later ones where "
            "the sign was least certain. A Gaussian process lies between them: predicted from all "
            f"others, {one['left_out_inside']} of {one['left_out']} points lie inside their 95 % "
            "interval.",
            "The probability is that of the expected difference over the other parameters having "
            "the wanted sign. All points share their draws: what comes of the finite number of "
            "draws is added, not smoothed away.",
            f"Differences below {plain(100 * summary['worth'])} % are too small to act on, however "
            f"sure: surely better and worth it is {100 * one['area']['worth_it']:.0f} % of it.",
            "Shares of the map are shares of the intervals chosen, not probabilities of "
            "circumstances.", *context.drawn_bullets, *context.cautions,
        ], width),
        gap, *ending(context, width),
    ]  # fmt: skip
    return Group(*parts)


def map_table(summary: Mapping[str, Any]) -> Table:
    """Five by five places of the map."""
    one = summary["map"]
    across, up = one["axes"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", justify="right")
    for i in SHOWN:
        table.add_column(plain(across["values"][i]), justify="right")
    for j in reversed(SHOWN):
        table.add_row(plain(up["values"][j]), *(
            f"{fixed(100 * one['difference'][j][i], 1, '+')}{HARD_SPACE}"
            f"({one['p_better'][j][i]:.2f})" for i in SHOWN
        ))  # fmt: skip
    return table
