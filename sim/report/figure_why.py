"""The figure of a split: a bar for what each aspect adds, its interval, and the whole below."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.context import Context
from sim.report.figures import saved
from sim.report.style import (
    INK,
    MARGIN,
    NOTE,
    SOFT,
    TESTED,
    beside,
    fitting_ticks,
    foot,
    foot_height,
    footnote,
    gain,
    head,
    heading_height,
    panel,
    sheet,
    styled,
    widest,
)
from sim.report.why_answer import WHOLE, finding, is_clear, lead_split, order_of, scale_of, span_of
from sim.report.words import estimate_text, interval_text, plain, within

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, AXIS, HEADS, BAR = 0.42, 0.7, 0.3, 0.52
UNCLEAR = "#B9C6CF"
ALIKE = "the policies do not differ in it"


def save_why_figures(folder: Path, summary: Mapping[str, Any], context: Context) -> list[Path]:
    """why.svg and why.png."""
    if lead_split(summary)["split"] is None:
        return []
    return saved(folder, "why", plot_why(summary, context))


@styled
def plot_why(summary: Mapping[str, Any], context: Context) -> Figure:
    """Aspects from the largest contribution down, the whole last."""
    one = lead_split(summary)
    factor, unit = scale_of(one)
    names = [*order_of(summary), WHOLE]
    level = plain(100 * summary["why"]["confidence"])
    title = finding(summary)
    subtitle = (
        "Bars: what each aspect adds, averaged over all orders in which the aspects of one policy "
        "can be exchanged for the other's; they add up to the whole. Lines: where the expected "
        f"contribution lies, {level} % for all at once. Pale: cannot be told from 0."
    )
    note = footnote(summary, context)
    top = heading_height(title, subtitle) + HEADS
    tall = ROW * (len(names) + 0.4)
    figure = sheet(top + tall + AXIS + foot_height(note))
    words = [_words(name, one, factor, unit, summary) for name in names]
    left = MARGIN + 0.15 + widest(figure, names)
    axes = panel(figure, left, MARGIN + 0.15 + widest(figure, words), top, tall)
    _scale(axes, one, factor, unit, names, summary)
    for place, (name, told) in enumerate(zip(names, words, strict=True)):
        y = place + (0.4 if name == WHOLE else 0.0)
        _row(axes, y, name, one["split"][name], factor, left)
        beside(axes, y, 0.12, told, right=True,
               color=SOFT if name in summary["why"]["alike"] else INK)  # fmt: skip
    axes.axhline(len(names) - 1.3, color=SOFT, linewidth=0.7)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def _words(name: str, one: Mapping[str, Any], factor: float, unit: str,
           summary: Mapping[str, Any]) -> str:  # fmt: skip
    """ "+1.8 % (+0.9 to +2.7)"."""
    if name in summary["why"]["alike"]:
        return f"0: {ALIKE}"
    span = span_of(one["split"][name], factor)
    interval = interval_text(span, unit, named=False)
    return f"{estimate_text(span, unit)} ({interval or 'no interval'})"


def _row(
    axes: Axes, y: float, name: str, entry: Mapping[str, Any], factor: float, left: float
) -> None:
    """A bar with its interval."""
    colour = UNCLEAR if not is_clear(entry) else INK if name == WHOLE else TESTED
    axes.barh(y, factor * entry["mean"], height=BAR, color=colour, zorder=2, linewidth=0)
    if entry["lo"] is not None and entry["lo"] != entry["hi"]:
        axes.hlines(y, factor * entry["lo"], factor * entry["hi"], color=INK, linewidth=1.4,
                    zorder=3)  # fmt: skip
        axes.plot([factor * entry["lo"], factor * entry["hi"]], [y, y], linestyle="", marker="|",
                  markersize=6, color=INK, zorder=3)  # fmt: skip
    beside(axes, y, -(left - MARGIN), name, weight="bold" if name == WHOLE else "normal")


def _scale(
    axes: Axes, one: Mapping[str, Any], factor: float, unit: str, names: list[str],
    summary: Mapping[str, Any],
) -> None:  # fmt: skip
    ends = [factor * entry[end] for entry in (one["split"][name] for name in names)
            for end in ("mean", "lo", "hi") if entry[end] is not None]  # fmt: skip
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.06 * ((high - low) or 1.0)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(len(names), -0.6)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    axes.grid(axis="x", zorder=0)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    fitting_ticks(axes, 7, gain)
    logs = ": 100 x difference of logarithms" if one["logs"] else ""
    axes.set_xlabel(f"{one['label']}, difference from {within(summary['against_label'])} "
                    f"({unit}{logs})",
                    fontsize=NOTE + 1.4)  # fmt: skip
