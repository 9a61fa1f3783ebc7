"""Bad input: exit code 2, a message on stderr that names the key, nothing written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.__main__ import main

REFUSED = [
    (["days"], "no '='"),
    (["=3"], "no key"),
    (["dayz=3"], "'days'"),
    (["shering.p0=1"], "'sharing.p0'"),
    (["p0=1"], "'sharing.p0'"),
    (["audiense=small"], "audience"),
    (["audience=huge"], "readers_44m"),
    (["scenario=proactiv"], "'proactive'"),
    (["against=nobody"], "status_quo"),
    (["sharing=3"], "sharing.KEY"),
    (["policy=3"], "section"),
    (["task=dance"], "explain"),
    (["seed=abc"], "whole number"),
    (["seed=-1"], "out of range"),
    (["seed=1e3"], "wrong type"),
    (["seed=true"], "wrong type"),
    (["seed=99999999999999999999"], "seed"),
    (["days=0"], "out of range"),
    (["days=1.5"], "wrong type"),
    (["days=010"], "wrong type"),
    (["days=null"], "wrong type"),
    (["days="], "wrong type"),
    (["days=[1,2]"], "wrong type"),
    (["days={a: 1}"], "not a section"),
    (["worlds=0"], "'auto'"),
    (["worlds=many"], "'auto'"),
    (["worth=nan"], "finite"),
    (["worth=inf"], "finite"),
    (["worth=-inf"], "finite"),
    (["sharing.p0=-1"], "out of range"),
    (["sharing.p0=often"], "wrong type"),
    (["audience.n_people=1e9"], "wrong type"),
    (["audience.n_people=999999999"], "out of range"),
    (["start=12:30:00"], "no date"),
    (["start=2016-02-30"], "no date"),
    (["start=0016-02-20"], "between"),
    (["crisis=tomorrow"], "no date"),
    (["keep=no"], "'summary'"),
    (["objective=backlash"], "guardrail"),
    (["objective=reech"], "'frequent_reach'"),
    (["parameters=posterior"], "'central'"),
    (["scenario=a/b"], "no name"),
    (["scenario=../../etc"], "no name"),
    (["scenario=a.b"], "no name"),
    (["against=a/b"], "no name"),
    (["scenario=" + "a" * 65], "no name"),
    (["_target_=os.system"], "_target_"),
    (["sharing.p0={_target_: os.system}"], "_target_"),
    (["question=_target_"], "_target_"),
    (["~days"], "deleted"),
    (["~days=90"], "deleted"),
    (["+days=3"], "added"),
    (["++days=3"], "added"),
    (["results=${oc.env:HOME}"], "interpolations"),
    (["results=${hydra:job.name}"], "interpolations"),
    (["hydra.run.dir=x"], "hydra"),
    (["hydra/launcher=basic"], "hydra"),
    (["posture@x=mixed"], "no key"),
    (["-m", "days=3"], "Sweeps"),
    (["--multirun"], "Sweeps"),
    (["days=1,2"], "Sweeps"),
    (["seed=range(1,5)"], "Sweeps"),
    (["--cfg", "job"], "no option"),
    (["days=3", "days=4"], "given twice"),
    (["scenario=mixed", "scenario=silent"], "given twice"),
    (["a==b"], "cannot be read"),
    (["policy.tone.kind=mix"], "Choose tone="),
    (["policy.tone.mix=[1,0,0,0,0]"], "tone=witty"),
    (["tone=witty", "policy.tone.mix=[1,0]"], "list of 5"),
    (["tone=witty", "policy.tone.mix=[1,1,0,0,0]"], "add up to 2"),
    (["posture=mixed", "policy.posture.rho=2"], "between 0 and 1"),
    (["question='" + "x" * 3000 + "'"], "longer than"),
]


@pytest.mark.parametrize(("arguments", "told"), REFUSED, ids=lambda part: " ".join(part)[:40])
def test_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    has_task = any(word.startswith("task=") for word in arguments)
    assert main([*arguments, *([] if has_task else ["task=explain", "key=days"])]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("demarche: ")
    assert told in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["days=3"]) == 2
    assert "scenario=proactive" in capsys.readouterr().err


def test_unknown_key_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["task=explain", "key=sharing.p"]) == 2
    assert "'sharing.p0'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["seed=-1"], ["sharing.p0={_target_: os.system}"]])
def test_refused_from_a_shell(arguments: list[str], tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "sim", "scenario=proactive", *arguments],
        capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert arguments[0].partition("=")[0] in done.stderr
    assert list(tmp_path.iterdir()) == []
