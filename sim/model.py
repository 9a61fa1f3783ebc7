"""The model: accounts that wake when something concerns them, before a public of millions.

    m = DiplomacyModel(scenario); m.run_for(90)          in a notebook, without Hydra

Accounts are Mesa agents; people are arrays owned by the engine. A heap holds the wake-ups: the
week's plan, the day's routine, every event in the news. What accounts decide goes to the engine as
columns of posts; the engine runs the day. One step is one day.
"""

from __future__ import annotations

import copy
import heapq
import math
from itertools import pairwise

import mesa
import numpy as np

from sim.engine.base import Engine
from sim.loading.world import felt_of, load_world
from sim.mechanisms.circumstance import LateEntrants
from sim.scenario import Scenario
from sim.state import EVENT, LIVE, POST, joined, taken
from sim.strategy.crossposting import Venues
from sim.strategy.desks import make_desks
from sim.strategy.happenings import Happenings
from sim.strategy.roster import Timeline
from sim.strategy.staffing import Rules
from sim.strategy.view import Strategy, View, answerer_of, hearer_of
from sim.under_way import day_is_over
from sim.vocabulary import COPY, HOURS_PER_WEEK, KINDS, SIDES
from sim.world.accounts import Accounts

PLAN, DAILY, ANSWER, HEAR = 0, 1, 2, 3  # wake-ups of one hour, in this order
HOURS_PER_DAY = 24


class Account(mesa.Agent):
    """One account, as an agent: a name and a view of its row in the columns of the world."""

    model: DiplomacyModel

    def __init__(self, model: DiplomacyModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """Its name in the network's table."""
        return self.model.world.accounts.names[self.row]

    @property
    def kind(self) -> str:
        """headquarters, mission, ... (vocabulary.KINDS)."""
        return KINDS[self.model.world.accounts.kinds[self.row]]

    @property
    def side(self) -> str:
        """ours, rival or neutral."""
        return SIDES[self.model.world.accounts.sides[self.row]]

    @property
    def n_followers(self) -> int:
        """Modelled followers now, dormant ones included."""
        return int(self.model.engine.state.accounts[self.row]["n_followers"])

    @property
    def posts(self) -> np.ndarray:
        """LIVE rows of what it has posted so far."""
        posts = self.model.engine.posts
        return posts[posts["account"] == self.row]


class DiplomacyModel(mesa.Model):  # type: ignore[misc,unused-ignore]
    """One arm of one world.

    scenario: fully resolved; draw, replicate: which world; strategy: who decides for the accounts
    (default: the desks of the scenario's policy); entrants: accounts that will speak in some arm
    forked from here (default: in this one)."""

    def __init__(self, scenario: Scenario, draw: int = 0, replicate: int = 0,
                 strategy: Strategy | None = None,
                 entrants: LateEntrants | None = None) -> None:  # fmt: skip
        super().__init__(rng=int(scenario.settings.seed) % 2**32)
        own = scenario.circumstance
        if entrants is None and isinstance(own, LateEntrants):
            entrants = own
        world, state = load_world(scenario, draw, replicate, entrants)
        engine = engine_class(scenario.settings.engine)(
            state, world.population.friends_start, world.population.friends,
            felt_of(world.events, scenario), world.parameters, world.tables,
        )  # fmt: skip
        self.arm, self.world, self.engine = scenario, world, engine  # mesa 3.5 owns `scenario`
        days = scenario.settings.warmup_days + scenario.settings.days
        desks = strategy or make_desks(
            scenario.policy, rules_of(scenario, world.accounts), world.accounts, world.markets,
            world_seed=world.seed, n_hours=days * HOURS_PER_DAY, spill=scenario.news.spill,
        )  # fmt: skip
        self.strategy: Strategy = desks
        self._open()

    def _open(self) -> None:
        """The present for the accounts, their agents, and the wake-ups to come."""
        ledger = getattr(self.strategy, "ledger", None)
        self.view = View(
            accounts=self.world.accounts, markets=self.world.markets, events=self.world.events,
            work=self.arm.work, ledger=ledger, posts=lambda: self.engine.posts,
        )  # fmt: skip
        hour = self.engine.hour
        events = self.world.events["hour"]
        coming = np.flatnonzero(events >= hour).tolist()
        self._wake_ups = [(float(events[row]), ANSWER, row) for row in coming]
        heapq.heapify(self._wake_ups)
        day = -(-hour // HOURS_PER_DAY)
        heapq.heappush(self._wake_ups, (float(day * HOURS_PER_DAY), DAILY, day))
        week = -(-hour // HOURS_PER_WEEK)
        heapq.heappush(self._wake_ups, (float(week * HOURS_PER_WEEK), PLAN, week))
        self._unheard: dict[int, list[np.ndarray]] = {}
        if hearer_of(self.strategy) is not None:
            self._listen_to(on_their_way(self.engine))
        n_accounts = len(self.world.accounts)
        Account.create_agents(self, n_accounts, list(range(n_accounts)))
        self.happenings = self._happenings()
        self.happenings.begin(self.strategy, self.engine)

    def _happenings(self) -> Happenings:
        """The circumstance of this arm, which acts after the warm-up only."""
        arm, world = self.arm, self.world
        return Happenings(
            arm.circumstance, world.accounts, arm.work.stance, world.seed,
            arm.settings.warmup_days,
        )  # fmt: skip

    @property
    def day(self) -> int:
        """Whole days run so far, warm-up included."""
        return self.engine.hour // HOURS_PER_DAY

    @np.errstate(over="ignore")  # hashes wrap round
    def step(self) -> None:
        """One day: wake whom it concerns, then let the day happen."""
        end = (self.day + 1) * HOURS_PER_DAY
        found = [self.happenings.posts_of(self.engine)]
        self._listen_to(found[0])
        while self._wake_ups and self._wake_ups[0][0] < end:
            found.append(self._wake(*heapq.heappop(self._wake_ups)))
            self._listen_to(found[-1])
            self._break_news(found[-1])
        self.engine.add(joined(found, POST))
        self.engine.run(end)
        if end % HOURS_PER_WEEK == 0:
            self.engine.settle()
        day_is_over()

    def run_for(self, days: int) -> None:
        """So many days."""
        for _ in range(days):
            self.step()

    def _wake(self, hour: float, kind: int, item: int) -> np.ndarray:
        """Let the accounts decide on one occasion; returns POST rows."""
        self.view.advance(hour)
        if kind == ANSWER:
            return self._answer(item)
        if kind == HEAR:
            return self._hear(item)
        if kind == DAILY:
            heapq.heappush(self._wake_ups, (hour + HOURS_PER_DAY, DAILY, item + 1))
            return self.strategy.daily(self.view, item)
        heapq.heappush(self._wake_ups, (hour + HOURS_PER_WEEK, PLAN, item + 1))
        return self.strategy.plan(self.view, item)

    def _answer(self, event: int) -> np.ndarray:
        """Answers to an event, and to those after it up to whatever else wakes the accounts, where
        they answer several at once and what they say changes nothing in between. Who listens
        hears of an answer when its hour is over, at the earliest."""
        answers, due = answerer_of(self.strategy), self._wake_ups
        if answers is None or self.happenings.breaks_news:
            return self.strategy.answer(self.view, event)
        events, end = [event], HOURS_PER_DAY * (self.day + 1)
        if hearer_of(self.strategy):
            end = math.floor(self.view.hour) + 1
        while due and due[0][0] < end and due[0][1] == ANSWER:
            hour, _, event = heapq.heappop(due)
            self.view.advance(hour)
            events.append(event)
        return answers(self.view, np.array(events))

    def _listen_to(self, posts: np.ndarray) -> None:
        """Wake the accounts at the end of every hour in which one of these posts goes out."""
        if not len(posts) or hearer_of(self.strategy) is None:
            return
        hours = posts["hour"].astype(np.int64)
        order = np.argsort(hours, kind="stable")
        posts, hours = taken(posts, order), hours[order]
        starts = [0, *((hours[1:] != hours[:-1]).nonzero()[0] + 1).tolist(), len(hours)]
        for first, last in pairwise(starts):
            hour = int(hours[first])
            if hour not in self._unheard:
                heapq.heappush(self._wake_ups, (float(hour + 1), HEAR, hour))
            self._unheard.setdefault(hour, []).append(posts[first:last])

    def _hear(self, hour: int) -> np.ndarray:
        """The accounts hear what went out in an hour, all of it at once."""
        posts = joined(self._unheard.pop(hour), POST)
        posts = taken(posts, np.lexsort((posts["key"], posts["hour"])))
        posts.flags.writeable = False
        hear = hearer_of(self.strategy)
        return np.zeros(0, POST) if hear is None else hear(self.view, posts)

    def _break_news(self, posts: np.ndarray) -> None:
        """Events that posts start join the news, behind those that the world had."""
        last = HOURS_PER_DAY * (self.arm.settings.warmup_days + self.arm.settings.days)
        for event in self.happenings.news_of(posts, self.view.hour, self.world.n_listed):
            news = np.array([event], EVENT)
            if event["hour"] < last:
                self.engine.hear_of(felt_of(news, self.arm))
                self.world = self.world.with_news(news)
                heapq.heappush(self._wake_ups, (float(event["hour"]), ANSWER, self.view.add(news)))

    def close(self) -> None:
        """Give up everything: Mesa keeps every model it has numbered agents for, and with it half
        a gigabyte of people and 0.2 MB of agents each. Nothing can be asked of it afterwards."""
        self.__dict__.clear()

    def fork(self, scenario: Scenario, *, last: bool = False) -> DiplomacyModel:
        """The same world from this hour on under another policy. `last` gives this model's engine
        to the twin instead of a copy: this model must not be used again."""
        return _forked(self, scenario, self.engine if last else self.engine.fork())


def _forked(model: DiplomacyModel, scenario: Scenario, engine: Engine) -> DiplomacyModel:
    """A twin with its own engine, desks and agents."""
    twin = DiplomacyModel.__new__(DiplomacyModel)
    mesa.Model.__init__(twin, rng=int(scenario.settings.seed) % 2**32)
    twin.arm, twin.world, twin.engine = scenario, model.world, engine
    fork = getattr(model.strategy, "fork", None)  # OPTIONAL for a strategy; else it is copied
    twin.strategy = fork(scenario.policy) if fork else copy.deepcopy(model.strategy)
    twin._open()
    return twin


def on_their_way(engine: Engine) -> np.ndarray:
    """POST rows that nobody has heard yet: of the last hour, and waiting for theirs."""
    live = engine.posts
    out = live[live["hour"] >= engine.hour - 1]
    rows = np.zeros(len(out), POST)
    for name in POST.names or ():
        if name in (LIVE.names or ()) and name != "parent":
            rows[name] = out[name]
    ancestor = out["parent"].astype(np.int64)
    rows["parent"] = np.where(ancestor >= 0, live["key"][ancestor], 0)
    while (ancestor >= 0).any():
        rows["generation"] += (ancestor >= 0) & (rows["kind"] != COPY)
        ancestor = np.where(ancestor >= 0, live["parent"][ancestor], -1)
    return np.concatenate([rows, engine.waiting])


def rules_of(scenario: Scenario, accounts: Accounts) -> Rules:
    """What the work of accounts goes by in this world, whatever the policy."""
    settings = scenario.settings
    timeline = Timeline(
        start=settings.start, first_week=settings.warmup_days * HOURS_PER_DAY // HOURS_PER_WEEK,
        n_days=settings.days,
    )  # fmt: skip
    return Rules(
        work=scenario.work, rivals=scenario.rivals, skill=scenario.skill, heads=scenario.heads,
        desk=scenario.desk, dispute=scenario.dispute, claims=scenario.claims,
        imitation=scenario.imitation, timeline=timeline, venues=venues_of(scenario, accounts),
        tags=scenario.tags,
    )  # fmt: skip


def venues_of(scenario: Scenario, accounts: Accounts) -> Venues:
    """On which platforms each account is, and what each platform carries and allows."""
    platforms = scenario.all_platforms
    presences = accounts.presences
    return Venues(
        is_there=presences.table(len(accounts), len(platforms)) >= 0,
        first=presences.platforms[: len(accounts)],
        carries=np.array([one.carries() for one in platforms]),
        reshares=np.array([one.resharing for one in platforms]),
        replies=np.array([one.replies_allowed for one in platforms]),
        words=accounts.platforms, others_copy=scenario.platforms.others_copy,
    )  # fmt: skip


def engine_class(name: str) -> type[Engine]:
    """The engine of that name."""
    if name == "reference":
        from sim.engine.reference import ReferenceEngine

        return ReferenceEngine
    from sim.engine.compiled import CompiledEngine

    return CompiledEngine


