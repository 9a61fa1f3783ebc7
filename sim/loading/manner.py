"""Tables for how posts speak: media by age, readability, wear, cultural fit, status.

Whatever is neutral in the configuration is exactly 1 here, so that it changes no result.
"""

from __future__ import annotations

import numpy as np

from sim.engine.tables import Tables
from sim.mechanisms.appeal import Appeal, fit
from sim.mechanisms.comments import Comments
from sim.mechanisms.readability import Reading, style_factor
from sim.mechanisms.repetition import MOST_MET, Wear, again_factor, worn_factor
from sim.mechanisms.sharing import age_factor
from sim.mechanisms.status import Status
from sim.scenario import Scenario
from sim.vocabulary import AGE_BANDS, KINDS, OURS, TOPICS
from sim.world.accounts import Accounts
from sim.world.markets import Markets


def with_manner(tables: Tables, scenario: Scenario, accounts: Accounts, markets: Markets,
                age_shares: np.ndarray) -> Tables:  # fmt: skip
    """The tables with the factors of this world."""
    weights = np.bincount(
        np.asarray(accounts.markets)[accounts.sides == OURS],
        np.asarray(accounts.posts_per_week, np.float64)[accounts.sides == OURS],
        minlength=len(markets),
    )  # fmt: skip
    return tables._replace(
        media_age=media_by_age(scenario.appeal, age_shares), style=styles(scenario.reading),
        worn=worn(scenario.wear),
        again=np.array([again_factor(float(n)) for n in range(MOST_MET + 1)]),
        fit=cultural_fit(scenario.appeal, markets, weights),
        status=by_status(scenario.status, "sharing", accounts),
        status_pickup=by_status(scenario.status, "pickup", accounts),
    )  # fmt: skip


def media_by_age(appeal: Appeal, age_shares: np.ndarray) -> np.ndarray:
    """float64[4 * 4]: medium x age band, mean 1 over people."""
    rows = []
    for tilt in (0.0, appeal.age_tilt_image, appeal.age_tilt_video, appeal.age_tilt_sticker):
        row = np.array([age_factor(float(band), tilt) for band in range(len(AGE_BANDS))])
        rows.append(row / (row @ age_shares) if tilt != 0.0 else row)
    return np.concatenate(rows)


def styles(reading: Reading) -> np.ndarray:
    """float64[3 * 4 * 2]: style x age band x whether it is the reader's first language."""
    return np.array([
        style_factor(reading.ease_of(band, is_first), step)
        for step in reading.steps for band in range(len(AGE_BANDS)) for is_first in (False, True)
    ])  # fmt: skip


def worn(wear: Wear) -> np.ndarray:
    """float64[256]: by meetings with the message before."""
    return np.array([
        worn_factor(float(n), wear.n_wear_in, wear.gain_wear_in, wear.wear_out)
        for n in range(MOST_MET + 1)
    ])  # fmt: skip


def cultural_fit(appeal: Appeal, markets: Markets, weights: np.ndarray) -> np.ndarray:
    """float64[n_markets * 8]: mean 1 over topics and over markets by our usual posts there."""
    of_topic = [float(getattr(appeal, f"fit_{topic}")) for topic in TOPICS]
    names = [markets.region_names[region] for region in markets.regions]
    of_region = [appeal.of_region(name) for name in names]
    if not any(of_topic) and not any(of_region):
        return np.ones(len(names) * len(TOPICS))
    found = np.array([[fit(topic, region) for topic in of_topic] for region in of_region])
    usual = weights if weights.sum() > 0.0 else np.ones(len(names))
    return np.asarray(found / np.average(found.mean(axis=1), weights=usual)).ravel()


def by_status(status: Status, what: str, accounts: Accounts) -> np.ndarray:
    """float64[n_accounts]: a factor by who speaks."""
    by_kind = np.array([status.of_kind(what, kind) for kind in KINDS])
    return by_kind[np.asarray(accounts.kinds)]


def comment_numbers(comments: Comments) -> dict[str, float]:
    """What the kernels read of comments, by name in PARAMETERS."""
    return {
        "comments_per_share": comments.per_share, "answer_join": comments.p_join,
        "answer_share": comments.p_share, "answer_notice": comments.notice_hours,
        "answer_horizon": comments.horizon_hours,
    }  # fmt: skip
