"""D5: how much more often one ally supports the other (scenario=ally_asymmetry, rivals=amplifying).

    ratio = re-posts of allies' posts by the ministry / re-posts of its posts by allies

A replication, outside the count: the scenario's own probabilities set most of it. Allies who pass
nothing on count as one re-post. Source: S3 ("much more often").
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.observables.observed import Observed, missing
from sim.observe import support
from sim.scenario import Scenario
from sim.trust.follow import followed
from sim.trust.found import Found
from sim.vocabulary import KINDS

KEY = "D5.support_ratio"


def measure(arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int) -> Found:
    """Some weeks of one-sided support."""
    ((_, found),) = [
        (name, ratio(support(run.model.engine, run.model.world, run.start),
                     bool((run.model.world.accounts.kinds == KINDS.index("ally")).any())))
        for name, run in followed(arms, baseline, draw, replicate)
    ]  # fmt: skip
    return found


def ratio(counts: Mapping[str, float], has_allies: bool) -> Found:
    """The ratio from counts of re-posts."""
    ours, theirs = counts["of_allies"], counts["by_allies"]
    if not has_allies:
        return Found(values={KEY: missing("this network has no ally")})
    return Found(
        values={KEY: Observed(value=ours / max(theirs, 1.0))},
        details={"re-posts of allies' posts": ours, "re-posts by allies": theirs},
    )
