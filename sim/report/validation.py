"""What task=validate prints: every pattern, its range, what was found, how far off it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.evidence import KINDS, number_text, span_text
from sim.report.answer import bullets, paragraph
from sim.report.terminal import show

WORDS = {True: "in range", False: "outside", None: "not known"}
COLOURS = {"in range": "green", "outside": "yellow", "not known": "dim"}
HEADS = ("", "Pattern", "Published", "Found", "Off\nby sd", "Worlds\nin range", "")
TRUST = "Only emergent patterns are evidence for the model. No held-out fact was looked at."


def print_card(card: Mapping[str, Any], console: Console | None = None) -> None:
    """Print to the terminal; NO_COLOR, COLUMNS and pipes are respected by rich."""
    show(lambda width: whole(card, width), console)


def whole(card: Mapping[str, Any], width: int) -> Group:
    """Question, table, remarks, counts."""
    gap = Text("")
    parts: list[RenderableType] = [
        paragraph("What does the model show beside what was published?", width, "bold"), gap,
        paragraph(card["setting"], width, "dim"), gap, table_of(card), gap,
        *bullets(remarks(card), width), gap,
        *bullets([*counted_kinds(card), TRUST], width), gap,
        Text(f"Results: {card['folder']}", no_wrap=True, overflow="ignore"),
    ]  # fmt: skip
    return Group(*parts)


def table_of(card: Mapping[str, Any]) -> Table:
    """A row a number, those that are evidence first."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for place, head in enumerate(HEADS):
        side: Any = "right" if 2 < place < 6 else "left"
        table.add_column(head, justify=side, vertical="top", no_wrap=place != 1)
    for kind in reversed(KINDS):
        table.add_row("", Text(kind.upper(), style="bold"))
        for key, row in card["patterns"].items():
            if row["kind"] == kind:
                table.add_row(*cells_of(key, row))
    return table


def cells_of(key: str, row: Mapping[str, Any]) -> list[str | Text]:
    """One number as a row of the table."""
    words, (low, high) = WORDS[row["in_range"]], row["range"]
    return [
        key.partition(".")[0], row["about"], span_text(low, high, row["unit"]),
        found_text(row), off_text(row), worlds_text(row), Text(words, style=COLOURS[words]),
    ]  # fmt: skip


def found_text(row: Mapping[str, Any]) -> str:
    """The median over worlds."""
    return "" if row["value"] is None else number_text(row["value"], row["unit"])


def off_text(row: Mapping[str, Any]) -> str:
    """Standard deviations from the middle of the range, 2 being its end; zero has no place on
    a log scale."""
    if row["value"] is None:
        return ""
    return "zero" if row["deviation"] is None else f"{row['deviation']:+.1f}"


def worlds_text(row: Mapping[str, Any]) -> str:
    """In how many worlds the number lies in its range."""
    known = sum(one is not None for one in row["worlds"])
    return f"{row['worlds_in_range']} of {known}" if known else ""


def remarks(card: Mapping[str, Any]) -> list[str]:
    """What must be known beside the numbers, each thing once."""
    told: dict[str, list[str]] = {}
    for key, row in card["patterns"].items():
        for remark in (row["why"], *row["note"].split("; ")):
            if remark:
                told.setdefault(remark, []).append(key)
    return [f"{', '.join(keys) if len(keys) < 6 else 'Most numbers'}: {remark}."
            for remark, keys in told.items()]  # fmt: skip


def counted_kinds(card: Mapping[str, Any]) -> list[str]:
    """How many numbers of each kind lie in their range, and what that is worth."""
    return [
        f"{kind.capitalize()}: {one['in_range']} of {one['found']} in range ({KINDS[kind]})."
        for kind, one in card["counts"].items()
    ]
