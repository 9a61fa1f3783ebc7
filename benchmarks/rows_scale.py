"""Lines of the table for what happens as there are more people, cores and runs."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.process import Measured
from benchmarks.rows import Row
from benchmarks.rows_peers import spread

SIZES = "A view before publics of many sizes, one core"
CORES = "Two worlds on two cores"
STUDIES = "Studies: ten runs a world, 20,000 people, 7 days after 7"
MANY = 1_000  # runs


def size_rows(found: Sequence[Sequence[Measured]]) -> list[Row]:
    """`found`: the rounds of every size, small to large."""
    rows, cost = [], []
    for rounds in found:
        each = [1e9 * one["run"] / one["views"] for one in rounds]
        cost.append(median(each))
        first = rounds[0]
        rows.append(Row(
            group=SIZES, name=f"{first['people']:,.0f} people", value=cost[-1], unit="ns",
            note=f"{spread(each, 'ns')}; {first['views'] / 1e6:.3g} M views, "
            f"{max(one.peak_bytes for one in rounds) / 1e9:.2f} GB",
        ))  # fmt: skip
        slot = median(1e9 * one["run"] / one["slots"] for one in rounds)
        rows.append(Row(group=SIZES, name="  a follower slot", value=slot, unit="ns"))
    rows.append(Row(group=SIZES, name="dearest view / cheapest", value=max(cost) / min(cost),
                    unit="x", target=2.0))  # fmt: skip
    return rows


def core_rows(speeds: Sequence[float]) -> list[Row]:
    """How much faster two worlds are on two cores than one after the other."""
    return [Row(group=CORES, name="worlds a second, two / one", value=median(speeds), unit="x",
                target=1.7, least=True, note=spread(speeds, "x"))]  # fmt: skip


def overhead(bare: Sequence[float], study: Sequence[float]) -> list[float]:
    """What a study adds to its worlds, in percent, world by world."""
    return [100.0 * (b / a - 1.0) for a, b in zip(bare, study, strict=True)]


def study_rows(pairs: Measured, cores: Measured, whole: Measured) -> list[Row]:
    """Overhead, two processes, a thousand runs, memory."""

    def row(name: str, value: float, unit: str, target: float | None = None, note: str = "",
            least: bool = False) -> Row:  # fmt: skip
        return Row(group=STUDIES, name=name, value=value, unit=unit, target=target, note=note,
                   least=least)  # fmt: skip

    found = {side: overhead(pairs.figures[f"bare{side}"], pairs.figures[f"study{side}"])
             for side in ("", "_cpu")}  # fmt: skip
    speeds = [two / one for one, two in zip(cores.figures["one"], cores.figures["two"],
                                            strict=True)]  # fmt: skip
    runs = whole["runs"]
    minutes = whole["seconds"] / 60.0 * MANY / runs
    scaled = "" if runs == MANY else f"scaled from {runs:,.0f} runs; "
    worlds = whole["seconds"] / (runs / 10.0) / (pairs["bare"] / 2.0)
    rows = [
        row("a world, bare", pairs["bare"], "s", None, spread(pairs.figures["bare"])),
        row("what the study adds to it", median(found[""]), "%", 2.0,
            f"{spread(found[''], '%')}; processor {median(found['_cpu']):+.2g} %"),
        row("two processes / one", median(speeds), "x", 1.8, spread(speeds, "x"), True),
        row("1,000 runs by two processes", minutes, "min", 5.0,
            f"{scaled}from start to figures: {worlds:.3g} x the bare worlds on two cores"),
    ]  # fmt: skip
    if "memory_early" in whole.figures and "memory_late" in whole.figures:
        early, late = whole["memory_early"], whole["memory_late"]
        rows.append(row("memory at the end / early", late / early, "x", 1.1,
                        f"{early / 1e9:.3g} and {late / 1e9:.3g} GB, all processes"))  # fmt: skip
    return rows
