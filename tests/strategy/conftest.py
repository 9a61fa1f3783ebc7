"""A small network with every kind of account, and a clock that calls as the model does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml
from pydantic import TypeAdapter

from sim import streams
from sim.declared import split
from sim.mechanisms.claims import NoClaims
from sim.mechanisms.clearance import Desk
from sim.mechanisms.dispute import Dispute
from sim.mechanisms.heads import Heads
from sim.mechanisms.imitation import Imitation
from sim.mechanisms.news import News
from sim.mechanisms.rivals import Rivals
from sim.mechanisms.skill import Skill
from sim.mechanisms.tags import NoTags
from sim.mechanisms.work import Work
from sim.strategy.crossposting import Venues
from sim.strategy.desks import Desks, make_desks
from sim.strategy.policy import Policy
from sim.strategy.roster import Timeline
from sim.strategy.staffing import Rules
from sim.strategy.view import View
from sim.vocabulary import KINDS, POLICY_GROUPS, SIDE_OF_KIND
from sim.world.news import make_events

CONF = Path(__file__).parents[2] / "conf"
SEED = streams.world_seed(7, "0/0")
N_WEEKS = 12


def section(path: str) -> dict[str, object]:
    """The plain values of one file in conf/."""
    values, _ = split(yaml.safe_load((CONF / path).read_text()))
    values.pop("question", None)
    return values


def fake_markets(n: int = 12) -> SimpleNamespace:
    names = [f"Market {i:02d}" for i in range(n)]
    return SimpleNamespace(
        names=names,
        codes=[f"M{i:02d}" for i in range(n)],
        regions=np.arange(n, dtype=np.uint8) % 3,
        region_names=["North", "South", "West"],
        languages=["English", "Local"],
        utc_offsets=np.linspace(-8.0, 9.5, n),
        home=0,
    )


def fake_accounts(n_missions: int = 36, n_markets: int = 12) -> SimpleNamespace:
    kinds = ["headquarters", "multilateral", "rival", "rival", "ally", "media", "media", "media"]
    kinds += ["mission"] * n_missions
    n = len(kinds)
    names = [f"{kind} {i}" for i, kind in enumerate(kinds)]
    posts = np.array([60.0, 12, 20, 3, 5, 140, 90, 30, *np.geomspace(0.3, 40, n_missions)])
    codes = np.array([KINDS.index(kind) for kind in kinds], np.uint8)
    return SimpleNamespace(
        names=names,
        hashes=np.array([streams.name_hash("account", name) for name in names], np.uint64),
        kinds=codes,
        sides=np.array(SIDE_OF_KIND, np.uint8)[codes],
        markets=(np.arange(n) % n_markets).astype(np.uint16),
        languages=np.ones(n, np.uint8),
        n_followers=np.arange(n, dtype=np.int64)[::-1] * 100,
        posts_per_week=posts,
        hours_per_week=2.2 * posts,
        tone_mixes=np.tile([0.5, 0.2, 0.1, 0.1, 0.1], (n, 1)),
        image_shares=np.full(n, 0.5),
        video_shares=np.full(n, 0.1),
        local_language_shares=np.full(n, 0.4),
    )


def policy(
    posture: str = "table", factor: float = 1.0, sections: dict[str, Any] | None = None,
    language: str = "table", **more: object,
) -> Policy:  # fmt: skip
    """A policy of the table but for a posture, a factor on the hours, or whole sections."""
    values = section(f"posture/{posture}.yaml") | more
    given = {"posture": values, "tone": {"kind": "table"}, "clearance": {"kind": "table"},
             "language": section(f"language/{language}.yaml"),
             "media": {"kind": "table"}, "readability": {"kind": "table"},
             "investment": {"kind": "scaled", "factor": factor}, **(sections or {})}  # fmt: skip
    off = {name: {"kind": "none"} for name in POLICY_GROUPS if name not in given}
    return Policy.model_validate({**off, **given})


class Stage:
    """One small world: its settings, its events, and a clock."""

    def __init__(self, n_weeks: int = N_WEEKS) -> None:
        self.n_hours = 168.0 * n_weeks
        self.markets, self.accounts = fake_markets(), fake_accounts()
        self.work = Work.model_validate(section("work/default.yaml"))
        self.rivals = Rivals.model_validate(section("rivals/default.yaml"))
        self.skill = Skill.model_validate(section("skill/default.yaml"))
        self.heads = Heads.model_validate(section("heads/default.yaml"))
        self.desk = Desk.model_validate(section("desk/default.yaml"))
        self.dispute = Dispute.model_validate(section("dispute/default.yaml"))
        self.claims = NoClaims(kind="none")
        self.imitation = Imitation.model_validate(section("imitation/default.yaml"))
        news = section("news/bursts.yaml") | {"events_per_market_week": 6.0}
        self.news = TypeAdapter(News).validate_python(news)
        self.events = make_events(self.news, self.markets, SEED, self.n_hours)

    def rules(self) -> Rules:
        """What the work of accounts goes by; the first week is measured already."""
        timeline = Timeline(
            start=dt.date(2016, 1, 4), first_week=0, n_days=int(self.n_hours // 24))  # fmt: skip
        return Rules(
            work=self.work, rivals=self.rivals, skill=self.skill, heads=self.heads,
            desk=self.desk, dispute=self.dispute, claims=self.claims, imitation=self.imitation,
            timeline=timeline, venues=Venues.one(len(self.accounts.names)),
            tags=NoTags(kind="none"),
        )  # fmt: skip

    def desks(self, chosen: Policy) -> Desks:
        return make_desks(
            chosen, self.rules(), self.accounts, self.markets,
            world_seed=SEED, n_hours=self.n_hours, spill=self.news.spill,
        )  # fmt: skip

    def view(self, events: np.ndarray | None = None) -> View:
        return View(
            accounts=self.accounts, markets=self.markets, work=self.work,
            events=self.events if events is None else events,
        )  # fmt: skip

    def run(
        self,
        strategy: object,
        view: View,
        first_week: int = 0,
        last_week: int | None = None,
        seen: Callable[[float, np.ndarray], None] | None = None,
        together: bool = False,
    ) -> np.ndarray:
        """All posts of some weeks, called for as the model calls; with the events of a day
        together, if asked."""
        last = int(self.n_hours // 168) if last_week is None else last_week
        hours = view._hours
        found = []

        def note(posts: np.ndarray) -> None:
            found.append(posts)
            if seen is not None:
                seen(view.hour, posts)

        event = int(np.searchsorted(hours, 168.0 * first_week))
        for day in range(7 * first_week, 7 * last):
            view.advance(24.0 * day)
            if day % 7 == 0:
                note(strategy.plan(view, day // 7))
            note(strategy.daily(view, day))
            if together and hours[event:].min(initial=np.inf) < 24.0 * (day + 1):
                after = int(np.searchsorted(hours, 24.0 * (day + 1)))
                view.advance(hours[after - 1])
                note(strategy.answers(view, np.arange(event, after)))
                event = after
            while event < len(hours) and hours[event] < 24.0 * (day + 1):
                view.advance(hours[event])
                note(strategy.answer(view, event))
                event += 1
        return np.concatenate(found)


@pytest.fixture(scope="session")
def stage() -> Stage:
    return Stage()
