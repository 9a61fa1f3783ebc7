"""Settings: what a user chooses about a comparison, as against what is true of the world.

The root of the configuration. Values, units and meanings stand in conf/config.yaml; here is what
cannot be: wrong types, fractions where whole numbers count, dates that are none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from sim.errors import UserError, outside_run, unknown
from sim.measures import BY_NAME
from sim.parameters import Date, NotNegative, Parameters, PositiveCount, Share

NAME = re.compile(r"[a-z0-9_-]{1,64}")
NOT_OBJECTIVES = ("hours", "posts", "hostile_shares", "polarisation", "backlash",
                  "hijacks")  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_DAYS = 2_200  # with the warm-up below 65,535 hours, which is how far people count them
FEWEST_DRAWS = 4  # below which no interval is printed: few worlds are all draws
Auto = Literal["auto"]


class Settings(Parameters):
    """The root settings of one comparison, shared by all its arms but for scenario and question."""

    model_config = ConfigDict(strict=True)

    scenario: str
    against: str
    question: str
    objective: str
    worth: NotNegative  # smallest relative difference worth acting on
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]  # measured, after warmup_days
    warmup_days: Annotated[int, Field(ge=0, le=366)]
    start: Date  # the first measured day
    calendar: str | None  # path of a table of known events
    crisis: Date | None  # date of one surprise
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    worlds: PositiveCount | Auto
    draws: PositiveCount
    replicates: PositiveCount
    parameters: Literal["prior", "central", "posterior"]
    posterior: Annotated[str, Field(min_length=1)]  # the sample that parameters=posterior takes
    engine: Literal["compiled", "reference"]
    fair: Literal["hours", "volume", "quality", "attention"]
    steelman: bool
    keep: Literal["summary", "posts"]
    checks: Literal["end", "daily"]  # how often what must hold is looked at
    workers: PositiveCount | Auto
    results: Annotated[str, Field(min_length=1)]

    @field_validator("start", "crisis")
    @classmethod
    def _possible(cls, value: dt.date | None) -> dt.date | None:
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(f"dates lie between {FIRST_YEAR} and {LAST_YEAR}")
        return value

    @field_validator("crisis")
    @classmethod
    def _in_the_run(cls, value: dt.date | None, info: ValidationInfo) -> dt.date | None:
        if value is None or not {"start", "days", "warmup_days"} <= info.data.keys():
            return value  # nothing asked, or the dates are refused themselves
        told = outside_run(value, *(info.data[key] for key in ("start", "days", "warmup_days")))
        if told:
            raise ValueError(told)
        return value

    @field_validator("warmup_days")
    @classmethod
    def _whole_weeks(cls, value: int) -> int:
        if value % 7:
            raise ValueError("the warm-up takes whole weeks (0, 7, 14, ...): arms fork on a Monday")
        return value

    @field_validator("objective")
    @classmethod
    def _measured(cls, value: str) -> str:
        allowed = [name for name in BY_NAME if name not in NOT_OBJECTIVES]
        if value in NOT_OBJECTIVES:
            raise ValueError(f"no objective, but a cost or a guardrail. Use {', '.join(allowed)}")
        if value not in allowed:
            raise ValueError(str(unknown("The measure", value, allowed)))
        return value

    @property
    def last_day(self) -> dt.date:
        """The last measured day."""
        return self.start + dt.timedelta(days=self.days - 1)


class Local(Parameters):
    """The worlds of a study run in processes of this machine."""

    kind: Literal["local"]


class Dask(Parameters):
    """They run on the workers of a dask.distributed scheduler (conf/executor/dask.yaml)."""

    kind: Literal["dask"]
    address: str
    batch: PositiveCount  # worlds per task
    retries: Annotated[int, Field(ge=0)]


class Executor(Parameters):
    """Where the worlds of a study run; no part of what decides them."""

    executor: Annotated[Local | Dask, Field(discriminator="kind")]


class StudySettings(Parameters):
    """How a comparison is sized and judged (conf/study)."""

    confidence: Annotated[float, Field(gt=0.5, lt=1.0)]
    p_better: Share
    min_draws: PositiveCount
    firm_draws: PositiveCount  # fewer are called provisional
    auto_seconds: Annotated[float, Field(gt=0.0)]
    auto_workers: PositiveCount  # the machine for which worlds=auto is sized
    steelman_worlds: Annotated[int, Field(ge=2)]
    steelman_trials: Annotated[int, Field(ge=2)]
    steelman_days: Annotated[int, Field(ge=7)]
    validation_days: PositiveCount
    validation_worlds: PositiveCount
    facts: bool
    fact_days: PositiveCount
    validation_samples: PositiveCount
    calibration_runs: Annotated[int, Field(ge=32)]
    calibration_focus: Annotated[float, Field(ge=0.0, le=0.9)]  # share of these that are not spread
    calibration_days: PositiveCount
    install: bool  # make the posterior that of the program
    name: Annotated[str, Field(max_length=64)]  # of a study; empty: from what it runs
    precision: Annotated[float, Field(gt=0.0)] | None  # stop at this half-width over the baseline
    most_worlds: Annotated[int, Field(ge=16)]  # where a study with a precision stops anyway
    design: Literal["sobol", "lhs"]  # how intervals are sampled
    samples: PositiveCount  # of the intervals
    pairs: bool  # also every point against every other
    changed: Literal["refuse", "accept", "anew"]  # a study begun with something else
    check: bool  # only say how large it is
    map_start: Annotated[int, Field(ge=8, le=1_024)]  # points of a map's space-filling beginning
    map_points: Annotated[int, Field(ge=8, le=4_096)]  # in all
    map_batch: Annotated[int, Field(ge=1, le=256)]  # added a round


def design(
    settings: Settings, study: StudySettings, seconds_per_world: float, fixed: Collection[str]
) -> tuple[int, int]:
    """(parameter draws, replicates in each): what `worlds`, `draws` and `replicates` ask for.

    worlds=auto takes the draws as set, or, where the user did not set them, as many as fit into
    auto_seconds on auto_workers, but no fewer than min_draws. It never looks at the machine at
    hand, so that the same command gives the same worlds everywhere. Without a prior to draw from,
    every world is a replicate of the one central parameter set.
    """
    if settings.worlds == "auto":
        draws, replicates = settings.draws, settings.replicates
        if "draws" not in fixed:
            room = study.auto_seconds * study.auto_workers / max(seconds_per_world, 1e-9)
            draws = min(draws, max(study.min_draws, int(room // replicates)))
    else:
        draws, replicates = _divide(settings, fixed)
    return (1, draws * replicates) if settings.parameters == "central" else (draws, replicates)


def _divide(settings: Settings, fixed: Collection[str]) -> tuple[int, int]:
    """Split a number of worlds into draws and replicates that multiply to it."""
    worlds = int(settings.worlds)
    if "draws" in fixed:
        if worlds % settings.draws or (
            "replicates" in fixed and settings.draws * settings.replicates != worlds
        ):
            raise UserError(
                f"'worlds={worlds}' does not fit draws={settings.draws} with "
                f"replicates={settings.replicates}: worlds = draws x replicates. Leave one out."
            )
        return settings.draws, worlds // settings.draws
    fits = worlds % settings.replicates == 0 and worlds // settings.replicates >= FEWEST_DRAWS
    replicates = settings.replicates if fits or "replicates" in fixed else 1
    if "replicates" in fixed and worlds % settings.replicates:
        raise UserError(
            f"'worlds={worlds}' is no multiple of replicates={settings.replicates}: "
            f"worlds = draws x replicates. Leave one out."
        )
    return worlds // replicates, replicates
