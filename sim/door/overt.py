"""The levers are overt: what sounds like false amplification is no choice of the tested policy.

Inauthentic accounts exist in the world (`contamination`, the same in both arms). Whoever asks for
them as policy, under whatever name, is told why not, instead of "no such key".
"""

from __future__ import annotations

import re

from sim.errors import NOT_OURS, UserError

SOUNDS_FALSE = re.compile(
    r"(^|_)(bots?|botnet|trolls?|troll_?(farm|factory)|(click|like|share)_?farms?|farms?|boost(s|ed|er)?"
    r"|amplif\w*|fakes?|fake_?\w+|false_?(accounts?|shares?|likes?|followers?)|inauthentic\w*"
    r"|astroturf\w*|sock_?puppets?|puppets?|cyborgs?|fifty_?cents?|50_?cents?|contaminat\w*"
    r"|(buy|bought|purchased?|paid)_?(shares?|likes?|followers?|retweets?|reactions?))($|_)",
    re.IGNORECASE,
)
WHY = (
    "The policies compared here are those of overt, attributed, official accounts. Inauthentic "
    "accounts are part of the world and never a lever: contamination=light or contamination=heavy "
    "lets rivals or third parties run them, in both arms alike. A single comparison reports every "
    "measure with and without them, a study without them"
)


def refuse_ours(key: str, value: str) -> None:
    """Refuse a world in which false accounts serve the ministry alone."""
    if key == "contamination.beneficiary" and value == "ours":
        raise UserError(f"'{key}={value}' is refused: {NOT_OURS}.")


def refuse_false_lever(key: str) -> None:
    """Refuse a policy key, or a key of no section at all, that asks for false amplification."""
    first, *rest = key.split(".")
    asked = rest if first == "policy" else ([] if rest or first == "contamination" else [first])
    if any(SOUNDS_FALSE.search(part) for part in asked):
        raise UserError(f"'{key}' is no lever. {WHY}.")


def refuse_false_option(group: str, option: str) -> None:
    """Refuse an option of a policy group, or a scenario, of such a name."""
    if SOUNDS_FALSE.search(option.replace("-", "_")):
        raise UserError(f"'{group}={option}' is no lever. {WHY}.")
