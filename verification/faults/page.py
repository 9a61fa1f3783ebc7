"""The table of planted faults in docs/verification.md, and the two figures above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verification.faults.fault import MISSED, NOTICED, Fault
from verification.faults.place import ROOT

PAGE = ROOT / "docs" / "verification.md"
START, END = "<!-- faults -->", "<!-- /faults -->"
HEAD = ["| Planted fault | In | At first | Now: closed forms | Now: tests |",
        "|---|---|---|---|---|"]  # fmt: skip
NOT_YET = "not yet planted"
Found = Mapping[str, Mapping[str, str]]  # {fault: {"forms": ..., "tests": ...}}


def is_caught(found: Mapping[str, str]) -> bool:
    """Whether anybody noticed; to break off without a verdict is not to notice."""
    return NOTICED in (found["forms"], found["tests"])


def figures(faults: Sequence[Fault], found: Found) -> str:
    """How many were caught, the first time and now, and which are missed; those that have not been
    planted yet are told apart and counted nowhere."""
    planted = [one for one in faults if one.name in found]
    first = sum(one.at_first != MISSED for one in planted)
    now = [one.name for one in planted if is_caught(found[one.name])]
    left = [one.name for one in planted if one.name not in now]
    n, waiting = len(planted), len(faults) - len(planted)
    told = f" {waiting} more of the list have not been planted yet." if waiting else ""
    return (
        f"{n} faults: {first} ({100 * first / max(n, 1):.1f} %) caught on the first run, "
        f"{len(now)} ({100 * len(now) / max(n, 1):.1f} %) caught now. Missed now: "
        f"{'; '.join(left) or 'none'}.{told}"
    )


def row(one: Fault, found: Mapping[str, str] | None) -> str:
    """A line of the table."""
    results = (one.at_first, found["forms"], found["tests"]) if found else (NOT_YET,) * 3
    return f"| {' | '.join((one.name, f'`{one.file}`', *results))} |"


def write(faults: Sequence[Fault], found: Found) -> None:
    """Put figures and table between their marks."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(START, 1)
    rows = [row(one, found.get(one.name)) for one in faults]
    lines = [head + START, "", figures(faults, found), "", *HEAD, *rows, "",
             END + rest.split(END, 1)[1]]  # fmt: skip
    PAGE.write_text("\n".join(lines), encoding="utf-8", newline="\n")
