"""Two leagues, three yardsticks: how ministries change places, and how missions do.

Upper part: a line a ministry, from its place by followers over target reach to impact. Lower part:
a mark a mission, its place by followers against its place by impact; on the diagonal both agree.
Filled marks are missions whose followers are published, named where they are; open circles are
inferred rows and carry no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.context import Context, Table
from sim.report.style import (
    BASE,
    INK,
    LABEL,
    MARGIN,
    SOFT,
    TESTED,
    apart,
    foot,
    foot_height,
    footnote,
    head,
    heading_height,
    panel,
    readable,
    sheet,
    styled,
    two_lines,
    unreadable_note,
    widest,
)
from sim.report.words import fixed, name_of
from sim.study.ranks import YARDSTICKS, League, league_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, LEAST, PLOT, AXIS, HEADS, GAP = 0.24, 1.6, 3.4, 0.55, 0.5, 0.1
NAMES = ("followers", "target reach", "impact index")
MOST_NAMED, LETTERS = 8, 26  # measured missions named, those farthest from the diagonal
KINDS = (("ministry", "Ministry"), ("account", "Mission"))  # level of the table, and its name
WHERE = "among its kind in ranks.parquet"
READING = (
    "Above the dashed line: more impact than its followers suggest. Filled: followers published; "
    "open: inferred row."
)


def title_of(block: Mapping[str, Any]) -> str:
    """The finding: how far followers and impact agree on the missions."""
    rho = block["account"]["rank_correlations"]["followers / impact"]
    if rho["mean"] is None:
        return "Followers, reach and impact rank the same ministries differently"
    word = "hardly" if abs(rho["mean"]) < 0.3 else "partly" if rho["mean"] < 0.7 else "largely"
    told = "" if rho["low"] is None else (
        f", middle 80 % of worlds {fixed(rho['low'], 2)} to {fixed(rho['high'], 2)}"
    )  # fmt: skip
    end = f"(rank correlation {fixed(rho['mean'], 2)}{told})"
    if rho["mean"] <= -0.3:
        return f"Missions with many followers have the lower impact index {end}"
    return f"A mission's place by followers {word} tells its place by impact {end}"


SUBTITLE = (
    "Target reach: different people abroad (of a mission: in its host public). Impact index: "
    "authentic shares per original. Places are means over {worlds}, 1 is the largest. Reach and "
    "impact are simulated."
)


@styled
def plot_ranks(table: Table, summary: Mapping[str, Any], context: Context) -> Figure:
    """Both parts on one page."""
    block = summary["ranks"]
    ministries, missions = (league_of(table, block["arm"], level) for level, _ in KINDS)
    told = [part for (_, kind), one in zip(KINDS, (ministries, missions), strict=True)
            for part in unreadable_note(one.names, kind, WHERE)]  # fmt: skip
    ministries, missions = (
        replace(one, names=readable(one.names, kind))
        for (_, kind), one in zip(KINDS, (ministries, missions), strict=True)
    )
    worlds = int(summary["worlds"])
    title = title_of(block)
    subtitle = SUBTITLE.format(worlds="one world" if worlds == 1 else f"{worlds} worlds")
    note = footnote(summary, context, f"Arm: {context.scenario_label or name_of(block['arm'])}",
                    "Inferred rows: open circles, without a name", *told)  # fmt: skip
    lines = max(LEAST, ROW * len(ministries.names))
    top = heading_height(title, subtitle) + HEADS
    height = top + lines + HEADS + GAP + PLOT + AXIS + foot_height(note)
    figure = sheet(height)
    side = widest(figure, ["00  " + name for name in ministries.names]) + MARGIN + 0.15
    draw_ministries(panel(figure, side, side, top, lines), ministries)
    draw_missions(panel(figure, MARGIN + 0.55, MARGIN + 2.2, top + lines + HEADS + GAP, PLOT),
                  missions)  # fmt: skip
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def heading(axes: Axes, text: str, inches: float = 0.3) -> None:
    """The heading of one part, above its axes."""
    axes.annotate(text, (0, 1), xycoords="axes fraction", xytext=(0, 72 * inches),
                  textcoords="offset points", fontsize=LABEL + 0.5, fontweight="bold",
                  annotation_clip=False)  # fmt: skip


def draw_ministries(axes: Axes, league: League) -> None:
    """Places by the three yardsticks, joined; names at both ends."""
    places = np.array([league.mean_ranks(name) for name in YARDSTICKS])
    n = len(league.names)
    axes.set_xlim(0, 2)
    axes.set_ylim(n + 0.6, 0.4)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    for x, name in enumerate(NAMES):
        axes.axvline(x, color=SOFT, linewidth=0.6, zorder=1)
        axes.annotate(f"by {name}", (x, 1), xycoords=axes.get_xaxis_transform(), xytext=(0, 5),
                      textcoords="offset points", ha="center", fontsize=LABEL - 0.4, color=SOFT,
                      annotation_clip=False)  # fmt: skip
    for row in range(n):
        ours = league.sides[row] == "ours"
        colour = TESTED if ours else INK if league.sides[row] == "rival" else BASE
        axes.plot(range(3), places[:, row], color=colour, linewidth=2.2 if ours else 0.9,
                  alpha=1.0 if ours else 0.6, marker="o", markersize=5,
                  markerfacecolor="white", clip_on=False, zorder=4 if ours else 3)  # fmt: skip
    for x, align, offset in ((0, "right", -9), (2, "left", 9)):
        label_ends(axes, league, places[x], x, align, offset)


def label_ends(
    axes: Axes, league: League, places: np.ndarray, x: int, align: str, offset: float
) -> None:
    """Names beside the line ends, moved apart where places are shared."""
    known = np.flatnonzero(np.isfinite(places))
    spots = apart(places[known].tolist(), 0.86)
    for row, spot in zip(known.tolist(), spots, strict=True):
        ours = league.sides[row] == "ours"
        rank = fixed(float(places[row]), 0 if abs(places[row] % 1) < 0.05 else 1)
        name = league.names[row]
        text = f"{name}  {rank}" if align == "right" else f"{rank}  {name}"
        axes.annotate(text, (x, spot), xytext=(offset, 0), textcoords="offset points", ha=align,
                      va="center_baseline", fontsize=LABEL - 0.6, color=TESTED if ours else INK,
                      fontweight="bold" if ours else "normal", annotation_clip=False)  # fmt: skip
    if align == "right":
        heading(axes, "Ministries", 0.29)


def draw_missions(axes: Axes, league: League) -> None:
    """Place by followers against place by impact, with the diagonal."""
    x, y = league.mean_ranks("followers"), league.mean_ranks("impact")
    known = np.isfinite(x) & np.isfinite(y)
    n = max(int(known.sum()), 2)
    measured = np.array([label == "measured" for label in league.labels], dtype=bool)
    axes.plot([1, n], [1, n], color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for chosen, fill, size in ((known & ~measured, "white", 4.2), (known & measured, TESTED, 6.5)):
        axes.plot(x[chosen], y[chosen], linestyle="none", marker="o", markersize=size,
                  markerfacecolor=fill, markeredgecolor=TESTED if fill != "white" else BASE,
                  markeredgewidth=0.9, clip_on=False,
                  zorder=4 if fill != "white" else 2)  # fmt: skip
    pad = 0.02 * n
    axes.set_xlim(1 - pad, n + pad)
    axes.set_ylim(n + pad, 1 - pad)
    ticks = [1, *range(tick_step(n), n + 1, tick_step(n))]
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.set_xlabel("Place by followers (1: the most)")
    axes.set_ylabel("Place by impact index (1: the most)")
    heading(axes, f"Missions of the ministry ({int(known.sum())} with posts)", 0.29)
    axes.annotate(READING, (0, 1), xycoords="axes fraction", xytext=(0, 8),
                  textcoords="offset points", fontsize=LABEL - 0.6, color=SOFT,
                  annotation_clip=False)  # fmt: skip
    named = sorted(np.flatnonzero(known & measured).tolist(), key=lambda row: -abs(x[row] - y[row]))
    named = sorted(named[:MOST_NAMED], key=lambda row: y[row])
    spots = apart([float(y[row]) for row in named], 0.1 * n)
    below = max(0.05 * n - min(spots, default=0.0), 0.0)  # the heading
    spots = [spot + below for spot in spots]
    for row, spot in zip(named, spots, strict=True):
        axes.annotate(two_lines(league.names[row], LETTERS), (x[row], y[row]),
                      xytext=(n * 1.04, spot), textcoords="data", fontsize=LABEL - 0.8,
                      color=INK, va="center", linespacing=1.05, annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": TESTED, "linewidth": 0.4,
                                  "shrinkB": 3})  # fmt: skip


def tick_step(n: int) -> int:
    """A round distance of ticks for so many places."""
    return next((step for step in (2, 5, 10, 25, 50, 100, 250) if n / step <= 6), 1_000)
