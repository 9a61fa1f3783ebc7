"""Observing a run: what is counted when measuring starts, each day, and at the end.

Nothing here changes what happens. Counts are of modelled people, one to one with readers where the
audience is (`audience.follower_scale` says). Identities that hold exactly are checked here:

    unique reach <= impressions;  followers at the end = at the start + joined - left
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.base import Engine
from sim.loading.world import World
from sim.state import AGE_SHIFT, COUNTER, TARGET, State
from sim.vocabulary import AGE_BANDS, KINDS, MEDIA, OURS, POSTURES, TONES, TOPICS

RESET = ("reached", "target_reached", "target_frequent", "target_impressions", "target_hostile",
         "frames", "frames_ours", "ours_impressions", "ours_shares", "ours_hostile", "ours_likes",
         "ours_joined", "ours_left", "follower_impressions", "friend_impressions",
         "late_impressions", "pickup_impressions", "n_logged_views", "n_logged_shares")  # fmt: skip
TALLIES = ("n_joined", "n_left", "n_impressions", "n_unique", "n_shares", "n_hostile", "n_likes")
SMALL = 1e-12


class BrokenIdentityError(Exception):
    """Counts that must add up do not: an error of the model, not of the user."""


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
    state.presences["n_joined"] = 0
    state.presences["n_left"] = 0
    state.people["n_target"] = 0
    state.people["reached"] = 0
    engine.state = state._replace(reached=np.zeros_like(state.reached))
    state.voice[:] = 0
    if hasattr(engine, "diary"):
        engine.diary.logged_views.clear()
        engine.diary.logged_shares.clear()


def standing(engine: Engine, half_life_hours: float) -> Start:
    """The start of measuring, to compare the end with."""
    mean, sd = target_favourability(engine.state, half_life_hours)
    followers = engine.state.accounts["n_followers"].copy()
    return Start(engine.hour, followers, platform_impressions(engine), mean, sd)


def platform_impressions(engine: Engine) -> np.ndarray:
    """int64[n_platforms]: views of our posts so far, by the platform of the post."""
    mine = engine.posts[engine.posts["side"] == OURS]
    return np.bincount(mine["platform"], mine["n_impressions"], len(engine.parameters)).astype(int)


def is_original(posts: np.ndarray, world: World) -> np.ndarray:
    """bool[n]: posts on the first platform of their account; the others are copies."""
    first: np.ndarray = world.accounts.presences.platforms[posts["account"]]
    return posts["platform"] == first


def target_favourability(state: State, half_life_hours: float) -> tuple[float, float]:
    """Mean and sd of favourability now over all host publics."""
    people = state.people
    chosen = people["flags"] & TARGET != 0
    gap = state.counters[COUNTER.hour] - people["hour_moved"][chosen].astype(np.float64)
    s = people["favourability"][chosen].astype(np.float64) + people["durable"][chosen]
    s += people["transient"][chosen] * np.exp2(-gap / half_life_hours)
    s = np.clip(s, -1.0, 1.0)
    return (float(s.mean()), float(s.std())) if len(s) else (0.0, 0.0)


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
    mine = (posts["side"] == OURS) & (posts["hour"] >= start.hour) & is_original(posts, world)
    mean, sd = target_favourability(state, half_life_hours)
    voice = state.voice[:, world.is_host, :]
    values = {
        **totals,
        "hours": hours,
        "posts": float(mine.sum()),
        "impressions_per_post": median(posts["n_impressions"][mine]),
        "shares_per_post": median(posts["n_shares"][mine]),
        "share_of_voice": ratio(float(voice[OURS].sum()), float(voice.sum())),
        "reach_per_hour": ratio(totals["target_reach"], hours),
        "first_frame_share": ratio(float(n[COUNTER.frames_ours]), float(n[COUNTER.frames])),
        "backlash": 1000.0
        * ratio(float(n[COUNTER.target_hostile]), float(n[COUNTER.target_impressions])),
        "favourability_shift": (mean - start.mean) / max(start.sd, SMALL),
        "polarisation": (sd - start.sd) / max(start.sd, SMALL),
        "impressions_friends": float(n[COUNTER.friend_impressions]),
        "impressions_late": float(n[COUNTER.late_impressions]),
        "impressions_pickup": float(n[COUNTER.pickup_impressions]),
    }
    grouped = {(name, "all"): value for name, value in values.items()}
    return grouped | by_group(state, world) | by_platform(engine, world, start)


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


def by_platform(engine: Engine, world: World, start: Start) -> dict[tuple[str, str], float]:
    """What each platform adds, where there are several. Reach counts whoever saw a post of ours
    there; a person reached on two platforms stands in both groups and once in the total."""
    names, state = world.accounts.platforms, engine.state
    found: dict[tuple[str, str], float] = {}
    if len(names) == 1:
        return found
    posts, presences = engine.posts, state.presences
    mine = posts[(posts["side"] == OURS) & (posts["hour"] >= start.hour)]
    ours = presences[world.accounts.sides[presences["account"]] == OURS]
    views = platform_impressions(engine) - start.impressions
    for f, name in enumerate(names):
        group, there = f"platform:{name}", mine[mine["platform"] == f]
        gained = ours[ours["platform"] == f]
        found["unique_reach", group] = float(np.count_nonzero(state.people["reached"] >> f & 1))
        found["impressions", group] = float(views[f])
        found["posts", group] = float(len(there))
        for measured, counted in (("shares", "n_shares"), ("hostile_shares", "n_hostile"),
                                  ("likes", "n_likes")):  # fmt: skip
            found[measured, group] = float(there[counted].sum())
        joined, left = int(gained["n_joined"].sum()), int(gained["n_left"].sum())
        found["followers_gained", group] = float(joined - left)
    return found


def account_table(engine: Engine, world: World, start: Start,
                  hours: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    """The columns of accounts.parquet, without scenario and world."""
    table, accounts = engine.state.accounts, world.accounts
    posts = engine.posts
    measured = (posts["hour"] >= start.hour) & is_original(posts, world)
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
    """The columns of posts.parquet and shares.parquet: our posts of the measured time."""
    posts = engine.posts
    rows = np.flatnonzero((posts["side"] == OURS) & (posts["hour"] >= start.hour))
    mine = posts[rows]
    views, shares = engine.logs()
    different = np.bincount((np.unique(views) >> np.uint64(32)).astype(np.int64),
                            minlength=len(posts))  # fmt: skip
    depth = mine["sum_depth"] / np.maximum(mine["n_shares"], 1)
    events = world.events["key"]
    table = {
        "account": np.array(world.accounts.names)[mine["account"]],
        "post": np.array([f"{key:016x}" for key in mine["key"]]),
        "platform": np.array(world.accounts.platforms)[mine["platform"]],
        "hour": mine["hour"] - start.hour,
        "topic": np.array(TOPICS)[mine["topic"]],
        "event": np.array([f"{events[k]:016x}" if k >= 0 else "" for k in mine["event"]]),
        "posture": np.array(POSTURES)[mine["posture"]],
        "tone": np.array(TONES)[mine["tone"]], "media": np.array(MEDIA)[mine["media"]],
        "quality": mine["quality"], "impressions": mine["n_impressions"],
        "unique_reach": different[rows], "follower_reach": mine["n_follower_views"],
        "shares": mine["n_shares"], "core_shares": mine["n_core"],
        "hostile_shares": mine["n_hostile"], "likes": mine["n_likes"],
        "max_depth": mine["max_depth"], "mean_depth": depth,
    }  # fmt: skip
    own = np.isin(shares["post"], rows)
    logged = shares[own]
    lags = logged["hour"] - posts["hour"][logged["post"]]
    names = np.array([f"{key:016x}" for key in posts["key"][logged["post"]]])
    return table, {"post": names, "lag_hours": lags, "depth": logged["depth"]}


def check_identities(engine: Engine, start: Start) -> dict[str, float]:
    """Worst deviation of every identity; raises BrokenIdentityError where one fails."""
    table, n = engine.state.accounts, engine.state.counters
    stock = table["n_followers"] - (start.followers + table["n_joined"] - table["n_left"])
    excess = np.maximum(table["n_unique"] - table["n_impressions"], 0)
    ours = engine.state.voice[OURS].sum() - n[COUNTER.ours_impressions]
    reach = max(int(n[COUNTER.reached] - n[COUNTER.ours_impressions]), 0)
    people = engine.state.people
    moved = people["transient"] + people["durable"]
    checks = {
        "followers = start + joined - left": float(np.abs(stock).max(initial=0)),
        "unique reach <= impressions": float(max(excess.max(initial=0), reach)),
        "impressions by market and topic add up": float(abs(int(ours))),
        "impressions by platform add up": abs(
            float((platform_impressions(engine) - start.impressions).sum())
            - float(n[COUNTER.ours_impressions])
        ),
        "opinions are numbers": float(np.count_nonzero(~np.isfinite(moved))),
    }
    broken = [name for name, worst in checks.items() if worst != 0.0]
    if broken:
        raise BrokenIdentityError(f"broken: {'; '.join(broken)} ({checks})")
    return checks
