"""The folder of compiled kernels follows the source, and a user's own folder is left alone; that
they have to be compiled is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim import kernels
from sim.door import job
from sim.engine import compiled, compiling
from tests.door.test_answers import comparison


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NUMBA_CACHE_DIR", kernels.MARK):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    monkeypatch.setenv("DEMARCHE_CACHE", str(tmp_path))


def test_the_folder_is_named_by_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    first = kernels.use_cache()
    monkeypatch.setattr(kernels, "source_hash", lambda: "other")
    second = kernels.use_cache()
    assert first != second
    assert os.environ["NUMBA_CACHE_DIR"] == str(second)


def test_the_hash_sees_a_changed_law(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "law.py").write_text("a = 1", encoding="utf-8")
    monkeypatch.setattr(kernels, "PACKAGE", tmp_path)
    monkeypatch.setattr(kernels, "SOURCES", ("law.py",))
    before = kernels.source_hash()
    (tmp_path / "law.py").write_text("a = 2", encoding="utf-8")
    assert kernels.source_hash() != before


def test_a_folder_of_the_users_own_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "mine")
    assert kernels.use_cache() == Path("mine")
    assert os.environ["NUMBA_CACHE_DIR"] == "mine"


def test_without_a_writable_home_a_temporary_folder_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DEMARCHE_CACHE", str(blocked))
    folder = kernels.use_cache()
    assert folder is not None and folder.is_dir()
    assert kernels.use_cache() == folder, "one a session, for all its processes"
    folder.rmdir()


# --- whether it is said -------------------------------------------------------------------------


def kept(*names: str) -> None:
    """These files are in the folder of kernels."""
    folder = kernels.use_cache()
    assert folder is not None
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()


def said(capsys: pytest.CaptureFixture[str], *words: str) -> bool:
    """Whether a compiler is announced."""
    job.announce_compiling(comparison("scenario=proactive", *words).scenario.settings)
    return "Compiling the engine" in capsys.readouterr().err


def test_a_compiler_is_announced_until_it_has_come_to_its_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("fcntl")
    assert said(capsys)
    kept("engine/one.nbi", "compiling/look_at_hour.done", "compiling/advance")  # broken off
    assert said(capsys)
    kept("compiling/advance.done")
    assert not said(capsys)


def test_the_last_kernel_is_known_by_its_name() -> None:
    assert job.LOOP.__name__ == compiled.advance.__name__


def test_without_marks_any_kernel_tells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "fcntl", None)
    assert said(capsys)
    kept("engine/one.nbi")
    assert not said(capsys)


def test_the_reference_engine_needs_no_compiler(capsys: pytest.CaptureFixture[str]) -> None:
    assert not said(capsys, "engine=reference")
