"""The core of the model written as one usually writes it in Mesa: people and accounts are agents.

An hour: what people shared in the hour before goes out, accounts post, then every person takes a
step, in random order. The mechanisms and their probabilities are those of `sim/mechanisms`:

    presence   a person is there on a day with p_there; else no feed of that day shows anything
    feed       a feed takes a post with p_selection, and keeps it for Exp(1 / burial) hours
    view       check-ins come at rate `visits`; a check-in meets what is in the feed then
    reaction   P(share) = 1 - exp(-base propensity exp(-d^2 / 2 w^2) / mean), likewise likes; a
               person rolls once for a post, however often he meets it

Check-ins have no memory, so that the next one is drawn only when there is something to read.
`polled=False` has only people take a step whose feed holds something: less work, and not how Mesa
models are usually written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mesa
from mesa.agent import AgentSet


@dataclass(kw_only=True, eq=False)
class Post:
    """What an account says, and how it fared."""

    hour: float
    stance: float
    h_first: float  # hazard of sharing among followers, before the reader's part
    h_later: float  # among everybody else
    n_views: int = 0
    n_shares: int = 0
    n_likes: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for everybody."""

    p_selection: float
    p_selection_friends: float
    width: float
    congruence_mean: float
    likes_per_share: float


@dataclass(kw_only=True, eq=False, slots=True)
class Entry:
    """A post in somebody's feed."""

    post: Post
    arrived: float
    buried: float
    is_follower: bool


class Account(mesa.Agent):  # type: ignore[misc,unused-ignore]
    """Somebody who posts by a plan."""

    def __init__(self, model: Public, posts: Sequence[Post]) -> None:
        super().__init__(model)
        self.plan = sorted(posts, key=lambda post: -post.hour)
        self.followers: list[Person] = []

    def step(self) -> None:
        """Post what is due in this hour."""
        while self.plan and self.plan[-1].hour < self.model.hour + 1:
            post = self.plan.pop()
            for person in self.followers:
                person.offered(post, post.hour, self.model.rules.p_selection, is_follower=True)


@dataclass(frozen=True, kw_only=True)
class Traits:
    """How one person differs from another."""

    visits: float  # check-ins an hour on a day on which he is there
    p_there: float
    burial: float  # an hour
    propensity: float
    favourability: float


class Person(mesa.Agent):  # type: ignore[misc,unused-ignore]
    """Somebody with a feed."""

    def __init__(self, model: Public, traits: Traits) -> None:
        super().__init__(model)
        self.traits = traits
        self.followers: list[Person] = []
        self.feed: list[Entry] = []
        self.next_visit = math.inf
        self.day, self.there = -1, False
        self.dice: dict[Post, tuple[float, float]] = {}
        self.shared: set[Post] = set()
        self.liked: set[Post] = set()

    def is_there(self) -> bool:
        """Whether this is a day on which he is there at all."""
        day = self.model.hour // 24
        if day != self.day:
            self.day, self.there = day, self.random.random() < self.traits.p_there
        return self.there

    def offered(self, post: Post, hour: float, p_selection: float, *, is_follower: bool) -> None:
        """The feed may take a post."""
        if not self.is_there() or self.random.random() >= p_selection:
            return
        if not self.feed:
            self.next_visit = hour + self.random.expovariate(self.traits.visits)
            self.model.has_something(self)
        buried = hour + self.random.expovariate(self.traits.burial)
        self.feed.append(Entry(post=post, arrived=hour, buried=buried, is_follower=is_follower))

    def step(self) -> None:
        """Check in as often as it happens in this hour, and read."""
        while self.feed and self.next_visit < self.model.hour + 1:
            visit = self.next_visit
            met = [entry for entry in self.feed if entry.arrived <= visit]
            self.feed = [entry for entry in self.feed if entry.arrived > visit]
            for entry in met:
                if entry.buried > visit:
                    self.read(entry, visit)
            self.next_visit = visit + self.random.expovariate(self.traits.visits)
        if not self.feed:
            self.model.has_nothing(self)

    def read(self, entry: Entry, hour: float) -> None:
        """A view, and perhaps a reaction."""
        post, rules = entry.post, self.model.rules
        post.n_views += 1
        distance = abs(post.stance - self.traits.favourability)
        agreement = math.exp(-0.5 * (distance / rules.width) ** 2) / rules.congruence_mean
        base = post.h_first if entry.is_follower else post.h_later
        hazard = base * self.traits.propensity * agreement
        if post not in self.dice:
            self.dice[post] = (self.random.random(), self.random.random())
        sharing, liking = self.dice[post]
        if sharing < -math.expm1(-hazard) and post not in self.shared:
            self.shared.add(post)
            post.n_shares += 1
            self.model.passed_on.append((hour, self, post))
        if liking < -math.expm1(-hazard * rules.likes_per_share) and post not in self.liked:
            self.liked.add(post)
            post.n_likes += 1


class Public(mesa.Model):  # type: ignore[misc,unused-ignore]
    """Accounts and people, hour by hour."""

    def __init__(self, rules: Rules, people: Sequence[Traits], friends: Sequence[Sequence[int]],
                 accounts: Sequence[tuple[Sequence[Post], Sequence[int]]], *, polled: bool = True,
                 seed: int = 1) -> None:  # fmt: skip
        super().__init__(rng=seed)
        self.rules, self.polled, self.hour = rules, polled, 0
        self.passed_on: list[tuple[float, Person, Post]] = []
        self.people = Person.create_agents(self, len(people), list(people))
        self.busy: Any = AgentSet([], random=self.random)  # whose feed holds something
        everybody = list(self.people)
        for person, followers in zip(everybody, friends, strict=True):
            person.followers = [everybody[k] for k in followers]
        self.accounts = Account.create_agents(self, len(accounts), [one for one, _ in accounts])
        for account, (_, followers) in zip(self.accounts, accounts, strict=True):
            account.followers = [everybody[k] for k in followers]

    def has_something(self, person: Person) -> None:
        """A feed is no longer empty."""
        if not self.polled:
            self.busy.add(person)

    def has_nothing(self, person: Person) -> None:
        """A feed is empty again."""
        if not self.polled:
            self.busy.discard(person)

    def step(self) -> None:
        """One hour."""
        shares, self.passed_on = self.passed_on, []
        for hour, sharer, post in shares:
            for person in sharer.followers:
                person.offered(post, hour, self.rules.p_selection_friends, is_follower=False)
        self.accounts.shuffle_do("step")
        (self.people if self.polled else self.busy).shuffle_do("step")
        self.hour += 1
