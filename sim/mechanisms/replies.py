"""Replies: a post of one side is answered, corrected or passed on by another.

    P(account replies) = 1 - (1 - p)^(1 / n)    n accounts of its kind hear the post, so that
    P(anybody of the kind replies) = p
    reply after        lognormal with the given mean, never before the hour in which it is heard
    tone of an answer  = that of what it answers with probability k, else of the account's own mix

A post is heard by the accounts of its own market; what headquarters, officials and multilateral
missions say is heard everywhere. Latency and probability: 3-evidence (rival latency 6 h, 1 to 48;
answer probability .2, 0 to .8), judgement. S0: rivals' manners are answered in kind.
"""

from __future__ import annotations

import numpy as np

from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share


class Replying(Parameters):
    """How the accounts of one kind reply to posts (units in conf/rivals)."""

    share_replies: Share  # of the hours for answers: kept for replies
    p_answer_post: Share
    p_rebut: Share
    p_amplify: Share
    reply_hours: Positive
    reply_log_sd: NotNegative
    share_in_kind: Share
    share_inaccurate: Share
    imitation: Share


@law
def p_reply(p_any, n_hearers):
    """The chance that one of n hearers replies, so that anybody does with p_any."""
    return 1.0 - (1.0 - p_any) ** (1.0 / n_hearers)


@law
def reply_latency(mean_hours, log_sd, z):
    """Hours from a post to a reply: lognormal with this mean."""
    return mean_hours * np.exp(log_sd * z - 0.5 * log_sd * log_sd)
