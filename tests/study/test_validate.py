"""The card: medians over worlds, deviations in sd, counts by kind; runs and folders alike."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from pytest import approx

from sim.errors import UserError
from sim.evidence import load_targets
from sim.observables.observed import Observed, missing
from sim.observables.registry import KEYS
from sim.run import Run
from sim.simulate import simulate_world
from sim.study import store
from sim.study.observed import observables_of_run
from sim.study.validate import card_of
from tests.scenarios import PROVOKED, scenario

HEAD = {"setting": "Status quo.", "folder": "results/validate/x"}


def world(**found: float) -> dict[str, Observed]:
    """Observables of a world: those given by name (_ for the dot), all others unknown."""
    named = {name.replace("_", ".", 1): value for name, value in found.items()}
    return {
        key: Observed(value=named[key], se=0.1) if key in named else missing("not looked at")
        for key in KEYS
    }


WORLDS = [world(C3=0.40, C8=0.0, C14_slope=0.9), world(C3=0.50, C8=0.0), world(C3=0.60, C8=0.0)]


def test_the_card_by_hand() -> None:
    card = card_of(load_targets(), WORLDS, **HEAD)
    zero = card["patterns"]["C3"]  # .33 to .58: middle .455, sd .0625
    assert zero["value"] == 0.5 and zero["deviation"] == approx(0.72)
    assert zero["in_range"] is True and (zero["n_in_range"], zero["n_known"]) == (2, 3)
    assert (zero["lowest"], zero["highest"]) == (0.4, 0.6) and zero["draws"] == [0.4, 0.5, 0.6]
    slope = card["patterns"]["C14.slope"]  # .1 to .5: middle .3, sd .1
    assert slope["deviation"] == approx(6.0) and slope["in_range"] is False
    assert slope["draws"] == [0.9, None, None] and slope["miss"] == approx(4.0)
    many = card["patterns"]["C8"]  # zero has no logarithm: outside, and by how much is not said
    assert many["value"] == 0.0 and many["deviation"] is None and many["in_range"] is False
    assert card["patterns"]["C17"]["in_range"] is None
    assert card["patterns"]["C17"]["why"] == "not looked at"
    assert card["patterns"]["C14.slope"]["why"] == "not looked at (so in one world)"


def test_counts_are_by_kind() -> None:
    counts = card_of(load_targets(), WORLDS, **HEAD)["counts"]
    assert counts["fitted"] == {"numbers": 13, "found": 2, "in_range": 1}  # C3, C14.slope
    assert counts["emergent"] == {"numbers": 8, "found": 1, "in_range": 0}  # C8
    assert counts["input"] == {"numbers": 6, "found": 0, "in_range": 0}


def test_the_card_is_strict_json(tmp_path: Path) -> None:
    card = card_of(load_targets(), WORLDS, **HEAD)
    store.write_json(tmp_path / "validation.json", card)
    again = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert again["patterns"]["C3"]["value"] == 0.5 and list(again["patterns"]) == list(KEYS)


# --- a run and its folder -----------------------------------------------------------------------


@cache
def runs() -> tuple[Run, Run]:
    tested = scenario({**PROVOKED, "days": 16, "warmup_days": 7}, posture="proactive")
    base = scenario({**PROVOKED, "days": 16, "warmup_days": 7})
    one, other = simulate_world([tested, base], base, 0, 0)
    return one, other


def test_a_folder_gives_what_the_run_gives(tmp_path: Path) -> None:
    settings = scenario({"keep": "posts"}).settings.model_copy(
        update={"scenario": "proactive", "against": "status_quo"}
    )
    store.collect(tmp_path, enumerate([list(runs()), list(runs())[::-1]]), settings=settings)
    tested, base = (observables_of_run(one, n_samples=10) for one in runs())
    assert observables_of_run(tmp_path, n_samples=10) == base != tested
    assert observables_of_run(tmp_path, arm="proactive", n_samples=10) == tested
    assert observables_of_run(tmp_path, world=1, n_samples=10) == tested
    with pytest.raises(UserError, match="no world 2"):
        observables_of_run(tmp_path, world=2)
    with pytest.raises(UserError, match="arm named 'silent'"):
        observables_of_run(tmp_path, arm="silent")
    (tmp_path / "shares.parquet").unlink()
    with pytest.raises(UserError, match="keep=posts"):
        observables_of_run(tmp_path)
