"""Nothing is built, run or read because a configuration says so; no secret leaves the environment.

The bench's audit hook tells of every file opened for writing, every process and every socket.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.door import study_job
from sim.door.screen import screen_file
from sim.errors import UserError
from tests.study import study_worker
from verification.fuzz.bench import Bench
from verification.fuzz.cases import SECRET, SECRET_NAME, Case
from verification.fuzz.files import BOMB

RUNS = ("os.system", "subprocess.run", "builtins.exec", "builtins.eval", "pathlib.Path.write_text")
BUILT = (  # as a class to build may be asked for, at any depth
    "{{_target_: {0}}}", "{{a: {{_target_: {0}}}}}", "[{{_target_: {0}}}]", "{{'_target_': '{0}'}}",
    "{{a: [[{{_target_: {0}, _args_: [x]}}]]}}",
)  # fmt: skip
HYDRA = ("_target_", "_partial_", "_recursive_", "_convert_", "_args_")
READS = (
    "oc.env:{0}", "oc.env:{0},x", "oc.decode:'1'", "oc.create:{{a:1}}", "oc.select:seed", "seed",
    "oc.dict.keys:sharing", "oc.dict.values:sharing", "oc.deprecated:seed", "hydra:runtime.cwd",
    "hydra:job.name", "now:%Y", "python_version:", ".seed", "..seed", "eval:1+1", "env:{0}",
)  # fmt: skip
TAGS = (
    "!!python/object/apply:os.system ['touch pwned']", "!!python/object/new:os.system [x]",
    "!!python/object:os.system {}", "!!python/name:os.system", "!!python/module:subprocess",
    "!!python/object/apply:subprocess.check_output [[touch, pwned]]", "!!python/tuple [1]",
    "!!python/object/apply:builtins.exec ['open(\"pwned\", \"w\")']", "!!python/none",
    "!!python/long 3",
    "!!python/object/apply:pathlib.PosixPath [pwned]",
    "!<tag:yaml.org,2002:python/name:os.system> ''",
    "!!binary cHduZWQ=", "!custom 3", "!!map {a: 1}", "!!seq [1]", "!!null ''", "!!omap [a: 1]",
    "!!set {a}",
)  # fmt: skip


def typed() -> list[tuple[str, ...]]:
    """Command lines, each with one payload."""
    keys = ("sharing.p0", "days", "policy.tone.mix", "results", "question")
    words = [f"{key}={form.format(run)}" for key in keys for form in BUILT for run in RUNS]
    words += [f"{key}.{name}=1" for key in keys[:3] for name in HYDRA]
    words += [f"{name}={run}" for name in HYDRA for run in RUNS[:2]]
    words += [f"{key}=${{{one.format(SECRET_NAME)}}}" for key in keys[3:] for one in READS]
    words += [f"question='a ${{{one.format(SECRET_NAME)}}} b'" for one in READS]
    words += [f'question="\\\\${{{one.format(SECRET_NAME)}}}"' for one in READS[:4]]
    words += [f"sharing={{{name}: {RUNS[0]}}}" for name in HYDRA]
    words += [f"+x.{name}=os.system" for name in HYDRA] + [f"~{name}" for name in HYDRA]
    return [(word, "task=check") for word in words]


def written() -> list[tuple[str, str]]:
    """(where, YAML) of files with one payload."""
    built = [form.format(run) for form in BUILT for run in RUNS]
    values = [*TAGS, *built[::5], "&a [*a]", "*a"]
    values += [f"'${{{one.format(SECRET_NAME)}}}'" for one in READS[:6]]
    beside = "\nlevers: {scenario: [reactive, proactive]}\n"
    return [(where, text) for value in values for where, text in (
        ("experiment", f"question: x\nfixed:\n  days: {value}{beside}"),
        ("experiment", f"question: {value}{beside}"),
        ("scenario", f"question: {value}\n"),
        ("scenario", f"question: x\npolicy:\n  tone:\n    mix: {value}\n"),
    )] + [("experiment", f"question: x\nfixed:\n  {key}: {value}{beside}")
          for value in built for key in ("tone", "seed", "sharing")]  # fmt: skip


def test_nothing_typed_runs_or_reads_anything(answers: Bench) -> None:
    asked = typed()
    assert len(asked) > 200 and sum("_target_" in word for word, _ in asked) > 130
    for words in asked:
        found = answers.answer(Case(kind="payload", words=words, must=True))
        assert not found.wrong, (words, found.wrong)


def test_nothing_written_down_runs_or_reads_anything(answers: Bench) -> None:
    asked = written()
    assert len(asked) > 200 and sum("_target_" in text for _, text in asked) > 80
    for where, text in asked:
        content = text.encode()
        found = answers.answer(
            Case(kind=where, words=("experiment=given", "task=check"), must=True,
                 files={"experiments/given/experiment.yaml": content}) if where == "experiment"
            else Case(kind=where, words=("scenario=given", "task=check"), must=True,
                      conf={"scenario/given.yaml": content})
        )  # fmt: skip
        assert not found.wrong, (where, text, found.wrong)


@pytest.mark.parametrize("where", ["experiment", "scenario"])
def test_a_bomb_of_aliases_goes_off_nowhere(where: str, answers: Bench, tmp_path: Path) -> None:
    """Nine to the eighth power of elements, were it unfolded: refused at its first anchor, within
    a second of this process's time and without the memory."""
    path = tmp_path / "bomb.yaml"
    path.write_text(BOMB, encoding="utf-8")
    tracemalloc.start()
    with pytest.raises(UserError, match="anchor or alias"):
        screen_file(path, "bomb.yaml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
    place = {"experiments/given/experiment.yaml": BOMB.encode()}
    found = answers.answer(
        Case(kind="bomb", words=("experiment=given", "task=check"), must=True, files=place)
        if where == "experiment" else
        Case(kind="bomb", words=("scenario=given", "task=check"), must=True,
             conf={"scenario/given.yaml": BOMB.encode()}), cold=True)  # fmt: skip
    assert not found.wrong


def test_no_secret_of_the_environment_is_kept_or_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A whole study, with stand-ins for its worlds: not a byte of it holds the secret."""
    monkeypatch.setenv(SECRET_NAME, SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    words = ["-m", "scenario=reactive,proactive", "audience=small", "worlds=8", "workers=1",
             f"question='{SECRET_NAME} is $AWS_SECRET_ACCESS_KEY'",
             f"results={tmp_path}"]  # fmt: skip
    assert main(words) == 0
    told = capsys.readouterr()
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) > 20 and SECRET not in told.out + told.err
    assert not [one for one in files if SECRET.encode() in one.read_bytes()]
    assert any(SECRET_NAME.encode() in one.read_bytes() for one in files)  # the text itself is kept
