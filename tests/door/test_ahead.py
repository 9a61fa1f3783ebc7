"""Which words have processes for worlds begin before they are read."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from sim.door import ahead
from sim.paths import conf_dir


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
