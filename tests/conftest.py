"""One cache of compiled kernels per test worker, set before anything imports numba."""

from __future__ import annotations

import os

from sim.kernels import use_cache

use_cache(os.environ.get("PYTEST_XDIST_WORKER", ""))
