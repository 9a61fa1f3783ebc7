"""A posterior sample is read as it was written, drawn in whole rows, and refused when it is not
what it says it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import UserError
from sim.study import installable
from sim.study.joint import Sample, load_sample, refuse_stale, row_of
from tests.door.test_answers import comparison
from tests.study.samples import KEYS, N, planted, rows_of


@pytest.fixture(scope="module")
def arm() -> Any:
    return comparison("audience=small").scenario


@pytest.fixture
def sample(arm: Any, tmp_path: Path) -> Sample:
    return load_sample(str(planted(tmp_path / "posterior.json", arm)))


def test_it_is_read_as_it_was_written(sample: Sample, arm: Any) -> None:
    assert sample.keys == KEYS and sample.calibrated == KEYS[1:] and sample.same_code
    assert sample.rows.tolist() == rows_of(arm.catalogue)
    refuse_stale(sample, arm.catalogue)


def test_rows_are_whole_and_used_evenly(sample: Sample) -> None:
    known = {tuple(row) for row in sample.rows.tolist()}
    blocks = []
    for block in range(3):
        draws = [tuple(row_of(sample, 7, block * N + d, ()).values()) for d in range(N)]
        assert set(draws) == known and len(set(draws)) == N  # each row once
        blocks.append(draws)
    assert blocks[0] != blocks[1] != blocks[2]  # in another order
    again = [tuple(row_of(sample, 7, d, ()).values()) for d in range(N)]
    assert again == blocks[0]
    assert [tuple(row_of(sample, 8, d, ()).values()) for d in range(N)] != blocks[0]


def test_few_draws_are_no_stretch_of_the_file(sample: Sample) -> None:
    """Rows come in the order of a planted trend; the first 8 draws are from all over it."""
    ranks = np.argsort(np.argsort(sample.rows[:, 1]))
    known = {tuple(row): int(rank) for row, rank in zip(sample.rows.tolist(), ranks, strict=True)}
    means = [np.mean([known[tuple(row_of(sample, seed, d, ()).values())] for d in range(8)])
             for seed in range(60)]  # fmt: skip
    assert abs(float(np.mean(means)) - (N - 1) / 2) < 3 * N / np.sqrt(12 * 8 * 60)


def test_what_the_user_set_is_left_out_and_the_row_is_the_same(sample: Sample) -> None:
    whole, rest = row_of(sample, 1, 5, ()), row_of(sample, 1, 5, {"sharing.p0"})
    assert rest == {key: one for key, one in whole.items() if key != "sharing.p0"}


@pytest.mark.parametrize("text", [
    "", "{", "[1]", '{"a": NaN}', '{"format": "another"}', "{}", "[" * 100_000,
    '{"format": "demarche posterior sample 1"}',
])  # fmt: skip
def test_foreign_files_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"is no posterior sample: name the posterior\.json"):
        load_sample(str(path))


def changed(path: Path, change: Any) -> None:
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))


@pytest.mark.parametrize("change", [
    lambda found: found["rows"].pop(), lambda found: found["rows"][3].__setitem__(1, 0.02),
    lambda found: found["parameters"][KEYS[0]].__setitem__("sd", 0.1),
    lambda found: found.__setitem__("unmet", ["invented"]),
])  # fmt: skip
def test_a_file_changed_by_hand_is_refused(change: Any, arm: Any, tmp_path: Path) -> None:
    path = planted(tmp_path / "posterior.json", arm)
    load_sample(str(path))
    changed(path, change)
    with pytest.raises(UserError, match="was changed after task=calibrate wrote it"):
        load_sample(str(path))


@pytest.mark.parametrize("change", [
    lambda found: found.pop("priors"), lambda found: found["rows"][0].pop(),
    lambda found: found["rows"].__setitem__(0, ["a", 1, 2]),
    lambda found: found.__setitem__("rows", found["rows"][:3]),
    lambda found: found["keys"].reverse(), lambda found: found.__setitem__("rows", None),
])  # fmt: skip
def test_a_file_that_is_not_whole_is_refused(change: Any, arm: Any, tmp_path: Path) -> None:
    path = planted(tmp_path / "posterior.json", arm)
    changed(path, change)
    with pytest.raises(UserError, match="is no posterior sample"):
        load_sample(str(path))


def test_line_ends_of_another_system_do_not_matter(arm: Any, tmp_path: Path) -> None:
    path = planted(tmp_path / "posterior.json", arm)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load_sample(str(path)).rows) == N


@pytest.mark.parametrize(("field", "value"), [
    ("range", (0.002, 0.03)), ("value", 0.007), ("prior", "normal"), ("bounds", (0.0, 0.5)),
])  # fmt: skip
def test_other_priors_are_refused_by_name(
    field: str, value: Any, sample: Sample, arm: Any
) -> None:
    now = dict(arm.catalogue)
    now["sharing.p0"] = now["sharing.p0"].model_copy(update={field: value})
    with pytest.raises(UserError, match=rf"sharing\.p0 \({field} .* then, .* now\)\. Calibrate"):
        refuse_stale(sample, now)
    now["core.log_sd"] = now["core.log_sd"].model_copy(update={"value": 1.0})
    now["sharing.p0"] = arm.catalogue["sharing.p0"]
    refuse_stale(sample, now)  # of a parameter that is not in it
    del now["sharing.p0"]
    with pytest.raises(UserError, match=r"sharing\.p0 \(no parameter now\)"):
        refuse_stale(sample, now)


def test_rows_outside_what_is_allowed_are_refused(arm: Any, tmp_path: Path) -> None:
    rows = rows_of(arm.catalogue)
    rows[7][1] = -0.1
    sample = load_sample(str(planted(tmp_path / "posterior.json", arm, rows)))
    with pytest.raises(UserError, match=r"sharing\.p0 \(rows outside what is allowed"):
        refuse_stale(sample, arm.catalogue)


# --- what may be installed ----------------------------------------------------------------------


def report(n: int = 20, missed: int = 5, off: int = 0, **changes: Any) -> dict[str, Any]:
    patterns = {
        f"C{k}": {"in_range": k >= missed, "deviation": 0.0, "run_again": 4.0 if k < off else 1.0}
        for k in range(n)
    }
    return {"patterns": patterns, "runs": 4096, "not_known": [], "checks": 8} | changes


@pytest.mark.parametrize(("found", "asked", "told"), [
    (report(), 4096, ""), (report(runs=4000), 4096, ""),
    (report(runs=3000), 4096, "3,000 of 4,096"), (report(runs=76), 76, "256 are the fewest"),
    (report(missed=6), 4096, ""), (report(missed=7), 4096, "7 of 20 numbers are missed"),
    (report(not_known=["C30", "C31", "C32"]), 4096, "8 of 23 numbers"),
    (report(checks=3), 4096, "3 draws run again"), (report(off=6), 4096, ""),
    (report(off=7), 4096, "emulator and model differ"),
])  # fmt: skip
def test_what_speaks_against_a_calibration(found: Any, asked: int, told: str) -> None:
    against = installable.shortcomings(found, asked)
    assert len(against) == bool(told) and told in "".join(against)


def test_what_the_calibration_called_calibrated_is(sample: Sample) -> None:
    """An sd below the limit by less than the sampler's luck is not enough: the file says so."""
    parameters = {key: {**one, "sd": 0.1, "calibrated": key == sample.keys[0]}
                  for key, one in sample.head["parameters"].items()}  # fmt: skip
    told = replace(sample, head={**sample.head, "parameters": parameters})
    assert told.calibrated == sample.keys[:1]
