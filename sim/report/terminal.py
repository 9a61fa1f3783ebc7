"""How whatever is reported reaches a terminal, or a file: one width, signs that every encoding has.

NO_COLOR, COLUMNS and pipes are respected by rich. A report is a function of the width.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments

WIDEST = 132  # columns; longer lines are hard to read
ASCII = {  # one sign for one sign, so that columns stay in line
    "\u2212": "-", "–": "-", "…": ".", "▲": "^", "▼": "v", "×": "x", "±": "~", "○": "o",  # noqa: RUF001
}  # fmt: skip
Report = Callable[[int], RenderableType]


def show(report: Report, console: Console | None = None, widest: int = WIDEST) -> None:
    """Print to the terminal, `widest` columns wide at most."""
    console = console or Console(highlight=False)
    content = spelt(console, report(min(console.width, widest)))
    console.print(content, soft_wrap=False, crop=False)


def as_text(report: Report, width: int) -> str:
    """The same as plain text, without colour."""
    console = Console(
        file=io.StringIO(), width=width, color_system=None, force_terminal=False, highlight=False
    )
    with console.capture() as caught:
        console.print(report(width), crop=False)
    return "\n".join(line.rstrip() for line in caught.get().splitlines()) + "\n"


def spelt(console: Console, content: RenderableType) -> RenderableType:
    """Replace signs that the terminal's encoding lacks (a Windows pipe has no minus sign)."""
    try:
        "".join(ASCII).encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        table = str.maketrans(ASCII)
        return Segments(
            Segment(one.text.translate(table), one.style, one.control)
            for one in console.render(content)
        )
    return content
