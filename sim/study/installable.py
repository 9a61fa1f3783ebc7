"""Whether a calibration is good enough to become the one that everybody draws from.

It is kept as a file of its own whatever comes out here; what speaks against it is written into it,
and told wherever it is used. The levels are judgement, and none can be set from the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import counted

FEWEST_RUNS = 256  # the fewest that the range of study.calibration_runs asks for
MOST_FAILED = 0.05  # of the runs of the design
MOST_MISSED = 1 / 3  # of the patterns, run again in the model itself
FEWEST_CHECKS = 4  # draws of the posterior that came through in the model itself
MOST_DOUBT = 3.0  # sds of a range by which the emulator and the model may differ ...
MOST_DOUBTED = 1 / 3  # ... in so many of the patterns


def shortcomings(report: Mapping[str, Any], asked: int) -> list[str]:
    """What speaks against a calibration, a clause each; empty where nothing does."""
    patterns, runs = report["patterns"], int(report["runs"])
    unknown = list(report["not_known"])
    missed = [key for key, one in patterns.items() if not one["in_range"]]
    off = [key for key, one in patterns.items() if is_off(one)]
    n = len(patterns) + len(unknown)
    told = []
    if runs < FEWEST_RUNS:
        told.append(f"{counted(runs, 'run')}, and {FEWEST_RUNS} are the fewest")
    if asked - runs > MOST_FAILED * asked:
        told.append(f"unfinished: {runs:,} of {asked:,} runs came through")
    if report["checks"] < FEWEST_CHECKS:
        told.append(f"{counted(int(report['checks']), 'draw')} run again in the model, and "
                    f"{FEWEST_CHECKS} are the fewest")  # fmt: skip
    if len(missed) + len(unknown) > MOST_MISSED * n:
        told.append(f"{len(missed) + len(unknown)} of {n} numbers are missed or not known, and a "
                    f"third is the most: {', '.join([*missed, *unknown])}")  # fmt: skip
    if len(off) > MOST_DOUBTED * n:
        told.append(f"emulator and model differ by more than {MOST_DOUBT:g} sd in {len(off)} of "
                    f"{n} numbers: {', '.join(off)}")  # fmt: skip
    return told


def is_off(pattern: Mapping[str, Any]) -> bool:
    """Whether the model itself says something else than the emulator did."""
    again = pattern["run_again"]
    return again is not None and abs(again - pattern["deviation"]) > MOST_DOUBT
