"""task=validate: run the status quo, measure C1-C17 as the data were, print them beside the ranges.

    1 the status quo in the world that the user asked for, keeping posts, at sizes of its own
    2 a folder results/validate/...       3 each world run and measured, in its own process
    4 the card: validation.json, validation.csv, and on the screen

Nothing is fitted here, and the facts held out are not opened.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.declared import with_values
from sim.door.arms import Arm, Comparison
from sim.door.build import drawn_parameters, n_drawn, scenario_of
from sim.door.context import asked_of
from sim.door.facts import facts_of
from sim.door.job import Count, announce, open_folder
from sim.door.overrides import BASELINE, Request
from sim.door.progress import progress, say
from sim.door.sampled import sample_of, sample_sentences
from sim.door.sizes import Size, refuse_oversized, size_of
from sim.door.words import audience_words
from sim.door.worlds import WorldTask, tasks_of
from sim.errors import UserError, counted
from sim.evidence import load_targets
from sim.observables.observed import Observed
from sim.study import ensemble, store
from sim.study.ensemble import Failure
from sim.study.files import undisturbed
from sim.study.observed import observables_of_run
from sim.study.validate import card_of, table_rows

NAME = "validate"  # of the folder of results


def run_validation(request: Request, comparison: Comparison) -> int:
    """Run, measure, write, print; returns the exit code."""
    from sim.report.validation import print_card

    refuse_policy(request)
    if comparison.baseline.values["platforms"]["kind"] != "one":
        raise UserError(
            "task=validate compares with figures of one network, and platforms=several would count "
            "followers and posts of all: leave it out."
        )
    arm = sized(comparison.baseline)
    one = Comparison(scenario=arm, against=arm, baseline=arm)
    size = size_of(scenario_of(arm), arm.fixed, n_arms=1)
    refuse_oversized(size)
    folder = open_folder(one, size)
    announce(one, size, "world")
    count = ValidationCount(folder, size)
    try:
        card = measured(one, size, folder, count)
    except BaseException as error:
        with undisturbed():
            count.break_off(error)
        raise
    count.close("done")
    print_card(card)
    return 0


class ValidationCount(Count):
    """The count of a job that writes nothing before all worlds are in."""

    def remains(self) -> str:
        n_whole = len(self.kept) - len(self.failures)
        return (
            f"{self.folder} holds the configuration only: {counted(n_whole, 'world')} of "
            f"{self.size.worlds} had been measured."
        )


def refuse_policy(request: Request, task: str = "task=validate") -> None:
    """The published patterns are those of today's posting: no other policy is measured."""
    if request.scenario != BASELINE or request.policy_groups or request.policy_values:
        raise UserError(
            f"{task} measures the status quo, as the data were: leave out scenario, posture, "
            "tone, investment and policy.*. World keys may be set, such as sharing.p0=0.01."
        )


def sized(arm: Arm) -> Arm:
    """The arm that keeps its posts, as long and as often as validation asks unless the user did."""
    study = arm.study
    own = {"days": study.validation_days, "worlds": study.validation_worlds, "replicates": 1}
    asked = arm.fixed | ({"worlds"} if {"draws", "replicates"} & arm.fixed else set())
    changes = {key: value for key, value in own.items() if key not in asked}
    return replace(arm, name=NAME, values=with_values(arm.values, {**changes, "keep": "posts"}))


def measured(
    comparison: Comparison, size: Size, folder: Path, count: ValidationCount
) -> dict[str, Any]:
    """The card of all worlds, written into the folder."""
    tasks = tasks_of(comparison, size.draws, size.replicates)
    with progress(len(tasks)) as advance:

        def one_more() -> None:
            count.one_more()
            advance()

        for _, found in ensemble.stream(
            observe_task, tasks, workers=size.workers, on_done=one_more
        ):
            count.kept.append(found)
    for failure in count.failures:
        say(f"Failed, the others go on: {failure}.")
    ensemble.refuse_nothing(count.kept)
    worlds = [one for one in count.kept if not isinstance(one, Failure)]
    card = card_of(load_targets(), worlds, **head(comparison.scenario, size, folder))
    store.write_json(folder / "validation.json", card)
    store.write_csv(folder / "validation.csv", *table_rows(card))
    return card


def observe_task(task: WorldTask) -> dict[str, Observed]:
    """One world of the status quo, measured: only its numbers travel back."""
    from sim.simulate import simulate_world

    arm = task.comparison.scenario
    scenario = scenario_of(arm, drawn_parameters(arm, task.draw))
    (run,) = simulate_world([scenario], scenario, task.draw, task.replicate)
    return observables_of_run(run, n_samples=scenario.study.validation_samples)


def head(arm: Arm, size: Size, folder: Path) -> dict[str, Any]:
    """What the numbers were found under."""
    scenario = scenario_of(arm)
    settings, facts = arm.settings, facts_of(scenario)
    drawn = n_drawn(arm)
    parameters = f"{counted(drawn, 'parameter')} drawn from their priors" if drawn else (
        "all parameters at their central values"
    )  # fmt: skip
    more = ""
    if (sample := sample_of(arm)) is not None:
        parameters, *rest = sample_sentences(arm, sample)
        more = "".join(f" {one}." for one in rest)
    asked = f" Set by the user: {', '.join(asked_of(arm))}." if asked_of(arm) else ""
    return {
        "setting": (
            f"Status quo, {facts.network}. Audience: {audience_words(scenario)}. "
            f"{settings.days} days; {counted(size.worlds, 'world')}, {parameters}; "
            f"seed {settings.seed}. Measured over ordinary missions, as the median of "
            f"{arm.study.validation_samples} sub-samples of 42 accounts.{asked}{more}"
        ),
        "parameters": settings.parameters, "draws": size.draws, "replicates": size.replicates,
        "days": settings.days, "seed": settings.seed, "folder": str(folder),
    }  # fmt: skip
