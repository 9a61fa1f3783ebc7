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
    planted = [one for one in faults if one.name in found or one.at_first == MISSED]
    first = sum(one.at_first != MISSED for one in planted)
    known = [one for one in planted if one.name in found]
    left = [one.name for one in known if not is_caught(found[one.name])]
    n, m, now = len(planted), len(known), len(known) - len(left)
    waiting = f" {len(faults) - n} of {len(faults)} have not been planted yet." if planted else ""
    again = f" {n - m} missed at first wait for the tests that came of them." if n > m else ""
    return (
        f"{n} faults: {first} ({100 * first / max(n, 1):.1f} %) caught at first. {m} "
        f"looked at by what there is now: {now} ({100 * now / max(m, 1):.1f} %) caught. "
        f"Missed now: {'; '.join(left) or 'none'}.{again}{waiting}"
    )


def row(one: Fault, found: Mapping[str, str] | None) -> str:
    """A line of the table."""
    first = one.at_first if found or one.at_first == MISSED else NOT_YET
    results = (first, *((found["forms"], found["tests"]) if found else (NOT_YET, NOT_YET)))
    return f"| {' | '.join((one.name, f'`{one.file}`', *results))} |"


def write(faults: Sequence[Fault], found: Found) -> None:
    """Put figures and table between their marks."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(START, 1)
    rows = [row(one, found.get(one.name)) for one in faults]
    lines = [head + START, "", figures(faults, found), "", *HEAD, *rows, "",
             END + rest.split(END, 1)[1]]  # fmt: skip
    PAGE.write_text("\n".join(lines), encoding="utf-8", newline="\n")
