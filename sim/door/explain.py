"""task=list and task=explain: what there is, what it is for, what it means, who says so."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.declared import Declaration, get, split, walk
from sim.door.arms import Arm
from sim.door.explain_evidence import codes, rows_of
from sim.door.sampled import posterior_words
from sim.door.screen import groups, read_text
from sim.door.values import takes_number, unknown_key
from sim.errors import UserError, counted, unknown
from sim.measures import BY_NAME, Measure
from sim.plain_yaml import load
from sim.vocabulary import POLICY_GROUPS

WIDTH = 100
SHOWN = 6  # places named for an option that several groups have
WHOSE = {
    "scenario": "a whole policy by name: all that an arm chooses",
    **dict.fromkeys(POLICY_GROUPS, "a policy group, for the tested arm alone"),
    "circumstance": "what happens in the world during the run: given here it is the same for both "
    "arms; a scenario may name one for the tested arm alone",
}


def question_of(path: Path) -> str:
    """The one-line question of an option, else the first comment of its file, else nothing."""
    text = read_text(path, path.name)
    tree = load(text)
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


def explanation(key: str, arm: Arm, conf: Path) -> str:
    """What a key, a section, a group, an option of a group or a measure means."""
    if not key:
        raise UserError("task=explain needs a key: task=explain key=sharing.p0, or key=sharing.")
    options = groups(conf)
    group, equals, option = key.partition("=")
    if equals:
        return _explain_option(group, option, arm, conf)
    if key in options:
        return _explain_group(key, arm, conf)
    if key in arm.catalogue:
        return _explain_one(key, arm)
    if key in BY_NAME:
        return _explain_measure(BY_NAME[key])
    evidence = rows_of(key)
    if evidence:
        heading, rows = evidence
        return "\n".join([heading, *_told(rows)])
    below = [name for name, _ in walk(arm.values) if name.startswith(f"{key}.")]
    if below:
        return _explain_section(key, below, arm)
    if key in dict(walk(arm.values)):
        return f"{key}\n  value      {get(arm.values, key)!r}, set by the option of its group"
    holding = [f"key={group}={key}" for group, names in options.items() if key in names]
    if holding:
        raise UserError(f"'{key}' is an option. Write {' or '.join(holding[:SHOWN])}.")
    known = dict.fromkeys((*BY_NAME, *options, *codes()))
    raise unknown_key(key, {**known, **arm.values})


def _explain_group(group: str, arm: Arm, conf: Path) -> str:
    """Whose a group is, its options with their questions, and the keys of the one chosen."""
    lines = [f"{group}: {WHOSE.get(group, 'a group of the world, the same for both arms')}"]
    lines += _options(conf, group, groups(conf))
    section = _section(group)
    below = [name for name, _ in walk(arm.values) if name.startswith(f"{section}.")]
    if below:
        lines += ["", f"As chosen here, {_explain_section(section, below, arm)}"]
    return "\n".join(lines)


def _section(group: str) -> str:
    """Where the values of a group stand."""
    return f"policy.{group}" if group in POLICY_GROUPS else group


def _explain_option(group: str, option: str, arm: Arm, conf: Path) -> str:
    """What one option of a group asks, and the values it brings."""
    options = groups(conf)
    if group not in options:
        if group in arm.catalogue:  # sharing.p0=0.01: a value, not an option
            return explanation(group, arm, conf)
        raise unknown("The group", group, options)
    if option not in options[group]:
        raise unknown(f"{group}: the option", option, options[group])
    path = conf / group / f"{option}.yaml"
    lines = _entry(f"{group}={option}", question_of(path), 38)
    tree = load(read_text(path, path.name))
    for entry in tree.pop("defaults", []):  # of a scenario: the options it chooses
        named = entry.items() if isinstance(entry, dict) else ()  # "_self_" is a word
        lines += [f"  {name.rpartition('/')[2]}={chosen}" for name, chosen in named]
    for name, over in _over(tree.pop("policy", {}), "policy."):  # and values set over theirs
        lines += _row(name, over, None)
    section = "" if group == "scenario" else f"{_section(group)}."
    values, catalogue = split(tree)
    for name, value in walk(values):
        if name not in ("kind", "question"):
            lines += _row(f"{section}{name}", value, catalogue.get(name))
    return "\n".join(lines)


def _over(tree: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """(dotted key, value) of each `{value: ...}` that a scenario sets over those of its options."""
    for name, node in tree.items():
        if set(node) == {"value"}:
            yield f"{prefix}{name}", node["value"]
        else:
            yield from _over(node, f"{prefix}{name}.")


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
        ("posterior", posterior_words(key, arm)),
        ("kind", one.kind),
        ("source", one.source),
    ]
    return "\n".join([key, *_told(rows)])


def _told(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Names with what is said of them, wrapped beside them; what is empty is left out."""
    return [line for name, told in rows if told for line in _entry(f"  {name}", told, 13)]


def _range(one: Declaration) -> str:
    if one.range is None:
        return ""
    return f"{one.range[0]:g} to {one.range[1]:g} is plausible"


def _prior(key: str, arm: Arm) -> str:
    one = arm.catalogue[key]
    if one.prior is None:
        return "none: not drawn" if takes_number(one) and one.kind != "setting" else ""
    state = "fixed by you, so not drawn" if key in arm.fixed else (
        "kept at its value" if arm.settings.parameters == "central" else "drawn anew for every draw"
    )  # fmt: skip
    return f"{one.prior}, the range being +-2 standard deviations; {state}"


def _explain_section(key: str, below: list[str], arm: Arm) -> str:
    lines = [f"{key}: {counted(len(below), 'key')}"]
    for name in below:
        lines += _row(name, get(arm.values, name), arm.catalogue.get(name))
    return "\n".join(lines)


def _row(name: str, value: Any, one: Declaration | None) -> list[str]:
    """A key with its value, and what it means below."""
    unit = f" ({one.unit})" if one and takes_number(one) else ""
    return [f"  {name} = {shown(value)}{unit}", *(f"      {line}" for line in _wrapped(one))]


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
