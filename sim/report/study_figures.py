"""The figure of a study: every point's difference with the interval that holds for all at once.

The bar is the simultaneous interval of the expected difference, the thin line the single
comparison's interval over parameters. The control stands at zero in its place; a ring marks what
may be the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.context import Context
from sim.report.figure_differences import VERDICTS
from sim.report.figures import saved
from sim.report.study_words import (
    Row,
    best_sentence,
    counts_of,
    lead_of,
    place_of,
    rows_of,
    verdicts_of,
)
from sim.report.style import (
    FAINT,
    INK,
    LABEL,
    MARGIN,
    NOTE,
    SOFT,
    beside,
    fitting_ticks,
    foot,
    foot_height,
    footnote,
    gain,
    head,
    heading_height,
    inches_of,
    is_seen,
    panel,
    sheet,
    styled,
    two_lines,
    widest,
)
from sim.report.words import MARKS, plain, within

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, AXIS, HEADS, MOST_ROWS, LETTERS = 0.27, 0.95, 0.3, 60, 38
TALLEST, LEAST_ROW = 16.6, 0.146  # inches: two pages; 8-point type with a little air


def save_study_figures(folder: Path, summary: Mapping[str, Any], context: Context) -> list[Path]:
    """points.svg and points.png."""
    return saved(folder, "points", plot_points(summary, context))


def title_of(summary: Mapping[str, Any]) -> str:
    """The finding in a line."""
    rows = [one for one in rows_of(summary) if not one.is_control]
    return f"{lead_of(summary)['label']} against {within(summary['against_label'])}: " + (
        verdicts_of(rows)
    )


@styled
def plot_points(summary: Mapping[str, Any], context: Context) -> Figure:
    """Points from the best wanted difference down, circumstance by circumstance."""
    rows = rows_of(summary)
    cut = rows[:MOST_ROWS]
    title = title_of(summary)
    single = len(summary["circumstances"]) == 1
    subtitle = f"{counts_of(summary)}. " + (best_sentence(rows) if single else "")
    note = footnote(summary, context, *(
        [f"The first {MOST_ROWS} of {len(rows)} rows"] if len(rows) > MOST_ROWS else []
    ))  # fmt: skip
    top = heading_height(title, subtitle) + HEADS
    plan = _layout(cut, single, top + AXIS + foot_height(note))
    figure = sheet(top + plan.tall * plan.row + AXIS + foot_height(note))
    labels = [two_lines(one.label, LETTERS) for one in cut]
    left = MARGIN + 0.3 + widest(figure, [part for one in labels for part in one.split("\n")])
    verdicts = [_verdict(one) for one in cut]
    columns = (widest(figure, [one.estimate for one in cut]) + 0.16,
               widest(figure, verdicts) + 0.14)  # fmt: skip
    axes = panel(figure, left, MARGIN + sum(columns), top, plan.tall * plan.row)
    axes.set_ylim(plan.tall - 0.5, -0.6)
    axes.set_xlim(*_limits(cut, summary["worth"]))
    _background(axes, summary, cut)
    for row, label, y in zip(cut, labels, plan.places, strict=True):
        _draw(axes, row, label, (y, plan.size), columns, left)
    for y, world in plan.headings:
        beside(axes, y, -(left - MARGIN), place_of(summary, world), color=SOFT,
               size=min(NOTE + 0.6, plan.size), weight="bold", backed=True)  # fmt: skip
    _heads(axes, columns)
    _key(figure, axes, summary, _unit(cut))
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where rows and the headings of circumstances stand, in rows, and how tall a row is."""

    places: list[float]
    headings: list[tuple[float, str]]
    tall: float
    row: float  # inches
    size: float  # of type


def _layout(rows: list[Row], single: bool, around: float) -> Layout:
    """Roomy rows; where these made more than two pages, rows as tight as their type allows.
    around: inches of the page beside the rows."""
    roomy = _placed(rows, single, (1.4, 0.3, ROW, LABEL))
    if around + roomy.tall * ROW <= TALLEST:
        return roomy
    tight = _placed(rows, single, (1.15, 0.45, ROW, LABEL - 1))
    row = min(ROW, max(LEAST_ROW, (TALLEST - around) / tight.tall))
    return replace(tight, row=row)


def _placed(rows: list[Row], single: bool, how: tuple[float, float, float, float]) -> Layout:
    """A gap and a heading before each of several circumstances, more room for two lines."""
    gap, second, row, size = how
    places, headings, y, world = [], [], 0.0, None
    for one in rows:
        if not single and one.circumstance != world:
            y += gap if world is not None else 1.0
            world = one.circumstance
            headings.append((y - 0.95, world))
        extra = second * two_lines(one.label, LETTERS).count("\n")
        places.append(y + extra)
        y += 1 + 2 * extra
    return Layout(places=places, headings=headings, tall=y, row=row, size=size)


def _verdict(row: Row) -> str:
    return "" if row.is_control else f"{MARKS.get(row.verdict, '')} {row.verdict}".strip()


def _limits(rows: list[Row], worth: float) -> tuple[float, float]:
    """All simultaneous intervals, and the intervals over parameters if not far wider."""
    ends = [end for row in rows for end in (row.joint.mean, row.joint.lo, row.joint.hi)
            if end is not None]  # fmt: skip
    low, high = min([*ends, -200 * worth]), max([*ends, 200 * worth])
    cap = 2.5 * max(abs(low), abs(high))
    wide = [end for row in rows for end in (row.spread.lo, row.spread.hi) if end is not None]
    low, high = (max(min([low, *wide]), min(low, -cap)), min(max([high, *wide]), max(high, cap)))
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def _unit(rows: list[Row]) -> str:
    return next((one.unit for one in rows if one.unit), "")


def _has_band(axes: Axes, reach: float, unit: str) -> bool:
    """Whether what is too small to act on is drawn: it is a part of the other arm's level."""
    return unit == "%" and is_seen(axes, reach)


def _background(axes: Axes, summary: Mapping[str, Any], rows: list[Row]) -> None:
    unit = _unit(rows)
    reach = 100 * summary["worth"]
    if _has_band(axes, reach, unit):
        axes.axvspan(-reach, reach, color=FAINT, linewidth=0, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    axes.grid(axis="x", zorder=0)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    fitting_ticks(axes, 7, gain)
    axes.set_xlabel(f"Difference from {within(summary['against_label'])} ({unit or 'unit'})")


def _draw(
    axes: Axes, row: Row, label: str, place: tuple[float, float], columns: tuple[float, float],
    left: float,
) -> None:  # fmt: skip
    """A point with its marks and words, or the control at zero; place: (y, size of type)."""
    y, size = place
    colour = VERDICTS.get(row.verdict, INK)
    beside(axes, y, -(left - MARGIN) + 0.16, label, color=SOFT if row.is_control else INK,
           size=size, weight="bold" if row.is_control else "normal")  # fmt: skip
    if row.may_be_best:
        axes.plot(-(left - MARGIN - 0.05) / inches_of(axes), y, marker="o", markersize=4.4,
                  markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.1,
                  transform=axes.get_yaxis_transform(), clip_on=False)  # fmt: skip
    beside(axes, y, columns[0], row.estimate, right=True, align="right",
           size=size, color=SOFT if row.is_control else INK)  # fmt: skip
    beside(axes, y, columns[0] + 0.12, _verdict(row), right=True, color=colour,
           size=size, weight="bold" if row.verdict in VERDICTS else "normal")  # fmt: skip
    if row.is_control:
        axes.plot(0, y, marker="s", markersize=5.5, color=INK, zorder=4)
        return
    _marks(axes, row, y, colour)


def _marks(axes: Axes, row: Row, y: float, colour: str) -> None:
    low, high = axes.get_xlim()
    for span, width, alpha in ((row.joint, 6.5, 0.33), (row.spread, 1.3, 1.0)):
        if span.lo is not None and span.hi is not None:
            axes.hlines(y, max(span.lo, low), min(span.hi, high), color=colour, alpha=alpha,
                        linewidth=width, zorder=2 if alpha < 1 else 3)  # fmt: skip
            for end, edge, mark in ((span.lo, low, "<"), (span.hi, high, ">")):
                if not low <= end <= high:
                    axes.plot(edge, y, marker=mark, color=colour, markersize=5, clip_on=False)
    if row.joint.mean is not None:
        full = row.joint.lo is not None
        axes.plot(row.joint.mean, y, marker="o" if full else "D", markersize=5, zorder=4,
                  markerfacecolor=colour if full else "white", markeredgecolor=colour)  # fmt: skip


def _heads(axes: Axes, columns: tuple[float, float]) -> None:
    for inches, text, align in ((columns[0], "Estimate", "right"),
                                (columns[0] + 0.12, "Verdict", "left")):  # fmt: skip
        axes.annotate(text, (1, 1), xycoords="axes fraction", xytext=(72 * inches, 3),
                      textcoords="offset points", ha=align, va="bottom", fontsize=NOTE + 0.3,
                      color=SOFT, annotation_clip=False)  # fmt: skip


def _key(figure: Figure, axes: Axes, summary: Mapping[str, Any], unit: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    level = plain(100 * summary["confidence"])
    handles = [
        Line2D([], [], color=INK, alpha=0.33, linewidth=6.5),
        Line2D([], [], color=INK, linewidth=1.3),
        Line2D([], [], marker="s", linestyle="", color=INK, markersize=5.5),
        Line2D([], [], marker="o", linestyle="", markerfacecolor="none", markeredgecolor=INK,
               markersize=4.4),
        Patch(facecolor=FAINT),
    ]  # fmt: skip
    names = [
        f"expected difference, {level} % for all points at once",
        "one point alone, doubt about parameters included", "control", "may be the best",
        f"too small to act on (±{plain(100 * summary['worth'])} %)",
    ]  # fmt: skip
    if not _has_band(axes, 100 * summary["worth"], unit):
        handles, names = handles[:-1], names[:-1]
    tall = figure.get_size_inches()[1]
    bottom = axes.get_position().y0 * tall - 0.48
    figure.legend(handles, names, loc="upper center", bbox_to_anchor=(0.5, bottom / tall), ncol=3,
                  frameon=False, fontsize=NOTE + 0.3, handlelength=1.5, columnspacing=1.4,
                  handletextpad=0.5, borderpad=0, labelspacing=0.3)  # fmt: skip
