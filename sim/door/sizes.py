"""How long and how much: an estimate before anything runs, and the refusal of what cannot fit.

    seconds of a world = warm-up + arms, each proportional to people x days,
                         a day t counted 1 + 2 t / GROWTH_DAYS times where parameters are drawn
    memory of a process = a base, and so many bytes a person (people, their graph, follower slots)

The constants were measured over draws of the posterior on a machine of two shared cores: a rough
estimate. In one draw of four re-shares bring followers who re-share: it takes ten times as long
over a year, and two thirds of the time of all. How many of the draws asked for are such is not
foreseen, nor is their memory (study/elbow_room.py).
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from sim.errors import UserError, counted
from sim.scenario import Scenario
from sim.settings import design

SECONDS_PER_PERSON_DAY = 0.066 / 2_640_000  # one core of a shared machine
GROWTH_DAYS = 250.0  # 11, 32 and 96 s, in the mean of eight draws, for 90, 180 and 379 days
SECONDS_PER_DAY = 0.012  # planning, whatever the audience
SECONDS_BASE = 1.0  # reading, forking, observing
SLOW_REFERENCE = 200.0  # the reference engine over the compiled one
BYTES_BASE = 350e6  # interpreter, compiled kernels, tables
BYTES_PER_PERSON = 450.0
MEMORY_SHARE = 0.9  # of the machine's memory that a job may ask for
DAY = 86_400.0  # seconds
MOST_DAYS = 30.0  # of work: longer than anybody means to wait, and a slip of a digit away


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Cost of one world (all arms) and of one process."""

    seconds_per_world: float
    bytes_per_process: float


@dataclass(frozen=True, kw_only=True)
class Size:
    """A sized job: worlds, processes, time and memory."""

    draws: int
    replicates: int
    workers: int
    seconds: float
    n_bytes: float

    @property
    def worlds(self) -> int:
        return self.draws * self.replicates


def estimate(scenario: Scenario, n_arms: int) -> Estimate:
    """The cost of one world, from sizes: the constants above, measured on one machine."""
    settings, people = scenario.settings, scenario.audience.n_people
    begun, over = settings.warmup_days, settings.warmup_days + settings.days
    days, grows = begun + n_arms * settings.days, settings.parameters != "central"
    load = _grown_days(0, begun, grows) + n_arms * _grown_days(begun, over, grows)
    slow = SLOW_REFERENCE if settings.engine == "reference" else 1.0
    seconds = SECONDS_BASE + days * SECONDS_PER_DAY
    seconds += load * slow * people * SECONDS_PER_PERSON_DAY
    return Estimate(
        seconds_per_world=seconds,
        bytes_per_process=BYTES_BASE + people * BYTES_PER_PERSON,
    )


def _grown_days(first: int, last: int, grows: bool) -> float:
    """The days from `first` to `last`, later ones counted as more where followers may grow."""
    return last - first + (last**2 - first**2) / GROWTH_DAYS * grows


def size_of(scenario: Scenario, fixed: frozenset[str], n_arms: int = 2) -> Size:
    """How many worlds in how many processes, and what that takes."""
    cost = estimate(scenario, n_arms)
    draws, replicates = design(scenario.settings, scenario.study, cost.seconds_per_world, fixed)
    worlds = draws * replicates
    workers = _workers(scenario, cost, worlds)
    return Size(
        draws=draws, replicates=replicates, workers=workers,
        seconds=cost.seconds_per_world * -(-worlds // workers),
        n_bytes=cost.bytes_per_process * workers,
    )  # fmt: skip


def _workers(scenario: Scenario, cost: Estimate, worlds: int) -> int:
    """Processes: as asked; by default a core each, as many as fit into memory."""
    asked = scenario.settings.workers
    if asked != "auto":
        return min(int(asked), worlds)
    memory = machine_memory()
    room = worlds if memory is None else int(MEMORY_SHARE * memory // cost.bytes_per_process)
    return max(1, min(cores(), worlds, room))


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine_memory() -> float | None:
    """Bytes of memory of the machine, or None where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return None


def refuse_oversized(size: Size) -> None:
    """Refuse, before it starts, a job that cannot fit into the machine's memory."""
    memory = machine_memory()
    if memory is not None and size.n_bytes > MEMORY_SHARE * memory:
        raise UserError(
            f"This needs about {size.n_bytes / 1e9:.1f} GB in {size.workers} process(es), and the "
            f"machine has {memory / 1e9:.1f} GB. Lower workers= or choose a smaller audience "
            "(audience=readers, audience=small)."
        )


def refuse_overlong(
    seconds: float, workers: int, more: str = "", runs: str = "worlds="
) -> None:
    """Refuse, before anything is written, what nobody means to wait for. runs: the setting of how
    many there are; more: of the advice."""
    if seconds > MOST_DAYS * DAY:
        raise UserError(
            f"This would take about {duration(seconds)} in "
            f"{counted(workers, 'process', 'processes')}; the most is {MOST_DAYS:.0f} days. Give "
            f"fewer {runs}, fewer days= or a smaller audience= (audience=readers, audience=small)"
            f"{more}. task=check tells the time of any other choice."
        )


def duration(seconds: float) -> str:
    """A time in words: 40 s, 3 min, 2.5 h, 12 days."""
    if seconds >= 2 * DAY:
        return f"{seconds / DAY:,.{0 if seconds >= 10 * DAY else 1}f} days"
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
