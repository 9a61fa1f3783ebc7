"""A law is a scalar function written once and used twice.

Called from Python it is plain Python, which is how the reference engine reads it; called from a
compiled kernel it is compiled into that kernel. Laws take and return float64 (or uint64), use
`math.*` scalars only, and never touch arrays of people, so that both engines agree to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from sim.kernels import use_cache

use_cache()  # before numba is imported for the first time, whoever asks

from numba.extending import register_jitable  # noqa: E402

Function = TypeVar("Function", bound=Callable[..., object])


def law(function: Function) -> Function:
    """Mark a scalar function as a law of the model."""
    compiled_too: Function = register_jitable(no_cfunc_wrapper=True)(function)
    return compiled_too


@law
def power(x: float, exponent: float) -> float:
    """x ** exponent for x > 0, through exp and log so that both engines round alike."""
    return math.exp(exponent * math.log(x))
