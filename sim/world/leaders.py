"""Posts that are news: an event started by a post, named by it and known to nobody before.

    P(event) = p for each post of a leader;   hour = hour of the post + Exp(mean delay)

Topic and market are the post's, its valence is the post's stance: what a rival says is bad news for
the ministry as far as it is meant to be. A post about an event that a post started starts none, so
that leaders do not set one another off for ever. All is keyed by the post: the same post of the
same cause is news in every arm, or in none. S1: "leaders' posts are news themselves".
"""

from __future__ import annotations

import numpy as np

from sim import streams
from sim.mechanisms.circumstance import LeadersNews
from sim.state import EVENT
from sim.vocabulary import COPY, SCOPES
from sim.world.accounts import Accounts

U64 = np.uint64
WHETHER, WHEN = (np.array([k], np.uint64) for k in range(2))  # dice of a post
NAME = np.array([64], np.uint64)


def events_of(posts: np.ndarray, settings: LeadersNews, accounts: Accounts,
              n_listed: int) -> np.ndarray:  # fmt: skip
    """EVENT rows, one for each of these POST rows that is news. The world's list had n_listed
    events before any post started one: a post about a later one starts none."""
    speaks = np.isin(accounts.kinds[posts["account"]], settings.kinds)
    speaks &= (posts["event"] < n_listed) & (posts["kind"] != COPY)
    said = posts[speaks]
    stream = streams.subkey(said["key"], streams.NEWS)
    chosen = _unit(streams.draw(stream, WHETHER)) < settings.p
    said, stream = said[chosen], stream[chosen]
    events = np.zeros(len(said), EVENT)
    wait = -settings.mean_delay_hours * np.log(_unit(streams.draw(stream, WHEN)))
    events["key"] = streams.draw(stream, NAME)
    events["hour"] = events["hour_known"] = said["hour"] + wait
    events["topic"], events["market"] = said["topic"], accounts.markets[said["account"]]
    events["scope"] = SCOPES.index(settings.scope)
    events["severity"], events["valence"] = settings.severity, said["stance"]
    return events


def _unit(bits: np.ndarray) -> np.ndarray:
    """float64 in (0, 1)."""
    return (bits >> U64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54
