"""How the attention to an event passes: halves in the half-life, lingers as a power, in parts."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from sim.mechanisms import decay as laws
from sim.mechanisms.decay import (
    Exponential,
    PowerLaw,
    lasting_hours,
    part_after_an_hour,
    parts_of,
)
from sim.model import DiplomacyModel
from tests.mechanisms.properties import SHARE, SIZE, Two, below, holds, rising, same
from tests.scenarios import scenario

HALF = 12.0


def left(exponent: float, age: np.ndarray) -> np.ndarray:
    weights, rates = parts_of(PowerLaw(kind="power", exponent=exponent), HALF)
    return np.exp(-np.outer(age, rates)) @ weights


@pytest.mark.parametrize("exponent", [0.6, 1.0, 1.4, 2.0, 3.0])
def test_the_sum_of_exponentials_is_the_power_law(exponent: float) -> None:
    age = np.array([0.0, 1.0, 12.0, 100.0, 1_000.0, 10_000.0])
    tau = HALF / (2.0 ** (1.0 / exponent) - 1.0)
    assert left(exponent, age) == pytest.approx((1.0 + age / tau) ** -exponent, rel=2e-3)


def test_by_hand() -> None:
    """p = 1: tau = 12 h, so that 1/2 is left after 12 h, 1/3 after 24 h and 1/11 after 120 h."""
    assert left(1.0, np.array([12.0, 24.0, 120.0])) == pytest.approx([1 / 2, 1 / 3, 1 / 11], 2e-3)


def test_a_part_takes_up_its_weight_of_what_came() -> None:
    assert part_after_an_hour(2.0, 4.0, 0.25, 0.5) == 1.5


def test_what_an_event_amounts_to() -> None:
    """Exponential: half-life / ln 2. p = 1 over n hours: mean of tau log(1 + x / tau)."""
    assert lasting_hours(Exponential(kind="exponential"), HALF, 1.0) == HALF / np.log(2.0)
    n = 2_400.0
    by_hand = (HALF + n) / n * HALF * np.log(1.0 + n / HALF) - HALF
    found = lasting_hours(PowerLaw(kind="power", exponent=1.0), HALF, n)
    assert found == pytest.approx(by_hand, rel=2e-3)


def test_an_exponent_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValidationError):
        PowerLaw(kind="power", exponent=0.0)


@pytest.mark.parametrize("kind", ["exponential", "power"])
def test_attention_in_a_world_follows_the_law(kind: str) -> None:
    """After the crisis alone, attention above rest at home is severity x D(age), hour by hour."""
    one = scenario({"crisis": "2016-01-04", "warmup_days": 0, "days": 3, "news.crisis_severity": 8,
                    "dispute.lift": 0.0}, news="none", decay=kind)  # fmt: skip
    model = DiplomacyModel(one)
    model.run_for(1)
    (event,) = model.world.events
    here = (int(event["market"]), int(event["topic"]))
    for hour in (30, 48, 72):
        model.engine.run(hour)
        age = hour - 1 - int(event["hour"])
        tau = 12.0 / (2.0 ** (1.0 / 1.4) - 1.0)
        law = 2.0 ** (-age / 12.0) if kind == "exponential" else (1.0 + age / tau) ** -1.4
        attention = model.engine.state.attention[here]
        assert attention - 1.0 == pytest.approx(8.0 * law, rel=2e-3)


def test_a_fork_takes_along_what_lingers() -> None:
    model = DiplomacyModel(scenario(decay="power"))
    model.run_for(3)
    twin = model.fork(model.arm)
    assert (twin.engine.state.lingering > 0).any()
    model.run_for(1)
    twin.run_for(1)
    assert model.engine.state.attention.tobytes() == twin.engine.state.attention.tobytes()


@holds(part=SIZE, added=SIZE, weights=rising(SHARE), kept=SHARE)
def test_parts_wear_away_and_weights_add_up(part: float, added: float, weights: Two,
                                            kept: float) -> None:
    alone = laws.part_after_an_hour(part, 0.0, weights[0], kept)
    assert 0.0 <= alone <= part == laws.part_after_an_hour(part, 0.0, weights[0], 1.0)
    assert below(alone, laws.part_after_an_hour(part, added, weights[0], kept))
    whole = laws.part_after_an_hour(part, added, weights[1], kept)
    rest = laws.part_after_an_hour(0.0, added, weights[1] - weights[0], kept)
    assert same(whole, laws.part_after_an_hour(part, added, weights[0], kept) + rest, rel=1e-6)
