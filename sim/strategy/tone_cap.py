"""A tone cap: how sharp and how witty each rank may be.

    share of sharp (witty) posts <= the cap of the rank;  what is above becomes formal or informal
    ranks: headquarters; officials' own accounts; missions, multilateral ones included

Professional ethics limit experiments (S1), and a harsh tone comes from missions and spokesmen,
"never from the highest authorities" (S3). A cap acts on whatever mix the tone policy gives. It
costs no hours; its price is what sharp and witty posts would have earned in shares, its gain the
hostile shares they would have drawn: both come out of the run, not out of this file.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.parameters import Parameters, Share
from sim.vocabulary import KINDS, TONES

SHARP, WITTY = TONES.index("sharp"), TONES.index("witty")
RANK_OF_KIND = {
    "headquarters": "headquarters", "official": "official", "mission": "mission",
    "multilateral": "mission",
}  # fmt: skip


class NoCap(Parameters):
    """No bounds."""

    kind: Literal["none"]

    def capped(self, mixes: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the mixes as they may be."""
        return mixes


class ByRank(Parameters):
    """Bounds by rank."""

    kind: Literal["by_rank"]
    sharp_headquarters: Share
    sharp_official: Share
    sharp_mission: Share
    witty_headquarters: Share
    witty_official: Share
    witty_mission: Share
    excess_to: Literal["formal", "informal"]

    def capped(self, mixes: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the mixes as they may be; rows still add up to 1."""
        found = np.array(mixes, np.float64)
        for name, tone in (("sharp", SHARP), ("witty", WITTY)):
            cap = np.array([self._cap(name, kind) for kind in KINDS])[np.asarray(kinds)]
            above = np.maximum(found[:, tone] - cap, 0.0)
            found[:, tone] -= above
            found[:, TONES.index(self.excess_to)] += above
        return found

    def _cap(self, tone: str, kind: str) -> float:
        rank = RANK_OF_KIND.get(kind)
        return 1.0 if rank is None else float(getattr(self, f"{tone}_{rank}"))


ToneCap = Annotated[NoCap | ByRank, Field(discriminator="kind")]
