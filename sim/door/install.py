"""The posterior of a finished calibration as a file, and as the one that comes with the program.

    results/calibration/NAME/posterior.json      always, with what speaks against it
    conf/posterior/default.json                  study.install=true, where nothing does

Both are whole or not there. What comes with the program is of the default world at one-to-one
scale: a calibration in which the user has set anything else is used from its own folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.door.arms import Arm
from sim.door.build import scenario_of
from sim.door.overrides import DECIDE_NOTHING, Request
from sim.door.sampled import world_of
from sim.errors import UserError
from sim.evidence import load_targets
from sim.paths import conf_dir
from sim.study.calibration import used_parts
from sim.study.files import told, write_bytes
from sim.study.installable import shortcomings
from sim.study.joint import DEFAULT, KEY, hash_of_targets, load_sample, prior_of, write_sample

FILE = "posterior.json"
FREE = ("seed", "days", *DECIDE_NOTHING)  # what may be set beside study.* and executor.*
DIGITS = 8  # of a value: the file stays small, and no draw is known to so many


def refuse_other_world(arm: Arm) -> None:
    """study.install=true in a world that is not the default one, before any run is made."""
    groups = [f"{group}={option}" for group, option in arm.choices.items() if group != "scenario"]
    keys = [key for key in sorted(arm.fixed)
            if key not in FREE and not key.startswith(("study.", "executor."))]  # fmt: skip
    if groups or keys:
        raise UserError(
            f"'study.install=true' installs a posterior of the default world, and this one differs "
            f"in {', '.join([*groups, *keys])}: leave these out. Without study.install the "
            f"posterior is written as {FILE} into its own folder, for parameters=posterior "
            f"{KEY}=PATH."
        )
    if scenario_of(arm).follower_scale < 1:
        raise UserError("'study.install=true' needs followers one to one: use audience=readers.")
    least = int(arm.catalogue["study.calibration_days"].value)  # type: ignore[arg-type]
    if arm.settings.days < least:
        raise UserError(
            f"'study.install=true' needs runs of {least} days or more: raise days={least}."
        )


def command_of(request: Request, arm: Arm) -> str:
    """The command line, without where its results are and by how many processes they were made."""
    values = [one for one in request.world_values if one.key not in ("results", "workers")]
    words = [f"{key}={option}" for key, option in request.world_groups.items()]
    words += [f"{one.key}={one.text}" for one in values if one.key != "study.install"]
    runs = f"study.calibration_runs={arm.study.calibration_runs}"
    if not any(word.startswith("study.calibration_runs=") for word in words):
        words.append(runs)
    return " ".join(["python -m sim task=calibrate", *words])


def write_posterior(
    request: Request, arm: Arm, folder: Path, report: Mapping[str, Any], keys: Sequence[str],
    rows: Sequence[Sequence[float]],
) -> list[str]:  # fmt: skip
    """posterior.json in the calibration's folder; returns what speaks against it."""
    against = shortcomings(report, arm.study.calibration_runs)
    found = report["provenance"]
    write_sample(folder / FILE, {
        "command": command_of(request, arm), "date": found["finished"], "runs": report["runs"],
        "focused": report["focused"],
        "days": report["days"], "seed": report["seed"], "audience": report["audience"],
        "code": report["code"], "commit": found["commit"], "dirty": found["dirty"],
        "version": found["version"], "libraries": found["libraries"], "python": found["python"],
        "plan": report["plan"], "runs_from_before": report["runs_from_before"],
        "targets": hash_of_targets(used_parts(load_targets(), keys)), "world": world_of(arm),
        "unmet": against,
        "patterns": {key: {name: one[name] for name in ("kind", "in_range", "deviation",
                                                        "run_again")}
                     for key, one in report["patterns"].items()},
        "not_known": report["not_known"], "checks": report["checks"],
        "parameters": report["parameters"],
        "priors": {key: prior_of(arm.catalogue[key]) for key in keys},
    }, keys, [[float(f"{one:.{DIGITS}g}") for one in row] for row in rows])  # fmt: skip
    return against


def install(folder: Path, against: Sequence[str]) -> Path:
    """Make a calibration's posterior that of the program, or refuse it by its shortcomings."""
    if against:
        raise UserError(
            f"'study.install=true': this posterior is not installed: {'; '.join(against)}. Raise "
            "study.calibration_runs for what is too few; what is missed is for the model or its "
            f"priors to mend. It stands in {folder / FILE} and can be used, with that said, by "
            f"parameters=posterior {KEY}={folder / FILE}."
        )
    load_sample(str(folder / FILE))  # what cannot be read is not installed
    place = conf_dir() / DEFAULT
    with told(place):
        place.parent.mkdir(exist_ok=True)
    write_bytes(place, (folder / FILE).read_bytes())
    return place
