"""Languages of the missions: who is concerned, what is written, what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.language import BILINGUAL
from sim.vocabulary import KINDS

from .conftest import Stage, policy


def posts_of(stage: Stage, language: str) -> tuple[np.ndarray, np.ndarray]:
    """(posts of the missions, of everybody else) in three weeks."""
    posts = stage.run(stage.desks(policy(language=language)), stage.view(), last_week=3)
    mission = stage.accounts.kinds[posts["account"]] == KINDS.index("mission")
    return posts[mission], posts[~mission]


@pytest.fixture(scope="module")
def written(stage: Stage) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return {name: posts_of(stage, name) for name in ("table", "local", "common", "bilingual")}


def test_missions_write_in_the_language_chosen(written: dict) -> None:
    codes = {name: set(np.unique(posts["language"])) for name, (posts, _) in written.items()}
    assert codes["table"] == {0, 1}
    assert codes["local"] == {1} and codes["common"] == {0}
    assert codes["bilingual"] == {1 | BILINGUAL}


def test_nobody_else_is_concerned(written: dict) -> None:
    table = written["table"][1]
    assert len(table) > 100
    for _, others in written.values():
        assert np.array_equal(others, table)


def test_the_same_causes_and_times_whatever_the_language(written: dict) -> None:
    local, both = written["local"][0], written["bilingual"][0]
    _, i, j = np.intersect1d(local["key"], both["key"], return_indices=True)
    assert len(i) > 0.9 * len(local)
    assert np.array_equal(local["media"][i], both["media"][j])


def test_two_languages_cost_more_than_one_at_the_same_hours(stage: Stage) -> None:
    def budget(language: str) -> object:
        return stage.desks(policy(language=language)).office.budget

    price = {name: budget(name).price[-1] for name in ("common", "table", "local", "bilingual")}
    assert price["common"] < price["table"] < price["local"] < price["bilingual"]
    extra = stage.work.rel_hours_bilingual - stage.work.rel_hours_local_language
    assert price["bilingual"] - price["local"] == pytest.approx(extra)
    hours = [budget(name).hours for name in price]
    assert all(np.array_equal(hours[0], one) for one in hours)


def test_where_the_common_language_is_the_own_nothing_is_translated() -> None:
    english = Stage(2)
    english.accounts.languages[:] = 0
    one, other = (
        english.desks(policy(language=name)).office.budget for name in ("table", "bilingual")
    )
    assert np.array_equal(one.price, other.price) and not other.both.any()
