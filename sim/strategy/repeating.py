"""Repetition as a policy: campaigns that say the same again, on days some time apart.

    of n planned posts on own topics, worth n posts' hours in a week:
    share n        go into campaigns: a new message costs 1, each repeat of it rel_hours_repeat, and
                   its copies on further platforms, which are made anew, in full
    (1 - share) n  stay single posts

A message goes out `n_repeats` times, `spacing_days` apart or more where hours lack: messages under
way come first, then new ones begin, spread over the week, as long as a whole post is left. What is
left over is kept for the next week. A message keeps its topic, tone, medium, language and worth;
each post of it has a key, a day and a time of its own, so that people throw new dice.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.parameters import Parameters, Share
from sim.strategy import causes

GOLDEN = 0.6180339887498949  # steps by it spread any number of points evenly over a circle
ROUNDING = 1e-9
DAYS = 7


class NoRepetition(Parameters):
    """Every post says something new."""

    kind: Literal["none"]


class Campaign(Parameters):
    """A share of the planned posts on own topics says the same several times."""

    kind: Literal["campaign"]
    n_repeats: Annotated[int, Field(ge=2, le=30)]
    spacing_days: Annotated[int, Field(ge=1, le=28)]
    share: Share


Repetition = Annotated[NoRepetition | Campaign, Field(discriminator="kind")]


@dataclass
class Message:
    """One message under way."""

    key: np.uint64
    n_out: int = 0
    due: int = 0  # day of the run from which the next repeat may go out


@dataclass(frozen=True)
class Said:
    """Campaign posts of a week, as columns."""

    rows: np.ndarray  # int64
    days: np.ndarray  # int64, of the run
    messages: np.ndarray  # uint64
    ordinals: np.ndarray  # uint64: 0 for the first time
    single: np.ndarray  # int64[n_accounts]: posts that say something new, once


@dataclass
class Campaigns:
    """The messages under way of every account, and hours kept over, in posts."""

    policy: Campaign
    price: np.ndarray  # float64[n_accounts]: of a repeat, in posts
    credit: np.ndarray  # float64[n_accounts]
    running: list[list[Message]] = field(default_factory=list)

    def week(self, week: int, n_posts: np.ndarray, stems: np.ndarray) -> Said:
        """What goes out in a week of which n_posts can be paid for."""
        found: list[tuple[int, int, np.uint64, int]] = []
        single = np.zeros(len(n_posts), np.int64)
        for row in np.flatnonzero(n_posts > 0):
            fresh = max(float(n_posts[row]) - self.credit[row], 0.0)
            units = min(self.credit[row] + self.policy.share * fresh, float(n_posts[row]))
            single[row] = int((1.0 - self.policy.share) * fresh + ROUNDING)
            self.credit[row] = self._fill(int(row), week, units, stems[row : row + 1], found)
        rows, days, keys, ordinals = zip(*found, strict=True) if found else ((), (), (), ())
        return Said(
            np.array(rows, np.int64), np.array(days, np.int64), np.array(keys, np.uint64),
            np.array(ordinals, np.uint64), single,
        )  # fmt: skip

    def _fill(self, row: int, week: int, units: float, stem: np.ndarray,
              found: list[tuple[int, int, np.uint64, int]]) -> float:  # fmt: skip
        """Spend `units` of one account's week; returns what is left."""
        under_way = sorted(self.running[row], key=lambda one: one.due)
        for message in under_way:
            units = self._repeat(row, week, message, units, found)
        n_new, start = 0, 0.0
        while units >= 1.0 - ROUNDING:
            named = causes.cause(
                causes.MESSAGE_CAUSE, week, np.array([n_new], np.uint64))  # fmt: skip
            key = causes.post_keys(stem, named)
            if n_new == 0:
                start = float(causes.roll(key)[causes.LATENCY][0])
            day = DAYS * week + int(DAYS * ((start + GOLDEN * n_new) % 1.0))
            message = Message(key[0], 1, day + self.policy.spacing_days)
            found.append((row, day, message.key, 0))
            units = self._repeat(row, week, message, units - 1.0, found)
            under_way.append(message)
            n_new += 1
        self.running[row] = [one for one in under_way if one.n_out < self.policy.n_repeats]
        return max(units, 0.0)

    def _repeat(self, row: int, week: int, message: Message, units: float,
                found: list[tuple[int, int, np.uint64, int]]) -> float:  # fmt: skip
        """Repeats of one message that are due in this week, as far as hours go."""
        end = DAYS * (week + 1)
        while (message.n_out < self.policy.n_repeats and message.due < end
               and units >= self.price[row] - ROUNDING):  # fmt: skip
            day = max(message.due, DAYS * week)
            found.append((row, day, message.key, message.n_out))
            message.n_out, message.due = message.n_out + 1, day + self.policy.spacing_days
            units -= self.price[row]
        return units


def campaigns_of(
    policy: Repetition, price: float, n_accounts: int, before: Campaigns | None
) -> Campaigns | None:
    """The campaigns under a policy; what is under way goes on under the new one's numbers."""
    if not isinstance(policy, Campaign):
        return None
    prices = np.full(n_accounts, price)
    if before is None:
        return Campaigns(policy, prices, np.zeros(n_accounts), [[] for _ in range(n_accounts)])
    return Campaigns(policy, prices, before.credit.copy(), deepcopy(before.running))
