"""Silent missions at the door: hours that cannot move are refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.__main__ import main

TABLE = Path(__file__).parents[1] / "tables" / "twelve.csv"


@pytest.mark.parametrize("task", ["run", "check"])
def test_hours_need_headquarters_to_move_to(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headless = tmp_path / "headless.csv"
    lines = TABLE.read_text(encoding="utf-8").splitlines(keepends=True)
    headless.write_text("".join(one for one in lines if ",headquarters," not in one))
    words = ["scenario=headquarters_only", "policy.posture.mission_hours=moved", "audience=small",
             f"network.table={headless}", "network.background=none", "days=7", "worlds=2",
             f"results={tmp_path / 'results'}", f"task={task}"]  # fmt: skip
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == "" and "mission_hours=moved" in err and "mission_hours=idle" in err
    assert not (tmp_path / "results").exists()


def test_what_silence_spends_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["scenario=headquarters_only", "audience=small", "days=7", "worlds=2", "task=check"]
    said = []
    for hours in ("idle", "moved"):
        assert main([*words, f"policy.posture.mission_hours={hours}"]) == 0
        said.append(capsys.readouterr().out)
    idle, moved = said
    assert "their hours unspent" in idle and "their hours moved to headquarters" in moved
    assert "250 staff hours a week" in idle and "6,459 staff hours a week" in moved
    assert "cost of abstention" in idle
    assert "Fair by hours in all" in moved and "not account by account" in moved
