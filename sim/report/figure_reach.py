"""Target people reached so far, day by day, in both arms, and the paired difference below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.columns import band, series, typical
from sim.report.context import Context, Table
from sim.report.reading import Reading, Span, readings
from sim.report.style import (
    BASE,
    INK,
    LABEL,
    MARGIN,
    NOTE,
    SOFT,
    TESTED,
    apart,
    foot,
    foot_height,
    footnote,
    head,
    heading_height,
    panel,
    sheet,
    short,
    styled,
    widest,
)
from sim.report.words import (
    arms,
    difference_span,
    estimate_text,
    finding,
    interval_text,
    plain,
    within,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]  # whatever the locale
UPPER, LOWER, BETWEEN, AXIS = 2.9, 1.15, 0.42, 0.5  # inches


@styled
def plot_reach(
    daily: Table, summary: Mapping[str, Any], context: Context, measure: str = "target_reach"
) -> Figure:
    """Cumulative reach over dates with bands over worlds; paired difference in the lower panel."""
    one, names, worlds = readings(summary)[measure], arms(summary, context), int(summary["worlds"])
    days, base = series(daily, summary["against"], measure, last=False)
    _, tested = series(daily, summary["scenario"], measure, last=True)
    title, subtitle = finding(one, names[0], worlds), subtitle_of(one, worlds)
    note = footnote(summary, context)
    top = heading_height(title, subtitle)
    figure = sheet(top + UPPER + BETWEEN + LOWER + AXIS + foot_height(note))
    dates = [context.start + dt.timedelta(days=float(day - days[0])) for day in days]
    labels = [f"{name} {plain(float(typical(arm)[-1]))}" for name, arm in
              zip(names, (tested, base), strict=True)]  # fmt: skip
    gap_label = difference_label(one, context.level)
    right = MARGIN + 0.15 + widest(figure, [*labels, *gap_label.split("\n")])
    above = panel(figure, 0.95, right, top, UPPER)
    below = panel(figure, 0.95, right, top + UPPER + BETWEEN, LOWER, sharex=above)
    draw_arms(above, dates, (tested, base), labels, one.unit)
    draw_difference(below, dates, tested - base, typical(tested) - typical(base), one, gap_label)
    barred = one.difference.has_interval and not one.identical
    below_title(below, names, context.level if barred else "")
    date_axis(below, dates)
    above.tick_params(labelbottom=False)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def subtitle_of(one: Reading, worlds: int) -> str:
    """What lines and bands are."""
    what = "Reach in the target public" if one.name == "target_reach" else one.label
    if worlds <= 1:
        return f"{what}: different people reached so far. One world, so no band can be drawn."
    return (
        f"{what}: different people reached so far. Lines: the typical world of {worlds} "
        "(geometric mean); bands: the middle 80 % of worlds (how far worlds differ, not the "
        "interval of the mean)."
    )


def draw_arms(
    axes: Axes, dates: list[Any], pair: tuple[np.ndarray, np.ndarray], labels: list[str], unit: str
) -> None:
    """Both arms, named at their ends."""
    ends = [float(typical(arm)[-1]) for arm in pair]
    highest = max(float(band(arm)[1].max()) for arm in pair) or 1.0
    axes.set_ylim(0, 1.08 * highest)
    for arm, colour, line in zip(pair, (TESTED, BASE), ("-", (0, (5, 1.5))), strict=True):
        if len(arm) > 1:
            axes.fill_between(dates, *band(arm), color=colour, alpha=0.13, linewidth=0)
            for edge in band(arm):
                axes.plot(dates, edge, color=colour, linewidth=0.7, alpha=0.7, linestyle=line)
        axes.plot(dates, typical(arm), color=colour, linewidth=2.0, linestyle=line)
    gap = 1.08 * highest * (LABEL * 1.35 / 72) / UPPER
    places = apart([ends[0] + 1e-9 * highest, ends[1]], gap)
    lacking = min(*places, 0.0)  # both move up: one alone would meet the other again
    for place, label, colour in zip(places, labels, (TESTED, BASE), strict=True):
        end_label(axes, dates[-1], place - lacking, label, colour)
    finish(axes, f"Reached so far ({unit})")


def difference_label(one: Reading, level: str) -> str:
    """The last day's difference in absolute terms, and on a second line its interval in the unit in
    which the printed table has it."""
    if one.identical:
        return "exactly 0"
    shown, unit = difference_span(one)
    interval = interval_text(shown, unit, named=unit != one.unit)
    tail = "no interval" if interval is None else f"{level}: {interval}"
    lo, hi = bar_of(one) or (None, None)
    return f"{estimate_text(Span(mean=one.difference.mean, lo=lo, hi=hi), one.unit)}\n{tail}"


def bar_of(one: Reading) -> tuple[float, float] | None:
    """The ends of the bar: the printed interval before the typical world of the other arm. The
    interval in people holds the doubt about that level too, which here is drawn above."""
    shown, unit = difference_span(one)
    if shown.lo is None or shown.hi is None or not shown.hi > shown.lo:
        return None
    typical_world = one.against.mean or 0.0
    scale = typical_world / 100.0 if unit == "%" else 1.0
    return shown.lo * scale, shown.hi * scale


def below_title(axes: Axes, names: tuple[str, str], level: str) -> None:
    """Of what the lower panel is; level: of the bar, none without one."""
    told = f"{names[0]} minus {within(names[1])}, in the same worlds"
    told += f"; bar: {level} interval of the expected difference" if level else ""
    axes.set_title(told, loc="left", fontsize=NOTE + 0.8, color=SOFT, pad=4)


def draw_difference(
    axes: Axes, dates: list[Any], gaps: np.ndarray, line: np.ndarray, one: Reading, label: str
) -> None:
    """The paired difference, world by world, and the headline interval at its end."""
    axes.axhline(0, color=INK, linewidth=0.8)
    if len(gaps) > 1:
        axes.fill_between(dates, *band(gaps), color=TESTED, alpha=0.16, linewidth=0)
    axes.plot(dates, line, color=TESTED, linewidth=1.6)
    drawn = [0.0, *np.concatenate(band(gaps) if len(gaps) > 1 else gaps).tolist()]
    bar = bar_of(one)
    if bar is not None:
        drawn += bar
        axes.vlines(dates[-1], *bar, color=TESTED, linewidth=4, clip_on=False, zorder=4)
    reach = max(map(abs, drawn)) or 10.0
    axes.set_ylim(min(drawn) - 0.12 * reach, max(drawn) + 0.12 * reach)
    end_label(axes, dates[-1], float(line[-1]), label, TESTED)
    finish(axes, f"Difference\n({one.unit})", 3)


def end_label(axes: Axes, x: Any, y: float, label: str, colour: str) -> None:
    """A label to the right of a line's last point, outside the axes."""
    axes.annotate(label, (x, y), xytext=(6, 0), textcoords="offset points", va="center",
                  color=colour, fontsize=LABEL, annotation_clip=False,
                  linespacing=1.25)  # fmt: skip


def finish(axes: Axes, label: str, ticks: int = 6) -> None:
    """Unit, round ticks and rules of a vertical axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_ylabel(label)
    axes.yaxis.set_major_locator(MaxNLocator(ticks, min_n_ticks=2))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.grid(axis="y")
    axes.margins(x=0)


def date_axis(axes: Axes, dates: list[dt.date]) -> None:
    """Dates as days of a month, or as months of a year where the run is long."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    long = (dates[-1] - dates[0]).days > 150

    def written(value: float, _: int) -> str:
        day = num2date(value)
        month = MONTHS[day.month - 1]
        return f"{month} {day.year}" if long else f"{day.day} {month}"

    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))
    axes.xaxis.set_major_formatter(FuncFormatter(written))
    axes.set_xlabel(f"Date (UTC), {dates[0].isoformat()} to {dates[-1].isoformat()}")
