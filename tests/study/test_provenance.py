"""Where a result came from: complete, stable, and silent about who made it."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.provenance import commit, config_hash, dirty, provenance, utc_now

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_the_record_is_plain_and_names_nobody() -> None:
    record = provenance({"seed": 1}, seed=1, started=utc_now())
    text = json.dumps(record, allow_nan=False)
    assert {"version", "commit", "dirty", "python", "libraries", "seed", "config_hash", "machine",
            "started", "finished"} <= set(record)  # fmt: skip
    assert record["libraries"]["numpy"] and record["machine"]["cores"] >= 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["started"])
    for private in (platform.node(), str(Path.home()), str(Path.cwd())):
        assert len(private) < 3 or private not in text
    assert f"/{getpass.getuser()}" not in text


def test_the_hash_is_of_the_values_not_of_their_order() -> None:
    one = config_hash({"a": 1, "b": {"c": [1.5, None], "d": dt.date(2016, 3, 1)}})
    assert one == config_hash({"b": {"d": "2016-03-01", "c": [1.5, None]}, "a": 1})
    assert one != config_hash({"a": 2, "b": {"c": [1.5, None], "d": dt.date(2016, 3, 1)}})
    assert re.fullmatch("[0-9a-f]{64}", one)
    with pytest.raises(ValueError):
        config_hash({"a": float("nan")})
    with pytest.raises(TypeError):
        config_hash({"a": object()})


def test_commits_are_found_without_git(tmp_path: Path) -> None:
    assert commit(tmp_path) is None
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert commit(tmp_path) is None  # nothing committed yet
    (git / "packed-refs").write_text(f"# pack-refs\n{COMMIT} refs/heads/main\n")
    assert commit(tmp_path) == COMMIT
    (git / "refs" / "heads" / "main").write_text("f" * 40 + "\n")
    assert commit(tmp_path) == "f" * 40
    (git / "HEAD").write_text(COMMIT)
    assert commit(tmp_path) == COMMIT
    (git / "HEAD").write_text("something else")
    assert commit(tmp_path) is None


def test_commits_of_worktrees(tmp_path: Path) -> None:
    common, work = tmp_path / "main" / ".git", tmp_path / "tree"
    own = common / "worktrees" / "tree"
    own.mkdir(parents=True)
    work.mkdir()
    (work / ".git").write_text(f"gitdir: {own}\n")
    (own / "HEAD").write_text("ref: refs/heads/side")
    (own / "commondir").write_text("../..\n")
    (common / "refs" / "heads").mkdir(parents=True)
    (common / "refs" / "heads" / "side").write_text(COMMIT)
    assert commit(work) == COMMIT


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_changed_source_is_said(tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    law = tmp_path / "sim" / "law.py"
    law.write_text("x = 1\n")
    assert dirty(tmp_path) is None  # no checkout
    named = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], [*named, "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    assert dirty(tmp_path) is False
    (tmp_path / "notes.txt").write_text("no part of the model")
    assert dirty(tmp_path) is False
    (tmp_path / "sim" / "new.py").write_text("")
    assert dirty(tmp_path) is True
    (tmp_path / "sim" / "new.py").unlink()
    law.write_text("x = 2\n")
    assert dirty(tmp_path) is True


def test_without_git_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", "")
    assert dirty(tmp_path) is None
