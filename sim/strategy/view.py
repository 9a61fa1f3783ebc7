"""What a strategy sees, and what it must do: the extension point of this room.

A view shows the present: the accounts, the markets, the price list, the books, all events that have
broken and those foreseeable ones whose date is known by now. Anything later raises LookAheadError.
It also shows how posts that have gone out fare: what their account can count, read-only.

    class Strategy: plan(view, week), daily(view, day), answer(view, event) -> POST rows
                    OPTIONAL  hear(view, posts) -> POST rows, answers(view, events) -> POST rows
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.state import EVENT, LIVE, POST, joined
from sim.strategy.causes import EVENT_CAUSE, MOST_POSTS_PER_EVENT, cause
from sim.vocabulary import HOURS_PER_WEEK

if TYPE_CHECKING:
    from sim.mechanisms.work import Work
    from sim.strategy.ledger import Ledger
    from sim.world.accounts import Accounts
    from sim.world.markets import Markets

COUNTED = ("key", "hour", "account", "event", "topic", "tone", "media", "language", "posture",
           "kind", "n_impressions", "n_shares", "n_hostile", "n_likes")  # fmt: skip
NOTHING_OUT = np.zeros(0, LIVE)
NO_POSTS = np.zeros(0, POST)
NO_POSTS.flags.writeable = False


class LookAheadError(Exception):
    """A strategy asked for an event that nobody can know of yet."""


class View:
    """The world as it shows itself at one hour; the model advances it, strategies read it."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        markets: Markets,
        events: np.ndarray,
        work: Work,
        ledger: Ledger | None = None,
        posts: Callable[[], np.ndarray] = lambda: NOTHING_OUT,
    ) -> None:
        self.accounts, self.markets, self.work, self.ledger = accounts, markets, work, ledger
        self._posts = posts
        self._events = events.copy()
        self._events.flags.writeable = False
        self._hours = np.ascontiguousarray(events["hour"])
        self._known = np.ascontiguousarray(events["hour_known"])
        self._first_known = np.minimum(self._hours, self._known)
        self._first_known_list = self._first_known.tolist()  # several times faster, one by one
        ordinals = np.arange(MOST_POSTS_PER_EVENT, dtype=np.uint64)
        self._causes = cause(EVENT_CAUSE, events["key"][:, None], ordinals)
        self._dated = np.flatnonzero(events["foreseeable"])
        self._hour = 0.0

    def add(self, news: np.ndarray) -> int:
        """One more event (EVENT[1]) that nobody could foresee; returns its row (the model's part).
        Rows keep their numbers, so that it stands behind later ones."""
        self._events = joined([self._events, news], EVENT)
        self._events.flags.writeable = False
        self._hours = np.append(self._hours, news["hour"])
        self._known = np.append(self._known, news["hour_known"])
        first = np.minimum(news["hour"], news["hour_known"])
        self._first_known = np.append(self._first_known, first)
        self._first_known_list.append(float(first[0]))
        ordinals = np.arange(MOST_POSTS_PER_EVENT, dtype=np.uint64)
        named = cause(EVENT_CAUSE, news["key"][0], ordinals)
        self._causes = np.concatenate([self._causes, named[None]])
        return len(self._events) - 1

    @property
    def hour(self) -> float:
        """The present."""
        return self._hour

    @property
    def week(self) -> int:
        """The present week, from hour 0."""
        return int(self._hour // HOURS_PER_WEEK)

    def advance(self, hour: float) -> None:
        """Move the present forward (the model's part)."""
        if hour < self._hour:
            raise ValueError(f"time runs forward: {hour} is before {self._hour}")
        self._hour = float(hour)

    def event(self, row: int) -> np.void:
        """One event that has broken, or whose date is known."""
        self._refuse_unknown(self._first_known_list[row], row)
        found: np.void = self._events[row]
        return found

    def events(self, rows: np.ndarray) -> np.ndarray:
        """EVENT rows, each of which has broken or is known to come."""
        self._refuse_unknown(self._first_known[rows].max(initial=0.0), rows)
        return self._events[rows]

    def causes(self, rows: np.ndarray) -> np.ndarray:
        """uint64[n, 8]: the causes of the first, second, ... post about each event."""
        self._refuse_unknown(self._first_known[rows].max(initial=0.0), rows)
        return self._causes[rows]

    def _refuse_unknown(self, hour: float, rows: int | np.ndarray) -> None:
        if hour > self._hour:
            raise LookAheadError(f"event {rows} is not known at hour {self._hour:.1f}")

    @property
    def broken(self) -> np.ndarray:
        """EVENT rows that have broken, read-only."""
        broken = self._events[self._hours <= self._hour]
        broken.flags.writeable = False
        return broken

    @property
    def posts(self) -> np.ndarray:
        """Posts that have gone out, oldest first, with the tallies that their accounts can count:
        views, friendly and hostile shares, likes, as they stood when this day began."""
        found = self._posts()[list(COUNTED)]
        found.flags.writeable = False
        return found

    def foreseen(self, until: float) -> np.ndarray:
        """Rows (int64) of events from now to before `until` whose date is known by now."""
        hours = self._hours[self._dated]
        first, last = np.searchsorted(hours, [self._hour, until], side="left")
        rows = self._dated[first:last]
        return rows[self._known[rows] <= self._hour]


class Strategy(Protocol):
    """IMPLEMENT: one object decides for all accounts. Each call returns POST rows, hours >= now.
    OPTIONAL: hear(view, posts), see Hearer; answers(view, events), see Answerer.

    Called by the model at the first hour of a week (plan), of a day (daily, after plan), and at
    the hour at which an event breaks (answer). Keys come from sim.strategy.causes; no two posts of
    an arm share one.
    """

    def plan(self, view: View, week: int) -> np.ndarray:
        """Posts planned for the week that begins."""
        ...

    def daily(self, view: View, day: int) -> np.ndarray:
        """Routine posts of the day that begins."""
        ...

    def answer(self, view: View, event: int) -> np.ndarray:
        """Answers to an event that breaks."""
        ...


class Hearer(Protocol):
    """OPTIONAL for a strategy: an attribute `hear`, which may be None where nobody listens."""

    def __call__(self, view: View, posts: np.ndarray) -> np.ndarray:
        """Replies to the posts (POST rows, read-only, by hour and key) of the hour that ends now,
        whoever wrote them; an hour without posts calls nobody."""
        ...


def hearer_of(strategy: object) -> Hearer | None:
    """What a strategy does about posts, if anything."""
    found: Hearer | None = getattr(strategy, "hear", None)
    return found


class Answerer(Protocol):
    """OPTIONAL for a strategy, for speed: an attribute `answers`, used instead of `answer` where
    nothing else is decided between some events."""

    def __call__(self, view: View, events: np.ndarray) -> np.ndarray:
        """Answers to events (rows, in the order in which they break; the view shows the hour of the
        last), exactly what calling `answer` for one after the other would return, joined."""
        ...


def answerer_of(strategy: object) -> Answerer | None:
    """How a strategy answers several events at once, if it can."""
    found: Answerer | None = getattr(strategy, "answers", None)
    return found
