"""Whatever becomes a path stays below the results folder, and nothing is unpickled on the way."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.__main__ import main
from sim.door import study_job
from tests.study import study_worker
from verification.fuzz.bench import Bench
from verification.fuzz.cases import PATHS, Case

SOURCE = Path(sim.__file__).parent
GRID = ["-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "workers=1"]
NAMES = ("scenario", "against", "experiment", "tone", "posture", "audience", "platform", "network",
         "rivals", "study", "executor", "circumstance", "objective", "network.table", "calendar",
         "network.markets", "hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir")  # fmt: skip
LOADING = ("load", "load_all", "unsafe_load", "full_load", "unsafe_load_all")


@pytest.mark.parametrize("key", NAMES)
def test_a_name_is_no_way_out(key: str, answers: Bench) -> None:
    for value in PATHS:
        for word in (f"{key}='{value}'", f"{key}={value}"):
            found = answers.answer(Case(kind="path", words=(word, "task=check"), must=True))
            assert not found.wrong, (word, found.wrong)


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/b", "..", ".", "a\\b", "A", "x" * 65, "a b",
                                  "~", "runs/../..", "\u0430"])  # fmt: skip
def test_a_study_has_a_plain_name(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    monkeypatch.chdir(tmp_path)
    assert main([*GRID, f"study.name='{name}'", "results=out"]) == 2
    assert "study.name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_everything_is_below_the_results_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name may hold spaces, other scripts and links: the files are where it points."""
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    real = tmp_path / "real folder \u00e9\u0416"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    monkeypatch.chdir(tmp_path)
    assert main([*GRID, "study.name=s", "results='link/in here'"]) == 0
    assert {one.name for one in tmp_path.iterdir()} == {real.name, "link"}
    assert (real / "in here" / "studies" / "s" / "summary.json").is_file()


def unpickling(text: str) -> list[str]:
    """Calls that would build objects out of a file."""
    told = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        options = {one.arg: one.value for one in node.keywords}
        if of == "np" and node.func.attr in ("load", "save"):
            said = options.get("allow_pickle")
            if not (isinstance(said, ast.Constant) and said.value is False):
                told.append(f"np.{node.func.attr} without allow_pickle=False")
        if of == "yaml" and node.func.attr in LOADING and "Loader" not in options:
            told.append(f"yaml.{node.func.attr} without a safe loader")
        if node.func.attr in ("read_pickle", "to_pickle", "Unpickler"):
            told.append(node.func.attr)
    return told


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda one: one.name)
def test_nothing_is_unpickled(path: Path) -> None:
    """tests/layers sees to it that pickle and its kin are not imported."""
    assert unpickling(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", ["np.load(f)", "np.load(f, allow_pickle=True)", "yaml.load(f)",
                                  "yaml.unsafe_load(f)", "pandas.read_pickle(f)"])  # fmt: skip
def test_planted_loads_are_found(text: str) -> None:
    assert unpickling(text)


def test_a_population_with_objects_in_it_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.world.population import cached
    from tests.scenarios import scenario

    monkeypatch.setenv("DEMARCHE_CACHE", str(tmp_path))
    graph = scenario().graph
    cached(1_000, np.ones(2), graph)
    (made,) = (tmp_path / "populations").iterdir()
    np.save(made / "ranks.npy", np.array([object()], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match=r"Object arrays|Python objects"):
        cached(1_000, np.ones(2), graph)
