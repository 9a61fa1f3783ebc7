"""The folder of compiled kernels follows the source, and a user's own folder is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim import kernels


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
