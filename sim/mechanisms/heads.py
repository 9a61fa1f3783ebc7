"""Heads of mission: what becomes of the hours that a mission is given, and the typical problems.

    used hours   H - (1 - a) max(H - H_table, 0)         a = 1, or rel_use where the head is not
                                                         interested: added hours go elsewhere
    rhythm       0 in a share p_lapse of the weeks, 1 / (1 - p_lapse) in the others, hours and posts
                 alike: the same in the mean, irregular

"The head of each mission decides how much to invest" (S0). The hours of the table are those really
worked. A quiet account is quiet from disinterest or for lack of means, and the table does not say
which: among missions with at most `low_activity` posts a week a share `p_disinterested` is taken to
be of the first sort, by the account's name, the same ones in every world. An investment helps the
others only. So are formal tone only, no images or videos, and no local language spread over
missions, each independently; by default no mission has any of these beyond what its row says.

Limits: heads do not change; a lapse is a week, drawn anew each week.
"""

from __future__ import annotations

import numpy as np

from sim.law import law
from sim.parameters import NotNegative, Parameters, Share


class Heads(Parameters):
    """How many missions have which problem (units in conf/heads)."""

    p_disinterested: Share
    low_activity: NotNegative
    rel_use: Share
    p_lapse: Share
    p_formal: Share
    p_no_visuals: Share
    p_common_language: Share

    @property
    def idle(self) -> bool:
        """Whether no mission has any of the problems."""
        shares = (self.p_disinterested, self.p_formal, self.p_no_visuals, self.p_common_language)
        return not any(shares)


@law
def used_hours(given, table_hours, use):
    """H - (1 - a) max(H - H_table, 0): cuts hurt everybody, additions reach the interested."""
    return given - (1.0 - use) * np.maximum(given - table_hours, 0.0)


@law
def rhythm(lapses, p_lapse):
    """0 in a week that lapses (1 = it does), else 1 / (1 - p): mean 1."""
    return (1.0 - lapses) / (1.0 - p_lapse)
