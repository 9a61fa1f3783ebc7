"""Whether a partner platform is asked to notify the ministry's citizens in a crisis.

The notice comes on top of what the accounts post, which is the same with and without it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.parameters import NotNegative, Parameters, Positive


class NoNotification(Parameters):
    """Citizens learn of a crisis from posts, if they see them."""

    kind: Literal["none"]

    @property
    def pushes(self) -> bool:
        """Whether any notice is sent."""
        return False


class Push(Parameters):
    """A notice some hours after the crisis, sent again to those whom it did not reach."""

    kind: Literal["push"]
    after_hours: NotNegative
    retries: Annotated[int, Field(ge=0, le=100)]
    retry_hours: Positive

    @property
    def pushes(self) -> bool:
        """Whether any notice is sent."""
        return True


Notification = Annotated[NoNotification | Push, Field(discriminator="kind")]
