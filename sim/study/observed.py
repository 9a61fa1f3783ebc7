"""The observables C1-C18 of a run, or of one world of a results folder that kept its posts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.errors import UserError
from sim.observables.from_run import observables_of_tables, tables_of
from sim.observables.observed import Observed
from sim.observables.resample import N_SAMPLES
from sim.run import Run
from sim.study.tables import read_rows

NEEDED = ("accounts", "posts", "shares", "audience")


def observables_of_run(
    source: Run | Path, *, arm: str = "status_quo", world: int = 0, n_samples: int = N_SAMPLES
) -> dict[str, Observed]:
    """{C1: ..., C2.above_5k: ..., ...} of a run, or of an arm in a world of a results folder."""
    tables = tables_of(source) if isinstance(source, Run) else read_world(source, arm, world)
    return observables_of_tables(tables, n_samples)


def read_world(folder: Path, arm: str, world: int) -> dict[str, dict[str, np.ndarray]]:
    """The tables of one arm in one world of a results folder."""
    lacking = [name for name in NEEDED if not (folder / f"{name}.parquet").is_file()]
    if lacking:
        raise UserError(
            f"'{folder.name}' has no {lacking[0]}.parquet: run the comparison with keep=posts."
        )
    tables = {name: read_rows(folder / f"{name}.parquet", arm, world) for name in NEEDED}
    if not len(tables["audience"]["value"]):
        raise UserError(f"'{folder.name}' holds no world {world} of an arm named '{arm}'.")
    return tables
