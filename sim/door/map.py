"""task=map: in which circumstances one policy beats another, over two numbers of the world.

    python -m sim task=map news.events_per_market_week="tag(log,interval(0.5,15))"
                           news.share_foreseeable="interval(0.1,0.6)" scenario=proactive
                           against=reactive

    1 a space-filling design of study.map_start points, each a circumstance of its own
    2 run it, fit the plane, add study.map_batch points where a wrong sign would cost most
    3 again, until there are study.map_points

Every point is a circumstance of one study that grows: its files, its plan and its lock are those
of any study, and the same command goes on where it was, since each round follows from the runs
before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.declared import Declaration
from sim.door.axes import LEVER, Swept, placed
from sim.door.overrides import Asked
from sim.door.progress import say
from sim.door.study_arms import Study
from sim.door.study_job import (
    Count,
    Ending,
    check_study,
    do_runs,
    facts_everywhere,
    finish,
    rules_of,
)
from sim.door.study_plan import plan_of
from sim.door.study_size import refuse_long, refuse_unfit, study_size
from sim.errors import UserError
from sim.measures import BY_NAME
from sim.study.collate import Collated, collate
from sim.study.files import write_csv
from sim.study.maps import differences, map_of
from sim.study.phase import first_places, fit_surface, next_places, refuse_without_library
from sim.study.random_effects import MIN_DRAWS
from sim.study.records import locked, open_plan, study_folder
from sim.study.summary import Judge, Rules

USUAL = (  # the two numbers that a map has if none are given, and others worth a look
    Swept(key="news.events_per_market_week", text="tag(log,interval(0.5,15))",
          interval=(0.5, 15.0), log=True),
    Swept(key="news.share_foreseeable", text="interval(0.1,0.6)", interval=(0.1, 0.6)),
)  # fmt: skip
ALSO = ("rivals.rival.clearance_hours", "work.clearance_hours")
POLICIES = {"scenario": "proactive", "against": "reactive"}
Build = Callable[..., Study]


@dataclass(frozen=True, kw_only=True)
class Map:
    """A map before it runs. build: a study of so many rows of values."""

    asked: tuple[Asked, ...]
    axes: tuple[Swept, ...]
    build: Build

    def study(self, places: np.ndarray, catalogue: Mapping[str, Declaration]) -> Study:
        """The study of these places of the unit square."""
        rows = [
            tuple(placed(axis, float(share), catalogue.get(axis.key))
                  for axis, share in zip(self.axes, place, strict=True))
            for place in places
        ]  # fmt: skip
        seen: set[tuple[str, ...]] = set()
        kept = []
        for row in rows:  # whole numbers may fall together
            told = tuple(one.text for one in row)
            if told not in seen:
                seen.add(told)
                kept.append(row)
        return self.build(self.asked, self.axes, rows=kept)


def axes_of_map(
    asked: Sequence[Asked], axes: Sequence[Swept]
) -> tuple[list[Asked], list[Swept]]:
    """The command line of a map, what was left open filled in; refuses what is no plane."""
    asked, axes = list(asked), list(axes)
    for one in axes:
        if one.role == LEVER or one.interval is None:
            raise UserError(
                f"'{one.key}={one.text}' makes no axis of a map: give two numbers of the world as "
                f"intervals, such as {USUAL[1].key}={USUAL[1].text}, and one scenario with the one "
                "it is against."
            )
    if len(axes) > 2:
        raise UserError(
            f"A map has two axes, and these are {len(axes)}: "
            f"{', '.join(one.key for one in axes)}. Fix the others to one value each."
        )
    given = {one.key for one in asked} | {one.key for one in axes}
    for one in USUAL:
        if len(axes) < 2 and one.key not in given:
            axes.append(one)
    if len(axes) < 2:
        raise UserError("A map has two axes: give two numbers of the world as intervals.")
    policy = [key for key in given if key in ("posture", "tone", "investment", "language")
              or key.startswith("policy.")]  # fmt: skip
    for key, name in POLICIES.items():
        if key not in given and (key == "against" or not policy):
            asked.append(Asked(key=key, value=name, text=name))
    return asked, axes


def run_map(asked: Sequence[Asked], axes: Sequence[Swept], build: Build, check: bool) -> int:
    """Run the rounds of a map, or say what they would take."""
    refuse_without_library()
    plane = Map(asked=tuple(asked), axes=tuple(axes), build=build)
    middle = [placed(axis, 0.5, None) for axis in axes]
    whole = [_whole(one) for one in middle]
    lead = build(asked, axes, rows=[tuple(whole)]).lead.scenario
    for axis in axes:
        declared = lead.catalogue.get(axis.key)
        if declared is None or not declared.is_numeric or isinstance(declared.value, list):
            raise UserError(f"'{axis.key}' is no single number: a map needs two.")
    rules, catalogue = lead.study, lead.catalogue
    if rules.map_start & (rules.map_start - 1):
        raise UserError(
            f"'study.map_start={rules.map_start}': a space-filling beginning is even at powers of "
            "two only. Use 8, 16 or 32."
        )
    if rules.map_points < rules.map_start:
        raise UserError(
            f"'study.map_points={rules.map_points}' are fewer than study.map_start="
            f"{rules.map_start}."
        )
    if rules.precision is not None:
        raise UserError("'study.precision' is for studies of fixed points: leave it out of a map.")
    most = plane.study(first_places(_power(rules.map_points), lead.settings.seed)
                       [: rules.map_points], catalogue)  # fmt: skip
    refuse_few_draws(study_size(most).draws)
    return check_study(most) if check else _rounds(plane, catalogue, lead, most)


def refuse_few_draws(draws: int) -> None:
    """A map says where a difference is sure, over draws of the parameters."""
    if draws < MIN_DRAWS:
        raise UserError(
            f"A map needs {MIN_DRAWS} parameter draws or more, and this would have {draws}: raise "
            "worlds=, or set draws= (with parameters=posterior or prior)."
        )


def _whole(one: Asked) -> Asked:
    """A middle that is a whole number, for keys that take nothing else."""
    value = round(one.value)
    return one if value == 0 else Asked(key=one.key, value=value, text=str(value))


def _power(n: int) -> int:
    return 1 << max(0, n - 1).bit_length()


def _rounds(plane: Map, catalogue: Mapping[str, Declaration], lead: Any, most: Study) -> int:
    """Round by round, then the one result; `most`: the map with all its points."""
    rules, seed = lead.study, lead.settings.seed
    places = first_places(rules.map_start, seed)
    study = plane.study(places, catalogue)
    plan = plan_of(study)
    refuse_unfit(study_size(most), Path(lead.settings.results))
    refuse_long(study_size(most), Path(lead.settings.results), plan.name)
    folder = study_folder(Path(lead.settings.results), plan.name)
    name = plan.name
    with locked(folder):
        while True:
            study = plane.study(places, catalogue)
            facts, size, plan = facts_everywhere(study), study_size(study), plan_of(study, name)
            for key in open_plan(folder, plan, rules.changed, grows=True):
                say(f"Note: runs from before a change are kept: {key}.")
            count = Count(folder, plan, size)
            try:
                if len(study.circumstances) >= rules.map_points or len(places) >= rules.map_points:
                    summary, context = finish(study, facts, plan, size, folder, count,
                                              _ending(plane, catalogue))  # fmt: skip
                    break
                say(f"Map '{name}': {len(study.circumstances)} of {rules.map_points} points.")
                do_runs(study, size, folder, size.draws, size.replicates)
                found = collate(folder, plan, size.draws, size.replicates)
                new = _more(found, rules_of(study), plane.axes, rules, seed)
            except BaseException as error:
                error.add_note(count.break_off(error))
                raise
            places = np.vstack([places, new])
        count.close("done")
    from sim.report.map_answer import print_map

    print_map(summary, context)
    return 0


def _more(found: Collated, judged: Rules, axes: Sequence[Swept], rules: Any, seed: int
          ) -> np.ndarray:  # fmt: skip
    """The places of the next round."""
    shares, draws, _ = differences(Judge(found, judged), BY_NAME[judged.settings.objective], axes)
    room = rules.map_points - len(found.plan.worlds)
    return next_places(fit_surface(shares, draws), min(rules.map_batch, room), seed)


def _ending(plane: Map, catalogue: Mapping[str, Declaration]) -> Ending:
    from sim.report.figure_map import save_map_figures
    from sim.report.map_answer import print_map

    def extend(summary: dict[str, Any], found: Collated, judged: Rules, folder: Path) -> None:
        summary["map"] = map_of(Judge(found, judged), plane.axes)
        for axis in summary["map"]["axes"]:
            axis["unit"] = catalogue[axis["key"]].unit
        one = summary["map"]
        header = [*(axis["key"] for axis in one["axes"]), "difference", "p_better"]
        rows = [
            [x, y, one["difference"][j][i], one["p_better"][j][i]]
            for j, y in enumerate(one["axes"][1]["values"])
            for i, x in enumerate(one["axes"][0]["values"])
        ]
        write_csv(folder / "map.csv", header, rows)

    return Ending(extend=extend, draw=save_map_figures, tell=print_map)
