"""What response curves say of the publics before which they were run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.report.context import Context
from sim.report.words import plain


def publics(summary: Mapping[str, Any]) -> list[int]:
    """Their sizes, the largest last: it is the one whose numbers are shown."""
    return sorted({int(one["people"]) for one in summary["curves"]})


def people(size: int) -> str:
    return f"{plain(size)} people"


def before_largest(summary: Mapping[str, Any]) -> str:
    """Before 80,000 people, the larger of two publics."""
    sizes = publics(summary)
    which = {1: "", 2: ", the larger of two publics"}.get(
        len(sizes), f", the largest of {len(sizes)} publics"
    )
    return f"before {people(sizes[-1])}{which}"


def with_publics(summary: Mapping[str, Any], context: Context) -> Context:
    """A context that names all publics, since that of a study is of its first circumstance."""
    sizes = publics(summary)
    if not sizes[1:]:
        return context
    told = f"{' and '.join(map(plain, sizes))} people, followers scaled to each"
    first = context.audience.partition(" people")[0]
    scaled = rf"to each public (\1 before {first} people)"
    cautions = tuple(re.sub(r"to the audience \((x [^)]+)\)", scaled, one)
                     for one in context.cautions)  # fmt: skip
    return replace(context, audience=told, cautions=cautions)
