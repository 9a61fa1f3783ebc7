"""What a user asked for, sorted into groups and values, world and policy, or refused.

Only `key=value` exists: nothing is added, deleted, interpolated or instantiated from the command
line (sweeps: `axes`). World keys hold for every arm of the comparison, policy keys for the tested
arm alone, and so do values of a circumstance that its scenario names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.door.overt import refuse_false_option
from sim.door.screen import CIRCUMSTANCE
from sim.errors import UserError, nearest, unknown
from sim.settings import NAME
from sim.vocabulary import POLICY_GROUPS

MAX_LENGTH = 2_000  # characters of one argument
BASELINE = "status_quo"  # the scenario under which every world warms up
DOOR_KEYS = ("task", "key", "from", "data", "against")
READS = {  # of some tasks alone
    "key": ("explain",), "from": ("import",), "data": ("backcast", "calibrate"),
}  # fmt: skip
READING = "import"  # the group that says how exports are read; no part of any world
# Where and how a result is told, and how closely it is looked at; of a posterior sample its content
# decides, not its name.
DECIDE_NOTHING = ("results", "workers", "keep", "checks", "question", "posterior")
PARTS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One argument, parsed: `text` is the value as typed, `value` what it stands for."""

    key: str
    value: Any
    text: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """A command line, sorted. Group choices are {group: option}."""

    scenario: str
    against: str
    task: str
    key: str
    folder: str  # from= or data=, of the tasks that read one
    world_groups: Mapping[str, str]
    policy_groups: Mapping[str, str]
    world_values: tuple[Asked, ...]
    policy_values: tuple[Asked, ...]
    names_policy: bool  # whether a scenario or any policy key was given at all

    def choices(self, scenario: str, with_policy: bool) -> dict[str, str]:
        """The group choices of one arm."""
        policy = self.policy_groups if with_policy else {}
        return {**self.world_groups, **policy, "scenario": scenario}

    def values(self, with_policy: bool) -> tuple[Asked, ...]:
        """The values set in one arm."""
        return self.world_values + (self.policy_values if with_policy else ())


def screen_arguments(arguments: Sequence[str]) -> None:
    """Refuse, as plain text, what is not key=value, before any parser sees it."""
    for text in arguments:
        if len(text) > MAX_LENGTH:
            raise UserError(f"'{text[:40]}...' is longer than {MAX_LENGTH:,} characters.")
        if "_target_" in text:
            raise UserError(
                f"'{text}': '_target_' is refused everywhere: nothing is built from a "
                "configuration. Choose an option of a group instead (task=list)."
            )
        if "${" in text:
            raise UserError(f"'{text}': interpolations are refused. Write the value out.")
        if text.startswith(("~", "+")):
            plain = text.lstrip("~+").partition("=")[0] or "key"
            raise UserError(
                f"'{text}': keys are neither added (+) nor deleted (~). Set an existing one as "
                f"{plain}=value; task=explain key={plain} says what it may be."
            )
        if text.startswith("-"):
            raise UserError(f"'{text}' is no option. Write key=value; --help shows how.")
        _screen_key(text)


def _screen_key(text: str) -> None:
    key, equals, _ = text.partition("=")
    if not equals:
        raise UserError(f"'{text}' has no '='. Write key=value, such as scenario=proactive.")
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        raise UserError(f"'{key}': hydra's own settings are closed. --help shows what can be set.")
    if not all(PARTS.fullmatch(part) for part in key.split(".")):
        raise UserError(
            f"'{key}' is no key: keys are words joined by dots, such as sharing.p0. "
            "task=list shows the groups."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # it could neither be printed nor be kept
        shown = text.encode("utf-8", "backslashreplace").decode()
        told = f"'{shown}' cannot be read: it holds bytes that are no UTF-8 text."
        raise UserError(told) from None


def sort_request(asked: Iterable[Asked], groups: Mapping[str, Sequence[str]]) -> Request:
    """Sort parsed arguments, after checking group options and names."""
    chosen: dict[str, str] = {}
    values: dict[str, Asked] = {}
    for one in asked:
        if one.key in chosen or one.key in values:
            raise UserError(f"'{one.key}' is given twice. Give each key one value.")
        if one.key in groups:
            chosen[one.key] = check_option(one.key, one, groups[one.key])
        else:
            values[one.key] = one
    scenarios = groups["scenario"]
    doors = {key: values.pop(key) for key in DOOR_KEYS if key in values}
    _refuse_unread(doors)
    against = check_option("against", doors["against"], scenarios) if "against" in doors else ""
    policy = [one for one in values.values() if one.key.split(".")[0] == "policy"]
    own = [] if CIRCUMSTANCE in chosen else [
        one for one in values.values() if one.key.split(".")[0] == CIRCUMSTANCE
    ]  # of the scenario's circumstance, which the other arm has not  # fmt: skip
    scenario = chosen.pop("scenario", "")
    policy_groups = {key: chosen.pop(key) for key in POLICY_GROUPS if key in chosen}
    return Request(
        scenario=scenario or BASELINE,
        against=against or BASELINE,
        task=doors["task"].text if "task" in doors else "run",
        key=doors["key"].text if "key" in doors else "",
        folder=next((str(doors[key].value) for key in ("from", "data") if key in doors), ""),
        world_groups=chosen,
        policy_groups=policy_groups,
        world_values=tuple(one for one in values.values() if one not in (*policy, *own)),
        policy_values=(*policy, *own),
        names_policy=bool(scenario or policy_groups or policy),
    )


def refuse_policy(request: Request, task: str) -> None:
    """The published patterns are those of today's posting: no other policy is measured."""
    if request.scenario != BASELINE or request.policy_groups or request.policy_values:
        raise UserError(
            f"{task} measures the status quo, as the data were: leave out scenario, posture, "
            "tone, investment and policy.*. World keys may be set, such as sharing.p0=0.01."
        )


def _refuse_unread(doors: Mapping[str, Asked]) -> None:
    """What only one task reads would be dropped in silence beside another."""
    asked = doors["task"].text if "task" in doors else "run"
    for key, tasks in READS.items():
        if key in doors and asked not in tasks:
            raise UserError(
                f"'{key}={doors[key].text}' is read by task={' and task='.join(tasks)} only: add "
                f"task={tasks[0]}, or leave {key}= out."
            )


def check_option(group: str, one: Asked, options: Sequence[str]) -> str:
    """The chosen option of a group, if there is one of that name."""
    name = one.value if isinstance(one.value, str) else one.text
    if name not in options and group in (*POLICY_GROUPS, "scenario", "against"):
        refuse_false_option(group, name)
    if not NAME.fullmatch(name):
        guess = nearest(name, options)
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise UserError(
            f"'{group}={one.text}' is no name: names have 1 to 64 characters of a-z, 0-9, _ and -."
            f"{hint} Allowed: {', '.join(options)}."
        )
    if name not in options:
        error = unknown(f"{group}: the option", name, options)
        single = f" Single values are set as {group}.KEY=value." if len(options) == 1 else ""
        raise UserError(f"{error}{single}")
    return name
