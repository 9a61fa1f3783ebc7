"""Laws of sim.mechanisms.circumstance, whatever the values are."""

from __future__ import annotations

from hypothesis import strategies as st

from sim.mechanisms import circumstance as laws
from tests.mechanisms.properties import holds


@holds(week=st.integers(0, 60), day=st.integers(0, 400))
def test_something_begins_in_the_first_week_that_is_not_too_early(week: int, day: int) -> None:
    found = laws.first_week(week, day)
    assert 0 <= 7 * (found - week) - day < 7 and found == int(found)
    assert laws.first_week(week, day + 7) == found + 1
