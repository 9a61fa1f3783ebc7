"""What one experiment found in one world: numbers by their key, and what to know beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.observables.observed import Observed


@dataclass(frozen=True, kw_only=True)
class Found:
    """values: {key of a number: observed or why not}; details: {words: number}, told as medians
    over worlds, never judged."""

    values: Mapping[str, Observed]
    details: Mapping[str, float] = field(default_factory=dict)
