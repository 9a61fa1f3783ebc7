"""Traits of a person are drawn apart: knowing one of them says nothing of any other."""

from __future__ import annotations

import numpy as np
import pytest

from sim.loading.world import load_world
from sim.state import AGE_SHIFT, PRONE, RANKED, SECOND_LANGUAGE
from sim.vocabulary import TOPICS
from tests.scenarios import scenario

N = 20_000
BASE = {"audience.n_people": N, "platform.feed.share_ranked": 0.5,
        "people.share_topic_interest": 0.5, "people.share_backlash_prone": 0.5,
        "people.share_second_language": 0.5}  # fmt: skip


@pytest.fixture(scope="module")
def traits() -> dict[str, np.ndarray]:
    people = load_world(scenario(BASE, news="none"), 0, 0)[1].people
    flags = people["flags"]
    found = {
        "propensity": np.log(people["propensity"]), "age": flags >> AGE_SHIFT & 3,
        "visit": people["visit"], "feed": people["feed"] & 15,
    }  # fmt: skip
    found |= {name: flags & bit != 0 for name, bit in
              (("prone", PRONE), ("ranked", RANKED), ("second", SECOND_LANGUAGE))}  # fmt: skip
    return found | {topic: people["topics"] >> place & 1 for place, topic in enumerate(TOPICS)}


def test_no_two_traits_run_together(traits: dict[str, np.ndarray]) -> None:
    """Correlations over 20,000 people, sd n^-1/2 if there are none: 5 of them in no pair."""
    names, columns = list(traits), np.array([np.asarray(one, float) for one in traits.values()])
    r = np.corrcoef(columns)
    pairs = [(abs(r[i, j]), names[i], names[j]) for i in range(len(names)) for j in range(i)]
    assert len(pairs) > 90
    worst = max(pairs)
    assert worst[0] < 5 / np.sqrt(N), worst


def test_a_trait_says_nothing_of_the_neighbours(traits: dict[str, np.ndarray]) -> None:
    """People stand in the order of their favourability; their other traits know no order."""
    for name, column in traits.items():
        one = np.asarray(column, float)
        assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 5 / np.sqrt(N), name
        assert abs(np.corrcoef(one, np.arange(N))[0, 1]) < 5 / np.sqrt(N), name
