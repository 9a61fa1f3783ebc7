"""What was observed: a number with its interval, or the plain reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass


class MissingError(Exception):
    """An observable cannot be worked out from the data at hand; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One number. se, lo, hi: its standard error and 95 % interval as a sample, None where it is
    no sample. n: what it was worked out from (posts, accounts, re-shares). note: what to know
    beside it. why: the reason, where there is no value."""

    value: float | None
    se: float | None = None
    lo: float | None = None
    hi: float | None = None
    n: int = 0
    note: str = ""
    why: str = ""

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Plain values, fit for strict JSON."""
        return {
            "value": finite(self.value), "se": finite(self.se), "lo": finite(self.lo),
            "hi": finite(self.hi), "n": self.n, "note": self.note, "why": self.why,
        }  # fmt: skip


def missing(why: str) -> Observed:
    """No value, and why."""
    return Observed(value=None, why=why)


def finite(value: float | None) -> float | None:
    """The number, or None for what strict JSON cannot hold."""
    return float(value) if value is not None and math.isfinite(value) else None
