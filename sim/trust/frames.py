"""D7: two opposed frames on one event, at once or ten days apart.

    alone         e+ and e-: what one frame moves by itself, a day later;  e = (e+ - e-) / 2
    simultaneous  (what both move, met within the same hour) / e
    separated     what is left a day after the second, in the second's direction, over both orders,
                  in sd of favourability

As in a survey experiment, nothing else is said: the posts are two, of equal tone and quality, by
the ministry's largest account, one leaning to the ministry and one as far against it. Only people
who read both count, the same ones alone and at once; at once means within one hour, since the model
weighs frames by their gap. Source: Chong & Druckman 2010; the gap of ten days is judgement.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.model import DiplomacyModel
from sim.observables.observed import Observed, missing
from sim.scenario import Scenario
from sim.state import POST, SECOND_LANGUAGE
from sim.strategy.view import NO_POSTS, View
from sim.streams import name_hash
from sim.trust.found import Found
from sim.vocabulary import MEDIA, OURS, POSTURES, TONES

SIMULTANEOUS, SEPARATED = "D7.simultaneous", "D7.separated"
FEWEST = 20  # people who met both, below which nothing is said
FIRST_HOUR = 36.0  # noon of the second day
GAP, AFTER = 240, 24  # hours between separated frames, and from the last one to the question
DAYS = int(FIRST_HOUR + GAP + AFTER) // 24 + 1
PRO, CON = 1.0, -1.0
ORDERS = {  # arm: the frames' directions and hours
    "pro": ((PRO, FIRST_HOUR),), "con": ((CON, FIRST_HOUR),),
    "at once": ((PRO, FIRST_HOUR), (CON, FIRST_HOUR)),
    "con last": ((PRO, FIRST_HOUR), (CON, FIRST_HOUR + GAP)),
    "pro last": ((CON, FIRST_HOUR), (PRO, FIRST_HOUR + GAP)),
}  # fmt: skip


class Nothing:
    """A strategy under which nobody posts of himself."""

    def plan(self, view: View, week: int) -> np.ndarray:
        return NO_POSTS

    def daily(self, view: View, day: int) -> np.ndarray:
        return NO_POSTS

    def answer(self, view: View, event: int) -> np.ndarray:
        return NO_POSTS


class Minds:
    """What one arm left: change of favourability of everybody, and when each met each frame; those
    who cannot read it have met none."""

    def __init__(self, model: DiplomacyModel, half_life_hours: float) -> None:
        people, engine = model.engine.state.people, model.engine
        reads = (people["language"] == 0) | (people["flags"] & SECOND_LANGUAGE != 0)
        gap = engine.hour - people["hour_moved"].astype(np.float64)
        self.moved = people["durable"] + people["transient"] * np.exp2(-gap / half_life_hours)
        views, _ = engine.logs()
        self.met = [
            np.where(reads, first_hours(views, row, engine.posts["hour"][row], len(people)), np.inf)
            for row in range(len(engine.posts))
        ]

    def both(self, together: bool) -> np.ndarray:
        """bool[n_people]: met both frames, within the same hour or at any time."""
        one, other = self.met
        known = np.isfinite(one) & np.isfinite(other)
        if together:
            known &= np.where(known, one, 0.0) == np.where(known, other, 0.0)
        return known


def first_hours(views: np.ndarray, row: int, hour: float, n_people: int) -> np.ndarray:
    """float64[n_people]: the whole hour in which each first met a post, inf for never."""
    mine = views[views["post"] == row]
    found = np.full(n_people, np.inf)
    np.minimum.at(found, mine["who"], np.floor(hour + mine["lag_hours"].astype(np.float64)))
    return found


def measure(arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int) -> Found:
    """Five small arms from one quiet world."""
    half_life = 24.0 * getattr(baseline.opinion, "half_life_days", 1.0)
    world = DiplomacyModel(baseline, draw, replicate, strategy=Nothing())
    sd = float(world.engine.state.people["favourability"].std())
    broken = world.world.events[world.world.events["hour"] <= FIRST_HOUR]
    if not len(broken):
        return Found(values=dict.fromkeys(
            (SIMULTANEOUS, SEPARATED), missing("nothing was in the news")))  # fmt: skip
    minds = {}
    for name, frames in ORDERS.items():
        model = world.fork(baseline)
        model.strategy = Nothing()
        model.engine.add(posts_of(model, frames, len(broken) - 1, broken[-1]))
        last = max(hour for _, hour in frames) + AFTER
        model.engine.run(int(last))
        minds[name] = Minds(model, half_life)
        model.close()
    world.close()
    return effects(minds, sd)


def effects(minds: Mapping[str, Minds], sd: float) -> Found:
    """Both numbers from what the five arms left."""
    chosen = minds["at once"].both(together=True)
    values = {}
    alone = 0.0
    if chosen.sum() >= FEWEST:
        pro, con, both = (float(minds[name].moved[chosen].mean())
                          for name in ("pro", "con", "at once"))  # fmt: skip
        alone = (pro - con) / 2.0
        values[SIMULTANEOUS] = Observed(value=both / alone, n=int(chosen.sum())) if alone else (
            missing("one frame alone moves nobody"))  # fmt: skip
    else:
        values[SIMULTANEOUS] = missing(f"fewer than {FEWEST} people met both within an hour")
    nets: list[float] = []
    people = 0
    for name, direction in (("con last", CON), ("pro last", PRO)):
        later = minds[name].both(together=False)
        people += int(later.sum())
        if later.sum() >= FEWEST:
            nets.append(direction * float(minds[name].moved[later].mean()))
    values[SEPARATED] = Observed(value=float(np.mean(nets)) / sd, n=people) if len(nets) == 2 else (
        missing(f"fewer than {FEWEST} people met both"))  # fmt: skip
    return Found(values=values, details={
        "people who met both within an hour": float(chosen.sum()),
        "effect of one frame alone, sd": alone / sd,
    })  # fmt: skip


def posts_of(
    model: DiplomacyModel, frames: tuple[tuple[float, float], ...], row: int, event: np.void
) -> np.ndarray:
    """The frames as POST rows of the ministry's largest account, on one event."""
    accounts = model.world.accounts
    ours = np.flatnonzero(accounts.sides == OURS)
    account = int(ours[np.argmax(accounts.n_followers[ours])])
    posts = np.zeros(len(frames), POST)
    for post, (direction, hour) in zip(posts, frames, strict=True):
        name = f"{'for' if direction > 0 else 'against'}/{model.world.seed}"
        post["key"] = name_hash("frame", name)
        post["hour"], post["stance"] = hour, direction * model.arm.work.stance
    posts["account"], posts["event"], posts["topic"] = account, row, event["topic"]
    posts["quality"] = 1.0  # and in the common language, row 0
    posts["tone"], posts["media"] = TONES.index("formal"), MEDIA.index("text")
    posts["posture"] = POSTURES.index("routine")
    posts["platform"] = accounts.presences.platforms[account]
    return posts
