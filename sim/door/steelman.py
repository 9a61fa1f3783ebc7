"""steelman=true: both sides get their best levers in training worlds, then meet in fresh ones.

The levers of a posture are its own keys that stand at null (the usual value): what the user has set
stays. Training worlds hang on another root seed, hashed from the user's, so that no training world
is a test world. Both sides have the same number of trials, in the same worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.declared import with_values
from sim.door.arms import Arm, Comparison
from sim.door.build import drawn_parameters, scenario_of
from sim.door.progress import progress, say
from sim.door.sizes import Size, duration, estimate
from sim.errors import UserError
from sim.measures import BY_NAME
from sim.streams import name_hash
from sim.study import ensemble
from sim.study.ensemble import Failure
from sim.study.tuning import Choice, Lever, Setting, choose, scored, trials_of

POSTURE = "policy.posture"
LARGEST_SEED = 2**63


@dataclass(frozen=True, kw_only=True)
class TrainingTask:
    """One training world of a comparison, with every trial of both sides; plain data."""

    comparison: Comparison
    trials: tuple[tuple[Setting, ...], tuple[Setting, ...]]
    draw: int
    objective: str
    replicate: int = 0


@dataclass(frozen=True, kw_only=True)
class Tuned:
    """Both sides' choices and how they were found."""

    choices: tuple[Choice, Choice]
    names: tuple[str, str]
    worlds: int
    days: int
    seed: int
    objective: str

    def sentences(self) -> tuple[str, ...]:
        """What was done, and what was chosen for each side."""
        tries = [len(one.trials) for one in self.choices]
        told = (
            f"Both sides tuned (steelman): {tries[0]} and {tries[1]} settings of their own levers "
            f"tried in {self.worlds} training worlds of {self.days} days, none of which is among "
            "those compared"
        )
        return told, *(
            f"Tuned, {name}: {chosen_words(one, self.objective)}"
            for name, one in zip(self.names, self.choices, strict=True)
        )

    def as_dict(self) -> dict[str, Any]:
        """steelman.json."""
        sides = {
            side: {
                "name": name, "chosen": dict(one.setting), "gain": one.gain,
                "standard_error": one.error,
                "trials": [
                    {"setting": dict(setting), "score": score}
                    for setting, score in zip(one.trials, one.scores, strict=True)
                ],
            }
            for side, name, one in zip(("scenario", "against"), self.names, self.choices,
                                       strict=True)
        }  # fmt: skip
        return {
            "objective": self.objective, "training_worlds": self.worlds, "days": self.days,
            "seed": self.seed, **sides,
        }  # fmt: skip


def chosen_words(choice: Choice, objective: str) -> str:
    """What was chosen, and what it gained in training."""
    if len(choice.trials) < 2:
        return "no levers of its own, or all set by you"
    if not choice.setting:
        return "the usual settings, since no other did clearly better in training"
    keys = ", ".join(f"{key.split('.')[-1]} {value:g}" for key, value in choice.setting.items())
    heavy = BY_NAME[objective].heavy_tailed
    size = f"{100 * np.expm1(choice.gain):+.1f} %" if heavy else f"{choice.gain:+.3g}"
    return f"{keys} ({size} {BY_NAME[objective].label.lower()} in training over the usual settings)"


def levers_of(arm: Arm) -> tuple[Lever, ...]:
    """The levers of an arm's posture that nobody has set."""
    found = []
    for key, one in sorted(arm.catalogue.items()):
        if key.startswith(f"{POSTURE}.") and one.value is None and key not in arm.fixed:
            assert one.range is not None
            found.append(Lever(key=key, low=one.range[0], high=one.range[1]))
    return tuple(found)


def trials_for(comparison: Comparison) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """The trials of both sides; refuses a comparison in which there is nothing to tune, and tuning
    by what people think: policies are compared in it, never fitted to it."""
    n, objective = comparison.scenario.study.steelman_trials, comparison.scenario.settings.objective
    if BY_NAME[objective].assumed:
        raise UserError(
            f"'steelman=true' would tune both sides by objective={objective}, an opinion measure "
            "that rests on assumed effect sizes: name a measure of reach or of reactions, such as "
            "objective=target_reach, or leave steelman out."
        )
    both = tuple(trials_of(levers_of(arm), n) for arm in (comparison.scenario, comparison.against))
    if all(len(one) == 1 for one in both):
        raise UserError(
            "'steelman=true' finds nothing to tune: neither posture has levers of its own that "
            f"are not set already ({comparison.scenario.name}, {comparison.against.name}). "
            "Leave it out."
        )
    return both[0], both[1]


def training(comparison: Comparison) -> Comparison:
    """The same comparison in other worlds: another root seed, and fewer days unless something is
    dated in them."""
    settings, study = comparison.scenario.settings, comparison.scenario.study
    dated = settings.calendar is not None or settings.crisis is not None or any(
        arm.values["circumstance"]["kind"] != "none" for arm in comparison
    )  # fmt: skip
    days = settings.days if dated else min(settings.days, study.steelman_days)
    seed = int(name_hash("steelman", settings.seed)) % LARGEST_SEED

    def moved(arm: Arm) -> Arm:
        values = with_values(arm.values, {"seed": seed, "days": days, "keep": "summary"})
        return replace(arm, values=values)

    return Comparison(
        scenario=moved(comparison.scenario), against=moved(comparison.against),
        baseline=moved(comparison.baseline),
    )  # fmt: skip


def train(task: TrainingTask) -> list[float]:
    """The objective of every trial, the tested side's first, in one training world."""
    from sim.simulate import simulate_world

    arms = (task.comparison.scenario, task.comparison.against)
    drawn = drawn_parameters(task.comparison.baseline, task.draw)
    scenarios = [
        scenario_of(arm, {**drawn_parameters(arm, task.draw), **setting})
        for arm, trials in zip(arms, task.trials, strict=True)
        for setting in trials
    ]
    runs = simulate_world(
        scenarios, scenario_of(task.comparison.baseline, drawn), task.draw, task.replicate
    )
    return [run.values[task.objective, "all"] for run in runs]


def tuning_seconds(comparison: Comparison, workers: int) -> float:
    """What training takes, at nominal cost."""
    trained, n_worlds = training(comparison), comparison.scenario.study.steelman_worlds
    n_arms = sum(len(one) for one in trials_for(comparison))
    cost = estimate(scenario_of(trained.scenario), n_arms)
    return cost.seconds_per_world * -(-n_worlds // min(workers, n_worlds))


def steelman(comparison: Comparison, size: Size) -> tuple[Comparison, Tuned]:
    """The comparison with both sides' best levers, and how these were found."""
    trials, trained = trials_for(comparison), training(comparison)
    settings, n_worlds = trained.scenario.settings, comparison.scenario.study.steelman_worlds
    say(
        f"Tuning both sides: {len(trials[0])} and {len(trials[1])} settings in {n_worlds} training "
        f"worlds, about {duration(tuning_seconds(comparison, size.workers))}."
    )
    tasks = [
        TrainingTask(comparison=trained, trials=trials, draw=draw, objective=settings.objective)
        for draw in range(n_worlds)
    ]
    with progress(len(tasks), "training") as advance:
        found = run_training(tasks, size.workers, advance, advance.under_way)
    scores = scored(BY_NAME[settings.objective], np.array(found).T)
    cut = len(trials[0])
    choices = choose(trials[0], scores[:cut]), choose(trials[1], scores[cut:])
    tested, against = (
        replace(arm, values=with_values(arm.values, dict(choice.setting)))
        for arm, choice in zip((comparison.scenario, comparison.against), choices, strict=True)
    )
    tuned = Tuned(
        choices=choices, names=(tested.name, against.name), worlds=len(found), days=settings.days,
        seed=settings.seed, objective=settings.objective,
    )  # fmt: skip
    return Comparison(scenario=tested, against=against, baseline=comparison.baseline), tuned


def run_training(
    tasks: Sequence[TrainingTask], workers: int, advance: Callable[[], None],
    on_way: ensemble.OnWay = ensemble.nobody,
) -> list[list[float]]:
    """Objectives [world][trial] of the training worlds that came through."""
    found = ensemble.stream(train, tasks, workers=workers, on_done=advance, on_way=on_way)
    results = [result for _, result in found]
    ensemble.refuse_nothing(results)
    return [one for one in results if not isinstance(one, Failure)]
