"""An exchange between two sides draws attention to its topic, for both.

    attention to the topic += lift x min(1, followers of the two accounts / people there)

in the markets of the two accounts, when a post goes out that answers or corrects a post of another
side; it decays like the attention to an event (mechanisms/news). S0: exchanges with rivals
sometimes drew more attention than press releases, helping both sides. The lift is what an exchange
adds whose parties everybody in the market follows. `lift: 0` switches it off.

Limits: what is said does not matter, only that it is said; nobody hears of an exchange in a third
market.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.law import law
from sim.parameters import NotNegative, Parameters


class Dispute(Parameters):
    """What an exchange draws, and how long it may go on (units in conf/dispute)."""

    lift: NotNegative
    depth: Annotated[int, Field(ge=1, le=8)]  # generations of replies
    hours_per_repost: NotNegative


@law
def dispute_bump(lift, n_followers, n_people):
    """What one reply adds to the attention to its topic in a market."""
    return lift * min(1.0, n_followers / max(n_people, 1.0))
