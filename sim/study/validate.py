"""The card: what the model shows beside what was published, pattern by pattern.

    deviation = (g(value) - middle of the range) / sd,   the range being two sd either side

A value is the median over worlds. Worlds with parameters drawn from their priors differ by luck and
by doubt about the parameters; how many of them lie in the range says more than the median does.
Only what was not set beforehand is evidence: the count of patterns is given by kind. What lies
outside misses its range by so many of these sds beyond the nearer end (sim/study/scoring).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.evidence import IN_RANGE, KINDS, Part, Target, parts_of
from sim.observables.observed import Observed, finite
from sim.study.calibration import standard
from sim.study.scoring import half_in_range, scored

Found = Mapping[str, Observed]


def card_of(targets: Mapping[str, Target], worlds: Sequence[Found], **about: Any) -> dict[str, Any]:
    """The card as plain values, fit for strict JSON. `about` goes into its head."""
    parts = parts_of(targets)
    rows = {key: row_of(key, part, targets, worlds) for key, part in parts.items()}
    return {**about, "worlds": len(worlds), "patterns": rows, "counts": counts_of(rows)}


def row_of(
    key: str, part: Part, targets: Mapping[str, Target], worlds: Sequence[Found]
) -> dict[str, Any]:
    """One number: its range, its values, and how far it lies from the middle of the range."""
    target = targets[key.partition(".")[0]]
    found = [one[key] for one in worlds]
    row = scored([finite(one.value) for one in found], part.holds, lambda x: miss_of(part, x))
    errors = [one.se for one in found if one.se is not None]
    known = [one for one in row["draws"] if one is not None]
    return row | {
        "pattern": target.pattern, "about": part.about, "unit": part.unit, "kind": part.kind,
        "scale": part.scale, "range": list(part.range), "informs": list(target.informs),
        "published": [one.found for one in target.sources],
        "lowest": min(known, default=None), "highest": max(known, default=None),
        "se_of_a_sample": float(np.median(errors)) if errors else None,
        "deviation": None if row["value"] is None else finite(part.deviation(row["value"])),
        "note": common([one.note for one in found]), "why": common([one.why for one in found]),
    }  # fmt: skip


def miss_of(part: Part, value: float) -> float:
    """Sds of the range beyond its nearer end, negative below it."""
    if part.holds(value):
        return 0.0
    off = standard(part, value)
    return off - IN_RANGE if off > 0 else off + IN_RANGE


def counts_of(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """{kind: how many numbers there are, how many were found, and how many of them lie in their
    range in at least half of the draws}."""
    return {
        kind: {
            "numbers": sum(row["kind"] == kind for row in rows.values()),
            "found": sum(row["kind"] == kind and row["value"] is not None for row in rows.values()),
            "in_range": sum(row["kind"] == kind and half_in_range(row) for row in rows.values()),
        }
        for kind in KINDS
    }  # fmt: skip


def common(told: Sequence[str]) -> str:
    """What is said of a number: in all worlds, or in the first one in which anything is."""
    first = next((one for one in told if one), "")
    return first if not first or set(told) == {first} else f"{first} (so in one world)"
