"""What the kernels need of tags: their names in this world, and how divided each market is."""

from __future__ import annotations

import numpy as np

from sim.engine.tables import Tables
from sim.mechanisms.tags import NoTags, Tags
from sim.streams import CAUSE_STEP, LOOKER, mix
from sim.vocabulary import OWN_TAG, TOPICS


def n_tags(tags: NoTags | Tags) -> int:
    """A common tag and one of the ministry's for every topic; none where nobody looks at any."""
    return OWN_TAG * len(TOPICS) if isinstance(tags, Tags) else 0


def with_tags(tables: Tables, tags: NoTags | Tags, people: np.ndarray, n_markets: int,
              world_seed: np.uint64) -> Tables:  # fmt: skip
    """The tables with the tags of this world."""
    if not isinstance(tags, Tags):
        return tables
    places = np.arange(n_tags(tags), dtype=np.uint64)
    seeds = np.full(len(places), world_seed)
    return tables._replace(
        tag_keys=mix(mix(seeds ^ LOOKER) ^ places * CAUSE_STEP),
        division=division(people, n_markets),
    )


def division(people: np.ndarray, n_markets: int) -> np.ndarray:
    """float64[n_markets]: standard deviation of favourability, 0 where all think alike, 1 where
    half stand at either end."""
    market = people["market"].astype(np.int64)
    s = people["favourability"].astype(np.float64)
    n = np.maximum(np.bincount(market, minlength=n_markets), 1)
    mean = np.bincount(market, s, minlength=n_markets) / n
    return np.sqrt(np.bincount(market, (s - mean[market]) ** 2, minlength=n_markets) / n)


def tag_numbers(tags: NoTags | Tags) -> dict[str, float]:
    """What the kernels read of tags, by name in PARAMETERS."""
    if not isinstance(tags, Tags):
        return {}
    return {
        "tag_share": tags.share_lookers, "tag_half_use": tags.half_use, "tag_room": tags.room,
        "tag_public": tags.public_uses, "tag_half_life": tags.half_life_hours,
        "tag_delay": tags.delay_hours, "tag_hijack": tags.p_hijack,
        "tag_prominent": tags.prominent,
    }  # fmt: skip
