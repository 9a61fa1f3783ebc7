"""The Parquet tables of a result, appended world by world, so that memory stays that of one world.

    runs      scenario, world, measure, group, value
    daily     scenario, world, day, measure, value
    accounts  one row an account, arm and world
    ranks     one row a ministry and one an account, arm and world
    posts, shares, audience   with keep=posts only

Row groups go to a hidden temporary as they fill; the file gets its name when the last world is in,
or when the work is broken off: then it holds the worlds that had come through by then.
`world` is the index draw * R + replicate; posts and events are named by their keys (16 hexadecimal
digits, "" for none). Rows stand in the order of the worlds, in each the arm
compared with first and the tested one last, so that equal inputs give equal bytes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.run import Run
from sim.study.files import discard, settle, temporary_for, told, undisturbed

TEXT, WHOLE, REAL, FLAG = "text", "int64", "float64", "bool"
START = {"scenario": TEXT, "world": WHOLE}
COLUMNS: dict[str, dict[str, str]] = {
    "runs": START | {"measure": TEXT, "group": TEXT, "value": REAL},
    "daily": START | {"day": WHOLE, "measure": TEXT, "value": REAL},
    "accounts": START | {
        "account": TEXT, "kind": TEXT, "measured": FLAG, "followers_start": WHOLE,
        "followers_end": WHOLE, "joined": WHOLE, "left": WHOLE, "posts": WHOLE, "hours": REAL,
        "impressions": WHOLE, "unique_reach": WHOLE, "shares": WHOLE, "hostile_shares": WHOLE,
        "likes": WHOLE,
    },
    "ranks": START | {
        "level": TEXT, "name": TEXT, "kind": TEXT, "owner": TEXT, "side": TEXT, "label": TEXT,
        "followers": WHOLE, "posts": WHOLE, "reach": WHOLE, "target_reach": WHOLE,
        "shares": WHOLE, "false_followers": WHOLE, "false_shares": WHOLE, "false_likes": WHOLE,
    },
    "posts": START | {
        "account": TEXT, "post": TEXT, "platform": TEXT, "kind": TEXT, "hour": REAL, "topic": TEXT,
        "event": TEXT,
        "posture": TEXT, "tone": TEXT, "media": TEXT, "quality": REAL, "impressions": WHOLE,
        "unique_reach": WHOLE, "follower_reach": WHOLE, "shares": WHOLE, "core_shares": WHOLE,
        "hostile_shares": WHOLE, "likes": WHOLE, "impressions_24h": WHOLE,
        "half_life_hours": REAL, "max_depth": WHOLE, "mean_depth": REAL,
    },
    "shares": START | {"post": TEXT, "lag_hours": REAL, "depth": WHOLE, "kind": TEXT},
    "audience": START | {"measure": TEXT, "value": REAL},
}  # fmt: skip
ALWAYS = ("runs", "daily", "accounts")
KEPT = ("posts", "shares", "audience")  # with keep=posts
ROWS_A_GROUP = 200_000

Columns = Mapping[str, np.ndarray]


def schema_of(name: str) -> Any:
    """The Arrow schema of a table."""
    import pyarrow as pa

    kinds = {TEXT: pa.string(), WHOLE: pa.int64(), REAL: pa.float64(), FLAG: pa.bool_()}
    return pa.schema([(column, kinds[kind]) for column, kind in COLUMNS[name].items()])


class TableWriter:
    """One Parquet file that appears when it is finished."""

    def __init__(self, path: Path, name: str) -> None:
        import pyarrow.parquet as pq

        self.path, self.schema = path, schema_of(name)
        self.temporary = temporary_for(path)
        self.waiting: list[Any] = []
        self.n_waiting = 0
        self.parquet: Any = None
        with told(path):
            self.file = open(self.temporary, "xb")  # noqa: SIM115 (kept open between worlds)
            try:
                self.parquet = pq.ParquetWriter(self.file, self.schema, compression="zstd")
            except BaseException:
                self.abandon()
                raise

    def add(self, columns: Columns) -> None:
        """Append rows; every column of the table, cast without loss."""
        import pyarrow as pa

        arrays = [
            pa.array(
                _plain(columns[field.name], pa.types.is_string(field.type)), from_pandas=False
            ).cast(field.type, safe=True)
            for field in self.schema
        ]
        table = pa.Table.from_arrays(arrays, schema=self.schema)
        self.waiting.append(table)
        self.n_waiting += table.num_rows
        if self.n_waiting >= ROWS_A_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what waits as one row group."""
        import pyarrow as pa

        if self.n_waiting:
            with told(self.path):
                table = pa.concat_tables(self.waiting)
                self.parquet.write_table(table, row_group_size=max(1, table.num_rows))
        self.waiting, self.n_waiting = [], 0

    def finish(self) -> None:
        """Give the file its name."""
        self.flush()
        with told(self.path):
            self.parquet.close()
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            settle(self.temporary, self.path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self.parquet.close()  # else it writes its footer when it is collected
        with contextlib.suppress(OSError):
            self.file.close()
        discard(self.temporary)


class RunTables:
    """All tables of a result. Use as a context: an error inside keeps the worlds that are whole,
    and leaves no table where there are none or a world could not be written."""

    def __init__(self, folder: Path, arms: Sequence[str], posts: bool = False) -> None:
        """arms: names in the order of the runs of a world, the tested arm first."""
        self.arms, self.folder = list(arms), folder
        self.n_worlds, self.whole = 0, True
        self.names = (*ALWAYS, *KEPT) if posts else ALWAYS
        self.writers: dict[str, TableWriter] = {}
        try:
            for name in self.names:
                self.writers[name] = TableWriter(folder / f"{name}.parquet", name)
        except BaseException:
            self.abandon()
            raise

    def add(self, world: int, runs: Sequence[Run]) -> None:
        """Append one world: a run an arm."""
        self.whole = False  # until all of it is in
        for arm, run in reversed(list(zip(self.arms, runs, strict=True))):
            for name, columns in tables_of(run).items():
                if name == "ranks" and columns and name not in self.writers:
                    self.writers[name] = TableWriter(self.folder / "ranks.parquet", name)
                if name in self.writers and columns:
                    self.writers[name].add(_labelled(columns, arm, world))
        self.n_worlds, self.whole = self.n_worlds + 1, True

    def finish(self) -> None:
        for writer in self.writers.values():
            writer.finish()

    def abandon(self) -> None:
        for writer in self.writers.values():
            writer.abandon()

    def __enter__(self) -> RunTables:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is not None and not (self.whole and self.n_worlds):
            self.abandon()
            return
        try:
            with undisturbed():
                self.finish()
        except Exception:
            self.abandon()
            if kind is None:  # else the error that broke the work off is the one to be told
                raise


def tables_of(run: Run) -> dict[str, Columns]:
    """A run as columns, without the names of arm and world."""
    return {
        "runs": {
            "measure": np.array([name for name, _ in run.values], dtype=object),
            "group": np.array([group for _, group in run.values], dtype=object),
            "value": np.array(list(run.values.values()), dtype=np.float64),
        },
        "daily": daily_columns(run.daily),
        "accounts": run.accounts, "ranks": run.ranks, "posts": run.posts, "shares": run.shares,
        "audience": run.audience,
    }  # fmt: skip


def daily_columns(daily: Columns) -> Columns:
    """{measure: one value a day} as long columns, day by day counted from 0."""
    days = [np.arange(len(values)) for values in daily.values()]
    names = [np.full(len(values), name, dtype=object) for name, values in daily.items()]
    none = np.zeros(0)
    return {
        "day": np.concatenate([none.astype(np.int64), *days]),
        "measure": np.concatenate([none.astype(object), *names]),
        "value": np.concatenate([none, *daily.values()]).astype(np.float64),
    }


def _labelled(columns: Columns, arm: str, world: int) -> Columns:
    n_rows = len(next(iter(columns.values())))
    labels = {"scenario": np.full(n_rows, arm, dtype=object), "world": np.full(n_rows, world)}
    return labels | dict(columns)


def _plain(column: Any, is_text: bool) -> Any:
    """A column as Arrow takes it: anything that stands in a column of text as text."""
    values = np.asarray(column)
    if is_text and values.dtype.kind != "U":
        return [str(one) for one in values.tolist()]
    return values


def read_table(path: Path) -> dict[str, np.ndarray]:
    """A table as columns."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return {name: _column(table.column(name)) for name in table.column_names}


def read_rows(path: Path, arm: str, world: int) -> dict[str, np.ndarray]:
    """The rows of one arm in one world as columns, without the two that say so."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, filters=[("scenario", "==", arm), ("world", "==", world)])
    return {name: _column(table.column(name)) for name in table.column_names if name not in START}


def _column(column: Any) -> np.ndarray:
    import pyarrow as pa

    if pa.types.is_string(column.type):
        return np.array(column.to_pylist(), dtype=object)
    return np.asarray(column.to_numpy())
