"""The facts held out: what the model must predict and nothing may be set by.

They stand in conf/evidence/held_out.yaml, which only this file opens. It lies above sim/study in
the order of imports, so that calibration cannot reach it; tests/evidence proves both. A fact is
reported beside the naive forecast that every account repeats its own past.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.evidence import Citation, Text, as_tuple, read, refuse_unknown_sources
from sim.parameters import Parameters

FILE = "held_out"


class Criterion(Parameters):
    """A quantity and between what it must lie; the ends count, unless strict. scale: whether
    distances from the range are differences or ratios."""

    name: Text
    unit: Text
    words: Text
    low: float | None = None
    high: float | None = None
    strict: bool = False
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _bounded(self) -> Criterion:
        if self.low is None and self.high is None:
            raise ValueError("a criterion needs low, high or both")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low lies below high")
        if self.scale == "log" and min(self.low or 1.0, self.high or 1.0) <= 0:
            raise ValueError("a log scale needs ends above 0")
        return self

    def holds(self, value: float) -> bool:
        """Whether a value passes."""
        if self.low is not None and (value < self.low or (self.strict and value == self.low)):
            return False
        return not (
            self.high is not None and (value > self.high or (self.strict and value == self.high))
        )


class Fact(Parameters):
    """One fact held out. `counts_with` names a fact that rests on the same event, so that the two
    count as one; `signs_free`: it tests only if no prior excludes the other sign; `replication`:
    settings of the scenario give most of it, so that it counts for nothing."""

    fact: Text
    criteria: Annotated[tuple[Criterion, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    sources: Annotated[tuple[Citation, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    counts_with: str = ""
    signs_free: bool = False
    replication: bool = False


@cache
def load_held_out() -> Mapping[str, Fact]:
    """D1 ... D7 by code, every source known."""
    found = read(FILE, Fact)
    refuse_unknown_sources(
        FILE, {code: [one.source for one in fact.sources] for code, fact in found.items()}
    )
    return found
