"""The same core of the model before the same people, in Mesa and here: what a view costs.

Ten thousand people of the default configuration, their followers as drawn for our world, and twenty
accounts with some five hundred followers each. Mechanisms that the model in Mesa
(`people_in_mesa.py`) leaves out are switched off in ours. Both count the processor's time of the
days alone, after their worlds have been built. Whoever asks everybody every hour pays by the hour,
and whoever asks nobody pays by the view, so that the ratio depends on how much there is to see:
USUAL posts a day and account come to as many views a person and day as the default network's year
(.09), DENSE ones to six times as many.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

Figures = dict[str, list[float]]
N_PEOPLE, N_ACCOUNTS, N_FOLLOWERS = 10_000, 20, 500
USUAL, DENSE = 0.8, 5.0
STANCE, QUALITY_LOG_SD = 0.3, 0.8
TAIL = 3  # days after the last post
AS_IN_CONF = (
    "people.visits_per_hour", "people.visits_log_sd", "people.visits_per_active_day",
    "people.hours_findable", "people.findable_log_sd", "people.propensity_log_sd",
    "visibility.selection", "visibility.selection_friends", "sharing.congruence_width",
    "sharing.kappa_later",
)  # fmt: skip
P0 = 0.02  # shares are common enough to be compared


def our_world(n_people: int = N_PEOPLE) -> Any:
    """Our model with what both have, and nothing else."""
    from sim.compose import compose
    from verification.worlds import ALIKE, still

    usual = compose()
    kept = {key: getattr(getattr(usual, section), name)
            for key in AS_IN_CONF for section, name in [key.split(".")]}  # fmt: skip
    changes = {**ALIKE, **kept, "sharing.p0": P0, "audience.n_people": n_people, "keep": "summary"}
    return still(changes, n_followers=N_FOLLOWERS, n_accounts=N_ACCOUNTS)


def plan(days: int, a_day: float) -> np.ndarray:
    """POST rows of `days` days, `a_day` of each account, by a fixed seed."""
    from verification.worlds import by_hand

    luck = np.random.default_rng(1)
    n = round(days * N_ACCOUNTS * a_day)
    quality = np.exp(QUALITY_LOG_SD * luck.standard_normal(n) - 0.5 * QUALITY_LOG_SD**2)
    return by_hand(np.sort(24.0 * days * luck.random(n)), quality=quality, stance=STANCE,
                   account=np.arange(n) % N_ACCOUNTS)  # fmt: skip


def in_ours(days: int, a_day: float, n_people: int = N_PEOPLE, repeats: int = 5) -> Figures:
    """The days in our engine, in several worlds alike."""
    seconds: list[float] = []
    our_days(our_world(n_people), plan(1, a_day), 1)  # loads the kernels
    for _ in range(repeats):
        model = our_world(n_people)
        began = time.process_time()
        our_days(model, plan(days, a_day), days)
        seconds.append(time.process_time() - began)
    return {"seconds": seconds, **by_day(model.engine.posts, days)}


def our_days(model: Any, posts: np.ndarray, days: int) -> None:
    """Day by day, as the model does it."""
    model.engine.add(posts)
    for day in range(1, days + TAIL + 1):
        model.engine.run(24 * day)


def by_day(posts: np.ndarray, days: int) -> Figures:
    """What the posts of each day came to."""
    day = (posts["hour"] // 24).astype(int)
    return {
        name: np.bincount(day, posts[column], days).tolist()
        for name, column in (("views", "n_impressions"), ("shares", "n_shares"))
    }


def public_of(model: Any, posts: np.ndarray, *, polled: bool) -> tuple[Any, Any]:
    """The people, followers and posts of our world as agents; `model` is left as it was."""
    from benchmarks.people_in_mesa import Post, Public, Rules, Traits
    from sim.mechanisms.sharing import quality_factor

    p, tables, state = model.world.parameters[0], model.world.tables, model.engine.state
    rules = Rules(
        p_selection=float(p["selection"]), p_selection_friends=float(p["selection_friends"]),
        width=float(p["width"]), congruence_mean=float(p["congruence_mean"]),
        likes_per_share=float(p["likes_per_share"]),
    )  # fmt: skip
    people = [
        Traits(
            visits=float(tables.visit_rates[one["visit"]]),
            p_there=float(tables.p_present[one["visit"]]) / 2.0**32,
            burial=float(tables.burial[one["feed"]]),
            propensity=float(one["propensity"]), favourability=float(one["favourability"]),
        )
        for one in state.people
    ]  # fmt: skip
    start, ids = model.world.population.friends_start, model.world.population.friend_ids
    friends = [ids[start[k] : start[k + 1]].tolist() for k in range(len(people))]
    accounts = []
    for row in range(N_ACCOUNTS):
        own = [
            Post(
                hour=float(one["hour"]), stance=float(one["stance"]),
                h_first=P0 * float(one["quality"]),
                h_later=P0 * quality_factor(
                    float(one["quality"]), p["kappa_later"], p["quality_log_sd"]
                ),
            )
            for one in posts[posts["account"] == row]
        ]  # fmt: skip
        first = state.f_start[row]
        who = state.followers["who"][first : first + state.f_n[row]]
        accounts.append((own, who.tolist()))
    return Public(rules, people, friends, accounts, polled=polled), accounts


def in_mesa(days: int, a_day: float, polled: bool, n_people: int = N_PEOPLE) -> Figures:
    """The same days in Mesa."""
    posts = plan(days, a_day)
    public, accounts = public_of(our_world(n_people), posts, polled=polled)
    began = time.process_time()
    for _ in range(24 * (days + TAIL)):
        public.step()
    seconds = time.process_time() - began
    found = [post for own, _ in accounts for post in own]
    told = np.zeros(len(found), [("hour", "f8"), ("n_impressions", "i8"), ("n_shares", "i8")])
    for k, post in enumerate(found):
        told[k] = post.hour, post.n_views, post.n_shares
    return {"seconds": [seconds], **by_day(told, days)}


def gap(ours: list[float], other: list[float]) -> tuple[float, float]:
    """(ratio of the totals, how many standard errors their difference is), days being apart."""
    a, b = np.array(ours), np.array(other)
    error = np.sqrt(len(a) * (a.var(ddof=1) + b.var(ddof=1)))
    return float(a.sum()) / float(b.sum()), float((a.sum() - b.sum()) / error)
