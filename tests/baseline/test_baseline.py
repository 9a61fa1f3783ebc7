"""The committed results still hold; changing them needs a line in the changelog.

Results change on purpose: `python -m tests.baseline.update` (it says what it needs).
"""

from __future__ import annotations

from pytest import approx

from tests.baseline.results import announcements, results, stored
from tests.baseline.update import refusal

BEFORE = {"a": {"x": 1.0}}
OLD = {"announced": ["- results change: one"], "results": BEFORE}
NEW = {"a": {"x": 2.0}}


def test_results_are_those_of_the_baseline() -> None:
    """To nine digits: libraries differ in the last bit of a logarithm, counts do not."""
    expected, found = stored()["results"], results()
    assert list(found) == list(expected)
    for name, values in expected.items():
        moved = {
            measure: (value, found[name].get(measure))
            for measure, value in values.items()
            if found[name].get(measure) != approx(value, rel=1e-9, abs=1e-12)
        }
        assert not moved and found[name].keys() == values.keys(), (
            f"{name} (measure: baseline, now): {moved}. If that is meant, announce it in "
            "CHANGELOG.md and run python -m tests.baseline.update"
        )


def test_the_baseline_says_something() -> None:
    for name, values in stored()["results"].items():
        assert values["impressions"] > 1_000 and values["shares"] > 10, name
    runs = list(stored()["results"].values())
    assert all(one != other for k, one in enumerate(runs) for other in runs[:k])


def test_every_update_was_announced() -> None:
    assert set(stored()["announced"]) <= set(announcements())


def test_an_update_needs_a_new_line_in_the_changelog() -> None:
    assert "Add a line" in refusal(OLD, NEW, ["- results change: one"])
    assert "Add a line" in refusal(OLD, NEW, [])
    assert refusal(OLD, NEW, ["- results change: one", "- results change: two"]) == ""


def test_no_update_where_nothing_changed_and_none_is_needed_the_first_time() -> None:
    assert "nothing to update" in refusal(OLD, BEFORE, ["a", "results change"])
    assert refusal(None, NEW, []) == ""
