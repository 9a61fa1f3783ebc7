"""Demarche: which policy of a foreign ministry's accounts reaches more people, and how surely."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.load import LoadedStudy

__all__ = ["load_study"]


def load_study(path: str | Path) -> LoadedStudy:
    """A finished study as tables (sim.study.load)."""
    from sim.study.load import load_study as load  # heavy

    return load(path)
