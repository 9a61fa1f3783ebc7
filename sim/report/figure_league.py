"""League of missions: different people reached by each account, in both arms.

One person met by two accounts counts for both, so the rows do not add up to the network's reach.
Filled marks are accounts whose row in the network table is measured, open circles inferred rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.columns import matrix, rows_of, text
from sim.report.context import Context, Table
from sim.report.style import (
    BASE,
    INK,
    LABEL,
    MARGIN,
    NOTE,
    SOFT,
    TESTED,
    beside,
    foot,
    foot_height,
    footnote,
    head,
    heading_height,
    log_ticks,
    name_arms,
    panel,
    readable,
    sheet,
    styled,
    two_lines,
    unreadable_note,
    widest,
)
from sim.report.words import DASH, arms, fixed, within
from sim.vocabulary import KINDS, OURS, SIDE_OF_KIND

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, AXIS, HEADS, SHOWN, LETTERS = 0.215, 0.5, 0.3, 25, 44
KIND = "Account"  # and its number, where no font has the letters of its name
SURE = 10  # fewer worlds decide nothing about single accounts
OWN = tuple(kind for kind, side in zip(KINDS, SIDE_OF_KIND, strict=True) if side == OURS)


@dataclass(frozen=True, kw_only=True)
class League:
    """Accounts of the ministry by reach, falling; reach[arm] is float64[n_worlds, n_accounts]."""

    names: list[str]
    measured: np.ndarray
    tested: np.ndarray
    base: np.ndarray


def kinds_of(column: np.ndarray) -> np.ndarray:
    """Kinds as words, from words or from their codes."""
    if np.issubdtype(np.asarray(column).dtype, np.integer):
        return np.array([KINDS[int(one)] for one in column], dtype=object)
    return text(column)


def league_of(accounts: Table, summary: Mapping[str, Any]) -> League:
    """The ministry's accounts in both arms, sorted by reach in the two together."""
    own = np.isin(kinds_of(accounts["kind"]), OWN)
    found: dict[bool, dict[str, np.ndarray]] = {}
    measured: dict[str, bool] = {}
    for arm, last in ((summary["against"], False), (summary["scenario"], True)):
        rows = rows_of(accounts, arm, own)
        names = text(accounts["account"][rows]).tolist()
        worlds = accounts["world"][rows].tolist()
        values = np.asarray(accounts["unique_reach"][rows], dtype=float)
        _, columns, reach = matrix(worlds, names, values, last)
        found[last] = dict(zip(columns, reach.T, strict=True))
        measured.update(zip(names, np.asarray(accounts["measured"][rows], dtype=bool), strict=True))
    both = [name for name in found[True] if name in found[False]]
    both.sort(key=lambda name: (-(found[True][name].mean() + found[False][name].mean()), name))
    tested, base = (
        np.stack([found[last][name] for name in both], axis=1) for last in (True, False)
    )
    return League(names=both, measured=np.array([measured[name] for name in both]), tested=tested,
                  base=base)  # fmt: skip


def finding(league: League, tested: str, base: str, shown: int) -> str:
    """The title: at how many accounts reach is higher or lower, as surely as the worlds allow."""
    up, down = signs(league, shown)
    if not (league.tested[:, :shown] != league.base[:, :shown]).any():
        return f"{tested} and {within(base)} reach the same people at every account"
    if shown in (up, down):
        return f"{tested}: {'more' if up else 'less'} reach at each of the top {shown} accounts"
    told = f"{tested}: more reach at {up} of the top {shown} accounts, less at {down}"
    if len(league.tested) < SURE:
        return told if len(league.tested) == 1 else f"{told}, in the mean of few worlds"
    return f"{told}, the others undecided" if up + down < shown else told


def signs(league: League, shown: int) -> tuple[int, int]:
    """Accounts with more and with less reach: in 9 of 10 worlds, or in the mean of a few."""
    tested, base = league.tested[:, :shown], league.base[:, :shown]
    if len(tested) < SURE:
        gaps = (tested - base).mean(axis=0)
        return int((gaps > 0).sum()), int((gaps < 0).sum())
    shares = (tested > base).mean(axis=0), (tested < base).mean(axis=0)
    up, down = (int((share >= 0.9).sum()) for share in shares)
    return up, down


def subtitle_of(worlds: int) -> str:
    """What the marks are, and what the title calls decided."""
    told = "one world" if worlds == 1 else f"mean over {worlds} worlds"
    told += "; decided: the same way in at least 9 of 10" if worlds >= SURE else ""
    return (
        f"Different people reached by each account, {told}. Reach is simulated. Filled: its "
        "followers are published; open circle: inferred. Whoever met two accounts counts twice."
    )


@styled
def plot_league(
    accounts: Table, summary: Mapping[str, Any], context: Context, shown: int = SHOWN
) -> Figure:
    """The accounts of most reach, both arms joined, and the median of the rest."""
    league, names = league_of(accounts, summary), arms(summary, context)
    shown, worlds = min(shown, len(league.names)), len(league.tested)
    rest = len(league.names) - shown
    known = list(dict.fromkeys(text(accounts["account"]).tolist()))
    told = dict(zip(known, readable(known, KIND), strict=True))
    labels = [two_lines(told[name], LETTERS) for name in league.names[:shown]]
    labels += [f"Median of the other {rest} accounts"] if rest else []
    title = finding(league, *names, shown)
    subtitle = subtitle_of(worlds)
    replaced = unreadable_note(league.names[:shown], KIND, "in accounts.parquet")
    note = footnote(summary, context, "Inferred rows marked with an open circle", *replaced)
    places = rows_at(labels, rest > 0)
    rows = places[-1] + 0.7
    top = heading_height(title, subtitle) + HEADS
    figure = sheet(top + ROW * rows + AXIS + foot_height(note))
    left = MARGIN + 0.2 + widest(figure, [part for label in labels for part in label.split("\n")])
    axes = panel(figure, left, MARGIN + 1.35, top, ROW * rows)
    prepare(axes, league, rows, shown)
    for place, (y, label) in enumerate(zip(places, labels, strict=True)):
        beside(axes, y, -(left - MARGIN), label, size=LABEL - 0.6,
               color=INK if place < shown else SOFT)  # fmt: skip
        draw_row(axes, y, league, place, shown)
    heads(figure, axes, names, worlds)
    head(figure, title, subtitle)
    foot(figure, note)
    return figure


def rows_at(labels: list[str], has_rest: bool) -> list[float]:
    """Row places, wider for labels of two lines, with a gap before the rest."""
    places, y = [], 0.0
    for place, label in enumerate(labels):
        extra = 0.35 * label.count("\n")
        y += extra + (0.5 if has_rest and place == len(labels) - 1 else 0.0)
        places.append(y)
        y += 1 + extra
    return places


def prepare(axes: Axes, league: League, rows: float, shown: int) -> None:
    """A log axis that holds every mean; zeros sit at its left edge."""
    means = [arm.mean(axis=0) for arm in (league.tested, league.base)]
    drawn = [one[:shown] for one in means]
    drawn += [np.array([np.median(one[shown:])]) for one in means if len(one) > shown]
    some = np.concatenate(drawn)
    some = some[some > 0]
    low, high = (float(np.min(some)), float(np.max(some))) if len(some) else (1.0, 10.0)
    axes.set_xscale("log")
    axes.set_xlim(max(low, high / 1e4) / 1.6, high * 1.4)
    axes.set_ylim(rows, -0.7)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    log_ticks(axes)
    axes.grid(axis="x")
    axes.set_xlabel("Different people reached (people, logarithmic axis)")


def draw_row(axes: Axes, y: float, league: League, place: int, shown: int) -> None:
    """Both arms joined, with the change and the worlds won."""
    rest = place >= shown
    pick = slice(shown, None) if rest else slice(place, place + 1)
    pair = [float(np.median(arm[:, pick].mean(axis=0))) for arm in (league.tested, league.base)]
    edge = axes.get_xlim()[0]
    spots = [max(value, edge) for value in pair]
    filled = rest or bool(league.measured[place])
    axes.hlines(y, min(spots), max(spots), color=SOFT, linewidth=1.0, zorder=2)
    for value, spot, colour, mark in zip(
        pair, spots, (TESTED, BASE), "dd" if rest else "oo", strict=True
    ):
        axes.plot(spot, y, marker=mark if value > edge else "<", markersize=6,
                  markerfacecolor=colour if filled else "white", markeredgecolor=colour,
                  markeredgewidth=1.3, clip_on=False,
                  zorder=4 if colour == TESTED else 3)  # fmt: skip
    beside(axes, y, 0.55, change(*pair), right=True, align="right", size=LABEL - 0.6)
    if not rest and len(league.tested) > 1:
        gaps = league.tested[:, place] - league.base[:, place]
        told = f"{int((gaps > 0).sum())} of {len(gaps)}"
        beside(axes, y, 0.75, told, right=True, size=LABEL - 0.6, color=SOFT)


def change(tested: float, base: float) -> str:
    """The relative change of a mean."""
    if base <= 0:
        return DASH
    ratio = 100 * (tested / base - 1)
    return "0 %" if ratio == 0 else f"{fixed(ratio, 0 if abs(ratio) >= 10 else 1, '+')} %"


def heads(figure: Figure, axes: Axes, names: tuple[str, str], worlds: int) -> None:
    """The arms by colour and name, and the heads of the columns."""
    name_arms(figure, axes, [f"● {name}" for name in names])
    columns = [(0.55, "Change", "right"), (0.75, "Higher in\nworlds", "left")]
    for inches, told, align in columns[: 1 if worlds == 1 else 2]:
        axes.annotate(told, (1, 1), xycoords="axes fraction", xytext=(72 * inches, 4),
                      textcoords="offset points", ha=align, va="bottom", fontsize=NOTE + 0.3,
                      color=SOFT, annotation_clip=False, linespacing=1.0)  # fmt: skip
