"""Records whose values say which run they are of: every table puts them where they belong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.study.collate import Collated, broken_points, collate, common_worlds, groups_of, schema_of
from sim.study.plan import CONTROL, Axis, Plan, PlanPoint, RunKey, runs_of
from sim.study.records import is_done, keep, keep_failure

DRAWS, REPLICATES = 6, 3
WORLDS = ("calm", "stormy")
POINTS = ("a", "b", "c", "d")  # two in each circumstance


def plan() -> Plan:
    points = tuple(
        PlanPoint(id=name, label=name.upper(), scenario="tested", settings={"x": k},
                  world=WORLDS[k // 2]) for k, name in enumerate(POINTS))  # fmt: skip
    return Plan(
        name="made-up", question="?", control="status_quo", control_label="Status quo",
        axes=(Axis(key="x", role="lever", n=4),), points=points,
        worlds={world: {} for world in WORLDS}, decisive={}, seed=1, days=7,
    )  # fmt: skip


def named(key: RunKey) -> float:
    """A number that no other run has."""
    arm = 0 if key.arm == CONTROL else 1 + POINTS.index(key.arm)
    return 1.0 + key.replicate + 10 * key.draw + 1_000 * arm + 100_000 * WORLDS.index(key.world)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    for key in runs_of(plan(), DRAWS, REPLICATES):
        keep(tmp_path, key, {"target_reach": named(key)}, {})
    return tmp_path


def outcomes(found: Collated, world: str, arm: str) -> np.ndarray:
    return found.outcomes("target_reach", world, arm, common_worlds(found, broken_points(found)))


def test_a_circumstance_has_its_control_and_its_points() -> None:
    """Every run once, and a control in every circumstance."""
    keys = list(runs_of(plan(), DRAWS, REPLICATES))
    assert len(keys) == len(set(keys)) == DRAWS * REPLICATES * 6
    assert plan().arms("calm") == [CONTROL, "a", "b"]
    assert plan().arms("stormy") == [CONTROL, "c", "d"]


@pytest.mark.parametrize(("draws", "replicates"), [(6, 3), (6, 1), (1, 3), (4, 2)])
def test_rows_are_draws_and_columns_replicates(folder: Path, draws: int, replicates: int) -> None:
    found = collate(folder, plan(), draws, replicates)
    for world, arms in (("calm", (CONTROL, "a", "b")), ("stormy", (CONTROL, "c", "d"))):
        for arm in arms:
            wanted = [[named(RunKey(draw=d, replicate=r, world=world, arm=arm))
                       for r in range(replicates)] for d in range(draws)]  # fmt: skip
            assert outcomes(found, world, arm).tolist() == wanted


def test_the_table_says_of_every_value_which_run_it_is_of(folder: Path) -> None:
    found = collate(folder, plan(), DRAWS, REPLICATES)
    rows = [row for table in groups_of(found, schema_of(found)) for row in table.to_pylist()]
    assert len(rows) == DRAWS * REPLICATES * 6
    for row in rows:
        key = RunKey(draw=row["draw"], replicate=row["replicate"], world=row["circumstance"],
                     arm=row["point"])  # fmt: skip
        assert row["value"] == named(key)
        assert row["world"] == row["draw"] * REPLICATES + row["replicate"]


def test_a_failed_run_is_no_finished_one_and_takes_its_world_along(folder: Path) -> None:
    lost = RunKey(draw=2, replicate=1, world="calm", arm="a")
    done = RunKey(draw=2, replicate=1, world="calm", arm="b")
    keep_failure(folder, lost, 7, "broke")
    assert is_done(folder, done) and not is_done(folder, lost)
    found = collate(folder, plan(), DRAWS, REPLICATES)
    (failed,) = found.failures
    assert (failed["point"], failed["draw"], failed["replicate"]) == ("a", 2, 1)
    values = outcomes(found, "stormy", "d")
    gone = named(RunKey(draw=2, replicate=1, world="stormy", arm="d"))
    assert gone not in values and np.isfinite(values).all() and len(values) >= DRAWS - 1
