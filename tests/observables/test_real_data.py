"""Two real tables, where somebody has them: DEMARCHE_DATA names their folder. They are not part of
the project: embassy_posts.csv is a part of codeteme/tweet-analysis-embassies (commit e852127),
cascades.csv comes from behavioral-ds/evently (commit d3e6a69).

The published figures come from the whole of the first table, and a part gives somewhat other ones:
what is asked is that each published figure lies inside the interval found here (C3-C9, C15, C16),
and that the second table, which is whole, gives its figures themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest import approx

from sim.evidence import load_targets, parts_of
from sim.observables.export import read_export
from sim.observables.observed import Observed
from sim.observables.resample import observables

FOLDER = Path(os.environ.get("DEMARCHE_DATA", "no folder is named"))
PUBLISHED = {  # of the whole table of embassies' posts
    "C3": 0.44, "C4.median": 1.0, "C4.mean": 2.2, "C5.top_1": 0.23, "C5.top_10": 0.59, "C6": 0.68,
    "C9": 2.59, "C15.posts_per_day": 0.81, "C15.under_one_a_week": 0.26, "C16.image": 1.38,
    "C16.video": 2.05,
}  # fmt: skip

pytestmark = pytest.mark.slow


def measured(name: str, everyone: bool = False) -> dict[str, Observed]:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: set DEMARCHE_DATA to the folder that holds it")
    return observables(read_export(path, everyone=everyone), 400)


def test_a_part_of_the_embassies_agrees_with_the_whole() -> None:
    found = measured("embassy_posts.csv")
    for key, published in PUBLISHED.items():
        one = found[key]
        assert one.lo is not None and one.hi is not None, key
        assert one.lo <= published <= one.hi, f"{key}: {one}"
    for key in ("C3", "C4.mean", "C6", "C7", "C8", "C16.image", "C16.video"):
        value = found[key].value
        assert value is not None and parts_of(load_targets())[key].holds(value), key
    for key in ("C1", "C10", "C13", "C14.slope", "C17"):
        assert found[key].value is None and found[key].why, key


def test_the_cascades_give_their_published_figures() -> None:
    found = measured("cascades.csv", everyone=True)
    assert found["C14.spearman"].value == approx(0.48, abs=0.005)
    assert found["C14.slope"].value == approx(0.17, abs=0.005)
    assert found["C9"].value == approx(2.0, abs=0.005)
