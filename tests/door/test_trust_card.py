"""The card of planted records: what holds, what counts, what is told under a result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.door import trust_shown
from sim.door.sampled import name_of_rows
from sim.door.trust_card import against
from sim.door.trust_shown import trust_of
from sim.study.joint import DEFAULT, load_sample
from tests.door.cards import card
from tests.door.test_answers import comparison


def test_facts_hold_in_a_draw_with_all_their_numbers() -> None:
    facts = card()["facts"]
    assert facts["D1"]["worlds_holding"] == [False] * 4 and not facts["D1"]["holds"]
    assert facts["D4"]["worlds_holding"] == [True, True, True, False] and facts["D4"]["holds"]
    # one of its numbers stands on a strict end, another has the wrong sign in two draws
    assert facts["D6"]["worlds_holding"] == [False, True, False, False]
    assert facts["D7"]["worlds_holding"] == [False] * 4  # what is not known does not hold


def test_facts_of_one_event_count_as_one() -> None:
    facts = card()["facts"]
    assert facts["D2"]["together"] == facts["D3"]["together"] == ["D2", "D3"]
    assert facts["D3"]["worlds_holding"] == [True, False, True, False]  # the last one is missing
    assert facts["D2"]["n_holding"] == facts["D3"]["n_holding"] == 1
    assert not facts["D2"]["holds"] and not facts["D3"]["holds"]
    assert facts["D4"]["together"] == ["D4"]


def test_what_is_counted_and_what_fails() -> None:
    one = card()
    assert one["counts"]["facts"] == {"of": 5, "hold": 1}  # D5 is a replication
    assert [code for code in one["fails"] if code[0] == "D"] == ["D1", "D2+D3", "D6", "D7"]
    assert "C3" not in one["fails"] and "C7" in one["fails"]
    assert not {"C1", "C2", "C15", "C17"} & set(one["fails"])  # inputs say nothing


def test_rows_beside_a_fact_are_not_judged() -> None:
    rows = card()["facts"]["D4"]["rows"]
    assert {key: row["judged"] for key, row in rows.items()} == {
        "D4.growth": True, "D4.growth.switch": False, "D4.growth.interest": False,
    }  # fmt: skip
    assert rows["D4.growth.switch"]["range"] == rows["D4.growth"]["range"]


def test_the_naive_forecast_may_win() -> None:
    rows = {key: row for one in card()["facts"].values() for key, row in one["rows"].items()}
    assert rows["D4.growth"]["beats_naive"] == "better"
    assert rows["D6.opinion_sharp"]["beats_naive"] == "worse"  # zero is right, two draws are not
    assert rows["D7.simultaneous"]["beats_naive"] == "not known"
    assert against(0.0, 0.0) == "as good"


def test_details_are_told_once_and_missing_runs_are_named() -> None:
    facts = card()["facts"]
    assert facts["D1"]["details"] == {"of year": 2.5} and facts["D2"]["details"] == {}
    row = facts["D3"]["rows"]["D3.growth"]
    assert row["draws"][-1] is None and "did not come through" in row["why"]


# --- the short form under a result --------------------------------------------------------------


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trust_card.json"
    path.write_text(json.dumps(card()), encoding="utf-8")
    monkeypatch.setattr(trust_shown, "card_path", lambda: path)
    return path


def shown(*words: str) -> str:
    return " ".join(trust_of(comparison("scenario=proactive", *words).scenario))


def test_it_stands_as_it_is_in_the_default_world(packaged: Path) -> None:
    for words in ([], ["days=30", "worlds=4", "seed=7"], ["audience=readers"], ["tone=witty"]):
        told = shown(*words)
        assert told.startswith("Trust: ") and "default world" not in told, words


@pytest.mark.parametrize(
    "word", ["sharing.p0=0.01", "audience=small", "crisis=2016-02-01", "parameters=central"]
)
def test_it_says_where_it_does_not_hold(packaged: Path, word: str) -> None:
    assert f"default world, not this one ({word})" in shown(word)


def test_it_says_when_it_was_made_with_an_earlier_sample(packaged: Path) -> None:
    now = name_of_rows(load_sample(DEFAULT))
    for of, is_earlier in ({"sample": now}, False), ({"sample": "another"}, True), ({}, True):
        one = {key: value for key, value in card().items() if key != "sample"}
        one |= {"parameters": "posterior", "made": "2026-11-25"} | of
        packaged.write_text(json.dumps(one), encoding="utf-8")
        assert ("2026-11-25 with an earlier posterior sample" in shown()) == is_earlier
        assert "earlier posterior sample" not in shown("parameters=prior")


def test_world_keys_that_a_study_varies(packaged: Path) -> None:
    arm = comparison("scenario=proactive", "sharing.p0=0.01").scenario
    (told,) = trust_of(arm, ("sharing.p0",))
    assert "not this one (sharing.p0 varied)" in told


def test_without_a_card_nothing_is_told_and_a_broken_one_is(packaged: Path) -> None:
    packaged.write_text("{", encoding="utf-8")
    assert "cannot be read" in shown()
    packaged.write_text("{}", encoding="utf-8")
    assert "cannot be read" in shown()
    packaged.unlink()
    assert shown() == ""
