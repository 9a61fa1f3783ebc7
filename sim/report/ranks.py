"""The leagues in print (task=rank): ministries, how the yardsticks disagree, climbers and fallers.

A name stands beside simulated figures only if it is neutral, or if its own row is measured: a real
mission of which the rank alone is published is counted and not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.report.answer import (
    asked_sentence,
    bullets,
    ending,
    paragraph,
    setting_sentence,
)
from sim.report.context import Context, Table
from sim.report.terminal import as_text, show
from sim.report.words import fixed, name_of, plain, within
from sim.study.ranks import League, league_of, mean_known, movers

HIDDEN = "rank measured, value inferred"
WORDS = {"followers": "followers", "target_reach": "target reach", "impact": "impact"}
HEADS = ("Ministry", "Followers", "Target reach", "Impact index")
WHAT = (
    "Ministries and missions in three leagues: by followers, by target reach (different people "
    "abroad; of a mission: in its host public) and by impact (authentic shares per original)."
)


def public_name(name: str, label: str) -> str:
    """The name as it may stand beside a simulated figure."""
    return "a mission whose rank alone is published" if label == HIDDEN else name


def mark(label: str) -> str:
    """What a row rests on, where it is not measured."""
    return "" if label == "measured" else f" ({label})"


def place(rank: float) -> str:
    """A mean rank: 3, or 3.5 where worlds differ."""
    return fixed(rank, 0 if abs(rank - round(rank)) < 0.05 or rank >= 10 else 1)


def ministry_lines(league: League, width: int) -> list[RenderableType]:
    """One line a ministry, by impact; each figure with its place in brackets."""
    order = np.argsort(league.mean_ranks("impact"), kind="stable").tolist()
    names = [league.names[row] + mark(league.labels[row]) for row in range(len(league.names))]
    cells = [[names[row], *(cell(league, name, row) for name in WORDS)] for row in order]
    widths = [max(len(line[k]) for line in [list(HEADS), *cells]) for k in range(len(HEADS))]
    lines = [
        "  ".join(part.ljust(size) if k == 0 else part.rjust(size)
                  for k, (part, size) in enumerate(zip(line, widths, strict=True))).rstrip()
        for line in [list(HEADS), *cells]
    ]  # fmt: skip
    lines.insert(1, "─" * min(width, sum(widths) + 2 * (len(widths) - 1)))
    return [Text(line, no_wrap=True, overflow="ignore") for line in lines]


def cell(league: League, name: str, row: int) -> str:
    """A mean and its place: 253,000 (2)."""
    value, rank = mean_known(league.values[name])[row], league.mean_ranks(name)[row]
    if not np.isfinite(value):
        return "no posts"
    return f"{plain(float(value))} ({place(float(rank))})"


def correlation_sentences(block: Mapping[str, Any]) -> list[str]:
    """How far two leagues agree, for ministries and for missions."""
    told = []
    for level, who in (("ministry", "ministries"), ("account", "missions of the ministry")):
        found, n = block[level]["rank_correlations"], block[level]["n"]
        parts = [
            f"{one_pair(pair)} {span(rho)}"
            for pair, rho in found.items() if rho["mean"] is not None
        ]
        if parts:
            told.append(f"{n} {who}, rank correlations: {'; '.join(parts)}.")
        else:
            told.append(f"{n} {who}: too few with posts for a rank correlation.")
    return told


def one_pair(pair: str) -> str:
    one, other = pair.split(" / ")
    return f"{WORDS[one]} with {WORDS[other]}"


def span(rho: Mapping[str, Any]) -> str:
    """.31 (middle 80 % of worlds: .22 to .40)."""
    told = fixed(rho["mean"], 2)
    if rho["low"] is None:
        return f"{told} (one world)"
    return f"{told} (middle 80 % of worlds: {fixed(rho['low'], 2)} to {fixed(rho['high'], 2)})"


def mover_sentences(league: League) -> list[str]:
    """The missions that stand much higher, or much lower, by impact than by followers."""
    followers, impact = league.mean_ranks("followers"), league.mean_ranks("impact")
    told = []
    for rows, word in zip(movers(league), ("Climbers", "Fallers"), strict=True):
        parts = [
            f"{public_name(league.names[row], league.labels[row])}{mark(league.labels[row])} "
            f"{place(followers[row])} to {place(impact[row])}"
            for row in rows
        ]
        if parts:
            told.append(f"{word}, from the place by followers to that by impact: "
                        f"{'; '.join(parts)}.")  # fmt: skip
    return told


def false_sentences(league: League) -> list[str]:
    """Whose followers or shares are partly false, in a contaminated world."""
    fake = mean_known(league.false_followers)
    bought = mean_known(league.false_shares)
    told = [
        f"{league.names[row]} with {plain(float(fake[row]))} false followers and "
        f"{plain(float(bought[row]))} false shares"
        for row in np.flatnonzero((fake > 0) | (bought > 0))
    ]
    return [f"Counted apart, and in no league above: {'; '.join(told)}."] if told else []


def ranking(table: Table, summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole section as one renderable."""
    arm, gap = summary["ranks"]["arm"], Text("")
    ministries, missions = (league_of(table, arm, level) for level in ("ministry", "account"))
    label = context.scenario_label or name_of(arm)
    worlds = int(summary["worlds"])
    told = f"Under {within(label)}, mean of {worlds} worlds; the place in each league in brackets."
    parts: list[RenderableType] = [
        paragraph(WHAT, width, "bold"), gap, paragraph(setting_sentence(context), width, "dim"),
    ]  # fmt: skip
    if context.asked:
        parts.append(paragraph(asked_sentence(context), width))
    notes = [
        *correlation_sentences(summary["ranks"]), *mover_sentences(missions),
        *false_sentences(ministries), *context.published,
        "Reach and impact are simulated, rivals and allies are inferred: the leagues show how far "
        "the yardsticks disagree, not who is ahead in the world.",
    ]  # fmt: skip
    parts += [gap, paragraph(told, width), gap, *ministry_lines(ministries, width), gap,
              *bullets(notes, width), gap,
              *ending(context, width, " (ranks.csv, figures/ranks)")]  # fmt: skip
    return Group(*parts)


def print_ranking(
    table: Table, summary: Mapping[str, Any], context: Context, console: Console | None = None
) -> None:
    """Print to the terminal."""
    show(lambda width: ranking(table, summary, context, width), console)


def ranking_text(
    table: Table, summary: Mapping[str, Any], context: Context, width: int = 100
) -> str:
    """The same as plain text."""
    return as_text(lambda columns: ranking(table, summary, context, columns), width)
