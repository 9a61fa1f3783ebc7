"""The loyal core: staff, sister missions, headquarters, enthusiasts.

    shares of one post ~ Binomial(n_members, min(1, lambda quality / n_members))
    likes of one post  ~ Binomial(n_members, min(1, ratio lambda quality / n_members))
    lambda = mean (followers / 700)^exponent exp(sd z - sd^2 / 2)

They share almost regardless of how many follow the account, but in proportion to the quality of
the post. It is why a mission with 700 followers gets one or two re-shares; without the core most
posts get none, with a constant one the counts are too even (2-model, tried). Each member is a
person with people following him or her, and rolls one die for each post: who shares it likes it,
too, and the ratio of likes to shares is that of other readers (sharing.likes_per_share). Limit: the
core's reactions are no engagement in the eyes of a ranked feed.
"""

from __future__ import annotations

import math

from sim.law import law, power
from sim.parameters import Count, NotNegative, Parameters, Positive

REFERENCE_FOLLOWERS = 700.0  # the median mission of 3-evidence, at which `mean_shares` holds


class Core(Parameters):
    """Size and zeal of the loyal core (units in conf/core)."""

    n_members: Count
    mean_shares: NotNegative
    follower_exponent: NotNegative
    log_sd: NotNegative
    median_delay_hours: Positive


@law
def mean_core_shares(n_followers, mean_shares, exponent, log_sd, z):
    """Expected core shares of a post of quality 1 by an account; z is its standard normal draw."""
    size = power((n_followers + 1.0) / REFERENCE_FOLLOWERS, exponent)
    return mean_shares * size * math.exp(log_sd * z - 0.5 * log_sd * log_sd)


@law
def p_core_share(mean_core, quality, n_members):
    """Probability that one member shares one post."""
    return min(1.0, mean_core * quality / n_members)


@law
def p_core_like(mean_core, quality, n_members, likes_per_share):
    """Probability that one member likes it; the same die, so that the rarer of the two comes along
    with the other."""
    return p_core_share(mean_core * likes_per_share, quality, n_members)
