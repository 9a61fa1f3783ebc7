"""What task=import and task=backcast print: files, columns, what can be measured, how it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.errors import counted
from sim.evidence import load_targets, number_text, parts_of
from sim.exports.backcast import Score
from sim.exports.estimate import Estimate
from sim.report.answer import bullets, paragraph
from sim.report.terminal import show

WIDEST = 120
SHOWN = 12  # accounts and files listed one by one
GAP = Text("")


def print_import(report: Mapping[str, Any], found: Sequence[Estimate],
                 console: Console | None = None) -> None:  # fmt: skip
    """Print to the terminal."""
    show(lambda width: import_text(report, found, width), console, WIDEST)


def import_text(report: Mapping[str, Any], found: Sequence[Estimate], width: int) -> Group:
    """The whole report."""
    parts: list[RenderableType] = [
        paragraph(
            f"{counted(report['posts'], 'post')} ({counted(report['replies'], 'reply', 'replies')})"
            f" of {counted(report['accounts'], 'account')} on {' and '.join(report['platforms'])}, "
            f"{report['days']:.0f} days.", width, "bold"), GAP,
    ]  # fmt: skip
    alike = read_alike(report["files"])
    for told, files in alike[:SHOWN]:
        parts.append(paragraph(files_told(files), width))
        parts += bullets(told, width)
    if len(alike) > SHOWN:
        left = sum(len(files) for _, files in alike[SHOWN:])
        parts.append(paragraph(f"... and {left} files more: imported.json lists all.", width))
    parts += [GAP, Text("What the posts can support", style="bold"), support_table(report), GAP,
              Text("What they say of the accounts (estimates.csv)", style="bold"),
              *bullets(estimates_told(found), width), GAP, *bullets(next_steps(report), width), GAP,
              Text(f"Results: {report['folder']}", no_wrap=True, overflow="ignore")]  # fmt: skip
    return Group(*parts)


def read_alike(files: Sequence[Mapping[str, Any]]
               ) -> list[tuple[list[str], list[Mapping[str, Any]]]]:  # fmt: skip
    """What is told of columns, and the files of which that is told, in order of the first."""
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for one in files:
        alike.setdefault((one["export"], *columns_told(one)), []).append(one)
    return [(list(told[1:]), found) for told, found in alike.items()]


def files_told(files: Sequence[Mapping[str, Any]]) -> str:
    """One file, or several of which the same holds."""
    rows = counted(sum(one["rows"] for one in files), "row")
    first = files[0]
    if len(files) == 1:
        return f"{first['file']}: {first['export']}, {rows}"
    last = files[-1]["file"]
    return f"{first['file']} to {last}: {first['export']}, {len(files)} files, {rows}"


def columns_told(one: Mapping[str, Any]) -> list[str]:
    """Mapped, ignored and missing columns, and remarks."""
    mapped = ", ".join(header if header == name else f"{header} -> {name}"
                       for header, name in one["mapped"].items())  # fmt: skip
    told = [f"Mapped: {mapped}."] if mapped else ["Taken as it stands, as network.table reads it."]
    reasons: dict[str, list[str]] = {}
    for header, why in one["ignored"].items():
        reasons.setdefault(why, []).append(header)
    told += [f"Ignored: {', '.join(headers)} ({why})." for why, headers in reasons.items()]
    if one["missing"]:
        told.append(f"Not in this file: {', '.join(one['missing'])}.")
    return told + [f"{remark[0].upper()}{remark[1:]}." for remark in one["remarks"]]


def support_table(report: Mapping[str, Any]) -> Table:
    """Each of C1-C18: what was found, or why it cannot be."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for head in ("", "Pattern", "Found", "95 %", "Why not"):
        table.add_column(head, vertical="top", no_wrap=head in ("", "Found", "95 %"))
    parts = parts_of(load_targets())
    for key, one in report["supports"].items():
        about, unit = parts[key].about, parts[key].unit
        value = "" if one["value"] is None else number_text(one["value"], unit)
        spread = "" if one["lo"] is None else (
            f"{number_text(one['lo'], unit)} to {number_text(one['hi'], unit)}")  # fmt: skip
        table.add_row(key.partition(".")[0], about, value, spread, one["why"])
    return table


def estimates_told(found: Sequence[Estimate]) -> list[str]:
    """One sentence a parameter: for how many accounts it is known, and what is usual."""
    told = []
    for name in dict.fromkeys(one.name for one in found):
        own = [one for one in found if one.name == name]
        known = sorted(one.value for one in own if one.value is not None)
        if not known:
            told.append(f"{name}: not known ({own[0].how}).")
            continue
        middle = known[len(known) // 2]
        told.append(f"{name}: known for {len(known)} of {counted(len(own), 'account')}, "
                    f"{own[0].kind}; median {middle:.3g} {own[0].unit}.")  # fmt: skip
    return told


def next_steps(report: Mapping[str, Any]) -> list[str]:
    """What to do with what was written."""
    folder = report["folder"]
    if not report["complete"]:
        return [
            "No export says how many followers an account has, or in which market it speaks: fill "
            f"in followers, market and as_of in {folder}/accounts_to_complete.csv, put it into "
            f"{report['from']} as accounts.csv, and import again."
        ]
    return [f"Use the accounts in any run: network.table={folder}/accounts.csv",
            f"What does their past say of the parameters? task=calibrate data={folder}",
            f"How well does their past predict itself? task=backcast data={folder}"]  # fmt: skip


def print_backcast(card: Mapping[str, Any], scores: Mapping[str, Sequence[Score]],
                   console: Console | None = None) -> None:  # fmt: skip
    """Print to the terminal."""
    show(lambda width: backcast_text(card, scores, width), console, WIDEST)


def backcast_text(card: Mapping[str, Any], scores: Mapping[str, Sequence[Score]],
                  width: int) -> Group:  # fmt: skip
    """The whole answer."""
    parts: list[RenderableType] = [
        paragraph("Fitted to the first half, how well is the second half predicted?", width,
                  "bold"), GAP, paragraph(card["setting"], width, "dim"), GAP,
        score_table(scores), GAP, *bullets(card["remarks"], width), GAP,
        Text(f"Results: {card['folder']}", no_wrap=True, overflow="ignore"),
    ]  # fmt: skip
    return Group(*parts)


def score_table(scores: Mapping[str, Sequence[Score]]) -> Table:
    """A row a measure and predictor."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for head in ("Measure", "Prediction", "CRPS", "Skill, 95 %", "Cover\nof 90 %", "Verdict"):
        table.add_column(head, justify="right" if head == "CRPS" else "left",
                         no_wrap=head not in ("Skill, 95 %", "Verdict"))  # fmt: skip
    for measure, own in scores.items():
        for one in own:
            table.add_row(*score_cells(measure if one is own[0] else "", one))
    return table


def score_cells(measure: str, one: Score) -> Iterable[str]:
    skill = "" if one.skill is None else f"{100 * one.skill:+.1f} %"
    if one.lo is not None and one.hi is not None:
        skill += f" ({100 * one.lo:+.1f} to {100 * one.hi:+.1f})"
    verdict = "the baseline" if one.predictor == "naive" else one.verdict()
    return (measure, one.predictor, f"{one.crps:.3f}", skill, f"{100 * one.cover:.0f} %", verdict)
