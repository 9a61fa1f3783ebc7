"""The tables of docs/evidence.md and docs/model.md say what conf/evidence says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from sim.evidence import load_targets
from sim.held_out import load_held_out

DOCS = Path(__file__).resolve().parents[2] / "docs"


def builder() -> ModuleType:
    """docs/build_evidence.py as a module."""
    spec = importlib.util.spec_from_file_location("build_evidence", DOCS / "build_evidence.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["evidence.md", "model.md"])
def test_the_page_is_up_to_date(page: str) -> None:
    written = (DOCS / page).read_text(encoding="utf-8")
    assert written == builder().rendered(written), "run python docs/build_evidence.py"


def test_every_pattern_and_fact_has_its_row_and_an_old_one_is_found() -> None:
    evidence, model = ((DOCS / page).read_text("utf-8") for page in ("evidence.md", "model.md"))
    for code in load_targets():
        assert f"\n| {code} |" in model and f"\n| {code} |" in evidence
    for code in load_held_out():
        assert f"\n| {code} |" in evidence and f"\n| {code} |" not in model
    old = model.replace("33 to 58 %", "30 to 58 %")
    assert old != model and builder().rendered(old) == model


def test_every_row_has_as_many_cells_as_its_head() -> None:
    for table in builder().TABLES.values():
        assert len({row.count(" | ") for row in table().splitlines()}) == 1
