"""task=list and task=explain: what there is, what it is for, what it means, who says so."""

from __future__ import annotations

import itertools
import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

from sim.declared import Declaration, get, walk
from sim.door.arms import Arm
from sim.door.screen import POLICY_GROUPS, Loader, groups, read_text
from sim.door.values import takes_number, unknown_key
from sim.errors import UserError
from sim.measures import BY_NAME, Measure

WIDTH = 100


def question_of(path: Path) -> str:
    """The one-line question of an option, else the first comment of its file, else nothing."""
    text = read_text(path, path.name)
    tree = yaml.load(text, Loader=Loader)
    if isinstance(tree, dict) and tree.get("question"):
        return str(tree["question"])
    return _opening_comment(text)


def _opening_comment(text: str) -> str:
    """The first sentence of the comment that opens a file, without the name of a source file."""
    opening = itertools.takewhile(lambda line: line.startswith("#"), text.lstrip().splitlines())
    told = " ".join(line.lstrip("# ") for line in opening if "@package" not in line)
    return re.sub(r" \(sim/[^)]*\)", "", told).split(". ")[0].rstrip(".")


def listing(conf: Path) -> str:
    """Scenarios, policy groups and world groups, each option with its question."""
    options = groups(conf)
    world = [group for group in options if group not in (*POLICY_GROUPS, "scenario")]
    lines = ["Scenarios: what the tested arm does", *_options(conf, "scenario", options)]
    lines += ["", "Policy groups: for the tested arm alone"]
    for group in POLICY_GROUPS:
        lines += _options(conf, group, options)
    lines += ["", "World groups: the same for both arms"]
    for group in world:
        lines += _options(conf, group, options)
    lines += ["", "task=explain key=GROUP lists the keys of a group; --help shows examples."]
    return "\n".join(lines)


def _options(conf: Path, group: str, options: dict[str, list[str]]) -> list[str]:
    lines = []
    for option in options[group]:
        head = f"  {group}={option}"
        told = question_of(conf / group / f"{option}.yaml")
        lines += _entry(head, told, 38)
    return lines


def _entry(head: str, told: str, indent: int) -> list[str]:
    """A name and what is said of it, wrapped beside the name."""
    wrapped = textwrap.wrap(told, WIDTH - indent) or [""]
    first = f"{head:<{indent}}{wrapped[0]}" if len(head) < indent else f"{head}  {wrapped[0]}"
    return [first.rstrip(), *(" " * indent + line for line in wrapped[1:])]


def explanation(key: str, arm: Arm) -> str:
    """What a key, a section or a measure means."""
    if not key:
        raise UserError("task=explain needs a key: task=explain key=sharing.p0, or key=sharing.")
    if key in arm.catalogue:
        return _explain_one(key, arm)
    if key in BY_NAME:
        return _explain_measure(BY_NAME[key])
    below = [name for name, _ in walk(arm.values) if name.startswith(f"{key}.")]
    if below:
        return _explain_section(key, below, arm)
    if key in dict(walk(arm.values)):
        return f"{key}\n  value      {get(arm.values, key)!r}, set by the option of its group"
    raise unknown_key(key, {**arm.values, **{name: None for name in BY_NAME}})


def _explain_one(key: str, arm: Arm) -> str:
    one = arm.catalogue[key]
    value = get(arm.values, key)
    origin = "set by you, fixed" if key in arm.fixed else "as in conf/"
    rows = [
        ("meaning", one.about),
        ("value", f"{shown(value)} ({one.unit}), {origin}"),
        ("allowed", one.allowed()),
        ("range", _range(one)),
        ("prior", _prior(key, arm)),
        ("kind", one.kind),
        ("source", one.source),
    ]
    lines = [key]
    for name, told in rows:
        if told:
            lines += _entry(f"  {name}", told, 13)
    return "\n".join(lines)


def _range(one: Declaration) -> str:
    if one.range is None:
        return ""
    return f"{one.range[0]:g} to {one.range[1]:g} is plausible"


def _prior(key: str, arm: Arm) -> str:
    one = arm.catalogue[key]
    if one.prior is None:
        return "none: not drawn" if takes_number(one) and one.kind != "setting" else ""
    state = "fixed by you, so not drawn" if key in arm.fixed else "drawn anew for every draw"
    return f"{one.prior}, the range being +-2 standard deviations; {state}"


def _explain_section(key: str, below: list[str], arm: Arm) -> str:
    lines = [f"{key}: {len(below)} keys"]
    for name in below:
        value = shown(get(arm.values, name))
        one = arm.catalogue.get(name)
        head = f"  {name} = {value}" + (f" ({one.unit})" if one and takes_number(one) else "")
        lines += [head, *(f"      {line}" for line in _wrapped(one))]
    return "\n".join(lines)


def _wrapped(one: Declaration | None) -> list[str]:
    return textwrap.wrap(f"{one.about} [{one.kind}]", WIDTH - 6) if one else []


def _explain_measure(measure: Measure) -> str:
    assumed = " Rests on assumed effect sizes." if measure.assumed else ""
    return (
        f"{measure.name}: a measure, not a setting\n  stage      {measure.stage}\n"
        f"  unit       {measure.unit}\n  better     {measure.better}\n"
        f"  meaning    {measure.about}{assumed}"
    )


def shown(value: Any) -> str:
    """A value as it would be typed."""
    if isinstance(value, list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
