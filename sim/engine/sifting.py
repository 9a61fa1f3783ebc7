"""Which of an hour's views a ranked feed may still offer, before anybody looks."""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import inner, part
from sim.engine.noticing import count_false
from sim.mechanisms.ranking import rank_weight, standing
from sim.state import COUNTER, OF_CANDIDATE
from sim.streams import RANKING, draw, mix, uniform
from sim.vocabulary import MEDIA

HOUR, N_MEDIA = COUNTER.hour, len(MEDIA)


@part
def sift(state, calendar, parameters, tables, first, n):
    """Those of n views in a block that a ranked feed may still offer, with their dice; how many.
    A loop without branches: half of them would be guessed wrong. The feed takes the standing of a
    post as it is when the first of an hour's views of it comes up, before its block looks."""
    several = len(parameters) > 1  # else a post's platform, on its second cache line, is not asked
    f, p, kept = 0, parameters[0], 0
    for place in range(first, first + n):
        view = calendar.pool[place]
        post = state.posts[view["post"]]
        if several:
            f = np.int64(post["platform"])
            p = parameters[f]
        if post["hour_ranked"] != state.counters[HOUR]:
            post["hour_ranked"] = state.counters[HOUR]
            false = 0
            if p["contaminated"] == 1:
                false = count_false(state, calendar, parameters, tables, view)
            post["standing"] = standing(
                np.float64(post["n_shares"] - post["n_core"]
                           + post["n_likes"] - post["n_core_likes"] + false),
                np.float64(post["n_impressions"]),
                p["p_react_view"], p["gamma"],
                tables.media_rank[f * N_MEDIA + np.int64(post["media"])],
            )  # fmt: skip
        bits = draw(post["key"], np.uint64(view["who"]))
        calendar.sifted[kept], calendar.sifted_dice[kept] = place, bits
        weight = rank_weight(post["standing"], tables.affinity[2 * f + 1], p["max_boost"])
        open_to_all = np.int64(view["flags"] & OF_CANDIDATE == 0)
        kept += open_to_all | np.int64(ranking_die(p, bits) < weight)
    return kept


@inner
def ranking_die(p, bits):
    """The die that a ranked feed compares with the weight of a post."""
    return uniform(mix(bits ^ RANKING)) * p["max_boost"]
