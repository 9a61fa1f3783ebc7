"""The figure of a phase map: the difference in colour, its border with the band in which the sign
cannot be told, and the points that were run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.context import Context
from sim.report.figures import saved
from sim.report.map_answer import axis_words, finding
from sim.report.style import (
    INK,
    MARGIN,
    NOTE,
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
)
from sim.report.words import within

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL, AXIS, BAR = 4.3, 0.85, 1.35


def save_map_figures(folder: Path, summary: Mapping[str, Any], context: Context) -> list[Path]:
    """map.svg and map.png."""
    return saved(folder, "map", plot_map(summary, context))


@styled
def plot_map(summary: Mapping[str, Any], context: Context) -> Figure:
    """The plane of two circumstances."""
    title = finding(summary)
    sure = 100 * summary["map"]["sure"]
    subtitle = (
        f"Colour: expected difference in {within(lead(summary)['label'])}, per cent of the other. "
        f"{'Thick line: where it is 0. ' if has_border(summary) else ''}"
        f"Hatched: where its sign is known with less than {sure:.0f} %. "
        f"Dots: the {len(summary['map']['points'])} circumstances that were run, blue where "
        f"{within(tested(summary))} came out ahead, orange where behind; a Gaussian process lies "
        "between them."
    )
    note = footnote(summary, context)
    top = heading_height(title, subtitle) + 0.15
    figure = sheet(top + TALL + AXIS + foot_height(note))
    axes = panel(figure, 0.95, MARGIN + BAR, top, TALL)
    shown = _plane(axes, summary)
    _points(axes, summary)
    _scales(axes, summary)
    _bar(figure, axes, shown, summary)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def lead(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = summary["measures"][summary["objective"]]
    return found


def has_border(summary: Mapping[str, Any]) -> bool:
    """Whether the sign turns anywhere on the map."""
    gaps = [one for row in summary["map"]["difference"] for one in row]
    return min(gaps) < 0 < max(gaps)


def tested(summary: Mapping[str, Any]) -> str:
    return str(summary["points"][0]["label"]).partition(";")[0]


def _plane(axes: Axes, summary: Mapping[str, Any]) -> Any:
    """Colour, the border and the band of doubt."""
    import numpy as np
    from matplotlib.colors import TwoSlopeNorm

    one = summary["map"]
    x, y = (np.array(axis["values"]) for axis in one["axes"])
    gap, p = 100 * np.array(one["difference"]), np.array(one["p_better"])
    reach = max(float(np.abs(gap).max()), 100 * summary["worth"])
    better = lead(summary)["better"] != "lower"
    shown = axes.contourf(x, y, gap, levels=np.linspace(-reach, reach, 21),
                          cmap="PuOr" if better else "PuOr_r",
                          norm=TwoSlopeNorm(0, -reach, reach), zorder=1)  # fmt: skip
    sure = one["sure"]
    axes.contourf(x, y, p, levels=[1 - sure, sure], colors="none", hatches=["////"], zorder=2)
    if gap.min() < 0 < gap.max():
        axes.contour(x, y, gap, levels=[0.0], colors=INK, linewidths=2.2, zorder=3)
    inside = [level for level in (1 - sure, sure) if p.min() < level < p.max()]
    if inside:
        axes.contour(x, y, p, levels=inside, colors=INK, linewidths=0.8, linestyles="dashed",
                     zorder=3)  # fmt: skip
    return shown


def _points(axes: Axes, summary: Mapping[str, Any]) -> None:
    sign = -1 if lead(summary)["better"] == "lower" else 1
    for point in summary["map"]["points"]:
        ahead = sign * point["difference"] > 0
        axes.plot(*point["place"], marker="o" if ahead else "s", markersize=5.2,
                  markerfacecolor="#0072B2" if ahead else "#D55E00", markeredgecolor="white",
                  markeredgewidth=0.8, clip_on=False, zorder=4)  # fmt: skip


def _scales(axes: Axes, summary: Mapping[str, Any]) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    across, up = summary["map"]["axes"]
    if up["log"]:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0), numticks=12))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.set_ylim(up["values"][0], up["values"][-1])
    if across["log"]:
        axes.set_xscale("log")
    axes.set_xlim(across["values"][0], across["values"][-1])
    if across["log"]:
        log_ticks(axes)
    axes.set_xlabel(axis_words(across))
    axes.set_ylabel(axis_words(up))


def _bar(figure: Figure, axes: Axes, shown: Any, summary: Mapping[str, Any]) -> None:
    """The scale of the colours, with the side each policy wins on."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    box = axes.get_position()
    wide = float(figure.get_size_inches()[0])
    place = figure.add_axes((box.x1 + 0.18 / wide, box.y0 + 0.1 * box.height, 0.16 / wide,
                             0.8 * box.height))  # fmt: skip
    bar = figure.colorbar(shown, cax=place, ticks=MaxNLocator(9))
    bar.ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: ("+" if value > 0 else "") + short(value) + " %")
    )
    bar.ax.tick_params(labelsize=NOTE + 0.4)
    base = summary["against_label"]
    better = lead(summary)["better"] != "lower"
    names = (tested(summary), base) if better else (base, tested(summary))
    for y, name, side in ((1.04, names[0], "bottom"), (-0.04, names[1], "top")):
        bar.ax.text(0, y, f"{name}\nserves better", transform=bar.ax.transAxes, fontsize=NOTE + 0.4,
                    va=side, ha="left")  # fmt: skip
