"""The figure of the trial: every verdict's interval and the truth it was about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.style import (
    BASE,
    FAINT,
    INK,
    NOTE,
    SOFT,
    TITLE,
    VERDICTS,
    panel,
    sheet,
    styled,
)
from verification.misspecification.trial import LABELS, LEAD, QUESTIONS

COLOURS = {"right": VERDICTS["better"], "too close to call": BASE, "size": "#CC79A7",
           "opposite": VERDICTS["worse"], "unjudged": "#BBBBBB"}  # fmt: skip
NAMES = {"right": "right", "too close to call": "too close to call",
         "size": "wrong about the size", "opposite": "wrong sign",
         "unjudged": "truth not known well enough"}  # fmt: skip
ROW, GAP = 0.105, 0.2  # inches of a world, and between generators
LEFT, RIGHT, TOP, FOOT, BETWEEN = 1.75, 0.15, 1.05, 0.85, 0.2


@styled
def plot_trial(report: Mapping[str, Any]) -> Any:
    """A panel a question, a row a world."""
    rows = [one for one in report["rows"] if one["how"] == "calibrated" and one["measure"] == LEAD]
    heights = places(report, rows)
    tall = max(heights.values(), default=0.0) + ROW
    figure = sheet(TOP + tall + FOOT)
    wide = (8.0 - LEFT - RIGHT - BETWEEN * (len(QUESTIONS) - 1)) / len(QUESTIONS)
    for k, question in enumerate(QUESTIONS):
        left = LEFT + k * (wide + BETWEEN)
        axes = panel(figure, left, 8.0 - left - wide, TOP, tall)
        draw(axes, [one for one in rows if one["question"] == question], heights, tall,
             100 * report["worth"])  # fmt: skip
        axes.set_title(LABELS[question], fontsize=9.5, loc="left")
        axes.set_xlabel("% of the status quo")
        if k == 0:
            labels(axes, report, heights)
    write(figure, report)
    return figure


def places(report: Mapping[str, Any], rows: Any) -> dict[tuple[str, int], float]:
    """Where each world stands, in inches from the top."""
    found, here = {}, ROW
    for name in report["generators"]:
        for world in sorted({one["world"] for one in rows if one["generator"] == name}):
            found[name, world] = here
            here += ROW
        here += GAP
    return found


def draw(axes: Any, rows: Any, heights: Mapping[tuple[str, int], float], tall: float,
         worth: float) -> None:  # fmt: skip
    """Intervals as lines, truths as ticks."""
    axes.axvspan(-worth, worth, color=FAINT, zorder=0, lw=0)
    axes.axvline(0, color=SOFT, lw=0.6, zorder=1)
    for one in rows:
        y, colour = heights[one["generator"], one["world"]], COLOURS[one["outcome"]]
        if one["span"] is not None:
            ends = [100 * one["span"][end] for end in ("lo", "hi")]
            axes.plot(ends, [y, y], color=colour, lw=2.2, zorder=2)
            axes.plot(100 * one["span"]["mean"], y, "o", color=colour, ms=2.6, zorder=3)
        if one["true"] is not None:
            axes.plot(100 * one["true"]["mean"], y, "|", color=INK, ms=6, mew=1.3, zorder=4)
    axes.set_ylim(tall, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def labels(axes: Any, report: Mapping[str, Any], heights: Mapping[tuple[str, int], float]) -> None:
    """The generators at the left."""
    for name, one in report["generators"].items():
        mine = [y for (generator, _), y in heights.items() if generator == name]
        told = one["label"] if not one["outside"] else f"{one['label']} *"
        axes.annotate(told.replace(", ", ",\n"), (0, sum(mine) / len(mine)),
                      xycoords=("axes fraction", "data"), xytext=(-8, 0), fontsize=8,
                      textcoords="offset points", ha="right", va="center",
                      annotation_clip=False)  # fmt: skip


def write(figure: Any, report: Mapping[str, Any]) -> None:
    """Title, key and footnote."""
    tall = figure.get_size_inches()[1]
    title = "Verdicts of the calibrated default model in worlds that are built otherwise"
    figure.text(0.02, 1 - 0.28 / tall, title, fontsize=TITLE, fontweight="bold")
    figure.text(0.02, 1 - 0.5 / tall, (
        "Reach in the target public against the status quo. Line: 95 % interval of the answer; "
        "tick: the truth."
    ), fontsize=9, color=SOFT)  # fmt: skip
    x = 0.02
    seen = {one["outcome"] for one in report["rows"]}
    for name in (name for name in COLOURS if name in seen):
        figure.text(x, 1 - 0.7 / tall, "▬ " + NAMES[name], fontsize=8.2, color=COLOURS[name])
        x += 0.045 + 0.0107 * len(NAMES[name])
    sizes = report["trial"]
    figure.text(0.02, 0.1 / tall, (
        f"Grey band: smaller than is worth acting on. * a mechanism that no kind of the model has. "
        f"{sizes['days']} days, {sizes['n_people']:,} people,\n{sizes['draws']} posterior draws x "
        f"{sizes['replicates']}; a row is a world, the same world in all three panels."
    ), fontsize=NOTE, color=SOFT)  # fmt: skip
