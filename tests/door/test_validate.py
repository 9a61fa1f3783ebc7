"""task=validate from the command line, and what task=explain says of the evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import main
from sim.door import validate
from sim.door.arms import Arm
from sim.evidence import load_targets
from sim.held_out import load_held_out
from sim.observables.observed import Observed
from sim.observables.registry import KEYS
from sim.paths import conf_dir
from tests.door.test_answers import comparison

SMALL = ["task=validate", "audience=small", "days=15", "worlds=2", "workers=1"]


def arm(*words: str) -> Arm:
    return validate.sized(comparison(*words).baseline)


def test_a_validation_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["study.validation_samples=5", "parameters=central", f"results={tmp_path}"]
    assert main([*SMALL, *words]) == 0
    out, err = capsys.readouterr()
    assert "EMERGENT" in out and "modelled followers for each real" in out
    assert "Set by the user: audience=small" in " ".join(out.split())
    assert "paired" not in err
    (folder,) = (tmp_path / "validate").iterdir()
    card = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    assert list(card["patterns"]) == list(KEYS) and card["worlds"] == 2
    assert card["patterns"]["C3"]["value"] is not None
    status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    assert (status["state"], status["done"]) == ("done", 2)
    assert {one.name for one in folder.iterdir()} == {
        "config.yaml", "provenance.json", "status.json", "validation.csv", "validation.json",
    }  # fmt: skip


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


def test_a_broken_world_is_told_and_ctrl_c_leaves_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {key: Observed(value=0.5) for key in KEYS}

    def work(error: BaseException) -> Any:
        def one(task: Any) -> Any:
            if task.draw == 1:
                raise error
            return found

        return one

    words = ["task=validate", "audience=small", "worlds=4", "workers=1", f"results={tmp_path}"]
    monkeypatch.setattr(validate, "observe_task", work(ZeroDivisionError("planted")))
    assert main(words) == 0
    assert "planted" in capsys.readouterr().err
    (folder,) = (tmp_path / "validate").iterdir()
    assert json.loads((folder / "validation.json").read_text())["worlds"] == 3
    monkeypatch.setattr(validate, "observe_task", work(KeyboardInterrupt()))
    assert main(words) == 130
    assert "1 world of 4 had been measured" in capsys.readouterr().err
    states = {json.loads((one / "status.json").read_text())["state"]
              for one in (tmp_path / "validate").iterdir()}  # fmt: skip
    assert states == {"done", "interrupted"}


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
