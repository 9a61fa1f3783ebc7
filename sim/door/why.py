"""task=why: what makes two policies differ: timing, volume, quality, latency or framing?

    python -m sim task=why scenario=proactive against=reactive

is a study whose points are hybrids: each aspect is that of the tested policy or that of the other
(strategy/aspects.py), in all combinations, in the same paired worlds. Aspects in which the two do
not differ in any world looked into get exactly 0 and are left out of the runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.door.arms import OWN, Arm, Comparison, Compose, build_comparison
from sim.door.axes import Swept
from sim.door.build import drawn_parameters, scenario_of
from sim.door.context import label_of
from sim.door.overrides import Asked, sort_request
from sim.door.parts import by_parts
from sim.door.study_arms import Circumstance, PointArm, Study, own_sections
from sim.door.study_job import Ending, check_study, run_study
from sim.errors import UserError
from sim.model import rules_of
from sim.report.words import within
from sim.scenario import Scenario
from sim.strategy import causes
from sim.strategy.aspects import ASPECTS, differing, refuse_inseparable
from sim.strategy.staffing import Staffing
from sim.streams import world_seed
from sim.study.collate import Collated
from sim.study.files import write_csv
from sim.study.summary import Rules
from sim.study.why import Game, arms_of, rows_of_worlds, why_of
from sim.vocabulary import HOURS_PER_WEEK, OURS
from sim.world.accounts import load_network

LOOKED_INTO = 8  # parameter draws whose budgets say which aspects differ; checked again in all


def build_why(
    asked: Sequence[Asked], axes: Sequence[Swept], groups: Mapping[str, Sequence[str]],
    compose: Compose,
) -> Study:  # fmt: skip
    """The hybrids of two policies as the points of a study."""
    if axes:
        raise UserError(
            f"'{axes[0].key}={axes[0].text}': task=why looks at two policies in one world: give "
            f"{axes[0].key} one value."
        )
    comparison = build_comparison(sort_request(asked, groups), by_parts(compose))
    tested, control = comparison.scenario, comparison.against
    _refuse(comparison)
    aspects = aspects_of(tested, control)
    if not aspects:
        raise UserError(
            "The two policies do not differ in any of "
            f"{', '.join(ASPECTS)}: name another scenario= or against=."
        )
    points = tuple(_point(comparison, aspects, mask) for mask in range(1, 1 << len(aspects)))
    home = Circumstance(id="w000", settings={}, control=control, baseline=comparison.baseline,
                        points=points)  # fmt: skip
    made = tuple(
        Swept(key=f"policy.{name}", text=f"{control.name},{tested.name}", values=tuple(
            Asked(key=f"policy.{name}", value=one, text=one)
            for one in (control.name, tested.name)))
        for name in aspects
    )  # fmt: skip
    return Study(axes=made, lead=comparison, circumstances=(home,), notes=tested.notes)


def _refuse(comparison: Comparison) -> None:
    tested, control = comparison.scenario, comparison.against
    if tested.settings.fair != "hours":
        raise UserError(
            f"'fair={tested.settings.fair}' holds aspects alike that task=why would split: use "
            "fair=hours."
        )
    if tested.settings.steelman:
        raise UserError("'steelman=true' tunes the two sides of a single comparison: leave it out.")
    if tested.values["circumstance"] != control.values["circumstance"]:
        raise UserError(
            f"The scenarios '{tested.name}' and '{control.name}' differ in a circumstance, which "
            f"is none of {', '.join(ASPECTS)}: compare two policies in one circumstance."
        )
    refuse_inseparable(tested.policy, control.policy)


def aspects_of(tested: Arm, control: Arm) -> tuple[str, ...]:
    """The aspects in which the budgets of two arms differ in some week of some draw."""
    n_draws = 1 if tested.settings.parameters == "central" else LOOKED_INTO
    found: set[str] = set()
    for draw in range(n_draws):
        changes = drawn_parameters(control, draw)
        found |= _differ(scenario_of(tested, changes), scenario_of(control, changes), draw)
    return tuple(name for name in ASPECTS if name in found)


def _differ(tested: Scenario, control: Scenario, draw: int) -> set[str]:
    """In one draw."""
    _, accounts = load_network(tested.network, *tested.platform_names)
    seed = world_seed(tested.settings.seed, f"{draw}/0")
    with np.errstate(over="ignore"):
        stems = causes.stems(seed, np.asarray(accounts.hashes, np.uint64))
    one, other = (Staffing(arm.policy, rules_of(arm, accounts), accounts, stems)
                  for arm in (tested, control))  # fmt: skip
    ours = np.asarray(accounts.sides) == OURS
    days = tested.settings.warmup_days + tested.settings.days
    first = 24 * tested.settings.warmup_days // HOURS_PER_WEEK
    found: set[str] = set()
    for week in range(first, 24 * days // HOURS_PER_WEEK + 1):
        found |= set(differing(one.budget(week), other.budget(week), ours))
    return found


def _point(comparison: Comparison, aspects: Sequence[str], mask: int) -> PointArm:
    """The hybrid that has the aspects in `mask` from the tested policy; of all: that policy."""
    tested, control = comparison.scenario, comparison.against
    own = own_sections(tested)
    theirs = [name for k, name in enumerate(aspects) if not mask >> k & 1]
    if theirs:
        own["policy"] = {**own["policy"], "hybrid": {
            "other": dict(control.values["policy"]), "taken": theirs,
            "alike": [name for name in ASPECTS if name not in aspects],
        }}  # fmt: skip
    mine = [name for name in aspects if name not in theirs]
    label = label_of(tested)
    if theirs:
        label = f"{label_of(control)} with {' and '.join(mine)} of {within(label)}"
    return PointArm(
        id=f"p{mask:03d}", label=label, name=tested.name, own=own,
        settings={f"policy.{name}": tested.name if name in mine else control.name
                  for name in aspects},
        catalogue={key: one for key, one in tested.catalogue.items() if key.startswith(OWN)},
        fixed=frozenset(key for key in tested.fixed if key.startswith(OWN)),
    )  # fmt: skip


def game_of(study: Study) -> Game:
    """Who plays in a study of hybrids."""
    aspects = tuple(one.key.rpartition(".")[2] for one in study.axes)
    (home,) = study.circumstances
    ids = [one.id for one in home.points]
    return Game(
        aspects=aspects, alike=tuple(name for name in ASPECTS if name not in aspects),
        arms=arms_of(ids, {one: int(one[1:]) for one in ids}, len(aspects)),
    )  # fmt: skip


def run_why(study: Study, check: bool) -> int:
    """Run the hybrids, split the difference, draw it."""
    return check_study(study) if check else run_study(study, _ending(study))


def _ending(study: Study) -> Ending:
    from sim.report.figure_why import save_why_figures
    from sim.report.why_answer import print_why

    game, lead = game_of(study), study.lead
    question = f"Why does '{label_of(lead.scenario)}' differ from '{label_of(lead.against)}'?"

    def extend(summary: dict[str, Any], found: Collated, judged: Rules, folder: Path) -> None:
        summary["question"], summary["tested_label"] = question, label_of(lead.scenario)
        summary["why"] = why_of(found, judged, game)
        write_csv(folder / "why.csv", *rows_of_worlds(found, judged, game))

    return Ending(extend=extend, draw=save_why_figures, tell=print_why)
