"""The table that leagues are made of, against sets of people counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.inauthentic import false_counts
from sim.model import DiplomacyModel
from sim.observe import start_measuring
from sim.ranks import homes, n_set, rank_table
from sim.vocabulary import KINDS
from sim.world.accounts import OUR_MINISTRY
from tests.scenarios import PROVOKED, scenario

BASE = scenario(PROVOKED)


@pytest.fixture(scope="module")
def model() -> DiplomacyModel:
    model = DiplomacyModel(BASE)
    model.run_for(7)
    start_measuring(model.engine)
    model.run_for(4)
    return model


@pytest.fixture(scope="module")
def table(model: DiplomacyModel) -> dict[str, np.ndarray]:
    followers = model.engine.state.accounts["n_followers"]
    false = false_counts(model.engine, model.world, followers, 168, BASE.contamination)
    return rank_table(model.engine, model.world, 168, false)


def people_of(model: DiplomacyModel, row: int) -> set[int]:
    bits = np.unpackbits(model.engine.state.reached[row], bitorder="little")
    return set(np.flatnonzero(bits).tolist())


@pytest.mark.parametrize(("low", "high"), [(0, 40), (3, 5), (3, 29), (8, 16), (9, 9), (1, 40)])
def test_bits_are_counted_between_any_two_places(low: int, high: int) -> None:
    marks = np.random.default_rng(low).integers(0, 256, 5).astype(np.uint8)
    bits = np.unpackbits(marks, bitorder="little")
    assert n_set(marks, low, high) == int(bits[low:high].sum())


def test_ministries_count_each_person_once(
    model: DiplomacyModel, table: dict[str, np.ndarray]
) -> None:
    accounts, market = model.world.accounts, model.engine.state.people["market"]
    place = homes(model.world)
    rows = np.flatnonzero(table["level"] == "ministry")
    assert set(table["name"][rows]) == {OUR_MINISTRY, "Rival 1", "Rival 2", "Ally"}
    for row in rows:
        owner = str(table["name"][row])
        mine = [k for k, name in enumerate(accounts.owners) if name == owner]
        met = set().union(*(people_of(model, k) for k in mine))
        assert table["reach"][row] == len(met) > 0
        abroad = {who for who in met if market[who] != place[owner]}
        assert table["target_reach"][row] == len(abroad)
    ours = table["level"] == "account"
    ours &= table["owner"] == OUR_MINISTRY
    whole = rows[table["name"][rows] == OUR_MINISTRY][0]
    assert table["reach"][whole] < table["reach"][ours].sum()  # some met two of our accounts
    for name in ("followers", "posts", "shares"):
        assert table[name][whole] == table[name][ours].sum()


def test_a_mission_is_ranked_by_its_host_public(
    model: DiplomacyModel, table: dict[str, np.ndarray]
) -> None:
    accounts, market = model.world.accounts, model.engine.state.people["market"]
    home = model.world.markets.home
    for row in np.flatnonzero((table["level"] == "account") & (table["side"] == "ours")):
        k = accounts.names.index(str(table["name"][row]))
        met = people_of(model, k)
        if KINDS[accounts.kinds[k]] == "mission":
            expected = {who for who in met if market[who] == accounts.markets[k]}
        else:
            expected = {who for who in met if market[who] != home}
        assert table["target_reach"][row] == len(expected)
        assert table["reach"][row] == len(met)


def test_news_media_are_nobodys(table: dict[str, np.ndarray]) -> None:
    assert "media" not in set(table["kind"]) and not table["false_shares"].any()
