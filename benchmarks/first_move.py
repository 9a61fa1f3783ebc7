"""How long until the progress bar of the main job moves, with everything compiled or nothing.

The command runs as it is; only its bar is listened to: it moves once for every world that a process
has loaded, and then with every day. When the first day is over the command is broken off. The bar
looks ten times a second, and what falls between two looks is one move: a tenth of doubt.

    python -m benchmarks.first_move scenario=proactive ...       prints the moves, in seconds
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

Figures = dict[str, list[float]]
WORDS = ("scenario=proactive", "workers=2")
BEGAN, MOVE = "DEMARCHE_BENCHMARK_BEGAN", "moved after "
MOVES = 3  # two worlds have been loaded, and a day is over


def first_move(rounds: int, cold: bool) -> Figures:
    """Seconds from the command's start until a world is loaded, and until a day is over."""
    loaded, first_day = [], []
    for _ in range(rounds):
        moves = moves_of(cold)
        loaded.append(moves[0])
        first_day.append(moves[-1])
    return {"loaded": loaded, "first_day": first_day}


def moves_of(cold: bool) -> list[float]:
    """When the bar moved for the first times."""
    from benchmarks.tasks import ROOT, nothing_compiled

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        environment = nothing_compiled(place) if cold else dict(os.environ)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.first_move", *WORDS, f"results={place / 'results'}"],
            cwd=ROOT, env={**environment, BEGAN: str(time.time())}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    moves = [float(line.removeprefix(MOVE)) for line in done.stdout.splitlines()
             if line.startswith(MOVE)]  # fmt: skip
    if len(moves) < MOVES:
        raise RuntimeError(done.stderr[-2_000:])
    return moves[:MOVES]


def listened_to() -> int:
    """The command of sys.argv, whose bar is listened to."""
    from sim.door.progress import Bar

    began, moves, show = float(os.environ.get(BEGAN, time.time())), [], Bar._show

    def shown(bar: Bar, done: float) -> None:
        if done > bar.shown:
            print(f"{MOVE}{time.time() - began:.3f}", flush=True)
            moves.append(done)
            if len(moves) == MOVES:
                signal.raise_signal(signal.SIGINT)
        show(bar, done)

    Bar._show = shown  # type: ignore[assignment,method-assign]
    from sim.__main__ import main

    return main()


if __name__ == "__main__":
    sys.exit(listened_to())
