"""From the records of single runs to one table and one summary.

study.parquet: one row a point, draw, replicate and measure (the control of a circumstance stands as
point "control"), with a column for every key that varies. Rows follow the plan, so that the same
runs give the same bytes whenever and in whatever order they were made.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.measures import BY_NAME, MEASURES
from sim.study.compare import kept_worlds
from sim.study.ensemble import Failure
from sim.study.files import write_bytes
from sim.study.plan import CONTROL, Plan, RunKey, runs_of
from sim.study.records import recall

MOST_FAILED = 0.5  # of its runs: a point that fails oftener is left out, not the worlds


@dataclass(frozen=True, kw_only=True)
class Collated:
    """All runs of a design. values: {(world, arm, draw, replicate): {measure: value}}."""

    plan: Plan
    draws: int
    replicates: int
    values: Mapping[RunKey, Mapping[str, float]]
    failures: tuple[dict[str, Any], ...]

    def outcomes(self, measure: str, world: str, arm: str, kept: np.ndarray) -> np.ndarray:
        """float64[D', R'] of one arm in the worlds kept."""
        found = np.full(kept.shape, math.nan)
        for place, number in np.ndenumerate(kept):
            draw, replicate = divmod(int(number), self.replicates)
            key = RunKey(draw=draw, replicate=replicate, world=world, arm=arm)
            found[place] = self.values.get(key, {}).get(measure, math.nan)
        return found

    def measures(self) -> list[str]:
        """The declared measures that the runs have."""
        known = {name for one in self.values.values() for name in one}
        return [one.name for one in MEASURES if one.name in known]


def collate(folder: Path, plan: Plan, draws: int, replicates: int) -> Collated:
    """Read the records of a design."""
    values, failures = {}, []
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
            values[key] = record["values"]
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


def table_of(found: Collated) -> Any:
    """study.parquet as an Arrow table."""
    import pyarrow as pa

    plan = found.plan
    points = {one.id: one for one in plan.points}
    axes = [axis.key for axis in plan.axes]
    columns: dict[str, list[Any]] = {
        name: [] for name in ("point", "label", *axes, "scenario", "circumstance", "world", "draw",
                              "replicate", "measure", "value")
    }  # fmt: skip
    for key, values in found.values.items():
        point = points.get(key.arm)
        settings = plan.worlds[key.world] if point is None else point.settings
        fixed = {
            "point": key.arm, "label": point.label if point else plan.control_label,
            "scenario": point.scenario if point else plan.control, "circumstance": key.world,
            "world": key.draw * found.replicates + key.replicate, "draw": key.draw,
            "replicate": key.replicate, **{axis: settings.get(axis) for axis in axes},
        }  # fmt: skip
        for measure in sorted(values.keys() & BY_NAME.keys(), key=list(BY_NAME).index):
            for name, one in fixed.items():
                columns[name].append(one)
            columns["measure"].append(measure)
            columns["value"].append(values[measure])
    return pa.table({name: _array(name, column) for name, column in columns.items()})


def _array(name: str, column: list[Any]) -> Any:
    """Numbers stay numbers; a key that takes words and numbers is text."""
    import pyarrow as pa

    if name in ("world", "draw", "replicate"):
        return pa.array(column, pa.int64())
    known = [one for one in column if one is not None]
    if known and all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in known):
        return pa.array([None if one is None else float(one) for one in column], pa.float64())
    return pa.array([None if one is None else str(one) for one in column], pa.string())


def write_table(path: Path, found: Collated) -> None:
    """Write study.parquet, whole or not at all."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table_of(found), buffer, compression="zstd")
    write_bytes(path, buffer.getvalue())
