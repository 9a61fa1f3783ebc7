"""The figure of response curves: what the hours bring, what a person reached costs, and which part
of the bend is assumed.

Lines end where the runs end. Points are what was run, with the interval of the expected outcome
over the parameters as a bar; bars of one level of hours stand side by side. A single curve has the
band of the fit as well; the bands of several hide one another. A dashed line is the same policy
before the smaller public, as a share of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.context import Context
from sim.report.curve_words import people, publics, with_publics
from sim.report.figures import saved
from sim.report.style import (
    FAINT,
    INK,
    LABEL,
    MARGIN,
    NOTE,
    SOFT,
    apart,
    foot,
    foot_height,
    footnote,
    head,
    heading_height,
    log_ticks,
    panel,
    sheet,
    short,
    styled,
    widest,
)
from sim.report.words import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
PER = 1_000
TALL, LOWER, GAP, AXIS = 2.7, 1.75, 0.72, 0.55
SAMPLE, BESIDE = 0.3, 0.07  # inches: a line's sample, and the gap before and behind it
STEP = 0.011  # of the axis: between bars of one level
DASHED, DOTTED = (0, (4, 2)), (0, (4, 1.5, 1, 1.5))
PARTS = {  # no colour of a curve, since these are parts of one; what is assumed is broken
    "originals": ("originals (assumed)", INK, DASHED),
    "quality_assumed": ("quality of a post (assumed)", SOFT, DOTTED),
    "views_per_original": ("views per original (emerges)", "#5E3C99", "-"),
    "people_per_view": ("people per view (emerges)", "#8C510A", "-"),
}  # fmt: skip
Curve = Mapping[str, Any]


def save_curve_figures(folder: Path, summary: Mapping[str, Any], context: Context) -> list[Path]:
    """curves.svg and curves.png."""
    return saved(folder, "curves", plot_curves(summary, context))


def shown(summary: Mapping[str, Any]) -> list[Curve]:
    """The curves before the largest public, as many as there are colours."""
    return [one for one in summary["curves"] if one["is_largest"]][: len(COLOURS)]


def what(summary: Mapping[str, Any]) -> str:
    """The unit of the outcome, in words."""
    return str(summary["measures"][summary["objective"]]["unit"])


@styled
def plot_curves(summary: Mapping[str, Any], context: Context) -> Figure:
    """Reach, its cost and its parts over the hours."""
    curves, context = shown(summary), with_publics(summary, context)
    title, subtitle = titles(summary, curves)
    left_out = sum(one["is_largest"] for one in summary["curves"]) - len(curves)
    note = footnote(summary, context, *([f"{left_out} more curves in curves.csv"] if left_out else
                                        []))  # fmt: skip
    lead = curves[0]
    top = heading_height(title, subtitle) + 0.3
    height = top + TALL + GAP + LOWER + (GAP + LOWER if lead["parts"] else 0) + AXIS
    figure = sheet(height + foot_height(note))
    names = [*(one["label"] for one in curves), *(label for label, *_ in PARTS.values())]
    right = MARGIN + widest(figure, names) + SAMPLE + 2 * BESIDE
    axes = panel(figure, 0.85, right, top, TALL)
    cost = panel(figure, 0.85, right, top + TALL + GAP, LOWER)
    panels = [(axes, _reach), (cost, _cost)]
    if lead["parts"]:
        below = panel(figure, 0.85, right, top + TALL + 2 * GAP + LOWER, LOWER)
        panels.append((below, _parts))
    for one, draw in panels:
        _hours(one, curves, named=one is panels[-1][0])
        draw(one, summary, curves)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def titles(summary: Mapping[str, Any], curves: Sequence[Curve]) -> tuple[str, str]:
    """The finding, and what is drawn."""
    found = [one["buys_nothing_from"] for one in curves]
    label = summary["measures"][summary["objective"]]["label"]
    first, last = curves[0]["typical"][0]["mean"], curves[0]["typical"][-1]["mean"]
    hours = curves[0]["hours_per_week"]
    fold = f"{hours[-1] / hours[0]:.3g}"
    title = f"{fold} times the hours bring {last / max(first, 1e-9):.2g} times the reach"
    if summary["objective"] != "target_reach":
        title = f"{fold} times the hours bring {last / max(first, 1e-9):.2g} times as much"
    title += f" ({curves[0]['label']})" if len(curves) > 1 else ""
    known = [one for one in found if one is not None]
    title += "; more hours still bring more, as far as was run" if not known else (
        f"; from {plain(min(known))} hours a week on more buy next to nothing"
        + ("" if len(known) == len(found) else " for some")
    )  # fmt: skip
    bands = "Band: that of the fit. " if len(curves) == 1 else ""
    return title + ".", (
        f"{label}, typical outcome over the parameters. Points were run; bars: their "
        f"{100 * summary['confidence']:.3g} % intervals, those of one level side by side. {bands}"
        "Lines are Hill curves and end where the runs end."
    )


def _headed(axes: Axes, text: str) -> None:
    """What a panel shows, above it."""
    axes.set_title(text, loc="left", fontsize=NOTE + 1.2, color=SOFT, pad=4)


def _before(summary: Mapping[str, Any]) -> str:
    return f"before {people(publics(summary)[-1])}"


def _reach(axes: Axes, summary: Mapping[str, Any], curves: Sequence[Curve]) -> None:
    ends = []
    for place, (curve, colour) in enumerate(zip(curves, COLOURS, strict=False)):
        scale = PER / curve["people"]
        grid = curve["grid"]
        if len(curves) == 1:
            _band(axes, grid["hours"], grid["lo"], grid["hi"], scale, colour)
        axes.plot(grid["hours"], [scale * one for one in grid["outcome"]], color=colour,
                  linewidth=1.6, zorder=3)  # fmt: skip
        _points(axes, _apart(axes, curve, place, len(curves)), curve["typical"], scale, colour)
        ends.append(scale * grid["outcome"][-1])
        for other in _before_others(summary, curve):
            lesser = other["grid"]
            axes.plot(lesser["hours"], [PER / other["people"] * one for one in lesser["outcome"]],
                      color=colour, linewidth=1.0, linestyle=DASHED, zorder=2)  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"{what(summary).capitalize()} reached\nper 1,000 of the public"
                    if what(summary) == "people" else f"{what(summary)} per 1,000 of the public")
    smaller = " and ".join(map(plain, publics(summary)[:-1]))
    _headed(axes, f"What the hours bring {_before(summary)}"
            + (f"; dashed: before {smaller}" if smaller else ""))  # fmt: skip
    axes.annotate("hours of\ntoday", (curves[0]["usual_hours_per_week"], 0.0),
                  xycoords=axes.get_xaxis_transform(), xytext=(4, 4), textcoords="offset points",
                  fontsize=NOTE, color=SOFT, va="bottom")  # fmt: skip
    _name(axes, ends, [one["label"] for one in curves], COLOURS)


def _before_others(summary: Mapping[str, Any], curve: Curve) -> list[Curve]:
    """The same policy before other publics."""
    return [one for one in summary["curves"] if not one["is_largest"]
            and (one["levers"], one["world"]) == (curve["levers"], curve["world"])]  # fmt: skip


def _band(axes: Axes, x: Any, lo: Any, hi: Any, scale: float, colour: str) -> None:
    if all(one is not None for one in (*lo, *hi)):
        axes.fill_between(x, [scale * one for one in lo], [scale * one for one in hi],
                          color=colour, alpha=0.13, linewidth=0, zorder=1)  # fmt: skip


def _apart(axes: Axes, curve: Curve, place: int, of: int) -> list[float]:
    """The hours of a curve's points, moved so far that bars of one level do not hide another."""
    low, high = axes.get_xlim()
    shift = (high / low) ** (STEP * (place - (of - 1) / 2))
    return [shift * one for one in curve["hours_per_week"]]


def _points(axes: Axes, x: Sequence[float], spans: Sequence[Mapping[str, Any]], scale: float,
            colour: str) -> None:  # fmt: skip
    for place, span in zip(x, spans, strict=True):
        if span["mean"] is None:
            continue
        if span["lo"] is not None and span["hi"] is not None:
            axes.vlines(place, scale * span["lo"], scale * span["hi"], color=colour, linewidth=1.0,
                        alpha=0.6, zorder=3)  # fmt: skip
        axes.plot(place, scale * span["mean"], marker="o", markersize=3.6, color=colour, zorder=4)


def _cost(axes: Axes, summary: Mapping[str, Any], curves: Sequence[Curve]) -> None:
    ends = []
    for place, (curve, colour) in enumerate(zip(curves, COLOURS, strict=False)):
        grid = curve["grid"]
        if len(curves) == 1:
            _band(axes, grid["hours"], grid["cost_lo"], grid["cost_hi"], 1.0, colour)
        axes.plot(grid["hours"], grid["cost"], color=colour, linewidth=1.6, zorder=3)
        _points(axes, _apart(axes, curve, place, len(curves)), curve["cost"], 1.0, colour)
        ends.append(grid["cost"][-1])
    axes.set_yscale("log")
    _plain_ticks(axes)
    axes.set_ylabel(f"Staff hours per 1,000\n{what(summary)} reached"
                    if what(summary) == "people" else f"Staff hours per\n1,000 {what(summary)}")
    _headed(axes, f"What it costs {_before(summary)} (logarithmic)")
    _name(axes, ends, [one["label"] for one in curves], COLOURS)


def _parts(axes: Axes, summary: Mapping[str, Any], curves: Sequence[Curve]) -> None:
    """Assumed and emerging factors over their values at the level nearest to today's."""
    curve = curves[0]
    ends, today = [], curve["hours_per_week"][_usual(curve)]
    for place, (name, (_, colour, style)) in enumerate(PARTS.items()):
        spans, x = curve["parts"][name], _apart(axes, curve, place, len(PARTS))
        axes.plot(x, [one["mean"] for one in spans], color=colour, linestyle=style, linewidth=1.5,
                  zorder=3)  # fmt: skip
        _points(axes, x, spans, 1.0, colour)
        ends.append(spans[-1]["mean"])
    axes.set_yscale("log")
    _plain_ticks(axes)
    axes.axhline(1, color=INK, linewidth=0.6)
    axes.set_ylabel(f"Times its value at\n{plain(today)} h a week")
    _headed(axes, f"Which part is assumed: {curve['label']}, {_before(summary)} (logarithmic)")
    names, colours, styles = zip(*PARTS.values(), strict=True)
    _name(axes, ends, names, colours, styles)


def _usual(curve: Curve) -> int:
    return int(curve["parts"]["usual_level"])


def _plain_ticks(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.autoscale_view()
    low, high = axes.get_ylim()
    axes.set_ylim(low * 0.93, high * 1.07)
    low, high = axes.get_ylim()
    wide = (1.0,) if high / low > 300 else (1.0, 2.0, 5.0) if high / low > 8 else (
        1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)  # fmt: skip
    axes.yaxis.set_major_locator(LogLocator(base=10, subs=wide, numticks=14))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def _hours(axes: Axes, curves: Sequence[Curve], named: bool) -> None:
    """The common axis of hours, with today's marked."""
    every = [one for curve in curves for one in curve["hours_per_week"]]
    axes.set_xscale("log")
    axes.set_xlim(0.89 * min(every), 1.12 * max(every))
    log_ticks(axes)
    axes.axvline(curves[0]["usual_hours_per_week"], color=INK, linewidth=0.8, linestyle=":",
                 zorder=1)  # fmt: skip
    axes.grid(color=FAINT, zorder=0)
    if named:
        axes.set_xlabel("Staff hours a week, whole network (logarithmic)")


def _name(axes: Axes, ends: Sequence[float], names: Sequence[str], colours: Sequence[str],
          styles: Sequence[Any] = ()) -> None:  # fmt: skip
    """Names and samples of lines beside their ends, in their colours, none over another."""
    from matplotlib.lines import Line2D

    low, high = axes.get_ylim()
    figure: Any = axes.figure
    box, (broad, tall) = axes.get_position(), figure.get_size_inches()
    inch = 1 / (box.width * broad)
    log = axes.get_yscale() == "log"

    def share(value: float) -> float:
        if log:
            return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        return (value - low) / (high - low)

    places = apart([share(one) for one in ends], 0.165 / (box.height * tall))
    styles = styles or ["-"] * len(names)
    for place, name, colour, style in zip(places, names, colours, styles, strict=False):
        axes.add_artist(Line2D(
            [1 + BESIDE * inch, 1 + (BESIDE + SAMPLE) * inch], [place, place], color=colour,
            linestyle=style, linewidth=1.5, transform=axes.transAxes, clip_on=False,
        ))  # fmt: skip
        axes.annotate(name, (1, place), xycoords="axes fraction",
                      xytext=(72 * (2 * BESIDE + SAMPLE), 0), textcoords="offset points",
                      color=colour, va="center", fontsize=LABEL - 0.6,
                      annotation_clip=False)  # fmt: skip
