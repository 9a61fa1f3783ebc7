"""task=explain for the evidence: what a pattern (C5) or a fact held out (D1) says, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.evidence import (
    KINDS,
    MARKS,
    Citation,
    load_sources,
    load_targets,
    range_text,
)
from sim.held_out import load_held_out

Row = tuple[str, str]


def codes() -> list[str]:
    """Everything that can be explained here."""
    return [*load_targets(), *load_held_out()]


def rows_of(key: str) -> tuple[str, Sequence[Row]] | None:
    """(heading, rows of name and text) of a code or one of its numbers; None for another key."""
    code = key.partition(".")[0].upper()
    if code in load_targets():
        return f"{code}: a pattern to reproduce, not a setting", list(_pattern(code))
    if code in load_held_out():
        return f"{code}: a fact held out, which sets nothing", list(_fact(code))
    return None


def _pattern(code: str) -> Iterable[Row]:
    target = load_targets()[code]
    yield "pattern", target.pattern
    for part in target.parts:
        unit = "" if part.unit in ("share", "minutes") else f" ({part.unit})"
        yield "range", f"{part.about}: {range_text(part)}{unit}; two sd either side, {part.scale}"
        yield "kind", f"{part.kind}: {KINDS[part.kind]}"
    yield "measured", target.measured_as
    yield "informs", ", ".join(target.informs)
    yield from _sources(target.sources)


def _fact(code: str) -> Iterable[Row]:
    fact = load_held_out()[code]
    yield "fact", fact.fact
    for one in fact.criteria:
        yield "passes", f"{one.name}: {one.words}"
    if fact.counts_with:
        yield "note", f"rests on the same event as {fact.counts_with}: the two count as one"
    if fact.signs_free:
        yield "note", "tests only because no prior excludes the other sign"
    yield from _sources(fact.sources)


def _sources(cited: Sequence[Citation]) -> Iterable[Row]:
    known = load_sources()
    for one in cited:
        yield "source", f"{one.found} [{one.mark}: {MARKS[one.mark]}] {known[one.source].title}"
