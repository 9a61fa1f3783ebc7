"""Laws of sim.mechanisms.rivals, whatever the values are."""

from __future__ import annotations

from sim.mechanisms import rivals as laws
from tests.mechanisms.properties import FACTOR, SIGNED, Two, holds, rising


@holds(lean=SIGNED, gain=FACTOR, valence=rising(SIGNED))
def test_a_stance_follows_the_event_and_stays_on_the_scale(lean: float, gain: float,
                                                           valence: Two) -> None:
    low, high = (laws.stance(lean, gain, one) for one in valence)
    assert -1.0 <= low <= high <= 1.0
    assert laws.stance(-lean, gain, -valence[0]) == -low
    assert laws.stance(lean, 0.0, valence[0]) == lean
