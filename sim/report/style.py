"""One look for every figure: a white page, DejaVu Sans, colours that colour-blind readers can tell
apart (Okabe and Ito 2008), labels on the lines, a footnote that says where the numbers come from.

Figures are made without pyplot, so nothing global is touched and no window is ever opened. All
layout is in inches, so that type keeps its size whatever the figure holds.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sim.errors import counted
from sim.report.context import Context
from sim.report.words import bound

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAMILY = "DejaVu Sans"
FALLBACKS = (  # for letters that it lacks, the first that is installed
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK KR",
    "Noto Sans SC", "Noto Sans JP", "Noto Sans KR", "Source Han Sans SC", "Source Han Sans",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Microsoft YaHei", "SimHei",
    "PingFang SC", "Heiti SC", "Hiragino Sans", "Yu Gothic", "Malgun Gothic", "AppleGothic",
    "Noto Sans", "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai",
    "Noto Sans Sinhala", "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Sans Ethiopic", "FreeSans",
    "Nirmala UI", "Leelawadee UI", "Arial Unicode MS", "Unifont",
)  # fmt: skip
WIDTH = 8.0  # inches: the text width of a memo page, a little reduced when pasted
DPI = 180
MARGIN = 0.3
TESTED, BASE, INK, SOFT, FAINT = "#0072B2", "#6F6F6F", "#222222", "#6B6B6B", "#E4E4E4"
VERDICTS = {"better": "#007A5A", "worse": "#B84A00", "equivalent": "#0072B2"}
BAND = 0.05  # inches: a narrower band is lost behind the line in its middle
TITLE, SUBTITLE, LABEL, NOTE = 12.5, 9.0, 9.0, 7.2
RC: dict[str, Any] = {
    "font.family": FAMILY, "font.size": LABEL, "text.color": INK,
    "axes.edgecolor": SOFT, "axes.labelcolor": INK, "axes.labelsize": LABEL,
    "axes.linewidth": 0.8, "axes.spines.top": False, "axes.spines.right": False,
    "axes.unicode_minus": True, "axes.axisbelow": True, "xtick.color": SOFT, "ytick.color": SOFT,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "xtick.labelsize": 8.2,
    "ytick.labelsize": 8.2, "grid.color": FAINT, "grid.linewidth": 0.7, "figure.facecolor": "white",
    "savefig.facecolor": "white", "svg.fonttype": "path", "svg.hashsalt": "demarche",
    "text.parse_math": False, "lines.solid_capstyle": "butt",
}  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Run a drawing function in this style, whatever the user's matplotlibrc says."""

    @wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            current: Any = matplotlib.rcParams
            current.update({**RC, "font.family": list(families())})
            return draw(*args, **kwargs)

    return inside


@cache
def families() -> tuple[str, ...]:
    """The font of the figures, and those installed that may lend a letter: a font that is asked
    for and not there makes matplotlib warn at every text."""
    from matplotlib.font_manager import fontManager

    known = {one.name for one in fontManager.ttflist}
    return (FAMILY, *(name for name in FALLBACKS if name in known))


@cache
def letters() -> frozenset[int]:
    """The codes of all letters that these fonts can draw."""
    from matplotlib.font_manager import findfont, get_font

    fonts = [get_font(findfont(name)) for name in families()]
    return frozenset(code for font in fonts for code in font.get_charmap())


def is_drawable(text: str) -> bool:
    """Whether a font has every letter; what it lacks would be a box that says nothing."""
    return all(one.isspace() or ord(one) in letters() for one in text)


def drawable(text: str) -> str:
    """The text with dots for what no font has."""
    if is_drawable(text):
        return text
    return re.sub("\0+", "\u2026", "".join(one if is_drawable(one) else "\0" for one in text))


def readable(names: Sequence[str], kind: str) -> list[str]:
    """Names as they are; one with letters that no font has by its place among all, and by what can
    be read of it."""
    told = []
    for place, name in enumerate(names, 1):
        rest = " ".join(re.findall(r"\w{3,}", drawable(name)))
        number = f"{kind} {place}" + (f": {rest}" if rest else "")
        told.append(name if is_drawable(name) else number)
    return told


def unreadable_note(names: Sequence[str], kind: str, where: str) -> list[str]:
    """What the footnote says where a name had to be replaced."""
    if all(map(is_drawable, names)):
        return []
    return [f"{kind} and a number: the place of its name {where}; no font installed here has "
            "the letters of the name"]  # fmt: skip


def sheet(height: float) -> Figure:
    """An empty figure of the common width, drawn by Agg."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def panel(
    figure: Figure, left: float, right: float, top: float, height: float, **options: Any
) -> Axes:
    """Axes at so many inches from the left, right and top edges."""
    width, tall = figure.get_size_inches()
    box = (
        left / width,
        (tall - top - height) / tall,
        (width - left - right) / width,
        height / tall,
    )
    return figure.add_axes(box, **options)


def extent(figure: Figure, text: str, size: float = LABEL, bold: bool = False) -> float:
    """Width of a line of text in inches."""
    weight = "bold" if bold else "normal"
    drawn = figure.text(0, 0, drawable(text), fontsize=size, fontweight=weight)
    box = drawn.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    drawn.remove()
    return float(box.width) / figure.dpi


def widest(figure: Figure, texts: Sequence[str], size: float = LABEL) -> float:
    return max((extent(figure, one, size) for one in texts), default=0.0)


def wrapped(text: str, size: float, bold: bool = False) -> list[str]:
    """Lines that fit the page: a letter of DejaVu Sans is a little over half its size wide."""
    per_letter = size * (0.59 if bold else 0.54) / 72
    most = int((WIDTH - 2 * MARGIN) / per_letter)
    return textwrap.wrap(bound(drawable(text)), most, break_on_hyphens=False)


def two_lines(text: str, letters: int) -> str:
    """A label on at most two lines; what is cut is shown as cut."""
    return "\n".join(textwrap.wrap(text, letters, max_lines=2, placeholder=" …"))


def heading_height(title: str, subtitle: str) -> float:
    """Inches that title and subtitle take from the top."""
    return (
        0.22
        + 0.235 * len(wrapped(title, TITLE, bold=True))
        + 0.165 * len(wrapped(subtitle, SUBTITLE))
        + 0.1
    )


def head(figure: Figure, title: str, subtitle: str) -> None:
    """The finding in words, and below it what is drawn."""
    tall = figure.get_size_inches()[1]
    titles, place = wrapped(title, TITLE, bold=True), 1 - 0.2 / tall
    figure.text(MARGIN / WIDTH, place, "\n".join(titles), fontsize=TITLE, fontweight="bold",
                va="top", linespacing=1.15)  # fmt: skip
    figure.text(MARGIN / WIDTH, place - (0.04 + 0.235 * len(titles)) / tall,
                "\n".join(wrapped(subtitle, SUBTITLE)), fontsize=SUBTITLE, color=SOFT, va="top",
                linespacing=1.2)  # fmt: skip


def footnote(summary: Mapping[str, Any], context: Context, *extra: str) -> str:
    """Where the numbers come from, in one breath."""
    worlds, draws = int(summary["worlds"]), int(summary["draws"])
    told = f"{worlds} worlds in {counted(draws, 'parameter draw')}"
    count = "one world" if worlds == 1 else told
    asked = f"Set by the user: {', '.join(context.asked)}" if context.asked else ""
    parts = [
        f"Network: {context.network} ({context.network_date})", f"Audience: {context.audience}",
        f"Platform{'s' * (' and ' in context.platform)}: {context.platform}, as in "
        f"{context.platform_era}",
        f"Seed {context.seed}, {count}", asked, *context.imputed, *extra,
    ]  # fmt: skip
    if context.drawn:
        informed = counted(len(context.calibrated), "parameter")
        parts.insert(4, f"Drawn from a posterior sample: {informed} calibrated, no other")
    if context.provisional:
        parts.insert(0, "PROVISIONAL: too few parameter draws for a firm verdict")
    return ". ".join(part[0].upper() + part[1:].rstrip(".") for part in parts if part) + "."


def foot_height(text: str) -> float:
    return 0.2 + 0.13 * len(wrapped(text, NOTE))


def foot(figure: Figure, text: str) -> None:
    """The footnote at the bottom of the page."""
    tall = figure.get_size_inches()[1]
    figure.text(MARGIN / WIDTH, 0.1 / tall, "\n".join(wrapped(text, NOTE)), fontsize=NOTE,
                color=SOFT, va="bottom", linespacing=1.25)  # fmt: skip


def beside(
    axes: Axes, y: float, inches: float, text: str, *, right: bool = False, align: str = "left",
    color: str = INK, size: float = LABEL, weight: str = "normal", backed: bool = False,
) -> None:  # fmt: skip
    """Text so many inches from the left or right edge of the axes, on a row; backed: no line of
    the axes runs through it."""
    axes.annotate(drawable(text), (1.0 if right else 0.0, y), xycoords=axes.get_yaxis_transform(),
                  xytext=(72 * inches, 0), textcoords="offset points", ha=align,
                  va="center_baseline", fontsize=size, color=color, fontweight=weight,
                  annotation_clip=False, linespacing=1.2,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}
                  if backed else None)  # fmt: skip


def name_arms(figure: Figure, axes: Axes, names: Sequence[str]) -> None:
    """The arms by mark, name and colour above the axes: the tested one first."""
    inches = 0.0
    for name, colour in zip(names, (TESTED, BASE), strict=True):
        axes.annotate(name, (0, 1), xycoords="axes fraction", xytext=(72 * inches, 6),
                      textcoords="offset points", color=colour, fontsize=LABEL,
                      fontweight="bold", annotation_clip=False)  # fmt: skip
        inches += extent(figure, name, bold=True) + 0.25


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Move labels just so far that none overlaps the next, keeping their order and centre."""
    order = sorted(range(len(places)), key=lambda one: places[one])
    moved = [places[one] for one in order]
    for _ in range(50):
        for low in range(len(moved) - 1):
            lack = gap - (moved[low + 1] - moved[low])
            if lack > 1e-9:
                moved[low] -= lack / 2
                moved[low + 1] += lack / 2
    result = [0.0] * len(places)
    for one, place in zip(order, moved, strict=True):
        result[one] = place
    return result


def inches_of(axes: Axes) -> float:
    """The width of axes."""
    figure: Any = axes.figure
    return float(axes.get_position().width * figure.get_size_inches()[0])


def is_seen(axes: Axes, half: float) -> bool:
    """Whether a band of so much at either side of zero shows beside the line at zero."""
    low, high = axes.get_xlim()
    return 2 * half / (high - low) * inches_of(axes) >= BAND


def fitting_ticks(axes: Axes, most: int, name: Callable[[float], str]) -> None:
    """Named ticks of the horizontal axis, so many at most and fewer where names would touch."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    low, high = axes.get_xlim()
    figure: Any = axes.figure
    for intervals in range(most, 0, -1):
        locator = MaxNLocator(intervals)
        ticks = [one for one in locator.tick_values(low, high) if low <= one <= high]
        room = (ticks[1] - ticks[0]) / (high - low) * inches_of(axes) if ticks[1:] else 0.0
        if widest(figure, [name(one) for one in ticks], RC["xtick.labelsize"]) + 0.08 <= room:
            break
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: name(value)))


def gain(value: float) -> str:
    """An axis number of a difference: +20, 0, -20."""
    return ("+" if value > 0 else "") + short(value)


def log_ticks(axes: Axes) -> None:
    """Ticks of a logarithmic axis in plain numbers: 100, 1,000, 10 k, 1 M."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = axes.get_xlim()
    subs = (1.0,) if high / low > 300 else (1.0, 2.0, 5.0)
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=subs, numticks=12))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def short(value: float) -> str:
    """An axis number: 0, 250 k, 1.5 M."""
    for limit, sign in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= limit:
            return f"{value / limit:.4g}{sign}".replace("-", "\u2212")
    return f"{value:.4g}".replace("-", "\u2212")
