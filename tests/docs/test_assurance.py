"""Every row of docs/assurance.md ends with a proof that is there: a page, a test or a command."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from sim.paths import conf_dir

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "assurance.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
COMMAND = re.compile(r"`python -m ([^`]+)`")
LINK = re.compile(r"\[[^\]]+\]\([^)\s]+\)")


def proofs() -> list[str]:
    """The last cell of every row."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [line.strip("|").split(" | ")[-1].strip() for line in rows]
    return [one for one in cells if one != "Proof" and set(one) - set("-|")]


def lacking(proof: str) -> list[str]:
    """What a proof names that is not there; a proof that names nothing lacks everything."""
    told = [] if TEST.search(proof) or COMMAND.search(proof) or LINK.search(proof) else [proof]
    for file, name in TEST.findall(proof):
        path = ROOT / file
        if not path.is_file():
            told.append(file)
        elif name and name not in functions(path):
            told.append(f"{file}::{name}")
    return told + [words for words in COMMAND.findall(proof) if not is_command(words)]


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def is_command(words: str) -> bool:
    """A module that can be run, with a task and scenarios that there are."""
    module, *rest = words.split()
    if not (ROOT / module / "__main__.py").is_file():
        return False
    root = yaml.safe_load((conf_dir() / "config.yaml").read_text(encoding="utf-8"))
    known = {"task": root["task"]["choices"],
             "scenario": [one.stem for one in (conf_dir() / "scenario").glob("*.yaml")]}
    pairs = [one.partition("=") for one in rest if "=" in one]
    plain = [one for one in rest if "=" not in one]
    return all(value in known.get(key, ()) for key, _, value in pairs) and all(
        (ROOT / module / one / "__main__.py").is_file() for one in plain)  # fmt: skip


@pytest.mark.parametrize("proof", proofs())
def test_every_proof_is_there(proof: str) -> None:
    assert lacking(proof) == []


def test_there_is_a_proof_for_every_question_of_a_reviewer() -> None:
    heads = re.findall(r"^## (\d) ", PAGE.read_text(encoding="utf-8"), re.M)
    assert heads == [str(number) for number in range(1, 9)] and len(proofs()) > 30


@pytest.mark.parametrize(
    "proof",
    ["trust us", "`tests/none.py`", "`tests/docs/test_assurance.py::test_no`",
     "`python -m sim task=dance`", "`python -m nothing`"],
)
def test_a_proof_that_is_not_there_is_found(proof: str) -> None:
    assert lacking(proof)
