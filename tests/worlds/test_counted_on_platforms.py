"""Several platforms: originals are messages, copies are not, and parts add up to the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.inauthentic import false_counts
from sim.model import DiplomacyModel
from sim.observe import measure, standing, start_measuring
from sim.ranks import rank_table
from sim.vocabulary import AMPLIFICATION, COPY, OURS
from tests.scenarios import PROVOKED, TABLES, scenario

SINCE = 48
CHANGES: dict[str, Any] = PROVOKED | {
    "network.table": str(TABLES / "several.csv"), "platforms.used": "instagram+telegram+facebook",
    "audience.n_people": 3_000, "platforms.telegram.rel_adoption": 6.0,
    "following.leave_per_view": 0.1,
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> DiplomacyModel:
    one = DiplomacyModel(scenario(CHANGES, platforms="several", crossposting="all"))
    one.run_for(SINCE // 24)
    start_measuring(one.engine)
    return one


@pytest.fixture(scope="module")
def values(model: DiplomacyModel) -> dict[tuple[str, str], float]:
    start = standing(model.engine, 24.0)
    model.run_for(5)
    return measure(model.engine, model.world, start, 1.0, 24.0)


def test_a_league_counts_messages_and_all_their_shares(
    model: DiplomacyModel, values: dict[tuple[str, str], float]
) -> None:
    followers = model.engine.state.accounts["n_followers"]
    false = false_counts(model.engine, model.world, followers, SINCE, model.arm.contamination)
    table = rank_table(model.engine, model.world, SINCE, false)
    posts, accounts = model.engine.posts, model.world.accounts
    posts = posts[(posts["hour"] >= SINCE) & (posts["kind"] != AMPLIFICATION)]
    seen = False
    for name in set(table["name"]):
        level = table["level"][table["name"] == name][0]
        names = accounts.owners if level == "ministry" else accounts.names
        rows = [row for row, one in enumerate(names) if one == name]
        mine = posts[np.isin(posts["account"], rows)]
        (place,) = np.flatnonzero((table["name"] == name) & (table["level"] == level))
        said = mine[mine["kind"] != COPY]
        assert table["posts"][place] == len(said)
        assert table["shares"][place] == mine["n_shares"].sum()
        seen |= len(said) < len(mine) and said["n_shares"].sum() < mine["n_shares"].sum()
    assert seen, "the set-up has no copies that were shared"


def test_parts_by_platform_add_up_to_the_whole(
    model: DiplomacyModel, values: dict[tuple[str, str], float]
) -> None:
    """Counts that belong to one platform each do; people, who may be on several, need not."""
    groups = [f"platform:{name}" for name in model.world.accounts.platforms]
    for name in ("impressions", "followers_gained"):
        parts = [values[name, one] for one in groups]
        assert sum(parts) == values[name, "all"] and np.count_nonzero(parts) > 1
    table = model.engine.state.accounts[model.engine.state.accounts["side"] == OURS]
    assert table["n_left"].sum() > 0, "the set-up lets nobody leave"
    n_copies = int(((model.engine.posts["kind"] == COPY) & (model.engine.posts["side"] == OURS)
                    & (model.engine.posts["hour"] >= SINCE)).sum())  # fmt: skip
    assert sum(values["posts", one] for one in groups) >= values["posts", "all"] + n_copies > 0
