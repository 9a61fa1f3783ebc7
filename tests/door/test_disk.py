"""A full disk and a read-only folder: a clear end, nothing half-written, earlier results intact."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.door import study_job
from tests.study import study_worker

COMPARED = ("study.parquet", "summary.json", "summary.csv", "plan.json")
TOLD = {errno.ENOSPC: "the disk is full. Free some space", errno.EROFS: "the disk is read-only",
        errno.EDQUOT: "quota is used up"}  # fmt: skip


def study(results: Path) -> int:
    return main(["-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "workers=1",
                 "study.name=s", f"results={results}"])  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    monkeypatch.setattr("sim.report.study_figures.save_study_figures", lambda *_: None)


def content(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes()
            for one in folder.rglob("*") if one.is_file()}  # fmt: skip


def failing(after: int, number: int) -> Callable[[int], None]:
    """fsync that fails from the so-manieth call on."""
    left = [after]
    true = os.fsync

    def fsync(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number))
        true(handle)

    return fsync


@pytest.mark.parametrize("number", TOLD, ids=errno.errorcode.get)
@pytest.mark.parametrize("after", [0, 3, 9, 55, 62])
def test_a_write_that_is_refused(
    number: int, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """At any write: the plan, a run, the table, the summary. Then the disk has room again."""
    assert study(tmp_path / "whole") == 0
    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr("sim.study.files.os.fsync", failing(after, number))
        assert study(tmp_path / "full") == 2
    err = capsys.readouterr().err
    assert TOLD[number] in err and "Earlier results are intact" in err and "Traceback" not in err
    left = content(tmp_path / "full" / "studies" / "s")
    whole = content(tmp_path / "whole" / "studies" / "s")
    assert not [name for name in left if name.endswith(".tmp")]
    changing = ("status.json", "provenance.json", "config.yaml")  # times; the folder asked for
    for name, bytes_ in left.items():
        if not name.endswith(changing):
            assert bytes_ == whole[name], name
    assert study(tmp_path / "full") == 0
    for name in COMPARED:
        one, other = (tmp_path / place / "studies" / "s" / name for place in ("full", "whole"))
        assert one.read_bytes() == other.read_bytes(), name


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="nothing is closed to root")
def test_a_folder_closed_to_writing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    assert study(tmp_path / "closed") == 2
    assert "writing there is not permitted" in capsys.readouterr().err


@pytest.mark.slow
def test_a_disk_that_is_truly_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk of its own of 72 kB, where the system lets one be made."""
    monkeypatch.setattr("sim.door.study_size.free_disk", lambda _: None)
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=72k", "tmpfs", str(disk)], capture_output=True,
        check=False,
    ).returncode == 0  # fmt: skip
    if not made:
        pytest.skip("no disk of its own can be made here")
    try:
        assert study(disk) == 2
        assert "the disk is full" in capsys.readouterr().err
        kept = content(disk / "studies" / "s")
        assert any(name.startswith("runs/") for name in kept)
        assert not [name for name in kept if name.endswith(".tmp")]
        subprocess.run([str(mount), "-o", "remount,size=4m", str(disk)], check=True)
        assert study(disk) == 0
        assert study(tmp_path / "whole") == 0
        for name in COMPARED:
            one, other = (place / "studies" / "s" / name for place in (disk, tmp_path / "whole"))
            assert one.read_bytes() == other.read_bytes(), name
    finally:
        subprocess.run(["umount", str(disk)], check=False)
