"""The website: visits by hand and by their means, and one die a post."""

from __future__ import annotations

import numpy as np
from pytest import approx

from sim import streams
from sim.mechanisms.website import DAYS_PER_MONTH, Linked, clicks, direct_visits

SITE = Linked(kind="linked", visits_per_person_month=0.1, share_linked=0.5, p_click=0.02)
KEYS = streams.mix(np.arange(1, 4_001, dtype=np.uint64))


def test_direct_visits_have_their_mean() -> None:
    seeds = [streams.world_seed(1, k) for k in range(200)]
    found = np.array([direct_visits(SITE, 1_000, DAYS_PER_MONTH, seed) for seed in seeds])
    assert found.mean() == approx(100.0, rel=0.03)
    assert found.var() == approx(100.0, rel=0.3)
    assert direct_visits(SITE, 0, 30.0, seeds[0]) == 0.0


def test_clicks_are_a_share_of_the_views_of_posts_that_link() -> None:
    found = clicks(SITE, KEYS, np.full(len(KEYS), 500))
    assert found.sum() == approx(len(KEYS) * 0.5 * 500 * 0.02, rel=0.05)
    assert 0.45 < (found > 0).mean() < 0.55
    none = SITE.model_copy(update={"share_linked": 0.0})
    assert not clicks(none, KEYS, np.full(len(KEYS), 500)).any()
    assert not clicks(SITE, KEYS, np.zeros(len(KEYS), np.int64)).any()


def test_more_views_of_a_post_never_bring_fewer_clicks() -> None:
    few, more = (clicks(SITE, KEYS, np.full(len(KEYS), n)) for n in (100, 150))
    assert (more >= few).all() and (more > few).any()
