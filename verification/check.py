"""A check, what it found, and the verdict on all of them together.

A random check gives a p-value: how often a correct model would be that far off. All of them form
one family, judged by Holm's (1979) step-down rule at LEVEL = 0.001: a correct model is rejected on
any of them in at most one run in a thousand. An exact check gives an error and the tolerance it
must keep. Seeds are fixed, so that a verdict repeats; another seed is another draw (--seed).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

LEVEL = 1e-3
FEWEST = 5.0  # expected in a cell of a chi-square test


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one check found. p for a random check, error and tolerance for an exact one."""

    name: str
    source: str
    setup: str
    expected: str
    found: str
    p: float | None = None
    error: float | None = None
    tolerance: float | None = None
    holds: bool | None = None  # filled in by `judged`

    @property
    def is_random(self) -> bool:
        return self.p is not None

    def told(self) -> str:
        """The p-value, or the error."""
        if self.p is not None:
            return f"p = {self.p:.3g}"
        return f"error {self.error:.2g} of {self.tolerance:.0e}"


@dataclass(frozen=True, kw_only=True)
class Check:
    """A function of a seed that yields results. fast: part of the tests."""

    run: Callable[[int], Iterator[Result]]
    fast: bool
    group: str


def judged(results: Sequence[Result]) -> list[Result]:
    """The results with their verdicts: Holm over the random ones, tolerances over the others."""
    p = np.array([one.p for one in results if one.p is not None])
    rejected = holm(p, LEVEL)
    found, k = [], 0
    for one in results:
        if one.p is not None:
            found.append(replace(one, holds=not rejected[k]))
            k += 1
        else:
            assert one.error is not None and one.tolerance is not None
            found.append(replace(one, holds=bool(one.error <= one.tolerance)))
    return found


def holm(p: np.ndarray, level: float) -> np.ndarray:
    """bool: rejected, by Holm's step-down rule. A p-value that is no number is rejected."""
    p = np.where(np.isnan(p), 0.0, p)
    rejected = np.zeros(len(p), bool)
    for rank, k in enumerate(np.argsort(p, kind="stable")):
        if p[k] > level / (len(p) - rank):
            break
        rejected[k] = True
    return rejected


def exact(name: str, source: str, setup: str, expected: float, found: float, tolerance: float = 1e-9
          ) -> Result:  # fmt: skip
    """A number that must be hit but for rounding."""
    return Result(
        name=name, source=source, setup=setup, expected=f"{expected:.6g}", found=f"{found:.6g}",
        error=abs(found - expected) / max(abs(expected), 1e-300), tolerance=tolerance,
    )  # fmt: skip


def binomial(name: str, source: str, setup: str, count: int, n: int, p: float) -> Result:
    """A count of n independent cases with probability p (exact two-sided test)."""
    return Result(
        name=name, source=source, setup=setup, expected=f"{p:.4f} of {n:,}",
        found=f"{count / n:.4f}", p=float(stats.binomtest(count, n, min(p, 1.0)).pvalue),
    )  # fmt: skip


def mean(name: str, source: str, setup: str, values: np.ndarray, expected: float) -> Result:
    """A mean of many independent values (normal approximation, their own spread)."""
    values = np.asarray(values, float)
    se = float(values.std(ddof=1)) / math.sqrt(len(values))
    z = (float(values.mean()) - expected) / se
    return Result(
        name=name, source=source, setup=setup, expected=f"{expected:.4g}",
        found=f"{values.mean():.4g} +- {se:.2g}", p=float(2 * stats.norm.sf(abs(z))),
    )  # fmt: skip


def distribution(name: str, source: str, setup: str, counts: ArrayLike, p: ArrayLike
                 ) -> Result:  # fmt: skip
    """Counts of classes with these probabilities (chi-square, small classes put together)."""
    observed, expected = pooled(np.asarray(counts, float), np.asarray(p, float))
    found = stats.chisquare(observed, expected)
    return Result(
        name=name, source=source, setup=setup,
        expected=" ".join(f"{one:.3g}" for one in expected / expected.sum()),
        found=" ".join(f"{one:.3g}" for one in observed / observed.sum()), p=float(found.pvalue),
    )  # fmt: skip


def pooled(counts: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Classes with at least FEWEST expected, the rest joined to the last of them."""
    n = counts.sum()
    p = p / p.sum()
    big = np.flatnonzero(n * p >= FEWEST)
    small = np.flatnonzero(n * p < FEWEST)
    observed, expected = counts[big].copy(), n * p[big]
    observed[-1] += counts[small].sum()
    expected[-1] += n * p[small].sum()
    return observed, expected


def shape(name: str, source: str, setup: str, values: np.ndarray,
          cdf: Callable[[np.ndarray], np.ndarray], expected: str) -> Result:  # fmt: skip
    """A sample from a continuous distribution (Kolmogorov-Smirnov)."""
    found = stats.kstest(values, cdf)
    return Result(
        name=name, source=source, setup=setup, expected=expected,
        found=f"distance {found.statistic:.4f}, n = {len(values):,}", p=float(found.pvalue),
    )  # fmt: skip
