"""The same bytes wherever it runs: time zone, locale, odd folders, few open files, any clock."""

from __future__ import annotations

import ast
import datetime as dt
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

import sim
from sim.__main__ import main
from sim.door import study_job
from tests.study import study_worker

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(sim.__file__).parent
GRID = ["-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "study.name=s"]
COMPARED = ("study.parquet", "summary.json", "summary.csv", "plan.json")
CLOCKS = ("provenance.py", "study/store.py", "door/own_data.py")  # name a moment, measure nothing
FEW_FILES = 64


def outcome(results: Path) -> dict[str, bytes]:
    return {name: (results / "studies" / "s" / name).read_bytes() for name in COMPARED}


@pytest.mark.skipif(os.name == "nt", reason="there is no tzset")
def test_a_time_zone_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fourteen hours ahead of UTC and eleven behind: another day on either side."""
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    monkeypatch.setattr("sim.report.study_figures.save_study_figures", lambda *_: None)
    found = []
    try:
        for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            results = tmp_path / zone.replace("/", "_")
            assert main([*GRID, "workers=1", f"results={results}"]) == 0
            found.append(outcome(results))
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert found[0] == found[1] == found[2]


def test_a_clock_that_jumps_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every look at it by some years, to and fro: the same bytes, and the study goes on after
    a break as if nothing had happened."""
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    monkeypatch.setattr("sim.report.study_figures.save_study_figures", lambda *_: None)
    assert main([*GRID, "workers=1", f"results={tmp_path / 'steady'}"]) == 0
    years = itertools.cycle((0, 9, -9, 30, -30, 1))
    looks = []

    class Jumping(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            looks.append(next(years))
            return dt.datetime(2026 + looks[-1], 2, 3, tzinfo=tz)

    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + 3e7 * next(years))
    monkeypatch.setattr(dt, "datetime", Jumping)
    for _ in range(2):  # made, and found again
        assert main([*GRID, "workers=1", f"results={tmp_path / 'jumping'}"]) == 0
        assert outcome(tmp_path / "jumping") == outcome(tmp_path / "steady")
    assert len(set(looks)) > 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there is no ulimit")
def test_a_strange_machine_changes_nothing(tmp_path: Path) -> None:
    """The C locale without UTF-8 mode, another zone, 64 open files, a folder with spaces, signs of
    other scripts and a link on the way; two workers."""
    odd = tmp_path / "a folder \u00e9\u0416\u4e2d"
    odd.mkdir()
    (tmp_path / "link").symlink_to(odd)
    usual = os.environ | {"PYTHONPATH": str(ROOT)}
    strange = usual | {"LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0", "COLUMNS": "20",
                       "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Kiritimati"}  # fmt: skip
    command = [sys.executable, "-m", "tests.study.kill_driver", *GRID, "workers=2"]
    limited = ["/bin/sh", "-c", f'ulimit -n {FEW_FILES}; exec "$@"', "sh", *command]
    for words, environment, results in (
        (command, usual, tmp_path / "usual"), (limited, strange, tmp_path / "link" / "in here"),
    ):  # fmt: skip
        done = subprocess.run([*words, f"results='{results}'"], cwd=ROOT, env=environment,
                              capture_output=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert outcome(tmp_path / "usual") == outcome(odd / "in here")


def moments(text: str) -> list[str]:
    """Calls that ask the wall clock, which may jump."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("time", "now", "utcnow", "today", "localtime", "gmtime", "time_ns")
    ]  # fmt: skip


def test_no_duration_is_measured_by_a_clock_that_jumps() -> None:
    """perf_counter and monotonic never jump; the wall clock only names folders and records."""
    for path in sorted(SOURCE.rglob("*.py")):
        told = [one for one in moments(path.read_text(encoding="utf-8"))
                if one.split(".")[0] in ("time", "dt", "datetime", "date") and one != "dt.time"]
        assert not told or path.relative_to(SOURCE).as_posix() in CLOCKS, (path.name, told)
    assert moments("began = time.time()") == ["time.time"]


def test_the_remaining_time_is_no_matter_of_the_wall_clock() -> None:
    bar = Progress(console=Console(file=open(os.devnull, "w")))  # noqa: SIM115
    assert bar.get_time is bar.console.get_time or bar.get_time.__name__ == "monotonic"
    assert abs(bar.get_time() - time.monotonic()) < 60 < abs(bar.get_time() - time.time())


def test_every_text_file_is_opened_as_utf_8() -> None:
    """Else its encoding would be the machine's."""
    lacking = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and needs_encoding(node):
                lacking.append(f"{path.name}:{node.lineno}")
    assert lacking == []


def needs_encoding(call: ast.Call) -> bool:
    """A text file opened without saying in what encoding."""
    of_a_path = isinstance(call.func, ast.Attribute)
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name != "open" and not (of_a_path and name in ("read_text", "write_text")):
        return False
    if ast.unparse(call.func) in ("os.open", "store.write_text", "files.write_text"):
        return False
    if any(one.arg == "encoding" for one in call.keywords):
        return False
    texts = [str(one.value) for one in call.args if isinstance(one, ast.Constant)]
    if name == "open":
        return not any("b" in one and set(one) <= set("rwaxb+") for one in texts)
    return name != "write_text" and not any(one.startswith("utf") for one in texts)
