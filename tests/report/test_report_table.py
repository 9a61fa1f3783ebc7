"""Every number of the table read back: it is the summary's, in its unit, below its heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from sim.report.reading import readings
from sim.report.refit import world_table, world_told
from sim.report.table import LEFT_OUT, table_of
from sim.report.terminal import as_text
from tests.report.fake import fake

SIZES = {"M": 1e6, "bn": 1e9}
NUMBER = re.compile(r"([+\u2212]?[\d,]+(?:\.\d+)?)(?: (M|bn)\b)?")


def numbers(text: str) -> list[float]:
    """The numbers in a cell."""
    return [float(one.replace(",", "").replace("\u2212", "-")) * SIZES.get(size, 1.0)
            for one, size in NUMBER.findall(text)]  # fmt: skip


def shown(summary: Mapping[str, Any], width: int) -> tuple[list[str], dict[str, list[str]]]:
    """(headings, {measure: its cells}) as printed."""
    table = table_of(summary, fake().context, width)
    heads = [str(one.header) for one in table.columns]
    lines = list(zip(*([str(cell) for cell in one.cells] for one in table.columns), strict=True))
    rows = [list(line) for line in lines if any(line[1:])]
    return heads, dict(zip(readings(summary), rows, strict=True))


@pytest.mark.parametrize("width", [80, 160])
def test_arms_stand_below_their_headings_in_their_unit(width: int) -> None:
    summary = fake().summary
    heads, rows = shown(summary, width)
    for arm, heading in (("scenario", "Proactive"), ("against", "Status quo")):
        column = heads.index(heading)
        for name, entry in summary["measures"].items():
            (found,) = numbers(rows[name][column])
            is_share = entry["unit"] == "share"
            wanted = entry[arm]["mean"] * (100.0 if is_share else 1.0)
            assert found == pytest.approx(wanted, rel=6e-3), (name, arm)
            assert ("%" in rows[name][column]) == is_share, name


@pytest.mark.parametrize("width", [80, 160])
def test_differences_are_in_the_unit_that_is_said(width: int) -> None:
    """Shares differ by points; what has a positive base by per cent of it; else as counted."""
    summary = fake().summary
    heads, rows = shown(summary, width)
    (column,) = [k for k, head in enumerate(heads) if head.startswith("Difference")]
    units = set()
    for name, entry in summary["measures"].items():
        text, gap = rows[name][column], entry["difference"]
        if text == "exactly 0":
            assert gap["mean"] == gap["lo"] == gap["hi"] == 0.0
            continue
        unit = "points" if "points" in text else "%" if re.search(r"\d %", text) else ""
        assert (unit == "points") == (entry["unit"] == "share"), name
        scale = {"points": 100.0, "%": 100.0 / entry["against"]["mean"], "": 1.0}[unit]
        ends = [gap["mean"], gap["lo"], gap["hi"]]
        wanted = [one * scale for one in ends if one is not None]
        half = max(wanted) - min(wanted)
        assert numbers(text)[: len(wanted)] == pytest.approx(wanted, abs=0.06 * half + 0.06 * abs(
            wanted[0])), name  # fmt: skip
        units.add(unit)
    assert units >= {"points", "%"}


def small(worlds: int) -> Mapping[str, Any]:
    """A result with effects on opinion as a small audience has them: numbers of ten letters."""
    summary = fake(worlds=worlds).summary
    for name in ("favourability_shift", "polarisation"):
        for block in ("scenario", "against", "difference"):
            entry = summary["measures"][name][block]
            entry.update({key: None if one is None else one / 50 for key, one in entry.items()
                          if key != "relative"})  # fmt: skip
    return summary


@pytest.mark.parametrize("width", [72, 80, 90, 100, 108, 120, 132])
@pytest.mark.parametrize("worlds", [4, 32, 128])
def test_no_word_or_number_is_broken(width: int, worlds: int) -> None:
    summary = small(worlds)
    table = table_of(summary, fake().context, width)
    words = {word for one in table.columns for cell in (one.header, *one.cells)
             for word in str(cell).split()}  # fmt: skip
    text = as_text(lambda columns: table_of(summary, fake().context, columns), width)
    assert words <= set(text.split())
    assert max(map(len, text.splitlines())) <= width
    lines = text.splitlines()
    for cell in (str(cell) for one in table.columns[1:-1] for cell in one.cells):
        for part in cell.split("\n"):
            assert any(part in line for line in lines), part


def test_wins_go_before_a_number_is_broken_and_are_said_to() -> None:
    narrow, usual = (
        as_text(lambda columns: table_of(small(128), fake().context, columns), width)
        for width in (66, 80)
    )
    assert LEFT_OUT in narrow and "Wins in\n" not in narrow
    assert LEFT_OUT not in usual and " of 128" in usual


@pytest.mark.parametrize("width", [80, 120])
def test_keys_that_one_types_are_whole(width: int) -> None:
    world = {"key": "following.churn_per_month", "value": 0.0411, "low": 0.025, "high": 0.067,
             "ratio": 0.43, "prior": (0.005, 0.05), "set": False,
             "why_not": "a pattern (C7), not the parameter: below"}  # fmt: skip
    text = as_text(lambda columns: world_table({"world": [world]}, columns), width)
    assert "following.churn_per_month  0.0411 (0.025 to 0.067)" in text and "…" not in text
    assert "not set: a pattern (C7), not the parameter: below." in world_told({"world": [world]})[0]
