"""The ministry's website: a slow channel of its own, to which posts can link.

    direct visits   Poisson(v n_home days),      n_home people in the ministry's own market
    clicks          Binomial(views of the post, c)   for each post that links, a share l of all

The site is visited by the own public, post or no post, and by those who click. Visits are counted
apart and are neither views nor reach: nobody is known by name on a website. What is read there
moves no mind in the model. S0, S2, S4: the section of rebuttals, the redesign. Limits: no search
engines, no visitors from abroad without a post; posts sent out before the fork bring no clicks.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim import streams
from sim.parameters import NotNegative, Parameters, Share


class NoWebsite(Parameters):
    """`none`: posts link to nothing."""

    kind: Literal["none"]


class Linked(Parameters):
    """`linked`: a website that posts link to (units in conf/website)."""

    kind: Literal["linked"]
    visits_per_person_month: NotNegative
    share_linked: Share
    p_click: Share


Website = Annotated[NoWebsite | Linked, Field(discriminator="kind")]
DAYS_PER_MONTH = 30.4375


def direct_visits(one: Linked, n_home: int, days: float, world_seed: np.uint64) -> float:
    """Visits of the own public over the measured days, at this world's luck."""
    from scipy import stats  # here: every command would wait for it, and few have a website

    mean = one.visits_per_person_month * n_home * days / DAYS_PER_MONTH
    die = _unit(streams.subkey(np.array([world_seed]), streams.WEBSITE))[0]
    return float(stats.poisson.ppf(die, mean)) if mean > 0 else 0.0


def clicks(one: Linked, keys: np.ndarray, n_views: np.ndarray) -> np.ndarray:
    """float64 per post: visits that came by it; each post has one die, so that more views of the
    same post never bring fewer."""
    from scipy import stats

    linked = _unit(streams.subkey(keys, streams.LINK)) < one.share_linked
    found = stats.binom.ppf(_unit(streams.subkey(keys, streams.CLICK)), n_views, one.p_click)
    return np.where(linked, np.maximum(found, 0.0), 0.0)


def _unit(bits: np.ndarray) -> np.ndarray:
    """float64 in (0, 1)."""
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54
