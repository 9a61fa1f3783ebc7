"""What the tests send to other processes; importable by name from any of them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.run import Run
from sim.study import elbow_room
from sim.under_way import day_is_over, days_in_all


@dataclass(frozen=True)
class Arm:
    """A stand-in for a Scenario."""

    name: str
    effect: float


@dataclass(frozen=True)
class Task:
    """A stand-in for a WorldTask."""

    simulate: Callable[..., Any]
    draw: int
    replicate: int
    seed: int = 7


def run(task: Task) -> Any:
    return task.simulate(ARM_PAIR, ARM_PAIR[1], task.draw, task.replicate)


def fake_world(arms: tuple[Arm, ...], baseline: Arm, draw: int, replicate: int) -> list[Run]:
    """A world whose outcome depends on (draw, replicate) only, and takes its time."""
    rng = np.random.default_rng([draw, replicate])
    level = 1_000 * np.exp(0.1 * rng.standard_normal())
    time.sleep(0.02 * ((draw * 7 + replicate * 3) % 4))
    return [fake_run(level * (1 + arm.effect), draw) for arm in arms]


def fake_run(reach: float, seed: int) -> Run:
    return Run(
        values={("target_reach", "all"): float(reach), ("target_reach", "market:=X"): reach / 2},
        daily={"target_reach": np.linspace(0, reach, 5)},
        accounts={
            "account": np.array(["HQ", "Mission 001"]),
            "kind": np.array(["headquarters", "mission"]),
            "measured": np.array([True, False]), "hours": np.array([3.5, 1.0]),
            **{name: np.array([seed, 2]) for name in (
                "followers_start", "followers_end", "joined", "left", "posts", "impressions",
                "unique_reach", "shares", "hostile_shares", "likes")},
        },
        ranks={
            "level": np.array(["ministry", "account"]), "name": np.array(["The ministry", "M"]),
            "kind": np.array(["ministry", "mission"]), "owner": np.array(["The ministry"] * 2),
            "side": np.array(["ours"] * 2), "label": np.array(["inferred"] * 2),
            **{name: np.array([seed + 1, 2]) for name in (
                "followers", "posts", "reach", "target_reach", "shares", "false_followers",
                "false_shares", "false_likes")},
        },
        posts={
            "account": np.array(["HQ"]), "post": np.array(["00ff"]), "event": np.array([""]),
            "platform": np.array(["twitter"]), "kind": np.array(["original"]),
            "topic": np.array(["culture"]), "posture": np.array(["routine"]),
            "tone": np.array(["formal"]), "media": np.array(["text"]),
            **{name: np.array([1.5]) for name in (
                "hour", "quality", "mean_depth", "half_life_hours")},
            **{name: np.array([4], dtype=np.uint32) for name in (
                "impressions", "unique_reach", "follower_reach", "shares", "core_shares",
                "hostile_shares", "likes", "impressions_24h", "max_depth")},
        },
        shares={"post": np.array(["00ff"] * 3), "lag_hours": np.array([0.1, 0.2, 9.0]),
                "depth": np.array([1, 1, 2]), "kind": np.array(["core", "friendly", "hostile"])},
        audience={"measure": np.array(["n_people"]), "value": np.array([20_000.0])},
    )  # fmt: skip


def one_world_breaks(arms: Any, baseline: Any, draw: int, replicate: int) -> list[Run]:
    if (draw, replicate) == (1, 0):
        raise ZeroDivisionError("planted")
    return fake_world(arms, baseline, draw, replicate)


def every_world_breaks(arms: Any, baseline: Any, draw: int, replicate: int) -> list[Run]:
    raise ValueError(f"planted {draw}/{replicate}")


def square(number: int) -> int:
    return number * number


def dies_on_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number * number


def dies_once(task: tuple[int, str]) -> int:
    """Dies the first time it meets number 3, leaving a mark, and works the second time."""
    number, mark = task
    if number == 3 and not Path(mark).exists():
        Path(mark).write_text("x")
        os._exit(9)
    return number * number


def answers_what_cannot_travel(number: int) -> Any:
    return (lambda: number) if number == 1 else number


def process(number: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def sleeps(number: int) -> int:
    time.sleep(30 if number else 0)
    return number


def sleeps_first(number: int) -> int:
    time.sleep(0 if number else 30)
    return number


ARM_PAIR = (Arm("proactive", 0.1), Arm("status_quo", 0.0))


def deadly(task: int) -> int:
    """Number 3 kills its process."""
    if task == 3:
        os._exit(1)
    return task


@dataclass(frozen=True)
class Counted:
    """A task that a progress bar moves by so many."""

    counts: int


def four_days(task: Counted) -> int:
    """Four days, seen by whoever looks ten times a second, and a while before the end."""
    with days_in_all(4):
        for _ in range(4):
            time.sleep(0.2)
            day_is_over()
        time.sleep(0.6)
    return task.counts


def surroundings(name: str) -> tuple[int, str, bool]:
    """The process that this one was forked from, a variable, and whether Ctrl-C is kept out."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return os.getppid(), os.environ.get(name, ""), signal.SIGINT in held


def knows(module: str) -> bool:
    """Whether this process found a module before its work began."""
    time.sleep(0.05)
    return module in sys.modules


CROWDED_DAYS = 3


def crowded(task: tuple[str, int]) -> None:
    """A world on a machine with little memory left; notes its days once two worlds have begun."""
    folder, number = Path(task[0]), task[1]
    elbow_room.SECONDS, elbow_room.machine_has = 0.0, lambda: elbow_room.Memory(5.0, 100.0)
    (folder / f"begun_{number}").touch()
    patience = time.monotonic() + 60
    while len(list(folder.glob("begun_*"))) < 2 and time.monotonic() < patience:
        time.sleep(0.01)
    with days_in_all(CROWDED_DAYS):
        for _ in range(CROWDED_DAYS):
            day_is_over()
            with (folder / "days").open("a", encoding="utf-8") as noted:
                noted.write(f"{number}\n")
            time.sleep(0.02)


def second_is_too_large(number: int) -> int:
    """Worlds of which the second leaves the machine nothing."""
    before = (elbow_room.SECONDS, elbow_room.machine_has)
    left = 0.01 if number == 1 else 90.0
    elbow_room.SECONDS, elbow_room.machine_has = 0.0, lambda: elbow_room.Memory(left, 100.0)
    try:
        with days_in_all(2):
            day_is_over()
    finally:
        elbow_room.SECONDS, elbow_room.machine_has = before
    return number
