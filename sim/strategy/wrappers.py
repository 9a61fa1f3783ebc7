"""Tweaks by wrapping: a strategy around a strategy.

Delayed(strategy, hours=6): every post goes out later    Muted(strategy, rows): no post of these
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.strategy.view import Hearer, Strategy, View, hearer_of


@dataclass(frozen=True)
class Delayed:
    """The same posts, some hours later: slower clearance, for all accounts or for some rows."""

    inner: Strategy
    hours: float
    rows: np.ndarray | None = None

    def plan(self, view: View, week: int) -> np.ndarray:
        return self._later(self.inner.plan(view, week))

    def daily(self, view: View, day: int) -> np.ndarray:
        return self._later(self.inner.daily(view, day))

    def answer(self, view: View, event: int) -> np.ndarray:
        return self._later(self.inner.answer(view, event))

    @property
    def hear(self) -> Hearer | None:
        inner = hearer_of(self.inner)
        return None if inner is None else lambda view, posts: self._later(inner(view, posts))

    def _later(self, posts: np.ndarray) -> np.ndarray:
        moved = posts.copy()
        concerned = slice(None) if self.rows is None else np.isin(posts["account"], self.rows)
        moved["hour"][concerned] += self.hours
        return moved


@dataclass(frozen=True)
class Muted:
    """The same work, but nothing of these accounts goes out: what they contribute."""

    inner: Strategy
    rows: np.ndarray

    def plan(self, view: View, week: int) -> np.ndarray:
        return self._without(self.inner.plan(view, week))

    def daily(self, view: View, day: int) -> np.ndarray:
        return self._without(self.inner.daily(view, day))

    def answer(self, view: View, event: int) -> np.ndarray:
        return self._without(self.inner.answer(view, event))

    @property
    def hear(self) -> Hearer | None:
        inner = hearer_of(self.inner)
        return None if inner is None else lambda view, posts: self._without(inner(view, posts))

    def _without(self, posts: np.ndarray) -> np.ndarray:
        return np.asarray(posts[~np.isin(posts["account"], self.rows)])
