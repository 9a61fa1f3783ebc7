"""What a finished comparison prints: question, answer in one sentence, table, its limits.

The words are composed as plain sentences first, so that a pipe, a screen reader and a test see the
same text as a colour terminal; colour only repeats what the words and marks already say.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.errors import counted
from sim.report.context import USUAL, Context
from sim.report.inauthentic import inauthentic_sentences
from sim.report.limits import basis_sentences, sharper_sentence
from sim.report.reading import Reading, readings
from sim.report.table import notes_of, table_of
from sim.report.terminal import as_text, show
from sim.report.words import (
    HARD_SPACE,
    answer_sentence,
    arms,
    bound,
    difference_text,
    value_text,
    verdict_text,
)

GUARDRAILS = ("backlash", "favourability_shift")


def guardrail_sentence(summary: Mapping[str, Any], context: Context) -> str:
    """What happened to backlash and favourability, whatever the objective says."""
    known, worlds = readings(summary), int(summary["worlds"])
    told = [guardrail(known[name], worlds, context.level) for name in GUARDRAILS if name in known]
    return "Guardrails: " + "; ".join(told) + "." if told else "Guardrails: not measured."


def guardrail(one: Reading, worlds: int, level: str) -> str:
    """One guardrail: from, to, difference, verdict."""
    both = " to ".join(value_text(arm.mean, one.unit) for arm in (one.against, one.scenario))
    unit = "" if one.unit == "share" else f" {one.unit}"
    size = "unchanged" if one.identical else f"from {both}{unit}, {difference_text(one, level)}"
    tail = " (assumed effect sizes)" if one.assumed else ""
    verdict = verdict_text(one, worlds)
    return f"{one.label.lower()} {size}{',' if ':' in verdict else ':'} {verdict}{tail}"


def setting_sentence(context: Context) -> str:
    """Network and date, audience, platform and era, dates."""
    last = context.start + dt.timedelta(days=context.days - 1)
    return (
        f"Network: {context.network} ({context.network_date}). Audience: {context.audience}. "
        f"{platform_sentence(context)}. "
        f"{counted(context.days, 'day')}, {context.start.isoformat()} to {last.isoformat()}; "
        f"seed {context.seed}."
    )


def platform_sentence(context: Context) -> str:
    """The platforms and their eras, without a full stop."""
    one = "Platforms" if " and " in context.platform else "Platform"
    return f"{one}: {context.platform}, as in {context.platform_era}"


def asked_sentence(context: Context) -> str:
    """What the user set in the world, so that a pasted answer is not taken for the usual one."""
    return f"Set by the user, for both arms: {', '.join(context.asked)}."


def provisional_lines(
    summary: Mapping[str, Any], context: Context, width: int
) -> list[RenderableType]:
    """That there are too few draws for a firm answer, where that is so."""
    if not context.provisional:
        return []
    draws = counted(int(summary["draws"]), "parameter draw")
    told = f"PROVISIONAL: only {draws}; 16 or more are needed."
    return [paragraph(told, width, "bold yellow")]


def level_lines(context: Context, width: int) -> list[RenderableType]:
    """That the intervals are not the usual ones, beside the verdict that rests on them."""
    if context.confidence == USUAL:
        return []
    told = (
        f"Intervals and verdicts here are at {context.level}, not at the usual "
        f"{100 * USUAL:.4g} % (study.confidence={context.confidence:g})."
    )
    return [paragraph(told, width)]


def paragraph(text: str, width: int, style: str = "", hang: int = 0, first: str = "") -> Text:
    """Wrapped text. textwrap breaks at ASCII spaces only, so bound numbers stay whole."""
    lines = textwrap.wrap(
        bound(text), width=width, initial_indent=first, subsequent_indent=" " * hang,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    whole = "\n".join(lines).replace(HARD_SPACE, " ")
    return Text(whole, style=style, no_wrap=True, overflow="ignore")


def bullets(sentences: Iterable[str], width: int) -> list[RenderableType]:
    return [paragraph(one, width, hang=4, first="  - ") for one in sentences]


def arm_lines(summary: Mapping[str, Any], context: Context, width: int) -> list[RenderableType]:
    """Both arms in a sentence each."""
    told = (context.scenario_sentence, context.against_sentence)
    pairs = zip(arms(summary, context), told, strict=True)
    return [paragraph(f"{name}: {text.rstrip('.')}.", width, hang=2) for name, text in pairs]


def answer(summary: Mapping[str, Any], context: Context, width: int = 100) -> Group:
    """The whole answer as one renderable, for a terminal so many columns wide."""
    gap = Text("")
    parts: list[RenderableType] = [
        paragraph(context.question, width, "bold"), gap, *arm_lines(summary, context, width),
        paragraph(setting_sentence(context), width, "dim"),
    ]  # fmt: skip
    if context.asked:
        parts.append(paragraph(asked_sentence(context), width))
    if context.compared:
        parts.append(paragraph(context.compared, width, "bold"))
    parts.append(gap)
    parts += [
        *provisional_lines(summary, context, width),
        paragraph("Answer: " + answer_sentence(summary, context), width, "bold"),
        *level_lines(context, width), paragraph(guardrail_sentence(summary, context), width), gap,
        table_of(summary, context, width),
        *bullets([*notes_of(summary), *context.cautions], width), gap,
        *inauthentic(summary, context, width),
        Text("What this rests on", style="bold"),
        *bullets(basis_sentences(summary, context), width), gap,
        Text("For a sharper answer", style="bold"),
        *bullets([sharper_sentence(summary, context)], width), gap,
        *ending(context, width),
    ]  # fmt: skip
    return Group(*parts)


def ending(context: Context, width: int, where: str = "") -> list[RenderableType]:
    """What the model is worth, in a line or two, and where the results are."""
    told = Text(f"Results: {context.folder}{where}", no_wrap=True, overflow="ignore")
    return [*(paragraph(one, width) for one in context.trust), told]


def inauthentic(
    summary: Mapping[str, Any], context: Context, width: int
) -> list[RenderableType]:
    """Measures with and without inauthentic accounts, in a world that has any."""
    told = inauthentic_sentences(summary, context)
    if not told:
        return []
    return [Text("Inauthentic accounts", style="bold"), *bullets(told, width), Text("")]


def print_answer(
    summary: Mapping[str, Any], context: Context, console: Console | None = None
) -> None:
    """Print to the terminal; NO_COLOR, COLUMNS and pipes are respected by rich."""
    show(lambda width: answer(summary, context, width), console)


def answer_text(summary: Mapping[str, Any], context: Context, width: int = 100) -> str:
    """The same as plain text, without colour."""
    return as_text(lambda columns: answer(summary, context, columns), width)
