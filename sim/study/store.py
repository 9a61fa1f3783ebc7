"""The results folder: results/<scenario>/<UTC time>-<short id>/, its state and its files.

    new_folder -> write_status(running) -> files as they come
               -> write_status(done | failed | interrupted)

Names are plain (a-z, 0-9, _ and -), links are resolved before anything is written, and every file
is whole or not there (`files`). Tables are appended world by world (`tables`).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.provenance import utc_now
from sim.run import Run
from sim.settings import NAME, Settings
from sim.study.ensemble import Failure
from sim.study.files import (
    read_json,
    told,
    undisturbed,
    write_csv,
    write_json,
    write_text,
    write_yaml,
)
from sim.study.tables import ALWAYS, KEPT, RunTables, read_table
from sim.study.verdict import NOT_JUDGED, no_verdict

STATES = ("running", "done", "failed", "interrupted")
TRIES = 20
SPANS = ("mean", "lo", "hi")

__all__ = [
    "Results", "collect", "load_results", "new_folder", "read_status", "write_csv", "write_json",
    "write_status", "write_summary", "write_tables", "write_text", "write_yaml",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Results:
    """What stands in a results folder. Tables are columns: {name: array}."""

    folder: Path
    summary: dict[str, Any]
    status: dict[str, Any]
    provenance: dict[str, Any]
    tables: dict[str, dict[str, np.ndarray]]


def new_folder(root: Path, scenario: str) -> Path:
    """A new folder of its own for one job, never shared, never outside the results root."""
    if not NAME.fullmatch(scenario):
        raise UserError(
            f"A scenario named {scenario[:80]!r} cannot name a folder: use 1 to 64 of a-z, 0-9, "
            "_ and -."
        )
    root = Path(root).expanduser()
    with told(root / scenario):
        root.mkdir(parents=True, exist_ok=True)
        home = root.resolve(strict=True)
        parent = home / scenario
        if parent.resolve() != parent:
            raise UserError(
                f"'{root.name}/{scenario}' is a link to another place: remove it, or choose "
                "another folder with results=..."
            )
        parent.mkdir(exist_ok=True)
        return _unshared(parent)


def _unshared(parent: Path) -> Path:
    """mkdir is what decides between two jobs of the same second."""
    for _ in range(TRIES):
        moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dt%H%M%Sz")
        folder = parent / f"{moment}-{secrets.token_hex(3)}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise UserError(f"No free folder name was found in '{parent.name}': run again.")


def write_status(
    folder: Path, *, state: str, worlds: int, done: int | None = None, reason: str | None = None,
    failures: Sequence[Failure] = (),
) -> None:  # fmt: skip
    """status.json: running, done, failed or interrupted. What is not said stays as it was."""
    if state not in STATES:
        raise ValueError(f"state is one of {', '.join(STATES)}, not {state!r}")
    before = read_status(folder)
    now = utc_now()
    write_json(folder / "status.json", {
        "state": state,
        "started": before.get("started", now),
        "updated": now,
        "finished": None if state == "running" else now,
        "worlds": worlds,
        "done": before.get("done", 0) if done is None else done,
        "failed": [one.as_dict() for one in failures] or before.get("failed", []),
        "reason": reason,
    })  # fmt: skip


def read_status(folder: Path) -> dict[str, Any]:
    """status.json, or nothing where there is none yet."""
    path = folder / "status.json"
    found: dict[str, Any] = read_json(path) if path.is_file() else {}
    return found


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """summary.json, and summary.csv with the same."""
    header, rows = summary_rows(summary)
    write_json(folder / "summary.json", summary)
    write_csv(folder / "summary.csv", header, rows)


def summary_rows(summary: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """A row a measure; what holds for the whole comparison is repeated in every row. Its words are
    those of the printed table, in which a measure of no wanted direction is not judged."""
    whole = ("scenario", "against", "worlds", "draws", "days", "objective")
    plain = ("stage", "label", "unit", "better")
    spans = [(part, end) for part in ("scenario", "against", "difference") for end in SPANS]
    spans += [("difference", end) for end in (
        "relative", "mc_lo", "mc_hi", "relative_lo", "relative_hi", "relative_mc_lo",
        "relative_mc_hi")]  # fmt: skip
    last = ("p_better", "wins", "verdict", "note", "why_no_interval")
    header = ["measure", *plain, *(f"{part}_{end}" for part, end in spans), *last]
    header += [f"arm_{one}" if one in ("scenario", "against") else one for one in whole]
    rows = [
        [name, *(entry[one] for one in plain), *(entry[part].get(end) for part, end in spans),
         *(told_of(entry, one) for one in last), *(summary[one] for one in whole)]
        for name, entry in summary["measures"].items()
    ]  # fmt: skip
    return header, rows


def told_of(entry: Mapping[str, Any], name: str) -> Any:
    """A cell of the last columns."""
    if name != "verdict":
        return entry.get(name)
    if entry["better"] == "none":
        return NOT_JUDGED
    return entry["verdict"] or no_verdict(entry.get("why_no_interval", ""))


def write_tables(
    folder: Path, runs: Iterable[Any], *, settings: Settings
) -> dict[str, dict[str, np.ndarray]]:
    """The Parquet tables from the runs of all worlds ([tested, against] or a Failure); returns
    runs, daily and accounts as columns."""
    collect(folder, enumerate(runs), settings=settings)
    return {name: read_table(folder / f"{name}.parquet") for name in ALWAYS}


def collect(
    folder: Path, worlds: Iterable[tuple[int, Any]], *, settings: Settings,
    ready: Mapping[int, Any] | None = None, kept: list[Any] | None = None,
) -> list[Any]:  # fmt: skip
    """Write each world to the tables as it comes (from `ensemble.stream`) and keep its totals only.

    Returns what `compare.summarise` takes; memory does not grow with accounts, days or posts. When
    Ctrl-C breaks the work off, the worlds that have come through are written too, those that wait
    in `ready` for an older one included, and `kept` says which they were.
    """
    arms = [settings.scenario, settings.against]
    kept = [] if kept is None else kept
    with RunTables(folder, arms, posts=settings.keep == "posts") as tables:
        try:
            for index, result in worlds:
                _keep(tables, kept, index, result)
        except KeyboardInterrupt:
            for index in sorted(set(ready or ()) - set(range(len(kept)))):
                _keep(tables, kept, index, (ready or {})[index])
            raise
    return kept


def _keep(tables: RunTables, kept: list[Any], index: int, result: Any) -> None:
    """Write one world, whole or not at all, and remember its totals."""
    with undisturbed():
        if not isinstance(result, Failure):
            tables.add(index, result)
            result = [_totals(run) for run in result]
        kept.append(result)


def _totals(run: Run) -> Run:
    return replace(run, daily={}, accounts={}, ranks={}, posts={}, shares={}, audience={})


def load_results(path: Path) -> Results:
    """A finished job: summary, status, provenance and every table that is there."""
    folder = Path(path)
    if not (folder / "summary.json").is_file():
        state = read_status(folder).get("state")
        told_state = f" (its status is '{state}')" if state else ""
        raise UserError(
            f"'{folder.name}' holds no finished result{told_state}: name a folder "
            "results/<scenario>/<time>-<id> that has a summary.json."
        )
    origin = folder / "provenance.json"
    return Results(
        folder=folder,
        summary=read_json(folder / "summary.json"),
        status=read_status(folder),
        provenance=read_json(origin) if origin.is_file() else {},
        tables={
            name: read_table(folder / f"{name}.parquet")
            for name in (*ALWAYS, "ranks", *KEPT)
            if (folder / f"{name}.parquet").is_file()
        },
    )
