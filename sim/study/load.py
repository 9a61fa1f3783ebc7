"""A finished study as tables: Arrow, numpy columns, or a pandas frame where pandas is installed.

    study = sim.load_study("results/studies/tone")
    study.table                       pyarrow.Table: a row a point, draw, replicate and measure
    study.columns()["value"]          numpy
    study.frame()                     pandas.DataFrame (pip install "demarche[frames]")
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.study.files import read_json
from sim.study.tables import read_table


@dataclass(frozen=True, kw_only=True)
class LoadedStudy:
    """What stands in the folder of a finished study."""

    folder: Path
    summary: dict[str, Any]
    table: Any = field(repr=False)

    def columns(self) -> dict[str, np.ndarray]:
        """study.parquet as numpy arrays."""
        return read_table(self.folder / "study.parquet")

    def frame(self) -> Any:
        """study.parquet as a pandas DataFrame."""
        try:
            importlib.import_module("pandas")
        except ImportError:
            raise UserError(
                'pandas is not installed: pip install "demarche[frames]", or use .table or '
                ".columns()."
            ) from None
        return self.table.to_pandas()

    def outcomes(self, measure: str) -> dict[str, np.ndarray]:
        """{point: float64[worlds]}, the control of each circumstance as control:<circumstance>."""
        columns = self.columns()
        rows = columns["measure"] == measure
        names = [
            f"{point}:{world}" if point == "control" else point
            for point, world in zip(columns["point"][rows], columns["circumstance"][rows],
                                    strict=True)
        ]  # fmt: skip
        found: dict[str, list[float]] = {}
        for name, value in zip(names, columns["value"][rows].tolist(), strict=True):
            found.setdefault(name, []).append(value)
        return {name: np.array(values) for name, values in found.items()}


def load_study(path: str | Path) -> LoadedStudy:
    """Read a finished study; refuses what holds none."""
    import pyarrow.parquet as pq

    folder = Path(path).expanduser()
    if not (folder / "study.parquet").is_file() or not (folder / "summary.json").is_file():
        status = folder / "status.json"
        state = f" (its status is '{read_json(status)['state']}')" if status.is_file() else ""
        raise UserError(
            f"'{folder.name}' holds no finished study{state}: name a folder results/studies/NAME "
            "that has a study.parquet, or give the study's command again to finish it."
        )
    return LoadedStudy(
        folder=folder, summary=read_json(folder / "summary.json"),
        table=pq.read_table(folder / "study.parquet"),
    )  # fmt: skip
