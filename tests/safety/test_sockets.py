"""Nothing listens, and nothing is sent: a scheduler is spoken to only where a user names one."""

from __future__ import annotations

import ast
import os
import socket
from pathlib import Path

import pytest

import sim
from sim.__main__ import main
from sim.door import study_job
from tests.study import study_worker
from verification.fuzz.bench import Watch

SOURCE = Path(sim.__file__).parent
NETWORK = ("socket", "socketserver", "http", "urllib", "ftplib", "smtplib", "ssl", "asyncio",
           "requests", "httpx", "aiohttp", "websockets", "flask", "fastapi", "xmlrpc")  # fmt: skip
CLUSTER = "study/cluster.py"  # the one file that may know dask, and only as a client of it
LISTENING = ("LocalCluster", "Scheduler", "Worker", "Nanny", "Server", "listen", "bind")


def networking(text: str, name: str) -> list[str]:
    """What in a file of sim/ could open a socket."""
    told = []
    for node in ast.walk(ast.parse(text)):
        modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        roots = {one.partition(".")[0] for one in modules}
        told += [f"imports {one}" for one in roots if one in NETWORK]
        told += [f"imports {one}" for one in roots & {"distributed", "dask"} if name != CLUSTER]
        if isinstance(node, (ast.Name, ast.Attribute)):
            word = node.id if isinstance(node, ast.Name) else node.attr
            told += [f"uses {word}"] if word in LISTENING else []
    return told


def test_no_file_listens_or_sends() -> None:
    found = {path.name: told for path in sorted(SOURCE.rglob("*.py"))
             if (told := networking(path.read_text(encoding="utf-8"),
                                    path.relative_to(SOURCE).as_posix()))}  # fmt: skip
    assert not found


@pytest.mark.parametrize(
    "text", ["import socket", "from http.server import HTTPServer", "import urllib.request",
             "from distributed import Client", "import distributed\ndistributed.LocalCluster()"],
)
def test_planted_sockets_are_found(text: str) -> None:
    assert networking(text, "door/job.py")


def test_a_study_opens_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole one, with stand-ins for its worlds; the watch itself is shown to see one."""
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    watch = Watch.get()
    watch.seen, watch.on = [], True
    try:
        words = ["-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "workers=1"]
        assert main([*words, f"results={tmp_path / 'out'}"]) == 0
        during = [one for one in watch.seen if one.startswith("socket")]
        with socket.socket() as one:
            one.connect_ex(("127.0.0.1", 1))
        assert [one for one in watch.seen if one.startswith("socket")] and during == []
    finally:
        watch.on = False


def test_outside_the_results_folder_a_study_writes_into_caches_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    monkeypatch.chdir(tmp_path)
    watch = Watch.get()
    watch.seen, watch.on = [], True
    try:
        words = ["-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "workers=1"]
        assert main([*words, "results=out"]) == 0
    finally:
        watch.on = False
    writes = [one for one in watch.seen if one.startswith(("opens", "os.mkdir", "os.rename"))]
    inside = (str(tmp_path / "out"), "'out", "PosixPath('out", os.devnull)
    caches = ("__pycache__", "matplotlib", "fontconfig")
    strays = [one for one in writes if not any(word in one for word in (*inside, *caches))]
    assert writes and strays == []
