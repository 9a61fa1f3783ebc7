"""How a law is put to the test with values nobody chose: bounds, order, limits, what is conserved.

The examples are the same at every run (tests/conftest.py): a test that passes today passes
tomorrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

Test = TypeVar("Test", bound=Callable[..., None])
MOST = 60  # examples of each


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """A finite number inside its bounds, the bounds themselves included."""
    return st.floats(low, high, allow_nan=False, allow_infinity=False, allow_subnormal=False)


def rising(of: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[float, float]]:
    """Two numbers, the second not below the first."""
    return st.tuples(of, of).map(lambda two: (min(two), max(two)))


SHARE = number(0.0, 1.0)
RANK = number(1e-9, 1.0 - 1e-9)  # of a die that is never quite 0 or 1
SIGNED = number(-1.0, 1.0)
POSITIVE = number(1e-3, 1e3)
FACTOR = number(1e-2, 1e2)
SIZE = number(0.0, 1e5)
HOURS = number(0.0, 5e3)
EXPONENT = number(0.0, 3.0)
BOOLEAN = st.booleans()
WHOLE = st.integers(0, 10_000)
Two = tuple[float, float]  # rising, if they come from `rising`


def holds(**values: st.SearchStrategy[Any]) -> Callable[[Test], Test]:
    """A property: it holds whatever the values are."""

    def of(test: Test) -> Test:
        drawn: Test = given(**values)(test)
        return settings(max_examples=MOST)(drawn)

    return of


def same(one: float, other: float, rel: float = 1e-9) -> bool:
    """Equal but for rounding."""
    return math.isclose(one, other, rel_tol=rel, abs_tol=1e-12)


def below(one: float, other: float) -> bool:
    """Not above, but for rounding."""
    return one <= other or same(one, other)
