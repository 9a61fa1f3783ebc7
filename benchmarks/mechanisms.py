"""What mechanisms cost that are off by default: stretches of a year with kinds of them switched on.

    as usual     the default: one platform, no claims, no replies, no learning ...
    world        every kind of the world that can be switched on, on one platform
    policies     these, and every lever of a policy that costs hours or adds posts
    platforms    the default on all platforms at once, posts copied to each
    all          the three together

The time of a stretch is compared, and that of a view: more posts before more publics are more to
see, which no engine can spare. The warm-up is not timed.
"""

from __future__ import annotations

import time

from benchmarks.year import totals

WORLD = {
    "claims": "contested", "contamination": "light", "decay": "power", "dispute": "noticed",
    "rivals": "answering", "status": "by_rank", "skill": "learning", "heads": "mixed",
    "tags": "contested", "appeal": "fitted", "feed": "ranked", "website": "linked",
}  # fmt: skip
POLICIES = {
    "answering": "posts", "rebuttal": "rebut", "sister_sharing": "share",
    "pre_emption": "own_frame", "replies": "share", "training": "share", "exchange": "network",
    "repetition": "campaign", "tagging": "join", "tone_cap": "by_rank",
}  # fmt: skip
PLATFORMS = {"platforms": "several", "crossposting": "all"}
SWITCHED: dict[str, dict[str, str]] = {
    "as usual": {}, "world": WORLD, "policies": WORLD | POLICIES, "platforms": PLATFORMS,
    "all": WORLD | POLICIES | PLATFORMS,
}  # fmt: skip


def of_kinds(switched: str, days: int) -> dict[str, list[float]]:
    """Seconds, views and posts of `days` days with these kinds on."""
    from benchmarks.tasks import load_kernels
    from sim.compose import compose
    from sim.model import DiplomacyModel

    load_kernels()
    asked = compose({"days": days}, **SWITCHED[switched])
    model = DiplomacyModel(asked)
    model.run_for(asked.settings.warmup_days)
    before, began = totals(model), time.perf_counter()
    model.run_for(days)
    seconds = time.perf_counter() - began
    found = {name: [float(n - before[name])] for name, n in totals(model).items()}
    return {"seconds": [seconds], **found}
