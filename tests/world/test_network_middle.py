"""The second network: fictitious throughout, drawn from the published distributions, and runnable.

Nothing in the code may know for which ministry it works: the whole way from tables to leagues is
gone with a home market, publics and languages that the default network does not have.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.declared import split, undeclared
from sim.paths import conf_dir
from sim.simulate import simulate_world
from sim.vocabulary import KINDS, OURS
from sim.world.accounts import OUR_MINISTRY, Accounts, NetworkSettings, load_network
from sim.world.leagues import published_sentences
from sim.world.markets import COMMON_LANGUAGE, Markets, load_markets
from tests.scenarios import scenario

FOLDER = conf_dir() / "network"
TREE = yaml.safe_load((FOLDER / "middle.yaml").read_text(encoding="utf-8"))
SETTINGS = NetworkSettings(**{
    name: value for name, value in split(TREE)[0].items() if name != "question"
})  # fmt: skip
ABROAD = ("mission", "multilateral")


@pytest.fixture(scope="module")
def network() -> tuple[Markets, Accounts]:
    return load_network(SETTINGS)


def cells(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_writes_what_is_committed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "draw_middle.py"), str(tmp_path)], check=True,
                   cwd=FOLDER.parents[1], env={"PYTHONPATH": str(FOLDER.parents[1])})  # fmt: skip
    for name in ("middle.csv", "middle_markets.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_every_number_of_the_configuration_says_who() -> None:
    assert undeclared(TREE) == []


def test_its_gaps_are_filled_by_the_rules_of_the_default_network() -> None:
    default = yaml.safe_load((FOLDER / "default.yaml").read_text(encoding="utf-8"))
    assert TREE["imputation"] == default["imputation"]


def test_every_row_says_that_it_is_fictitious(network: tuple[Markets, Accounts]) -> None:
    rows = cells("middle.csv")
    assert {row["measured"] for row in rows} == {"fictitious"}
    assert all(row["source"].startswith("fictitious") for row in rows)
    assert not network[1].measured.any()
    assert any("fictitious" in note for note in network[1].notes())


def test_no_country_and_no_language_of_it_exists() -> None:
    real = load_markets(FOLDER / "markets.csv", None)
    known = {name.lower() for name in real.names} | {code.lower() for code in real.codes if code}
    languages = {name.lower() for name in real.languages} - {COMMON_LANGUAGE.lower()}
    for row in cells("middle_markets.csv"):
        assert row["name"].lower() not in known and row["code"].lower() not in known
        assert row["language"].lower() not in languages
        assert "fictitious" in row["name"] or row["name"] == SETTINGS.home
    assert published_sentences(SETTINGS.home) == ()


def test_it_is_of_middle_size(network: tuple[Markets, Accounts]) -> None:
    markets, accounts = network
    kinds = np.array([KINDS[kind] for kind in accounts.kinds])
    assert 60 <= len(accounts) <= 90 and (accounts.sides == OURS).sum() == 57
    assert {"headquarters", *ABROAD, "official", "rival", "ally", "media"} == set(kinds)
    assert markets.names[markets.home] == "Ruritania"
    assert markets.languages[markets.language_of[markets.home]] == "Ruritanian"


def test_c1_c2_c15(network: tuple[Markets, Accounts]) -> None:
    accounts = network[1]
    abroad = np.isin(accounts.kinds, [KINDS.index(kind) for kind in ABROAD])
    followers = accounts.n_followers[abroad]
    assert 1.3 <= np.log(followers).std(ddof=1) <= 1.7
    assert 0.05 <= (followers > 5_000).mean() <= 0.12
    assert 0.02 <= (followers > 10_000).mean() <= 0.05
    per_week = accounts.posts_per_week[abroad]
    assert 0.5 <= np.median(per_week) / 7 <= 1.1
    assert 0.09 <= (per_week < 1).mean() <= 0.26


def test_it_runs_to_the_leagues() -> None:
    """A crisis at home, contaminated rivals, posts kept: whatever could know a country is on."""
    changes = {
        "network.table": TREE["table"]["value"], "network.background": "default",
        "audience.n_people": 6_000, "audience.follower_scale": "auto", "days": 7,
        "warmup_days": 7, "crisis": "2016-01-06",
    }  # fmt: skip
    groups = {"network": "middle", "contamination": "heavy"}
    base = scenario(changes, **groups)
    tested = scenario(changes, posture="proactive", tone="witty", **groups)
    assert base.follower_scale == pytest.approx(6_000 / SETTINGS.readers)
    runs = simulate_world([tested, base], base, 0, 0)
    for run in runs:
        assert run.values["target_reach", "all"] > 0
        assert run.values["first_frame_share", "all"] > 0
        owners = set(run.ranks["owner"][run.ranks["level"] == "ministry"])
        assert owners == {OUR_MINISTRY, *(f"Fictitious rival {c}" for c in "KLM"),
                          "Fictitious ally N"}  # fmt: skip
        assert set(run.ranks["label"]) == {"fictitious"}
    said = {group for run in runs for _, group in run.values}
    assert "market:Ruritania" in said and not {"market:Russia"} & said


def test_its_followers_read_its_language(network: tuple[Markets, Accounts]) -> None:
    markets, accounts = network
    head = accounts.names.index("Ruritania, headquarters")
    assert markets.languages[accounts.languages[head]] == "Ruritanian"
