"""Imported for its effect by the process that workers are forked from (study/early.py): the
libraries and the model, and, where they have been compiled, the kernels of an hour."""

from __future__ import annotations

import contextlib
from importlib import import_module

with contextlib.suppress(Exception):  # whatever is wrong, a worker will meet it and say so
    import_module("sim.simulate")
    import_module("sim.door.build")
    import_module("sim.engine.compiling").load(import_module("sim.engine.compiled").advance)
