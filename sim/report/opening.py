"""How the answer of a study begins: the question, the setting, what was asked for besides, how much
was run, and whether it is provisional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from sim.report.answer import asked_sentence, paragraph, provisional_lines, setting_sentence
from sim.report.context import Context
from sim.report.study_words import counts_of


def opening(question: str, summary: Mapping[str, Any], context: Context, width: int, *,
            control: str = "", with_counts: bool = True) -> list[RenderableType]:  # fmt: skip
    """The paragraphs above a study's table. control: what the other arm does, where that is told;
    with_counts: say how many points and worlds there were."""
    parts: list[RenderableType] = [paragraph(question, width, "bold"), Text("")]
    if control:
        parts.append(paragraph(control, width, hang=2))
    parts.append(paragraph(setting_sentence(context), width, "dim"))
    if context.asked:
        parts.append(paragraph(asked_sentence(context), width))
    if with_counts:
        parts += [paragraph(f"{counts_of(summary)}.", width), Text("")]
    return parts + provisional_lines(summary, context, width)
