"""The fast part of the verification, judged as one family; and what a wrong model looks like."""

from __future__ import annotations

import numpy as np
import pytest

from verification.check import LEVEL, Result, binomial, distribution, exact, holm, judged, mean
from verification.registry import CHECKS, GROUPS, chosen


def test_closed_forms_hold_in_the_real_model() -> None:
    """One family of random checks with a false alarm in a thousand, and the exact ones."""
    found = judged([one for check in chosen(fast=True) for one in check.run(1)])
    assert len(found) >= 45
    assert [f"{one.name}: {one.told()}" for one in found if not one.holds] == []


@pytest.mark.slow
@pytest.mark.parametrize("group", ["cascades", "work", "peers"])
def test_the_long_checks(group: str) -> None:
    found = judged([one for check in chosen((group,)) for one in check.run(1)])
    if not found:
        pytest.skip("the other programs are not there: install the extra 'verify'")
    assert [f"{one.name}: {one.told()}" for one in found if not one.holds] == []


def test_there_are_thirty_closed_forms_and_each_has_a_source() -> None:
    assert len(CHECKS) == len({(one.group, one.run.__name__) for one in CHECKS})
    assert set(GROUPS) == {"seeing", "cascades", "followers", "news", "minds", "work", "peers"}


def test_holm_by_hand() -> None:
    """Holm 1979: the smallest against level / n, the next against level / (n - 1), and so on."""
    assert holm(np.array([0.01, 0.04, 0.03]), 0.05).tolist() == [True, False, False]
    assert holm(np.array([0.01, 0.02, 0.03]), 0.05).tolist() == [True, True, True]
    assert holm(np.array([0.02, np.nan]), 0.05).tolist() == [True, True]


def test_false_alarms_are_as_declared() -> None:
    """2,000 families of 40 true checks: alarms in about one of a thousand."""
    luck = np.random.default_rng(1)
    alarms = sum(holm(luck.random(40), LEVEL).any() for _ in range(2_000))
    assert alarms <= 8  # Poisson(2): more with a chance of 2 in 10,000


@pytest.mark.parametrize(
    "wrong",
    [
        binomial("a", "", "", 5_400, 10_000, 0.5),
        mean("a", "", "", np.random.default_rng(1).normal(1.0, 1.0, 5_000), 1.1),
        distribution("a", "", "", [500, 300, 200], [0.42, 0.35, 0.23]),
        exact("a", "", "", 1.0, 1.0 + 1e-6),
    ],
)
def test_what_is_wrong_fails(wrong: Result) -> None:
    others = [binomial(f"b{k}", "", "", 500, 1_000, 0.5) for k in range(30)]
    (found,) = [one for one in judged([wrong, *others]) if one.name == "a"]
    assert not found.holds
