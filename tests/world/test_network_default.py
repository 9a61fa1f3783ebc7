"""The default network: published facts stand in it, the rest respects what is published."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.declared import split, undeclared
from sim.errors import UserError
from sim.paths import conf_dir
from sim.vocabulary import KINDS, OURS, SIDES, TONES
from sim.world.account_table import COLUMNS
from sim.world.accounts import Accounts, NetworkSettings, load_accounts, load_network
from sim.world.markets import REGIONS, Markets, load_markets

FOLDER = conf_dir() / "network"
TREE = yaml.safe_load((FOLDER / "default.yaml").read_text(encoding="utf-8"))
SETTINGS = NetworkSettings(**split(TREE)[0])
ABROAD = ("mission", "multilateral")
GIANT = "Mission to NATO"


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with (FOLDER / "default.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def network() -> tuple[Markets, Accounts]:
    return load_network(SETTINGS)


def of_kind(accounts: Accounts, *kinds: str) -> np.ndarray:
    return np.isin(accounts.kinds, [KINDS.index(kind) for kind in kinds])


def on_twitter(table: list[dict[str, str]]) -> dict[str, int]:
    return {
        row["name"]: int(row["followers"])
        for row in table
        if row["kind"] in ABROAD and row["platforms"] == "twitter"
    }


def test_every_number_of_the_configuration_says_who() -> None:
    assert undeclared(TREE) == []


def test_243_posts_abroad_the_vast_majority_with_an_account(table: list[dict[str, str]]) -> None:
    abroad = [row for row in table if row["kind"] in ABROAD]
    assert len({row["name"] for row in abroad}) == 243
    assert len({(row["name"], row["platforms"]) for row in abroad}) == len(abroad)
    without = [row for row in abroad if row["platforms"] == "none"]
    assert 1 <= len(without) <= 24
    assert all(row["followers"] == "" for row in without)


def test_the_published_figures_are_measured(table: list[dict[str, str]]) -> None:
    rows = {(row["name"], row["platforms"]): row for row in table}
    for name, platform, followers in (
        (GIANT, "twitter", "652000"),
        ("Embassy in the United Kingdom", "twitter", "46600"),
        ("Embassy in Kuwait", "instagram", "1200"),
        ("Headquarters", "instagram", "38100"),
        ("Headquarters", "telegram", "2300"),
        ("Embassy in China", "weibo", ""),
    ):
        assert rows[name, platform]["followers"] == followers
        assert rows[name, platform]["measured"] == "measured"
    officials = [int(row["followers"]) for row in table if row["kind"] == "official"]
    assert sum(officials) == 2_500


def test_the_counted_tails_are_exact(table: list[dict[str, str]]) -> None:
    followers = on_twitter(table)
    largest = sorted(followers, key=lambda name: -followers[name])[:6]
    assert largest == [
        GIANT, "Embassy in the United Kingdom", "Embassy in Japan", "Embassy in the United States",
        "Mission to the United Nations", "Embassy in Turkey",
    ]  # fmt: skip
    counts = sorted(followers.values(), reverse=True)
    assert counts[5] > 10_000 > counts[6]
    assert counts[14] > 5_000 > counts[15]
    assert counts[:6] == sorted(set(counts[:6]), reverse=True)


def test_ranked_missions_say_that_their_value_is_inferred(table: list[dict[str, str]]) -> None:
    ranked = [row for row in table if row["measured"] == "rank measured, value inferred"]
    assert [row["market"] for row in ranked] == [
        "Japan", "United States", "United States", "Turkey",
    ]  # fmt: skip
    assert all("value drawn" in row["source"] for row in ranked)


def test_no_drawn_figure_stands_beside_a_real_mission(table: list[dict[str, str]]) -> None:
    countries = [row["name"] for row in _market_rows() if row["code"].isalpha()]
    figures = COLUMNS[COLUMNS.index("dormant_share") : COLUMNS.index("source")]
    for row in table:
        named = any(country in row["name"] for country in (*countries, "NATO", "United Nations"))
        assert named == (row["kind"] in ABROAD and row["measured"] != "inferred")
        if named:
            assert [column for column in figures if row[column]] == []
        if row["kind"] in ABROAD and not named:
            assert row["market"] not in countries


def test_dormancy_and_dates_of_joining_are_set_for_nobody(table: list[dict[str, str]]) -> None:
    assert {row["dormant_share"] for row in table} == {row["joined_years"] for row in table} == {""}


def test_c1_c2_followers_of_missions(network: tuple[Markets, Accounts]) -> None:
    accounts = network[1]
    abroad = of_kind(accounts, *ABROAD)
    followers = accounts.n_followers[abroad]
    ordinary = followers[followers < 652_000]
    assert 1.3 <= np.log(ordinary).std() <= 1.7
    assert 400 <= np.median(followers) <= 1_000
    assert 1_000 <= ordinary.mean() <= 3_000  # "an average mission"
    assert 0.05 <= (followers > 5_000).mean() <= 0.12
    assert 0.02 <= (followers > 10_000).mean() <= 0.05


def test_c15_activity_of_missions(network: tuple[Markets, Accounts]) -> None:
    accounts = network[1]
    per_week = accounts.posts_per_week[of_kind(accounts, *ABROAD)]
    assert 0.5 <= np.median(per_week) / 7 <= 1.1
    assert 0.09 <= (per_week < 1).mean() <= 0.26


def test_size_of_the_network(network: tuple[Markets, Accounts]) -> None:
    markets, accounts = network
    assert 2.3e6 <= accounts.n_followers.sum() <= 3.5e6
    assert 600 <= accounts.posts_per_week.sum() / 7 <= 1_000
    slots = 0.65 * 365 / 7 * (accounts.posts_per_week * accounts.n_followers).sum()
    assert 1.2e9 <= slots <= 2.2e9  # what a simulated year offers to non-dormant followers
    assert Counter(KINDS[kind] for kind in accounts.kinds)["media"] == 30
    assert len(markets) == 6 + 135  # named ones with home, and neutral ones with an account
    assert markets.names[markets.home] == "Russia"


def test_columns_are_whole(network: tuple[Markets, Accounts]) -> None:
    markets, accounts = network
    n = len(accounts)
    assert n == len(set(accounts.names)) == len(np.unique(accounts.hashes))
    for column, dtype in (("kinds", "u1"), ("sides", "u1"), ("markets", "u2"), ("languages", "u1"),
                          ("n_followers", "i8"), ("hashes", "u8"), ("measured", "?")):  # fmt: skip
        assert getattr(accounts, column).dtype == np.dtype(dtype)
        assert getattr(accounts, column).shape == (n,)
    assert accounts.markets.max() < len(markets)
    assert accounts.tone_mixes.shape == (n, len(TONES))
    np.testing.assert_allclose(accounts.tone_mixes.sum(axis=1), 1.0, atol=1e-12)
    for values in (accounts.posts_per_week, accounts.hours_per_week, accounts.image_shares):
        assert np.isfinite(values).all() and (values >= 0).all()
    assert np.isnan(accounts.dormant_shares).all() and np.isnan(accounts.joined_years).all()
    ratio = accounts.hours_per_week / accounts.posts_per_week
    assert 2.0 < np.median(ratio[accounts.posts_per_week > 1]) < 2.4
    assert {SIDES[s] for s in accounts.sides[of_kind(accounts, "rival")]} == {"rival"}
    assert {SIDES[s] for s in accounts.sides[of_kind(accounts, "media", "ally")]} == {"neutral"}
    assert accounts.measured.sum() == 2
    assert accounts.imputed["hours_per_week"] == 6


def test_notes_say_what_was_imputed_and_who_is_absent(network: tuple[Markets, Accounts]) -> None:
    said = " ".join(network[1].notes())
    assert "hours for 6" in said
    assert "Embassy in China (weibo)" in said
    assert "12 have no account" in said
    assert "4 rank measured, value inferred" in said


def test_another_platform_has_its_own_accounts() -> None:
    markets = load_markets(SETTINGS.markets, SETTINGS.home)
    instagram = load_accounts(SETTINGS, markets, platform="instagram")
    ours = instagram.sides == OURS
    named = dict(zip(instagram.names, instagram.n_followers.tolist(), strict=True))
    assert named["Headquarters"] == 38_100 and named["Embassy in Kuwait"] == 1_200
    measured = np.array(instagram.labels) == "measured"
    assert {name for name, one in zip(instagram.names, measured, strict=True) if one} == {
        "Headquarters", "Embassy in Kuwait"
    }  # fmt: skip
    assert instagram.n_followers[ours & ~measured].max() < 150  # S0: missions below 150


def test_no_named_mission_has_an_invented_presence(table: list[dict[str, str]]) -> None:
    """Beside a real mission's name stands what is published, or the rank that is."""
    for row in table:
        real = row["name"].startswith(("Embassy", "Mission to the United", "Mission to NATO"))
        if real and row["platforms"] != "twitter":
            assert row["measured"] == "measured" and row["source"].startswith("S0")


def test_several_platforms_keep_the_accounts_of_the_main_one() -> None:
    markets = load_markets(SETTINGS.markets, SETTINGS.home)
    twitter = load_accounts(SETTINGS, markets)
    several = load_accounts(SETTINGS, markets, "twitter", ("instagram", "telegram"))
    assert [name for name in several.names if name != "Embassy in Kuwait"] == twitter.names
    presences = several.presences
    places = presences.table(len(several), 3)
    head, kuwait = several.names.index("Headquarters"), several.names.index("Embassy in Kuwait")
    assert presences.n_followers[places[head]].tolist() == [80_000, 38_100, 2_300]
    assert places[kuwait].tolist() == [-1, kuwait, -1]
    assert (presences.accounts[: len(several)] == np.arange(len(several))).all()
    assert (np.diff(presences.platforms[len(several) :].astype(int)) >= 0).all()


def test_a_platform_without_one_of_ours_is_refused() -> None:
    markets = load_markets(SETTINGS.markets, SETTINGS.home)
    with pytest.raises(UserError, match=r"platforms\.used names 'generic'.*leave 'generic' out"):
        load_accounts(SETTINGS, markets, "twitter", ("generic",))


def test_restricting_markets_keeps_every_account_in_its_market() -> None:
    everywhere = load_markets(SETTINGS.markets, SETTINGS.home)
    wide = load_accounts(SETTINGS, everywhere)
    markets, narrow = load_network(SETTINGS)
    assert [everywhere.names[row] for row in wide.markets] == [
        markets.names[row] for row in narrow.markets
    ]


def _market_rows() -> list[dict[str, str]]:
    with (FOLDER / "markets.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_markets_are_countries_and_neutral_publics() -> None:
    rows = _market_rows()
    real = [row for row in rows if row["code"].isalpha()]
    assert 185 <= len(real) <= 205
    assert {row["region"] for row in real} == set(REGIONS)
    assert {row["weight_kind"] for row in rows} == {"inferred"}
    neutral = np.array([float(row["weight"]) for row in rows if not row["code"].isalpha()])
    assert len(neutral) == 138
    assert np.sort(neutral)[-14:].sum() > 0.35 * neutral.sum()  # heavy-tailed
    markets = load_markets(SETTINGS.markets, SETTINGS.home)
    assert markets.languages[0] == "English"
    assert markets.languages[markets.language_of[markets.home]] == "Russian"


def test_the_committed_tables_are_the_draw(tmp_path: Path) -> None:
    script = FOLDER / "draw_default.py"
    spec = importlib.util.spec_from_file_location("draw_default", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path)
    for name in ("markets.csv", "default.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
