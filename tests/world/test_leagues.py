"""What leagues have published: the committed table, and how it is told."""

from __future__ import annotations

from sim.paths import conf_dir
from sim.world.leagues import ordinal, published, published_sentences
from sim.world.markets import load_markets


def test_the_published_places_are_those_of_the_source() -> None:
    rows = {one.ministry: one for one in published()}
    assert (rows["Russia"].rank, rows["Russia"].of, rows["Russia"].readers) == (14, 146, 2_640_000)
    assert rows["United States"].readers == 44_000_000 and rows["United States"].rank is None
    tops = [one.ministry for one in rows.values() if one.at_most == 10]
    assert tops == ["Turkey", "Saudi Arabia", "United Kingdom", "Japan"]
    assert all("S2" in one.source and one.year == 2012 for one in rows.values())


def test_ministries_are_named_by_a_market_that_exists() -> None:
    markets = load_markets(conf_dir() / "network" / "markets.csv", None)
    assert all(markets.row(one.ministry) is not None for one in published())


def test_nothing_is_told_of_a_ministry_that_no_league_names() -> None:
    assert published_sentences("Finland") == ()
    assert "14th of 146, with 2,640,000 readers (S2)" in published_sentences("russia")[0]
    assert "in the top 10 of 146" in published_sentences("Japan")[0]


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 11, 14, 22, 113)] == [
        "1st", "2nd", "3rd", "11th", "14th", "22nd", "113th",
    ]  # fmt: skip
