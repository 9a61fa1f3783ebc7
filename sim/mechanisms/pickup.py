"""Discovery beside the graph: news media and trend lists pick a post up.

    once a post has `threshold` shares:  P(pick-up) = p,  views ~ Pareto:  min u^(-1 / (tail - 1))

A burst of views by people who need not follow the account, drawn (with repetition) from its market,
or from everywhere for headquarters and whoever else speaks to all publics; credited to the post.
Without it 22,000 shares from an account of 46,600 followers cannot happen (S0). Reported apart;
`p: 0` switches it off. The burst is cut at a share of the account's own market: an audience's size
bounds what it can show.
"""

from __future__ import annotations

from sim.law import law, power
from sim.parameters import Parameters, Positive, Share


class Pickup(Parameters):
    """When and how far a post is picked up (units in conf/pickup)."""

    threshold: Positive
    p: Share
    tail: Positive
    min_views_per_threshold: Positive
    max_share_of_market: Share
    mean_delay_hours: Positive


@law
def pickup_views(u, min_views, tail, max_views):
    """Views of one pick-up: Pareto with density exponent `tail`, cut at max_views."""
    return min(max_views, min_views * power(1.0 - u, -1.0 / (tail - 1.0)))
