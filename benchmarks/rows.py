"""The lines of the table: figures, their targets, and how far they are from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.process import Measured

YEAR = 365
RECORDS_PER_VIEW = 2  # a person, and whether this account had reached him or her before
SLOT_BYTES = 8  # one follower as kept by an account
LIMITS = "The machine, one core"
WORLD = "One year, one world, one core, 2.64 M people"
PEOPLE = "People and worlds"
COMMANDS = "Commands, on the cores there are"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure; `target` is the most it may be, or the `least`, where one was set."""

    group: str
    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""
    least: bool = False

    @property
    def ratio(self) -> float | None:
        return None if self.target is None else self.value / self.target

    @property
    def verdict(self) -> str:
        if self.ratio is None:
            return ""
        return "met" if (self.ratio >= 1.0 if self.least else self.ratio <= 1.0) else "not met"


def limit_rows(limits: Measured) -> list[Row]:
    """What one core of this machine can do."""

    def row(name: str, key: str, scale: float, unit: str, note: str = "") -> Row:
        return Row(group=LIMITS, name=name, value=limits[key] / scale, unit=unit, note=note)

    chained = 1e9 / limits["reads_chained"]
    return [
        row("random 32-byte reads, one after another", "reads_chained", 1e6, "M/s",
            f"{chained:.0f} ns to wait for one"),
        row("random 32-byte reads, independent", "reads_apart", 1e6, "M/s", "no prefetch"),
        row("random 32-byte reads, prefetched", "reads_ahead", 1e6, "M/s"),
        row("streaming reads", "streamed_bytes", 1e9, "GB/s"),
        row("counter hashes", "hashes", 1e9, "G/s", "draws of sim.streams, vectorised"),
        row("first write to fresh memory", "fresh_bytes", 1e9, "GB/s", "zeroed pages included"),
    ]  # fmt: skip


def least_seconds(limits: Measured, year: Measured) -> float:
    """What the memory traffic and the hashes of these days take at the very least."""
    reads = RECORDS_PER_VIEW * year["views"] + year["friends"]
    scan = year["slots"] * (SLOT_BYTES / limits["streamed_bytes"] + 1.0 / limits["hashes"])
    return reads / limits["reads_ahead"] + scan


def year_rows(limits: Measured, year: Measured) -> list[Row]:
    """One simulated year, or a shorter stretch scaled to one."""
    days = int(year.options["days"])
    scale = YEAR / days
    said = "" if days == YEAR else f"scaled from {days} days"
    seconds, least = year["seconds"] * scale, least_seconds(limits, year) * scale

    def row(name: str, value: float, unit: str, target: float | None = None,
            note: str = "") -> Row:  # fmt: skip
        return Row(group=WORLD, name=name, value=value, unit=unit, target=target, note=note)

    def share(part: str) -> float:
        return 100.0 * year[part] / year["seconds"]

    return [
        row("wall time", seconds, "s", 15.0,
            "; ".join(filter(None, [said, f"{year['cpu'] * scale:.1f} s of processor time"]))),
        row("least time at the limits above", least, "s", None,
            "2 reads a view, 1 a friend; 8 bytes, 1 hash a slot"),
        row("wall time / least time", seconds / least, "x", 3.0),
        row("planning in Python", share("planning"), "% of wall", 10.0),
        row("settling the lists of followers", share("settle"), "% of wall"),
        row("views", year["views"] * scale / 1e6, "M", None, said),
        row("follower slots offered", year["slots"] * scale / 1e6, "M", None,
            f"{year['posts'] * scale:,.0f} posts"),
        row("friends of sharers asked, about", year["friends"] * scale / 1e6, "M", None,
            f"{year['shares'] * scale:,.0f} shares, mean followers"),
        row("engine, per view", 1e9 * year["run"] / year["views"], "ns", None,
            "all engine time / views"),
        row("engine, per follower slot", 1e9 * year["run"] / year["slots"], "ns", None,
            "all engine time / slots"),
        row("peak memory of the process", year.peak_bytes / 1e9, "GB", 1.2,
            "with mapped people" + (f"; after {days} days" if said else "")),
    ]  # fmt: skip


def people_rows(people: Measured, load: Measured, fork: Measured) -> list[Row]:
    """What comes before the first hour, and what a second arm costs."""
    first = fork.figures["seconds"][0]  # in memory that the process has not had before
    return [
        Row(group=PEOPLE, name="2.64 M people, drawn and written",
            value=people["built"], unit="s", target=6.0, note="with their graph"),
        Row(group=PEOPLE, name="the same, opened from the cache",
            value=1e3 * people["opened"], unit="ms", note="memory-mapped"),
        Row(group=PEOPLE, name="peak memory while drawing",
            value=people.peak_bytes / 1e9, unit="GB"),
        Row(group=PEOPLE, name="one world loaded", value=load["seconds"], unit="s",
            note=f"peak {load.peak_bytes / 1e9:.2f} GB"),
        Row(group=PEOPLE, name="a fork, two weeks in", value=fork["seconds"], unit="s",
            note=f"the first {first:.2g} s; both arms {fork.peak_bytes / 1e9:.2f} GB"),
    ]  # fmt: skip


TARGETS = {"--help": 0.5, "small, warm": 10.0, "whole, cold": 180.0}
NOTES = {
    "small, warm": "audience=small days=14 worlds=4",
    "whole, cold": "people built, kernels compiled",
    "whole, warm": "scenario=proactive",
}  # fmt: skip


def command_rows(commands: Mapping[str, Measured]) -> list[Row]:
    """What a user waits for."""
    rows = []
    for name, one in commands.items():
        worlds = one.figures.get("worlds")
        said = [NOTES.get(name, ""), f"{median(worlds):.0f} worlds" if worlds else ""]
        if name.startswith("whole"):
            said.append(f"{one.cpu_seconds:.0f} s of processor time")
        rows.append(Row(
            group=COMMANDS, name=f"python -m sim ({name})", value=one["seconds"], unit="s",
            target=TARGETS.get(name), note="; ".join(filter(None, said)),
        ))  # fmt: skip
        if worlds:
            rows.append(Row(
                group=COMMANDS, name="  its largest process", value=one.child_bytes / 1e9,
                unit="GB",
            ))  # fmt: skip
    return rows


MOST_UNTIL = {"warm": 3.0, "cold": 15.0}  # seconds


def first_move_rows(found: Mapping[str, Measured]) -> list[Row]:
    """How long the main job's bar stands still."""
    return [
        Row(group=COMMANDS, name=f"its first day is over ({name})", value=one["first_day"],
            unit="s", target=MOST_UNTIL[name],
            note=f"scenario=proactive; the bar moves after {one['loaded']:.1f} s, a world loaded")
        for name, one in found.items()
    ]  # fmt: skip


def profile_rows(profile: Measured) -> list[Row]:
    """How the days of the profile divide."""
    names = {
        "posts_out": "posts offered to followers", "shares_out": "shares offered to friends",
        "look": "people look and react", "planning": "planning in Python",
        "settle": "settling the lists of followers", "news": "news and attention",
        "ties": "follows and leaves", "bounds": "securing room", "release": "releasing blocks",
    }  # fmt: skip
    unit = {
        "posts_out": ("slots", "slot"), "shares_out": ("friends", "friend"),
        "look": ("views", "view"),
    }  # fmt: skip
    days = int(profile.options["days"]) - 1
    rows = []
    for part, name in names.items():
        note = f"{profile[part]:.2f} s"
        if part in unit:
            counted, single = unit[part]
            note += f", {1e9 * profile[part] / profile[counted]:.0f} ns a {single}"
        rows.append(Row(
            group=f"How {days} days divide", name=name,
            value=100.0 * profile[part] / profile["seconds"], unit="%", note=note,
        ))  # fmt: skip
    return rows
