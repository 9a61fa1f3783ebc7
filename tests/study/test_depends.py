"""The parameter with which a sign turns: found where planted, seldom where not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study import depends
from sim.study.depends import ALARM, depends_on


def parameters(rng: np.random.Generator, n_draws: int, n: int = 40) -> dict[str, np.ndarray]:
    return {f"section.p{k:02d}": rng.lognormal(size=n_draws) for k in range(n)}


def test_a_planted_parameter_is_named_with_its_direction() -> None:
    rng = np.random.default_rng(1)
    drawn = parameters(rng, 32)
    turn = np.log(drawn["section.p07"])
    draws = np.array([turn + 0.2 * rng.standard_normal(32), -turn, np.abs(turn) + 1])
    first, second, third = depends_on(draws, [drawn] * 3)
    assert first is not None and first.parameter == "section.p07" and first.rises
    assert second is not None and second.parameter == "section.p07" and not second.rises
    assert second.p_value <= ALARM and third is None  # whose sign never turns


def test_false_alarms_are_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depends, "N_SHUFFLES", 199)
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(100):
        common = rng.standard_normal(16)
        draws = common + rng.standard_normal((5, 16))
        alarms += any(depends_on(draws, [parameters(rng, 16)] * 5))
    assert alarms <= 100 * ALARM + 3.3 * np.sqrt(100 * ALARM * (1 - ALARM))


def test_nothing_is_said_without_draws_on_both_sides() -> None:
    rng = np.random.default_rng(3)
    drawn = parameters(rng, 16)
    draws = np.ones((1, 16))
    draws[0, 3] = -1
    assert depends_on(draws, [drawn]) == [None]
    assert depends_on(draws, [{}]) == [None]
