"""Training and exchange: hours of the account's own that go into skill instead of posts.

    training   share of the hours         courses and instruction (S4: "special instructions and
                                          courses for embassies")
    exchange   share of the hours         missions compare notes, in the whole network or in their
                                          region of the world (S1: "exchange of opinions")

What they do to skill, and when they pay, is in sim/mechanisms/skill. Both are of every account of
the ministry, in every week.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.parameters import Parameters

PartOfHours = Annotated[float, Field(ge=0.0, le=0.4)]  # both together leave a fifth for posts


class NoTraining(Parameters):
    """Nobody is trained."""

    kind: Literal["none"]

    @property
    def share(self) -> float:
        """Share of the hours."""
        return 0.0


class ShareTraining(Parameters):
    """A share of every account's hours."""

    kind: Literal["share"]
    share: PartOfHours


class NoExchange(NoTraining):
    """Missions keep to themselves."""

    def groups(self, regions: np.ndarray) -> np.ndarray:
        """int64[n_accounts]: who exchanges with whom; everybody alone."""
        return np.arange(len(regions))


class NetworkExchange(ShareTraining):
    """All accounts of the ministry exchange their practice."""

    kind: Literal["network"]  # type: ignore[assignment]

    def groups(self, regions: np.ndarray) -> np.ndarray:
        """int64[n_accounts]: who exchanges with whom."""
        return np.zeros(len(regions), np.int64)


class RegionExchange(ShareTraining):
    """Accounts exchange their practice inside their region of the world."""

    kind: Literal["region"]  # type: ignore[assignment]

    def groups(self, regions: np.ndarray) -> np.ndarray:
        """int64[n_accounts]: who exchanges with whom."""
        return np.asarray(regions, np.int64)


Training = Annotated[NoTraining | ShareTraining, Field(discriminator="kind")]
Exchange = Annotated[
    NoExchange | NetworkExchange | RegionExchange, Field(discriminator="kind")
]  # fmt: skip
