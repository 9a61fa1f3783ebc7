"""Paired worlds: no change gives exactly nothing, and nothing depends on who else is asked."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sim.model import DiplomacyModel
from sim.run import Run
from sim.scenario import Scenario
from sim.simulate import simulate_world
from tests.engine.agreement import differences
from tests.scenarios import PROVOKED, scenario

ROOT = Path(__file__).parents[2]
BASE = scenario(PROVOKED)
LOUD = scenario(PROVOKED, posture="proactive", tone="sharp", investment="high")
QUIET = scenario(PROVOKED, posture="silent")


def digest(run: Run) -> str:
    """A hash of everything that a run returns but for the seconds it took."""
    name = hashlib.blake2b(digest_size=16)
    name.update(repr(sorted(run.values.items())).encode())
    name.update(repr(sorted(run.checks.items())).encode())
    for part in (run.daily, run.accounts, run.posts, run.shares):
        for column, values in part.items():
            name.update(column.encode())
            array = np.asarray(values)
            name.update(repr(array.tolist()).encode() if array.dtype.kind in "OU" else
                        np.ascontiguousarray(array).tobytes())  # fmt: skip
    return name.hexdigest()


def runs(arms: Sequence[Scenario], draw: int = 0, replicate: int = 0) -> list[str]:
    return [digest(run) for run in simulate_world(arms, BASE, draw, replicate)]


def test_a_scenario_against_itself_differs_by_exactly_zero() -> None:
    renamed = BASE.model_copy(
        update={"settings": BASE.settings.model_copy(update={"scenario": "other", "question": "?"})}
    )
    one, other = simulate_world([renamed, BASE], BASE, 0, 0)
    assert one.values["impressions", "all"] > 0
    assert {key: one.values[key] - other.values[key] for key in one.values} == dict.fromkeys(
        other.values, 0.0
    )
    assert digest(one) == digest(other)


def test_arms_that_differ_do_differ() -> None:
    assert len(set(runs([BASE, LOUD, QUIET]))) == 3


def test_results_do_not_depend_on_the_order_of_arms() -> None:
    first = runs([LOUD, BASE, QUIET])
    assert runs([QUIET, LOUD, BASE]) == [first[2], first[0], first[1]]
    assert runs([LOUD]) == first[:1]


def test_a_world_is_unaffected_by_the_worlds_before_it() -> None:
    fresh = runs([LOUD, BASE], 1, 1)
    for draw, replicate in ((0, 0), (1, 0), (2, 1)):
        assert runs([LOUD, BASE], draw, replicate) != fresh
    assert runs([LOUD, BASE], 1, 1) == fresh


def test_forking_twice_gives_identical_twins() -> None:
    model = DiplomacyModel(BASE)
    model.run_for(BASE.settings.warmup_days)
    before = [array.tobytes() for array in model.engine.state]
    first = model.fork(LOUD)
    first.run_for(4)
    assert [array.tobytes() for array in model.engine.state] == before
    second = model.fork(LOUD)
    second.run_for(4)
    assert differences(first.engine, second.engine) == []
    model.run_for(1)  # the parent lives on
    third = DiplomacyModel(BASE)
    third.run_for(BASE.settings.warmup_days + 1)
    assert differences(model.engine, third.engine) == []


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_fork_under_the_same_policy_goes_on_as_if_unforked(engine: str) -> None:
    settings = BASE.settings.model_copy(update={"engine": engine})
    base = BASE.model_copy(update={"settings": settings})
    whole, parent = DiplomacyModel(base), DiplomacyModel(base)
    whole.run_for(9)
    parent.run_for(7)
    twin = parent.fork(base)
    twin.run_for(2)
    assert differences(whole.engine, twin.engine) == []


LEARNING = {**PROVOKED, "days": 21, "audience.n_people": 1_000}


def test_an_adaptive_network_learns_and_still_pairs() -> None:
    """Against itself exactly nothing; moving hours changes results; a fork keeps experience."""
    base = scenario(LEARNING)
    one, other = (scenario(LEARNING, posture="adaptive") for _ in range(2))
    still = scenario({**LEARNING, "policy.posture.rate": 0.0}, posture="adaptive")
    first, second, third = (digest(run) for run in simulate_world([one, other, still], base, 0, 0))
    assert first == second != third
    whole, parent = DiplomacyModel(one), DiplomacyModel(one)
    whole.run_for(21)
    parent.run_for(14)
    leans = parent.strategy.learner.lean
    assert len(np.unique(leans)) == 1 and leans[0] != 0.0
    twin = parent.fork(one)
    twin.run_for(7)
    assert differences(whole.engine, twin.engine) == []


def test_worlds_of_one_comparison_must_be_alike() -> None:
    with pytest.raises(ValueError, match="policy only"):
        simulate_world([scenario({"sharing.p0": 0.2})], BASE, 0, 0)


PROGRAM = """
from tests.worlds.test_paired import BASE, LOUD, runs
print(*runs([LOUD, BASE]))
"""


def test_results_do_not_depend_on_python_hashing() -> None:
    """Fresh interpreters with other hash seeds, and this one, say the same."""
    said = {" ".join(runs([LOUD, BASE]))}
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, cwd=ROOT,
                              capture_output=True, text=True, check=True)  # fmt: skip
        said.add(done.stdout.strip())
    assert len(said) == 1
