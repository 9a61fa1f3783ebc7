"""Media by age, cultural fit and status: neutral is exactly one, else the mean is one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.loading.manner import by_status, cultural_fit, media_by_age
from sim.mechanisms import appeal as laws
from sim.vocabulary import KINDS, TOPICS
from tests.mechanisms.properties import SIGNED, Two, holds, rising, same
from tests.scenarios import scenario

MARKETS = SimpleNamespace(regions=np.array([0, 1]), region_names=["Asia", "Atlantis"])
AGES = np.array([0.2, 0.3, 0.3, 0.2])


def test_media_suit_ages_and_the_mean_over_people_is_one() -> None:
    table = media_by_age(scenario(appeal="fitted").appeal, AGES).reshape(4, 4)
    assert (table[0] == 1.0).all()
    assert table[1:] @ AGES == pytest.approx([1.0, 1.0, 1.0])
    assert table[3, 0] / table[3, 3] == pytest.approx(np.exp(0.6))  # three bands of -.2
    assert (media_by_age(scenario().appeal, AGES)[:12] == 1.0).all()  # stickers apart


def test_a_cultural_tone_fits_some_topics_and_regions() -> None:
    weights = np.array([1.0, 3.0])
    table = cultural_fit(scenario(appeal="fitted").appeal, MARKETS, weights).reshape(2, 8)
    culture, security = TOPICS.index("culture"), TOPICS.index("security")
    assert np.average(table.mean(axis=1), weights=weights) == pytest.approx(1.0)
    assert table[0, culture] / table[0, security] == pytest.approx(np.exp(0.8))
    assert table[0, culture] / table[1, culture] == pytest.approx(np.exp(0.15))
    assert (cultural_fit(scenario().appeal, MARKETS, weights) == 1.0).all()


def test_status_goes_by_rank_and_not_to_others() -> None:
    accounts = SimpleNamespace(kinds=np.arange(len(KINDS)))
    found = dict(zip(KINDS, by_status(scenario(status="by_rank").status, "sharing", accounts),
                     strict=True))  # fmt: skip
    assert found["official"] == 1.5 and found["headquarters"] == 1.2
    assert found["mission"] == found["multilateral"] == found["rival"] == found["media"] == 1.0
    assert (by_status(scenario().status, "pickup", accounts) == 1.0).all()


@holds(topic=SIGNED, region=rising(SIGNED))
def test_fit_grows_with_either_part_and_treats_them_alike(topic: float, region: Two) -> None:
    less, more = (laws.fit(topic, one) for one in region)
    assert 0.0 < less <= more
    assert laws.fit(topic, region[0]) == laws.fit(region[0], topic)
    assert same(laws.fit(topic, 0.0) * laws.fit(-topic, 0.0), 1.0)
