"""How many runs, how long, how much memory and disk a study takes; the refusal of what cannot fit.

    seconds of a task = warm-up + (control + points) of one circumstance in one world
    disk = runs x a record + the table + figures

The constants of time are those of `sizes`. A finished run costs one small file.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.door.build import scenario_of
from sim.door.sizes import (
    MEMORY_SHARE,
    cores,
    duration,
    estimate,
    machine_memory,
    refuse_overlong,
)
from sim.door.study_arms import Study, told_points
from sim.door.study_deal import employed
from sim.errors import UserError, counted
from sim.settings import design
from sim.study.records import STUDIES
from sim.study.stopping import looks

RECORD_BYTES = 8_192  # a file of one to two kB, in blocks of four, and its share of a folder
TABLE_BYTES = 1_200  # a run's rows in study.parquet and in the summary
FIXED_BYTES = 3e6  # plan, figures
DISK_SHARE = 0.9  # of what is free
MOST_RUNS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class StudySize:
    """A sized study. schedule: [(draws, replicates)] of the looks; one without a precision."""

    schedule: tuple[tuple[int, int], ...]
    arms: int  # of all circumstances, controls included
    circumstances: int
    workers: int
    points: int  # of the circumstance that has fewest
    seconds_per_world: float  # all circumstances and arms
    seconds_per_run: Mapping[str, float]  # by circumstance
    n_bytes: float
    disk: float
    cluster: str = ""  # address of the scheduler; workers and n_bytes are of this machine

    @property
    def draws(self) -> int:
        return self.schedule[-1][0]

    @property
    def replicates(self) -> int:
        return self.schedule[-1][1]

    @property
    def worlds(self) -> int:
        return self.draws * self.replicates

    @property
    def runs(self) -> int:
        return self.worlds * self.arms

    def seconds(self, worlds: int) -> float:
        """Time for so many worlds."""
        employs = employed(self.workers, worlds * self.circumstances, self.points)
        return self.seconds_per_world * worlds / employs


def study_size(study: Study) -> StudySize:
    """How large a study is; at most, if it may stop earlier."""
    lead = scenario_of(study.lead.scenario)
    process, each = 0.0, {}
    for one in study.circumstances:
        cost = estimate(scenario_of(one.control), 1 + len(one.points))
        process = max(process, cost.bytes_per_process)
        each[one.id] = cost.seconds_per_world / (1 + len(one.points))
    seconds = sum(each[one.id] * (1 + len(one.points)) for one in study.circumstances)
    settings, rules = lead.settings, lead.study
    draws, replicates = design(settings, rules, seconds, study.lead.scenario.fixed)
    schedule = [(draws, replicates)]
    if rules.precision is not None:
        schedule = looks(draws=draws, replicates=replicates, most=rules.most_worlds)
    worlds = schedule[-1][0] * schedule[-1][1]
    arms = study.n_points + len(study.circumstances)
    tasks = worlds * len(study.circumstances)
    points = min(len(one.points) for one in study.circumstances)
    asked, where = settings.workers, study.lead.scenario.executor
    if where.kind == "dask":
        workers = 1
    elif asked == "auto":
        memory = machine_memory()
        room = cores() if memory is None else max(1, int(MEMORY_SHARE * memory // process))
        workers = employed(min(cores(), room), tasks, points)
    else:
        workers = employed(int(asked), tasks, points)
    return StudySize(
        schedule=tuple(schedule), arms=arms, circumstances=len(study.circumstances),
        points=points, workers=workers, seconds_per_world=seconds, seconds_per_run=each,
        n_bytes=process * workers,
        disk=FIXED_BYTES + worlds * arms * (RECORD_BYTES + TABLE_BYTES),
        cluster=getattr(where, "address", ""),
    )  # fmt: skip


def refuse_unfit(size: StudySize, results: Path) -> None:
    """Refuse, before anything is written, what memory or disk cannot hold."""
    memory = machine_memory()
    if memory is not None and size.n_bytes > MEMORY_SHARE * memory and not size.cluster:
        raise UserError(
            f"This study needs about {size.n_bytes / 1e9:.1f} GB in {size.workers} process(es), "
            f"and the machine has {memory / 1e9:.1f} GB. Lower workers= or take a smaller "
            "audience."
        )
    if size.runs > MOST_RUNS:
        raise UserError(
            f"This study would take {size.runs:,} runs ({size.arms:,} arms in {size.worlds:,} "
            f"worlds); the most is {MOST_RUNS:,}. Give fewer points or worlds."
        )
    free = free_disk(results)
    if free is not None and size.disk > DISK_SHARE * free:
        raise UserError(
            f"This study needs about {size.disk / 1e9:.2f} GB on the disk, and {free / 1e9:.2f} GB "
            "are free there. Free some space, or choose another folder with results=..."
        )


def refuse_long(size: StudySize, results: Path, name: str) -> None:
    """Refuse a study that surely takes too long on this machine. A study that may stop at an
    earlier look is judged by the first, one that goes on by what is left of it; how many workers
    a scheduler has is not known."""
    if size.cluster:
        return
    draws, replicates = size.schedule[0]
    worlds = draws * replicates
    runs = results.expanduser() / STUDIES / name / "runs"
    done = sum(1 for _ in runs.glob("*/*.json")) / (worlds * size.arms)
    refuse_overlong(
        size.seconds(worlds) * max(0.0, 1.0 - done), size.workers,
        ", fewer points, or more machines (executor=dask, docs/cluster.md)",
    )  # fmt: skip


def free_disk(results: Path) -> float | None:
    """Free bytes where the results go, or None where that cannot be told."""
    place = results.expanduser().absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        found = shutil.disk_usage(place)
    except OSError:
        return None
    return float(found.free) if found.total else None  # no disk at all: writing will say why


def told_size(study: Study, size: StudySize) -> str:
    """What is about to happen, in one sentence."""
    draws, replicates = size.schedule[0]
    first = draws * replicates
    upto = f" to at most {size.worlds:,}" if len(size.schedule) > 1 else ""
    time = duration(size.seconds(first))
    time += f" to {duration(size.seconds(size.worlds))}" if upto else ""
    place = f"{counted(size.workers, 'process', 'processes')}, about {time}"
    if size.cluster:
        place = f"the workers of {size.cluster}, about {time} of one core in all"
    return (
        f"{told_points(study)} and the control in {first:,}{upto} paired worlds "
        f"({counted(draws, 'parameter draw')} x {replicates}): {first * size.arms:,}"
        f"{f' to {size.runs:,}' if upto else ''} runs in {place}, "
        f"{size.n_bytes / 1e9:.1f} GB of memory{' each' if size.cluster else ''}, "
        f"{_disk(size.disk)} of disk."
    )


def _disk(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"
