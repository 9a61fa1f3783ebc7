"""Calibration finds what was planted, knows what it does not know, and its ranks are uniform."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.errors import UserError
from sim.evidence import Part, load_targets, parts_of
from sim.observables.observed import Observed
from sim.study import calibration, emulator, posterior
from tests.door.test_answers import comparison

pytest.importorskip("sklearn")

KEYS = ["a", "b", "c"]  # c moves nothing
LUCK = 0.4  # sd of one run


def part(low: float | None, high: float | None, centre: float | None = None,
         scale: str = "linear") -> Part:  # fmt: skip
    return Part.model_validate({"about": "x", "unit": "x", "range": [low, high], "centre": centre,
                                "scale": scale, "kind": "emergent"})  # fmt: skip


PARTS = {name: part(-2.0, 2.0) for name in ("P", "Q", "R")}


def truth(scores: np.ndarray) -> np.ndarray:
    """A cheap stand-in of the model, in sds of the ranges: bent in a, R sees both a and b."""
    a, b = scores[:, 0], scores[:, 1]
    return np.column_stack([2 * a + 0.4 * a**2, 2.5 * b, a - b])


def runs(n: int = 128) -> tuple[np.ndarray, np.ndarray]:
    scores = calibration.scores_of(n, len(KEYS), 3)
    noise = np.random.default_rng(5).normal(0, LUCK, (n, 3))
    return scores, truth(scores) + noise


@pytest.fixture(scope="module")
def fitted() -> emulator.Emulator:
    scores, outcomes = runs()
    return emulator.fit(scores, posterior.bent(outcomes), 1)


def drawn(fitted: emulator.Emulator, seen: np.ndarray, seed: int, n: int = 300) -> np.ndarray:
    """The posterior sample where the data stand at `seen` and not at the middle of the ranges."""
    rng = np.random.default_rng([seed, 1])
    spread = posterior.total_covariance(fitted.residuals)
    start = rng.standard_normal((n, len(KEYS)))
    return posterior.sample(lambda x: fitted.at(x) - seen, spread, start, rng)


def test_a_planted_truth_is_recovered_and_what_has_no_effect_stays_as_it_was(
    fitted: emulator.Emulator,
) -> None:
    at = np.array([[1.2, -0.9, 0.7]])
    found = drawn(fitted, posterior.bent(truth(at))[0], 1, n=1_000)
    assert np.abs(found.mean(0)[:2] - at[0, :2]).max() < 2 * found.std(0)[:2].max()
    assert (found.std(0)[:2] < posterior.CALIBRATED).all()
    assert found.std(0)[2] > 0.9 and abs(found.mean(0)[2]) < 0.15


def test_ranks_of_planted_truths_are_uniform(fitted: emulator.Emulator) -> None:
    """Simulation-based calibration (Talts et al. 2018): a truth from the prior and data from it
    are as one more draw of the posterior."""
    rng = np.random.default_rng(11)
    spread = posterior.total_covariance(np.zeros((3, 3)))
    ranks = []
    for world in range(80):
        at = rng.standard_normal((1, 3))
        lucky = truth(at)[0] + rng.normal(0, LUCK, 3)
        seen = posterior.bent(lucky) + rng.multivariate_normal(np.zeros(3), spread)
        ranks.append((drawn(fitted, seen, world) < at[0]).mean(0))
    for column in np.array(ranks).T:
        assert stats.kstest(column, "uniform").pvalue > 0.01


def test_ranks_of_a_posterior_that_is_too_sure_are_not_uniform(fitted: emulator.Emulator) -> None:
    """The check above can fail: here the range's own doubt is left out of the inference."""
    rng = np.random.default_rng(11)
    ranks = []
    for world in range(80):
        at = rng.standard_normal((1, 3))
        seen = posterior.bent(truth(at))[0] + rng.normal(0, 1.1, 3)
        inner = np.random.default_rng(world)
        found = posterior.sample(lambda x, y=seen: fitted.at(x) - y, 0.05 * np.eye(3),
                                 inner.standard_normal((300, 3)), inner)  # fmt: skip
        ranks.append((found < at[0]).mean(0))
    assert min(stats.kstest(column, "uniform").pvalue for column in np.array(ranks).T) < 0.01


def test_a_conflict_between_patterns_is_told() -> None:
    """P wants a high, Q wants the same a low: each can be met alone."""
    scores, _ = runs()
    a = scores[:, :1]
    noise = np.random.default_rng(1).normal(0, 0.1, (len(a), 2))
    outcomes = np.hstack([8 * (a - 1), 8 * (a + 1)]) + noise
    parts = {"P": part(-2.0, 2.0), "Q": part(-2.0, 2.0)}
    report = posterior.report_of(
        posterior.calibrate(scores, outcomes, KEYS, parts, seed=1, particles=300)
    )
    assert report["not_ruled_out"] < 0.01 and report["least_worst"] > 3
    for one in report["patterns"].values():
        assert not one["in_range"] and one["runs_in_range"] > 0.05 and one["together"] > 0.5
    assert report["parameters"]["a"]["calibrated"]
    assert not report["parameters"]["b"]["calibrated"]


def test_a_ridge_is_told() -> None:
    scores, _ = runs()
    noise = np.random.default_rng(1).normal(0, 0.1, (len(scores), 1))
    outcomes = 5 * (scores[:, :1] + scores[:, 1:2]) + noise
    found = posterior.calibrate(scores, outcomes, KEYS, {"P": PARTS["P"]}, seed=1, particles=400)
    (ridge,) = posterior.ridges(found)
    assert {ridge["one"], ridge["other"]} == {"a", "b"} and ridge["correlation"] < -0.6


def test_too_few_runs_are_refused() -> None:
    scores, outcomes = runs(20)
    with pytest.raises(UserError, match=r"study\.calibration_runs"):
        emulator.fit(scores, outcomes, 1)


# --- the design ---------------------------------------------------------------------------------


def test_a_longer_design_keeps_the_runs_of_a_shorter_one() -> None:
    short, long = (calibration.scores_of(n, 5, 7) for n in (50, 300))
    assert np.array_equal(short, long[:50]) and not np.array_equal(short, np.roll(long[:50], 1))
    assert np.abs(long.mean(0)).max() < 0.1 and np.abs(long.std(0) - 1).max() < 0.1


def test_varied_are_informed_parameters_that_the_user_left_free() -> None:
    arm = comparison("audience=small").baseline
    keys = calibration.varied_keys(load_targets(), arm.catalogue, set())
    assert {"core.mean_shares", "sharing.p0", "visibility.selection"} <= set(keys)
    assert all(arm.catalogue[key].prior for key in keys)
    assert set(keys) - set(calibration.varied_keys(load_targets(), arm.catalogue, {"sharing.p0"})
                           ) == {"sharing.p0"}  # fmt: skip
    used = calibration.used_parts(load_targets(), keys)
    assert "C5.top_1" in used and not {"C1", "C2.above_5k", "C15.posts_per_day"} & set(used)
    middle = calibration.parameters_at(np.zeros(len(keys)), keys, arm.catalogue)
    assert middle["sharing.p0"] == pytest.approx(arm.catalogue["sharing.p0"].value)


def test_patterns_in_sds_of_their_ranges() -> None:
    assert calibration.standard(part(2.0, 4.0), 4.0) == pytest.approx(2.0)
    assert calibration.standard(part(1.0, 100.0, scale="log"), 10.0) == pytest.approx(0.0)
    assert calibration.standard(part(1.0, 100.0, scale="log"), 0.0) < -2.0
    assert calibration.standard(part(0.9, None, 0.95), 1.0) == pytest.approx(2.0)
    assert np.isnan(calibration.standard(part(2.0, 4.0), None))
    for one in parts_of(load_targets()).values():  # as the evidence itself counts, where it counts
        value = one.range[0] if one.range[0] is not None else one.range[1]
        assert value is not None
        if value > 0:
            assert calibration.standard(one, value) == pytest.approx(one.deviation(value))


def test_beyond_an_open_side_nothing_is_off() -> None:
    sides = posterior.sides_of({"x": part(0.9, None, 0.95), "y": part(None, 1.0, 0.5)})
    errors = posterior.clipped(np.array([[3.0, -3.0], [-1.0, 1.0]]), sides)
    assert errors.tolist() == [[0.0, 0.0], [-1.0, 1.0]]


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    found = {"C3": Observed(value=0.5), "C9": Observed(value=None, why="few")}
    calibration.keep(tmp_path, 3, {"sharing.p0": 0.01}, found)
    record = calibration.recall(tmp_path, 3)
    assert record == {"parameters": {"sharing.p0": 0.01}, "values": {"C3": 0.5, "C9": None}}
    calibration.place(tmp_path, 3).write_text("{")
    assert calibration.recall(tmp_path, 3) is None and calibration.recall(tmp_path, 4) is None
