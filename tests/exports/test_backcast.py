"""Predicting the second half: known to beat, to lose to, and to equal the past repeated."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from sim.exports.backcast import account_crps, backcast
from sim.exports.histories import History


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
