"""Observing a run: what is counted when measuring starts, each day, and at the end.

Nothing here changes what happens. Counts are of modelled people, one to one with readers where the
audience is (`audience.follower_scale` says). What must add up is checked in `invariants.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.base import Engine
from sim.favourability import target_favourability
from sim.loading.world import World
from sim.mechanisms.notification import rank_of_share
from sim.mechanisms.website import Linked, clicks, direct_visits
from sim.platform_counts import by_platform, platform_impressions
from sim.scenario import Scenario
from sim.state import AGE_SHIFT, COUNTER, State
from sim.strategy.notification import Push
from sim.vocabulary import (
    AGE_BANDS,
    AMPLIFICATION,
    COPY,
    KINDS,
    MEDIA,
    OURS,
    POST_KINDS,
    POSTURES,
    TONES,
    TOPICS,
)
from sim.world.citizens import citizens_in, market_of_crisis, reachable, read_hours
from sim.world.news import crisis_row

RESET = ("reached", "target_reached", "target_frequent", "target_impressions", "target_hostile",
         "frames", "frames_ours", "ours_impressions", "ours_shares", "ours_hostile", "ours_likes",
         "ours_joined", "ours_left", "follower_impressions", "friend_impressions",
         "late_impressions", "pickup_impressions", "tag_impressions", "n_hijacked", "home_friendly",
         "home_hostile", "n_logged_views", "n_logged_shares")  # fmt: skip
TALLIES = ("n_joined", "n_left", "n_impressions", "n_unique", "n_shares", "n_hostile", "n_likes")
SHARE_KINDS = ("friendly", "core", "hostile")  # by SHARED.kind
HOURS_PER_DAY = 24
THOUSAND = 1_000
SMALL = 1e-12


@dataclass(frozen=True)
class Start:
    """How things stood when measuring started."""

    hour: int
    followers: np.ndarray  # int64[n_accounts]
    impressions: np.ndarray  # int64[n_platforms]: of our posts, since they went out
    mean: float  # favourability in the target public
    sd: float


def start_measuring(engine: Engine) -> None:
    """Set every tally to zero: from here on it counts. Done once, before the arms fork."""
    state = engine.state
    for name in RESET:
        state.counters[getattr(COUNTER, name)] = 0
    for name in TALLIES:
        state.accounts[name] = 0
    for name in ("n_comments", "n_answered", "seconds"):
        state.reply_desks[name] = 0
    state.presences["n_joined"] = 0
    state.presences["n_left"] = 0
    state.people["n_target"] = 0
    state.people["reached"] = 0
    nobody = np.zeros(state.reached.shape, state.reached.dtype)  # pages that stay zero cost nothing
    engine.state = state._replace(reached=nobody)
    state.voice[:] = 0
    if hasattr(engine, "diary"):
        engine.diary.logged_views.clear()
        engine.diary.logged_shares.clear()


def standing(engine: Engine, half_life_hours: float) -> Start:
    """The start of measuring, to compare the end with."""
    mean, sd = target_favourability(engine.state, half_life_hours)
    followers = engine.state.accounts["n_followers"].copy()
    return Start(engine.hour, followers, platform_impressions(engine), mean, sd)


def is_original(posts: np.ndarray) -> np.ndarray:
    """bool[n]: posts that say something, once: no re-posts, and no copies on further platforms."""
    return (posts["kind"] != AMPLIFICATION) & (posts["kind"] != COPY)


def today(state: State) -> dict[str, float]:
    """Totals since measuring started, taken at the end of a day."""
    n = state.counters
    return {
        "impressions": float(n[COUNTER.ours_impressions]),
        "unique_reach": float(n[COUNTER.reached]),
        "target_reach": float(n[COUNTER.target_reached]),
        "frequent_reach": float(n[COUNTER.target_frequent]),
        "shares": float(n[COUNTER.ours_shares]),
        "hostile_shares": float(n[COUNTER.ours_hostile]),
        "likes": float(n[COUNTER.ours_likes]),
        "followers_gained": float(n[COUNTER.ours_joined] - n[COUNTER.ours_left]),
    }


def ratio(part: float, whole: float) -> float:
    """part / whole, 0 where there is nothing."""
    return part / whole if whole > 0 else 0.0


def median(counts: np.ndarray) -> float:
    """The median, 0 where there are no posts."""
    return float(np.median(counts)) if len(counts) else 0.0


def measure(engine: Engine, world: World, start: Start, hours: float,
            half_life_hours: float) -> dict[tuple[str, str], float]:  # fmt: skip
    """{(measure, group): value} over the measured time."""
    state, n = engine.state, engine.state.counters
    totals = today(state)
    posts = engine.posts
    mine = (posts["side"] == OURS) & (posts["hour"] >= start.hour) & is_original(posts)
    mean, sd = target_favourability(state, half_life_hours)
    voice = state.voice[:, world.is_host, :]
    values = {
        **totals,
        "hours": hours,
        "posts": float(mine.sum()),
        "impressions_per_post": median(posts["n_impressions"][mine]),
        "shares_per_post": median(posts["n_shares"][mine]),
        "share_of_voice": ratio(float(voice[OURS].sum()), float(voice.sum())),
        "reach_per_hour": 1000.0 * ratio(totals["target_reach"], hours),
        "first_frame_share": ratio(float(n[COUNTER.frames_ours]), float(n[COUNTER.frames])),
        "backlash": 1000.0
        * ratio(float(n[COUNTER.target_hostile]), float(n[COUNTER.target_impressions])),
        "favourability_shift": (mean - start.mean) / max(start.sd, SMALL),
        "polarisation": (sd - start.sd) / max(start.sd, SMALL),
        "impressions_friends": float(n[COUNTER.friend_impressions]),
        "impressions_late": float(n[COUNTER.late_impressions]),
        "impressions_pickup": float(n[COUNTER.pickup_impressions]),
    }
    values |= answers(state) | under_tags(state)
    grouped = {(name, "all"): value for name, value in values.items()}
    grouped |= by_group(state, world) | at_home(state, world)
    return grouped | by_platform(engine, world, start.hour, start.impressions)


def answers(state: State) -> dict[str, float]:
    """Comments answered and how long they waited; nothing where nobody commented or answered."""
    ours = state.reply_desks[state.accounts["side"] == OURS]
    n_comments, n_answered = int(ours["n_comments"].sum()), int(ours["n_answered"].sum())
    if not n_comments:
        return {}
    found = {"comments": float(n_comments), "replies_given": float(n_answered)}
    if n_answered:
        found["response_time"] = int(ours["seconds"].sum()) / 3600.0 / n_answered
    return found


def at_home(state: State, world: World) -> dict[tuple[str, str], float]:
    """Reactions of the ministry's own citizens to its posts, the share of them that is hostile, and
    how evenly they divide: 0 where all are of one kind, 1 where both are as many."""
    n, group = state.counters, f"market:{world.markets.names[world.markets.home]}"
    friendly, hostile = float(n[COUNTER.home_friendly]), float(n[COUNTER.home_hostile])
    both = friendly + hostile
    return {
        ("reactions", group): both, ("hostile_reactions", group): ratio(hostile, both),
        ("division", group): ratio(2.0 * min(friendly, hostile), both),
    }  # fmt: skip


def informed(engine: Engine, world: World, arm: Scenario) -> dict[tuple[str, str], float]:
    """Who of the citizens concerned knows of the crisis, and how soon (mechanisms/notification).
    A time that the run does not reach is the time left in it, and counted as censored."""
    settings, tables = arm.citizens, world.tables
    market = market_of_crisis(settings, world.markets, world.is_host)
    low, high = (int(tables.market_start[market + k]) for k in range(2))
    who = citizens_in(settings, low, high)
    crisis = float(world.events["hour"][crisis_row(world.events, world.seed)])
    hours = engine.state.noticed[who].astype(np.float64)
    push = arm.policy.notification
    if isinstance(push, Push):
        p_present = tables.p_present[engine.state.people["visit"][who]]
        known = reachable(settings, who, p_present, world.seed, int(crisis // 24))
        read = read_hours(settings, who[known], crisis, push.after_hours, push.retry_hours,
                          1 + push.retries, world.seed)  # fmt: skip
        hours[known] = np.minimum(hours[known], read)
    waited, left = np.sort(hours - crisis), engine.hour - crisis
    waited[waited > left] = np.inf
    found = {"citizens_informed": ratio(float(np.isfinite(waited).sum()), float(len(waited)))}
    for share in (50, 90):
        reached = waited[int(rank_of_share(share / 100.0, len(waited))) - 1] if len(who) else np.inf
        found[f"hours_to_reach_{share}"] = float(min(reached, left))
        found[f"hours_to_reach_{share}_censored"] = float(np.isinf(reached))
    return {(name, "all"): value for name, value in found.items()}


def under_tags(state: State) -> dict[str, float]:
    """Impressions by people who look at tags, and posts of rivals under ours; nothing where nobody
    looks at tags."""
    if not len(state.tags):
        return {}
    n = state.counters
    return {"impressions_tags": float(n[COUNTER.tag_impressions]),
            "hijacks": float(n[COUNTER.n_hijacked])}  # fmt: skip


def visits(engine: Engine, world: World, start: Start, arm: Scenario
           ) -> dict[tuple[str, str], float]:  # fmt: skip
    """Visits to the website, by clicks and direct; nothing where there is no website."""
    if not isinstance(arm.website, Linked):
        return {}
    posts = engine.posts
    mine = posts[(posts["side"] == OURS) & (posts["hour"] >= start.hour)]
    home = world.markets.home
    n_home = int(world.tables.market_start[home + 1] - world.tables.market_start[home])
    days = (engine.hour - start.hour) / 24.0
    clicked = float(clicks(arm.website, mine["key"].copy(), mine["n_impressions"]).sum())
    direct = direct_visits(arm.website, n_home, days, world.seed)
    found = {"website_visits": clicked + direct, "website_clicks": clicked}
    return {(name, "all"): value for name, value in found.items()}


def by_group(state: State, world: World) -> dict[tuple[str, str], float]:
    """Reach by market and age band, impressions and share of voice by market."""
    people = state.people
    n_markets = len(world.markets)
    market = people["market"].astype(np.int64)
    reached = np.bincount(market[people["reached"] != 0], minlength=n_markets)
    in_target = people["n_target"] > 0
    target = np.bincount(market[in_target], minlength=n_markets)
    ours, everybody = state.voice[OURS].sum(axis=1), state.voice.sum(axis=(0, 2))
    found: dict[tuple[str, str], float] = {}
    for row, name in enumerate(world.markets.names):
        group = f"market:{name}"
        found["unique_reach", group] = float(reached[row])
        found["impressions", group] = float(ours[row])
        if world.is_host[row]:
            found["target_reach", group] = float(target[row])
            found["share_of_voice", group] = ratio(float(ours[row]), float(everybody[row]))
    band = (people["flags"] >> AGE_SHIFT) & 3
    by_age = np.bincount(band[people["reached"] != 0], minlength=len(AGE_BANDS))
    target_by_age = np.bincount(band[in_target], minlength=len(AGE_BANDS))
    for age, name in enumerate(AGE_BANDS):
        found["unique_reach", f"age:{name}"] = float(by_age[age])
        found["target_reach", f"age:{name}"] = float(target_by_age[age])
    return found


def account_table(engine: Engine, world: World, start: Start,
                  hours: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    """The columns of accounts.parquet, without scenario and world."""
    table, accounts = engine.state.accounts, world.accounts
    posts = engine.posts
    measured = (posts["hour"] >= start.hour) & is_original(posts)
    n_posts = np.bincount(posts["account"][measured], minlength=len(table))
    return {
        "account": np.array(accounts.names),
        "kind": np.array([KINDS[kind] for kind in accounts.kinds]),
        "measured": np.asarray(accounts.measured, dtype=bool),
        "followers_start": start.followers,
        "followers_end": table["n_followers"].copy(),
        "joined": table["n_joined"].copy(), "left": table["n_left"].copy(),
        "posts": n_posts, "hours": hours, "impressions": table["n_impressions"].copy(),
        "unique_reach": table["n_unique"].copy(), "shares": table["n_shares"].copy(),
        "hostile_shares": table["n_hostile"].copy(), "likes": table["n_likes"].copy(),
    }  # fmt: skip


def post_tables(engine: Engine, world: World, start: Start
                ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:  # fmt: skip
    """The columns of posts.parquet and shares.parquet: our posts of the measured time,
    copies on further platforms among them."""
    posts = engine.posts
    spoken = (posts["side"] == OURS) & (posts["kind"] != AMPLIFICATION)
    rows = np.flatnonzero(spoken & (posts["hour"] >= start.hour))
    mine = posts[rows]
    views, shares = engine.logs()
    named = np.unique(views["post"].astype(np.uint64) << np.uint64(32) | views["who"])
    different = np.bincount((named >> np.uint64(32)).astype(np.int64), minlength=len(posts))
    half_life, in_a_day = view_times(views, len(posts))
    depth = mine["sum_depth"] / np.maximum(mine["n_shares"], 1)
    events = world.events["key"]
    table = {
        "account": np.array(world.accounts.names)[mine["account"]],
        "post": np.array([f"{key:016x}" for key in mine["key"]]),
        "platform": np.array(world.accounts.platforms)[mine["platform"]],
        "kind": np.array(POST_KINDS)[mine["kind"]],
        "hour": mine["hour"] - start.hour,
        "topic": np.array(TOPICS)[mine["topic"]],
        "event": np.array([f"{events[k]:016x}" if k >= 0 else "" for k in mine["event"]]),
        "posture": np.array(POSTURES)[mine["posture"]],
        "tone": np.array(TONES)[mine["tone"]], "media": np.array(MEDIA)[mine["media"]],
        "quality": mine["quality"], "impressions": mine["n_impressions"],
        "unique_reach": different[rows], "follower_reach": mine["n_follower_views"],
        "shares": mine["n_shares"], "core_shares": mine["n_core"],
        "hostile_shares": mine["n_hostile"], "likes": mine["n_likes"],
        "impressions_24h": in_a_day[rows], "half_life_hours": half_life[rows],
        "max_depth": mine["max_depth"].astype(np.int32), "mean_depth": depth,
    }  # fmt: skip
    own = np.isin(shares["post"], rows)
    logged = shares[own]
    lags = logged["hour"] - posts["hour"][logged["post"]]
    names = np.array([f"{key:016x}" for key in posts["key"][logged["post"]]])
    kinds = np.array(SHARE_KINDS)[logged["kind"]]
    return table, {"post": names, "lag_hours": lags, "depth": logged["depth"], "kind": kinds}


def view_times(views: np.ndarray, n_posts: int) -> tuple[np.ndarray, np.ndarray]:
    """Of every post: hours until half of its impressions were made (0 where there are none), and
    the number made within 24 hours."""
    order = np.lexsort((views["lag_hours"], views["post"]))
    lags = views["lag_hours"][order].astype(np.float64)
    n = np.bincount(views["post"], minlength=n_posts)
    end = np.cumsum(n)
    middle = np.clip(end - n + (n - 1) // 2, 0, max(len(lags) - 1, 0))
    half_life = np.where(n > 0, lags[middle], 0.0) if len(lags) else np.zeros(n_posts)
    in_a_day = np.bincount(views["post"][views["lag_hours"] <= HOURS_PER_DAY], minlength=n_posts)
    return half_life, in_a_day


def audience_table(world: World, state: State, scale: float, days: int) -> dict[str, np.ndarray]:
    """The columns of audience.parquet: what turns counts of this run into those of real accounts,
    and how unequal people are: the mean activity of each thousandth of them, rising. Activity is
    check-ins an hour x readiness to share, as expected of a person."""
    activity = world.tables.visit_rates[state.people["visit"]].astype(np.float64)
    activity *= world.tables.p_present[state.people["visit"]].astype(np.float64) / 2.0**32
    activity *= state.people["propensity"]
    n = len(activity)
    lorenz = np.concatenate([[0.0], np.cumsum(np.sort(activity))])
    ends = np.interp(np.linspace(0.0, n, THOUSAND + 1), np.arange(n + 1), lorenz)
    values = [float(n), scale, float(days), *(np.diff(ends) * (THOUSAND / n))]
    names = ["n_people", "follower_scale", "days", *["activity"] * THOUSAND]
    return {"measure": np.array(names), "value": np.array(values)}


def support(engine: Engine, world: World, since: float = 0.0) -> dict[str, float]:
    """Re-posts since an hour by allies of our posts, by us of allies' posts, among our accounts;
    the first over the second is the support ratio (0 where nobody passes anything on; allies' alone
    count as against one of ours)."""
    posts, kinds, sides = engine.posts, world.accounts.kinds, world.accounts.sides
    passed = posts[(posts["kind"] == AMPLIFICATION) & (posts["hour"] >= since)]
    whose = posts["account"][passed["parent"]]
    ally = kinds == KINDS.index("ally")
    ours = sides == OURS
    by_allies = int((ally[passed["account"]] & ours[whose]).sum())
    of_allies = int((ours[passed["account"]] & ally[whose]).sum())
    return {
        "by_allies": by_allies, "of_allies": of_allies,
        "among_sisters": int((ours[passed["account"]] & ours[whose]).sum()),
        "ratio": by_allies / max(of_allies, 1),
    }  # fmt: skip
