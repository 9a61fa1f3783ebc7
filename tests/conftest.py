"""One cache of compiled kernels per test worker, set before anything imports numba; and the same
examples of properties in every process.

Hypothesis also tries constants that it finds in the source of whatever modules are loaded, so that
derandomized examples depended on which tests ran before: one failed in one order and not in others.
"""

from __future__ import annotations

import os
import signal

from hypothesis import settings
from hypothesis.internal.conjecture import providers

from sim.kernels import use_cache

use_cache(os.environ.get("PYTEST_XDIST_WORKER", ""))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell leaves it in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests press Ctrl-C

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")
if hasattr(providers, "_get_local_constants"):  # no public switch (6.170)
    providers._get_local_constants = lambda: providers._local_constants  # stays empty
