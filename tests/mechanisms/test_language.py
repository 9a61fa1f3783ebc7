"""The language of a post as one number."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from sim.mechanisms import language as laws
from sim.mechanisms.language import BILINGUAL, own_language, speaks_common
from sim.mechanisms.sharing import language_factor
from tests.mechanisms.properties import holds

COMMON, LOCAL, OTHER = 0, 5, 7


@pytest.mark.parametrize(
    ("code", "language", "common"),
    [(COMMON, COMMON, True), (LOCAL, LOCAL, False), (LOCAL | BILINGUAL, LOCAL, True)],
)
def test_what_a_code_says(code: int, language: int, common: bool) -> None:
    assert own_language(code) == language
    assert bool(speaks_common(code, COMMON)) is common


def factor(code: int, first: int, reads_common: bool) -> float:
    return language_factor(
        first == own_language(code), speaks_common(code, COMMON), reads_common, 1.5, 0.5
    )


def test_a_bilingual_post_is_read_by_both() -> None:
    both = LOCAL | BILINGUAL
    assert factor(both, LOCAL, False) == 3.0 == factor(LOCAL, LOCAL, False)
    assert factor(both, OTHER, True) == 2.0 == factor(COMMON, OTHER, True)
    assert factor(LOCAL, OTHER, True) == 0.0 == factor(COMMON, LOCAL, False)
    assert factor(both, OTHER, False) == 0.0


@holds(language=st.integers(0, 127), common=st.integers(0, 127))
def test_a_bilingual_post_is_read_in_both_and_keeps_its_own(language: int, common: int) -> None:
    both = language + laws.BILINGUAL
    assert laws.own_language(language) == laws.own_language(both) == language
    assert laws.speaks_common(both, common)
    assert bool(laws.speaks_common(language, common)) == (language == common)
