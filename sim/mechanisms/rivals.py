"""The others: rivals, allies and news media post through the same machinery as the ministry.

    stance of a post = lean + gain x valence of its event

A rival leans against the ministry, an ally a little towards it, news media follow the valence of
the event and say nothing either way on an ordinary day. All pay the prices of sim/mechanisms/work;
here stands only what differs. How they reply to posts: sim/mechanisms/replies.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from sim.law import law
from sim.mechanisms.replies import Replying
from sim.parameters import NotNegative, Parameters, Positive, Share

Lean = Annotated[float, Field(ge=-1.0, le=1.0)]


class Manner(Replying):
    """How the accounts of one kind work (units in conf/rivals)."""

    rho: Share
    rel_hours: NotNegative
    answer_rate: NotNegative
    clearance_hours: Positive
    lean: Lean
    gain: Lean


class Rivals(Parameters):
    """One manner for each kind of account that is not the ministry's."""

    rival: Manner
    ally: Manner
    media: Manner


@law
def stance(lean, gain, valence):
    """lean + gain x valence, inside [-1, 1]."""
    return np.maximum(-1.0, np.minimum(1.0, lean + gain * valence))
