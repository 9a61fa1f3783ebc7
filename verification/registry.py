"""Every check in one list; the fast ones are part of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verification import cascades, followers, minds, news, peers, seeing, work
from verification.check import Check, Result

Run = Callable[[int], Iterator[Result]]


def _all(group: str, *runs: Run, fast: bool = True) -> list[Check]:
    return [Check(run=run, fast=fast, group=group) for run in runs]


CHECKS = (
    *_all("seeing", seeing.views, seeing.mixture, seeing.reach, seeing.accounts, seeing.late,
          seeing.rhythm),
    *_all("cascades", cascades.reacting, cascades.qualities),
    *_all("cascades", cascades.branching, cascades.percolation, fast=False),
    *_all("followers", followers.emptying, followers.equilibrium),
    *_all("news", news.hawkes, news.steady, news.severity, news.attention),
    *_all("minds", minds.consensus, minds.fragments, minds.forgetting, minds.repeating,
          minds.framing),
    *_all("work", work.returns, work.notices),
    *_all("work", work.queue, fast=False),
    *_all("peers", peers.cascades, peers.opinions, fast=False),
)  # fmt: skip
GROUPS = tuple(dict.fromkeys(one.group for one in CHECKS))


def chosen(groups: tuple[str, ...] = GROUPS, fast: bool = False) -> list[Check]:
    """The checks of some groups."""
    return [one for one in CHECKS if one.group in groups and (one.fast or not fast)]
