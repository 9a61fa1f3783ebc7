"""Forest plot: the paired relative difference of every measure, with both of its intervals.

The pale bar is the headline interval (doubt about parameters included), the thin line in it the
Monte Carlo part that more worlds would shrink. Each measure has the unit that it has in the printed
table: what differs there by per cent stands on the axis; what differs by points (proportions) or in
its own unit (opinion, a net count that may be negative) is written out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import counted
from sim.report.context import Context
from sim.report.reading import Reading, Span, readings
from sim.report.style import (
    FAINT,
    INK,
    MARGIN,
    NOTE,
    SOFT,
    VERDICTS,
    beside,
    extent,
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
from sim.report.words import (
    HARD_SPACE,
    MARKS,
    arms,
    difference_span,
    estimate_text,
    interval_text,
    is_share,
    plain,
    verdict_text,
    wins_text,
    within,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, AXIS, HEADS = 0.25, 0.85, 0.28  # inches
VERDICT = 22  # letters of a verdict on a line; longer ones would take the room of the axes
SHORT = 9  # letters of a unit that fits beside an estimate
LOWER, LETTERS = (
    "(lower is better)".replace(" ", HARD_SPACE),
    32,
)  # longest line of a measure's label


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the plot: a stage's heading, or a measure."""

    y: float
    label: str
    one: Reading | None = None
    verdict: str = ""


def lines_of(known: Sequence[Reading], worlds: int) -> list[Line]:
    """Rows from the top: a heading where the stage changes, a measure below another."""
    lines: list[Line] = []
    y, stage = 0.0, ""
    for one in known:
        if one.stage != stage:
            y += 0.35 if stage else 0.0
            stage = one.stage
            lines.append(Line(y=y, label=stage.upper()))
            y += 0.95
        label, verdict = label_of(one), two_lines(verdict_words(one, worlds), VERDICT)
        extra = 0.25 * max(label.count("\n"), verdict.count("\n"))
        lines.append(Line(y=y + extra, label=label, one=one, verdict=verdict))
        y += 1 + 2 * extra
    return lines


def label_of(one: Reading) -> str:
    """The measure's name; what needs a warning carries it here."""
    tail = (f" {LOWER}" if one.better == "lower" else "") + (
        HARD_SPACE + "*" if one.assumed else ""
    )
    return two_lines(one.label + tail, LETTERS)


def finding(summary: Mapping[str, Any], context: Context) -> str:
    """The title: how many measures went which way; opinion is not counted."""
    tested, base = arms(summary, context)
    judged = [one for one in readings(summary).values() if one.better != "none" and not one.assumed]
    start, worlds = f"{tested} against {within(base)}", int(summary["worlds"])
    if all(one.identical for one in readings(summary).values()):
        return f"{start}: no difference in any measure"
    if worlds <= 1:
        return f"{start}: one world, so differences but no verdicts"
    counts = Counter(one.verdict or "without verdict" for one in judged)
    order = ("better", "worse", "equivalent", "too close to call", "without verdict")
    told = [f"{counts[word]} {word}" for word in order if counts[word]]
    told[0] = told[0].replace(" ", f" of {counted(len(judged), 'measure')} ", 1)
    return f"{start}: {', '.join(told)}"


@styled
def plot_differences(summary: Mapping[str, Any], context: Context) -> Figure:
    """Paired relative differences by stage of evaluation, verdicts in words at the right."""
    known, worlds = list(readings(summary).values()), int(summary["worlds"])
    lines, base = lines_of(known, worlds), within(arms(summary, context)[1])
    title, subtitle = finding(summary, context), subtitle_of(known, base)
    note = footnote(summary, context, *warnings(lines))
    rows = lines[-1].y + 1.4
    top = heading_height(title, subtitle) + HEADS
    figure = sheet(top + rows * ROW + AXIS + foot_height(note))
    left = (
        MARGIN + 0.15 + widest(figure, [part for line in lines for part in line.label.split("\n")])
    )
    words = [part for line in lines for part in line.verdict.split("\n")]
    columns = (
        max(0.62, 0.1 + widest(figure, [estimate_of(line.one) for line in lines if line.one])),
        0.72,
        widest(figure, words) + 0.12,
    )
    axes = panel(figure, left, MARGIN + sum(columns), top, rows * ROW)
    axes.set_ylim(rows - 0.8, -0.6)
    limits = limits_of(known, context.worth)
    axes.set_xlim(*(100 * limit for limit in limits))
    background(axes, context.worth, base)
    for line in lines:
        draw_line(axes, line, left, columns, (worlds, context.level))
    column_heads(axes, columns)
    key(figure, axes, known, context)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def on_axis(one: Reading) -> Span | None:
    """The difference in per cent, where the table has it in per cent, too."""
    span, unit = difference_span(one)
    return span if unit == "%" else None


def subtitle_of(known: Sequence[Reading], base: str) -> str:
    """What is on the axis and what is written out."""
    told = f"Paired differences, on the axis in per cent of {base}."
    others = [one for one in known if on_axis(one) is None]
    kinds = (("proportions (in points)", any(is_share(one.unit) for one in others)),
             ("opinion (in sd)", any(one.assumed for one in others)),
             ("what has no meaningful ratio (in its own unit)",
              any(not is_share(one.unit) and not one.assumed for one in others)))  # fmt: skip
    named = [name for name, is_there in kinds if is_there]
    return f"{told} Written out: {', '.join(named)}." if named else told


def warnings(lines: Sequence[Line]) -> list[str]:
    """What the footnote adds about single measures."""
    known = [line.one for line in lines if line.one]
    told = [f"*{HARD_SPACE}assumed effect sizes"] if any(one.assumed for one in known) else []
    reasons = dict.fromkeys(one.why_no_interval for one in known if one.why_no_interval)
    for reason in reasons:
        names = ", ".join(one.label for one in known if one.why_no_interval == reason)
        told.append(f"No interval for {names}: {reason}")
    return told


def verdict_words(one: Reading, worlds: int) -> str:
    words = verdict_text(one, worlds).replace(": one world", "")
    return f"{MARKS.get(words, '')} {words}".strip()


def limits_of(known: Sequence[Reading], worth: float) -> tuple[float, float]:
    """Axis ends: every interval fits, save a few far ones that would flatten all others."""
    spans = [one.times(0.01) for one in map(on_axis, known) if one is not None]
    lows = [min(end for end in (span.mean, span.lo) if end is not None) for span in spans]
    highs = [max(end for end in (span.mean, span.hi) if end is not None) for span in spans]
    sizes = sorted(max(abs(low), abs(high)) for low, high in zip(lows, highs, strict=True))
    cap = max(5 * worth, 4 * sizes[len(sizes) // 2]) if sizes else 5 * worth
    low = max(-cap, min([*lows, -2 * worth]))
    high = min(cap, max([*highs, 2 * worth]))
    return low - 0.05 * (high - low), high + 0.05 * (high - low)


def background(axes: Axes, worth: float, base: str) -> None:
    if is_seen(axes, 100 * worth):
        axes.axvspan(-100 * worth, 100 * worth, color=FAINT, linewidth=0, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    axes.grid(axis="x", zorder=0)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    fitting_ticks(axes, 6, gain)
    axes.set_xlabel(f"Paired difference relative to {base} (%)")


def draw_line(
    axes: Axes, line: Line, left: float, columns: tuple[float, float, float],
    known: tuple[int, str],
) -> None:  # fmt: skip
    """A stage's heading or a measure with its marks and words; known: (worlds, level)."""
    worlds, level = known
    if line.one is None:
        beside(
            axes, line.y, -(left - MARGIN), line.label, color=SOFT, size=NOTE + 0.3, weight="bold"
        )
        return
    one = line.one
    judged = one.better != "none" and one.verdict in VERDICTS
    colour = VERDICTS[str(one.verdict)] if judged else SOFT
    beside(axes, line.y, -(left - MARGIN), line.label)
    if on_axis(one) is None:
        text, size = fitted(axes, interval_of(one, level))
        axes.text(0.5, line.y, text, transform=axes.get_yaxis_transform(), ha="center",
                  va="center", fontsize=size, color=SOFT, linespacing=1.05,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})  # fmt: skip
    else:
        draw_span(axes, line.y, one, colour if judged else INK)
    shown = estimate_of(one)
    beside(axes, line.y, columns[0], shown, right=True, align="right")
    beside(axes, line.y, columns[0] + 0.12, wins_text(one, worlds), right=True, color=SOFT)
    beside(axes, line.y, columns[0] + columns[1] + 0.1, line.verdict, right=True,
           color=colour, weight="bold" if judged else "normal")  # fmt: skip


def fitted(axes: Axes, text: str) -> tuple[str, float]:
    """A text and its size within the axes: on two lines, and then smaller, where it would reach the
    estimate at its right."""
    figure: Any = axes.figure
    room, size = inches_of(axes), NOTE + 0.8
    if extent(figure, text, size) > room:
        text, size = text.replace(" to ", "\nto ", 1), NOTE
    return text, size * min(1.0, room / extent(figure, text, size))


def estimate_of(one: Reading) -> str:
    """The estimate in the words of the table; a long unit stands with the interval only."""
    span, unit = difference_span(one)
    if one.identical:
        return f"0 {unit}" if unit in ("%", "points") else "0"
    return estimate_text(span, unit if len(unit) <= SHORT or not span.has_interval else "")


def interval_of(one: Reading, level: str) -> str:
    """In words, what the axis has no place for."""
    if one.identical:
        return "the same in every world"
    interval = interval_text(*difference_span(one))
    return "no interval" if interval is None else f"{level}: {interval}"


def draw_span(axes: Axes, y: float, one: Reading, colour: str) -> None:
    """Estimate, headline interval and Monte Carlo interval; arrows where they leave the axis."""
    span, low, high = on_axis(one), *axes.get_xlim()
    if span is None or span.mean is None:
        return
    if span.has_interval:
        axes.hlines(y, *inside(span, low, high), color=colour, alpha=0.33, linewidth=6.5, zorder=2)
    luck = one.relative_monte_carlo
    if luck is not None and luck.has_interval:
        axes.hlines(y, *inside(luck.times(100), low, high), color=colour, linewidth=1.3, zorder=3)
    mean = span.mean
    if low <= mean <= high:
        full = span.has_interval
        axes.plot(mean, y, marker="o" if full else "D", markersize=5 if full else 4.6,
                  markerfacecolor=colour if full else "white", markeredgecolor=colour,
                  markeredgewidth=1.1, zorder=4)  # fmt: skip
    ends = [end for end in (span.mean, span.lo, span.hi) if end is not None]
    for edge, beyond, mark in ((low, min(ends) < low, "<"), (high, max(ends) > high, ">")):
        if beyond:
            axes.plot(edge, y, marker=mark, color=colour, markersize=5, clip_on=False, zorder=5)


def inside(span: Span, low: float, high: float) -> tuple[float, float]:
    """The interval in per cent, cut at the axis."""
    lo, hi = (min(max(end or 0.0, low), high) for end in (span.lo, span.hi))
    return lo, hi


def column_heads(axes: Axes, columns: tuple[float, float, float]) -> None:
    """What stands in the columns at the right."""
    places = ((columns[0], "Estimate", "right"), (columns[0] + 0.12, "Wins in\nworlds", "left"),
              (columns[0] + columns[1] + 0.1, "Verdict", "left"))  # fmt: skip
    for inches, text, align in places:
        axes.annotate(text, (1, 1), xycoords="axes fraction", xytext=(72 * inches, 3),
                      textcoords="offset points", ha=align, va="bottom", fontsize=NOTE + 0.3,
                      color=SOFT, annotation_clip=False, linespacing=1.0)  # fmt: skip


def key(figure: Figure, axes: Axes, known: Sequence[Reading], context: Context) -> None:
    """What dot, bar, line and band mean, below the axis: of what is drawn, no more."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    drawn = [one for one in known if on_axis(one) is not None]
    luck = [one.relative_monte_carlo for one in drawn if not one.identical]
    sure = [one.difference.has_interval for one in drawn]
    entries = [
        (any(sure), "estimate", Line2D([], [], marker="o", linestyle="", color=INK, markersize=5)),
        (any(sure), f"{context.level} interval",
         Line2D([], [], color=INK, alpha=0.33, linewidth=6.5)),
        (any(one and one.has_interval for one in luck), "its Monte Carlo part",
         Line2D([], [], color=INK, linewidth=1.3)),
        (not all(sure), "estimate without interval",
         Line2D([], [], marker="D", linestyle="", markerfacecolor="white", markeredgecolor=INK,
                markersize=4.6)),
        (is_seen(axes, 100 * context.worth),
         f"too small to act on (±{plain(100 * context.worth)} %)",
         Patch(facecolor=FAINT)),
    ]  # fmt: skip
    shown = [(name, handle) for is_drawn, name, handle in entries if is_drawn]
    tall = figure.get_size_inches()[1]
    bottom = axes.get_position().y0 * tall - 0.52
    figure.legend([handle for _, handle in shown], [name for name, _ in shown],
                  loc="upper center", bbox_to_anchor=(0.5, bottom / tall), ncol=len(shown),
                  frameon=False, fontsize=NOTE + 0.3, handlelength=1.5, columnspacing=1.4,
                  handletextpad=0.5, borderpad=0)  # fmt: skip
