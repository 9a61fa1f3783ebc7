"""A scenario without Hydra, for notebooks, benchmarks and tests.

    from sim.compose import compose
    scenario = compose({"days": 30, "sharing.p0": 0.01}, audience="small", posture="proactive")

The same files of conf/ that the command line composes, at central values: groups by their option,
single values by their dotted key. The command line checks more (bounds, near misses).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.declared import put, split, translate
from sim.errors import UserError, unknown
from sim.paths import conf_dir
from sim.plain_yaml import load
from sim.scenario import Scenario
from sim.settings import Settings
from sim.vocabulary import POLICY_GROUPS


def compose(changes: Mapping[str, Any] | None = None, **groups: str) -> Scenario:
    """The default configuration with these options of groups and these values by dotted key.

    Raises UserError for a group, option or key that does not exist, and for a value that cannot be.
    """
    values, catalogue = split(tree_of(groups))
    for key, value in (changes or {}).items():
        if key not in catalogue:
            raise unknown("The key", key, catalogue)
        put(values, key, value)
    settings = {key: values[key] for key in Settings.model_fields}
    sections = {key: values[key] for key in Scenario.model_fields if key != "settings"}
    for one in sections["policy"].values():
        one.pop("question", None)
    whole = {"settings": settings, **sections}
    try:
        return Scenario.model_validate(whole)
    except ValidationError as error:
        raise UserError(str(translate(error, whole)).replace("settings.", "")) from None


def tree_of(groups: Mapping[str, str]) -> dict[str, Any]:
    """conf/config.yaml with an option of every group in its place."""
    conf = conf_dir()
    tree: dict[str, Any] = _read(conf / "config.yaml")
    defaults = [one for one in tree.pop("defaults") if one != "_self_"]
    chosen = {group: option for one in defaults for group, option in one.items()}
    for group in groups:
        if group not in chosen or group == "scenario":
            raise unknown("The group", group, [name for name in chosen if name != "scenario"])
    tree["scenario"] = chosen.pop("scenario")
    for group, option in {**chosen, **groups}.items():
        options = [path.stem for path in (conf / group).glob("*.yaml")]
        if option not in options:
            raise unknown(f"The option of {group}=", option, options)
        place = tree.setdefault("policy", {}) if group in POLICY_GROUPS else tree
        place[group] = option_of(conf, group, option)
    return tree


def option_of(conf: Path, group: str, option: str) -> dict[str, Any]:
    """One option, with the options of other groups that it takes in ("/platform@vk: vk")."""
    tree: dict[str, Any] = _read(conf / group / f"{option}.yaml")
    for entry in tree.pop("defaults", []):
        for source, name in entry.items() if isinstance(entry, dict) else ():
            other, _, place = source.removeprefix("/").partition("@")
            tree[place] = option_of(conf, other, name)
    return tree


def _read(path: Path) -> Any:
    return load(path.read_text(encoding="utf-8"))
