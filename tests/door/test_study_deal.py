"""Every run is dealt out once, the dearest worlds first, and no process is left without work."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.door.study_deal import dealt, employed, parts_of
from sim.door.study_worlds import StudyTask, run_study_task, tasks_of
from sim.study.plan import CONTROL
from tests.door.test_study_worlds import built

POINTS = tuple(f"p{number:03d}" for number in range(1, 10))


class Named:
    """Of a circumstance, all that dealing looks at."""

    def __init__(self, name: str) -> None:
        self.id = name


def tasks(n: int, *names: str, arms: tuple[str, ...] = (CONTROL, *POINTS)) -> list[StudyTask]:
    return [
        StudyTask(circumstance=Named(name), folder=Path("."), draw=draw, replicate=0, arms=arms)  # type: ignore[arg-type]
        for draw in range(n) for name in names or ("w000",)
    ]  # fmt: skip


def runs(found: list[StudyTask]) -> list[tuple[str, int, str]]:
    return sorted((one.circumstance.id, one.draw, arm) for one in found for arm in one.arms)


@pytest.mark.parametrize("workers", range(1, 20))
@pytest.mark.parametrize("n", [1, 2, 3, 8, 17])
def test_every_run_once_and_everybody_busy(n: int, workers: int) -> None:
    asked = tasks(n)
    found = dealt(asked, workers, {})
    assert runs(found) == runs(asked)
    left = n % workers
    assert [len(one.arms) for one in found[: n - left]] == [10] * (n - left)
    parts = found[n - left :]
    assert len(parts) == left * min(9, workers // left) if left else not parts
    assert len(parts) <= workers
    of_points = [sum(arm != CONTROL for arm in one.arms) for one in parts] or [0]
    assert max(of_points) - min(of_points) <= 1
    assert employed(workers, n, len(POINTS)) == (workers if n >= workers else len(parts))


def test_the_dearest_first() -> None:
    asked = tasks(2, "near", "far")
    found = dealt(asked, 2, {"near": 1.0, "far": 4.0})
    assert [(one.circumstance.id, one.draw) for one in found] == [
        ("far", 0), ("far", 1), ("near", 0), ("near", 1),
    ]  # fmt: skip
    # of a study that goes on, a world with little left comes last
    asked = [*tasks(1, arms=("p009",)), *tasks(3)[1:]]
    assert [one.draw for one in dealt(asked, 1, {"w000": 1.0})] == [1, 2, 0]


def test_a_part_has_a_run() -> None:
    for arms in ((CONTROL,), (CONTROL, "p001"), ("p001",)):
        (task,) = tasks(1, arms=arms)
        assert parts_of(task, 4) == [task]
    (task,) = tasks(1, arms=("p001", "p002"))
    assert [one.arms for one in parts_of(task, 4)] == [("p001",), ("p002",)]


def test_a_world_in_parts_leaves_the_same_bytes(tmp_path: Path) -> None:
    study = built("scenario=reactive,proactive", "tone=witty")
    for name, workers in (("whole", 1), ("parts", 2)):
        (tmp_path / name / "runs").mkdir(parents=True)
        found = dealt(tasks_of(study.circumstances, tmp_path / name, 1, 1), workers, {})
        assert len(found) == workers
        for task in reversed(found):  # the part without the control first: it keeps it too
            run_study_task(task)
    whole, parts = (
        {path.name: path.read_bytes() for path in (tmp_path / name).glob("runs/*/*.json")}
        for name in ("whole", "parts")
    )
    assert len(whole) == 3 and whole == parts
