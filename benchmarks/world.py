"""The worlds that are timed: the committed configuration at central values, read without Hydra."""

from __future__ import annotations

from typing import Any

import yaml

from sim.declared import put, split
from sim.paths import conf_dir
from sim.scenario import Scenario
from sim.settings import Settings

POLICY = ("posture", "tone", "investment")  # groups whose place is below `policy`
SMALL = 20_000  # audience=small
PEOPLE = 2_640_000  # audience=readers


def scenario(days: int, n_people: int | None = None) -> Scenario:
    """The status quo on the default network before `n_people` (default: as in conf/)."""
    values, _ = split(_composed())
    put(values, "days", days)
    if n_people is not None:
        put(values, "audience.n_people", n_people)
    settings = {key: values[key] for key in Settings.model_fields}
    sections = {key: values[key] for key in Scenario.model_fields if key != "settings"}
    for one in sections["policy"].values():
        one.pop("question", None)
    return Scenario.model_validate({"settings": settings, **sections})


def _composed() -> dict[str, Any]:
    """conf/config.yaml with the default option of every group in its place."""
    tree = _read("config.yaml")
    for default in tree.pop("defaults"):
        if default == "_self_":
            continue
        ((group, option),) = default.items()
        if group == "scenario":
            tree["scenario"] = option
            continue
        place = tree.setdefault("policy", {}) if group in POLICY else tree
        place[group] = _read(f"{group}/{option}.yaml")
    return tree


def _read(name: str) -> Any:
    return yaml.safe_load((conf_dir() / name).read_text(encoding="utf-8"))
