"""Every number of the table read back: it is the summary's, in its unit, below its heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from sim.report.reading import readings
from sim.report.table import table_of
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
