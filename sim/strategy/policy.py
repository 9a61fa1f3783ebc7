"""A policy is what a ministry chooses: when and how its accounts post, and what that may cost.

    posture     when posts go out: rho of the posting hours are planned ahead (postures.py)
    tone        the mix over formal, informal, witty, sharp and cultural; shares add up to 1
    language    of the missions' posts: the table's mix, local, common or both (language.py)
    investment  staff hours per account and week, which may change during the run (investment.py)
    training, exchange   hours of these that go into skill instead of posts (training.py)
    clearance   who must agree before a post goes out (clearance.py)
    tone_cap    how sharp and how witty each rank may be (tone_cap.py)
    crossposting   on which further platforms posts are copied (copying.py)

Each is a union of kinds, so that a further kind is one class here and one file in conf/. Everything
else in the configuration is the world, which is the same for every arm of a comparison.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, field_validator

from sim.parameters import Parameters, Share
from sim.strategy.clearance import Clearance
from sim.strategy.copying import Crossposting
from sim.strategy.investment import Investment
from sim.strategy.language import Language
from sim.strategy.postures import Posture
from sim.strategy.tone_cap import ToneCap
from sim.strategy.training import Exchange, Training
from sim.vocabulary import TONES

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


Tone = Annotated[TableTone | MixTone, Field(discriminator="kind")]


class Policy(Parameters):
    """What one arm does; the only part of a configuration in which two arms may differ."""

    posture: Posture
    tone: Tone
    language: Language
    investment: Investment
    training: Training
    exchange: Exchange
    clearance: Clearance
    tone_cap: ToneCap
    crossposting: Crossposting
