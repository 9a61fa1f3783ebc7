"""task=why at the door: what is refused, and whole small studies whose parts add up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.__main__ import main

SMALL = ["audience=small", "days=7", "warmup_days=7", "draws=4", "replicates=1", "workers=1"]
REFUSED = [
    (["scenario=proactive,reactive"], "one value"),
    (["scenario=status_quo"], "do not differ in any"),
    (["scenario=silent"], "posture.kind=silent"),
    (["scenario=plain_language"], "policy.readability"),
    (["scenario=rival_surge"], "a circumstance"),
    (["scenario=proactive", "fair=volume", "days=28"], "fair=hours"),
    (["scenario=proactive", "policy.hybrid.taken=[timing]"], "policy.hybrid"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=lambda part: " ".join(part)[:40])
def test_refused(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["task=why", *words, "audience=small", "study.check=true"]) == 2
    err = capsys.readouterr().err
    assert told in err and "Traceback" not in err and list(tmp_path.iterdir()) == []


def test_a_whole_small_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["task=why", "scenario=proactive", "against=reactive", "tone=sharp",
             "investment=high", "study.name=parts", *SMALL]  # fmt: skip
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "no hybrid could be hired" in out and "whole" in out
    folder = tmp_path / "results" / "studies" / "parts"
    summary = json.loads((folder / "summary.json").read_text())
    why = summary["why"]
    assert why["aspects"] == ["timing", "volume", "quality", "latency", "framing"]
    assert len(summary["points"]) == 31
    for one in why["measures"].values():
        if one["split"] is not None:
            size = max(1.0, abs(one["against"]))
            assert one["in_unit"]["largest_gap"] <= 1e-9 * size
            assert not one["logs"] or one["in_unit"]["whole"]["lo"] is None
    assert (folder / "figures" / "why.png").is_file()
    _adds_up(folder / "why.csv", 4, len(why["aspects"]))


def _adds_up(path: Path, n_worlds: int, n_aspects: int) -> None:
    """In every world, read back from the file."""
    worlds: dict[tuple[str, str], dict[str, float]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            worlds.setdefault((row["draw"], row["replicate"]), {})[row["aspect"]] = float(
                row["people"]
            )
    assert len(worlds) == n_worlds
    for parts in worlds.values():
        whole = parts.pop("whole")
        assert len(parts) == n_aspects and sum(parts.values()) == pytest.approx(whole, abs=1e-6)


def test_what_does_not_differ_gets_exactly_nothing_and_is_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["task=why", "tone=witty", "study.name=tone", *SMALL]) == 0
    assert "exactly 0" in capsys.readouterr().out
    summary = json.loads((tmp_path / "results" / "studies" / "tone" / "summary.json").read_text())
    assert summary["why"]["aspects"] == ["framing"] and len(summary["points"]) == 1
    split = summary["why"]["measures"]["target_reach"]["split"]
    assert split["framing"]["mean"] == split["whole"]["mean"] != 0.0
    assert all(split[name]["mean"] == 0.0 for name in summary["why"]["alike"])
