"""From the records of single runs to one table and one summary.

study.parquet: one row a point, draw, replicate and measure (the control of a circumstance stands as
point "control"), with a column for every key that varies. Rows follow the plan, so that the same
runs give the same bytes whenever and in whatever order they were made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.measures import BY_NAME, MEASURES
from sim.study.compare import kept_worlds
from sim.study.ensemble import Failure
from sim.study.files import written
from sim.study.plan import CONTROL, Plan, RunKey, runs_of
from sim.study.records import recall

RUNS_A_GROUP = 2_000  # of study.parquet: what is held as rows at a time
ORDER = {name: place for place, name in enumerate(BY_NAME)}
MOST_FAILED = 0.5  # of its runs: a point that fails oftener is left out, not the worlds


class Values(Mapping[RunKey, Mapping[str, float]]):
    """{run: {measure: value}} in one array: some 200 bytes a run, however many there are."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.rows: dict[RunKey, int] = {}
        self.array = np.empty((64, 0))
        self.has = np.zeros((64, 0), dtype=bool)

    def add(self, key: RunKey, values: Mapping[str, float]) -> None:
        """Append a run."""
        new = [name for name in values if name not in self.names]
        self._grow(len(self.rows) + 1, new)
        row = self.rows[key] = len(self.rows)
        for column, name in enumerate(self.names):
            if name in values:
                self.array[row, column], self.has[row, column] = values[name], True

    def _grow(self, n_rows: int, names: list[str]) -> None:
        self.names += names
        size = len(self.array) if n_rows <= len(self.array) else 2 * len(self.array)
        if (size, len(self.names)) == self.array.shape:
            return
        array, has = np.full((size, len(self.names)), math.nan), np.zeros(
            (size, len(self.names)), dtype=bool)  # fmt: skip
        array[: len(self.array), : self.array.shape[1]] = self.array
        has[: len(self.has), : self.has.shape[1]] = self.has
        self.array, self.has = array, has

    def __getitem__(self, key: RunKey) -> Mapping[str, float]:
        row = self.rows[key]
        return {name: float(self.array[row, column]) for column, name in enumerate(self.names)
                if self.has[row, column]}  # fmt: skip

    def one(self, key: RunKey, measure: str) -> float:
        """One value, NaN where there is none."""
        row = self.rows.get(key)
        if row is None or measure not in self.names:
            return math.nan
        return float(self.array[row, self.names.index(measure)])

    def __iter__(self) -> Iterator[RunKey]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Collated:
    """All runs of a design. values: {(world, arm, draw, replicate): {measure: value}}."""

    plan: Plan
    draws: int
    replicates: int
    values: Values
    failures: tuple[dict[str, Any], ...]

    def outcomes(self, measure: str, world: str, arm: str, kept: np.ndarray) -> np.ndarray:
        """float64[D', R'] of one arm in the worlds kept."""
        found = np.full(kept.shape, math.nan)
        for place, number in np.ndenumerate(kept):
            draw, replicate = divmod(int(number), self.replicates)
            key = RunKey(draw=draw, replicate=replicate, world=world, arm=arm)
            found[place] = self.values.one(key, measure)
        return found

    def measures(self) -> list[str]:
        """The declared measures that the runs have."""
        return [one.name for one in MEASURES if one.name in self.values.names]


def collate(folder: Path, plan: Plan, draws: int, replicates: int) -> Collated:
    """Read the records of a design."""
    values, failures = Values(), []
    for key in runs_of(plan, draws, replicates):
        record = recall(folder, key)
        if record is None:
            raise UserError(f"The run {key} of '{plan.name}' is missing: give the command again.")
        if "failed" in record:
            failures.append({
                "point": key.arm, "circumstance": key.world, "draw": key.draw,
                "replicate": key.replicate, "seed": record["seed"], "message": record["failed"],
            })  # fmt: skip
        else:
            values.add(key, record["values"])
    if not values:
        raise UserError(f"All runs failed, the first one: {failures[0]['message']}")
    return Collated(
        plan=plan, draws=draws, replicates=replicates, values=values, failures=tuple(failures)
    )


def broken_points(found: Collated) -> list[str]:
    """Points that failed in more than half of their runs: the others lose no worlds to them."""
    most = MOST_FAILED * found.draws * found.replicates
    counts: dict[str, int] = {}
    for one in found.failures:
        if one["point"] != CONTROL:
            counts[one["point"]] = counts.get(one["point"], 0) + 1
    return sorted(name for name, number in counts.items() if number > most)


def common_worlds(found: Collated, broken: list[str]) -> np.ndarray:
    """Indices [D', R'] of the worlds in which every point and control that counts came through."""
    lost = {
        one["draw"] * found.replicates + one["replicate"]
        for one in found.failures if one["point"] not in broken
    }  # fmt: skip
    n_worlds = found.draws * found.replicates
    runs = [
        Failure(index=world, message="") if world in lost else None for world in range(n_worlds)
    ]
    return kept_worlds(runs, found.draws, found.replicates)


def schema_of(found: Collated) -> Any:
    """The columns of study.parquet. A key that takes numbers only is a column of numbers, one that
    takes words, or words and numbers, is text."""
    import pyarrow as pa

    plan = found.plan
    given = [*(one.settings for one in plan.points), *plan.worlds.values()]
    whole = {name: pa.int64() for name in ("world", "draw", "replicate")}
    kinds: dict[str, Any] = whole | {"value": pa.float64()}
    for axis in plan.axes:
        known = [one[axis.key] for one in given if one.get(axis.key) is not None]
        if known and all(_is_number(one) for one in known):
            kinds[axis.key] = pa.float64()
    names = ("point", "label", *(axis.key for axis in plan.axes), "scenario", "circumstance",
             "world", "draw", "replicate", "measure", "value")  # fmt: skip
    return pa.schema([(name, kinds.get(name, pa.string())) for name in dict.fromkeys(names)])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def groups_of(found: Collated, schema: Any) -> Iterator[Any]:
    """study.parquet as Arrow tables of so many runs."""
    import pyarrow as pa

    plan = found.plan
    points = {one.id: one for one in plan.points}
    keys = list(found.values)
    for start in range(0, len(keys), RUNS_A_GROUP):
        columns: dict[str, list[Any]] = {name: [] for name in schema.names}
        for key in keys[start : start + RUNS_A_GROUP]:
            values = found.values[key]
            point = points.get(key.arm)
            settings = plan.worlds[key.world] if point is None else point.settings
            fixed = {axis.key: settings.get(axis.key) for axis in plan.axes} | {
                "point": key.arm, "label": point.label if point else plan.control_label,
                "scenario": point.scenario if point else plan.control, "circumstance": key.world,
                "world": key.draw * found.replicates + key.replicate, "draw": key.draw,
                "replicate": key.replicate,
            }  # fmt: skip
            for measure in sorted(values.keys() & BY_NAME.keys(), key=ORDER.__getitem__):
                for name, one in fixed.items():
                    columns[name].append(one)
                columns["measure"].append(measure)
                columns["value"].append(values[measure])
        yield pa.table({field.name: _array(columns[field.name], field.type) for field in schema},
                       schema=schema)  # fmt: skip


def _array(column: list[Any], kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_string(kind):
        return pa.array([None if one is None else str(one) for one in column], kind)
    if pa.types.is_floating(kind):
        return pa.array([None if one is None else float(one) for one in column], kind)
    return pa.array(column, kind)


def write_table(path: Path, found: Collated) -> None:
    """Write study.parquet, whole or not at all, a group of runs at a time."""
    import pyarrow.parquet as pq

    schema = schema_of(found)
    with written(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for table in groups_of(found, schema):
            writer.write_table(table, row_group_size=max(1, table.num_rows))
