"""Planted faults: does anything notice? One law is changed in a copy of the source; checks run.

    python -m verification.faults              all faults; prints who noticed, and the misses
    python -m verification.faults --page       also writes the table into docs/verification.md

A fault is a text in a file of sim/ and what stands in its place: a rate off by 5 %, an hour late,
columns exchanged, a factor dropped. It is looked at by the closed forms named beside it, with the
reference engine (compiled kernels would be compiled anew each time), and by the tests of its file.
First a copy without any fault goes through all of them: what fails there would notice nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "verification.md"
START, END = "<!-- faults -->", "<!-- /faults -->"
COPIED = ("sim", "conf", "verification", "tests")
SECONDS = 400


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is planted where, and who should notice."""

    name: str
    file: str
    old: str
    new: str
    checks: tuple[str, ...]
    tests: str


def fault(name: str, file: str, old: str, new: str, checks: str, tests: str = "") -> Fault:
    return Fault(name=name, file=file, old=old, new=new, checks=tuple(checks.split()),
                 tests=tests or f"tests/mechanisms/test_{Path(file).stem}.py")  # fmt: skip


M = "sim/mechanisms/"
FAULTS = (
    fault("visits 5 % too frequent when active", M + "visibility.py",
          "return visits_per_hour + visits_per_active_day / 24.0",
          "return 1.05 * (visits_per_hour + visits_per_active_day / 24.0)", "views mixture"),
    fault("presence from 23 hours a day", M + "visibility.py", "visits = 24.0 * visits_per_hour",
          "visits = 23.0 * visits_per_hour", "views mixture reach"),
    fault("rate and burial exchanged", M + "visibility.py", "return rate / (rate + burial)",
          "return burial / (rate + burial)", "mixture rhythm"),
    fault("delay without the burial", M + "visibility.py", "return 1.0 / (rate + burial)",
          "return 1.0 / rate", "views"),
    fault("rhythm an hour late", M + "visibility.py", "PEAK_LOCAL_HOUR = 20.0",
          "PEAK_LOCAL_HOUR = 21.0", "rhythm"),
    fault("late views by their median as if a mean", M + "visibility.py",
          "return median_hours / math.log(2.0)", "return median_hours", "late"),
    fault("reactions 5 % too likely", M + "sharing.py", "return -math.expm1(-hazard)",
          "return -math.expm1(-1.05 * hazard)", "reacting"),
    fault("a hazard taken for a probability", M + "sharing.py", "return -math.expm1(-hazard)",
          "return min(hazard, 1.0)", "reacting"),
    fault("quality dropped", M + "sharing.py", "kappa * math.log(quality) -",
          "0.0 * math.log(quality) -", "reacting qualities"),
    fault("core blind to quality", M + "core.py", "mean_core * quality / n_members",
          "mean_core / n_members", "reacting"),
    fault("churn by months of 28 days", M + "following.py", "HOURS_PER_MONTH = 730.5",
          "HOURS_PER_MONTH = 672.0", "emptying"),
    fault("interest by e instead of 2", M + "following.py",
          "return half_life_months * DAYS_PER_MONTH / math.log(2.0)",
          "return half_life_months * DAYS_PER_MONTH", "emptying"),
    fault("boredom and leaving exchanged", M + "following.py", "return bored, leave",
          "return leave, bored", "emptying equilibrium"),
    fault("immigrants without the factor 1 - b", M + "news.py",
          "return events_per_week * (1.0 - branching) / 168.0",
          "return events_per_week / 168.0", "hawkes", "tests/world/test_news.py"),
    fault("children 5 % too many", "sim/world/news.py",
          'counts = _poisson(_dice(parents["key"], N_CHILDREN), settings.branching)',
          'counts = _poisson(_dice(parents["key"], N_CHILDREN), 1.05 * settings.branching)',
          "hawkes", "tests/world/test_news.py"),
    fault("tail of severity off by one", M + "news.py", "(low / high) ** tail)) ** (-1.0 / tail)",
          "(low / high) ** tail)) ** (-1.0 / (tail - 1.0))", "severity",
          "tests/world/test_news.py"),
    fault("attention halves an hour early", M + "news.py",
          "return math.exp(-math.log(2.0) / half_life)",
          "return math.exp(-math.log(2.0) / (half_life - 1.0))", "attention",
          "tests/world/test_news.py"),
    fault("opinion and position exchanged", M + "opinion.py",
          "    if kind == 3:\n        return strength * (x - s)",
          "    if kind == 3:\n        return strength * (s - x)", "consensus"),
    fault("repetition counts from 1", M + "opinion.py",
          "(math.log(2.0 + n_before) - math.log(1.0 + n_before))",
          "(math.log(3.0 + n_before) - math.log(2.0 + n_before))", "consensus repeating"),
    fault("opinion fades by e instead of 2", M + "opinion.py",
          "math.exp(-math.log(2.0) * gap_hours / half_life_hours)",
          "math.exp(-gap_hours / half_life_hours)", "forgetting"),
    fault("frames fade 5 % too slowly", M + "framing.py",
          "left = math.exp(-math.log(2.0) * gap_hours / half_life_hours)",
          "left = math.exp(-math.log(2.0) * gap_hours / (1.05 * half_life_hours))", "framing"),
    fault("service 5 % too long", M + "clearance.py", "return -mean * np.log(die)",
          "return -1.05 * mean * np.log(die)", "queue"),
    fault("backlog forgets to work", M + "clearance.py",
          "np.maximum(0.0, before + submitted - 1.0)", "np.maximum(0.0, before + submitted)",
          "queue"),
    fault("half saturation dropped", M + "work.py", "return x**slope / (x**slope + half**slope)",
          "return x**slope / (x**slope + 1.0)", "returns"),
    fault("tries a step late", "sim/world/citizens.py",
          "attempt_hour(crisis, after, every, attempt)",
          "attempt_hour(crisis, after, every, attempt + 1)", "notices",
          "tests/mechanisms/test_notification.py"),
    fault("partner sees 13 days", M + "notification.py", "DAYS_REMEMBERED = 14",
          "DAYS_REMEMBERED = 13", "notices"),
)  # fmt: skip


def main() -> int:
    """Plant each, see who notices, print."""
    refuse_what_fails_anyway()
    lines = ["| Planted fault | In | Closed forms | Tests of the file |", "|---|---|---|---|"]
    missed = []
    for one in FAULTS:
        forms, tests = noticed(one)
        row = f"| {one.name} | `{one.file}` | {forms} | {tests} |"
        print(row, flush=True)
        lines.append(row)
        if "missed" in (forms, tests):
            missed.append(one.name)
    by_none = [row for row in lines[2:] if row.count("missed") == 2]
    print(f"{len(FAULTS)} faults, noticed by neither: {len(by_none)}. Missed by one of them: "
          f"{'; '.join(missed) or 'none'}.")  # fmt: skip
    if "--page" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        head, rest = text.split(START, 1)
        page = "\n".join([head + START, "", *lines, "", END + rest.split(END, 1)[1]])
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    return int(bool(by_none))


def refuse_what_fails_anyway() -> None:
    """The control: in a copy without a fault all checks and tests pass."""
    with copied() as folder:
        checks = sorted({name for one in FAULTS for name in one.checks})
        tests = tests_in({one.tests for one in FAULTS})
        for what, words in (("closed forms", closed_forms(checks)), ("tests", tests)):
            code = run(words, folder)
            if code:
                raise SystemExit(f"Without any fault the {what} end with exit code {code}: mend "
                                 "them first, nothing can be said of faults.")  # fmt: skip


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the source in a folder of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name,
                            ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
        shutil.copy(ROOT / "pyproject.toml", folder)
        yield folder


def closed_forms(names: Iterable[str]) -> list[str]:
    """The command of some checks."""
    only = [word for name in names for word in ("--only", name)]
    return ["-m", "verification", "--engine", "reference", *only]


def tests_in(files: Iterable[str]) -> list[str]:
    """The command of the fast tests of some files."""
    return ["-m", "pytest", "-q", "-n", "0", "-x", "-m", "not slow", *sorted(files)]


def noticed(one: Fault) -> tuple[str, str]:
    """("noticed" or "missed") of the closed forms and of the tests of the file."""
    with copied() as folder:
        path = folder / one.file
        text = path.read_text(encoding="utf-8")
        if text.count(one.old) < 1:
            raise SystemExit(f"'{one.name}': the text to change is not in {one.file}")
        path.write_text(text.replace(one.old, one.new), encoding="utf-8")
        forms, tests = closed_forms(one.checks), tests_in([one.tests])
        return told(run(forms, folder)), told(run(tests, folder))


def told(code: int) -> str:
    return {0: "missed", 1: "noticed"}.get(code, f"broke off ({code})")


def run(words: list[str], folder: Path) -> int:
    """The exit code of a command in a copy of the source."""
    own = {"PYTHONPATH": str(folder), "DEMARCHE_CACHE": str(folder / "cache")}
    found = subprocess.run([sys.executable, "-W", "ignore", *words], cwd=folder, timeout=SECONDS,
                           env={**os.environ, **own}, capture_output=True, check=False)  # fmt: skip
    return found.returncode


if __name__ == "__main__":
    sys.exit(main())
