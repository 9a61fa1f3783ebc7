"""The card: what the model shows beside what was published, pattern by pattern.

    deviation = (g(value) - middle of the range) / sd,   the range being two sd either side

A value is the median over worlds. Worlds with parameters drawn from their priors differ by luck and
by doubt about the parameters; how many of them lie in the range says more than the median does.
Only what was not set beforehand is evidence: the count of patterns is given by kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.evidence import KINDS, Part, Target, parts_of
from sim.observables.observed import Observed, finite

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
    values = [one.value for one in found if one.value is not None]
    value = float(np.median(values)) if values else None
    errors = [one.se for one in found if one.se is not None]
    return {
        "pattern": target.pattern, "about": part.about, "unit": part.unit, "kind": part.kind,
        "scale": part.scale, "range": list(part.range), "informs": list(target.informs),
        "published": [one.found for one in target.sources],
        "value": value, "worlds": [finite(one.value) for one in found],
        "lowest": min(values, default=None), "highest": max(values, default=None),
        "se_of_a_sample": float(np.median(errors)) if errors else None,
        "deviation": None if value is None else finite(part.deviation(value)),
        "in_range": None if value is None else part.holds(value),
        "worlds_in_range": sum(part.holds(one) for one in values),
        "note": common([one.note for one in found]), "why": common([one.why for one in found]),
    }  # fmt: skip


def counts_of(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """{kind: how many numbers there are, how many were found, how many lie in their range}."""
    return {
        kind: {
            "numbers": sum(row["kind"] == kind for row in rows.values()),
            "found": sum(row["kind"] == kind and row["value"] is not None for row in rows.values()),
            "in_range": sum(row["kind"] == kind and row["in_range"] is True
                            for row in rows.values()),
        }
        for kind in KINDS
    }  # fmt: skip


def common(told: Sequence[str]) -> str:
    """What is said of a number: in all worlds, or in the first one in which anything is."""
    first = next((one for one in told if one), "")
    return first if not first or set(told) == {first} else f"{first} (so in one world)"


def table_rows(card: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """validation.csv: a row a number."""
    plain = ("pattern", "about", "unit", "kind", "value", "lowest", "highest", "se_of_a_sample",
             "deviation", "in_range", "worlds_in_range", "note", "why")  # fmt: skip
    header = ["key", "low", "high", *plain]
    rows = [
        [key, *row["range"], *(row[name] for name in plain)]
        for key, row in card["patterns"].items()
    ]
    return header, rows
