"""Following, losing interest, leaving.

    interested at age t:   P = 2^(-t / H)           leaving:   churn per month, memoryless
    joining after a view:  P = f . quality^1/2 . congruence, for whoever is not a follower yet
    its die:               U(account, person, floor(t / T + phase)), phase uniform over people
    recommended:           g n followers a month, whatever is posted: people who know a follower
    room for one more:     K / (K + m), m accounts followed already; of a person and account, once
    leaving after a view:  P = l . (n_recent + 1) / (n_usual + 1) . distance^2 / mean

Interest is all or nothing for one person and halves every H over people, so that the mean reach of
an old stock decays as in Garimella & West 2021 while a bored follower costs the engine nothing. A
bored follower still counts as one: an account that grew once and never earned it again has many
followers and little reach. Ages of follows, interest and dormancy follow one rule for all accounts,
never set for one. Dormant (inactive or fake) followers are counted and never look.

With T above 0 whoever saw an account and did not follow has made up his or her mind for T days:
further views change it only where a better post would have won at once. Repeated exposure to the
same thing wins ever fewer (Romero, Meeder and Kleinberg 2011). With T = 0 every view is a new
chance, and re-shares that bring followers who re-share let a star's account grow ever faster.
Limit: who followed and left again within T days follows again at the next such view.

Platforms recommend accounts to people who are close to their followers, so that whoever has many
gets more (Su, Sharma and Goel 2016).

Attention is finite: whoever follows many has less room for one more (Goncalves, Perra and
Vespignani 2011: a bound on ties kept up). However somebody comes to follow, he or she must have
room; m is as of the last weekly order. K = 0: no bound, and everybody may follow everything.
"""

from __future__ import annotations

import math

import numpy as np

from sim.law import law, power
from sim.parameters import NotNegative, Parameters, Positive, Share, Signed
from sim.streams import (
    CHURN,
    FOLLOW,
    INTEREST,
    MIND,
    TWO_TO_MINUS_53,
    U64,
    draw,
    subkey,
    uniform,
)

HOURS_PER_MONTH = 730.5
DAYS_PER_MONTH = HOURS_PER_MONTH / 24.0
NEVER = 65_535  # the last day a follower's record can name


class Following(Parameters):
    """Joins, leaves, interest, dormancy and where followers live (units in conf/following)."""

    share_dormant: Share
    interest_half_life_months: Positive
    mean_age_years: Positive
    churn_per_month: NotNegative
    follows_per_share: NotNegative
    mind_lasts_days: NotNegative
    found_per_month: NotNegative
    capacity: NotNegative
    leave_per_view: NotNegative
    share_host: Share
    share_home: Share
    favourable_tilt: Signed


@law
def p_interested(age_months, half_life_months):
    """Share of a cohort of followers that still looks."""
    return math.exp(-math.log(2.0) * age_months / half_life_months)


@law
def mean_days_interested(half_life_months):
    """Mean of the exponential time until boredom, in days."""
    return half_life_months * DAYS_PER_MONTH / math.log(2.0)


@law
def mean_days_following(churn_per_month):
    """Mean of the exponential time until a follower leaves, in days."""
    return DAYS_PER_MONTH / max(churn_per_month, 1e-9)


@law
def last_day(day, days_bored, days_leave):
    """The day on which an interested follower stops looking, bored or gone; at most NEVER."""
    return min(math.floor(day + min(days_bored, days_leave)), 65535.0)


@law
def join_base(p_per_view, quality):
    """The part of the probability of following that a post has whoever sees it."""
    return p_per_view * power(quality, 0.5)


@law
def p_join(base, agreement):
    """Probability that a view through somebody else makes a follower."""
    return min(1.0, base * agreement)


@law
def die_of_mind(account, who, day, lasts_days):
    """The die of whoever may follow an account: thrown once in so many days, for each person at a
    time of his or her own. account: the stream of its luck in this world; who: uint64."""
    phase = uniform(draw(subkey(account, MIND), who))
    period = np.uint64(math.floor(day / lasts_days + phase))
    return uniform(draw(subkey(subkey(account, FOLLOW), period), who))


@law
def found_per_week(found_per_month):
    """Share of an account's followers who come by recommendation in a week."""
    return found_per_month * 7.0 / DAYS_PER_MONTH


@law
def n_found(per_week, n_followers, u):
    """Followers who come by recommendation this week, the fraction left over decided by a die."""
    return math.floor(per_week * n_followers + u)


@law
def p_room(n_followed, capacity):
    """Share of those who would follow one more account that have room for it."""
    return capacity / (capacity + n_followed)


@law
def p_leave(p_per_view, n_recent, n_usual, opposition):
    """Probability that a view makes a follower leave."""
    return min(1.0, p_per_view * (n_recent + 1.0) / (n_usual + 1.0) * opposition)


def exit_days(account: np.uint64, ids: np.ndarray, days_interested: float,
              days_following: float) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """float64[n], float64[n]: days until each person (uint64 ids) is bored, and until each leaves.

    Exponential, a function of (account, person) alone, counted from hour 0 or from joining: neither
    remembers how long it has lasted. The column form of what the engines draw for one person."""
    bored = -days_interested * np.log(_open_uniform(draw(subkey(account, INTEREST), ids)))
    leave = -days_following * np.log(_open_uniform(draw(subkey(account, CHURN), ids)))
    return bored, leave


def _open_uniform(bits: np.ndarray) -> np.ndarray:
    return ((bits >> U64(11)).astype(np.float64) + 0.5) * TWO_TO_MINUS_53
