"""docs/trust.md shows the card that is packaged, and only a whole card may become that."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.door.cards import card

DOCS = Path(__file__).resolve().parents[2] / "docs"
WHOLE = {"parameters": "prior", "draws": 12, "runs_from_before": []}
DONE = {"state": "done", "failed": []}


def builder() -> ModuleType:
    """docs/build_trust.py as a module."""
    spec = importlib.util.spec_from_file_location("build_trust", DOCS / "build_trust.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_the_card_that_is_there() -> None:
    build = builder()
    page = (DOCS / "trust.md").read_text(encoding="utf-8")
    assert page == build.rendered(page, build.known_card()), "run python docs/build_trust.py"
    assert build.MARKS.search(page)


@pytest.mark.parametrize(
    ("card_has", "status_has", "told"),
    [
        ({"cut": True, "fact_days": 28}, {}, "cut to 28 days"),
        ({"asked": ["sharing.p0=0.1"]}, {}, "world was changed (sharing.p0=0.1)"),
        ({"facts": {}}, {}, "no facts"), ({"draws": 2}, {}, "2 parameter draws"),
        ({}, {"failed": [{"world": 1}]}, "1 of its runs failed"),
        ({}, {"state": "interrupted"}, "interrupted"),
        ({"runs_from_before": ["code"]}, {}, "another state of the code"),
        ({"parameters": "posterior", "sample": "?"}, {}, "another posterior sample"),
    ],
)
def test_what_is_no_card_of_the_program(
    card_has: dict[str, Any], status_has: dict[str, Any], told: str
) -> None:
    objections = builder().objections({**card(), **WHOLE, **card_has}, {**DONE, **status_has})
    assert len(objections) == 1 and told in objections[0]


def test_a_whole_card_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build = builder()
    place, page = tmp_path / "kept.json", tmp_path / "trust.md"
    page.write_text("a\n<!-- card -->\n<!-- /card -->\nb\n", encoding="utf-8")
    monkeypatch.setattr(build, "CARD", place)
    monkeypatch.setattr(build, "PAGE", page)
    assert build.main([str(tmp_path)]) == 2
    assert "holds no finished card" in capsys.readouterr().err and not place.exists()
    whole = {**card(), **WHOLE, "asked": ["worlds=12", "parameters=prior"]}
    (tmp_path / "trust_card.json").write_text(json.dumps(whole), encoding="utf-8")
    (tmp_path / "status.json").write_text(json.dumps(DONE), encoding="utf-8")
    assert build.main([str(tmp_path)]) == 0
    kept = json.loads(place.read_text(encoding="utf-8"))
    assert kept["facts"] == whole["facts"] and "seconds" not in kept
    shown = page.read_text(encoding="utf-8")
    assert "FACTS HELD OUT" in shown and str(tmp_path) not in shown
    assert shown.startswith("a\n<!-- card -->\n```text\n") and shown.endswith("<!-- /card -->\nb\n")
