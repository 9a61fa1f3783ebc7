"""What is measured, each in a process of its own. A task returns {figure: [one value a round]}.

Kernels are loaded by a small world first, so that no figure holds a compilation unless its name
says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.world import PEOPLE, SMALL, scenario

Figures = dict[str, list[float]]
ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
N_WARM = 7  # days of the small world that loads the kernels


def limits() -> Figures:
    """The machine itself."""
    from benchmarks.limits import measure_limits

    return measure_limits()


def compile_kernels() -> Figures:
    """A small world for a week: compiles what is not in the cache yet."""
    began = time.perf_counter()
    load_kernels()
    return {"seconds": [time.perf_counter() - began]}


def load_kernels() -> None:
    """Have the kernels of this source ready in this process."""
    from sim.model import DiplomacyModel

    DiplomacyModel(scenario(N_WARM, SMALL)).run_for(N_WARM)


def people(n_people: int = PEOPLE) -> Figures:
    """People drawn into an empty cache, then opened from it."""
    from benchmarks.sizes import make_up, people_of

    few, asked = make_up(scenario(1, 1_000)), make_up(scenario(1, n_people))
    with tempfile.TemporaryDirectory() as folder:
        kept = os.environ.get("DEMARCHE_CACHE")
        os.environ["DEMARCHE_CACHE"] = folder
        people_of(*few)
        built = timed(lambda: people_of(*asked), 1)
        opened = timed(lambda: people_of(*asked), ROUNDS)
        if kept is None:
            del os.environ["DEMARCHE_CACHE"]
        else:
            os.environ["DEMARCHE_CACHE"] = kept
    return {"built": built, "opened": opened}


def load() -> Figures:
    """A world at hour 0 from cached people."""
    from sim.loading.world import load_world

    load_kernels()
    load_world(scenario(1), 0, 0)  # builds the people if nobody has, and reads them once
    return {"seconds": timed(lambda: load_world(scenario(90), 0, 0), ROUNDS)}


def fork() -> Figures:
    """A second arm from a world two weeks old."""
    from sim.model import DiplomacyModel

    load_kernels()
    asked = scenario(90)
    model = DiplomacyModel(asked)
    model.run_for(asked.settings.warmup_days)
    return {"seconds": timed(lambda: model.fork(asked), ROUNDS, lambda one: one.close())}


def year(days: int) -> Figures:
    """So many days of one world after its warm-up."""
    from benchmarks.year import run_days

    load_kernels()
    return run_days(days)


def profile(days: int) -> Figures:
    """The same, the parts of every hour timed one by one."""
    from benchmarks.profile import profile_days

    load_kernels()
    return profile_days(days)


def command(words: list[str], rounds: int, cold: bool = False, warm: bool = False) -> Figures:
    """`python -m sim ...` from start to end; `cold`: nothing compiled, but people built; `warm`:
    once before it counts."""
    seconds: list[float] = []
    worlds: list[float] = []
    for k in range(rounds + warm):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            asked = [*words, f"results={place / 'results'}"] if "--help" not in words else words
            environment = nothing_compiled(place) if cold else dict(os.environ)
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "sim", *asked], cwd=ROOT, env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
            taken = time.perf_counter() - began
            if done.returncode:
                raise RuntimeError(done.stderr[-2_000:])
            for status in place.glob("results/*/*/status.json"):
                worlds = [float(json.loads(status.read_text("utf-8"))["worlds"])]
        if k >= warm:
            seconds.append(taken)
    return {"seconds": seconds, "worlds": worlds} if worlds else {"seconds": seconds}


def nothing_compiled(folder: Path) -> dict[str, str]:
    """An environment whose cache holds the people of the usual one and nothing else."""
    from sim.paths import cache_dir

    cache = folder / "cache"
    cache.mkdir()
    (cache / "populations").symlink_to(cache_dir() / "populations", target_is_directory=True)
    named = ("NUMBA_CACHE_DIR", "DEMARCHE_KERNELS")
    kept = {key: value for key, value in os.environ.items() if key not in named}
    return {**kept, "DEMARCHE_CACHE": str(cache)}


def timed(work: Callable[[], Any], rounds: int,
          let_go: Callable[[Any], None] | None = None) -> list[float]:  # fmt: skip
    """Seconds of each round; what a round made is let go before the next."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        made = work()
        seconds.append(time.perf_counter() - began)
        if let_go:
            let_go(made)
        del made
    return seconds


def elsewhere(module: str, name: str) -> Callable[..., Figures]:
    """A task of another file, which is read only by the process that does it."""

    def task(**options: Any) -> Figures:
        figures: Figures = getattr(import_module(f"benchmarks.{module}"), name)(**options)
        return figures

    return task


TASKS: dict[str, Callable[..., Figures]] = {
    "limits": limits, "compile": compile_kernels, "people": people, "load": load, "fork": fork,
    "year": year, "profile": profile, "command": command,
    "cascades_graph": elsewhere("cascades", "prepare"),
    "cascades_ours": elsewhere("cascades", "of_ours"),
    "cascades_cynetdiff": elsewhere("cascades", "of_cynetdiff"),
    "study_pairs": elsewhere("studies", "pairs"), "study_cores": elsewhere("studies", "cores"),
    "study_overhead": elsewhere("studies", "overhead"),
    "first_move": elsewhere("first_move", "first_move"),
    "study_whole": elsewhere("studies", "whole"), "size": elsewhere("sizes", "of_size"),
    "kinds": elsewhere("mechanisms", "of_kinds"),
    "mesa_ours": elsewhere("mesa_pair", "in_ours"), "mesa_mesa": elsewhere("mesa_pair", "in_mesa"),
}  # fmt: skip
