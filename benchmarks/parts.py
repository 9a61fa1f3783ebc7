"""The parts of the table: what each has measured, one process after the other, and its lines.

What is compared is measured in turn within one run, so that a busy moment of the machine falls on
both sides alike; medians of the rounds are compared, and their spread is printed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import cascades, mesa_pair, rows, rows_peers, rows_scale
from benchmarks import sizes as size_of
from benchmarks import studies as study_of
from benchmarks.mechanisms import SWITCHED
from benchmarks.process import Measured, run
from benchmarks.rows import Row

MONTH = 30
PROFILED = 92  # days; the first one only loads what is timed
WHOLE = ["scenario=proactive"]
SMALL = [*WHOLE, "audience=small", "days=14", "worlds=4"]


class Session:
    """One run of the benchmarks: what has been measured, and the lines found so far."""

    def __init__(self, *, quick: bool, full: bool, say: Callable[[str], Any]) -> None:
        self.quick, self.full, self.say = quick, full, say
        self.done: list[Measured] = []
        self.found: list[Row] = []
        self.parts: tuple[str, ...] = ()
        self.machine: Measured | None = None

    def one(self, task: str, said: str, **options: Any) -> Measured:
        """One measurement."""
        self.say(said)
        measured = run(task, **options)
        self.done.append(measured)
        return measured

    def measure(self, parts: Sequence[str]) -> None:
        """Every part in its turn."""
        self.parts = tuple(parts)
        self.one("compile", "kernels")
        for part in parts:
            PARTS[part](self)


def limits(session: Session) -> None:
    session.machine = session.one("limits", "the machine")
    session.found += rows.limit_rows(session.machine)


def year(session: Session) -> None:
    assert session.machine is not None  # `chosen` puts the limits before
    days = MONTH if session.quick else rows.YEAR
    session.found += rows.year_rows(session.machine, session.one("year", "one world", days=days))


def people(session: Session) -> None:
    session.found += rows.people_rows(
        session.one("people", "2.64 M people"), session.one("load", "loading"),
        session.one("fork", "a fork"),
    )  # fmt: skip


def commands(session: Session) -> None:
    session.found += rows.command_rows({
        "--help": session.one("command", "--help", words=["--help"], rounds=5, warm=True),
        "small, warm": session.one("command", "small", words=SMALL, rounds=3, warm=True),
    })  # fmt: skip
    session.found += rows.first_move_rows({
        name: session.one("first_move", f"until the bar moves ({name})", cold=cold, rounds=rounds)
        for name, cold, rounds in (("warm", False, 3), ("cold", True, 1))
    })  # fmt: skip


def profile(session: Session) -> None:
    days = MONTH + 1 if session.quick else PROFILED
    measured = session.one("profile", "where the time goes", days=days)
    session.found += rows.profile_rows(measured)


def whole(session: Session) -> None:
    if "people" not in session.parts:
        session.one("load", "people, if nobody has built them")
    for name, cold in (("whole, cold", True), ("whole, warm", False)):
        measured = session.one("command", f"main job ({name})", words=WHOLE, rounds=1, cold=cold)
        session.found += rows.command_rows({name: measured})


def cascades_part(session: Session) -> None:
    if find_spec("cynetdiff") is None:
        session.say("cascades are left out: cynetdiff is not there, install the extra 'bench'")
        return
    n_people, n_posts = (1_000_000, 100_000) if session.full else (100_000, 10_000)
    found: dict[str, list[Measured]] = {"ours": [], "arrays": [], "networkx": []}
    with tempfile.TemporaryDirectory() as folder:
        graph = session.one("cascades_graph", "a graph for both", folder=folder, n_people=n_people)
        for k in range(3):
            found["ours"].append(session.one(
                "cascades_ours", "cascades, ours", folder=folder, n_people=n_people,
                n_posts=n_posts,
            ))  # fmt: skip
            for door in ("arrays", "networkx"):
                if door == "arrays" or k == 0 or not session.full:
                    found[door].append(session.one(
                        "cascades_cynetdiff", f"cascades, cynetdiff, {door}", folder=folder,
                        n_posts=n_posts, door=door,
                    ))  # fmt: skip
        agreed = cascades.agreement(Path(folder))
    session.found += rows_peers.cascade_rows(found, agreed, graph, n_posts)


def mesa(session: Session) -> None:
    """The same posts in both, in turn."""
    found: dict[str, dict[str, list[Measured]]] = {}
    for density, a_day, rounds in (("as much to see as usual", mesa_pair.USUAL, 3),
                                   ("six times as much", mesa_pair.DENSE, 1)):  # fmt: skip
        sides: dict[str, list[Measured]] = {"ours": [], "polled": [], "busy": []}
        for _ in range(rounds):
            asked: dict[str, Any] = {"days": MONTH, "a_day": a_day}
            sides["ours"].append(session.one("mesa_ours", f"{density}, ours", **asked))
            for name in ("polled", "busy"):
                sides[name].append(session.one(
                    "mesa_mesa", f"{density}, Mesa", polled=name == "polled", **asked
                ))  # fmt: skip
        found[density] = sides
    session.found += rows_peers.mesa_rows(found)


def studies(session: Session) -> None:
    session.found += rows_scale.study_rows(
        session.one("study_overhead", "a study of long runs", worlds=2 if session.quick else 4,
                    days=study_of.LONG),
        session.one("study_overhead", "a study of short runs", worlds=10 if session.quick else 40,
                    days=7),
        session.one("study_pairs", "worlds bare and in a study", worlds=4 if session.quick else 10),
        session.one("study_cores", "one process and two", worlds=8 if session.quick else 24,
                    rounds=2 if session.quick else 3),
        session.one("study_whole", "a study of 1,000 runs", worlds=20 if session.quick else 100),
    )  # fmt: skip


def mechanisms(session: Session) -> None:
    """Kinds in turn, so that a busy moment falls on all of them."""
    found: dict[str, list[Measured]] = {name: [] for name in SWITCHED}
    for _ in range(1 if session.quick else 3):
        for name, rounds in found.items():
            rounds.append(session.one("kinds", f"switched on: {name}", switched=name, days=MONTH))
    session.found += rows_scale.mechanism_rows(found)


def sizes(session: Session) -> None:
    """Sizes in turn, so that a busy moment falls on all of them."""
    asked = (*size_of.USUAL, size_of.LARGEST) if session.full else size_of.USUAL
    found: dict[int, list[Measured]] = {n: [] for n in asked}
    days = 7 if session.quick else MONTH
    for _ in range(3):
        for n in asked:
            found[n].append(session.one("size", f"{n:,} people", n_people=n, days=days))
    session.found += rows_scale.size_rows(list(found.values()))
    if session.full:
        said = f"{size_of.LARGEST:,} people drawn"
        drawn = session.one("people", said, n_people=size_of.LARGEST)
        session.found += rows_scale.largest_rows(drawn, found[size_of.LARGEST][0], days)


def cores(session: Session) -> None:
    alone, pairs = [], []
    for _ in range(3):
        alone.append(session.one("year", "one world", days=MONTH))
        session.say("two worlds at once")
        pairs.append(size_of.together(2, MONTH))
        session.done += pairs[-1]
    session.found += rows_scale.core_rows(size_of.speed_of_two(alone, pairs))


PARTS: dict[str, Callable[[Session], None]] = {
    "limits": limits, "year": year, "people": people, "commands": commands, "profile": profile,
    "whole": whole, "cascades": cascades_part, "mesa": mesa,
    "studies": studies, "mechanisms": mechanisms, "sizes": sizes, "cores": cores,
}  # fmt: skip
GROUPS = tuple(PARTS)
USUAL = ("limits", "year", "people", "commands")


def chosen(asked: Sequence[str]) -> list[str]:
    """The parts in their order; a year is compared with the machine's limits."""
    wanted = {*asked, *(["limits"] if "year" in asked else [])}
    return [part for part in GROUPS if part in wanted]
