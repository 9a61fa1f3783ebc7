"""The funnel, from views to minds, in both arms.

Views, people, actions and followers are different things: every row names its unit, and a position
on one logarithmic axis only says how many of that thing there are. What passes from one step to the
next is written as a rate with both units. Opinion has an axis of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import counted
from sim.measures import BY_NAME
from sim.report.context import Context
from sim.report.reading import Reading, Span, readings
from sim.report.style import (
    BASE,
    FAINT,
    INK,
    LABEL,
    MARGIN,
    NOTE,
    SOFT,
    TESTED,
    beside,
    fitting_ticks,
    foot,
    foot_height,
    footnote,
    head,
    heading_height,
    log_ticks,
    name_arms,
    panel,
    sheet,
    styled,
    widest,
)
from sim.report.words import DASH, HARD_SPACE, MINUS, arms, decimals_of, fixed, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, AXIS, HEADS = 0.42, 0.55, 0.3  # inches
STEPS = (  # measure, label, the step it is a rate of, the rate in words
    ("impressions", "Impressions", None, ""),
    ("unique_reach", "People reached", "impressions", "{per} views a person"),
    ("target_reach", "Target public reached", "unique_reach", "{share} % of people reached"),
    ("frequent_reach", "Target public, 3 times or more", "target_reach",
     "{share} per 100 target people"),
    ("likes", "Likes", "impressions", "{mille} per 1,000 views"),
    ("shares", "Shares", "impressions", "{mille} per 1,000 views"),
    ("hostile_shares", "Hostile shares", "impressions", "{mille} per 1,000 views"),
    ("followers_gained", "Followers gained, net", "unique_reach", "{mille} per 1,000 people"),
)  # fmt: skip
ROWS = tuple(name for name, *_ in STEPS)
FURTHEST = 100  # times the largest count, how far the axis follows whiskers
TINY = 1e-7  # a smaller mean is written with an exponent
BEHIND = 6  # times the end of the longest whisker, room for the number behind it
MARKERS = ((TESTED, "o", 6.5), (BASE, "s", 5.5))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row: a count in both arms, and its rate of an earlier step."""

    one: Reading
    label: str
    rates: tuple[str, str] | None


def steps_of(known: Mapping[str, Reading]) -> list[Step]:
    """The counts that the summary holds, in the order of the funnel."""
    steps = []
    for name, label, earlier, words in STEPS:
        if name in known:
            one, before = known[name], known.get(earlier or "")
            rates = None if before is None else (
                rate(one.scenario, before.scenario, words), rate(one.against, before.against, words)
            )  # fmt: skip
            steps.append(Step(one=one, label=label, rates=rates))
    return steps


def rate(part: Span, whole: Span, words: str) -> str:
    """One step over an earlier one, in words."""
    if part.mean is None or not whole.mean:
        return DASH
    ratio = part.mean / whole.mean
    per = three(1 / ratio) if ratio else DASH
    return words.format(per=per, share=three(100 * ratio), mille=three(1000 * ratio))


def three(value: float) -> str:
    """Three figures, trailing zeros kept, so that two arms read alike."""
    return fixed(value, decimals_of(value, 3))


def finding(known: Mapping[str, Reading], tested: str) -> str:
    """The title: what becomes of the views."""
    told = []
    for name, unit in (("impressions", "views"), ("target_reach", "target people"),
                       ("followers_gained", "net followers")):  # fmt: skip
        if name in known:
            told.append(f"{plain(known[name].scenario.mean)} {unit}")
    if not any((one.scenario.mean or 0) > 0 for one in known.values() if one.unit == "views"):
        return f"{tested}: no views, so nobody is reached"
    return f"{tested}: {told[0]}" + "".join(f", {one}" for one in told[1:-1]) + (
        f" and {told[-1]}" if len(told) > 1 else ""
    )  # fmt: skip


def subtitle_of(summary: Mapping[str, Any], known: Mapping[str, Reading], level: str) -> str:
    """What marks and whiskers are: the means of the printed table, by their names."""
    worlds, days = int(summary["worlds"]), counted(int(summary["days"]), "day")
    shown_arms = [arm for one in known.values() if one.assumed or one.name in ROWS
                  for arm in (one.scenario, one.against)]  # fmt: skip
    units = "Rows count different things, each in its own unit."
    arms_of = [arm.mean for name, *_ in STEPS if name in known
               for arm in (known[name].scenario, known[name].against)]  # fmt: skip
    if any(mean is not None and mean <= 0 for mean in arms_of):
        units += " \u25c0 alone: none, or fewer than none."
    if worlds == 1:
        return f"One world, {days}. {units}"
    rows = [name for name, *_ in STEPS if name in known]
    rows += [one.name for one in known.values() if one.assumed]
    plainly = [known[name].label.partition(",")[0].lower() for name in rows if not is_typical(name)]
    kept = f"; plain means for {listed(plainly)}" if plainly else ""
    whiskers = f"Whiskers: {level} interval of each arm; an arrow where it leaves the axis. "
    if not any(arm.has_interval for arm in shown_arms):
        whiskers = "No interval could be given, so there are no whiskers. "
    return (
        f"Typical totals of {days} (geometric means over {worlds} worlds, as in the printed table"
        f"{kept}). {whiskers}{units}"
    )


def is_typical(name: str) -> bool:
    """Whether an arm shows the geometric mean of a measure."""
    return name in BY_NAME and BY_NAME[name].heavy_tailed


def listed(names: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


@styled
def plot_funnel(summary: Mapping[str, Any], context: Context) -> Figure:
    """From impressions to followers on a log axis, opinion below on its own."""
    known, names = readings(summary), arms(summary, context)
    steps, minds = steps_of(known), [one for one in known.values() if one.assumed]
    subtitle = subtitle_of(summary, known, context.level)
    title = finding(known, names[0])
    assumed = [f"*{HARD_SPACE}Opinion: assumed effect sizes"] if minds else []
    note = footnote(summary, context, *core_note(known, context), *assumed)
    top, tall = heading_height(title, subtitle) + HEADS, ROW * len(steps)
    lower = (0.45 + ROW * len(minds) + AXIS) if minds else 0.0
    figure = sheet(top + tall + AXIS + lower + foot_height(note))
    labels = [label_of(step) for step in steps] + [mind_label(one) for one in minds]
    left = MARGIN + 0.15 + widest(figure, [part for label in labels for part in label.split("\n")])
    told = [*rates_of(steps), *(text for one in minds for text in mind_texts(one))]
    right = MARGIN + 0.15 + widest(figure, told, NOTE + 0.5)
    axes = panel(figure, left, right, top, tall)
    draw_counts(axes, steps, names, left, figure)
    if minds:
        below = panel(figure, left, right, top + tall + AXIS + 0.45, ROW * len(minds))
        draw_minds(below, minds, left)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def core_note(known: Mapping[str, Reading], context: Context) -> list[str]:
    """Why a view may have more than one like, where the funnel shows both."""
    if not {"likes", "shares"} & set(known) or "impressions" not in known:
        return []
    told = ("The loyal core of an account (staff, sister missions, enthusiasts) likes and shares "
            "without a counted view, so likes may exceed views")  # fmt: skip
    if any("loyal core" in one for one in context.cautions):
        told += "; its part is exaggerated, as followers are scaled to the audience and it is not"
    return [told]


def rates_of(steps: Sequence[Step]) -> list[str]:
    return [text for step in steps for text in step.rates or ()]


def label_of(step: Step) -> str:
    return f"{step.label}\n{step.one.unit}"


def mind_label(one: Reading) -> str:
    return f"{one.label} *\n{one.unit}"


def draw_counts(
    axes: Axes, steps: Sequence[Step], names: tuple[str, str], left: float, figure: Figure
) -> None:
    """Dots for both arms; a count of zero or less sits on the left edge and says so."""
    axes.set_xscale("log")
    axes.set_xlim(*limits_of(steps))
    axes.set_ylim(len(steps) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    log_ticks(axes)
    axes.grid(axis="x")
    axes.set_xlabel("Count over the measured days, in the unit of each row (logarithmic axis)")
    for y, step in enumerate(steps):
        two_line_label(axes, y, left, label_of(step))
        draw_pair(axes, y, step.one)
        for shift, text, colour in zip(
            (-0.17, 0.17), step.rates or (), (TESTED, BASE), strict=False
        ):
            beside(axes, y + shift, 0.12, text, right=True, color=colour, size=NOTE + 0.5)
    beside(axes, -0.72, 0.12, "Rate", right=True, color=SOFT, size=NOTE + 0.3)
    name_arms(figure, axes, [f"{mark} {name}" for mark, name in zip("●■", names, strict=True)])


def limits_of(steps: Sequence[Step]) -> tuple[float, float]:
    """Room for all marks, and at the right for whiskers and the numbers behind them."""
    arms_of = [arm for step in steps for arm in (step.one.scenario, step.one.against)]
    counts = [arm.mean for arm in arms_of if arm.mean is not None and arm.mean > 0] or [1.0]
    ends = [arm.hi for arm in arms_of if arm.hi is not None]
    high = max(8 * max(counts), BEHIND * min(max([*ends, 0.0]), FURTHEST * max(counts)))
    return 10 ** math.floor(math.log10(min(counts) / 3)), high


def two_line_label(axes: Axes, y: float, left: float, label: str) -> None:
    """Name, and its unit below in grey."""
    name, unit = label.split("\n")
    beside(axes, y - 0.17, -(left - MARGIN), name)
    beside(axes, y + 0.2, -(left - MARGIN), unit, color=SOFT, size=NOTE + 0.3)


def draw_pair(axes: Axes, y: float, one: Reading) -> None:
    """Both arms of a row, the tested one above; a whisker that leaves the axis ends in an arrow."""
    low, high = axes.get_xlim()
    axes.axhline(y + 0.5, color=FAINT, linewidth=0.7)
    for shift, arm, (colour, mark, size) in zip((-0.17, 0.17), (one.scenario, one.against), MARKERS,
                                                strict=True):  # fmt: skip
        if arm.mean is None:
            continue
        positive = arm.mean > 0
        furthest = place = arm.mean if positive else low
        if positive and arm.lo is not None and arm.hi is not None:
            furthest = min(max(arm.hi, low), high)
            axes.hlines(y + shift, max(arm.lo, low), furthest, color=colour, linewidth=1.2)
            for edge, beyond, tip in ((low, arm.lo < low, "<"), (high, arm.hi > high, ">")):
                if beyond:
                    axes.plot(edge, y + shift, marker=tip, color=colour, markersize=4.5,
                              clip_on=False, zorder=3)  # fmt: skip
        axes.plot(place, y + shift, marker=mark if positive else "<", color=colour, linestyle="",
                  markersize=size, clip_on=False, zorder=3)  # fmt: skip
        gone = furthest >= high  # the number then stands before the arrow
        axes.annotate(plain(arm.mean), (max(furthest, place), y + shift),
                      xytext=(-7 if gone else 7, 0), ha="right" if gone else "left",
                      textcoords="offset points", va="center", fontsize=NOTE + 0.8,
                      color=colour, annotation_clip=False,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})  # fmt: skip


def draw_minds(axes: Axes, minds: Sequence[Reading], left: float) -> None:
    """Opinion on its own linear axis."""
    ends = [end for one in minds for arm in (one.scenario, one.against)
            for end in (arm.mean, arm.lo, arm.hi) if end is not None]  # fmt: skip
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    room = (high - low) or 1e-3
    axes.set_xlim(low - 0.08 * room, high + 0.08 * room)
    axes.set_ylim(len(minds) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="x")
    fitting_ticks(axes, 5, mind_tick)
    axes.set_title("Opinion: assumed effect sizes", loc="left", fontsize=LABEL, color=SOFT)
    axes.set_xlabel("Change since the fork (standard deviations of the baseline)")
    for y, one in enumerate(minds):
        two_line_label(axes, y, left, mind_label(one))
        draw_mind(axes, y, one)
    beside(axes, -0.72, 0.12, "Mean", right=True, color=SOFT, size=NOTE + 0.3)


def draw_mind(axes: Axes, y: float, one: Reading) -> None:
    """One opinion measure in both arms, the tested one above; the numbers stand in a column, where
    they cross neither whisker nor zero."""
    for shift, arm, text, (colour, mark, size) in zip(
        (-0.17, 0.17), (one.scenario, one.against), mind_texts(one), MARKERS, strict=True
    ):
        beside(axes, y + shift, 0.12, text, right=True, color=colour, size=NOTE + 0.5)
        if arm.mean is None:
            continue
        if arm.lo is not None and arm.hi is not None:
            axes.hlines(y + shift, arm.lo, arm.hi, color=colour, linewidth=1.2)
        axes.plot(arm.mean, y + shift, marker=mark, color=colour, markersize=size, linestyle="")


def mind_texts(one: Reading) -> tuple[str, str]:
    """The means of both arms, each to two figures at least and with as many decimals as the other,
    whatever their intervals: beside the dots, what is not nothing may not read as nothing."""
    means = one.scenario.mean, one.against.mean
    sizes = [decimals_of(mean, 2) for mean in means if mean and abs(mean) >= TINY]
    first, other = (mind_text(mean, max(sizes, default=0)) for mean in means)
    return first, other


def mind_tick(value: float) -> str:
    """A number of the axis, written as the means beside it."""
    told = mind_text(value, decimals_of(value, 4))
    return told if "e" in told or "." not in told else told.rstrip("0").rstrip(".")


def mind_text(mean: float | None, decimals: int) -> str:
    if mean is None:
        return DASH
    if 0 < abs(mean) < TINY:
        return f"{mean:+.1e}".replace("-", MINUS)
    return fixed(mean, decimals, "+") if mean else "0"
