"""One bench for all tests of a file: it answers command lines and sees what they touch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from verification.fuzz.bench import Bench, bench
from verification.fuzz.cases import Case


@pytest.fixture(scope="session")
def answers() -> Iterator[Bench]:
    with bench() as made:
        made.answer(Case(kind="first", words=("task=check", "scenario=proactive")))  # imports
        yield made
