"""docs/parameters.md says what conf/ says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from sim.declared import walk
from sim.paths import conf_dir

DOCS = Path(__file__).resolve().parents[2] / "docs"


def builder() -> ModuleType:
    """docs/build_parameters.py as a module."""
    spec = importlib.util.spec_from_file_location("build_parameters", DOCS / "build_parameters.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date() -> None:
    written = (DOCS / "parameters.md").read_text(encoding="utf-8")
    assert written == builder().page(), "conf/ has changed: run python docs/build_parameters.py"


def test_every_declared_number_has_its_row() -> None:
    page = (DOCS / "parameters.md").read_text(encoding="utf-8")
    module = builder()
    for path in sorted(conf_dir().rglob("*.yaml")):
        if path.parent.name in ("scenario", conf_dir().name):
            continue
        for key in module.catalogue_of(path):
            assert f"| `{key}` |" in page, f"{path.name}: {key}"


def test_every_row_has_eight_cells() -> None:
    page = (DOCS / "parameters.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `") and "Meaning" not in row]
    counts = {row.replace("\\|", "").count("|") for row in rows}
    assert counts == {9, 8}  # numbers; scenarios


def test_the_walk_of_the_tree_finds_what_the_model_reads() -> None:
    module = builder()
    path = conf_dir() / "network" / "default.yaml"
    _, tree = module.tree_of(path)
    assert set(module.catalogue_of(path)) == {f"network.{key}" for key, _ in walk(tree)}
