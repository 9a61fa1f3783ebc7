"""The clock on the progress bar sees it move, and ends the command."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from benchmarks import first_move

SMALL = (
    "scenario=proactive", "audience=small", "days=60", "warmup_days=7", "worlds=2", "workers=2",
)  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="another way to break off")
def test_the_bar_is_seen_to_move_before_the_job_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_move, "WORDS", SMALL)
    moves = first_move.moves_of(cold=False)
    assert len(moves) == first_move.MOVES
    assert 0.0 < moves[0] <= moves[1] <= moves[2]
    assert not multiprocessing.active_children()


def test_a_command_that_is_refused_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_move, "WORDS", (*SMALL, "tone=shouted"))
    with pytest.raises(RuntimeError, match="shouted"):
        first_move.moves_of(cold=False)
