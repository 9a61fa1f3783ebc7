"""D6: sharp against positive tone before a foreign public.

    engagement = mean over posts of log(1 + e | sharp) - log(1 + e | positive),
                 e = re-shares + mocking quotes + likes of one original of a mission
    opinion    = (mean favourability under the tone - under silence) / sd, over all host publics

Three arms from one warm-up: every post of the ministry sharp, every post cultural, none at all. The
posts are the same ones (equal keys): only their tone differs. Positive is the tone of culture and
everyday life, the nearest that the model has to messages of friendship. Each tone's effect on
opinion is drawn with its sign free. Sources: Guo & Qin 2024; Mattingly & Sundquist 2023.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.favourability import target_favourability
from sim.observables.observed import Observed, missing
from sim.scenario import Scenario
from sim.trust.follow import Followed, followed
from sim.trust.found import Found

ENGAGEMENT, SHARP, POSITIVE = (
    "D6.engagement_sharp_over_positive", "D6.opinion_sharp", "D6.opinion_positive",
)  # fmt: skip


def measure(arms: Mapping[str, Scenario], baseline: Scenario, draw: int, replicate: int) -> Found:
    """All three arms: sharp, positive, silent."""
    half_life = 24.0 * getattr(baseline.opinion, "half_life_days", 1.0)
    posts, minds = {}, {}
    for name, run in followed(arms, baseline, draw, replicate):
        posts[name] = engaged(run)
        minds[name] = target_favourability(run.model.engine.state, half_life)
    found = {ENGAGEMENT: engagement(posts["sharp"], posts["positive"])}
    mean, sd = minds["silent"]
    for key, name in ((SHARP, "sharp"), (POSITIVE, "positive")):
        if sd > 0:
            found[key] = Observed(value=(minds[name][0] - mean) / sd)
        else:
            found[key] = missing("there is no host public")
    return Found(values=found)


def engaged(run: Followed) -> dict[int, float]:
    """{key: log(1 + reactions)} of the missions' originals."""
    posts = run.posts[run.is_mission[run.posts["account"]]]
    reactions = sum(posts[name].astype(np.float64) for name in ("n_shares", "n_hostile", "n_likes"))
    return dict(zip(posts["key"].tolist(), np.log1p(reactions).tolist(), strict=True))


def engagement(sharp: Mapping[int, float], positive: Mapping[int, float]) -> Observed:
    """The mean difference over posts that went out in both arms."""
    common = sorted(sharp.keys() & positive.keys())
    if not common:
        return missing("no post went out in both tones")
    return Observed(value=float(np.mean([sharp[key] - positive[key] for key in common])),
                    n=len(common))  # fmt: skip
