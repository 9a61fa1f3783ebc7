"""Write all figures of a result: SVG and PNG, the same bytes from the same result, each file whole.

Files appear by temporary name, fsync and rename, so that a killed run leaves no half picture.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.context import Context, Table
from sim.report.figure_differences import plot_differences
from sim.report.figure_funnel import plot_funnel
from sim.report.figure_league import plot_league
from sim.report.figure_ranks import plot_ranks
from sim.report.figure_reach import plot_reach
from sim.report.style import DPI, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "plot_differences", "plot_funnel", "plot_league", "plot_ranks", "plot_reach", "save_figures",
]  # fmt: skip

METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "Demarche"}, "png": {"Software": None},
}  # fmt: skip


def save_figures(
    folder: str | Path, summary: Mapping[str, Any], daily: Table, accounts: Table, context: Context,
    ranks: Table | None = None,
) -> list[Path]:  # fmt: skip
    """reach, differences, funnel, league, ranks if given, as .svg and .png in the folder."""
    figures = {
        "reach": plot_reach(daily, summary, context),
        "differences": plot_differences(summary, context),
        "funnel": plot_funnel(summary, context),
        "league": plot_league(accounts, summary, context),
    }
    if ranks and "ranks" in summary:
        figures["ranks"] = plot_ranks(ranks, summary, context)
    return [path for name, figure in figures.items() for path in saved(folder, name, figure)]


def saved(folder: str | Path, name: str, figure: Figure) -> list[Path]:
    """A figure as NAME.svg and NAME.png in a folder, each in place in one step."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return [write(folder / f"{name}.{kind}", rendered(figure, kind)) for kind in ("svg", "png")]


@styled
def rendered(figure: Figure, kind: str) -> bytes:
    """The bytes of a figure in one format, without date or machine."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=DPI, metadata=METADATA[kind])
    return buffer.getvalue()


def write(path: Path, content: bytes) -> Path:
    """Put a file in place in one step."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
