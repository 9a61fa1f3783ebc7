"""parameters=posterior: the sample of an arm, refused where it does not fit, and what it rests on.

A row is taken whole, but for the parameters that the user has set: the rest of the row stands as it
is, and is not the posterior given what was set. Whatever the sample does not hold comes from its
prior, as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declared import split, walk
from sim.errors import UserError, counted
from sim.evidence import load_targets
from sim.paths import conf_dir
from sim.plain_yaml import load
from sim.provenance import config_hash
from sim.study.calibration import used_parts
from sim.study.joint import KEY, Sample, hash_of_targets, load_sample, refuse_stale
from sim.study.plan import differing, named
from sim.study.posterior import CALIBRATED

if TYPE_CHECKING:
    from sim.door.arms import Arm, Comparison

CHOICE = "posterior"  # of parameters=
WITHOUT = ("list", "explain", "import", "calibrate")  # tasks that draw nothing
ENDS = (0.025, 0.5, 0.975)  # of what is shown of a parameter
NAMES = (".kind", ".name")  # ends of the keys that say which world it is
NETWORK = ("network.table", "network.markets")  # and whose accounts and publics


def sample_of(arm: Arm) -> Sample | None:
    """The sample that an arm draws from; None where it draws from none."""
    settings = arm.settings
    if settings.parameters != CHOICE:
        return None
    sample = load_sample(settings.posterior)
    refuse_stale(sample, arm.catalogue)
    return sample


def name_of_rows(sample: Sample) -> str:
    """What is drawn from, whatever is said beside it: a stamp for other code keeps it."""
    return config_hash({"keys": list(sample.keys), "rows": sample.rows.tolist()})[:16]


def is_of_sample(card: Mapping[str, Any], sample: Sample) -> bool:
    """Whether a trust card's draws are rows of this sample, or of none."""
    return bool(card["parameters"] != CHOICE or card.get("sample") == name_of_rows(sample))


def refuse_unusable(comparison: Comparison, task: str) -> None:
    """A sample that is not there, foreign or stale, before anything is built."""
    arm = comparison.scenario
    if KEY in arm.fixed and arm.settings.parameters != CHOICE:
        raise UserError(
            f"'{KEY}={arm.settings.posterior}' is read with parameters=posterior only, and this "
            f"is parameters={arm.settings.parameters}: add parameters=posterior, or leave it out."
        )
    if task not in WITHOUT:
        sample_of(arm)


def calibrated_keys(arm: Arm, sample: Sample | None) -> tuple[str, ...]:
    """The parameters that the patterns inform, and that the user left free."""
    return () if sample is None else tuple(k for k in sample.calibrated if k not in arm.fixed)


def sample_sentences(arm: Arm, sample: Sample | None) -> tuple[str, ...]:
    """How the parameters were drawn, where it was not from their priors alone."""
    if sample is None:
        return ()
    head = sample.head
    free = [key for key in sample.keys if key not in arm.fixed]
    known = calibrated_keys(arm, sample)
    told = [
        f"{counted(len(free), 'parameter')} drawn together from a posterior sample "
        f"({sample.name}: {counted(len(sample.rows), 'row')} from {counted(head['runs'], 'run')} "
        f"of {head['days']} days, {head['date'][:10]}), all others from their priors",
        f"Calibrated, the posterior sd below {CALIBRATED:.1g} of the prior's ({len(known)}): "
        f"{', '.join(known) or 'none'}; no other parameter is",
    ]
    held = [key for key in sample.keys if key in arm.fixed]
    if held:
        told.append(f"Set by the user, and not conditioned on: {', '.join(held)}; the rest of each "
                    "row stands as it was found without that")  # fmt: skip
    return (*told, *doubts(arm, sample))


def doubts(arm: Arm, sample: Sample) -> list[str]:
    """What speaks against the sample here."""
    head, told = sample.head, []
    if head["unmet"]:
        told.append(f"This posterior falls short: {'; '.join(head['unmet'])}")
    missed = [key for key, one in head["patterns"].items() if not one["in_range"]]
    if missed:
        told.append(f"Published patterns that its own runs missed ({head['days']} days, all other "
                    f"parameters central): {', '.join(missed)}")  # fmt: skip
    if not sample.same_code:
        told.append("The model's code has changed since the calibration")
    if head["targets"] != hash_of_targets(used_parts(load_targets(), sample.keys)):
        told.append("The published patterns or their ranges have changed since the calibration")
    other = differing({**usual_network(), **head["world"]}, world_of(arm))
    if other:
        told.append(f"It was calibrated in another world: {named(other)}")
    return told


def world_of(arm: Arm) -> dict[str, Any]:
    """Which world it is: the kinds and names chosen in it, and the tables of its network."""
    return {
        key: value for key, value in walk(arm.values)
        if key in NETWORK
        or (key.endswith(NAMES) and not key.startswith(("policy.", "study.", "executor.")))
    }  # fmt: skip


def usual_network() -> dict[str, Any]:
    """The tables of the default network, of which samples are that do not name any."""
    path = conf_dir() / "network" / "default.yaml"
    values, _ = split(load(path.read_text(encoding="utf-8")))
    return {key: values[key.partition(".")[2]] for key in NETWORK}


def posterior_words(key: str, arm: Arm) -> str:
    """What the sample says of one parameter, for task=explain; nothing without a sample that has
    it."""
    asked = arm.settings.parameters == CHOICE and arm.catalogue[key].prior is not None
    try:
        sample = load_sample(arm.settings.posterior)
        refuse_stale(sample, arm.catalogue)
    except UserError as error:
        return str(error) if asked else ""
    if key not in sample.keys:
        return "not in the sample: drawn from its prior" if asked else ""
    low, middle, high = np.quantile(sample.rows[:, sample.keys.index(key)], ENDS)
    one = sample.head["parameters"][key]
    label = "calibrated" if key in sample.calibrated else "assumed, the patterns say too little"
    state = "fixed by you" if key in arm.fixed else (
        "drawn with the others of its row" if asked else "drawn with parameters=posterior")
    return (
        f"{label}: {middle:.3g}, 95 % of the rows {low:.3g} to {high:.3g}; moved by "
        f"{one['mean']:+.2f} prior sds, sd {one['sd']:.2f} of the prior's; {state}"
    )
