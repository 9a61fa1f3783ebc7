"""A run becomes a line of the history, and lines become a trend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks import history
from benchmarks.parts import GROUPS, chosen
from benchmarks.process import Measured
from benchmarks.record import record
from benchmarks.rows import Row
from benchmarks.rows_scale import core_rows, size_rows


def measured(task: str, **figures: list[float]) -> Measured:
    return Measured(task=task, options={}, figures=figures, peak_bytes=1e9, child_bytes=0.0,
                    cpu_seconds=1.0, wall_seconds=1.0, load=0.5)  # fmt: skip


def rows() -> list[Row]:
    return [
        Row(group="year", name="wall / least", value=4.2, unit="x", target=3.0),
        Row(group="peers", name="times as fast", value=6.0, unit="x", target=5.0, least=True,
            note="given arrays"),
        Row(group="peers", name="times as fast", value=4.0, unit="x", target=5.0, least=True,
            note="through networkx"),
        Row(group="year", name="views", value=88.0, unit="M"),
    ]  # fmt: skip


def test_a_least_is_met_from_above_and_a_most_from_below() -> None:
    assert [row.verdict for row in rows()] == ["not met", "met", "not met", ""]


def test_a_run_becomes_one_line_without_names_or_places(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    made: dict[str, Any] = record([measured("limits", reads_ahead=[7.5e7, 7.7e7, 7.6e7])], rows())
    history.add(made, path)
    history.add(made, path)
    first, second = history.read(path)
    assert first == second
    assert first["limits"] == {"reads_ahead": 7.6e7}
    assert [one["ratio"] for one in first["figures"]] == [1.4, 1.2, 0.8]
    assert set(first) == {"date", "commit", "machine", "limits", "load", "figures"}
    assert set(first["machine"]) <= set(history.MACHINE)


def test_the_trend_tells_figures_of_one_name_apart(tmp_path: Path) -> None:
    made: dict[str, Any] = record([measured("limits", hashes=[1e9])], rows())
    runs = [history.line_of(made), history.line_of(made)]
    lines = list(history.trend(runs))
    assert [line for line in lines if not line.startswith(" ")] == [
        "year: wall / least (target <= 3 x)",
        "peers: times as fast, given arrays (target >= 5 x)",
        "peers: times as fast, through networkx (target >= 5 x)",
    ]
    assert len(lines) == 9
    assert len(list(history.trend(runs, ["networkx"]))) == 3


def test_what_is_committed_can_be_read() -> None:
    for run in history.read():
        assert run["figures"] and run["machine"]["cores"] > 0
        json.dumps(run, allow_nan=False)


def test_a_view_is_flat_or_not_by_its_dearest_size() -> None:
    found = [[measured("size", run=[run], views=[1e6], slots=[1e7], people=[people])]
             for people, run in ((1e5, 0.3), (1e6, 0.1), (1e7, 0.15))]  # fmt: skip
    last = size_rows(found)[-1]
    assert abs(last.value - 3.0) < 1e-12
    assert last.verdict == "not met"
    assert core_rows([1.6, 1.9, 1.8])[0].verdict == "met"


def test_a_year_asks_for_the_limits_first() -> None:
    assert chosen(["sizes", "year"]) == ["limits", "year", "sizes"]
    assert set(chosen(GROUPS)) == set(GROUPS)
