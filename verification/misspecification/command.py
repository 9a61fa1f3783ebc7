"""The trial as one command that goes on where it was.

    python -m verification misspecification                    the whole of it, some 40 minutes
    python -m verification misspecification --worlds 2 --design 64 --draws 8    a first look
    python -m verification misspecification --page             also writes the tables into
                                                               docs/trust.md

Results land in results/misspecification/NAME: a file a run, whole or not there; trial.json, and the
figure. Worlds are worked through number by number over all generators, so that what is there after
a Ctrl-C is balanced; the tables are of what is there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.door.progress import progress, say
from sim.door.study_plan import deciding_of
from sim.errors import UserError
from sim.provenance import provenance, utc_now
from sim.study.emulator import FEWEST, refuse_without_library
from sim.study.files import write_json
from sim.study.plan import Plan
from sim.study.records import locked, open_plan, study_folder
from verification.misspecification import analyst, nature
from verification.misspecification import trial as look
from verification.misspecification.generators import BY_NAME, GENERATORS, Generator
from verification.misspecification.results import gathered
from verification.misspecification.tell import print_trial, save_figure, write_page
from verification.misspecification.trial import Arms, Trial

KIND = "misspecification"
SIZES = ("worlds", "design", "draws", "replicates", "days", "n_people", "seed")


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    usual = Trial()
    parser = argparse.ArgumentParser(
        prog=f"python -m verification {KIND}", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in SIZES:
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(usual, name))
    parser.add_argument("--generator", choices=list(BY_NAME), action="append")
    parser.add_argument("--name", default="trial")
    parser.add_argument("--results", default="results")
    parser.add_argument("--changed", choices=("refuse", "accept", "anew"), default="refuse")
    parser.add_argument("--page", action="store_true")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Run what is missing, score, tell; returns the exit code."""
    asked = arguments(words)
    try:
        trial = Trial(**{name: getattr(asked, name) for name in SIZES})
        refuse_small(trial)
        refuse_without_library()
        chosen = [one for one in GENERATORS if not asked.generator or one.name in asked.generator]
        report, folder = run(trial, chosen, Path(asked.results), asked.name, asked.changed)
    except UserError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    save_figure(folder, report)
    print_trial(report)
    if asked.page:
        write_page(report)
    return 0


def refuse_small(trial: Trial) -> None:
    """Sizes at which a step of the trial has nothing to say."""
    for name, least in (("worlds", 1), ("design", FEWEST), ("draws", 4), ("replicates", 1),
                        ("days", 7), ("n_people", 1_000), ("seed", 0)):  # fmt: skip
        if getattr(trial, name) < least:
            option = name.replace("_", "-")
            raise UserError(f"--{option} {getattr(trial, name)}: at least {least} is needed.")


def run(trial: Trial, chosen: Sequence[Generator], results: Path, name: str, changed: str
        ) -> tuple[dict[str, Any], Path]:  # fmt: skip
    """Nature, analyst, score; each step keeps what it has."""
    arms = look.arms_of(trial)
    plan = plan_of(trial, arms, name)
    folder = study_folder(results, name, KIND)
    with locked(folder):
        for key in open_plan(folder, plan, changed):
            say(f"Note: runs from before a change are kept: {key}")
        started = utc_now()
        work(folder, trial, chosen, arms)
        report = gathered(folder, trial, chosen)
        report["provenance"] = provenance(plan.decisive, seed=trial.seed, started=started,
                                          finished=utc_now())  # fmt: skip
        write_json(folder / "trial.json", report)
    return report, folder


def plan_of(trial: Trial, arms: Arms, name: str) -> Plan:
    """What decides the runs: how many worlds there are does not."""
    sizes = {f"trial.{key}": list(one) if isinstance(one, tuple) else one
             for key, one in asdict(trial).items() if key not in ("worlds", "seed")}  # fmt: skip
    return Plan(
        name=name, question="How often is the verdict wrong when the world is built otherwise?",
        control=arms.control.name, control_label="status quo", axes=(), points=(), worlds={},
        decisive=deciding_of(arms.control) | sizes, seed=trial.seed, days=trial.days,
    )  # fmt: skip


def work(folder: Path, trial: Trial, chosen: Sequence[Generator], arms: Arms) -> None:
    """Do what is not on the disk yet, with the time that is left."""
    say(f"1 of 3: {trial.design} runs of the default model.")
    with progress(trial.design, "runs") as advance:
        design = analyst.run_design(folder, arms.control, trial, advance)
    say(f"2 of 3: nature, {trial.worlds} worlds of each of {len(chosen)} generators.")
    with progress(len(chosen), "generators") as advance:
        for one in chosen:
            nature.nature(folder, one, trial)
            advance()
    say("3 of 3: the analyst, and the answer without calibration for each number.")
    with progress(trial.worlds * (len(chosen) + 1), "worlds") as advance:
        for world in range(trial.worlds):
            analyst.uncalibrated(folder, world, arms, trial)
            advance()
            for one in chosen:
                seen = nature.records(folder, one.name, trial)[world]
                if seen is not None:
                    analyst.analyse(folder, one.name, world, seen["seen"], design, arms, trial)
                advance()
