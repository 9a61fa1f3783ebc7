"""Sets single values in a composed configuration, each checked against its declaration.

Types are checked here, strictly, because YAML and pydantic are both too kind: `seed=1e3` is not a
whole number, `keep=no` is not false, and nan passes as a float. A value set by the user is fixed:
it is no longer drawn from its prior.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from sim.declared import Declaration, is_number, put, walk
from sim.door.overrides import Asked
from sim.door.overt import refuse_false_lever, refuse_ours
from sim.door.screen import POLICY_GROUPS
from sim.errors import UserError, nearest
from sim.paths import conf_dir
from sim.plain_yaml import load

SHOWN = 12


def set_values(
    values: dict[str, Any], catalogue: Mapping[str, Declaration], asked: Iterable[Asked]
) -> list[str]:
    """Set each asked key; returns notes on values that are possible but implausible."""
    notes = []
    plain = {key for key, _ in walk(values)}
    for one in asked:
        if one.key in catalogue:
            declared = catalogue[one.key]
            value = checked(one, declared)
            if declared.kind != "setting" and declared.implausible(value):
                low, high = declared.range or (0, 0)
                notes.append(f"{one.key}={one.text} is outside its plausible range {low}-{high}.")
        elif one.key in plain:
            value = _plain_value(one, values)
        else:
            raise unknown_key(one.key, values)
        put(values, one.key, value)
    return notes


def checked(one: Asked, declared: Declaration) -> Any:
    """The value, if its declaration allows it."""
    value = one.value
    if isinstance(value, dict):
        raise UserError(f"'{one.key}' is one value, not a section. Allowed: {declared.allowed()}.")
    if declared.value is None and value is None:
        return None
    if isinstance(declared.value, bool):
        return _demand(isinstance(value, bool), one, declared)
    if isinstance(declared.value, list):
        fits = isinstance(value, list) and len(value) == len(declared.value)
        numeric = fits and all(is_number(item) for item in value)
        return _finite(_demand(numeric, one, declared), one, declared)
    if declared.choices is not None and not is_number(value):
        if value not in declared.choices:
            _refuse_word(one, declared)
        return value
    if takes_number(declared):
        whole = isinstance(value, int) or not declared.integer
        return _finite(_demand(is_number(value) and whole, one, declared), one, declared)
    return _as_text(one, declared)


def takes_number(declared: Declaration) -> bool:
    """Whether a declared key holds a number, or may (`auto` or a number)."""
    return declared.is_numeric or declared.range is not None or declared.bounds is not None


def _refuse_word(one: Asked, declared: Declaration) -> None:
    choices = declared.choices or ()
    refuse_ours(one.key, one.text)
    guess = nearest(one.text, choices)
    hint = f" Did you mean '{guess}'?" if guess else ""
    raise UserError(f"'{one.key}={one.text}' is not allowed.{hint} Allowed: {declared.allowed()}.")


def _demand(fits: bool, one: Asked, declared: Declaration) -> Any:
    if not fits:
        raise UserError(
            f"'{one.key}={one.text}' has the wrong type: {one.key} takes {declared.allowed()} "
            f"({declared.unit})."
        )
    return one.value


def _as_text(one: Asked, declared: Declaration) -> str:
    """Text; what looks like a number is still text (a folder called 2016)."""
    _demand(isinstance(one.value, str) or is_number(one.value), one, declared)
    return one.value if isinstance(one.value, str) else one.text


def _finite(value: Any, one: Asked, declared: Declaration) -> Any:
    for item in value if isinstance(value, list) else [value]:
        if not is_finite(item):
            raise UserError(
                f"'{one.key}={one.text}' is no finite number. Allowed: {declared.allowed()} "
                f"({declared.unit})."
            )
    if declared.outside(value):
        raise UserError(
            f"'{one.key}={one.text}' is out of range. Allowed: {declared.allowed()} "
            f"({declared.unit})."
        )
    return value


def is_finite(number: float) -> bool:
    """Whether arithmetic can take it: a whole number of hundreds of digits is none of its own."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _plain_value(one: Asked, values: Mapping[str, Any]) -> Any:
    """A key without a declaration: text such as a path; never what a group's file decides."""
    section, _, name = one.key.rpartition(".")
    if name == "kind":
        group = section.rpartition(".")[2]
        raise UserError(f"'{one.key}' comes with the option of its group. Choose {group}=...")
    current: Any = values
    for part in one.key.split("."):
        current = current[part]
    if isinstance(current, bool) and not isinstance(one.value, bool):
        raise UserError(f"'{one.key}={one.text}' has the wrong type: it takes true or false.")
    if isinstance(current, str) and one.value is None:
        raise UserError(f"'{one.key}={one.text}' has the wrong type: it takes text.")
    if isinstance(current, list) or isinstance(one.value, (list, dict)):
        raise UserError(f"'{one.key}' cannot be set from the command line.")
    return one.value if isinstance(one.value, (str, bool)) or one.value is None else one.text


def unknown_key(key: str, values: Mapping[str, Any]) -> UserError:
    """The error for a key that does not exist: the nearest one, and what its section has."""
    refuse_false_lever(key)
    known = sorted(name for name, _ in walk(values) if not name.endswith(".kind"))
    first, group, *_ = [*key.split("."), ""]
    if first == "policy" and group in POLICY_GROUPS and not options_with(key):
        inside = [name for name in known if name.startswith(f"policy.{group}.")]
        also = f" Single values here: {', '.join(inside)}." if inside else ""
        return UserError(
            f"'{key}' is no single value: choose an option as {group}=...; task=explain "
            f"key={group} lists them.{also}"
        )
    section = [name for name in known if name.startswith(f"{key}.")]
    if section:
        return UserError(
            f"'{key}' is a section, not a value. Set one of: {', '.join(section[:SHOWN])}."
        )
    options = options_with(key)
    if options:
        group = key.split(".")[-2]
        return UserError(
            f"'{key}' does not exist with the {group} chosen. It does with "
            f"{' or '.join(f'{group}={option}' for option in options[:SHOWN])}."
        )
    guess = _nearest_key(key, known)
    hint = f" Did you mean '{guess}'?" if guess else ""
    beside = (guess or key).rpartition(".")[0]
    allowed = [name for name in known if beside and name.startswith(f"{beside}.")]
    shown = allowed or [name for name in known if "." not in name]
    return UserError(
        f"The key '{key}' does not exist.{hint} Allowed here: {', '.join(shown[:30])}. "
        "task=list shows the groups, task=explain key=SECTION the keys of a section."
    )


def _nearest_key(key: str, known: list[str]) -> str | None:
    """The nearest key in the section named, else one of the same name elsewhere, else the nearest
    section or root key for a word without a point, else any."""
    section, _, name = key.rpartition(".")
    inside = [one for one in known if section and one.startswith(f"{section}.")]
    same_name = [one for one in known if one.rpartition(".")[2] == name]
    first = [] if section else dict.fromkeys(one.split(".")[0] for one in known)
    return (
        nearest(key, inside) or next(iter(same_name), None) or nearest(key, first)
        or nearest(key, known)
    )  # fmt: skip


def options_with(key: str) -> list[str]:
    """The options of a key's group that have this key, where the option chosen has not."""
    *section, name = key.split(".")
    folder = conf_dir() / section[-1] if section else None
    if folder is None or not folder.is_dir():
        return []
    files = sorted(folder.glob("*.yaml"))
    return [path.stem for path in files if name in (load(path.read_text("utf-8")) or {})]
