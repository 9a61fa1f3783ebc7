"""What task=calibrate prints and draws: what the patterns say of each parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.evidence import IN_RANGE
from sim.report.answer import bullets, paragraph
from sim.report.style import BASE, FAINT, TESTED, VERDICTS, styled
from sim.report.terminal import show
from sim.study.posterior import CALIBRATED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST = 110
ROOMY = 100  # columns from which a pattern's key has a column of its own
NOTE = (
    "No held-out fact was looked at. Patterns marked fitted were in view when the priors were "
    "written: their agreement says little."
)


def print_report(report: Mapping[str, Any], console: Console | None = None) -> None:
    """Print to the terminal."""
    show(lambda width: whole(report, width), console, WIDEST)


def whole(report: Mapping[str, Any], width: int) -> Group:
    """Question, parameters, patterns, what cannot be met."""
    gap = Text("")
    parts: list[RenderableType] = [
        paragraph("Which parameters do the published patterns allow?", width, "bold"), gap,
        paragraph(setting(report), width, "dim"), gap, parameters(report), gap,
        patterns(report, width), gap, *bullets([*remarks(report), NOTE, *use(report)], width), gap,
        Text(f"Results: {report['folder']}", no_wrap=True, overflow="ignore"),
    ]  # fmt: skip
    return Group(*parts)


def setting(report: Mapping[str, Any]) -> str:
    """What it was found under."""
    kept = report["runs_from_before"]
    before = f" Some runs are from before a change: {'; '.join(kept)}." if kept else ""
    return (
        f"Status quo, {report['runs']:,} runs of {report['days']} days over "
        f"{len(report['parameters'])} parameters, all others central; seed {report['seed']}. "
        f"Audience: {report['audience']}. "
        f"{report['draws']} posterior draws on an emulator.{before}"
    )


def parameters(report: Mapping[str, Any]) -> Table:
    """A row a parameter, the best informed first."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head in ("Parameter", "Moved by\nprior sds", "Posterior sd\nover prior sd", ""):
        table.add_column(head, justify="right" if "\n" in head else "left", no_wrap=True)
    for key, one in sorted(report["parameters"].items(), key=lambda pair: pair[1]["sd"]):
        told = "calibrated" if one["calibrated"] else "not calibrated"
        table.add_row(key, f"{one['mean']:+.2f}", f"{one['sd']:.2f}", told)
    return table


def patterns(report: Mapping[str, Any], width: int) -> Table:
    """A row a pattern, the worst first; in a narrow window its key stands above its name."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    roomy = width >= ROOMY
    if roomy:
        table.add_column("", no_wrap=True)
    table.add_column("Pattern")
    for head in ("Kind", "Off, prior\nby sd", "Off, posterior\nby sd", "Off, run\nagain",
                 "Emulator\nexplains", ""):  # fmt: skip
        side: Any = "right" if "\n" in head else "left"
        head = head if roomy else head.replace(", ", ",\n")
        table.add_column(head, justify=side, no_wrap=True)
    rows = sorted(report["patterns"].items(), key=lambda pair: -abs(pair[1]["deviation"]))
    for key, one in rows:
        name = [key, one["about"]] if roomy else [f"{key}\n{one['about']}"]
        table.add_row(
            *name, one["kind"], f"{one['prior_deviation']:+.1f}",
            f"{one['deviation']:+.1f}", checked(one), f"{100 * one['explained']:.0f} %",
            "in range" if one["in_range"] else "outside",
        )  # fmt: skip
    return table


def checked(one: Mapping[str, Any]) -> str:
    """What the model itself shows at posterior draws."""
    return "" if one["run_again"] is None else f"{one['run_again']:+.1f}"


def remarks(report: Mapping[str, Any]) -> list[str]:
    """Ridges, and what cannot be met."""
    told = [
        f"{100 * report['not_ruled_out']:.2g} % of the prior is not ruled out (every pattern "
        "within three sds of range, discrepancy and luck); at the posterior draw that fits best "
        f"the worst pattern is {report['least_worst']:.1f} off.",
    ]
    told += [
        f"Ridge: {one['one']} and {one['other']} (correlation {one['correlation']:+.2f}): the "
        "patterns tell them apart badly."
        for one in report["ridges"]
    ]  # fmt: skip
    told.append(
        f"Off, run again: {report['checks']} draws of the posterior run in the model itself, their "
        "median; where it differs much from the column before, the emulator is at fault."
    )
    if report["not_known"]:
        told.append(f"Left out, known in too few runs: {', '.join(report['not_known'])}.")
    for key, one in report["patterns"].items():
        if not one["in_range"]:
            share = one["runs_in_range"]
            told.append(f"{key}, {one['about']}: not met together with the others; alone it is in "
                        f"range in {100 * share:.2g} % of the runs.")  # fmt: skip
    return told


def use(report: Mapping[str, Any]) -> list[str]:
    """How runs draw from it, and what speaks against it."""
    told = [f"To draw from it: parameters=posterior posterior={report['folder']}/posterior.json."]
    if report["unmet"]:
        return [*told, f"It falls short, which every use will say: {'; '.join(report['unmet'])}."]
    return [*told, "Nothing speaks against installing it: the same command with "
            "study.install=true; then parameters=posterior alone draws from it."]  # fmt: skip


@styled
def plot_calibration(report: Mapping[str, Any]) -> Figure:
    """Left: how much narrower each parameter became. Right: how far each pattern is off."""
    from matplotlib.figure import Figure

    n = max(len(report["parameters"]), len(report["patterns"]))
    figure = Figure(figsize=(11.0, 1.9 + 0.27 * n))
    left, right = figure.subplots(1, 2)
    draw_parameters(left, report)
    draw_patterns(right, report)
    figure.suptitle("What the published patterns say of the parameters", x=0.02, ha="left",
                    fontsize=12.5, fontweight="bold")  # fmt: skip
    figure.text(0.02, 0.012, (
        f"Status quo, {report['runs']} runs of {report['days']} days, all other parameters "
        f"central. {report['draws']} draws on an emulator. No held-out fact was looked at."
    ), fontsize=7.2, color="#6B6B6B")  # fmt: skip
    figure.tight_layout(rect=(0, 0.03, 1, 0.97), w_pad=2.0)
    return figure


def draw_parameters(axes: Any, report: Mapping[str, Any]) -> None:
    """Posterior sd over prior sd."""
    rows = sorted(report["parameters"].items(), key=lambda pair: -pair[1]["sd"])
    values = [one["sd"] for _, one in rows]
    colours = [TESTED if one["calibrated"] else BASE for _, one in rows]
    axes.barh(range(len(rows)), values, color=colours, height=0.62)
    axes.axvline(CALIBRATED, color=VERDICTS["worse"], lw=1)
    axes.text(CALIBRATED + 0.01, len(rows) - 0.35, f"calibrated below {CALIBRATED:g}",
              color=VERDICTS["worse"], fontsize=7.6, ha="left", va="bottom")  # fmt: skip
    axes.set_yticks(range(len(rows)), [key for key, _ in rows])
    axes.set_ylim(-0.6, len(rows) + 0.3)
    axes.set_xlabel("posterior sd / prior sd (1: nothing was learnt)")


def draw_patterns(axes: Any, report: Mapping[str, Any]) -> None:
    """From prior median to posterior median, with the range."""
    rows = sorted(report["patterns"].items(), key=lambda pair: abs(pair[1]["deviation"]))
    axes.axvspan(-IN_RANGE, IN_RANGE, color=FAINT, zorder=0)
    for place, (_, one) in enumerate(rows):
        colour = VERDICTS["better"] if one["in_range"] else VERDICTS["worse"]
        axes.plot([one["prior_deviation"], one["deviation"]], [place, place], color=BASE, lw=1)
        axes.plot(one["prior_deviation"], place, "o", mfc="white", mec=BASE, ms=5)
        axes.plot(one["deviation"], place, "o", color=colour, ms=6)
        if one["run_again"] is not None:
            axes.plot(one["run_again"], place, "x", color="#222222", ms=5)
    names = [f"{one['about']} ({key.partition('.')[0]})" for key, one in rows]
    axes.set_yticks(range(len(rows)), names)
    axes.set_ylim(-0.6, len(rows) + 0.3)
    axes.text(0, len(rows) - 0.35, "published range", ha="center", va="bottom", fontsize=7.6,
              color="#6B6B6B")  # fmt: skip
    axes.set_xlabel(
        "off the middle of the range, in its sds\n"
        "(open: prior, full: as emulated, cross: run again)"
    )
