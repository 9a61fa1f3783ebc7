"""A run as a sample: the tables that keep=posts leaves behind, read as real data would be.

Followers are those of the network's table (modelled ones over the scale of the audience), posts the
originals of the measured days. Posts younger than a week at the end are left out where the run is
long enough: real data are collected after the fact, and late views would still be to come.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.observables.observed import Observed
from sim.observables.resample import N_SAMPLES, observables
from sim.observables.sample import STAR, Columns, Sample
from sim.run import Run

MISSION_KINDS = ("mission", "multilateral")
OUR_KINDS = (*MISSION_KINDS, "headquarters", "official")
SETTLED_HOURS = 168.0  # after which hardly anybody looks any more
HALF = 0.5  # of the measured time must be left when younger posts are dropped
SCALED = "the audience holds {:.3g} modelled followers for each real one, not one"
FRESH = "the run is short: posts of its last week are counted before all have seen them"


def observables_of_tables(tables: Mapping[str, Columns], n_samples: int = N_SAMPLES
                          ) -> dict[str, Observed]:  # fmt: skip
    """{C1: ..., ...} from the accounts, posts, shares and audience of one arm in one world."""
    return observables(sample_of(tables), n_samples)


def tables_of(run: Run) -> dict[str, Columns]:
    """The tables of a run that observables are worked out from."""
    if not run.audience:
        raise ValueError("the run kept no posts: run it with keep=posts")
    return {"accounts": run.accounts, "posts": run.posts, "shares": run.shares,
            "audience": run.audience}  # fmt: skip


def sample_of(tables: Mapping[str, Columns]) -> Sample:
    """The sample that one arm of one world amounts to."""
    audience = tables["audience"]
    scale, days = (_single(audience, name) for name in ("follower_scale", "days"))
    order = np.argsort(tables["accounts"]["account"].astype(str), kind="stable")
    accounts = {name: values[order] for name, values in tables["accounts"].items()}
    said = _originals(tables["posts"])
    old, fresh = _settled(said["hour"], days)
    rows = _row_of(accounts["account"], said["account"])
    chosen = np.flatnonzero(old)
    chosen = chosen[np.argsort(rows[chosen], kind="stable")]
    posts = {name: values[chosen] for name, values in said.items()}
    followers = accounts["followers_start"] / scale
    is_mission = np.isin(accounts["kind"].astype(str), MISSION_KINDS)
    cautions = [SCALED.format(scale) if scale != 1.0 else "", FRESH if fresh else ""]
    return Sample(
        account=rows[chosen],
        posts=_columns(posts, rows[chosen], accounts["followers_start"], followers),
        accounts={
            "followers": followers, "n_posts": accounts["posts"], "is_mission": is_mission,
            "is_ordinary": is_mission & (followers <= STAR),
            "is_ours": np.isin(accounts["kind"].astype(str), OUR_KINDS),
            "before": followers, "after": accounts["followers_end"] / scale,
            "between": np.full(len(followers), days),
        },
        shares=_shares(tables["shares"], posts["post"]),
        users=audience["value"][audience["measure"].astype(str) == "activity"],
        days=days, controls=("event", "culture"),
        caution="; ".join(one for one in cautions if one),
    )  # fmt: skip


def _originals(posts: Columns) -> Columns:
    """The posts without their copies on further platforms."""
    if "kind" not in posts:
        return posts
    kept = posts["kind"].astype(str) != "copy"
    return {name: values[kept] for name, values in posts.items()}


def _settled(hours: np.ndarray, days: float) -> tuple[np.ndarray, bool]:
    """(which posts count, whether young ones are among them)."""
    last = 24.0 * days - SETTLED_HOURS
    if last < HALF * 24.0 * days:
        return np.ones(len(hours), bool), True
    return hours <= last, False


def _columns(posts: Columns, rows: np.ndarray, modelled: np.ndarray, followers: np.ndarray
             ) -> dict[str, np.ndarray]:  # fmt: skip
    """Columns of posts by the names that observables know."""
    media, tone = posts["media"].astype(str), posts["tone"].astype(str)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = posts["follower_reach"] / modelled[rows]
    return {
        "retweets": posts["shares"], "likes": posts["likes"], "followers": followers[rows],
        "image": media == "image", "video": media == "video",
        "event": posts["event"].astype(str) != "", "culture": tone == "cultural",
        "impressions": posts["impressions"], "impressions_24h": posts["impressions_24h"],
        "half_life_hours": posts["half_life_hours"],
        "reach_share": np.where(modelled[rows] > 0, reach, np.nan),
    }  # fmt: skip


def _shares(shares: Columns, names: np.ndarray) -> dict[str, np.ndarray]:
    """Re-shares of these posts, mocking quotes left out, sorted by the row of their post."""
    order = np.argsort(names.astype(str), kind="stable")
    known = names.astype(str)[order]
    wanted = shares["post"].astype(str)
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    kept = shares["kind"].astype(str) != "hostile"
    kept &= known[place] == wanted if len(known) else False
    rows = order[place[kept]] if len(known) else np.zeros(0, np.int64)
    by_post = np.argsort(rows, kind="stable")
    return {
        "post": rows[by_post], "lag_hours": shares["lag_hours"][kept][by_post],
        "depth": shares["depth"][kept][by_post],
    }  # fmt: skip


def _row_of(names: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Places of names in a sorted list of them."""
    return np.searchsorted(names.astype(str), wanted.astype(str))


def _single(audience: Columns, name: str) -> float:
    return float(audience["value"][audience["measure"].astype(str) == name][0])
