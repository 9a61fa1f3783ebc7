"""The trial told: two tables for the screen and for docs/trust.md, and one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from verification.misspecification.figure import plot_trial
from verification.misspecification.score import OUTCOMES, TRUTHS
from verification.misspecification.trial import LABELS, QUESTIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "trust.md"
START, END = "<!-- misspecification -->", "<!-- /misspecification -->"
VERDICTS = ("Generator", "Question", "True: better, worse, within, not known", "Right",
            "Too close to call", "Size wrong", "Wrong sign", "Cannot be judged",
            "Estimate alone has the wrong sign", "Truth in the 95 % interval")  # fmt: skip
SUMS = ("Worlds of", "Verdicts", "Right", "Too close to call", "Size wrong", "Wrong sign",
        "Wrong sign, of all that can be judged", "Wrong sign, of those announced",
        "Estimate alone has the wrong sign", "Truth in the 95 % interval")  # fmt: skip
MISFIT = ("Generator", "Patterns out of reach, world by world (of 20)", "Worlds with any",
          "Farthest pattern, sds (median)", "More than a third: not to be installed",
          "Which patterns, in how many worlds")  # fmt: skip
GROUPS = {"control": "The default model", "other kinds": "Built of other kinds",
          "outside": "Outside of all kinds", "built otherwise": "All but the default",
          "other measures": "All but the default, three other measures"}  # fmt: skip
MOST_NAMED = 5
WIDTH = 160


def verdict_rows(report: Mapping[str, Any]) -> list[list[str]]:
    """A row a generator and question."""
    return [
        [one["label"], LABELS[name], "/".join(str(cell["truths"][word]) for word in TRUTHS),
         *counts(cell), plain(cell["estimate_of_wrong_sign"]), plain(cell["cover"])]
        for one in report["generators"].values()
        for name, cell in ((name, one["questions"][name]) for name in QUESTIONS)
    ]  # fmt: skip


def counts(cell: Mapping[str, Any]) -> list[str]:
    """How many of each outcome, `unjudged` last."""
    return [str(cell[name]) for name in OUTCOMES]


def sum_rows(report: Mapping[str, Any]) -> list[list[str]]:
    """A row a group of generators, calibrated and not."""
    rows = []
    for how, told in (("calibrated", ", calibrated"), ("prior", ", not calibrated")):
        for name, cell in report["overall"][how].items():
            rows.append([GROUPS[name] + told, str(cell["verdicts"]), *counts(cell)[:-1],
                         share(cell["opposite_rate"]), share(cell["opposite_of_called"]),
                         share(cell["estimate_of_wrong_sign"]), share(cell["cover"])])  # fmt: skip
    return rows


def misfit_rows(report: Mapping[str, Any]) -> list[list[str]]:
    """A row a generator: what the calibration showed."""
    rows = []
    for one in report["generators"].values():
        found = one["noticed"]
        named = list(found["patterns"].items())[:MOST_NAMED]
        rows.append([
            one["label"], " ".join(map(str, found["outside"])), plain(found["warned"]),
            f"{found['worst_median']:.1f}", plain(found["not_installed"]),
            ", ".join(f"{key} ({n})" for key, n in named) or "none",
        ])  # fmt: skip
    return rows


def share(one: Mapping[str, Any]) -> str:
    """3 of 18 (4 to 41 %)"""
    if one["share"] is None:
        return "none"
    return f"{one['n']} of {one['of']} ({100 * one['lo']:.0f} to {100 * one['hi']:.0f} %)"


def plain(one: Mapping[str, Any]) -> str:
    """3 of 6: too few for an interval to say anything."""
    return f"{one['n']} of {one['of']}" if one["of"] else "none"


def print_trial(report: Mapping[str, Any], console: Console | None = None) -> None:
    """The tables on the screen."""
    console = console or Console(width=WIDTH, highlight=False)
    for head, rows in tables(report):
        table = Table(box=None, pad_edge=False)
        for k, name in enumerate(head):
            table.add_column(name, overflow="fold", no_wrap=k < 2)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()


def tables(report: Mapping[str, Any]) -> list[tuple[Sequence[str], list[list[str]]]]:
    return [(SUMS, sum_rows(report)), (VERDICTS, verdict_rows(report)),
            (MISFIT, misfit_rows(report))]  # fmt: skip


def write_page(report: Mapping[str, Any], page: Path = PAGE) -> None:
    """Put the tables between the marks of the page."""
    lines: list[str] = []
    for head, rows in tables(report):
        lines += ["", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
    before, rest = page.read_text(encoding="utf-8").split(START, 1)
    after = rest.split(END, 1)[1]
    text = "\n".join([before + START, *lines, "", END + after])
    page.write_text(text, encoding="utf-8", newline="\n")


def save_figure(folder: Path, report: Mapping[str, Any]) -> None:
    """misspecification.svg and .png in the folder."""
    from sim.report.figures import saved

    saved(folder, "misspecification", plot_trial(report))
