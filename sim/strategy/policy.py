"""A policy is what a ministry chooses: a posture, a tone, a language and an investment.

    posture     when posts go out: rho of the posting hours are planned ahead (postures.py)
    tone        the mix over formal, informal, witty, sharp and cultural; shares add up to 1
    language    of the missions' posts: the table's mix, local, common or both (language.py)
    investment  staff hours per account and week, from the hours in the network's table

Each is a union of kinds, so that a further kind is one class here and one file in conf/. Everything
else in the configuration is the world, which is the same for every arm of a comparison.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, field_validator

from sim.parameters import NotNegative, Parameters, Share
from sim.strategy.language import Language
from sim.strategy.postures import Posture
from sim.vocabulary import HOURS_PER_FTE_WEEK, HOURS_PER_WEEK, TONES

MIX_TOLERANCE = 1e-6


class TableTone(Parameters):
    """Every account keeps the tone mix of its row in the network's table."""

    kind: Literal["table"]

    def mixes(self, table_mixes: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the share of each tone, rows add up to 1."""
        return np.asarray(table_mixes, dtype=np.float64)


class MixTone(Parameters):
    """One mix for all accounts of the ministry, in the order of vocabulary.TONES."""

    kind: Literal["mix"]
    mix: tuple[Share, Share, Share, Share, Share]

    @field_validator("mix")
    @classmethod
    def _adds_up(cls, mix: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(mix) - 1.0) > MIX_TOLERANCE:
            raise ValueError(f"the shares of {', '.join(TONES)} add up to {sum(mix):g}, not to 1")
        return mix

    def mixes(self, table_mixes: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the share of each tone, rows add up to 1."""
        row = np.asarray(self.mix, dtype=np.float64) / sum(self.mix)
        return np.tile(row, (len(table_mixes), 1))


class Scaled(Parameters):
    """The hours of the table, times a factor."""

    kind: Literal["scaled"]
    factor: NotNegative

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: staff hours per account and week."""
        return np.asarray(table_hours, dtype=np.float64) * self.factor


class Hours(Parameters):
    """The same staff hours per week for every account."""

    kind: Literal["hours"]
    hours_per_week: Annotated[float, Field(ge=0.0, le=HOURS_PER_WEEK * 10)]

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: staff hours per account and week."""
        return np.full(len(table_hours), self.hours_per_week, dtype=np.float64)


class Staff(Parameters):
    """The same full-time equivalents for every account."""

    kind: Literal["fte"]
    fte: Annotated[float, Field(ge=0.0, le=40.0)]

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: staff hours per account and week."""
        return np.full(len(table_hours), self.fte * HOURS_PER_FTE_WEEK, dtype=np.float64)


Tone = Annotated[TableTone | MixTone, Field(discriminator="kind")]
Investment = Annotated[Scaled | Hours | Staff, Field(discriminator="kind")]


class Policy(Parameters):
    """What one arm does; the only part of a configuration in which two arms may differ."""

    posture: Posture
    tone: Tone
    language: Language
    investment: Investment

    def weekly_hours(self, table_hours: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: staff hours per account and week, as investment gives them and
        posture allots them."""
        return self.posture.allotted(self.investment.weekly_hours(table_hours), kinds)
