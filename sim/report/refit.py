"""What task=calibrate data=FOLDER prints: accounts, the world, what stays, the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.errors import counted
from sim.exports.estimate import Estimate
from sim.report.answer import bullets, paragraph
from sim.report.terminal import show

WIDEST = 120
SHOWN = 12  # accounts listed one by one
ROOMY = 100  # columns from which a verdict stands beside its parameter
GAP = Text("")


def print_refit(report: Mapping[str, Any], found: Sequence[Estimate],
                console: Console | None = None) -> None:  # fmt: skip
    """Print to the terminal."""
    show(lambda width: refit_text(report, found, width), console, WIDEST)


def refit_text(report: Mapping[str, Any], found: Sequence[Estimate], width: int) -> Group:
    """The whole report."""
    more = report["accounts"] - SHOWN
    rest = [f"{counted(more, 'account')} more in estimates.csv."] if more > 0 else []
    parts: list[RenderableType] = [
        paragraph("What do the accounts' own posts say of the parameters?", width, "bold"), GAP,
        paragraph(f"{counted(report['accounts'], 'account')} on {report['platform']}, "
                  f"{counted(report['posts'], 'original')} in {report['days']:.0f} days from "
                  f"{report['start']}; value and 95 % interval.", width, "dim"), GAP,
        account_table(found), *bullets(rest, width), GAP,
        *bullets([*usual_told(report), *unknown_told(found), changed_told(report)], width), GAP,
        Text("Parameters of the world", style="bold"), world_table(report, width),
        *([] if width >= ROOMY else bullets(world_told(report), width)), GAP,
        Text("Not informed by such data, and left as they are", style="bold"),
        *bullets([f"{key}: {why}." for key, why in report["not_informed"].items()], width), GAP,
        Text("Next", style="bold"),
        Text(report["command"], no_wrap=True, overflow="ignore"), GAP,
        Text(f"Results: {report['folder']}", no_wrap=True, overflow="ignore"),
    ]  # fmt: skip
    return Group(*parts)


def account_table(found: Sequence[Estimate]) -> Table:
    """A row an account: what is known of it."""
    names = [name for name in dict.fromkeys(one.name for one in found)
             if any(one.value is not None for one in found if one.name == name)
             and name not in ("hours_per_week", "followers_per_day")]  # fmt: skip
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("Account", overflow="fold")
    for name in names:
        table.add_column(name.replace("_", " ").replace(" per", "\nper"), justify="right",
                         no_wrap=True)  # fmt: skip
    by = {(one.account, one.name): one for one in found}
    for account in list(dict.fromkeys(one.account for one in found))[:SHOWN]:
        table.add_row(account, *(cell(by.get((account, name))) for name in names))
    return table


def cell(one: Estimate | None) -> str:
    """A value over its interval."""
    if one is None or one.value is None:
        return "not known"
    if one.lo is None or one.hi is None:
        return f"{one.value:.3g}"
    return f"{one.value:.3g}\n{one.lo:.2g} to {one.hi:.2g}"


def usual_told(report: Mapping[str, Any]) -> list[str]:
    """What is usual over accounts, towards which each is drawn."""
    return [
        f"{one['parameter']}: median {one['median']:.3g} over {counted(one['accounts'], 'account')}"
        f", spread between them {one['log_sd']:.2f} (sd of the logarithm); each account is drawn "
        "towards it by how little its own posts say."
        for one in report["usual"]
    ]  # fmt: skip


def unknown_told(found: Sequence[Estimate]) -> list[str]:
    """Parameters that are not known of some accounts, with the reason."""
    told = []
    for name in dict.fromkeys(one.name for one in found):
        own = [one for one in found if one.name == name]
        silent = [one for one in own if one.value is None]
        if silent:
            whose = "any account" if len(silent) == len(own) else counted(len(silent), "account")
            told.append(f"{name}: not known of {whose} ({silent[0].how}).")
    return told


def changed_told(report: Mapping[str, Any]) -> str:
    """Which cells of the user's table are other than before."""
    changed = report["changed"]
    if not changed:
        return "accounts.csv: as it was; its cells agree with the posts."
    first = changed[0]
    return (
        f"accounts.csv: {counted(len(changed), 'cell')} set to what the posts tell, the first "
        f"{first['column']} of {first['account']} from {first['before'] or 'empty'} to "
        f"{first['now']}; refit.json lists all."
    )


def world_table(report: Mapping[str, Any], width: int) -> Table:
    """Each parameter that the data measure: value, prior, how much they say.

    Keys and numbers are whole at any width, since one types them.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for head in ("Parameter", "Found, 95 %", "Plausible before", "Sd over\nprior sd"):
        table.add_column(head, justify="right" if "\n" in head else "left", no_wrap=True)
    if width >= ROOMY:
        table.add_column("")
    for one in report["world"]:
        known = one["value"] is not None
        value = f"{one['value']:.3g} ({one['low']:.2g} to {one['high']:.2g})" if known else ""
        ratio = f"{one['ratio']:.2f}" if one["ratio"] is not None else ""
        low, high = one["prior"]
        row = [one["key"], value, f"{low:g} to {high:g}", ratio, verdict_on(one)]
        table.add_row(*row[: len(table.columns)])
    return table


def verdict_on(one: Mapping[str, Any]) -> str:
    """Whether the next command sets the parameter, and why not."""
    verdict = "calibrated: set below" if one["set"] else f"not set: {one['why_not']}"
    low, high = one["prior"]
    if one["set"] and not low <= one["value"] <= high:
        verdict += "; outside what was thought plausible"
    return verdict


def world_told(report: Mapping[str, Any]) -> list[str]:
    """The verdicts below a table that has no room for them."""
    return [f"{one['key']}, {verdict_on(one)}." for one in report["world"]]
