"""Planted faults: does anything notice? The source is changed in one place of a copy; checks run.

    python -m verification faults                  what is not known yet; who noticed, the misses
    python -m verification faults --only copies    faults whose name or file holds this
    python -m verification faults --minutes 9      stop in time; the same command goes on
    python -m verification faults --page           also writes the table into docs/verification.md

A fault is looked at by the closed forms named beside it, with the reference engine, and by the fast
tests named beside it. Each of these first goes through a copy without a fault: what fails there
would notice nothing. What was found is kept in --place (results/faults), a line a fault, until the
fault, its file or what looks at it changes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from verification.faults.fault import MISSED, NOTICED, Fault
from verification.faults.page import figures, is_caught, row, write
from verification.faults.place import ROOT, Place, closed_forms, tests_in
from verification.faults.registry import FAULTS

NOT_ASKED = "\u2013"


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m verification faults", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of a fault's name or file")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--place", type=Path, default=ROOT / "results" / "faults")
    return parser.parse_args(words)


class Records:
    """A line a finding, the last one of a name counts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self.known = folder / "found.jsonl", {}
        if self.path.is_file():
            lines = self.path.read_text(encoding="utf-8").splitlines()
            self.known = {one["name"]: one for one in map(json.loads, lines)}

    def get(self, name: str, digest: str) -> dict[str, Any] | None:
        """What was found, unless something has changed since."""
        one = self.known.get(name)
        return one if one and one["digest"] == digest else None

    def keep(self, name: str, digest: str, **found: Any) -> dict[str, Any]:
        """Write a finding down."""
        self.known[name] = {"name": name, "digest": digest, **found}
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(self.known[name]) + "\n")
        return self.known[name]


def main(words: Sequence[str] | None = None) -> int:
    """Plant each, see who notices, print."""
    asked, began = arguments(words), time.monotonic()
    records, place = Records(asked.place), Place(asked.place)
    place.refresh()
    chosen = [one for one in FAULTS if asked.only in one.name or asked.only in one.file]
    for one in chosen:
        if records.get(one.name, one.digest(place.copy)):
            continue
        if time.monotonic() - began > 60 * asked.minutes:
            print("Time is up: the same command goes on.")
            break
        refuse_what_fails_anyway(one, place, records)
        seconds = time.monotonic()
        found = noticed(one, place)
        seconds = time.monotonic() - seconds
        print(row(one, found), f"{seconds:.0f} s", flush=True)
        records.keep(one.name, one.digest(place.copy), **found, seconds=round(seconds, 1))
    return tell(chosen, records, place, asked.page)


def tell(chosen: Sequence[Fault], records: Records, place: Place, page: bool) -> int:
    """Print the figures, write the page if asked; 1 where a fault that was planted is missed."""
    known = {one.name: records.get(one.name, one.digest(place.copy)) for one in FAULTS}
    found = {name: one for name, one in known.items() if one}
    print(figures(chosen, found))
    if page:
        write(FAULTS, found)
    return int(not all(is_caught(found[one.name]) for one in chosen if one.name in found))


def refuse_what_fails_anyway(one: Fault, place: Place, records: Records) -> None:
    """The control: in the copy without a fault its checks and tests pass."""
    asked = [(name, tests_in([name])) for name in one.tests]
    asked += [(f"check {name}", closed_forms([name])) for name in one.checks]
    for name, command in asked:
        digest = place.digest(name)
        if records.get(name, digest):
            continue
        code = place.run(command, place.environment())
        if code != 0:
            raise SystemExit(f"Without any fault '{name}' ends with exit code {code}: mend it "
                             "first, nothing can be said of faults.")  # fmt: skip
        records.keep(name, digest, passes=True)


def noticed(one: Fault, place: Place) -> dict[str, str]:
    """What became of a fault at its closed forms and at its tests."""
    with place.planted(one) as environment:
        forms = place.run(closed_forms(one.checks), environment) if one.checks else "none"
        tests = place.run(tests_in(one.tests), environment)
    return {"forms": told(forms), "tests": told(tests)}


def told(code: int | str | None) -> str:
    """An exit code in a word; a crash of the command itself is no verdict."""
    if code == "none":
        return NOT_ASKED
    return {0: MISSED, 1: NOTICED}.get(code, f"broke off ({code})")  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
