"""Who clears the ministry's posts: the kinds of a policy, over sim/mechanisms/clearance.

    table        as found: a delay that the price list gives
    central      one desk at headquarters clears every post, in order: slower, and it catches
    autonomous   missions clear their own: fast, with nobody else to look
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim.mechanisms.clearance import Desk


class TableClearance(Parameters):
    """As it is found."""

    kind: Literal["table"]

    @property
    def is_central(self) -> bool:
        """Whether posts queue at a central desk."""
        return False

    def rel_delay(self, desk: Desk) -> float:
        """Clearance of an answer over work.clearance_hours, queueing apart."""
        return 1.0

    def rel_blunder(self, desk: Desk) -> float:
        """Risk of a blunder over the price list's."""
        return 1.0


class CentralClearance(TableClearance):
    """Everything is cleared by one desk."""

    kind: Literal["central"]  # type: ignore[assignment]

    @property
    def is_central(self) -> bool:
        return True

    def rel_delay(self, desk: Desk) -> float:
        return desk.rel_delay_central


class AutonomousClearance(TableClearance):
    """Everybody clears his own."""

    kind: Literal["autonomous"]  # type: ignore[assignment]

    def rel_delay(self, desk: Desk) -> float:
        return desk.rel_delay_autonomous

    def rel_blunder(self, desk: Desk) -> float:
        return desk.rel_blunder_autonomous


Clearance = Annotated[
    TableClearance | CentralClearance | AutonomousClearance, Field(discriminator="kind")
]
