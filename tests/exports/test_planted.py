"""Exports written from known parameters: an import finds them again, and says how sure it is."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from sim.exports.estimate import HoursPerPost, estimates
from sim.exports.histories import read_histories
from sim.observables.export import read_export
from sim.world.account_table import read_accounts
from sim.world.markets import load_markets
from tests.exports.planted import Planted, draw, write

PRICE = HoursPerPost(value=2.2, log_sd=0.5)
TRUE = {  # parameter: what was planted
    "posts_per_day": lambda one: one.posts_per_day,
    "growth_per_month": lambda one: one.growth_per_month,
    "churn_per_month": lambda one: one.churn_per_month,
    "exposure": lambda one: one.exposure,
}
N_ACCOUNTS = 60


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Planted], Path]:
    folder = tmp_path_factory.mktemp("planted")
    planted = draw(N_ACCOUNTS, 3)
    write(folder / "in", planted)
    assert main(["task=import", f"from={folder / 'in'}", f"results={folder / 'out'}"]) == 0
    (found,) = (folder / "out" / "import").iterdir()
    return planted, found


def test_planted_parameters_are_found_within_their_intervals(
    imported: tuple[list[Planted], Path],
) -> None:
    """95 % intervals over 60 accounts: 50 to 60 hold with a chance of 99.9 %."""
    planted, folder = imported
    found = {(one.account, one.name): one for one in estimates(read_histories(folder), PRICE)}
    for name, true in TRUE.items():
        held = 0
        for one in planted:
            estimate = found[one.name, name]
            assert estimate.value is not None and estimate.kind == "measured"
            held += estimate.lo <= true(one) <= estimate.hi
        assert held >= 50, (name, held)
        errors = [found[one.name, name].value / true(one) - 1 for one in planted]
        assert abs(np.median(errors)) < 0.05, (name, np.median(errors))


def test_hours_are_inferred_and_wider_than_what_they_rest_on(
    imported: tuple[list[Planted], Path],
) -> None:
    _, folder = imported
    for one in estimates(read_histories(folder), PRICE):
        if one.name == "hours_per_week":
            assert one.kind == "inferred" and one.log_sd > PRICE.log_sd
            assert one.lo < one.value < one.hi


def test_both_tables_can_be_used_at_once(imported: tuple[list[Planted], Path]) -> None:
    planted, folder = imported
    rows = read_accounts(folder / "accounts.csv", load_markets("network/markets.csv", None))
    assert sorted(row.name for row in rows) == [one.name for one in planted]
    assert all(row.get("posts_per_day") > 0 for row in rows)
    sample = read_export(folder / "posts.csv")
    assert sample.n_accounts == N_ACCOUNTS and sample.days > 80
    assert {"retweets", "likes", "impressions", "followers"} <= set(sample.posts)
    report = json.loads((folder / "imported.json").read_text(encoding="utf-8"))
    assert report["supports"]["C3"]["value"] is not None
    assert report["supports"]["C16.image"]["why"].endswith("whether a post has an image")
    assert report["replies"] > 0


def test_texts_are_dropped_unless_asked_for_and_then_run_nothing(tmp_path: Path) -> None:
    write(tmp_path / "in", draw(1, 5), n_weeks=5)
    words = ["task=import", f"from={tmp_path / 'in'}", f"results={tmp_path / 'out'}"]
    assert main(words) == 0
    (folder,) = (tmp_path / "out" / "import").iterdir()
    assert "formula" not in (folder / "posts.csv").read_text(encoding="utf-8")
    assert main([*words, "import.keep_text=true"]) == 0
    other = next(one for one in (tmp_path / "out" / "import").iterdir() if one != folder)
    with open(other / "posts.csv", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert any(one.startswith("'=SUM") for one in texts)
    assert all(one[0] not in "=+-@" for one in texts if one)


def test_a_network_of_one_s_own_runs(tmp_path: Path) -> None:
    """accounts.csv as it was written, in a comparison."""
    write(tmp_path / "in", draw(3, 6), n_weeks=5)
    out = tmp_path / "out"
    assert main(["task=import", f"from={tmp_path / 'in'}", f"results={out}"]) == 0
    (folder,) = (out / "import").iterdir()
    words = ["task=check", "scenario=proactive", f"network.table={folder / 'accounts.csv'}"]
    assert main([*words, "audience=small"]) == 0
