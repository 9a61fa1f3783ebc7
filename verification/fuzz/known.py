"""The keys that conf/ declares, read from its files: what a fuzzer may type rightly or wrongly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import yaml

from sim.compose import tree_of
from sim.declared import Declaration, declare, is_declaration, walk
from sim.door.overrides import DOOR_KEYS
from sim.door.screen import groups
from sim.paths import conf_dir
from sim.vocabulary import POLICY_GROUPS

NEVER_CHOSEN = ("executor", "import")  # of studies and of exports; they have cases of their own
PLAIN = ("question", "platform.name", "platform.era")  # text without a declaration


@dataclass(frozen=True, kw_only=True)
class Key:
    """One declared key, and the option of its group with which it exists."""

    key: str
    declared: Declaration
    group: str  # empty at the root
    option: str

    @property
    def words(self) -> list[str]:
        """What must be typed for the key to exist."""
        return [f"{self.group}={self.option}"] if self.group else []


@cache
def options() -> Mapping[str, list[str]]:
    """{group: its options}."""
    return groups(conf_dir())


@cache
def keys() -> tuple[Key, ...]:
    """Every declared key of the root and of every option of every group."""
    root = yaml.safe_load((conf_dir() / "config.yaml").read_text(encoding="utf-8"))
    root.pop("defaults")
    found = [*_declared(root, "", "", "")]
    for group, names in options().items():
        if group in ("scenario", *NEVER_CHOSEN):
            continue
        for name in names:
            tree = tree_of({group: name})
            ours = group in POLICY_GROUPS
            section = (tree["policy"] if ours else tree)[group]
            found += _declared(section, f"policy.{group}." if ours else f"{group}.", group, name)
    return tuple(found)


def _declared(tree: Mapping[str, Any], prefix: str, group: str, option: str) -> list[Key]:
    return [
        Key(key=f"{prefix}{name}", declared=declare(name, node), group=group, option=option)
        for name, node in walk(tree)
        if is_declaration(node)
    ]


@cache
def names() -> frozenset[str]:
    """Every key and group that may be typed at all."""
    typed = {one.key for one in keys()}
    return frozenset(typed | set(options()) | set(DOOR_KEYS) | set(PLAIN) | {"experiment"})


def central(one: Key) -> str:
    """The value of conf/ as it would be typed."""
    return typed(one.declared.value)


def typed(value: Any) -> str:
    """A value in Hydra's grammar."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(typed(item) for item in value)}]"
    if isinstance(value, str):
        return value if value.replace("_", "").isalnum() else f"'{value}'"
    return repr(value)


def possible(one: Key, dice: Random) -> str:
    """A value that the declaration allows."""
    declared = one.declared
    if declared.choices and (dice.random() < 0.7 or not declared.limits[0]):
        return dice.choice(declared.choices)
    if isinstance(declared.value, bool):
        return dice.choice(("true", "false"))
    if declared.is_numeric and not isinstance(declared.value, list):
        return _number(declared, dice)
    return central(one)


def _number(declared: Declaration, dice: Random) -> str:
    """One inside the limits, at their ends more often than chance would have it."""
    low, high = declared.limits
    middle = float(declared.value) if isinstance(declared.value, (int, float)) else 1.0
    low = -abs(10 * middle) - 1 if low is None else low
    high = abs(10 * middle) + 1 if high is None else high
    near = declared.range or (low, high)
    value = dice.choice((low, high, near[0], near[1], dice.uniform(low, high), middle,
                         dice.uniform(*near), math.nextafter(low, high)))  # fmt: skip
    return str(round(value)) if declared.integer else repr(float(f"{value:.9g}"))
