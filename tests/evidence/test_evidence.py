"""The evidence is whole, coherent, and agrees with conf/ and with what can be observed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytest import approx

from sim.declared import is_number
from sim.door.screen import screen_file
from sim.errors import UserError
from sim.evidence import (
    KINDS,
    MARKS,
    Part,
    Prior,
    Target,
    load_priors,
    load_sources,
    load_targets,
    parts_of,
    range_text,
    refuse_unknown_sources,
    validated,
)
from sim.observables.registry import KEYS
from sim.paths import conf_dir
from tests.scenarios import catalogue

FILES = sorted((conf_dir() / "evidence").glob("*.yaml"))
PARTS = parts_of(load_targets())
PART = {"about": "x", "unit": "share", "range": [0.1, 0.3], "scale": "linear", "kind": "fitted"}
ROW = {"pattern": "p", "informs": [], "measured_as": "m", "parts": [PART],
       "sources": [{"source": "S0", "mark": "S", "found": "f"}]}  # fmt: skip


def test_there_are_eighteen_patterns_in_order() -> None:
    assert list(load_targets()) == [f"C{k}" for k in range(1, 19)]
    assert len(FILES) == 4


def test_what_table_and_traits_set_is_called_input() -> None:
    assert {key.split(".")[0] for key, one in PARTS.items() if one.kind == "input"} == {
        "C1", "C2", "C15", "C17",
    }  # fmt: skip
    assert {one.kind for one in PARTS.values()} == set(KINDS)


def test_every_number_of_the_evidence_is_observed_and_nothing_else() -> None:
    assert list(PARTS) == list(KEYS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_pass_the_screen_for_what_yaml_does_behind_the_back(path: Path) -> None:
    screen_file(path, path.name)


def test_marks_are_known_and_sources_used() -> None:
    cited = [one for target in load_targets().values() for one in target.sources]
    assert {one.mark for one in cited} <= set(MARKS)
    used = {one.source for one in cited} | {s for p in load_priors().values() for s in p.source}
    only_held_out = {"S3", "mattingly-sundquist-2023", "chong-druckman-2010", "S2", "S4"}
    assert set(load_sources()) - used <= only_held_out


@pytest.mark.parametrize("key", PARTS)
def test_the_ends_of_a_range_are_two_standard_deviations_away(key: str) -> None:
    low, high = PARTS[key].range
    if low is not None:
        assert PARTS[key].deviation(low) == approx(-2.0)
        assert PARTS[key].holds(low) and not PARTS[key].holds(low - 1e-9)
    if high is not None:
        assert PARTS[key].deviation(high) == approx(2.0)
        assert PARTS[key].holds(high) and not PARTS[key].holds(high + 1e-9)


def test_deviations_worked_by_hand() -> None:
    linear, log = PARTS["C5.top_1"], PARTS["C12.half_life"]  # .19 to .30; 40 to 160 minutes
    assert linear.deviation(0.245) == approx(0.0)
    assert linear.deviation(0.135) == approx(-4.0)  # .11 below the middle, sd .0275
    assert log.deviation(80.0) == approx(0.0)  # the geometric mean
    assert log.deviation(320.0) == approx(4.0)  # a factor of 2 is two sd
    assert log.deviation(0.0) == -float("inf")
    open_above = PARTS["C12.within_24h"]  # .90 or more, centre .95
    assert open_above.deviation(0.85) == approx(-4.0) and open_above.deviation(0.99) == 0.0
    assert range_text(open_above) == "90 % or more" and range_text(linear) == "19 to 30 %"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"range": [0.3, 0.1]}, "low, high"),
        ({"range": [None, None]}, "needs an end"),
        ({"range": [0.1, None]}, "needs a centre"),
        ({"centre": 0.2}, "needs a centre"),
        ({"range": [0, 1], "scale": "log"}, "above 0"),
        ({"range": [0.5, None], "centre": 0.4}, "its centre inside"),
        ({"kind": "guessed"}, "kind"),
        ({"unit": ""}, "unit"),
        ({"colour": "red"}, "colour"),
        ({"range": [0.1, float("nan")]}, "finite"),
    ],
)
def test_incoherent_rows_are_refused_where_they_go_wrong(
    change: dict[str, object], told: str
) -> None:
    assert validated("f", "C99", ROW, Target).parts[0] == Part(**PART)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"'f', C99\.parts") as refused:
        validated("f", "C99", ROW | {"parts": [PART | change]}, Target)
    assert told in str(refused.value)


def test_parts_need_names_and_priors_need_a_key_or_a_reason() -> None:
    with pytest.raises(UserError, match="different names"):
        validated("f", "C99", ROW | {"parts": [PART, PART]}, Target)
    prior = {"unit": "x", "centre": 1, "range": [0, 2], "source": ["S0"], "keys": []}
    with pytest.raises(UserError, match="no_key"):
        validated("f", "p", prior, Prior)
    with pytest.raises(UserError, match="outside the range"):
        validated("f", "p", prior | {"no_key": "why", "centre": 3}, Prior)


def test_a_source_without_an_entry_is_refused() -> None:
    with pytest.raises(UserError, match="'hearsay' has no entry"):
        refuse_unknown_sources("targets", {"C1": ["S0", "hearsay"]})


# --- against conf/ ------------------------------------------------------------------------------


def codes(source: str) -> set[str]:
    """The patterns that the source of a number names: 'C3-C6, C14' is C3, C4, C5, C6, C14."""
    found = set()
    for first, last in re.findall(r"\bC(\d+)(?:-C?(\d+))?", source):
        found |= {f"C{k}" for k in range(int(first), int(last or first) + 1)}
    return found


def test_what_patterns_inform_exists_and_what_is_fitted_says_so() -> None:
    known = catalogue()
    for code, target in load_targets().items():
        keys = [key for key in target.informs if "." in key]
        assert set(keys) <= set(known), code
        if any(part.kind == "fitted" for part in target.parts):
            assert any(code in codes(known[key].source) for key in keys), code


def test_no_number_of_conf_rests_on_a_pattern_that_does_not_know_it() -> None:
    informed = {code: target.informs for code, target in load_targets().items()}
    for key, one in catalogue().items():
        if one.kind == "fitted":
            for code in codes(one.source):
                assert code in informed, key


@pytest.mark.parametrize("name", load_priors())
def test_priors_agree_with_conf_or_say_why_not(name: str) -> None:
    prior, known = load_priors()[name], catalogue()
    differs = []
    for key in prior.keys:
        one = known[key]
        assert is_number(one.value) and one.range is not None
        if one.value != approx(prior.centre) or one.range != approx(prior.range):
            differs.append(key)
    assert bool(differs) == bool(prior.departs), differs
