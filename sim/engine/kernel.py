"""How kernels are compiled: cached, without bounds checks, and without counting references.

A kernel takes whole bundles of arrays and hands them on to the next; counting the references of
every array at every call cost five microseconds a view (measured), fifty times the work itself. A
kernel therefore allocates nothing: what it writes to is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit
from numba.extending import register_jitable

# What Python calls.
kernel: Callable[..., Any] = njit(
    cache=True, _nrt=False, error_model="numpy", no_cfunc_wrapper=True
)

# What only kernels call. It is compiled as a part of them: without the entries from Python and from
# C that numba otherwise makes for every function, which took two fifths and then a quarter of the
# time until the first view (measured). Called from Python it runs as plain Python.
ONLY_A_PART = {"_nrt": False, "error_model": "numpy", "no_cfunc_wrapper": True}
part: Callable[..., Any] = register_jitable(**ONLY_A_PART)

# The small parts that run for every follower or view: put into their caller by the compiler, since
# handing thirty arrays to a function costs more than most of these do.
inner: Callable[..., Any] = register_jitable(**ONLY_A_PART, forceinline=True)
