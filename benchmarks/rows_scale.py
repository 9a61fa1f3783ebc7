"""Lines of the table for what happens as there are more people, cores and runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.process import Measured
from benchmarks.rows import Row
from benchmarks.rows_peers import spread
from benchmarks.sizes import WARM_UP
from benchmarks.studies import RUNS_PER_WORLD

SIZES = "A view before publics of many sizes, one core"
CORES = "Two worlds on two cores"
KINDS = "A month of 2.64 M people, mechanisms switched on, one core"
STUDIES = "Studies: ten runs a world, 20,000 people, a week of warm-up; usually 7 days"
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


def largest_rows(drawn: Measured, month: Measured, days: int) -> list[Row]:
    """What the largest public takes: to draw, to run, to keep in memory."""
    size, all_days = f"{month['people']:,.0f} people", days + WARM_UP
    return [
        Row(group=SIZES, name=f"{size}, drawn and written", value=drawn["built"], unit="s",
            target=120.0, note=f"with their graph; peak {drawn.peak_bytes / 1e9:.2f} GB"),
        Row(group=SIZES, name="  a world loaded, and a month", value=month["all"], unit="s",
            target=60.0, note=f"{all_days} days, {month['load']:.1f} s of loading"),
        Row(group=SIZES, name="  peak memory of the process", value=month.peak_bytes / 1e9,
            unit="GB", target=12.0, note="with mapped people"),
    ]  # fmt: skip


def mechanism_rows(found: Mapping[str, Sequence[Measured]]) -> list[Row]:
    """`found`: the rounds of the default and of every other set of kinds, measured in turn."""
    usual, *others = found.values()
    rows = [Row(group=KINDS, name=name, value=median(one["seconds"] for one in rounds), unit="s",
                note=seen(rounds[0])) for name, rounds in found.items()]  # fmt: skip
    for name, rounds in zip(list(found)[1:], others, strict=True):
        times = [one["seconds"] / base["seconds"] for one, base in zip(rounds, usual, strict=True)]
        rows.append(Row(group=KINDS, name=f"{name} / as usual", value=median(times), unit="x",
                        target=1.6, note=spread(times, "x")))  # fmt: skip
        views = [t * b["views"] / o["views"]
                 for t, o, b in zip(times, rounds, usual, strict=True)]  # fmt: skip
        rows.append(Row(group=KINDS, name="  the same, a view", value=median(views), unit="x"))
    return rows


def seen(one: Measured) -> str:
    """How much there was to do."""
    return f"{one['posts']:,.0f} posts, {one['views'] / 1e6:.3g} M views"


def core_rows(speeds: Sequence[float]) -> list[Row]:
    """How much faster two worlds are on two cores than one after the other."""
    return [Row(group=CORES, name="worlds a second, two / one", value=median(speeds), unit="x",
                target=1.7, least=True, note=spread(speeds, "x"))]  # fmt: skip


def overhead(bare: Sequence[float], study: Sequence[float]) -> list[float]:
    """What a study adds to its worlds, in percent, world by world."""
    return [100.0 * (b / a - 1.0) for a, b in zip(bare, study, strict=True)]


def of_a_run(one: Measured, other: Measured) -> tuple[float, float]:
    """(seconds that are not simulation and are paid again for every run, those paid once a study).
    `other` has more runs: what its end takes longer is its runs' as well."""
    end = (other["end"] - one["end"]) / (other["runs"] - one["runs"])
    return one["between"] / one["runs"] + max(end, 0.0), one["start"] + one["end"]


def study_rows(long: Measured, short: Measured, pairs: Measured, cores: Measured, whole: Measured
               ) -> list[Row]:  # fmt: skip
    """Overhead, two processes, a thousand runs, memory."""

    def row(name: str, value: float, unit: str, target: float | None = None, note: str = "",
            least: bool = False) -> Row:  # fmt: skip
        return Row(group=STUDIES, name=name, value=value, unit=unit, target=target, note=note,
                   least=least)  # fmt: skip

    again, once = of_a_run(long, short)
    added = median(overhead(pairs.figures["bare_cpu"], pairs.figures["study_cpu"]))
    speeds = [two / one for one, two in zip(cores.figures["one"], cores.figures["two"],
                                            strict=True)]  # fmt: skip
    runs = whole["runs"]
    minutes = whole["seconds"] / 60.0 * MANY / runs
    scaled = "" if runs == MANY else f"scaled from {runs:,.0f} runs; "
    worlds = whole["seconds"] / (runs / RUNS_PER_WORLD) / (pairs["bare"] / 2.0)
    rows = [
        row("a run of 240 days, its own simulation", long["a_run"], "s", None,
            spread(long.figures["a_run"])),
        row("what the study adds to it", 100.0 * again / long["a_run"], "%", 2.0,
            f"{1e3 * again:.2g} ms a run, not simulation"),
        row("  the same to a run of 7 days", 100.0 * again / short["a_run"], "%", None,
            f"of {1e3 * short['a_run']:.0f} ms; {added:+.2g} % of processor time of a bare world"),
        row("once a study", once, "s", None,
            f"{long['start']:.2g} s before the first world, {long['end']:.2g} s after the last"),
        row("two processes / one", median(speeds), "x", 1.8, spread(speeds, "x"), True),
        row("1,000 runs by two processes", minutes, "min", 5.0,
            f"{scaled}from start to figures: {worlds:.3g} x the bare worlds on two cores"),
    ]  # fmt: skip
    if "memory_early" in whole.figures and "memory_late" in whole.figures:
        early, late = whole["memory_early"], whole["memory_late"]
        rows.append(row("memory at the end / early", late / early, "x", 1.1,
                        f"{early / 1e9:.3g} and {late / 1e9:.3g} GB, all processes"))  # fmt: skip
    return rows
