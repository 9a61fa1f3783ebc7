"""Status: who speaks counts beside what is said.

    hazard of sharing x sharing(rank)        P(pick-up) x pickup(rank)

Officials' personal accounts drew more than the institutions' own (S2: 2,500 followers together
against a leader's million), and media take up who is of rank; status as a source of attention:
source effects in Hovland and Weiss 1951. All factors are 1 by default; sizes are judgement. Ranks
are those of the kinds of account: headquarters, official, mission (multilateral ones included).
"""

from __future__ import annotations

from sim.parameters import NotNegative, Parameters

RANK_OF_KIND = {
    "headquarters": "headquarters", "official": "official", "mission": "mission",
    "multilateral": "mission",
}  # fmt: skip


class Status(Parameters):
    """Factors by rank (units in conf/status)."""

    sharing_headquarters: NotNegative
    sharing_official: NotNegative
    sharing_mission: NotNegative
    pickup_headquarters: NotNegative
    pickup_official: NotNegative
    pickup_mission: NotNegative

    def of_kind(self, what: str, kind: str) -> float:
        """The factor on `what` (sharing, pickup) of a kind of account; 1 for others' accounts."""
        rank = RANK_OF_KIND.get(kind)
        return 1.0 if rank is None else float(getattr(self, f"{what}_{rank}"))
