"""task=robust at the door: what is filled in, what is refused, and a whole small study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.door.overrides import Asked
from sim.door.robust import axes_of_robust

SMALL = ["audience=small", "days=7", "warmup_days=7", "draws=4", "replicates=1", "workers=1"]
REFUSED = [
    (["scenario=proactive,reactive"], "give scenario one value"),
    (["scenario=proactive", "news.spill=interval(0.1,0.5)"], "crosses kinds"),
    (["scenario=proactive", "opinion=none", "feed=ranked", "decay=power"], "Nothing to cross"),
    (["opinion=none,degroot"], "Nothing to compare"),
    (["scenario=proactive", "decay=linear,power"], "'linear'"),
]


def told(*words: str) -> list[Asked]:
    return [Asked(key=key, value=text, text=text)
            for key, _, text in (one.partition("=") for one in words)]  # fmt: skip


@pytest.mark.parametrize(("words", "reason"), REFUSED, ids=lambda part: " ".join(part)[:40])
def test_refused(
    words: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["task=robust", *words, "audience=small", "study.check=true"]) == 2
    err = capsys.readouterr().err
    assert reason in err and "Traceback" not in err and list(tmp_path.iterdir()) == []


def test_what_is_open_is_filled_in_the_usual_kind_first() -> None:
    _, axes = axes_of_robust(told("scenario=proactive", "opinion=none"), [])
    assert {one.key: [value.text for value in one.values] for one in axes} == {
        "feed": ["platform", "chronological", "ranked"], "decay": ["exponential", "power"],
    }  # fmt: skip


def test_a_feed_that_is_the_platforms_own_is_not_tried_twice() -> None:
    _, axes = axes_of_robust(told("platform=twitter_chronological"), [])
    feeds = next(one for one in axes if one.key == "feed")
    assert [one.text for one in feeds.values] == ["platform", "ranked"]


def test_a_whole_small_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["task=robust", "scenario=silent", "opinion=none", "feed=platform,chronological",
             "decay=exponential,power", "study.name=kinds", *SMALL[:3], "draws=8", *SMALL[4:]]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "The verdict 'worse' survives in 4 of 4 combinations" in out
    folder = tmp_path / "results" / "studies" / "kinds"
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["robust"]["survives"] == 4 and len(summary["circumstances"]) == 4
    assert (folder / "figures" / "points.png").is_file()
