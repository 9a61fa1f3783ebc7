"""A notice to the ministry's own citizens in a crisis, pushed by a partner, beside the graph.

    reachable:  has an account with the partner, and was there on one of the last 14 days
    attempt k:  at crisis + after + k every;  delivered with probability p, else tried again
    read:       delivery + lognormal(median, log-sd)
    informed:   the earlier of the notice read and of the first post of ours on the crisis seen

The citizens concerned are those who are abroad in one market: a share of its public, the same
people in every world. S0: a social network wrote to 20,000 users in one country (whoever had been
online there in the last two weeks) and to 15,000 in another. Measured by time, never by opinion: a
notice is no post, no view, no reach and no frame. Limits: the partner's work and the ministry's
hours on a notice are not counted; posts on events that the crisis sets off do not count as news of
the crisis.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share

DAYS_REMEMBERED = 14  # "in the last two weeks" (S0)
LARGEST = "largest"


class Citizens(Parameters):
    """Own citizens abroad, and the partner that can reach them (units in conf/citizens)."""

    market: Annotated[str, Field(min_length=1)]
    share_of_public: Share
    share_with_partner: Share
    p_delivered: Share
    median_delay_hours: Positive
    delay_log_sd: NotNegative


@law
def attempt_hour(crisis, after, every, attempt):
    """When attempt 0, 1, ... goes out."""
    return crisis + after + attempt * every


@law
def read_after(median, log_sd, z):
    """Hours from delivery to reading, at a standard normal score."""
    return median * math.exp(log_sd * z)


@law
def rank_of_share(share, n):
    """How many of n people make up this share: the smallest whole number that does, at least 1."""
    return max(1.0, math.ceil(share * n - 1e-9))
