"""People are drawn for a measurement without a warning."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from benchmarks import tasks


def test_people_are_drawn_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMARCHE_CACHE", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = tasks.people(1_500)
    assert [len(found[name]) for name in ("built", "opened")] == [1, tasks.ROUNDS]
