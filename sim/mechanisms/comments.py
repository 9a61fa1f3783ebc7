"""Comments, and what answering them does.

    h_comment = c h_share                    a viewer comments once on a post
    answers   = hours for replies / hours per answer, one after another: one server, one queue
    t_answer  = max(t, free) + notice        free = max(t, free) + 1 / answers per hour
    dropped   if t_answer - t > horizon      too late to be worth it
    answered  follows with p_join, passes the post on with p_share

The queue of a single server with a constant time of service (Lindley 1952): the response time is no
setting but follows from the load. Whom an account answers is more likely to follow and to pass on
what it said, and those who follow that person see it (S0 on frequent replies, S1 on responsiveness;
Li, Kim and Choi 2021 review response strategies; sizes are judgement).

Limits: comments are counted only for accounts that answer them, since unanswered ones change
nothing here; critics are neither sought nor avoided: who comments is who might have shared; an
answer is seen by the one who gets it, and by others through what he or she passes on.
"""

from __future__ import annotations

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share


class Comments(Parameters):
    """Who comments, and what an answer does (units in conf/comments)."""

    per_share: NotNegative
    p_join: Share
    p_share: Share
    notice_hours: Positive
    horizon_hours: Positive


@law
def answers_per_hour(hours_per_week, hours_per_answer):
    """Comments that can be answered in an hour of the week, day and night."""
    return hours_per_week / hours_per_answer / 168.0


@law
def answer_hour(hour, notice, free):
    """When a comment is answered: in its turn, once noticed."""
    return max(hour, free) + notice


@law
def next_free(hour, free, per_hour):
    """When the next comment can be answered."""
    return max(hour, free) + 1.0 / per_hour
