"""What response curves print: where the next hour still buys something, what a person costs, and
which part of the bend is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.answer import bullets, ending, level_lines, paragraph
from sim.report.context import Context
from sim.report.curve_words import before_largest, people, publics, with_publics
from sim.report.opening import opening
from sim.report.study_words import lead_of
from sim.report.terminal import as_text, show
from sim.report.words import HARD_SPACE, plain

Curve = Mapping[str, Any]
MOST = 12  # curves in the table
BREAKS = (" (", " to ")  # where a cell is broken if lines are too short, in this order


def print_curves(
    summary: Mapping[str, Any], context: Context, console: Console | None = None
) -> None:
    """Print to the terminal."""
    show(lambda width: curve_answer(summary, context, width), console)


def curves_text(summary: Mapping[str, Any], context: Context, width: int = 100) -> str:
    """The same as plain text."""
    return as_text(lambda columns: curve_answer(summary, context, columns), width)


def largest(summary: Mapping[str, Any]) -> list[Curve]:
    return [one for one in summary["curves"] if one["is_largest"]]


def curve_answer(summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole answer as one renderable."""
    gap, curves, context = Text(""), largest(summary), with_publics(summary, context)
    before = before_largest(summary)
    question = (f"What do staff hours bring? {lead_of(summary)['label']} {before}, over the hours "
                "of the whole network.")  # fmt: skip
    parts = opening(question, summary, context, width)
    told = " ".join(answer_of(one, summary) for one in curves[:4])
    parts += [
        paragraph(f"Answer, before {people(publics(summary)[-1])}: {told}", width, "bold"),
        *level_lines(context, width), gap,
        paragraph(f"The table: {before}; in brackets {context.level} intervals.", width),
        *curve_tables(summary, curves[:MOST], width), gap,
        Text("What this rests on", style="bold"), *bullets(basis_of(summary, curves), width),
        *bullets([*context.drawn_bullets, *context.cautions], width), gap,
        *ending(context, width),
    ]  # fmt: skip
    return Group(*parts)


def answer_of(curve: Curve, summary: Mapping[str, Any]) -> str:
    """One curve in a sentence or two."""
    hours, unit = curve["hours_per_week"], lead_of(summary)["unit"]
    nothing, something = curve["buys_nothing_from"], curve["buys_something_up_to"]
    worth = plain(100 * summary["worth"])
    at = min(range(len(hours)), key=lambda one: abs(hours[one] - curve["usual_hours_per_week"]))
    brings = curve["next_hour"][at]
    told = (
        f"{curve['label']}: at {plain(hours[at])} hours a week the next staff hour brings "
        f"{_span(brings)} {unit}"
    )
    if nothing is not None:
        told += (f"; from {plain(nothing)} hours a week on, all further hours that were run bring "
                 f"less than {worth} %.")  # fmt: skip
    elif something is not None:
        told += (f"; up to {plain(something)} hours a week more hours surely bring more than "
                 f"{worth} %, and nowhere up to {plain(hours[-1])} do they surely buy nothing.")
    else:
        told += "; where more hours buy nothing cannot be told from these runs."
    return told


def curve_tables(
    summary: Mapping[str, Any], curves: list[Curve], width: int
) -> list[RenderableType]:
    """The headings, then for each curve its name over the whole width and a row a level."""
    unit = lead_of(summary)["unit"]
    heads = ["Hours\na week", f"{unit.capitalize()}\n(typical)",
             f"{unit.capitalize()} the next\nhour brings", f"Staff hours\nper 1,000 {unit}",
             "What the most\nhours bring\nbeyond this"]  # fmt: skip
    for n_breaks in range(len(BREAKS) + 1):
        rows = [[_cells(curve, place, n_breaks) for place in range(len(curve["cost"]))]
                for curve in curves]  # fmt: skip
        every = [heads, *(row for one in rows for row in one)]
        widths = [max(len(line) for row in every for line in row[place].split("\n"))
                  for place in range(len(heads))]  # fmt: skip
        if sum(widths) + 2 * (len(widths) - 1) < width:
            break

    def table(filled: list[list[str]], headed: bool) -> Table:
        made = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False,
                     show_header=headed)  # fmt: skip
        for head, wide in zip(heads, widths, strict=True):
            made.add_column(head, justify="right", width=wide, no_wrap=True)
        for row in filled:
            made.add_row(*map(Text, row))
        return made

    parts: list[RenderableType] = [table([], True)]
    for curve, filled in zip(curves, rows, strict=True):
        parts += [Text(curve["label"], style="bold"), table(filled, False)]
    return parts


def _cells(curve: Curve, place: int, n_breaks: int) -> list[str]:
    """One level; where lines are broken, intervals stand below their values, then in two lines."""
    beyond = curve["beyond"][place]
    more = {name: None if one is None else 100 * one for name, one in beyond.items()}
    is_last = place == len(curve["beyond"]) - 1
    told = [_span(curve["typical"][place]), _span(curve["next_hour"][place]),
            _span(curve["cost"][place]), "" if is_last else _span(more, " %")]  # fmt: skip
    for gap in BREAKS[:n_breaks]:
        told = [one.replace(gap, "\n" + gap[1:]) for one in told]
    hours = plain(curve["hours_per_week"][place])
    return [hours, *(one.replace(HARD_SPACE, " ") for one in told)]


def _span(span: Mapping[str, Any], unit: str = "") -> str:
    """ "12.3 (10.1 to 14.9)"."""
    if span["mean"] is None:
        return "not known"
    told = f"{plain(span['mean'])}{unit.replace(' ', HARD_SPACE)}"
    if span["lo"] is None or span["hi"] is None:
        return told
    return f"{told} ({plain(span['lo'])} to {plain(span['hi'])})"


def basis_of(summary: Mapping[str, Any], curves: list[Curve]) -> list[str]:
    """What is assumed, what emerges, how well the curve fits, and the size of the public."""
    told = [_parts_sentence(curves[0])] if curves[0]["parts"] else []
    told.append(
        "Lines are Hill curves through the typical outcomes; they miss what was run by at most "
        f"{plain(100 * max(one['largest_residual'] for one in curves))} %, and nothing is drawn or "
        "said outside the hours that were run. Intervals hold the doubt about parameters, luck and "
        "the finite number of draws, one curve and level at a time; those of the last column all "
        "levels of a curve at once."
    )
    told += dict.fromkeys(f"{one['label']}: {one['note']}" for one in curves if one["note"])
    told += [
        f"{one['label']}: half of what can be reached ({_span(one['ceiling'])} "
        f"{lead_of(summary)['unit']}) at {_span(one['half_saturation'])} hours a week."
        for one in curves if one["half_saturation"]["mean"] is not None
    ]  # fmt: skip
    return [*told, _publics_sentence(summary)]


def _parts_sentence(curve: Curve) -> str:
    parts, hours = curve["parts"], curve["hours_per_week"]
    low, high = hours[0], hours[-1]

    def times(name: str) -> str:
        return plain(parts[name][-1]["mean"] / parts[name][0]["mean"])

    return (
        f"{curve['label']}, from {plain(low)} to {plain(high)} hours a week: originals x "
        f"{times('originals')}, which is assumed (work.volume_elasticity, and what answering "
        f"leaves), views per original x {times('views_per_original')}, of which the quality of a "
        f"post, x {times('quality_assumed')}, is assumed (work.hill_slope, work.half_saturation) "
        "and what feeds and cascades make of it emerges, and people per view x "
        f"{times('people_per_view')}, which emerges: overlap between posts and accounts."
    )


def _publics_sentence(summary: Mapping[str, Any]) -> str:
    """Whether the bend is an artefact of the size of the public."""
    others = [one for one in summary["curves"] if one.get("share_over_largest")]
    if not others:
        return (
            "Run before one public only: a bend may come from its size. Give "
            "audience.n_people=... two sizes."
        )
    gaps = [(one, spot) for one in others for spot in one["share_over_largest"]]
    low = min(gaps, key=lambda gap: gap[1]["mean"])[1]
    high = max(gaps, key=lambda gap: gap[1]["mean"])[1]
    bend = [one["share_over_largest"][-1]["mean"] / one["share_over_largest"][0]["mean"]
            for one in others]  # fmt: skip
    sizes = " and ".join(sorted({plain(one["people"]) for one in others}))
    worst = max(bend, key=lambda one: abs(one - 1))
    verdict = (
        "the bend is hardly one of world size" if abs(worst - 1) < 0.05 else
        "part of the bend comes from world size, and the larger public is the one to believe"
    )  # fmt: skip
    return (
        f"The same before {sizes} people: the share of the public reached is {_span(low)} to "
        f"{_span(high)} times that before {plain(publics(summary)[-1])}, and from the "
        f"fewest to the most hours it grows {plain(worst)} times as much: {verdict}."
    )
