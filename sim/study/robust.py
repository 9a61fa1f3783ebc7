"""Whether a verdict survives other forms of the model: all combinations of kinds, in paired worlds.

    survives = the combinations whose verdict is that of the reference, the kinds as they are set
    turns with k=v = every combination that has v turns

Draws are keyed by name, so that every parameter which two combinations share has the same value in
both, beside the same people, news and luck: what differs between two rows is the form of an
equation. "Depends on" a parameter is a kind of too close to call, and counts as that. All rows hold
at once (study/points), so that a row may be too close to call here that would be called alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.study.points import DEPENDS
from sim.study.verdict import NO_VERDICT, OPEN, UNCLEAR


def robust_of(summary: Mapping[str, Any], reference: Mapping[str, Any]) -> dict[str, Any]:
    """The part `robust` of a summary. reference: the value of every axis in the user's own world,
    by key; every point of the study is one combination."""
    measure = summary["measures"][summary["objective"]]
    rows = [
        {"point": one["point"], "kinds": dict(one["settings"]),
         "verdict": _plain(measure["points"][one["point"]]["verdict"], measure["better"])}
        for one in summary["points"] if one["point"] in measure["points"]
    ]  # fmt: skip
    first = next((one for one in rows if one["kinds"] == reference), None)
    if first is None or first["verdict"] == NO_VERDICT:
        return {"reference": dict(reference), "verdict": None, "rows": rows}
    for row in rows:
        row["turned"] = row["verdict"] != first["verdict"]
    turned = [one for one in rows if one["turned"]]
    return {
        "reference": dict(reference), "verdict": first["verdict"], "rows": rows,
        "survives": len(rows) - len(turned), "of": len(rows), "turns_with": turns_with(rows),
    }  # fmt: skip


def _plain(verdict: str | None, better: str) -> str:
    if verdict is None:
        return NO_VERDICT
    if verdict.startswith(DEPENDS):
        return UNCLEAR if better == "none" else OPEN
    return verdict


def turns_with(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """always: the single kinds with which every combination turns, by key and value; also: the
    combinations that turn without any of these."""
    counts: dict[tuple[str, Any], list[bool]] = {}
    for row in rows:
        for one in row["kinds"].items():
            counts.setdefault(one, []).append(row["turned"])
    always = {one for one, turned in counts.items() if all(turned)}
    rest = [row["kinds"] for row in rows
            if row["turned"] and not always & set(row["kinds"].items())]  # fmt: skip
    named = [{"key": key, "value": value, "turned": len(counts[key, value])}
             for key, value in counts if (key, value) in always]  # fmt: skip
    return {"always": named, "also": [dict(one) for one in rest]}
