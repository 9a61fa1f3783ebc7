"""Clearance: its laws by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms import clearance


def test_service() -> None:
    assert clearance.mean_service(1.2, 140.0) == pytest.approx(1.0)
    assert clearance.service(math.exp(-2.0), 0.5) == pytest.approx(1.0)
    dice = (np.arange(100_000) + 0.5) / 100_000
    assert clearance.service(dice, 0.7).mean() == pytest.approx(0.7, rel=1e-3)


def test_work_waits_and_is_worked_off() -> None:
    assert clearance.backlog(0.0, 3.5) == 2.5
    assert clearance.backlog(2.5, 0.0) == 1.5
    assert clearance.backlog(0.4, 0.2) == 0.0
    assert clearance.wait(1.5, 0.5, 0.25) == pytest.approx(1.75)
    assert clearance.wait(0.1, 0.2, 0.9) == 0.0
