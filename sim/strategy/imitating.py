"""Imitation at the desks: once a week tones and media move towards what earned more.

Tallies are public: the shares of everybody's posts of the last weeks, as far as they have got. The
mixes that were learnt stay when an arm forks; those of the ministry follow its policy alone, unless
its tone is to imitate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import work as work_laws
from sim.mechanisms.imitation import Imitation, copied, earned
from sim.strategy.budget import MOST_MEDIA, Budget
from sim.strategy.imitative import Imitate
from sim.strategy.view import View
from sim.vocabulary import AMPLIFICATION, COPY, HOURS_PER_WEEK, KINDS, MEDIA, OURS, TONES

TEXT, STICKER = MEDIA.index("text"), MEDIA.index("sticker")

if TYPE_CHECKING:
    from sim.mechanisms.rivals import Rivals
    from sim.mechanisms.work import Work
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts


class Imitating:
    """The rate of each account, and the mixes it has come to."""

    def __init__(self, settings: Imitation, rates: np.ndarray, ours: np.ndarray,
                 cap: Callable[[np.ndarray], np.ndarray]) -> None:  # fmt: skip
        self._settings, self._rates, self._ours, self._cap = settings, rates, ours, cap
        self._tones, self._media = np.zeros((len(rates), 0)), np.zeros((len(rates), 0))
        self._learnt = np.zeros(len(rates), np.bool_)  # who has moved away from the budget's mix

    def turn(self, view: View, budget: Budget) -> None:
        """Monday: look at what earned more, and move."""
        if not (self._rates > 0).any():
            return
        posts = view.posts
        since = view.hour - HOURS_PER_WEEK * self._settings.weeks
        posts = posts[(posts["hour"] >= since) & (posts["hour"] < view.hour)]
        posts = posts[(posts["kind"] != AMPLIFICATION) & (posts["kind"] != COPY)]
        if not len(posts):
            return
        tones, media = self._mixes(budget)
        self._tones = self._moved(tones, posts["tone"], posts["n_shares"], len(TONES))
        pictures = np.where(posts["media"] == STICKER, TEXT, posts["media"])  # its mix is text's
        self._media = self._moved(media, pictures, posts["n_shares"], media.shape[1])
        self._learnt = self._learnt | (self._rates > 0)

    def applied(self, budget: Budget, work: Work) -> Budget:
        """The budget with the mixes come to, as far as ranks may use them."""
        if not self._learnt.any():
            return budget
        tones, media = self._mixes(budget)
        tones = np.where(self._ours[:, None], self._cap(tones), tones)
        return _with_mixes(budget, work, tones, media, self._learnt)

    def _mixes(self, budget: Budget) -> tuple[np.ndarray, np.ndarray]:
        """Shares of tones and media: those learnt, else those of the budget."""
        tones, media = mix_of(budget.tone_steps), mix_of(budget.media_steps)
        if not self._learnt.any():
            return tones, media
        column = self._learnt[:, None]
        return np.where(column, self._tones, tones), np.where(column, self._media, media)

    def _moved(self, mixes: np.ndarray, kinds: np.ndarray, shares: np.ndarray,
               n_kinds: int) -> np.ndarray:  # fmt: skip
        earns = earned(np.bincount(kinds, weights=shares, minlength=n_kinds),
                       np.bincount(kinds, minlength=n_kinds))  # fmt: skip
        average = (mixes @ earns)[:, None]
        moved = copied(mixes, self._rates[:, None], earns, average, self._settings.floor)
        return np.asarray(moved / moved.sum(axis=1, keepdims=True))

    def after(self, before: Imitating) -> Imitating:
        """An arm forks: the others keep the mixes they have come to, the ministry starts anew."""
        self._tones, self._media = before._tones, before._media
        self._learnt = before._learnt & ~self._ours
        return self


def make_imitating(policy: Policy, rivals: Rivals, settings: Imitation,
                   accounts: Accounts) -> Imitating:  # fmt: skip
    """The imitators of a world; what the ministry copies stays under its tone cap."""
    ours = np.asarray(accounts.sides) == OURS
    by_kind = [getattr(getattr(rivals, kind, None), "imitation", 0.0) for kind in KINDS]
    rates = np.where(ours, _own_rate(policy), np.array(by_kind)[np.asarray(accounts.kinds)])
    return Imitating(settings, rates, ours, lambda mixes: policy.tone_cap.capped(
        mixes, accounts.kinds))  # fmt: skip


def _own_rate(policy: Policy) -> float:
    return policy.tone.rate if isinstance(policy.tone, Imitate) else 0.0


def mix_of(steps: np.ndarray) -> np.ndarray:
    """Shares from cumulated shares, the last one left out."""
    ends = np.ones((len(steps), 1))
    return np.diff(np.concatenate([np.zeros((len(steps), 1)), steps, ends], axis=1), axis=1)


def _with_mixes(budget: Budget, work: Work, tones: np.ndarray, media: np.ndarray,
                whose: np.ndarray) -> Budget:  # fmt: skip
    """The budget with other mixes for some accounts, and the price that the new media have."""
    pictures = media[:, 1] + media[:, 2]
    fit = np.minimum(1.0, MOST_MEDIA / np.maximum(pictures, 1e-9))
    image, video = media[:, 1] * fit, media[:, 2] * fit
    before = mix_of(budget.media_steps)
    dearer = work_laws.price(
        image - before[:, 1], video - before[:, 2], 0.0, work.rel_hours_image,
        work.rel_hours_video, 1.0) - 1.0  # fmt: skip
    column = whose[:, None]
    steps = np.column_stack([1.0 - image - video, 1.0 - video])
    return replace(
        budget,
        tone_steps=np.where(column, np.cumsum(tones, axis=1)[:, :-1], budget.tone_steps),
        media_steps=np.where(column, steps, budget.media_steps),
        price=np.where(whose, budget.price + dearer, budget.price),
    )
