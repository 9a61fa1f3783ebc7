"""experiment=NAME: a written study becomes its command line, or is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.door.experiments import expanded, names, read_experiment, words_of
from sim.errors import UserError

ROOT = Path(__file__).resolve().parents[2]


def plant(folder: Path, text: str) -> None:
    home = folder / "experiments" / "007_planted"
    home.mkdir(parents=True, exist_ok=True)
    (home / "experiment.yaml").write_text(text, encoding="utf-8")


def test_a_written_study_is_its_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, """\
question: "Does it?"
fixed: {audience: small, days: 28}
levers: {scenario: [reactive, proactive], policy.posture.rho: {low: 0, high: 1}}
uncertainties: {sharing.p0: {low: 0.001, high: 0.03, scale: log}}
study: {precision: 0.05, design: lhs}
""")
    monkeypatch.chdir(tmp_path)
    words, found = expanded(["days=7", "experiment=007_planted"])
    assert found and words == [
        "question='Does it?'", "study.name=007_planted", "audience=small",
        "scenario=reactive,proactive", "policy.posture.rho=interval(0,1)",
        "sharing.p0=tag(log,interval(0.001,0.03))", "study.precision=0.05", "study.design=lhs",
        "days=7",
    ]  # fmt: skip
    assert expanded(["days=7"]) == (["days=7"], False)


REFUSED = [
    ("levers: {tone: [witty]}", "asks nothing"),
    ('question: "?"\nlevers: {sharing.p0: [1, 2]}', "is no lever"),
    ('question: "?"\nuncertainties: {tone: [witty]}', "is no uncertainty"),
    ('question: "?"\nlever: {tone: [witty]}', "'lever'"),
    ('question: "?"\nlevers: {tone: witty}', "is no axis"),
    ('question: "?"\nlevers: {policy.posture.rho: {low: 0}}', "is no axis"),
    ('question: "?"\nfixed: 3', "holds keys with values"),
    ('question: "?"\nfixed: {days: 010}', "octal"),
    ('question: "?"\nfixed: {a: {_target_: os.system}}', "_target_"),
]


@pytest.mark.parametrize(("text", "told"), REFUSED)
def test_refused(text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=told):
        expanded(["experiment=007_planted"])


def test_unknown_and_doubled_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, 'question: "?"')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="007_planted"):
        expanded(["experiment=007_plantd"])
    with pytest.raises(UserError, match="given twice"):
        expanded(["experiment=007_planted", "experiment=007_planted"])
    with pytest.raises(UserError, match="does not exist"):
        expanded(["experiment=../../etc"])


def test_every_committed_experiment_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert names()
    for name, folder in names().items():
        assert words_of(name, read_experiment(name))
        page = (folder / "README.md").read_text(encoding="utf-8")
        assert f"experiment={name}" in page and "Finding" in page
