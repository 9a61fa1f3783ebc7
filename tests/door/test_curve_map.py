"""Curves and maps at the door: what is filled in, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.__main__ import main

REFUSED = [
    (["task=curve", "policy.investment.factor=1,2"], "4 levels of hours or more"),
    (["task=curve", "investment=low,high"], "one axis of hours"),
    (["task=curve", "objective=share_of_voice"], "is no total"),
    (["task=curve", "tonne=a"], "'tonne'"),
    (["task=map", "scenario=proactive,reactive"], "no axis of a map"),
    (["task=map", "news.spill=interval(0.1,0.5)", "rho=interval(0,1)", "x=interval(0,1)"],
     "two axes, and these are 3"),
    (["task=map", "study.map_start=12"], "powers of two"),
    (["task=map", "worlds=2"], "4 parameter draws or more, and this would have 2"),
    (["task=map", "parameters=central"], "parameters=posterior or prior"),
    (["task=map", "study.map_points=10000000"], "out of range"),
    (["task=map", "news.nothing=interval(0.1,0.5)"], "news.nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=lambda part: " ".join(part)[:40])
def test_refused(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main([*words, "audience=small", "study.check=true"]) == 2
    err = capsys.readouterr().err
    assert told in err and "Traceback" not in err and list(tmp_path.iterdir()) == []
