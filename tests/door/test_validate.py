"""task=validate from the command line, and what task=explain says of the evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import compared, composer, main, parse
from sim.door import validate
from sim.door.arms import Arm
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.door.trust_arms import trials_of
from sim.evidence import load_targets
from sim.held_out import load_held_out
from sim.observables.observed import Observed
from sim.observables.registry import KEYS
from sim.paths import conf_dir
from sim.study.files import write_json
from sim.trust.experiments import BY_NAME, EXPERIMENTS
from tests.door.test_answers import comparison

SMALL = ["task=validate", "audience=small", "days=15", "worlds=2", "workers=1"]
BRIEF = ["study.validation_samples=5", "study.fact_days=9"]
NAMES = {"patterns", *(one.name for one in EXPERIMENTS)}


def arm(*words: str) -> Arm:
    return validate.sized(comparison(*words).baseline)


def test_a_whole_card_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*SMALL, *BRIEF, f"results={tmp_path}"]
    assert main(words) == 0
    out, err = capsys.readouterr()
    told = " ".join(out.split())
    assert "EMERGENT" in out and "FACTS HELD OUT" in out and "Trust:" in out
    assert "Set by the user: audience=small" in told and "Cut to 9 days" in told
    assert "18 runs (9 experiments in 2 worlds), 0 on the disk" in err
    (folder,) = (tmp_path / "validate").iterdir()
    card = json.loads((folder / "trust_card.json").read_text(encoding="utf-8"))
    assert list(card["patterns"]) == list(KEYS) and card["worlds"] == 2 and card["cut"]
    assert list(card["facts"]) == list(load_held_out())
    rows = {key: row for one in card["facts"].values() for key, row in one["rows"].items()}
    assert all(len(row["draws"]) == 2 for row in rows.values())
    assert all(row["value"] is not None or row["why"] for row in rows.values())
    assert {key for key, row in rows.items() if row["n_known"] == 2} > {
        "D1.best_over_followers", "D3.growth", "D4.growth", "D5.support_ratio", "D6.opinion_sharp",
    }  # fmt: skip
    assert card["counts"]["facts"]["of"] == 5 and set(card["seconds"]) == NAMES
    status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    assert (status["state"], status["done"], status["runs"]) == ("done", 18, 18)
    table = (folder / "trust_card.csv").read_text(encoding="utf-8").splitlines()
    assert len(table) == 1 + len(KEYS) + len(rows)
    before = (folder / "trust_card.json").read_bytes()
    (folder / "runs" / "d0001-r00-frames.json").unlink()
    assert main(words) == 0  # goes on where it was, and ends with the same numbers
    assert "17 on the disk" in capsys.readouterr().err
    again = json.loads((folder / "trust_card.json").read_text(encoding="utf-8"))
    first = json.loads(before)
    for one in (first, again):
        one.pop("seconds")
    assert again == first


def test_the_patterns_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(validate, "trust_run", planted)
    assert main([*SMALL, "study.facts=false", f"results={tmp_path}"]) == 0
    out, err = capsys.readouterr()
    assert "left aside" in out and "FACTS" not in out and "2 runs" in err


def test_the_card_names_the_code_it_was_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the record of its runs does."""
    monkeypatch.setattr(validate, "trust_run", planted)
    assert main([*SMALL, "study.facts=false", f"results={tmp_path}"]) == 0
    (folder,) = (tmp_path / "validate").iterdir()
    card, origin = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
                    for name in ("trust_card", "provenance"))  # fmt: skip
    named = ("version", "commit", "dirty")
    assert {key: card[key] for key in named} == {key: origin[key] for key in named}


def planted(task: Any) -> str:
    """A run that took no time."""
    keys = KEYS if task.trial.name == "patterns" else BY_NAME[task.trial.name].keys
    found = {key: Observed(value=0.5).as_dict() for key in keys}
    write_json(task.place, {"values": found, "details": {}, "seconds": 1.0})
    return str(task.trial.name)


def test_sizes_are_its_own_unless_the_user_says_otherwise() -> None:
    usual, asked = arm(), arm("days=9", "worlds=3")
    assert usual.settings.days == usual.study.validation_days == 35
    assert usual.settings.worlds == usual.study.validation_worlds
    assert usual.settings.keep == "posts" and usual.settings.replicates == 1
    assert (asked.settings.days, asked.settings.worlds) == (9, 3)
    other = arm("draws=5", "study.validation_days=21").settings
    assert (other.worlds, other.draws, other.days) == ("auto", 5, 21)


@pytest.mark.parametrize(
    "words", [["scenario=proactive"], ["tone=witty"], ["policy.posture.rho=0.3"]]
)
def test_no_other_policy_is_measured(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, *words, f"results={tmp_path}"]) == 2
    assert "measures the status quo" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_worlds_of_experiments_are_the_users_own() -> None:
    conf = conf_dir()
    request = sort_request(parse(["audience=small", "sharing.p0=0.01", "fair=volume", "days=91"]),
                           groups(conf))  # fmt: skip
    with composer(conf) as compose:
        trials = trials_of(request, compose, compared(request, conf).baseline)
    assert [one.name for one in trials] == [one.name for one in EXPERIMENTS]
    for one in trials:
        for made in (*one.arms.values(), one.baseline):
            assert made.values["sharing"]["p0"] == 0.01 and "sharing.p0" in made.fixed
            assert made.values["audience"]["n_people"] == 20_000 and made.values["fair"] == "hours"
    both = next(one for one in trials if one.name == "both").arms["both"]
    assert both.values["circumstance"]["kind"] == "rising_interest"
    assert both.values["policy"]["investment"]["kind"] == "schedule"
    assert both.settings.days == 365
    amplifying = next(one for one in trials if one.name == "allies").baseline
    assert amplifying.values["rivals"]["ally"]["p_amplify"] == 0.1


def test_circumstances_of_the_user_are_refused_beside_those_of_the_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*SMALL, "circumstance=rising_interest", f"results={tmp_path}"]
    assert main(words) == 2
    assert "circumstances of their own" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_broken_run_is_told_and_ctrl_c_leaves_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaking(error: BaseException) -> Any:
        def one(task: Any) -> str:
            if task.draw == 1 and task.trial.name == "star":
                raise error
            return planted(task)

        return one

    words = [*SMALL, f"results={tmp_path}"]
    monkeypatch.setattr(validate, "trust_run", breaking(KeyboardInterrupt()))
    assert main(words) == 130
    assert "goes on where it was" in capsys.readouterr().err
    (folder,) = (tmp_path / "validate").iterdir()
    status = json.loads((folder / "status.json").read_text())
    assert status["state"] == "interrupted" and 9 <= status["done"] < 18
    monkeypatch.setattr(validate, "trust_run", breaking(ZeroDivisionError("planted")))
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert "star" in err and "planted" in err and "the run did not come through" in out
    card = json.loads((folder / "trust_card.json").read_text())
    row = card["facts"]["D3"]["rows"]["D3.growth"]
    assert row["draws"] == [0.5, None] and row["holding"] == [False, False]
    status = json.loads((folder / "status.json").read_text())
    assert status["state"] == "done" and status["failed"][0]["experiment"] == "star"


def test_nothing_is_printed_where_every_run_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(task: Any) -> str:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(validate, "trust_run", broken)
    assert main([*SMALL, f"results={tmp_path}"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "planted" in err


@pytest.mark.parametrize("code", [*load_targets(), *load_held_out(), "c5", "C5.top_1"])
def test_every_pattern_and_fact_is_explained(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["task=explain", f"key={code}"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith(code.partition(".")[0].upper())
    assert "source" in shown


def test_a_pattern_is_explained_with_its_ranges_and_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["task=explain", "key=C5"])
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("19 to 30 %", "55 to 65 %", "emergent", "core.log_sd", "0.23; 0.59", "[C: "):
        assert words in shown


def test_an_unknown_code_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["task=explain", "key=C55"]) == 2
    assert "'C5'" in capsys.readouterr().err


def test_evidence_is_no_group_of_the_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert (conf_dir() / "evidence").is_dir()
    assert main(["task=check", "scenario=proactive", "evidence=targets"]) == 2
    assert "does not exist" in capsys.readouterr().err
