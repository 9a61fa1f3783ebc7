"""What is timed side by side is the same thing: cascades and cynetdiff's, our core and Mesa's.

Tiny worlds, no times.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cascades, mesa_pair
from benchmarks.tasks import ROOT

N_PEOPLE, N_POSTS = 2_000, 1_000


@pytest.fixture
def folder(tmp_path: Path) -> str:
    cascades.prepare(str(tmp_path), N_PEOPLE)
    return str(tmp_path)


def test_cascades_are_as_large_as_those_of_cynetdiff(folder: str) -> None:
    """On one graph from the same seeds; the exposures that each counts in its own way agree too."""
    pytest.importorskip("cynetdiff")
    ours = cascades.of_ours(folder, N_PEOPLE, N_POSTS)
    other = cascades.of_cynetdiff(folder, N_POSTS, "arrays")
    found = cascades.agreement(folder)
    assert found["ours"] > 1.3 * cascades.N_SEEDS  # posts are passed on
    assert found["p"] > 0.001
    assert ours["exposures"][0] == pytest.approx(other["exposures"][0], rel=0.15)


def test_another_chance_of_passing_is_found(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cynetdiff")
    cascades.of_cynetdiff(folder, N_POSTS, "arrays")
    monkeypatch.setattr(cascades, "P_PASS", 1.3 * cascades.P_PASS)
    cascades.of_ours(folder, N_PEOPLE, N_POSTS)
    assert cascades.agreement(folder)["p"] < 0.001


def test_both_doors_of_cynetdiff_lead_to_the_same_model(folder: str) -> None:
    pytest.importorskip("cynetdiff")
    sizes = []
    for door in ("arrays", "networkx"):
        cascades.of_cynetdiff(folder, N_POSTS, door)
        sizes.append(np.load(Path(folder) / cascades.SIZES.format(door)))
    assert (sizes[0] == sizes[1]).all()


def test_the_process_of_the_other_program_imports_nothing_of_ours() -> None:
    told = "import sys, benchmarks.process, benchmarks.cascades; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True,
                          check=True)  # fmt: skip
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "numpy" in loaded
    assert loaded.isdisjoint({"sim", "numba", "mesa", "pydantic", "scipy", "verification"})


@pytest.mark.parametrize("polled", [True, False])
def test_the_model_in_mesa_is_the_core_of_ours(polled: bool) -> None:
    """Views and shares of the same posts before the same people, within the luck of the days."""
    days, people = 6, 3_000
    ours = mesa_pair.in_ours(days, mesa_pair.DENSE, people, repeats=1)
    other = mesa_pair.in_mesa(days, mesa_pair.DENSE, polled, people)
    for counted in ("views", "shares"):
        ratio, z = mesa_pair.gap(ours[counted], other[counted])
        assert sum(ours[counted]) > 200
        assert abs(z) < 4.0
        assert 0.8 < ratio < 1.25
