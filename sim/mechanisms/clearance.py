"""Clearance: who must agree before a post goes out, what that costs in time and saves in blunders.

    kind         delay of an answer                     blunders
    table        D                                      p   (sim/mechanisms/work)
    autonomous   rel_delay_autonomous D                 p x rel_blunder_autonomous
    central      rel_delay_central D + wait + service   p (1 - p_catch)

    D lognormal with mean work.clearance_hours;   service ~ Exp(mean s),  s = 168 / (c n_table)
    V(h+1) = max(0, V(h) + work submitted in hour h - 1)                    (Lindley 1952)
    wait   = max(0, V(h) + work submitted before it in the same hour - minutes of the hour past)

A central desk clears every post of the ministry, one after the other, in the order in which they
are submitted: a queue with one server, whose capacity is c times the posts of the table. The delay
therefore grows with the load, slowly at first and without bound near capacity (for Poisson arrivals
s rho / (1 - rho), Kendall's M/M/1), and after an event that many missions answer. Answers are
submitted when they are written; what is planned or routine is submitted `notice_hours` ahead.
Clearance costs time, not hours of the accounts (2-model); what the central desk itself costs is not
charged. "Laissez-faire with an overall line against top-down" (S0). Numbers are judgement.

Limits: the desk works round the clock, as answering desks do; its time is kept hour by hour; what
it would clear too late (work.answer_horizon_hours) is not submitted, and its hours stay in the
bank; it mends blunders in answers, not what was prepared for an event that then went otherwise.
"""

from __future__ import annotations

import numpy as np

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.vocabulary import HOURS_PER_WEEK


class Desk(Parameters):
    """What clearance costs and catches (units in conf/desk)."""

    rel_capacity: Positive
    rel_delay_central: NotNegative
    p_catch: Share
    notice_hours: NotNegative
    rel_delay_autonomous: NotNegative
    rel_blunder_autonomous: Positive


@law
def mean_service(rel_capacity, usual_posts):
    """Hours that one post takes the central desk: 168 / (c n)."""
    return HOURS_PER_WEEK / (rel_capacity * usual_posts)


@law
def service(die, mean):
    """A time of service: exponential, -s ln u."""
    return -mean * np.log(die)


@law
def backlog(before, submitted):
    """V(h+1) = max(0, V(h) + submitted - 1): work waiting at the end of an hour."""
    return np.maximum(0.0, before + submitted - 1.0)


@law
def wait(backlog_hours, ahead, past):
    """Hours until a post's turn: what waits at the full hour and what came since, less the time
    since then."""
    return np.maximum(0.0, backlog_hours + ahead - past)
