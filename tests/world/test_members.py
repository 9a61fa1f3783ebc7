"""Who is on which platform: the table's levels, ages, overlap, and the same people always."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from sim.errors import UserError
from sim.paths import conf_dir
from sim.scenario import Scenario
from sim.world.markets import load_markets
from sim.world.members import Members, make_members, read_adoption
from tests.scenarios import scenario

MARKETS = load_markets("network/markets.csv", "Russia")
TABLE = conf_dir() / "platforms" / "adoption.csv"
HEADER = "platform,level,where,share\n"
N = 60_000


def people(market: str, age: int = 1) -> np.ndarray:
    found = np.zeros(N, [("market", "u2"), ("flags", "u1")])
    found["market"], found["flags"] = MARKETS.names.index(market), age << 4
    return found


def several(**changes: object) -> Scenario:
    values = {"platforms.used": "facebook+instagram"} | {
        key.replace("__", "."): value for key, value in changes.items()
    }
    return scenario(values, platforms="several")


def members(one: Scenario, overlap: float = 0.7, number: int = 0) -> Members:
    return make_members(one.all_platforms, TABLE, overlap, [0.5, 1.0, 0.3], MARKETS, number)


def on(which: Members, f: int, public: np.ndarray) -> np.ndarray:
    chosen = which.of(f, public)
    assert chosen is not None
    return np.isin(np.arange(N), chosen)


def test_the_narrowest_level_decides(tmp_path: Path) -> None:
    table = tmp_path / "adoption.csv"
    rows = ("everywhere,everywhere,0.1", "region,Europe,0.2", "language,French,0.3",
            "market,France,0.4")  # fmt: skip
    table.write_text(HEADER + "".join(f"vk,{row}\n" for row in rows), encoding="utf-8")
    (shares,) = read_adoption(table, MARKETS, ["vk"])
    found = [shares[MARKETS.names.index(name)] for name in ("Peru", "Germany", "Haiti", "France")]
    assert found == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("vk,everywhere,everywhere,1.2", "a number from 0 to 1"),
        ("vk,everywhere,everywhere,", "give a share"),
        ("vk,region,Erope,0.2", "did you mean 'Europe'"),
        ("vk,market,France,0.2", "give it a row of level everywhere"),
        ("vk,everywhere,France,0.2", "everywhere, since the level is"),
    ],
)
def test_a_bad_table_is_refused(row: str, said: str, tmp_path: Path) -> None:
    table = tmp_path / "adoption.csv"
    table.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=said):
        read_adoption(table, MARKETS, ["vk"])


def test_adoption_is_that_of_market_and_age_whatever_the_overlap() -> None:
    one = several()
    expected = 0.32 * np.array(one.platforms.instagram.rel_ages)
    for age, share in enumerate(expected):
        for overlap in (0.0, 0.7, 1.0):
            there = on(members(one, overlap), 2, people("United States", age))
            assert there.mean() == approx(share, abs=4 * np.sqrt(share / N))


@pytest.mark.parametrize("overlap", [0.0, 0.7])
def test_whoever_is_on_one_platform_is_likelier_to_be_on_another(overlap: float) -> None:
    which, public = members(several(), overlap), people("United States")
    facebook, instagram = on(which, 1, public), on(which, 2, public)
    a, b = facebook.mean(), instagram.mean()
    both = overlap**2 * min(a, b) + (1 - overlap**2) * a * b
    assert (facebook & instagram).mean() == approx(both, abs=4 * np.sqrt(both / N))


def test_more_adoption_adds_people_and_removes_nobody() -> None:
    fewer, more = several(), several(platforms__facebook__rel_adoption=1.2)
    before, after = (on(members(one), 1, people("France")) for one in (fewer, more))
    assert (after >= before).all() and after.sum() > before.sum()


def test_other_populations_are_other_people() -> None:
    first, second = (on(members(several(), number=n), 1, people("France")) for n in (0, 1))
    assert 0.3 < (first != second).mean() < 0.6


def test_in_a_world_of_one_platform_everybody_is_on_it() -> None:
    alone = make_members(scenario().all_platforms, None, 0.0, [0.5], MARKETS, 0)
    assert alone.of(0, people("Peru")) is None


def test_feeds_on_other_platforms_are_ranked_for_their_own_share() -> None:
    feeds = np.arange(N, dtype=np.uint8) % 32
    who = np.arange(N, dtype=np.uint32)
    which = members(several())
    assert (which.feeds(0, who, feeds) == feeds).all()
    for f, share in ((1, 1.0), (2, 0.3)):
        found = which.feeds(f, who, feeds)
        assert (found % 16 == feeds % 16).all()
        assert (found >= 16).mean() == approx(share, abs=0.01)
