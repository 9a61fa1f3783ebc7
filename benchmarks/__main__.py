"""One command, one table: what the model costs beside what the machine could do at best.

    python -m benchmarks                       a year of one world, people, short commands
    python -m benchmarks --quick               a month instead, scaled to a year and said so
    python -m benchmarks --whole               also the whole main job, cold and warm (minutes)
    python -m benchmarks --profile             also how the engine's time divides
    python -m benchmarks --only cascades       one part, here beside another program: see --help
    python -m benchmarks --json FILE           keep the record
    python -m benchmarks --history             add it to the trend: python -m benchmarks.history
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import history
from benchmarks.parts import GROUPS, USUAL, Session, chosen
from benchmarks.rows import Row

WIDTH = 128  # where nobody watches: a file, a page


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    asked.add_argument("--quick", action="store_true", help="a month instead of a year")
    asked.add_argument("--whole", action="store_true", help="also the main job, cold and warm")
    asked.add_argument("--profile", action="store_true", help="also how the engine's time divides")
    asked.add_argument("--full", action="store_true",
                       help="cascades and sizes at their full size (minutes, 16 GB)")  # fmt: skip
    asked.add_argument("--only", nargs="+", choices=GROUPS, metavar="PART",
                       help=f"these parts alone: {', '.join(GROUPS)}")  # fmt: skip
    asked.add_argument("--history", action="store_true", help="keep the figures for the trend")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the record here")
    return asked.parse_args(words)


def parts_of(asked: argparse.Namespace) -> list[str]:
    """The parts to measure."""
    extra = [part for part in ("profile", "whole") if getattr(asked, part)]
    return chosen([*(asked.only or USUAL), *extra])


def table_of(found: Sequence[Row]) -> Table:
    """The table, section by section."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in ("figure", "target", "ratio"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    table.add_column("", style="dim")
    for group in dict.fromkeys(row.group for row in found):
        table.add_section()
        table.add_row(f"[bold]{group}[/bold]")
        for row in (row for row in found if row.group == group):
            colour = "green" if row.verdict == "met" else "red"
            table.add_row(
                f"  {row.name}", f"{short(row.value)} {row.unit}",
                "" if row.target is None else f"{'>= ' if row.least else ''}{row.target:g}",
                "" if row.ratio is None else f"{row.ratio:.2f}",
                f"[{colour}]{row.verdict}[/{colour}]", row.note,
            )  # fmt: skip
    return table


def short(value: float) -> str:
    """Three significant figures, never in powers of ten."""
    if value == 0.0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, keep."""
    asked = arguments(words)
    try:
        import resource  # noqa: F401
    except ImportError:
        print("benchmarks: peak memory needs Linux or macOS.", file=sys.stderr)
        return 2
    from benchmarks.process import FailedError
    from benchmarks.record import describe_machine, record, write
    from sim.provenance import utc_now

    stderr = Console(stderr=True)
    session = Session(
        quick=asked.quick, full=asked.full, say=lambda one: stderr.print(f"... {one}")
    )
    done, found = session.done, session.found
    failure = ""
    try:
        session.measure(parts_of(asked))
    except FailedError as error:
        failure = f"benchmarks: {error}"
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    kind = describe_machine()
    console.print(
        f"{utc_now()[:10]}, {kind['cores']} cores ({kind['processor']}), {kind['memory_gb']} GB, "
        f"{kind['system']}, Python {kind['python_version']}; each figure from a process of its own",
        highlight=False,
    )  # fmt: skip
    console.print(table_of(found))
    busiest = max((one.load for one in done), default=0.0)
    console.print(
        f"target: at most, or >= at least; ratio: figure / target. Load of the machine before a "
        f"measurement: up to {busiest:.1f} processes on {kind['cores']} cores.", highlight=False,
    )  # fmt: skip
    if asked.history and found and not failure:
        history.add(record(done, found))
        console.print(f"Added to {history.FILE.name}", highlight=False)
    if asked.json:
        write(asked.json, record(done, found))
        console.print(f"Record: {asked.json}", highlight=False)
    print(failure, end="", file=sys.stderr)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
