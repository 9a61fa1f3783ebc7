"""Postures: when posts go out, and whose hours pay for them.

    rho of the posting hours are planned ahead of events, 1 - rho answer events and fill the week

A posture may also set levers of its own, which take the place of the price list's usual value for
the ministry's accounts: how many planned posts are prepared for events, what is kept back for
events, how much of the reactive hours goes into watching the news, how readily it answers. They are
null, which is the usual value, unless a user or the tuning of both sides (steelman) sets them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.errors import UserError
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.vocabulary import KINDS, OURS, SIDE_OF_KIND

HEADQUARTERS, OFFICIAL = KINDS.index("headquarters"), KINDS.index("official")
Watching = Annotated[float, Field(ge=0.0, le=0.9)]


class _Posting(Parameters):
    """What postures have in common: the planned share of the work, and who does any."""

    @property
    def planned(self) -> float:
        """Share of the posting hours that is spent ahead of events, 0 to 1."""
        raise NotImplementedError

    @property
    def is_silent(self) -> bool:
        """Whether the ministry's accounts publish nothing."""
        return False

    @property
    def abstains(self) -> bool:
        """Whether some or all accounts of the ministry keep silent on purpose."""
        return self.is_silent

    def allotted(self, hours: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: what becomes of the hours that the investment gives."""
        return np.zeros_like(hours) if self.is_silent else hours

    def lever(self, name: str, usual: float) -> float:
        """A lever of this posture, or the usual value where it has or sets none."""
        value = getattr(self, name, None)
        return usual if value is None else float(value)


class _Planning(_Posting):
    """The lever of planned work."""

    share_events: Share | None


class _Answering(_Posting):
    """The levers of reactive work."""

    reserve: Share | None
    share_monitoring: Watching | None
    answer_rate: NotNegative | None


class Reactive(_Answering):
    """Watches the news and answers events."""

    kind: Literal["reactive"]

    @property
    def planned(self) -> float:
        return 0.0


class Proactive(_Planning):
    """Plans ahead: foreseeable events, own topics, repetition."""

    kind: Literal["proactive"]

    @property
    def planned(self) -> float:
        return 1.0


class Mixed(_Planning, _Answering):
    """A share `rho` of the hours planned, the rest kept for answering events."""

    kind: Literal["mixed"]
    rho: Share

    @property
    def planned(self) -> float:
        return self.rho


class Table(Mixed):
    """The network as it is found: mostly reactive, with a planned share `rho`."""

    kind: Literal["table"]  # type: ignore[assignment]


class Adaptive(Mixed):
    """Starts as mixed, then moves hours each week to whichever work earned more (learning.py)."""

    kind: Literal["adaptive"]  # type: ignore[assignment]
    per: Literal["account", "network"]
    earns: Literal["shares", "views"]
    rate: NotNegative
    memory: Share
    floor: Annotated[float, Field(gt=0.0, lt=0.5)]
    caution_hours: Positive

    @model_validator(mode="after")
    def _between(self) -> Adaptive:
        if not self.floor < self.rho < 1.0 - self.floor:
            raise ValueError(
                f"rho, where learning starts, must lie between floor and 1 - floor ({self.floor:g} "
                f"and {1.0 - self.floor:g}), not at {self.rho:g}"
            )
        return self


class Silent(_Posting):
    """Publishes nothing: what abstention costs."""

    kind: Literal["silent"]

    @property
    def planned(self) -> float:
        return 0.0

    @property
    def is_silent(self) -> bool:
        return True


class HeadquartersOnly(Mixed):
    """Missions are silent; headquarters, and officials if wanted, speak for the ministry."""

    kind: Literal["headquarters_only"]  # type: ignore[assignment]
    officials: bool
    mission_hours: Literal["idle", "moved"]

    @property
    def abstains(self) -> bool:
        return True

    def allotted(self, hours: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """Hours of those who keep posting; `moved` adds all others' to headquarters, in proportion
        to the hours these have (equally, where they have none)."""
        kinds = np.asarray(kinds)
        centre = kinds == HEADQUARTERS
        kept = centre | ((kinds == OFFICIAL) & self.officials)
        found = np.where(kept, hours, 0.0)
        if self.mission_hours == "moved":
            if not centre.any():
                raise UserError(
                    "'policy.posture.mission_hours=moved' needs an account of the kind "
                    "headquarters in the network's table. Add one, or use mission_hours=idle."
                )
            weight = np.where(centre, hours if hours[centre].sum() > 0 else 1.0, 0.0)
            found += ours_elsewhere(hours, kinds, kept) * weight / weight.sum()
        return found


def ours_elsewhere(hours: np.ndarray, kinds: np.ndarray, kept: np.ndarray) -> float:
    """Hours of the ministry's accounts that fall silent."""
    ours = np.asarray(SIDE_OF_KIND)[kinds] == OURS
    return float(hours[ours & ~kept].sum())


Posture = Annotated[
    Table | Reactive | Proactive | Mixed | Adaptive | Silent | HeadquartersOnly,
    Field(discriminator="kind"),
]
