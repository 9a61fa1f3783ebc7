"""parameters=posterior from the command line: whole rows reach every arm, and it says what they
rest on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import main, parse_study
from sim.declared import get
from sim.door.axes import Swept, check_axes
from sim.door.build import assumed_keys, drawn_parameters, scenario_of
from sim.door.context import context_of
from sim.door.facts import facts_of
from sim.door.record import config_hash
from sim.door.sampled import sample_of, sample_sentences
from sim.door.sizes import Size
from sim.door.study_plan import deciding_of
from sim.errors import UserError
from sim.report.limits import basis_sentences
from tests.door.test_answers import comparison
from tests.report.fake import fake
from tests.study.samples import KEYS, planted, rows_of

BASE = ("scenario=proactive", "audience=small")


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, ...]:
    path = planted(tmp_path / "posterior.json", comparison(*BASE).scenario)
    return (*BASE, "parameters=posterior", f"posterior={path}")


def test_whole_rows_reach_the_scenario_of_every_arm(words: tuple[str, ...]) -> None:
    arms = comparison(*words, "against=reactive")
    known = {tuple(row) for row in rows_of(arms.scenario.catalogue)}
    seen = []
    for draw in range(6):
        drawn = [drawn_parameters(arm, draw) for arm in arms]
        assert drawn[0] == drawn[1] == drawn[2]
        whole = scenario_of(arms.scenario, drawn[0])
        row = (whole.core.mean_shares, whole.sharing.p0, whole.visibility.selection)
        assert row in known
        seen.append(row)
    assert len(set(seen)) == 6


def test_what_the_sample_does_not_hold_is_drawn_as_before(words: tuple[str, ...]) -> None:
    before = drawn_parameters(comparison(*BASE, "parameters=prior").scenario, 3)
    after = drawn_parameters(comparison(*words).scenario, 3)
    assert before.keys() == after.keys()
    assert {key for key in before if before[key] != after[key]} == set(KEYS)
    assert drawn_parameters(comparison(*BASE, "parameters=central").scenario, 3) == {}


def test_what_the_user_set_stays_and_it_is_said(words: tuple[str, ...]) -> None:
    free, held = (comparison(*words, *more).scenario for more in ((), ("sharing.p0=0.01",)))
    drawn = drawn_parameters(held, 2)
    assert "sharing.p0" not in drawn and get(held.values, "sharing.p0") == 0.01
    assert drawn.items() < drawn_parameters(free, 2).items()
    told = ". ".join(sample_sentences(held, sample_of(held)))
    assert "2 parameters drawn together" in told
    assert "Set by the user, and not conditioned on: sharing.p0" in told
    assert "(1): visibility.selection" in told


def test_calibrated_are_those_that_the_patterns_inform_and_no_other(
    words: tuple[str, ...]
) -> None:
    before, after = (comparison(*BASE, "parameters=prior").scenario,
                     comparison(*words).scenario)  # fmt: skip
    assert set(assumed_keys(after)) == {*assumed_keys(before), "core.mean_shares"} - set(KEYS[1:])


def test_the_answer_says_what_it_rests_on(words: tuple[str, ...]) -> None:
    arms = comparison(*words)
    scenario = scenario_of(arms.scenario)
    size = Size(draws=8, replicates=2, workers=1, seconds=1.0, n_bytes=1.0)
    context = context_of(arms, facts_of(scenario, scenario_of(arms.against)), size, "results/x")
    assert context.provisional and context.calibrated == KEYS[1:]
    told = " ".join(basis_sentences(fake().summary, context))
    assert "3 parameters drawn together from a posterior sample" in told
    assert "40 rows from 4,096 runs of 14 days, 2026-11-26" in told
    assert "(2): sharing.p0, visibility.selection; no other parameter is." in told
    assert "its own runs missed (14 days, all other parameters central): C7." in told
    assert "another world" not in told


@pytest.mark.parametrize(("changes", "more", "told"), [
    ({"unmet": ["76 runs, and 256 are the fewest"]}, (), "falls short: 76 runs"),
    ({"code": "another"}, (), "code has changed"), ({"targets": "x"}, (), "ranges have changed"),
    ({}, ("platform=facebook",), "another world: platform.name (twitter then, facebook now)"),
    ({}, ("network=middle",), "network.table (network/default.csv then, network/middle.csv now)"),
    ({}, ("opinion=none",), "opinion.kind (assimilation_contrast then, none now)"),
])  # fmt: skip
def test_doubts_are_told(
    changes: dict[str, Any], more: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    path = planted(tmp_path / "p.json", comparison(*BASE).scenario, **changes)
    arm = comparison(*BASE, "parameters=posterior", f"posterior={path}", *more).scenario
    assert told in ". ".join(sample_sentences(arm, sample_of(arm)))


def test_what_is_drawn_decides_and_the_name_of_the_file_does_not(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    size = Size(draws=8, replicates=2, workers=1, seconds=1.0, n_bytes=1.0)
    arms = comparison(*words)
    other = planted(tmp_path / "other.json", arms.scenario)
    same = comparison(*BASE, "parameters=posterior", f"posterior={other}")
    assert config_hash(arms, size) == config_hash(same, size)
    assert deciding_of(arms.scenario) == deciding_of(same.scenario)
    planted(tmp_path / "less.json", arms.scenario, rows_of(arms.scenario.catalogue)[:-1])
    less = comparison(*BASE, "parameters=posterior", f"posterior={tmp_path / 'less.json'}")
    assert config_hash(arms, size) != config_hash(less, size)
    assert deciding_of(arms.scenario)["table.posterior"] != deciding_of(
        less.scenario)["table.posterior"]  # fmt: skip
    prior = comparison(*BASE, "parameters=prior")
    assert "table.posterior" not in deciding_of(prior.scenario)


def test_absent_stale_and_unused_samples_are_refused(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.study.joint.conf_dir", lambda: tmp_path)
    results = f"results={tmp_path / 'results'}"
    assert main([*BASE, "parameters=posterior", results]) == 2
    err = capsys.readouterr().err
    assert "no posterior sample comes with this version" in err
    assert "python -m sim task=calibrate study.install=true" in err
    assert main([*BASE, "parameters=prior", words[-1], results]) == 2
    assert "add parameters=posterior, or leave it out" in capsys.readouterr().err
    assert main([*BASE, "-m", "tone=formal,witty", "parameters=posterior", results]) == 2
    assert "no posterior sample" in capsys.readouterr().err
    other = {"prior": "normal", "value": 1, "range": [0, 1], "bounds": []}
    plain = comparison(*BASE, "parameters=prior").scenario
    stale = planted(tmp_path / "stale.json", plain,
                    priors=dict.fromkeys(KEYS, other))  # fmt: skip
    assert main([*BASE, "parameters=posterior", f"posterior={stale}", results]) == 2
    err = capsys.readouterr().err
    assert "calibrated under other priors" in err and "core.mean_shares (prior normal then" in err
    assert not (tmp_path / "results").exists()
    assert main(["task=list", "parameters=posterior"]) == 0  # draws nothing


def test_a_sample_cannot_vary_in_a_study() -> None:
    axes = [one for one in parse_study(["posterior=a,b"]) if isinstance(one, Swept)]
    with pytest.raises(UserError, match="all points live in the same worlds"):
        check_axes(axes, 8)


def test_explain_and_check_tell_it(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = words[1:]
    assert main(["task=explain", "key=sharing.p0", *drawn]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "posterior calibrated: 0.0" in told and "sd 0.30 of the prior's" in told
    assert main(["task=explain", "key=core.mean_shares", *drawn]) == 0
    assert "assumed, the patterns say too little" in " ".join(capsys.readouterr().out.split())
    assert main(["task=explain", "key=core.log_sd", *drawn]) == 0
    assert "not in the sample" in capsys.readouterr().out
    assert main(["task=explain", "key=sharing.p0", "audience=small"]) == 0
    assert main(["task=check", *words]) == 0
    assert "3 parameters drawn together" in capsys.readouterr().out
