"""What the trial asks, at what size, and the two ways in which a world is looked at.

    observe   the status quo, measured as task=calibrate and task=validate measure it
    pair      all policies of the trial and the status quo in one paired world

Everything goes through the door: words as a user would give them, arms, priors and statistics of
the product. Nature has a root seed of its own, so that no luck is shared with the analyst.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sim.__main__ import compared, parse
from sim.declared import draw_parameters, with_values
from sim.door.arms import Arm
from sim.door.build import scenario_of
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.observables.observed import finite
from sim.paths import conf_dir
from sim.scenario import Scenario
from sim.study.observed import observables_of_run

QUESTIONS = {  # a policy each, against the status quo
    "proactive": ("scenario=proactive",),
    "sharp": ("scenario=sharp",),
    "investment": ("investment=high",),
}
LABELS = {"proactive": "Proactive posture", "sharp": "Sharp tone",
          "investment": "Twice the staff hours"}  # fmt: skip
LEAD = "target_reach"
MEASURED = (LEAD, "shares", "backlash", "first_frame_share")
NATURE_SEED = 2
CONTROL = "status_quo"
Values = dict[str, dict[str, float]]  # arm -> measure -> value


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Sizes. looks: replicates after which nature stops if every truth is known."""

    worlds: int = 6
    design: int = 96
    draws: int = 16
    replicates: int = 1
    looks: tuple[int, ...] = (10,)
    checks: int = 5  # posterior draws run again, as task=calibrate does
    particles: int = 600
    days: int = 14
    n_people: int = 100_000
    samples: int = 50  # sub-samples of the observables
    seed: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        return ("audience=small", f"audience.n_people={self.n_people}", f"days={self.days}",
                "warmup_days=14", "parameters=prior",
                f"study.validation_samples={self.samples}")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Arms:
    """The arms of all questions, in one world."""

    tested: Mapping[str, Arm]
    control: Arm

    def scenarios(self, parameters: Mapping[str, float], seed_draw: int, held: Collection[str]
                  ) -> list[Scenario]:  # fmt: skip
        """Every arm with these parameters and the others drawn from their priors; control last."""
        return [scenario_of(one, {**drawn(one, seed_draw, held), **parameters})
                for one in (*self.tested.values(), self.control)]  # fmt: skip


def arms_of(trial: Trial, words: Sequence[str] = (), seed: int | None = None) -> Arms:
    """The arms in a world of these words."""
    return composed((*trial.words, f"seed={trial.seed if seed is None else seed}", *words))


@cache
def composed(common: tuple[str, ...]) -> Arms:
    """Composing takes seconds."""
    conf = conf_dir()
    found = {
        name: compared(sort_request(parse([*common, *asked]), groups(conf)), conf)
        for name, asked in QUESTIONS.items()
    }
    first = next(iter(found.values()))
    return Arms(tested={name: one.scenario for name, one in found.items()}, control=first.against)


def drawn(arm: Arm, draw: int, held: Collection[str] = ()) -> dict[str, float]:
    """Draw number `draw` from the priors, what is held left out."""
    return draw_parameters(arm.catalogue, arm.settings.seed, draw, {*arm.fixed, *held})


def observe(arm: Arm, parameters: Mapping[str, float], draw: int, samples: int
            ) -> dict[str, float | None]:  # fmt: skip
    """C1 ... C17 of one run of the status quo."""
    from sim.simulate import simulate_world

    scenario = scenario_of(with_posts(arm), parameters)
    (run,) = simulate_world([scenario], scenario, draw, 0)
    found = observables_of_run(run, n_samples=samples)
    return {key: finite(one.value) for key, one in found.items()}


def with_posts(arm: Arm) -> Arm:
    """The arm, keeping what is measured."""
    return replace(arm, values=with_values(arm.values, {"keep": "posts"}))


def pair(scenarios: Sequence[Scenario], draw: int, replicate: int) -> Values:
    """All arms in one paired world, the last of them the status quo."""
    from sim.simulate import simulate_world

    runs = simulate_world(scenarios, scenarios[-1], draw, replicate)
    return {
        name: {measure: float(run.values[measure, "all"]) for measure in MEASURED}
        for name, run in zip((*QUESTIONS, CONTROL), runs, strict=True)
    }
