"""The planted faults: still plantable, looked at by what there is, and told as they came out."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from verification.faults.fault import NOTICED, Fault, fault
from verification.faults.page import END, NOT_YET, PAGE, START, figures, row
from verification.faults.place import COMPILED, ROOT
from verification.faults.registry import FAULTS
from verification.registry import CHECKS

ROOMS = ("engine", "exports", "loading", "mechanisms", "observables", "report", "strategy", "study",
         "world")  # fmt: skip


@pytest.mark.parametrize("one", FAULTS, ids=lambda one: one.name)
def test_every_fault_can_still_be_planted(one: Fault) -> None:
    """Its text stands exactly once in its file, and what stands in its place is Python."""
    text = (ROOT / one.file).read_text(encoding="utf-8")
    changed = one.planted(text)
    assert changed != text and ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text))
    assert all((ROOT / name).is_file() for name in one.files)
    assert set(one.checks) <= {check.run.__name__ for check in CHECKS}


def test_the_stored_results_of_an_earlier_state_are_not_asked() -> None:
    """They notice any change, right or wrong, so that nothing would be shown by them."""
    assert not [one.name for one in FAULTS if any("baseline" in name for name in one.tests)]


def test_faults_cover_the_whole_program() -> None:
    assert len(FAULTS) == len({one.name for one in FAULTS}) >= 50
    rooms = Counter(one.file.split("/")[1] for one in FAULTS)
    assert set(ROOMS) <= set(rooms) and max(rooms.values()) < len(FAULTS) / 3
    assert all((ROOT / name).exists() for name in COMPILED)


def test_a_text_that_is_gone_or_there_twice_is_refused() -> None:
    one = fault("a", "sim/a.py", "x = 1", "x = 2", "theory/test_faults")
    assert one.planted("x = 1\n") == "x = 2\n"
    for text in ("y = 1\n", "x = 1\nx = 1\n"):
        with pytest.raises(ValueError, match="not once"):
            one.planted(text)


def table() -> dict[str, list[str]]:
    """{fault: [file, at first, closed forms, tests]} as the page has it."""
    part = PAGE.read_text(encoding="utf-8").split(START, 1)[1].split(END, 1)[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1:] for cells in rows[1:]}


def test_the_page_tells_every_fault_and_the_figures_follow_from_it() -> None:
    told = table()
    assert list(told) == [one.name for one in FAULTS]
    found = {name: {"forms": cells[2], "tests": cells[3]} for name, cells in told.items()
             if cells[2] != NOT_YET}  # fmt: skip
    for one in FAULTS:
        assert row(one, found.get(one.name)) in PAGE.read_text(encoding="utf-8")
    assert figures(FAULTS, found) in PAGE.read_text(encoding="utf-8")


def test_at_least_95_in_100_are_caught() -> None:
    """Of those that were planted; the others are told as not planted yet, and counted nowhere."""
    planted = {name: cells for name, cells in table().items() if cells[2] != NOT_YET}
    caught = [name for name, cells in planted.items() if NOTICED in cells[2:]]
    assert len(planted) >= 50 and len(caught) >= 0.95 * len(planted)
