"""The worlds that are timed: the committed configuration at central values, read without Hydra.

Nothing of `sim` is imported before a scenario is asked for: other people's programs are measured in
processes that must not wait for ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

SMALL = 20_000  # audience=small
PEOPLE = 2_640_000  # audience=readers


def scenario(days: int, n_people: int | None = None) -> Scenario:
    """The status quo on the default network before `n_people` (default: as in conf/)."""
    from sim.compose import compose

    people = {} if n_people is None else {"audience.n_people": n_people}
    return compose({"days": days, **people})
