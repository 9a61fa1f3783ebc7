"""What task=validate prints: the trust card. Every number over the parameter draws, none left out.

A row holds its range, the median over draws and between what values nine in ten draws lie, in how
many draws it is in range, by how much it misses, and for facts the naive forecast.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.evidence import KINDS, number_text, span_text
from sim.report.answer import bullets, paragraph
from sim.report.terminal import as_text, show
from sim.report.trust_line import short_form
from sim.report.words import plain
from sim.study.scoring import half_in_range

WIDEST = 100
HEADS = ("", "", "In range if", "Model, median\n90 % of draws", "Draws\nin range", "Verdict")
LABELS = {
    "D1.best_over_followers": "giant: re-shares of best post, a follower",
    "D2.best_over_giant": "the same, best account over giant",
    "D3.growth": "followers 60 days after a star post",
    "D4.growth": "followers after 12 months: serious investment, rising interest",
    "D4.growth.switch": "the investment only",
    "D4.growth.interest": "the interest only",
    "D5.support_ratio": "an ally's support over the other's (replication, not counted)",
    "D6.engagement_sharp_over_positive": "sharp over positive tone: engagement, log",
    "D6.opinion_sharp": "opinion under sharp tone, sd [*]",
    "D6.opinion_positive": "opinion under positive tone, sd [*]",
    "D7.simultaneous": "opposed frames at once: net over one's effect [*]",
    "D7.separated": "apart: net towards the later one, sd [*]",
}
STYLES = {"in range": "green", "not known": "dim"}
ASSUMED = "[*] assumed effect sizes: no calibration target informs opinion, its signs are free."
RANGES = {0.0: "0", 1e-4: "1 in 10,000", 1000.0: "1,000"}


def print_card(card: Mapping[str, Any], console: Console | None = None) -> None:
    """Print to the terminal; NO_COLOR, COLUMNS and pipes are respected by rich."""
    show(lambda width: whole(card, width), console, WIDEST)


def card_text(card: Mapping[str, Any], width: int = WIDEST) -> str:
    """The same as plain text, without colour."""
    return as_text(lambda columns: whole(card, columns), width)


def whole(card: Mapping[str, Any], width: int) -> Group:
    """Question, sum, patterns, facts, remarks."""
    gap = Text("")
    parts: list[RenderableType] = [
        paragraph("What does the model show beside what was published?", width, "bold"), gap,
        paragraph(card["setting"], width, "dim"),
    ]  # fmt: skip
    if card["cut"]:
        told = f"Cut to {card['fact_days']} days: not the horizons of the published facts."
        parts.append(paragraph(told, width, "bold yellow"))
    parts += [gap, *(paragraph(one, width, "bold") for one in short_form(card)), gap]
    parts += [Text("PUBLISHED PATTERNS", style="bold"), pattern_table(card), gap]
    if card["facts"]:
        parts += [Text("FACTS HELD OUT", style="bold"), fact_table(card), gap]
    parts += [*bullets(remarks(card), width), gap, *bullets(basis(card), width), gap,
              Text(f"Results: {card['folder']}", no_wrap=True, overflow="ignore")]  # fmt: skip
    return Group(*parts)


def empty_table(*more: str) -> Table:
    """The columns that patterns and facts share, and what a table has beside."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for place, head in enumerate((*HEADS, *more)):
        side: Any = "right" if place in (3, 4) else "left"
        table.add_column(head, justify=side, vertical="top", no_wrap=place in (0, 4),
                         ratio=1 if place == 1 else None)  # fmt: skip
    return table


def pattern_table(card: Mapping[str, Any]) -> Table:
    """C1-C18, those that are evidence first."""
    table = empty_table()
    for kind in reversed(KINDS):
        table.add_row("", Text(kind.upper(), style="bold"))
        for key, row in card["patterns"].items():
            if row["kind"] == kind:
                low, high = row["range"]
                span = span_text(low, high, row["unit"])
                table.add_row(*cells_of(key, row["about"], span, row, pattern_miss(row)))
    return table


def fact_table(card: Mapping[str, Any]) -> Table:
    """D1-D7 with the naive forecast and whether the model beats it."""
    table = empty_table("No model\nModel is")
    for one in card["facts"].values():
        for key, row in one["rows"].items():
            name = key if row["judged"] else ""
            cells = cells_of(name, LABELS.get(key, key), bounds_text(row), row, fact_miss(row))
            table.add_row(*cells, naive_text(row))
    return table


def cells_of(
    key: str, label: str, span: str, row: Mapping[str, Any], miss: str
) -> list[str | Text]:
    """One number as a row of the table."""
    return [key.partition(".")[0], label, span, model_text(row, row["unit"]), draws_text(row),
            Text(miss, style=STYLES.get(miss, "yellow"))]  # fmt: skip


def model_text(row: Mapping[str, Any], unit: str) -> str:
    """The median over draws, and below it the interval."""
    if row["value"] is None:
        return ""
    centre = quantity(row["value"], unit)
    if row["interval"] is None:
        return centre
    low, high = (quantity(one, unit).removeprefix("x ") for one in row["interval"])
    return f"{centre}\n{low} to {high}"


def quantity(value: float, unit: str) -> str:
    """A number of the card as people read it."""
    if unit == "share":
        return number_text(value, unit)
    return f"x {plain(value)}" if unit == "x" else plain(value)


def draws_text(row: Mapping[str, Any]) -> str:
    """In how many draws the number lies in its range."""
    return f"{row['n_in_range']} of {len(row['draws'])}"


def pattern_miss(row: Mapping[str, Any]) -> str:
    """By how many standard deviations of its range the median lies beyond an end. What is counted
    as in range since half of an even number of draws are says both."""
    if row["in_range"] is None:
        return "not known"
    if row["in_range"]:
        return "in range"
    if half_in_range(row):
        where = "above" if row["miss"] > 0 else "below"
        return f"half are; median\n{plain(abs(row['miss']), 2)} sd {where} it"
    return f"misses by {plain(abs(row['miss']), 2)} sd\n{side(row)}"


def fact_miss(row: Mapping[str, Any]) -> str:
    """By how much the median lies beyond an end: a factor, or a difference."""
    if row["in_range"] is None:
        return "not known"
    if row["in_range"]:
        return "in range"
    if row["miss"] == 0:
        return "misses:\non the end"
    if row["scale"] == "log":
        return f"misses by x {plain(math.exp(abs(row['miss'])), 2)}\n{side(row)}"
    return f"misses by {plain(abs(row['miss']), 2)}\n{side(row)}"


def side(row: Mapping[str, Any]) -> str:
    """On which side of its range a number lies."""
    return "(above it)" if row["miss"] > 0 else "(below it)"


def bounds_text(row: Mapping[str, Any]) -> str:
    """The range of a fact, strict ends as such."""
    low, high = row["range"]
    if low is not None and high is not None:
        mark = "x " if row["unit"] == "x" else ""
        return f"{mark}{plain(low)} to {plain(high)}"
    end = RANGES.get(low if high is None else high, plain(low if high is None else high))
    if high is None:
        return f"above {end}" if row["strict"] else f"{end} or more"
    return f"below {end}" if row["strict"] else f"{end} or less"


def naive_text(row: Mapping[str, Any]) -> str:
    """The naive forecast, whether it is in range, and whether the model does better."""
    where = "in" if row["naive_in_range"] else "out"
    return f"{quantity(row['naive'], row['unit'])}, {where}\n{row['beats_naive']}"


def remarks(card: Mapping[str, Any]) -> Iterator[str]:
    """What must be known beside the numbers, each thing once."""
    told: dict[str, list[str]] = {}
    rows = [*card["patterns"].items(),
            *((key, row) for one in card["facts"].values() for key, row in one["rows"].items())]
    for key, row in rows:
        for remark in (row["why"], *row["note"].split("; ")):
            if remark:
                told.setdefault(remark, []).append(key)
    for remark, keys in told.items():
        yield f"{', '.join(keys) if len(keys) < 6 else 'Most numbers'}: {remark}."
    for code, one in card["facts"].items():
        parts = [f"{words} {plain(value)}" for words, value in one["details"].items()]
        if parts:
            yield f"{code}, medians over draws: {'; '.join(parts)}."


def basis(card: Mapping[str, Any]) -> Iterator[str]:
    """What the verdicts mean, and how they are counted."""
    for kind, one in card["counts"].items():
        if kind in KINDS:
            yield (f"{kind.capitalize()}: {one['in_range']} of {one['numbers']} in range in at "
                   f"least half of the draws ({KINDS[kind]}).")  # fmt: skip
    if card["facts"]:
        yield ASSUMED
    else:
        yield "The facts held out were left aside (study.facts=false)."
        return
    for code, one in card["facts"].items():
        if one["counted"] and code == one["together"][0]:
            yield (f"{' with '.join(one['together'])}: all in range at once in {one['n_holding']} "
                   f"of {card['worlds']} draws: {'holds' if one['holds'] else 'does not hold'}.")
    yield (
        "No model: every account repeats its own past, so ratios are 1 and changes 0 (D1: all "
        "followers count alike, by C4); in or out of the range. Patterns have none: a past that "
        "repeats itself is the data. Better or worse by the mean over draws of 0 in range, else "
        "1 + m / (1 + m), m the miss."
    )


def card_rows(card: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """trust_card.csv: a row a number."""
    plain_names = ("value", "n_in_range", "n_known", "miss", "loss", "in_range", "note", "why")
    header = ["key", "about", "kind", "unit", "scale", "low", "high", "interval_low",
              "interval_high", "draws", *plain_names, "naive", "naive_in_range",
              "beats_naive"]  # fmt: skip
    rows = []
    facts = {key: row for one in card["facts"].values() for key, row in one["rows"].items()}
    for key, row in {**card["patterns"], **facts}.items():
        kind = row.get("kind") or ("held out" if row["judged"] else "held out, not judged")
        rows.append([
            key, row["about"], kind, row["unit"], row["scale"], *row["range"],
            *(row["interval"] or (None, None)), len(row["draws"]),
            *(row[name] for name in plain_names),
            *(row.get(name) for name in ("naive", "naive_in_range", "beats_naive")),
        ])  # fmt: skip
    return header, rows
