"""A tone that imitates: the table's mix at first, then week by week what earns more."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.parameters import Parameters, Share


class Imitate(Parameters):
    """Every account starts from its row and copies what earns more (sim/mechanisms/imitation)."""

    kind: Literal["imitate"]
    rate: Share

    def mixes(self, table_mixes: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the share of each tone to start with, rows add up to 1."""
        return np.asarray(table_mixes, dtype=np.float64)
