"""Lines of the table for what is measured side by side with something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.process import Measured
from benchmarks.rows import Row

CASCADES = "Plain cascades"
MESA = "10,000 people"
PROGRAMS = {
    "ours": "ours, whole process", "arrays": "cynetdiff, given ready arrays",
    "networkx": "cynetdiff, its manual's way",
}  # fmt: skip


def spread(values: Sequence[float], unit: str = "s") -> str:
    """The rounds, from the least to the most."""
    return f"{min(values):.3g}-{max(values):.3g} {unit}, n = {len(values)}"


def cascade_rows(found: Mapping[str, Sequence[Measured]], agreed: Mapping[str, float],
                 graph: Measured, n_posts: int) -> list[Row]:  # fmt: skip
    """Whole processes, start and building included; then the cascades alone."""

    def row(name: str, value: float, unit: str, note: str = "",
            target: float | None = None) -> Row:  # fmt: skip
        return Row(group=CASCADES, name=name, value=value, unit=unit, note=note, target=target,
                   least=True)  # fmt: skip

    rows = [row("posts", n_posts, "", f"{graph['seeds']:.3g} seeds each, {graph['nodes']:,.0f} "
                f"people, {graph['edges'] / 1e6:.3g} M edges")]  # fmt: skip
    wall, alone, cpu = {}, {}, {}
    for name, rounds in found.items():
        walls = [one.wall_seconds for one in rounds]
        wall[name] = median(walls)
        cpu[name] = median(one.cpu_seconds for one in rounds)
        alone[name] = median(one["exposures"] / one["cascades"] for one in rounds)
        peak = max(one.peak_bytes for one in rounds) / 1e9
        build = median(one["build"] for one in rounds)
        rows += [
            row(PROGRAMS[name], wall[name], "s",
                f"{spread(walls)}; processor {cpu[name]:.3g} s"),
            row("  of which building", build, "s", f"peak memory {peak:.2f} GB"),
            row("  exposures", rate_of(rounds) / 1e6, "M/s",
                f"{alone[name] / 1e6:.3g} M/s once cascades run"),
        ]  # fmt: skip
    for name, note in (("arrays", "given ready arrays"), ("networkx", "through networkx")):
        also = f"{note}; by processor time {cpu[name] / cpu['ours']:.3g} x"
        rows.append(row("times as fast as cynetdiff", wall[name] / wall["ours"], "x", also, 5.0))
        rows.append(row("  cascades alone", alone["ours"] / alone[name], "x"))
    rows.append(row("mean size of a cascade", agreed["ours"], "people",
                    f"cynetdiff {agreed['other']:.4g}, p = {agreed['p']:.2g}"))  # fmt: skip
    return rows


def rate_of(rounds: Sequence[Measured]) -> float:
    """Exposures in a second of the whole process."""
    return median(one["exposures"] / one.wall_seconds for one in rounds)


def mesa_rows(found: Mapping[str, Mapping[str, Sequence[Measured]]]) -> list[Row]:
    """What a view costs in either, where there is as much to see as usual and where there is
    more; and whether both saw the same."""
    rows = []
    for k, (density, sides) in enumerate(found.items()):
        cost = {name: [one["seconds"] / sum(one.figures["views"]) for one in rounds]
                for name, rounds in sides.items()}  # fmt: skip
        ours, views = median(cost["ours"]), sum(sides["ours"][0].figures["views"])
        shown = {"ours": ("ours, a view", 1e9, "ns"), "polled": ("Mesa, a view", 1e6, "us"),
                 "busy": ("Mesa, only readers step", 1e6, "us")}  # fmt: skip
        for name, (said, scale, unit) in shown.items():
            note = spread([scale * one for one in cost[name]], unit)
            rows.append(Row(group=f"{MESA}, {density}", name=said, unit=unit, note=note,
                            value=scale * median(cost[name])))  # fmt: skip
        for name, note, target in (("polled", f"{views:,.0f} views", None if k else 500.0),
                                   ("busy", "only readers step", None)):  # fmt: skip
            rows.append(Row(group=f"{MESA}, {density}", name="times as fast as Mesa", unit="x",
                            value=median(cost[name]) / ours, target=target, least=True,
                            note=note))  # fmt: skip
        rows += _same(f"{MESA}, {density}", sides)
    return rows


def _same(group: str, sides: Mapping[str, Sequence[Measured]]) -> list[Row]:
    """Totals of both over one another, and how many standard errors lie between them."""
    from benchmarks.mesa_pair import gap

    rows = []
    for counted in ("views", "shares"):
        ratio, z = gap(sides["ours"][0].figures[counted], sides["polled"][0].figures[counted])
        rows.append(Row(group=group, name=f"{counted}, ours / Mesa's", value=ratio, unit="x",
                        note=f"{z:+.1f} standard errors"))  # fmt: skip
    return rows
