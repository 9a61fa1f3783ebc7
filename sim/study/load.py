"""A finished study as tables: Arrow, numpy columns, or a pandas frame where pandas is installed.

    study = sim.load_study("results/studies/tone")
    study.table                       pyarrow.Table: a row a point, draw, replicate and measure
    study.columns()["value"]          numpy
    study.frame()                     pandas.DataFrame (pip install "demarche[frames]")
    study.dataset()                   xarray.Dataset: a variable a measure, point x draw x replicate
    study.to_netcdf("tone.nc")        the same as a netCDF-4 file
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.study.files import discard, read_json, settle, temporary_for, told
from sim.study.tables import read_table

DIMENSIONS = ("point", "draw", "replicate")


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
        needed("pandas")
        return self.table.to_pandas()

    def dataset(self) -> Any:
        """An xarray.Dataset: a variable a measure over (point, draw, replicate), NaN where a run
        failed; the control of each circumstance is the point control:<circumstance>. What varied,
        label and circumstance stand beside the points; units and roles in the attributes."""
        xarray = needed("xarray")
        columns = self.columns()
        names = points_of(columns)
        points = list(dict.fromkeys(names))
        place = np.array([points.index(one) for one in names])
        shape = (len(points), int(columns["draw"].max()) + 1, int(columns["replicate"].max()) + 1)
        variables = {}
        for measure in dict.fromkeys(columns["measure"].tolist()):
            rows = columns["measure"] == measure
            values = np.full(shape, np.nan)
            values[place[rows], columns["draw"][rows], columns["replicate"][rows]] = (
                columns["value"][rows]
            )
            variables[measure] = (DIMENSIONS, values, self._told(measure))
        return xarray.Dataset(variables, self._coordinates(columns, points, place, shape), {
            key: str(self.summary[key])
            for key in ("study", "question", "objective", "against", "days", "seed")
        })  # fmt: skip

    def _told(self, measure: str) -> dict[str, str]:
        one = self.summary["measures"].get(measure, {})
        return {"units": one.get("unit", ""), "long_name": one.get("label", measure),
                "role": one.get("role", "")}  # fmt: skip

    def _coordinates(
        self, columns: dict[str, np.ndarray], points: list[str], place: np.ndarray,
        shape: tuple[int, ...],
    ) -> dict[str, Any]:  # fmt: skip
        """What stands beside the dimensions, one value a point."""
        first = [int(np.flatnonzero(place == one)[0]) for one in range(len(points))]
        beside = [*(one["key"] for one in self.summary["axes"]), "label", "scenario",
                  "circumstance"]  # fmt: skip
        found: dict[str, Any] = {
            name: ("point", plain_column(columns[name][first])) for name in dict.fromkeys(beside)
        }
        return found | {"point": points, "draw": np.arange(shape[1]),
                        "replicate": np.arange(shape[2])}  # fmt: skip

    def to_netcdf(self, path: str | Path) -> Path:
        """Write the dataset as a netCDF-4 file, whole or not at all."""
        needed("h5netcdf")
        needed("h5py")
        place = Path(path).expanduser()
        dataset = self.dataset()
        with told(place):
            temporary = temporary_for(place)
            try:
                dataset.to_netcdf(temporary, engine="h5netcdf")
                settle(temporary, place)
            except BaseException:
                discard(temporary)
                raise
        return place

    def outcomes(self, measure: str) -> dict[str, np.ndarray]:
        """{point: float64[worlds]}, the control of each circumstance as control:<circumstance>."""
        columns = self.columns()
        rows = columns["measure"] == measure
        names = points_of({name: column[rows] for name, column in columns.items()})
        found: dict[str, list[float]] = {}
        for name, value in zip(names, columns["value"][rows].tolist(), strict=True):
            found.setdefault(name, []).append(value)
        return {name: np.array(values) for name, values in found.items()}


def needed(library: str) -> Any:
    """A library that only exports need."""
    try:
        return importlib.import_module(library)
    except ImportError:
        raise UserError(
            f'{library} is not installed: pip install "demarche[frames]", or use .table or '
            ".columns()."
        ) from None


def points_of(columns: dict[str, np.ndarray]) -> list[str]:
    """Names of points, row by row; a control carries the name of its circumstance."""
    return [
        f"{point}:{world}" if point == "control" else point
        for point, world in zip(columns["point"], columns["circumstance"], strict=True)
    ]


def plain_column(column: np.ndarray) -> np.ndarray:
    """Words as words, "" where there is none; numbers as they are."""
    if column.dtype.kind != "O":
        return column
    return np.array(["" if one is None else str(one) for one in column], dtype=str)


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
