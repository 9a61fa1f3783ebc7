"""What task=why prints: the whole difference, what each aspect adds to it, what each contains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sim.errors import counted
from sim.report.answer import bullets, ending, level_lines, paragraph
from sim.report.context import Context
from sim.report.opening import opening
from sim.report.reading import Span
from sim.report.terminal import as_text, show
from sim.report.words import estimate_text, interval_text, plain, within

WHOLE = "whole"
ROUNDING = 1e-9
CONTAINS = {
    "timing": "when posts go out: the planned share of the hours, how many planned posts are "
    "prepared for events, what is kept back for events, the readiness to answer; with it what is "
    "lost when an event turns out otherwise",
    "volume": "how many: posts a week that the hours are meant to pay for",
    "quality": "hours per post, the images and videos that come with them, the hours of planning, "
    "and the time that writing an answer takes",
    "latency": "how fast answers come: hours of watching the news, clearance and its risk of a "
    "blunder",
    "framing": "the mix of tones, and the stance on events",
}


def print_why(summary: Mapping[str, Any], context: Context, console: Console | None = None) -> None:
    """Print to the terminal."""
    show(lambda width: why_answer(summary, context, width), console)


def why_text(summary: Mapping[str, Any], context: Context, width: int = 100) -> str:
    """The same as plain text."""
    return as_text(lambda columns: why_answer(summary, context, columns), width)


def lead_split(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry of the objective in the split."""
    found: Mapping[str, Any] = summary["why"]["measures"][summary["objective"]]
    return found


def order_of(summary: Mapping[str, Any]) -> list[str]:
    """The aspects, the largest contribution first, those in which nothing differs last."""
    split = lead_split(summary)["split"]
    return [*sorted(summary["why"]["aspects"], key=lambda name: -abs(split[name]["mean"])),
            *summary["why"]["alike"]]  # fmt: skip


def scale_of(one: Mapping[str, Any]) -> tuple[float, str]:
    """(factor, unit) of a split on the scale on which its measure is compared."""
    if one["logs"]:
        return 100.0, "%"
    return (100.0, "points") if one["unit"] == "share" else (1.0, one["unit"])


def span_of(entry: Mapping[str, Any], factor: float = 1.0) -> Span:
    """An estimate with its interval, scaled."""
    mean, lo, hi = (None if entry[end] is None else factor * entry[end]
                    for end in ("mean", "lo", "hi"))  # fmt: skip
    return Span(mean=mean, lo=lo, hi=hi)


def is_clear(entry: Mapping[str, Any]) -> bool:
    """Whether the interval leaves out zero."""
    return entry["lo"] is not None and (entry["lo"] > 0 or entry["hi"] < 0)


def finding(summary: Mapping[str, Any]) -> str:
    """The split in a sentence."""
    one = lead_split(summary)
    factor, unit = scale_of(one)
    split = one["split"]

    def told(name: str) -> str:
        return f"{name} {estimate_text(span_of(split[name], factor), unit)}"

    whole = estimate_text(span_of(split[WHOLE], factor), unit)
    clear = [name for name in order_of(summary) if is_clear(split[name])]
    start = (
        f"{within(one['label'])}, {within(summary['tested_label'])} over "
        f"{within(summary['against_label'])}: {whole}, of which "
    )
    start = start[:1].upper() + start[1:]
    if clear:
        return start + ", ".join(told(name) for name in clear)
    return f"{start}no aspect's share can be told from 0"


def why_table(summary: Mapping[str, Any]) -> Table:
    """The aspects, largest first, then the whole."""
    one = lead_split(summary)
    factor, unit = scale_of(one)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("Aspect")
    for name in (f"Adds\n({unit})", "Interval, all\nat once", f"Adds\n({one['unit']})",
                 "Alone", "Last"):  # fmt: skip
        table.add_column(name, justify="right", overflow="fold")
    for name in (*order_of(summary), WHOLE):
        table.add_row(*_cells(name, one, factor, unit, summary["why"]["alike"]))
    return table


def _cells(
    name: str, one: Mapping[str, Any], factor: float, unit: str, alike: list[str]
) -> list[Text]:
    entry = one["split"][name]
    style = "bold" if name == WHOLE else "dim" if name in alike else ""
    if name in alike:
        return [Text(name, style=style), Text("exactly 0", style=style),
                Text("the policies do not differ in it", style=style), *[Text("")] * 3]  # fmt: skip
    ends = [
        "" if name == WHOLE else estimate_text(Span(mean=factor * entry[end]), "")
        for end in ("first", "last") if name == WHOLE or end in entry
    ]  # fmt: skip
    return [
        Text(name, style=style), Text(estimate_text(span_of(entry, factor), ""), style=style),
        Text(interval_text(span_of(entry, factor), unit, named=False) or "no interval"),
        Text(estimate_text(span_of(one["in_unit"][name]), "")), *(Text(end) for end in ends),
    ]  # fmt: skip


def basis_of(summary: Mapping[str, Any]) -> list[str]:
    """What the split rests on, and its limits."""
    one, why = lead_split(summary), summary["why"]
    n = len(why["aspects"])
    hours = why["measures"].get("hours")
    told = [
        "Each aspect is that of one policy or of the other, in all "
        f"{counted(1 << n, 'combination')}, run in the same worlds. What an aspect adds is its "
        "mean effect over all orders in which the aspects could be exchanged (the Shapley split); "
        "in every world the parts add up to the whole. Alone: exchanged first. Last: exchanged "
        "after all others. Where the two differ much, aspects work through one another.",
        f"The intervals hold for all parts and the whole at once with "
        f"{plain(100 * why['confidence'])} %: the expected contribution over the parameters.",
    ]
    if one["logs"]:
        told.append(
            "The split is that of the logarithm of the total, on which totals are compared: per "
            "cent on this scale add up. In the measure's own unit, draws with large totals weigh "
            "most, so that an aspect's share may differ there."
        )
    moved = {} if not hours or not hours["split"] else {
        name: hours["split"][name]["mean"] for name in why["aspects"]
        if abs(hours["split"][name]["mean"]) > ROUNDING * hours["against"]
    }  # fmt: skip
    if moved:
        parts = ", ".join(f"{name} {estimate_text(Span(mean=one), 'hours')}"
                          for name, one in moved.items())  # fmt: skip
        told.append(
            f"A hybrid's staff hours are the sum of its parts ({parts}): the split explains a "
            "difference, and no hybrid could be hired."
        )
    return told


def why_answer(summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole answer as one renderable."""
    gap = Text("")
    parts = opening(summary["question"], summary, context, width, with_counts=False)
    one = lead_split(summary)
    if one["split"] is None:
        parts += [gap, paragraph(f"Answer: {one['label']} cannot be split: {one['why_not']}.",
                                 width, "bold")]  # fmt: skip
        return Group(*parts)
    parts += [
        gap, paragraph(f"Answer: {finding(summary)}.", width, "bold"),
        *level_lines(context, width), gap,
        Text(f"{one['label']}: what each aspect adds"), why_table(summary), gap,
        Text("What each aspect contains", style="bold"),
        *bullets([f"{name}: {CONTAINS[name]}." for name in order_of(summary)], width), gap,
        Text("What this rests on", style="bold"),
        *bullets([*basis_of(summary), *context.drawn_bullets, *context.cautions], width), gap,
        *ending(context, width),
    ]  # fmt: skip
    return Group(*parts)
