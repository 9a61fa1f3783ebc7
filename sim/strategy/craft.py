"""Craft: what each account's staff can do, week by week; the state behind sim/mechanisms/skill.

On the first day of a week the stock learns from the week before: training, practice, exchange, and
what time wears away. Hours per post come into effect with their carry-over.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import streams
from sim.mechanisms import skill as laws

if TYPE_CHECKING:
    from sim.mechanisms.skill import Skill
    from sim.strategy.budget import Budget


@dataclass
class Craft:
    """float64[n_accounts] unless said otherwise."""

    skill: Skill
    usual: np.ndarray  # level that an account has without doing anything for it
    stock: np.ndarray  # what it has built up over that
    writing: np.ndarray  # hours per post in effect; NaN where this week's are
    groups: np.ndarray  # int64: who exchanges with whom
    learners: np.ndarray  # bool: accounts of the ministry

    def copy(self, groups: np.ndarray) -> Craft:
        """The same skills under another policy."""
        twin = copy(self)
        twin.stock, twin.writing, twin.groups = self.stock.copy(), self.writing.copy(), groups
        return twin

    @property
    def level(self) -> np.ndarray:
        """K = u + S."""
        return self.usual + self.stock

    @property
    def on_quality(self) -> np.ndarray:
        """Factor on the quality of posts."""
        factor = laws.on_quality(self.level, self.skill.usual_log_sd)
        return np.where(self.learners, factor, 1.0)

    @property
    def on_blunders(self) -> np.ndarray:
        """Factor on the risk of a blunder."""
        return np.asarray(laws.on_blunders(self.level, self.skill.blunder_exponent))

    def learn(self, budget: Budget) -> None:
        """One week of work under a budget."""
        skill, usual_posts = self.skill, budget.usual_posts
        trained = laws.hours_per_head(budget.training, budget.hours)
        learned = laws.training_gain(
            skill.gain_training, trained, skill.training_slope, skill.training_half)  # fmt: skip
        counted = self.learners & (usual_posts > 0)
        one = np.where(counted, usual_posts, 1.0)
        done = laws.practice(np.where(counted, budget.n_posts, 1.0), one)
        stock = laws.next_stock(
            self.stock, learned + skill.gain_practice * done, skill.ceiling,
            laws.decay(skill.half_life_weeks))  # fmt: skip
        if budget.exchange.any():
            hours = laws.hours_per_head(budget.exchange, budget.hours)
            stock = stock + laws.taught(
                self.level, self._better(), skill.gain_exchange, hours, skill.exchange_half
            )
        self.stock = np.where(self.learners, stock, 0.0)

    def _better(self) -> np.ndarray:
        """Mean level of those in the same group who are better; the account's own for the best."""
        level, found = self.level, self.level
        for group in np.unique(self.groups[self.learners]):
            rows = np.flatnonzero(self.groups == group)
            ranked = np.sort(level[rows])
            first = np.searchsorted(ranked, level[rows], side="right")
            n = len(rows) - first
            above = np.concatenate([np.cumsum(ranked[::-1])[::-1], [0.0]])[first]
            found[rows] = np.where(n > 0, above / np.maximum(n, 1), level[rows])
        return found

    def carry(self, budget: Budget) -> None:
        """A week begins: hours per post as far as they have come into effect."""
        if self.skill.carry_over > 0:
            now, before = self._plain(budget), self.hours_per_post(budget)
            carry = np.where(self.learners & budget.active, self.skill.carry_over, 0.0)
            self.writing = laws.carried(now, before, carry)

    def hours_per_post(self, budget: Budget) -> np.ndarray:
        """Hours per post as they act on quality; 1 where no post is made."""
        now = self._plain(budget)
        return np.where(np.isnan(self.writing) | ~budget.active, now, self.writing)

    def _plain(self, budget: Budget) -> np.ndarray:
        return np.where(budget.active, budget.cost - budget.copying, 1.0)


def make_craft(skill: Skill, hashes: np.ndarray, ours: np.ndarray, groups: np.ndarray) -> Craft:
    """The skills at hour 0: the usual ones, which an account's name fixes in every world."""
    score = streams.normal(streams.subkey(np.asarray(hashes, np.uint64), streams.SKILL))
    return Craft(
        skill=skill, usual=np.where(ours, skill.usual_log_sd * score, 0.0),
        stock=np.zeros(len(hashes)), writing=np.full(len(hashes), np.nan), groups=groups,
        learners=np.asarray(ours, np.bool_),
    )  # fmt: skip
