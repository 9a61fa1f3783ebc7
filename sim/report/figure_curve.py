"""The figure of response curves: what the hours bring, what a person reached costs, and which part
of the bend is assumed.

Lines end where the runs end. Points are what was run, with the interval of the expected outcome
over the parameters; the band is that of the fit. A dashed line is the same policy before the
smaller public, as a share of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.context import Context
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
TALL, LOWER, GAP, AXIS = 2.7, 1.75, 0.62, 0.55
PARTS = {
    "originals": ("originals", "assumed"), "quality_assumed": ("quality of a post", "assumed"),
    "views_per_original": ("views per original", "emerges"),
    "people_per_view": ("people per view", "emerges"),
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
    curves = shown(summary)
    title, subtitle = titles(summary, curves)
    left_out = sum(one["is_largest"] for one in summary["curves"]) - len(curves)
    note = footnote(summary, context, *([f"{left_out} more curves in curves.csv"] if left_out else
                                        []))  # fmt: skip
    lead = curves[0]
    top = heading_height(title, subtitle) + 0.25
    height = top + TALL + GAP + LOWER + (GAP + LOWER if lead["parts"] else 0) + AXIS
    figure = sheet(height + foot_height(note))
    names = [one["label"] for one in curves]
    right = MARGIN + widest(figure, [*names, "views per original (emerges)"]) + 0.12
    axes = panel(figure, 0.85, right, top, TALL)
    _reach(axes, summary, curves)
    cost = panel(figure, 0.85, right, top + TALL + GAP, LOWER)
    _cost(cost, summary, curves)
    last = cost
    if lead["parts"]:
        last = panel(figure, 0.85, right, top + TALL + 2 * GAP + LOWER, LOWER)
        _parts(last, lead)
    for one in {id(axes): axes, id(cost): cost, id(last): last}.values():
        _hours(one, curves, named=one is last)
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
    sizes = sorted({one["people"] for one in summary["curves"]})
    dashed = f"; dashed: before {short(sizes[0])}" if len(sizes) > 1 else ""
    return title + ".", (
        f"{label} before a public of {short(sizes[-1])} people{dashed}. Typical outcome over the "
        f"parameters, {100 * summary['confidence']:.3g} % intervals. Points were run, lines are "
        "Hill curves and end where the runs end; the dotted line is the network as it is today."
    )


def _reach(axes: Axes, summary: Mapping[str, Any], curves: Sequence[Curve]) -> None:
    ends = []
    for curve, colour in zip(curves, COLOURS, strict=False):
        scale = PER / curve["people"]
        grid = curve["grid"]
        _band(axes, grid["hours"], grid["lo"], grid["hi"], scale, colour)
        axes.plot(grid["hours"], [scale * one for one in grid["outcome"]], color=colour,
                  linewidth=1.6, zorder=3)  # fmt: skip
        _points(axes, curve["hours_per_week"], curve["typical"], scale, colour)
        ends.append(scale * grid["outcome"][-1])
        for other in _before_others(summary, curve):
            lesser = other["grid"]
            axes.plot(lesser["hours"], [PER / other["people"] * one for one in lesser["outcome"]],
                      color=colour, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"{what(summary).capitalize()} reached\nper 1,000 of the public"
                    if what(summary) == "people" else f"{what(summary)} per 1,000 of the public")
    _name(axes, ends, [one["label"] for one in curves], COLOURS)


def _before_others(summary: Mapping[str, Any], curve: Curve) -> list[Curve]:
    """The same policy before other publics."""
    return [one for one in summary["curves"] if not one["is_largest"]
            and (one["levers"], one["world"]) == (curve["levers"], curve["world"])]  # fmt: skip


def _band(axes: Axes, x: Any, lo: Any, hi: Any, scale: float, colour: str) -> None:
    if all(one is not None for one in (*lo, *hi)):
        axes.fill_between(x, [scale * one for one in lo], [scale * one for one in hi],
                          color=colour, alpha=0.13, linewidth=0, zorder=1)  # fmt: skip


def _points(axes: Axes, x: Sequence[float], spans: Sequence[Mapping[str, Any]], scale: float,
            colour: str) -> None:  # fmt: skip
    for place, span in zip(x, spans, strict=True):
        if span["mean"] is None:
            continue
        if span["lo"] is not None and span["hi"] is not None:
            axes.vlines(place, scale * span["lo"], scale * span["hi"], color=colour, linewidth=0.9,
                        alpha=0.6, zorder=3)  # fmt: skip
        axes.plot(place, scale * span["mean"], marker="o", markersize=4, color=colour, zorder=4)


def _cost(axes: Axes, summary: Mapping[str, Any], curves: Sequence[Curve]) -> None:
    ends = []
    for curve, colour in zip(curves, COLOURS, strict=False):
        grid = curve["grid"]
        _band(axes, grid["hours"], grid["cost_lo"], grid["cost_hi"], 1.0, colour)
        axes.plot(grid["hours"], grid["cost"], color=colour, linewidth=1.6, zorder=3)
        _points(axes, curve["hours_per_week"], curve["cost"], 1.0, colour)
        ends.append(grid["cost"][-1])
    axes.set_yscale("log")
    _plain_ticks(axes)
    axes.set_ylabel(f"Staff hours per 1,000\n{what(summary)} reached"
                    if what(summary) == "people" else f"Staff hours per\n1,000 {what(summary)}")
    _name(axes, ends, [one["label"] for one in curves], COLOURS)


def _parts(axes: Axes, curve: Curve) -> None:
    """Assumed and emerging factors over their values at the level nearest to today's."""
    ends, names, colours = [], [], []
    for (name, (label, origin)), colour in zip(PARTS.items(), (SOFT, SOFT, COLOURS[0], COLOURS[1]),
                                               strict=True):  # fmt: skip
        spans = curve["parts"][name]
        values = [one["mean"] for one in spans]
        style = "-" if origin == "emerges" else ((0, (4, 2)) if name == "originals" else ":")
        axes.plot(curve["hours_per_week"], values, color=colour, linestyle=style, linewidth=1.5,
                  marker="o", markersize=3, zorder=3)  # fmt: skip
        if all(one["lo"] is not None for one in spans):
            axes.fill_between(curve["hours_per_week"], [one["lo"] for one in spans],
                              [one["hi"] for one in spans], color=colour, alpha=0.13,
                              linewidth=0)  # fmt: skip
        ends.append(values[-1])
        names.append(f"{label} ({origin})")
        colours.append(colour)
    axes.set_yscale("log")
    _plain_ticks(axes)
    axes.axhline(1, color=INK, linewidth=0.6)
    axes.set_ylabel(f"Times its value at\n{plain(curve['hours_per_week'][_usual(curve)])} h a week")
    axes.set_title(f"Which part is assumed: {curve['label']}", loc="left", fontsize=NOTE + 1.2,
                   color=SOFT, pad=3)  # fmt: skip
    _name(axes, ends, names, colours)


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
    axes.set_xlim(0.93 * min(every), 1.07 * max(every))
    log_ticks(axes)
    axes.axvline(curves[0]["usual_hours_per_week"], color=INK, linewidth=0.8, linestyle=":",
                 zorder=1)  # fmt: skip
    axes.grid(color=FAINT, zorder=0)
    if named:
        axes.set_xlabel("Staff hours a week, whole network (logarithmic)")


def _name(axes: Axes, ends: Sequence[float], names: Sequence[str], colours: Sequence[str]) -> None:
    """Names beside the ends of the lines, in their colours, none over another."""
    low, high = axes.get_ylim()
    figure: Any = axes.figure
    tall = axes.get_position().height * figure.get_size_inches()[1]
    log = axes.get_yscale() == "log"
    import math

    def share(value: float) -> float:
        if log:
            return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        return (value - low) / (high - low)

    places = apart([share(one) for one in ends], 0.155 / tall)
    for place, name, colour in zip(places, names, colours, strict=False):
        axes.annotate(name, (1, place), xycoords="axes fraction", xytext=(5, 0),
                      textcoords="offset points", color=colour, va="center", fontsize=LABEL - 0.6,
                      annotation_clip=False)  # fmt: skip
