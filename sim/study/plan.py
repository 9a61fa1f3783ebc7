"""What a study is made of: points, the worlds they live in, and everything that decides a run.

    point     one policy (its levers) in one circumstance (its uncertainties)
    world     one circumstance: all its points, and the control, fork from the same warm-up
    run       one arm (a point, or the control of a circumstance) in one draw and replicate

`decisive` holds, as flat keys, whatever could make a run come out differently: every value of every
arm, the code, the tables, the libraries. How many worlds there are, when to stop and how the
outcome is judged is not in it: a study may be given more worlds, or judged anew, and keeps its
runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.provenance import config_hash

CONTROL = "control"
MOST_NAMED = 5  # differing keys in one message


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One key that varies. role: lever (ours) or uncertainty (the world's)."""

    key: str
    role: str
    n: int
    interval: tuple[float, float] | None = None  # sampled, not listed

    def as_dict(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"key": self.key, "role": self.role, "values": self.n}
        return entry | ({"interval": list(self.interval)} if self.interval else {})


@dataclass(frozen=True, kw_only=True)
class PlanPoint:
    """One point: what was set for it, and the circumstance it lives in."""

    id: str
    label: str
    scenario: str
    settings: Mapping[str, Any]
    world: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole study, as plain data. worlds: {id: the uncertainties set in it}."""

    name: str
    question: str
    control: str
    control_label: str
    axes: tuple[Axis, ...]
    points: tuple[PlanPoint, ...]
    worlds: Mapping[str, Mapping[str, Any]]
    decisive: Mapping[str, Any]
    seed: int
    days: int

    def arms(self, world: str) -> list[str]:
        """The arms of a circumstance: the control first, then its points."""
        return [CONTROL, *(one.id for one in self.points if one.world == world)]

    def rows(self, world: str) -> list[int]:
        """The places of its points among all points."""
        return [row for row, one in enumerate(self.points) if one.world == world]

    @property
    def hash(self) -> str:
        """A name for everything that decides the runs."""
        return config_hash(self.decisive)

    def as_dict(self) -> dict[str, Any]:
        """plan.json."""
        return {
            "name": self.name, "hash": self.hash, "control": self.control,
            "axes": [one.as_dict() for one in self.axes],
            "points": {
                one.id: {"label": one.label, "world": one.world, "settings": dict(one.settings)}
                for one in self.points
            },
            "worlds": {name: dict(settings) for name, settings in self.worlds.items()},
            "decisive": dict(sorted(self.decisive.items())),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class RunKey:
    """One run, named."""

    draw: int
    replicate: int
    world: str
    arm: str


def runs_of(plan: Plan, draws: int, replicates: int) -> Iterator[RunKey]:
    """Every run of a design, replicates inside draws, arms inside circumstances."""
    for draw in range(draws):
        for replicate in range(replicates):
            for world in plan.worlds:
                for arm in plan.arms(world):
                    yield RunKey(draw=draw, replicate=replicate, world=world, arm=arm)


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The keys in which two decisive records differ, with both values: "days (14 then, 28 now)"."""
    absent = "nothing"
    return [
        f"{key} ({_short(before.get(key, absent))} then, {_short(now.get(key, absent))} now)"
        for key in sorted(before.keys() | now.keys())
        if before.get(key, absent) != now.get(key, absent)
    ]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."


def named(keys: Sequence[str]) -> str:
    """A few differing keys, and how many more."""
    more = len(keys) - MOST_NAMED
    return "; ".join(keys[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
