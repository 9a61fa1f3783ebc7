"""One process that answers many command lines, and sees what each of them does.

The same entry as the command line, sim.__main__.main, its streams captured as the system encodes
them. Compositions are remembered (sim.door.parts), and conf/ is screened once, or ten thousand
answers would take hours; a part of the cases goes without that memory (`cold`), which is where the
time of an answer is measured. An audit hook tells of every file opened for writing, every process
started, every socket: a configuration that is only checked does none of this.
"""

from __future__ import annotations

import copy
import io
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sim.__main__ as door
import sim.door.screen
import sim.paths
from sim.door.parts import by_parts
from sim.paths import cache_dir, conf_dir
from verification.fuzz.cases import SECRET, SECRET_NAME, Case

MOST_SECONDS = 1.0  # of a refusal, once imported
MOST_TOLD = 20_000  # signs of a refusal
TOUCHING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod",
            "os.truncate", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
            "os.spawn", "socket.connect", "socket.bind", "socket.sendto", "pickle.find_class",
            "ctypes.dlopen", "shutil.rmtree", "shutil.move", "urllib.Request")  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a case. wrong: why it is a failure; empty where it is none."""

    code: int | None
    out: str
    err: str
    seconds: float  # of this process's time
    wrong: tuple[str, ...]


class Watch:
    """The audit hook: hooks cannot be taken off again, so that one serves the whole process."""

    installed: Watch | None = None

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.on = False

    @classmethod
    def get(cls) -> Watch:
        if cls.installed is None:
            cls.installed = cls()
            sys.addaudithook(cls.installed.hear)
        return cls.installed

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            name, mode, flags = args
            writes = (flags or 0) & WRITING or set(mode or "") & set("wax+")
            if writes and not isinstance(name, int) and not allowed(name):
                self.seen.append(f"opens {name!r} for writing")
        elif event in TOUCHING and not (args and allowed(args[0])):
            self.seen.append(f"{event}{args!r}"[:200])


def allowed(name: Any) -> bool:
    """The cache of compiled kernels is tried for writing at every start."""
    return isinstance(name, (str, os.PathLike)) and str(name).startswith(str(cache_dir()))


class Bench:
    """Answers cases in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.watch = home, Watch.get()
        self.composer, self.screen = door.composer, sim.door.screen.screen
        self.screened: set[Path] = set()
        self.compose = by_parts(_Fresh(self.composer))
        self.number = 0

    def answer(self, case: Case, cold: bool = False) -> Outcome:
        """Type it, and look at what happens."""
        self.number += 1
        place = self.home / f"{self.number:06d}"
        place.mkdir()
        for name, content in case.files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        before = _listing(place)
        with self._beside(case, place) as conf, self._remembering(cold or conf is not None):
            code, out, err, seconds, raised = self._typed(case, place)
        wrong = [*raised, *self.watch.seen, *judged(case, code, out, err)]
        if _listing(place) != before:
            wrong.append(f"leaves {sorted(_listing(place) - before)[:5]} behind")
        if cold and code == 2 and seconds > MOST_SECONDS:
            wrong.append(f"takes {seconds:.2f} s to refuse")
        shutil.rmtree(place, ignore_errors=True)
        return Outcome(code=code, out=out, err=err, seconds=seconds, wrong=tuple(wrong))

    def _typed(self, case: Case, place: Path) -> tuple[int | None, str, str, float, list[str]]:
        out = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="strict", write_through=True)
        err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", write_through=True)
        home = Path.cwd()
        raised: list[str] = []
        code: int | None = None
        os.chdir(place)
        self.watch.seen, self.watch.on = [], True
        began = time.process_time()
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = door.main(case.words)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            last = traceback.extract_tb(error.__traceback__)[-1]
            place_of = f"{Path(last.filename).name}:{last.lineno}"
            raised.append(f"raises {type(error).__name__} in {place_of}: {ascii(str(error))[:200]}")
        finally:
            seconds = time.process_time() - began
            self.watch.on = False
            os.chdir(home)
        told, warned = (
            one.buffer.getvalue().decode() for one in (out, err)  # type: ignore[attr-defined]
        )
        return code, told, warned, seconds, raised

    @contextmanager
    def _beside(self, case: Case, place: Path) -> Iterator[Path | None]:
        """A copy of conf/ with files of the case's own, where it has such."""
        if not case.conf:
            yield None
            return
        copied, package = self.home / "copied", sim.paths.__file__
        if not copied.exists():
            shutil.copytree(conf_dir(), copied / "conf")
        for name, content in case.conf.items():
            (copied / "conf" / name).write_bytes(content)
        sim.paths.__file__ = str(copied / "sim" / "paths.py")
        try:
            yield copied
        finally:
            sim.paths.__file__ = package
            for name in case.conf:
                (copied / "conf" / name).unlink()

    @contextmanager
    def _remembering(self, cold: bool) -> Iterator[None]:
        """Compositions and the screening of conf/ are remembered, if not asked to go cold."""
        if cold:
            yield
            return
        door.composer, sim.door.screen.screen = self._composed, self._screened  # type: ignore[assignment]
        try:
            yield
        finally:
            door.composer, sim.door.screen.screen = self.composer, self.screen

    @contextmanager
    def _composed(self, conf: Path) -> Iterator[Any]:
        yield _Remembered(self.compose)

    def _screened(self, conf: Path) -> None:
        if conf not in self.screened:
            self.screen(conf)
            self.screened.add(conf)


class _Fresh:
    """The door's composer, opened for each reading."""

    def __init__(self, composer: Any) -> None:
        self.composer = composer

    def __call__(self, choices: Mapping[str, str], policy_alone: bool) -> Mapping[str, Any]:
        with self.composer(conf_dir()) as compose:
            found: Mapping[str, Any] = compose(choices, policy_alone)
        return found

    def alone(self, group: str, option: str) -> Mapping[str, Any]:
        """One group by itself."""
        with self.composer(conf_dir()) as compose:
            found: Mapping[str, Any] = compose.alone(group, option)
        return found


class _Remembered:
    """What the door composes with, out of memory."""

    def __init__(self, compose: Any) -> None:
        self.compose = compose

    def __call__(self, choices: Mapping[str, str], policy_alone: bool) -> Mapping[str, Any]:
        found: Mapping[str, Any] = copy.deepcopy(self.compose(choices, policy_alone))
        return found

    def alone(self, group: str, option: str) -> Mapping[str, Any]:
        """One group by itself, as part of a whole."""
        tree = self.compose({"scenario": "status_quo", group: option}, False)
        if group in tree["policy"]:
            return {"policy": {group: copy.deepcopy(tree["policy"][group])}}
        return {group: copy.deepcopy(tree[group])}


def judged(case: Case, code: int | None, out: str, err: str) -> Iterator[str]:
    """What is wrong with an answer."""
    if code is None:
        return
    if SECRET in out + err:
        yield f"tells the content of ${SECRET_NAME}"
    if "Traceback" in err + out:
        yield "shows a traceback"
    if code == 0:
        if case.must:
            yield "passes what must be refused"
        if not out.strip():
            yield "passes and says nothing"
    elif code != 2:
        yield f"exit code {code}"
    else:
        yield from _refusal(case, out, err)


def _refusal(case: Case, out: str, err: str) -> Iterator[str]:
    if out:
        yield f"prints on stdout while refusing: {out[:80]!r}"
    if not err.startswith("demarche: ") or not err.removeprefix("demarche: ").strip():
        yield f"refuses in other words: {err[:80]!r}"
    if len(err) > MOST_TOLD:
        yield f"refuses with {len(err):,} signs"
    if case.named and not any(ascii(name)[1:-1] in ascii(err) for name in case.named):
        yield f"names none of {[ascii(one) for one in case.named][:6]}: {ascii(err)[:160]}"


def _listing(place: Path) -> set[str]:
    return {one.relative_to(place).as_posix() for one in place.rglob("*")}


@contextmanager
def bench() -> Iterator[Bench]:
    """A bench in a folder that is removed afterwards, with a secret in the environment."""
    os.environ[SECRET_NAME] = SECRET
    home = Path(tempfile.mkdtemp(prefix="demarche-fuzz-"))
    try:
        yield Bench(home)
    finally:
        os.environ.pop(SECRET_NAME, None)
        shutil.rmtree(home, ignore_errors=True)
