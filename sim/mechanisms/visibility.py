"""Being seen: presence, selection and delay in a feed.

    P(seen | present, selected) = rho / (rho + beta),   delay ~ Exp(rho + beta),   beta = 1 / theta

A person checks in at rate rho; a post stays findable for a mean time theta, that is, it is buried
at rate beta. Whoever comes first, the check-in or the burial, decides (competing exponentials).
Presence is drawn once per person, platform and local day and shared by all posts of that day, so
that the views of one day's posts overlap in the same people:

    P(active day) = v / (v + k),  v = 24 rho;      rate on an active day = rho + k / 24

which leaves the person's mean rate at rho. The rate follows a daily rhythm 1 + a cos(...); both rho
and beta answer to public attention: a crowded moment buries posts faster (inflow, and with it beta,
grows as attention to the power c), and draws people in (check-ins grow as attention to the power
epsilon).

A small share of views comes late (profile, search, tags), after Exp with the given median, with
more intent to share. Sources: 2-model; P(view) as in Gomez-Rodriguez et al. 2014 (information
overload); Pfeffer et al. 2023 for the half-life of impressions.
"""

from __future__ import annotations

import math

from sim.law import law, power
from sim.parameters import NotNegative, Parameters, Positive, Share

PEAK_LOCAL_HOUR = 20.0  # the evening, when people look most; its height is rhythm_ratio


class Visibility(Parameters):
    """What decides whether and when a follower sees a post (units in conf/visibility)."""

    selection: Share
    selection_friends: Share
    share_late: Share
    late_median_hours: Positive
    late_intent: Positive
    rhythm_ratio: Positive
    crowding: NotNegative
    attention_elasticity: NotNegative


@law
def rhythm(local_hour, ratio):
    """Check-in rate at a local hour over its daily mean; peak / trough = ratio."""
    swing = (ratio - 1.0) / (ratio + 1.0)
    return 1.0 + swing * math.cos((local_hour - PEAK_LOCAL_HOUR) * (math.pi / 12.0))


@law
def p_active_day(visits_per_hour, visits_per_active_day):
    """Probability that a person with this mean rate is there at all on a given day."""
    visits = 24.0 * visits_per_hour
    return visits / (visits + visits_per_active_day)


@law
def rate_when_active(visits_per_hour, visits_per_active_day):
    """Check-ins per hour on an active day; times p_active_day it is the mean rate again."""
    return visits_per_hour + visits_per_active_day / 24.0


@law
def rate_factor(local_hour, ratio, attention, elasticity):
    """What the hour and public attention do to check-in rates."""
    return rhythm(local_hour, ratio) * power(attention, elasticity)


@law
def inflow(attention, crowding):
    """Inflow of the feeds over its usual level: everybody posts on what everybody talks about."""
    return power(attention, crowding)


@law
def p_seen(rate, burial):
    """Probability that a present person meets a selected post before it is buried (rates per h)."""
    return rate / (rate + burial)


@law
def p_offered(selection, rel_selection, rate, burial):
    """Probability that a present person's feed offers a post and it is met before it is buried."""
    return selection * rel_selection * p_seen(rate, burial)


@law
def p_late(share_late, attention, elasticity):
    """Share of the views that come late; search grows with attention to the topic."""
    return share_late * power(attention, elasticity)


@law
def mean_delay(rate, burial):
    """Mean hours from broadcast to view, given that it is seen."""
    return 1.0 / (rate + burial)


@law
def mean_late_delay(median_hours):
    """Mean of the exponential with this median."""
    return median_hours / math.log(2.0)


@law
def intent(is_late, share_late, late_intent):
    """Intent to react of a late (True) or usual view; mean 1 over all views."""
    mean = 1.0 + share_late * (late_intent - 1.0)
    return late_intent / mean if is_late else 1.0 / mean
