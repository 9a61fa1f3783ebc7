"""task=validate: the trust card. The status quo beside C1-C18, and the facts held out, D1-D7.

    1 the status quo that keeps its posts, and the arms of each fact's experiment    (refuses here)
    2 results/validate/NAME, its plan checked, locked    3 every run that is not on the disk yet
    4 the card: trust_card.json, trust_card.csv, and on the screen

One file a run, whole or not there: the same command goes on where it was. Nothing is fitted here,
and no fact is dropped: what fails stands on the card.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.declared import with_values
from sim.door.arms import Arm, Comparison
from sim.door.build import n_drawn, scenario_of
from sim.door.context import asked_of
from sim.door.facts import facts_of
from sim.door.overrides import Request, refuse_policy
from sim.door.progress import progress, say
from sim.door.sampled import name_of_rows, sample_of, sample_sentences
from sim.door.sizes import Size, duration, estimate, refuse_overlong, refuse_oversized, size_of
from sim.door.study_plan import deciding_of
from sim.door.trust_arms import TASK, Trial
from sim.door.trust_card import trust_card
from sim.door.trust_runs import TrustTask, patterns_trial, recall, tasks_of, trust_run
from sim.door.words import audience_words
from sim.errors import UserError, counted
from sim.provenance import MODEL, commit, config_hash, dirty, provenance, utc_now, version_of
from sim.study import ensemble
from sim.study.ensemble import Failure
from sim.study.files import undisturbed, write_csv, write_json
from sim.study.plan import Plan
from sim.study.records import locked, open_plan, study_folder
from sim.trust.experiments import YEAR

NAME = "validate"  # of the folder of results


def run_validation(request: Request, comparison: Comparison, trials: Sequence[Trial]) -> int:
    """Run what is missing, measure, write, print; returns the exit code."""
    from sim.report.trust import card_rows, print_card

    refuse_policy(request, TASK)
    if comparison.baseline.values["platforms"]["kind"] != "one":
        raise UserError(
            "task=validate compares with figures of one network, and platforms=several would count "
            "followers and posts of all: leave it out."
        )
    arm = sized(comparison.baseline)
    trials = (patterns_trial(arm), *trials)
    size = size_of(scenario_of(arm), arm.fixed, n_arms=1)
    refuse_oversized(size)
    refuse_overlong(size.seconds, size.workers)
    plan = plan_of(arm, trials)
    folder = study_folder(Path(arm.settings.results), plan.name, NAME)
    with locked(folder):
        accepted = open_plan(folder, plan, arm.study.changed)
        for key in accepted:
            say(f"Note: runs from before a change are kept: {key}.")
        tasks = tasks_of(trials, folder, size.draws, size.replicates)
        run_all(tasks, trials, folder, plan, size)
        card = trust_card(tasks, **head(arm, size, folder, plan, accepted))
        write_json(folder / "trust_card.json", card)
        write_csv(folder / "trust_card.csv", *card_rows(card))
    print_card(card)
    return 0


def sized(arm: Arm) -> Arm:
    """The arm that keeps its posts, as long and as often as validation asks unless the user did."""
    study = arm.study
    own = {"days": study.validation_days, "worlds": study.validation_worlds, "replicates": 1}
    asked = arm.fixed | ({"worlds"} if {"draws", "replicates"} & arm.fixed else set())
    changes = {key: value for key, value in own.items() if key not in asked}
    return replace(arm, name=NAME, values=with_values(arm.values, {**changes, "keep": "posts"}))


def plan_of(arm: Arm, trials: Sequence[Trial]) -> Plan:
    """What decides the runs: how many there are does not."""
    decisive = deciding_of(arm) | {"study.validation_samples": arm.study.validation_samples}
    for one in trials[1:]:
        decisive[f"{one.name}.days"] = int(one.baseline.values["days"])
        decisive[f"{one.name}.arms"] = sorted(one.arms)
    return Plan(
        name=arm.study.name or f"card-{config_hash(decisive)[:8]}",
        question="What does the model show beside what was published?", control=arm.name,
        control_label="status quo", axes=(), points=(), worlds={}, decisive=decisive,
        seed=arm.settings.seed, days=arm.settings.days,
    )  # fmt: skip


def seconds_of(trial: Trial) -> float:
    """What one run of an experiment takes, roughly."""
    return estimate(scenario_of(trial.baseline), max(1, len(trial.arms))).seconds_per_world


def run_all(
    tasks: Sequence[TrustTask], trials: Sequence[Trial], folder: Path, plan: Plan, size: Size
) -> None:
    """Do the runs that are not on the disk; status.json and provenance.json say how it stands."""
    left = [task for task in tasks if recall(task) is None]
    cost = {one.name: seconds_of(one) for one in trials}
    total = sum(cost[task.trial.name] for task in left) / size.workers
    say(f"{counted(len(tasks), 'run')} ({counted(len(trials), 'experiment')} in "
        f"{counted(size.worlds, 'world')}), {len(tasks) - len(left)} on the disk; about "
        f"{duration(total)} in {counted(size.workers, 'process', 'processes')}, and several times "
        "that if followers and shares feed one another in some draws.")  # fmt: skip
    started, failed = utc_now(), []
    state, reason = "interrupted", None
    try:
        with progress(len(tasks), "runs", len(tasks) - len(left)) as advance:
            done = ensemble.stream(trust_run, left, workers=size.workers, on_done=advance,
                                   on_way=advance.under_way)  # fmt: skip
            for index, found in done:
                if isinstance(found, Failure):
                    failed.append((left[index], found))
        state = "done"
    except BaseException as error:
        if not isinstance(error, KeyboardInterrupt):
            state, reason = "failed", f"{type(error).__name__}: {error}"
        error.add_note(f"{folder} keeps its finished runs. The same command goes on where it was.")
        raise
    finally:
        with undisturbed(), suppress(UserError):
            close(tasks, folder, plan, state, started, failed, reason)
    for task, one in failed:
        say(f"Failed, the others go on: {task.trial.name}, {one}.")
    ensemble.refuse_nothing([*(one for _, one in failed), *(recall(task) for task in tasks
                                                            if recall(task) is not None)])


def close(
    tasks: Sequence[TrustTask], folder: Path, plan: Plan, state: str, started: str,
    failed: Sequence[tuple[TrustTask, Failure]], reason: str | None,
) -> None:  # fmt: skip
    """status.json and provenance.json."""
    write_json(folder / "status.json", {
        "state": state, "reason": reason, "runs": len(tasks), "updated": utc_now(),
        "done": sum(recall(task) is not None for task in tasks),
        "failed": [{"experiment": task.trial.name, **one.as_dict()} for task, one in failed],
    })  # fmt: skip
    found = provenance(plan.decisive, seed=plan.seed, started=started, finished=utc_now())
    write_json(folder / "provenance.json", found)


def head(
    arm: Arm, size: Size, folder: Path, plan: Plan, accepted: Sequence[str]
) -> dict[str, Any]:
    """What the numbers were found under."""
    scenario = scenario_of(arm)
    settings, drawn = arm.settings, n_drawn(arm)
    parameters = (
        f"{counted(drawn, 'parameter')} drawn anew in each (parameters={settings.parameters})"
        if drawn else "all parameters at their central values"
    )  # fmt: skip
    more, of = "", {}
    if (sample := sample_of(arm)) is not None:
        parameters, *rest = sample_sentences(arm, sample)
        of = {"sample": name_of_rows(sample)}
        more = "".join(f" {one}." for one in rest)
    asked = [one for one in asked_of(arm) if not one.startswith("study.")]
    told = f" Set by the user: {', '.join(asked)}." if asked else ""
    cut = arm.study.fact_days < YEAR
    return {
        "setting": (
            f"Status quo, {facts_of(scenario).network}. Audience: {audience_words(scenario)}. "
            f"{counted(size.worlds, 'world')}, {parameters}; seed {settings.seed}. Patterns: "
            f"{settings.days} days, over ordinary missions, as the median of "
            f"{arm.study.validation_samples} sub-samples of 42 accounts. Facts: up to "
            f"{arm.study.fact_days} days, each by an experiment of its own.{told}{more}"
        ),
        "parameters": settings.parameters, "draws": size.draws, "replicates": size.replicates,
        "days": settings.days, "fact_days": arm.study.fact_days, "seed": settings.seed,
        "cut": cut, "asked": asked, "n_people": scenario.audience.n_people,
        **of, "folder": str(folder), "plan": plan.hash, "runs_from_before": list(accepted),
        "made": utc_now()[:10], "version": version_of(MODEL), "commit": commit(), "dirty": dirty(),
    }  # fmt: skip
