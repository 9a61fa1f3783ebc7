"""Imitation: what earned more is copied, slowly, and nothing is given up.

    e_k  = (shares of posts of kind k + 1) / (posts of kind k + 1)      public tallies, everybody's
    m_k <- m_k (1 - r + r e_k / sum_j m_j e_j), then max(m_k, floor), then to sum 1

The replicator equation in weekly steps (Taylor & Jonker 1978; Schlag 1998, "Why imitate, and if so,
how?", derives it from proportional imitation) with a floor, so that a tone or a medium that fell
out of use can come back. S0, S3: ministries study and imitate each other without coordination.
r = 0 changes nothing. The +1 gives every kind one post more, re-shared once: a kind that nobody
used counts as earning one re-share a post, and gains wherever the usual ones earn less.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from sim.law import law
from sim.parameters import Parameters


class Imitation(Parameters):
    """How others are imitated (units in conf/imitation)."""

    weeks: Annotated[int, Field(ge=1, le=52)]  # of posts that are looked at
    floor: Annotated[float, Field(ge=0.0, le=0.1)]  # least share of a tone or a medium in use


@law
def earned(n_shares, n_posts):
    """Shares per post of one kind of post."""
    return (n_shares + 1.0) / (n_posts + 1.0)


@law
def copied(share, rate, earns, earns_on_average, floor):
    """A share of the mix after a week, before the mix is brought back to 1."""
    return np.maximum(share * (1.0 - rate + rate * earns / earns_on_average), floor)
