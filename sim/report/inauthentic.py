"""What inauthentic accounts did to the counts, in sentences; measures with and without them.

Authentic counts lead everywhere else in a report. Here stands what a reader of the platform's own
counters would have seen instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.context import Context
from sim.report.reading import Reading, readings
from sim.report.words import arms, difference_text, plain, value_text, verdict_text, within

SIDES = (("ours", "the ministry"), ("rival", "rivals"), ("neutral", "allies and news media"))


def inauthentic_sentences(summary: Mapping[str, Any], context: Context) -> list[str]:
    """Empty in a clean world."""
    block = summary.get("inauthentic")
    if not block:
        return []
    _, base = arms(summary, context)
    sides = block["detection"]["sides"]
    told = [f"Under {within(base)}, false are {shares_of(sides, 'inauthentic_share')} of the "
            f"shares and likes shown, and {shares_of(sides, 'inauthentic_followers')} of the "
            "followers."]
    told += removal(block["detection"])
    told += [*differing(summary, block, context.level), ASSUMED]
    return told


ASSUMED = (
    "How many false accounts there are, and how many are found, is assumed (contamination.*). They "
    "act on people through ranked feeds and pick-ups only, and are no lever of either arm."
)


def shares_of(sides: Mapping[str, Any], name: str) -> str:
    """12 % (rivals), 0 % (the ministry)."""
    parts = [f"{plain(100 * sides[side][name]['against'], 2)} % ({word})" for side, word in SIDES]
    return ", ".join(parts)


def removal(detection: Mapping[str, Any]) -> list[str]:
    """What the platform has taken down, how long that takes, and whom it flagged by mistake."""
    gone = [(word, detection["sides"][side]["inauthentic_removed"]["against"])
            for side, word in SIDES]  # fmt: skip
    acted = [f"{plain(100 * share, 2)} % ({word})" for word, share in gone if share > 0]
    if not acted:
        return ["The platform has taken none of them down yet."]
    flagged = sum(detection["sides"][side]["wrongly_flagged"]["against"] for side, _ in SIDES)
    days = detection["hours_until_half_removed"] / 24.0
    return [
        f"Taken down by the end: {', '.join(acted)} of the false reactions that had come; half of "
        f"what the detector finds is gone {plain(days, 2)} days after a post. It flagged "
        f"{plain(flagged, 2)} authentic reactions by mistake, which keep their counts."
    ]  # fmt: skip


def differing(summary: Mapping[str, Any], block: Mapping[str, Any], level: str) -> list[str]:
    """The measures that inauthentic counts change, compared with them; or that there are none."""
    plainly = readings(summary)
    counted = readings({**summary, "measures": block["measures"]})
    worlds = int(summary["worlds"])
    changed = [one for name, one in counted.items() if moved(one, plainly[name])]
    if not changed:
        return [
            "With them counted in, every measure of the ministry is what stands above: they "
            "inflate others."
        ]
    return [
        f"With them counted in, {one.label.lower()} read "
        f"{value_text(one.against.mean, one.unit)} and {value_text(one.scenario.mean, one.unit)} "
        f"instead of {value_text(plainly[one.name].against.mean, one.unit)} and "
        f"{value_text(plainly[one.name].scenario.mean, one.unit)}: {difference_text(one, level)}, "
        f"{verdict_text(one, worlds)}."
        for one in changed
    ]


def moved(one: Reading, other: Reading) -> bool:
    """Whether a measure reads otherwise in either arm."""
    return (one.scenario.mean, one.against.mean) != (other.scenario.mean, other.against.mean)
