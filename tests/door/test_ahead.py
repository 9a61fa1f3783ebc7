"""Which words have processes for worlds begin before they are read."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

from sim.__main__ import composer, parse
from sim.door import ahead
from sim.door.arms import build_comparison
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.door.worlds import run_task, tasks_of
from sim.paths import conf_dir
from sim.study import early
from sim.study.ensemble import stream


@pytest.mark.parametrize(("words", "begins"), [
    (["scenario=proactive"], True),
    (["-m", "scenario=reactive,proactive", "tone=formal,witty"], True),
    (["task=validate"], True),
    (["scenario=proactive", "results=some/folder", "sharing.p0=0.01"], True),
    (["scenario=proactive", "workers=1"], False),
    (["task=list"], False),
    (["task=explain", "key=tone"], False),
    (["task=check", "scenario=proactive"], False),
    (["task=import", "from=folder"], False),
    (["scenario=nonsense"], False),
    (["-m", "scenario=reactive,nonsense"], False),
    (["scenario=proactive", "tone=wity"], False),
])  # fmt: skip
def test_only_words_that_may_run_worlds_begin_early(
    words: list[str], begins: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(ahead, "at_hand", lambda module: begun.append(module) or nullcontext())
    monkeypatch.setattr(ahead, "use_cache", lambda: None)
    with ahead.workers_at_hand(words):
        assert bool(begun) == begins


@pytest.mark.parametrize(("word", "is_one"), [
    ("", True), ("=", True), ("scenario", True), ("a" * 5000 + "=b", False), ("../x=y", False),
    ("\x00=\x00", False), ("scenario=" + "a" * 5000, True),
])  # fmt: skip
def test_odd_words_can_be_looked_at(word: str, is_one: bool) -> None:
    assert ahead.is_mistyped(word, conf_dir()) == is_one


def two_worlds() -> list[Any]:
    """[(values, days, accounts) of both arms] of two small worlds, each in its own process."""
    words = ["scenario=proactive", "audience=small", "days=7", "warmup_days=7"]
    with composer(conf_dir()) as compose:
        comparison = build_comparison(sort_request(parse(words), groups(conf_dir())), compose)
    told = stream(run_task, tasks_of(comparison, 2, 1), workers=2)
    return [[(run.values, run.daily, run.accounts) for run in world] for _, world in told]


@pytest.mark.skipif(sys.platform != "linux", reason="only there")
def test_worlds_in_forked_processes_are_those_of_processes_that_begin_afresh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    with ahead.workers_at_hand(["scenario=proactive"]):
        assert early.context().get_start_method() == "forkserver"
        forked = two_worlds()
    assert early.context().get_start_method() == "spawn"
    afresh = two_worlds()
    assert len(forked) == 2 and forked[0][0][0] != forked[1][0][0]
    np.testing.assert_equal(forked, afresh)
