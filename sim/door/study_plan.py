"""From checked arms to the plan of a study: what decides its runs, in flat keys."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.declared import get, walk
from sim.door.arms import Arm
from sim.door.axes import LEVER, Swept
from sim.door.context import label_of
from sim.door.overrides import DECIDE_NOTHING
from sim.door.sampled import sample_of
from sim.door.study_arms import Circumstance, Study
from sim.paths import find_table
from sim.provenance import code_hash, config_hash, version_of
from sim.study.plan import Axis, Plan, PlanPoint
from sim.study.records import check_name

JUDGES = ("worlds", "draws", "replicates", "worth", "objective", "scenario", "against")
TABLES = ("network.table", "network.markets", "calendar")
LIBRARIES = ("numpy", "numba")
Flat = dict[str, Any]


def plan_of(study: Study, name: str = "") -> Plan:
    """The plan of a study; its name is that given or asked for, or made from what decides its
    runs."""
    first = study.circumstances[0]
    settings = study.lead.scenario.settings
    decisive = _decisive(study)
    name = name or study.lead.scenario.study.name or f"sweep-{config_hash(decisive)[:8]}"
    check_name(name)
    label = label_of(first.control)
    return Plan(
        name=name, question=question_of(study, label), control=first.control.name,
        control_label=label, axes=tuple(_axis(one, study) for one in study.axes),
        points=tuple(sorted(
            (PlanPoint(id=point.id, label=point.label, scenario=point.name,
                       settings=_plain(point.settings), world=one.id)
             for one in study.circumstances for point in one.points),
            key=lambda point: point.id,
        )),
        worlds={one.id: _plain(one.settings) for one in study.circumstances},
        decisive=decisive, seed=settings.seed, days=settings.days,
    )  # fmt: skip


def question_of(study: Study, label: str) -> str:
    """The user's own question, or one that names the levers; what is not ours to choose is where
    the points are compared, and cannot serve better."""
    lead = study.lead.scenario
    if "question" in lead.fixed or not study.axes:
        return lead.settings.question
    levers = [one.key for one in study.axes if one.role == LEVER]
    others = all_of([one.key for one in study.axes if one.role != LEVER])
    if not levers:
        return f"How does '{label_of(lead)}' compare with '{label}' at each value of {others}?"
    asked = f"Which {all_of(levers)} {'serves' if len(levers) == 1 else 'serve'} better than"
    return f"{asked} '{label}'{f' at each value of {others}' if others else ''}?"


def all_of(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def _axis(one: Swept, study: Study) -> Axis:
    samples = study.lead.scenario.study.samples
    return Axis(key=one.key, role=one.role, n=len(one.values) or samples, interval=one.interval)


def _plain(values: Mapping[str, Any]) -> Flat:
    plain: Flat = json.loads(json.dumps(dict(values), allow_nan=False, default=str))
    return plain


def _decisive(study: Study) -> Flat:
    """Values of the first circumstance, what the others and the points change in it, and what
    computes."""
    first = study.circumstances[0]
    base = dict(_deciding(first.control))
    found = dict(base)
    for one in study.circumstances:
        if one is not first:
            found |= {f"{one.id}.{key}": value for key, value in _deciding(one.control)
                      if base.get(key) != value or key not in base}  # fmt: skip
        found |= _tables(one, "" if one is first else f"{one.id}.")
        for point in one.points:
            found[f"{point.id}.circumstance"] = one.id
            found |= {f"{point.id}.{key}": value for key, value in walk(point.own)}
    warm = dict(walk(first.baseline.values["policy"]))
    found |= {f"warmup.policy.{key}": value for key, value in warm.items()}
    return _plain(found | _computing())


def deciding_of(arm: Arm) -> Flat:
    """The same for one arm alone."""
    found = dict(_deciding(arm))
    for key in TABLES:
        if name := get(arm.values, key):
            found[f"table.{key}"] = _hash_of_table(str(name), key)
    return _plain(found | _computing())


def _computing() -> Flat:
    """Code and libraries."""
    found: Flat = {f"library.{name}": version_of(name) for name in LIBRARIES}
    return found | {
        "library.python": ".".join(platform.python_version_tuple()[:2]), "code": code_hash()
    }


def _hash_of_table(name: str, key: str) -> str:
    return hashlib.sha256(find_table(name, key).read_bytes()).hexdigest()[:16]


def _deciding(arm: Arm) -> Iterator[tuple[str, Any]]:
    """What of an arm could make a run come out differently."""
    drawn = {key for key, one in arm.catalogue.items() if one.prior}
    for key, value in walk(arm.values):
        if key not in (*JUDGES, *DECIDE_NOTHING) and not key.startswith(("study.", "executor.")):
            yield key, value
    yield "fixed", sorted(arm.fixed & drawn)
    if sample := sample_of(arm):
        yield "table.posterior", sample.hash


def _tables(one: Circumstance, prefix: str) -> Flat:
    """What stands in the tables that a circumstance names."""
    found = {}
    values = dict(walk(one.control.values))
    for key in TABLES:
        if values.get(key):
            found[f"{prefix}table.{key}"] = _hash_of_table(str(values[key]), key)
    return found
