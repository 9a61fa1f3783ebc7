"""Predicting the second half: known to beat, to lose to, and to equal the past repeated."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from sim.door.backcast import first_half_table, nearest_worlds
from sim.exports.backcast import account_crps, backcast
from sim.exports.histories import History
from tests.exports.planted import draw, write


def histories(n: int, before: int, after: int, between: float, within: float, drift: float = 0.0
              ) -> list[History]:  # fmt: skip
    luck = np.random.default_rng(4)
    found = []
    for k in range(n):
        level = luck.normal(2.0, between)
        days = np.concatenate([np.linspace(0, 49, before), np.linspace(50, 99, after)])
        y = luck.normal(level, within, before + after) + drift * (days >= 50)
        found.append(History(
            account=f"A{k:02}", platform="twitter", start=dt.date(2025, 1, 1), n_days=100.0,
            followers=np.nan, days=days, counts={"retweets": np.rint(np.expm1(np.maximum(y, 0)))},
            joined=np.zeros(0), left=np.zeros(0),
        ))  # fmt: skip
    return found


def test_crps_by_hand() -> None:
    """Members 0 and 2 against 1: E|X - y| = 1, E|X - X'| = 1, half of it .5."""
    assert account_crps(np.array([0.0, 2.0]), np.array([1.0])) == pytest.approx(0.5)
    assert account_crps(np.array([0.0, 2.0]), np.array([4.0])) == pytest.approx(2.5)
    assert account_crps(np.array([3.0]), np.array([1.0])) == pytest.approx(2.0)


def test_pooling_wins_where_little_is_known_of_accounts_that_are_alike() -> None:
    naive, fitted = backcast(histories(40, 6, 40, 0.1, 0.8))["retweets"]
    assert fitted.lo is not None and fitted.lo > 0
    assert fitted.verdict() == "better than the past repeated"
    assert 0.85 < fitted.cover < 0.95 and naive.cover < 0.8


def test_nothing_wins_where_much_is_known() -> None:
    """With 200 posts before, both predict alike: the skill is nothing to speak of."""
    _, fitted = backcast(histories(30, 200, 60, 0.8, 0.8))["retweets"]
    assert abs(fitted.skill) < 0.02


def test_a_model_that_is_wrong_loses() -> None:
    past = histories(30, 40, 40, 0.5, 0.6)
    wrong = {one.account: np.log1p(np.arange(50.0) + 300) for one in past}
    scores = backcast(past, {"retweets": {"model": wrong}})["retweets"]
    assert scores[-1].predictor == "model"
    assert scores[-1].verdict() == "worse than the past repeated"


def test_the_second_half_is_not_looked_at() -> None:
    """Whatever happens later changes no prediction: only the scores."""
    one, other = histories(20, 30, 30, 0.5, 0.6), histories(20, 30, 30, 0.5, 0.6, drift=3.0)
    a, b = backcast(one)["retweets"], backcast(other)["retweets"]
    assert a[1].crps < b[1].crps - 1.0 and b[1].cover < 0.2


def test_a_backcast_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    luck = np.random.default_rng(1)
    rows = [f"{name},{dt.date(2025, 1, 1) + dt.timedelta(days=day)},{luck.poisson(3)}"
            for name in "ABCDEFG" for day in range(40)]  # fmt: skip
    text = "\n".join(["account,posted_at,retweets", *rows])
    (folder / "posts.csv").write_text(text, encoding="utf-8")
    assert main(["task=backcast", f"data={folder}", f"results={tmp_path}"]) == 0
    out = capsys.readouterr().out
    assert "the baseline" in out and "The simulator was not asked" in out
    (written,) = (tmp_path / "backcast").iterdir()
    card = json.loads((written / "backcast.json").read_text(encoding="utf-8"))
    assert card["scores"]["retweets"][1]["accounts"] == 7
    for words, told in (
        (["task=backcast"], "needs a folder"),
        (["task=backcast", f"data={tmp_path}"], r"holds no posts.csv"),
        (["task=backcast", f"data={folder}", "tone=witty"], "compares no policies"),
        (["task=import"], "needs a folder"),
        (["task=import", f"from={folder}", "import.timezone=Moon"], "is no time zone"),
    ):
        assert main([*words, f"results={tmp_path}"]) == 2
        assert told in capsys.readouterr().err


def test_the_network_of_a_backcast_knows_the_first_half_only(tmp_path: Path) -> None:
    table = tmp_path / "accounts.csv"
    head = "name,market,platform,followers,as_of,posts_per_day"
    table.write_text(f"{head}\nA00,France,twitter,900,2025,9\nOther,Japan,twitter,50,2025,2\n")
    (past,) = histories(1, 30, 70, 0.1, 0.5)
    header, rows = first_half_table(table, [past])
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    assert [one["posts_per_day"] for one in cells] == ["0.6", "2"]  # 30 in 50 days, not 100 in 100
    assert cells[0]["followers"] == "900"


def test_the_worlds_nearest_to_the_first_half_are_kept() -> None:
    past = histories(20, 40, 40, 0.3, 0.6)
    level = np.expm1(2.0)
    worlds = [
        {m: {one.account: np.full(20, factor * level) for one in past} if m == "retweets" else {}
         for m in ("retweets", "likes", "impressions")}
        for factor in (0.1, 1.0, 1.1, 9.0, 0.2, 5.0, 0.02, 20.0)
    ]  # fmt: skip
    assert nearest_worlds(worlds, past) == [1, 2]


@pytest.mark.slow
def test_the_simulator_predicts_where_there_is_a_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "in", draw(6, 8), n_weeks=6)
    out = tmp_path / "out"
    assert main(["task=import", f"from={tmp_path / 'in'}", f"results={out}"]) == 0
    (folder,) = (out / "import").iterdir()
    words = [f"data={folder}", f"results={out}", "audience=small", "days=14", "worlds=4"]
    assert main(["task=backcast", *words, "workers=1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "The model: 4 worlds of 14 days" in told and "the 1 nearest" in told
    (written,) = (out / "backcast").iterdir()
    assert (written / "config.yaml").is_file() and (written / "provenance.json").is_file()
    card = json.loads((written / "backcast.json").read_text(encoding="utf-8"))
    assert [one["predictor"] for one in card["scores"]["retweets"]] == ["naive", "fitted", "model"]
