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
    (["crisis=20160201"], "no date"),
    (["start=2016-W01-1"], "no date"),
    (["sharing.p0=1,5"], "Decimals take a point"),
    (["SCENARIO=proactive"], "'scenario'"),
    (["tone=Witty"], "'witty'"),
    (["question=null"], "takes text"),
    (["results="], "string should"),
    (["audience.n_people=10"], "50,000,000"),
    (["policy.bots=3"], "no lever"),
    (["question='\udc80'"], "no UTF-8 text"),
    (["key=\udcff", "task=explain"], "no UTF-8 text"),
    (["scenario=cross_platform", "task=check"], "brings crossposting=all."),
    (["scenario=hashtag_hijacked", "task=check"], "brings tagging=launch."),
    (["scenario=crisis_notification", "task=check"], "brings notification=push."),
    (["policy.boost.shares=100"], "no lever"),
    (["policy.amplify_fake=true"], "no lever"),
    (["policy.contamination.beneficiary=ours"], "no lever"),
    (["posture=trolls"], "no lever"),
    (["scenario=troll_farm"], "no lever"),
    (["buy_followers=1000"], "no lever"),
    (["contamination=light", "contamination.beneficiary=ours"], "price them as a lever"),
    (["contamination=light", "contamination.beneficiary=bots"], "rivals"),
    (["contamination=strong"], "heavy"),
    (["contamination=light", "contamination.recall=2"], "out of range"),
    (["contamination.recall=0.2"], "contamination=heavy"),
    (["policy.tone=witty"], "tone=..."),
    (["scenario=proactive", "study.precision=0.1", "task=check"], "a comparison runs worlds="),
    (["policy.tone.witty=1"], "tone=..."),
    (["opinion=none", "opinion.lambda=1"], "does not exist"),
    (["crisis=2017-01-01"], "2015-12-21, its warm-up included, to 2016-04-02"),
    (["crisis=2015-12-20"], "start= and days="),
    (["crisis=2016-01-20", "days=14"], "crisis"),
    (["task=explain", "key=witty"], "key=tone=witty"),
    (["task=explain", "key=tone=wity"], "'witty'"),
    (["task=explain", "key=tonne"], "'tone'"),
    (["task=explain", "key=tones=witty"], "'tone'"),
    (["task=explain", "key=a,b"], "does not exist"),
    (["keep=no"], "'summary'"),
    (["fair=money"], "'volume'"),
    (["fair=volume", "scenario=proactive"], "days=84 or days=91"),
    (["fair=volume", "scenario=proactive", "days=3"], "use days=7."),
    (["task=foo"], "curve, explain, import, list, map, rank, robust, run, validate, why"),
    (["fair=volume", "scenario=silent", "days=14"], "policy.posture.kind=silent"),
    (["fair=quality", "against=headquarters_only", "days=14"], "headquarters_only"),
    (["fair=attention", "language=local", "days=14"], "policy.language differs"),
    (["posture=adaptive", "policy.posture.rho=0.05"], "between floor and 1 - floor"),
    (["posture=adaptive", "policy.posture.earns=likes"], "'views'"),
    (["posture=proactive", "policy.posture.reserve=0.5"], "posture=reactive"),
    (["language=bilingual", "policy.language.share=2"], "out of range"),
    (["objective=backlash"], "guardrail"),
    (["objective=reech"], "'frequent_reach'"),
    (["parameters=posteriors"], "'posterior'"),
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
    (["days=3,4"], "add -m"),
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
    (["policy.investment.from_day=3"], "investment=schedule"),
    (["investment=schedule", "policy.investment.from_day=1.5"], "whole number"),
    (["investment=schedule", "policy.investment.from_date=soon"], "is no date"),
    (["investment=schedule", "policy.investment.from_day=7",
      "policy.investment.from_date=2016-02-01"], "give one of them"),
    (["task=check", "investment=schedule", "policy.investment.from_day=400"], "from_day=400"),
    (["task=check", "investment=schedule", "policy.investment.accounts=embasy"], "no account"),
    (["task=check", "investment=floor", "policy.investment.hours_per_week=70"], "paid_by=extra"),
    (["investment=floor", "policy.investment.paid_by=loans"], "'cuts' or 'extra'"),
    (["training=share", "policy.training.share=0.7"], "between 0 and 0.4"),
    (["clearance=bureaucratic"], "autonomous"),
    (["tone_cap=by_rank", "policy.tone_cap.excess_to=sharp"], "'formal' or 'informal'"),
    (["scenario=cross_platform", "task=check"], "add platforms=several"),
    (["scenario=hashtag_join", "task=check"], "add tags=open"),
    (["circumstance=tag_hijack", "task=check"], "or take circumstance=none"),
    (["posture=silent", "tagging=join", "tags=open"], "set tagging=none"),
    (["tagging=launch", "tags=open", "objective=hijacks"], "a cost or a guardrail"),
    (["objective=impressions_tags"], "add tags=open"),
    (["platforms=several", "platforms.used=myspace", "task=check"], "'myspace' is no platform"),
    (["platforms=several", "platforms.used=generic", "task=check"], "leave 'generic' out"),
    (["task=validate", "platforms=several"], "figures of one network"),
    (["sister_sharing=share", "platform.resharing=false", "task=check"], "no re-sharing"),
    (["replies=share", "platform.replies_allowed=false", "task=check"], "choose a platform with"),
    (["crossposting=livestreams", "platforms=several", "platforms.used=instagram", "task=check",
      "platforms.instagram.rel_media=[0,1,0,0]"], "none of instagram carries any"),
    (["posture=silent", "crossposting=all", "platforms=several"], "set crossposting=none"),
    (["platforms=several", "platforms.telegram.rel_visits=0"], "out of range"),
    (["platforms=several", "platform=telegram", "task=check"], "the main one"),
    (["crossposting=listed", "platforms=several", "policy.crossposting.platforms=periscope",
      "task=check"], "'periscope', which is not in"),
    (["question='" + "x" * 3000 + "'"], "longer than"),
    (["rebuttal=rebut", "policy.rebuttal.rebuts=accurate"], "rebuts inaccurate claims only"),
    (["rebuttal=rebut", "policy.rebuttal.publishes=inaccurate"], "publishes accurate claims only"),
    (["scenario=rebuttal", "task=check"], "add claims=contested. The scenario 'rebuttal' brings"),
    (["rebuttal=rebut", "task=check"], "add claims=contested"),
    (["-m", "scenario=rebuttal,witty", "task=check"], "add claims=contested"),
    (["scenario=silent", "rebuttal=rebut"], "posture=silent publishes nothing"),
    (["posture=reactive", "pre_emption=own_frame"], "posture=reactive prepares none"),
    (["rivals.rival.p_answer_post=2"], "between 0 and 1"),
    (["policy.rebuttal.p=0.5"], "rebut"),
    (["sharing.p0=" + "9" * 400], "no finite number"),
    (["-m", "scenario=mixed", "news.attention_half_life=choice(24,nan)"], "no finite number"),
    (["-m", "scenario=mixed", "days=range(nan,3)"], "from one finite number to another"),
    (["-m", "scenario=mixed,proactive", "data=/etc"], "task=backcast and task=calibrate only"),
    (["task=check", "from=exports"], "task=import only"),
    (["task=check", "key=days"], "task=explain only"),
    (["platforms=several", "platforms.adoption=nowhere.csv", "task=check"], "platforms.adoption"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), REFUSED, ids=lambda part: " ".join(part)[:40])
def test_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    has_task = any(word.startswith("task=") for word in arguments)
    has_task = has_task or "-m" in arguments
    assert main([*arguments, *([] if has_task else ["task=explain", "key=days"])]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("demarche: ")
    assert told in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


TABLES = [  # setting, content, what is told
    ("calendar", "2017-01-01,security,world,3,yes,10", "from 2015-12-21, its warm-up included"),
    ("calendar", "2016-01-10,s\xe9curit\xe9,world,3,yes,10", "CSV UTF-8"),
    ("calendar", "20160110,security,world,3,yes,10", "write it as"),
    ("network.table", "HQ,United States,twitter,-5,2016", "'followers'"),
    ("network.table", "HQ,Atlantis,twitter,5,2016", "'Atlantis'"),
]
HEADS = {
    "calendar": "date,topic,markets,severity,foreseeable,lead_days",
    "network.table": "name,market,platform,followers,as_of",
}


@pytest.mark.parametrize(("key", "row", "told"), TABLES)
def test_wrong_tables_are_refused_before_anything_is_written(
    key: str, row: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "given.csv"
    table.write_text(f"{HEADS[key]}\n{row}\n", encoding="latin-1")
    asked = ["scenario=proactive", f"{key}={table}", f"results={tmp_path / 'out'}"]
    assert main(asked) == 2
    err = capsys.readouterr().err
    assert told in err and "given.csv" in err
    assert list(tmp_path.iterdir()) == [table]


def test_a_results_folder_that_cannot_be_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["scenario=proactive", "audience=small", f"results={tmp_path / 'taken'}"]) == 2
    assert "in the way. Choose another folder with results=" in capsys.readouterr().err


def test_a_mistyped_key_is_told_before_the_missing_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scenaro=proactive"]) == 2
    assert "'scenario'" in capsys.readouterr().err


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
