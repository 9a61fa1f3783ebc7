"""The trust card that comes with the program, as it is told under every result.

    conf/evidence/trust_card.json     made by task=validate, put there by docs/build_trust.py

It is part of what is installed. Where there is none, nothing is told; where it cannot be read, that
is. Nothing that sets parameters opens it: it repeats what the facts held out have shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.door.arms import Arm
from sim.door.context import asked_of
from sim.door.sampled import is_of_sample, sample_of
from sim.evidence import FOLDER
from sim.paths import conf_dir
from sim.plain_yaml import load
from sim.report.trust_line import trust_sentences
from sim.study.joint import KEY

FILE = "trust_card.json"
NOT_OF_THE_WORLD = (  # keys that a user may set in the default world
    "days", "warmup_days", "start", "seed", "worlds", "draws", "replicates", "objective", "worth",
    "fair", "steelman", "engine", "parameters", "against",
)  # fmt: skip
UNREADABLE = "Trust: the card that came with the program cannot be read; task=validate makes one."


def card_path() -> Path:
    """Where the packaged card is."""
    return conf_dir() / FOLDER / FILE


def packaged_card() -> Mapping[str, Any] | None:
    """The card, or None where the program came without one."""
    path = card_path()
    if not path.is_file():
        return None
    card: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card


def trust_of(arm: Arm, varied: Sequence[str] = ()) -> tuple[str, ...]:
    """What is told of trust under a result of this arm's world; `varied`: world keys that a study
    varies."""
    try:
        card = packaged_card()
        changed = [one for one in changed_in(arm, card) if one.partition("=")[0] not in varied]
        changed += [f"{key} varied" for key in varied]
        return tuple(trust_sentences(card, tuple(changed), is_earlier(arm, card)))
    except (OSError, ValueError, KeyError, TypeError):
        return (UNREADABLE,)


def changed_in(arm: Arm, card: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What makes this another world than the card's, as it would be typed."""
    usual = usual_choices()
    found = [one for one in asked_of(arm)
             if one.partition("=")[0] not in NOT_OF_THE_WORLD and one not in usual]  # fmt: skip
    if card is not None and card["parameters"] != arm.settings.parameters:
        found.append(f"parameters={arm.settings.parameters}")
    return tuple(found)


def is_earlier(arm: Arm, card: Mapping[str, Any] | None) -> bool:
    """Whether the card's draws are of another sample than the one that the arm and everybody who
    names none draw from."""
    sample = None if card is None or KEY in arm.fixed else sample_of(arm)
    return card is not None and sample is not None and not is_of_sample(card, sample)


def usual_choices() -> frozenset[str]:
    """The options that hold if nothing is chosen: "audience=readers"."""
    tree = load((conf_dir() / "config.yaml").read_text(encoding="utf-8"))
    return frozenset(f"{group}={option}" for one in tree["defaults"] if isinstance(one, dict)
                     for group, option in one.items())  # fmt: skip
