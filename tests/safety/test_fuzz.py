"""A slice of the ten thousand command lines, and proof that the bench sees what it should see."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim.__main__ as door
from verification.fuzz.__main__ import main
from verification.fuzz.bench import Bench
from verification.fuzz.cases import KINDS, Case, case, described
from verification.fuzz.known import keys, names

FEW = 8 * len(KINDS)  # each kind eight times or more


def test_every_answer_is_in_good_order(answers: Bench) -> None:
    found = {number: answers.answer(case(1, number)) for number in range(FEW)}
    wrong = {f"{number}: {described(case(1, number))[:120]}": one.wrong
             for number, one in found.items() if one.wrong}  # fmt: skip
    assert not wrong
    assert {one.code for one in found.values()} == {0, 2}


@pytest.mark.slow
def test_ten_thousand_answers_are_in_good_order() -> None:
    assert main(["--n", "10000"]) == 0


def test_a_case_is_the_same_whenever_it_is_made() -> None:
    assert all(case(1, number) == case(1, number) for number in range(len(KINDS)))
    assert any(case(1, number) != case(2, number) for number in range(len(KINDS)))
    assert len(keys()) > 400 and {"seed", "sharing.p0", "policy.tone.mix", "scenario"} <= names()


FINE = Case(kind="planted", words=("task=check", "scenario=proactive"))
BAD = Case(kind="planted", words=("task=check", "seed=-1"), must=True, named=("seed",))


def refusing(told: str) -> Callable[..., int]:
    from sim.errors import UserError

    def planted(words: object) -> int:
        raise UserError(told)

    return planted


def doing(what: Callable[[], Any]) -> Callable[..., int]:
    def planted(words: object) -> int:
        what()
        print("The configuration is valid.")
        return 0

    return planted


def connecting() -> None:
    with socket.socket() as one:
        one.connect_ex(("127.0.0.1", 1))


PLANTED: list[tuple[Callable[..., int], Case, str]] = [
    (doing(lambda: 1 / 0), FINE, "ZeroDivisionError"),
    (doing(lambda: Path("x").write_text("")), FINE, "opens"),
    (doing(lambda: Path("x").mkdir()), FINE, "behind"),
    (doing(lambda: subprocess.run(["true"], check=False)), FINE, "subprocess"),
    (doing(lambda: os.system("true")), FINE, "os.system"),
    (doing(connecting), FINE, "socket.connect"),
    (doing(lambda: print(os.environ["DEMARCHE_FUZZ_SECRET"])), FINE, "tells the content"),
    (doing(lambda: print("\udcff")), FINE, "UnicodeEncodeError"),
    (doing(lambda: None), BAD, "must be refused"),
    (refusing("No."), BAD, "names none"),
    (refusing("seed " + "x" * 30_000), BAD, "signs"),
    (refusing("seed: Traceback (most recent call last)"), BAD, "traceback"),
]  # fmt: skip


@pytest.mark.parametrize(("planted", "asked", "told"), PLANTED, ids=[one[2] for one in PLANTED])
def test_planted_faults_are_seen(
    planted: Callable[..., int], asked: Case, told: str, answers: Bench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(door, "answer", planted)
    assert told in " ".join(answers.answer(asked).wrong)
