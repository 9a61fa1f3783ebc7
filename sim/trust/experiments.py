"""Which experiments there are: what each runs, for how long, and which numbers it gives.

An arm is written as a command line would have it: a scenario, options of groups, values. The world
is that of the user in all of them, but for what an experiment needs (`world`), and only where the
user did not choose it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import Scenario
from sim.trust import allies, frames, giant, star, switch, tones
from sim.trust.found import Found

Measure = Callable[[Mapping[str, Scenario], Scenario, int, int], Found]
STATUS_QUO = "status_quo"
STAR_DAY = 7  # the circumstance's own from_day
WEEKS = 28  # days of what needs no year


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One arm: how it differs from the status quo."""

    scenario: str = STATUS_QUO
    groups: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Arms that fork from one warm-up, for so many days, and what is read off them."""

    name: str
    keys: tuple[str, ...]
    arms: Mapping[str, Recipe]
    days: int  # at most; a shorter horizon cuts it
    measure: Measure
    world: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def lasts(self, horizon: int) -> int:
        """Days under a horizon; what needs no year is not cut below what it needs."""
        least = frames.DAYS if self.measure is frames.measure else STAR_DAY + 2
        return max(min(self.days, horizon), least)


def tone(mix: list[float], option: str) -> Recipe:
    """Every post of one tone: formal, informal, witty, sharp, cultural."""
    return Recipe(groups={"tone": option}, values={"policy.tone.mix": mix})


YEAR = 365
SERIOUS, RISING = "serious_investment", "rising_interest"
EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(name="year", keys=(giant.OVER_FOLLOWERS, giant.OVER_GIANT), days=YEAR,
               arms={"status quo": Recipe()}, measure=giant.measure),
    Experiment(name="both", keys=(switch.KEY,), days=YEAR, measure=switch.measure,
               arms={switch.BOTH: Recipe(scenario=SERIOUS, groups={"circumstance": RISING})}),
    Experiment(name="switch", keys=(f"{switch.KEY}.switch",), days=YEAR, measure=switch.measure,
               arms={"switch": Recipe(scenario=SERIOUS)}),
    Experiment(name="interest", keys=(f"{switch.KEY}.interest",), days=YEAR,
               arms={"interest": Recipe(scenario=RISING)}, measure=switch.measure),
    Experiment(name="star", keys=(star.KEY,), days=STAR_DAY + star.WINDOW, measure=star.measure,
               arms={"star": Recipe(scenario="star_post")}),
    Experiment(name="allies", keys=(allies.KEY,), days=WEEKS, measure=allies.measure,
               arms={"asymmetry": Recipe(scenario="ally_asymmetry")},
               world={"rivals": "amplifying"}),
    Experiment(name="tones", keys=(tones.ENGAGEMENT, tones.SHARP, tones.POSITIVE), days=WEEKS,
               arms={"sharp": tone([0.0, 0.0, 0.0, 1.0, 0.0], "sharp"),
                     "positive": tone([0.0, 0.0, 0.0, 0.0, 1.0], "cultural"),
                     "silent": Recipe(scenario="silent")}, measure=tones.measure),
    Experiment(name="frames", keys=(frames.SIMULTANEOUS, frames.SEPARATED), days=frames.DAYS,
               arms={}, measure=frames.measure, settings={"warmup_days": 0, "keep": "posts"}),
)  # fmt: skip
BY_NAME = {one.name: one for one in EXPERIMENTS}
