"""Composes a configuration from parts, each read once: a scenario whole, every other choice alone.

    tree(choices) = tree(scenario), with the section of every chosen group in its place

Groups own a section each and a scenario is merged last, so that a section depends on the option of
its group, and on the scenario only where that sets values in the section (tests/door/test_parts.py
holds whole compositions against this). A grid of a x b x c choices thus costs a + b + c readings of
one file instead of a x b x c readings of them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.door.screen import scenario_sections
from sim.paths import conf_dir
from sim.vocabulary import POLICY_GROUPS

Tree = Mapping[str, Any]
Compose = Callable[[Mapping[str, str], bool], Tree]


def by_parts(compose: Compose) -> Compose:
    """The same trees, every part of them composed once."""
    wholes: dict[tuple[str, bool], Tree] = {}
    sections: dict[tuple[str, str, str], Any] = {}
    worlds: list[Tree] = []

    def whole(scenario: str, policy_alone: bool) -> Tree:
        key = (scenario, policy_alone)
        if key not in wholes:
            made = compose({"scenario": scenario}, policy_alone or bool(worlds))
            if not policy_alone:
                made = {**worlds[0], **made} if worlds else made
                worlds[:] = worlds or [made]
            wholes[key] = made
        return wholes[key]

    def section(scenario: str, group: str, option: str) -> Any:
        own = scenario if group in scenario_sections(conf_dir(), scenario) else ""
        key = (own, group, option)
        if key not in sections:
            if own:
                tree = compose({"scenario": scenario, group: option}, True)
            else:
                tree = _alone(compose, group, option)
            sections[key] = (tree["policy"] if group in POLICY_GROUPS else tree)[group]
        return sections[key]

    def composed(choices: Mapping[str, str], policy_alone: bool) -> Tree:
        tree = dict(whole(choices["scenario"], policy_alone))
        policy = dict(tree["policy"])
        for group, option in choices.items():
            if group == "scenario" or (group not in POLICY_GROUPS and group not in tree):
                continue
            place = policy if group in POLICY_GROUPS else tree
            place[group] = section(choices["scenario"], group, option)
        tree["policy"] = policy
        return tree

    return composed


def _alone(compose: Compose, group: str, option: str) -> Tree:
    """One group composed by itself, where the composer can; else with all others."""
    alone = getattr(compose, "alone", None)
    if alone is not None:
        made: Tree = alone(group, option)
        return made
    return compose({"scenario": "status_quo", group: option}, group in POLICY_GROUPS)
