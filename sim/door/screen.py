"""Screens the configuration's files before anything reads them.

Refuses what YAML would do behind the reader's back: aliases (a small file may unfold to gigabytes),
`_target_` (a class to build), interpolations (they can read the environment), duplicate keys, and
plain words that become something else: `no` is False, `010` is 8, `12:30:00` is 45000.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sim.door.overt import refuse_false_lever
from sim.errors import UserError, unknown
from sim.evidence import FOLDER
from sim.measures import MEASURES
from sim.plain_yaml import Loader, load
from sim.vocabulary import POLICY_GROUPS

MAX_BYTES = 200_000  # far above any file of conf/; checked before parsing
CIRCUMSTANCE = "circumstance"  # the one group of the world that a scenario may name
SCENARIO_GROUPS = (*POLICY_GROUPS, CIRCUMSTANCE)
ANSWERED_BY = "answered_by"  # the measures that answer a scenario's question
SCENARIO_KEYS = ("defaults", "question", ANSWERED_BY, "policy", CIRCUMSTANCE)
TRAPS = (
    (re.compile(r"(?i)(yes|no|on|off|y|n)"), "would be read as true or false: quote it"),
    (re.compile(r"[-+]?0[0-9_]+"), "would be read as an octal number: drop the leading zero"),
    (re.compile(r"[-+]?[0-9_]+(:[0-9_]+)+(\.\d*)?"), "would be read in base 60: quote it"),
    (re.compile(r"(?i)[-+]?\.(nan|inf)"), "is no finite number"),
    (re.compile(r"0[xXbBoO][0-9a-fA-F_]+"), "would be read in another base: write it plainly"),
)
OPTION = re.compile(r"[A-Za-z0-9_-]{1,64}")  # a file of the group's folder
DEEPEST = 20  # lists and mappings inside each other


def screen(conf: Path) -> None:
    """Check every YAML file below conf/ that a configuration can be composed of. Evidence is none,
    and the facts held out are not opened before something asks for them."""
    for path in sorted(conf.rglob("*.y*ml")):
        name = path.relative_to(conf).as_posix()
        if not name.startswith(f"{FOLDER}/"):
            screen_file(path, name)


def screen_file(path: Path, name: str) -> None:
    """Check one YAML file; `name` is how errors call it."""
    text = read_text(path, name)
    try:
        events = list(_events(text))
        for reason in _objections(events):
            raise UserError(f"'{name}' {reason}")
        tree = load(text)
        if "\t" in text:  # Hydra reads with a parser that takes fewer tabs than libyaml does
            deque(yaml.scan(text, Loader=yaml.SafeLoader), maxlen=0)
    except yaml.YAMLError as error:
        raise UserError(f"'{name}' is not readable YAML: {' '.join(str(error).split())}") from None
    if name.startswith("scenario/"):
        _screen_scenario(tree, name)


def read_text(path: Path, name: str) -> str:
    """The text of a small UTF-8 file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"'{name}' is larger than {MAX_BYTES:,} bytes: no configuration is.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UserError(f"'{name}' cannot be read: {reason}.") from None


def _events(text: str) -> Iterator[Any]:
    """Parser events, stopping at the first alias or anchor, before anything unfolds, and where
    brackets stand too deep inside each other."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        yield event
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None) is not None:
            return
        if depth > DEEPEST:
            raise yaml.YAMLError(
                f"line {event.start_mark.line + 1}: more than {DEEPEST} levels inside each other"
            )


def _objections(events: list[Any]) -> Iterator[str]:
    for event in events:
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:
            yield f"line {line} uses an anchor or alias ('{event.anchor}'): write the value out."
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            yield f"line {line} uses the tag {tag}: no tags are needed here."
        if isinstance(event, yaml.ScalarEvent):
            yield from _scalar_objections(event, line)


def _scalar_objections(event: Any, line: int) -> Iterator[str]:
    text = event.value
    if "_target_" in text:
        yield f"line {line} holds '_target_': nothing is built from a configuration. Remove it."
    if "${" in text:
        yield f"line {line} holds an interpolation ('{text}'): write the value out."
    if not event.style:  # plain: neither quoted nor a block
        for pattern, reason in TRAPS:
            if pattern.fullmatch(text):
                yield f"line {line}: '{text}' {reason}."


def _screen_scenario(tree: Any, name: str) -> None:
    """A scenario chooses policy: groups and values of policy, and nothing of the world but, at
    most, a circumstance that befalls the tested arm alone."""
    if not isinstance(tree, dict):
        raise UserError(f"'{name}' is empty: give it 'defaults' and a 'question'.")
    for key in tree:
        if key not in SCENARIO_KEYS:
            raise UserError(
                f"'{name}' sets '{key}'. A scenario holds policy only, and at most a circumstance "
                f"({', '.join(SCENARIO_KEYS)}); world keys go on the command line, for both arms."
            )
    _screen_chosen(tree.get("defaults", []), name)
    if not isinstance(tree.get("question", ""), str):
        raise UserError(f"'{name}': question is one line of text, in quotes.")
    _screen_answers(tree.get(ANSWERED_BY, []), name)
    policy = tree.get("policy", {})
    for key in policy if isinstance(policy, dict) else ():
        if key not in POLICY_GROUPS:
            refuse_false_lever(f"policy.{key}")
    if not isinstance(policy, dict) or not set(policy) <= set(POLICY_GROUPS):
        raise UserError(f"'{name}': policy has the sections {', '.join(POLICY_GROUPS)} only.")
    for key, section in {**policy, CIRCUMSTANCE: tree.get(CIRCUMSTANCE, {})}.items():
        if not isinstance(section, dict):
            raise UserError(f"'{name}': {key} is a section: write KEY: {{value: ...}} below it.")


def _screen_answers(named: Any, name: str) -> None:
    """The measures that answer a scenario's question: none of opinion, which leads no answer."""
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise UserError(f"'{name}': {ANSWERED_BY} is a list of measures, such as [shares].")
    known = [one.name for one in MEASURES if one.better != "none" and not one.assumed]
    for one in named:
        if one not in known:
            raise unknown(f"'{name}': {ANSWERED_BY}: the measure", one, known)


def _screen_chosen(defaults: Any, name: str) -> None:
    """The options that a scenario chooses: a list of GROUP: OPTION."""
    if not isinstance(defaults, list):
        raise UserError(f"'{name}': defaults is a list of '- override /GROUP: OPTION'.")
    for entry in defaults:
        for group in entry if isinstance(entry, dict) else [entry]:
            chosen = str(group).removeprefix("override ").strip().removeprefix("/")
            if chosen not in SCENARIO_GROUPS:
                raise unknown(f"'{name}': the policy group", chosen, SCENARIO_GROUPS)
            option = entry[group] if isinstance(entry, dict) else None
            if not isinstance(option, str) or not OPTION.fullmatch(option):
                raise UserError(f"'{name}': the option of {chosen} is one plain name, such as "
                                f"'- override /{chosen}: none'.")  # fmt: skip


def groups(conf: Path) -> dict[str, list[str]]:
    """{group: its options} as the folders of conf/ show them."""
    return {
        folder.name: sorted(path.stem for path in folder.glob("*.yaml"))
        for folder in sorted(conf.iterdir())
        if folder.name != FOLDER and folder.is_dir() and any(folder.glob("*.yaml"))
    }


def options_of(conf: Path, scenario: str) -> dict[str, str]:
    """{group: option} that a scenario chooses."""
    path = conf / "scenario" / f"{scenario}.yaml"
    tree = load(read_text(path, path.name))
    return {
        str(group).rpartition("/")[2]: str(option)
        for entry in tree.get("defaults") or [] for group, option in entry.items()
    }  # fmt: skip


def circumstance_of(conf: Path, scenario: str) -> str:
    """The circumstance that a scenario names; empty where it names none."""
    return options_of(conf, scenario).get(CIRCUMSTANCE, "")


def scenario_sections(conf: Path, scenario: str) -> tuple[str, ...]:
    """The sections in which a scenario sets values, beside choosing options."""
    path = conf / "scenario" / f"{scenario}.yaml"
    tree = load(read_text(path, path.name))
    own = (CIRCUMSTANCE,) if CIRCUMSTANCE in tree else ()
    return (*(tree.get("policy") or {}), *own)


def world_groups(conf: Path) -> list[str]:
    """The groups in the root's defaults that hold for every arm alike, whatever its scenario."""
    return list(world_options(conf))


def world_options(conf: Path) -> dict[str, str]:
    """{group: the option it has where none is chosen} of these groups."""
    named = [one for entry in root_of(conf)["defaults"] if isinstance(entry, dict)
             for one in entry.items()]  # fmt: skip
    return {name: option for name, option in named if name not in (*SCENARIO_GROUPS, "scenario")}


def policy_root(conf: Path) -> dict[str, Any]:
    """The root without the groups of the world."""
    root, world = root_of(conf), set(world_options(conf))
    kept = [one for one in root["defaults"] if not (isinstance(one, dict) and set(one) & world)]
    return {**root, "defaults": kept}


def root_of(conf: Path) -> dict[str, Any]:
    """conf/config.yaml as it stands."""
    tree: dict[str, Any] = load(read_text(conf / "config.yaml", "config.yaml"))
    return tree
