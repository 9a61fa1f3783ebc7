"""The table of planted faults in docs/verification.md, and the two figures above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verification.faults.fault import MISSED, NOTICED, Fault
from verification.faults.place import ROOT

PAGE = ROOT / "docs" / "verification.md"
START, END = "<!-- faults -->", "<!-- /faults -->"
HEAD = ["| Planted fault | In | At first | Now: closed forms | Now: tests |",
        "|---|---|---|---|---|"]  # fmt: skip
Found = Mapping[str, Mapping[str, str]]  # {fault: {"forms": ..., "tests": ...}}


def is_caught(found: Mapping[str, str]) -> bool:
    """Whether anybody noticed; to break off without a verdict is not to notice."""
    return NOTICED in (found["forms"], found["tests"])


def figures(faults: Sequence[Fault], found: Found) -> str:
    """How many were caught, the first time and now, and which are missed."""
    first = sum(one.at_first != MISSED for one in faults)
    now = [one.name for one in faults if is_caught(found[one.name])]
    left = [one.name for one in faults if one.name not in now]
    n = len(faults)
    return (
        f"{n} faults: {first} ({100 * first / n:.1f} %) caught on the first run, {len(now)} "
        f"({100 * len(now) / n:.1f} %) caught now. Missed now: {'; '.join(left) or 'none'}."
    )


def row(one: Fault, found: Mapping[str, str]) -> str:
    """A line of the table."""
    cells = (one.name, f"`{one.file}`", one.at_first, found["forms"], found["tests"])
    return f"| {' | '.join(cells)} |"


def write(faults: Sequence[Fault], found: Found) -> None:
    """Put figures and table between their marks."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(START, 1)
    rows = [row(one, found[one.name]) for one in faults]
    lines = [head + START, "", figures(faults, found), "", *HEAD, *rows, "",
             END + rest.split(END, 1)[1]]  # fmt: skip
    PAGE.write_text("\n".join(lines), encoding="utf-8", newline="\n")
