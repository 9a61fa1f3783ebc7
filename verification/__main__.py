"""One command, one table: does the model do what theory says?

    python -m verification                     every check, about a minute
    python -m verification --fast              without the long ones and the peers
    python -m verification --group minds       one group: seeing, cascades, followers, news, ...
    python -m verification --seed 7            another draw; p-values change, verdicts should not
    python -m verification --page              also write the table into docs/verification.md
    python -m verification fuzz                another command: ten thousand hostile command lines
    python -m verification faults              another: over a hundred planted faults, who notices?
    python -m verification misspecification    another question: how often is a verdict wrong where
                                               the world is built otherwise? (docs/trust.md)

Exit code 1 where a check fails. Peers need the extra `verify` and are left out without it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.kernels import use_cache

use_cache()  # before anything imports numba

from verification.check import LEVEL, Check, Result, judged  # noqa: E402
from verification.registry import GROUPS, chosen  # noqa: E402
from verification.worlds import ENGINE  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "docs" / "verification.md"
START, END = "<!-- results -->", "<!-- /results -->"
WIDTH = 150
HEADS = ("", "Check", "Source", "Set-up", "Expected", "Found", "p or error")


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m verification", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--group", choices=GROUPS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="one check by its name: views, queue, ...")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--engine", choices=("compiled", "reference"), default="compiled")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Run the checks, print the table, say whether all hold."""
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] == ["fuzz"]:
        from verification.fuzz.__main__ import main as fuzz

        return fuzz(words[1:])
    if words[:1] == ["faults"]:
        from verification.faults.__main__ import main as faults

        return faults(words[1:])
    if words[:1] == ["misspecification"]:
        from verification.misspecification.command import main as trial

        return trial(words[1:])
    asked = arguments(words)
    began = time.perf_counter()
    ENGINE.set(asked.engine)
    checks = [one for one in chosen(tuple(asked.group or GROUPS), asked.fast)
              if not asked.only or one.run.__name__ in asked.only]  # fmt: skip
    results = judged(results_of(checks, asked.seed))
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(table_of(results))
    console.print(summary(results, asked.seed, time.perf_counter() - began))
    if asked.page:
        write_page(results, summary(results, asked.seed, time.perf_counter() - began))
    return int(not all(one.holds for one in results))


def results_of(checks: Sequence[Check], seed: int) -> list[Result]:
    """What every check found, told as it comes."""
    found: list[Result] = []
    for number, one in enumerate(checks, 1):
        print(f"{number} of {len(checks)}: {one.group}, {one.run.__name__}", file=sys.stderr)
        found += one.run(seed)
    return found


def table_of(results: Sequence[Result]) -> Table:
    """A row a result."""
    table = Table(box=None, pad_edge=False)
    for head in HEADS:
        table.add_column(head, overflow="fold")
    for one in results:
        table.add_row("ok" if one.holds else "FAILS", one.name, one.source, one.setup,
                      one.expected, one.found, one.told())
    return table


def summary(results: Sequence[Result], seed: int, seconds: float) -> str:
    """The verdict in two sentences."""
    random = [one for one in results if one.is_random]
    failed = [one.name for one in results if not one.holds]
    told = "All hold." if not failed else f"These fail: {'; '.join(failed)}."
    return (
        f"{len(results)} results, {len(random)} of them random, judged together by Holm's rule at "
        f"{LEVEL:g}; smallest p {min((one.p or 0.0 for one in random), default=1.0):.3g}. Seed "
        f"{seed}, {seconds:.0f} s. {told}"
    )


def write_page(results: Sequence[Result], told: str) -> None:
    """Put the table between the marks of the page."""
    lines = ["| Check | Closed form or peer | Set-up | Expected | Found | p or error | |",
             "|---|---|---|---|---|---|---|"]
    for one in results:
        cells = (one.name, one.source, one.setup, one.expected, one.found, one.told(),
                 "ok" if one.holds else "**fails**")  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(START, 1)
    tail = rest.split(END, 1)[1]
    page = "\n".join([head + START, "", told, "", *lines, "", END + tail])
    PAGE.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
