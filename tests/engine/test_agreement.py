"""engine=reference and engine=compiled: one truth, to the last byte, over random scenarios.

Whole models run: warm-up under the status quo, fork, another policy. Every uncertain parameter is
drawn from its range, two scenarios in three provoke rare branches, and the tests assert that these
were really taken: an agreement over what never happens says nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import numpy as np
import pytest

import sim.engine.reference as reference
import sim.engine.reference_look as reference_look
import sim.engine.reference_tags as reference_tags
from sim.engine.compiled import CompiledEngine, advance
from sim.simulate import simulate_world
from tests.engine.agreement import (
    INFLATED,
    LOOKED_AT,
    TALLIES,
    Case,
    differences,
    finished,
    random_case,
    tally,
    with_engine,
)
from tests.scenarios import PROVOKED, scenario

N_FAST, N_SLOW = 20, 100
TAKEN: dict[int, dict[str, int]] = {}


def agree(number: int) -> None:
    case = random_case(number)
    compiled, plain = finished(case, "compiled"), finished(case, "reference")
    assert differences(compiled, plain) == [], f"scenario {number}"
    TAKEN[number] = tally(plain)


@pytest.mark.parametrize("block", range(4))
def test_both_engines_agree_to_the_last_byte(block: int) -> None:
    numbers = range(block * N_FAST // 4, (block + 1) * N_FAST // 4)
    for number in numbers:
        agree(number)
    taken: Counter[str] = Counter()
    for number in numbers:
        taken.update(TAKEN[number])
    never = [name for name in TALLIES if not taken[name]]
    assert not never, f"these scenarios never provoked {never}"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(N_FAST, N_FAST + N_SLOW))
def test_both_engines_agree_over_many_more_scenarios(number: int) -> None:
    agree(number)


def test_both_engines_give_the_same_run() -> None:
    """What simulate_world returns, each measure and each column."""
    arm, base = scenario(PROVOKED, posture="proactive", tone="sharp"), scenario(PROVOKED)
    runs = [
        simulate_world([with_engine(arm, name), with_engine(base, name)], with_engine(base, name),
                       0, 0)
        for name in ("compiled", "reference")
    ]  # fmt: skip
    for mine, theirs in zip(*runs, strict=True):
        assert mine.values == theirs.values
        assert mine.checks == theirs.checks
        for name in ("daily", "accounts", "posts", "shares"):
            columns, others = getattr(mine, name), getattr(theirs, name)
            assert list(columns) == list(others)
            for column in columns:
                assert np.array_equal(columns[column], others[column]), (name, column)


@pytest.mark.parametrize("number", range(6))
def test_hours_called_one_by_one_are_those_of_the_loop(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the first days of a machine go by, while the loop over hours is still being compiled."""
    case, called = random_case(number), []

    def text(*world: Any) -> tuple[int, int]:
        called.append(world[-1])
        return cast("tuple[int, int]", getattr(advance, "py_func", advance)(*world))

    compiled = finished(case, "compiled")
    monkeypatch.setattr(CompiledEngine, "loop", lambda engine: text)
    assert differences(compiled, finished(case, "compiled")) == []
    assert len(called) >= case.baseline.settings.warmup_days + case.arm.settings.days


# A deliberately wrong mechanism in one engine only: the comparison above must see it.
WRONG = {
    "quality counts in full in every generation": (reference, "quality_factor",
                                                   lambda quality, kappa, log_sd: quality),
    "a delay of an hour more": (reference, "mean_delay",
                                lambda rate, burial: 1.0 + 1.0 / (rate + burial)),
    "no wear": (reference, "wear", lambda recent, usual, fatigue: 1.0),
    "everybody is equally opposed": (reference_look, "distance_factor", lambda d, mean: 1.0),
    "frames do not meet": (reference_look, "frame_weight", lambda *_: 1.0),
    "false reactions are never taken down": (
        reference_look, "still_there", lambda age, come, gone, recall: 1.0),
    "a tag hides nothing": (reference_tags, "p_shown", lambda use, room: 1.0),
    "nobody takes a tag up": (reference_tags, "p_hijack", lambda *_: 0.0),
    "a repeated exposure counts in full": (reference_look, "repetition", lambda n, gain: gain),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_mechanism_in_one_engine_is_caught(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = scenario(
        {**PROVOKED, **INFLATED, "opinion.effect_formal": 0.05, "opinion.latitude": 3.0,
         **LOOKED_AT, "rivals.rival.answer_rate": 3.0},
        contamination="heavy", tags="contested", tagging="launch",
    )  # fmt: skip
    case = Case(base, base, True)
    compiled = finished(case, "compiled")
    module, name, wrong = WRONG[what]
    monkeypatch.setattr(module, name, wrong)
    assert differences(compiled, finished(case, "reference")), what
