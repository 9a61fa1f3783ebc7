"""One measure of two arms: laws, edges, verdicts, strict JSON."""

from __future__ import annotations

import datetime as dt
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.errors import UserError
from sim.measures import BY_NAME, Measure
from sim.run import Run
from sim.settings import Settings, StudySettings
from sim.study.compare import compare, kept_worlds, summarise
from sim.study.ensemble import Failure
from sim.study.random_effects import effects, luck_share, outlier, widths
from sim.study.verdict import SAME, SAME_GAP, judge, no_verdict

REACH, SHARES, HOSTILE = (
    BY_NAME[one] for one in ("impressions_per_post", "shares", "hostile_shares")
)
HOURS, SHIFT = BY_NAME["hours"], BY_NAME["favourability_shift"]
WORTH = 0.02


def arms(effect: float = 0.1, tau: float = 0.01, luck: float = 0.01, draws: int = 16,
         replicates: int = 2, level: float = 400_000.0, seed: int = 1
         ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(scenario, against) with a relative effect of each draw and luck of each world."""
    rng = np.random.default_rng(seed)
    base = level * (1 + 0.2 * rng.standard_normal((draws, 1)) * np.ones((1, replicates)))
    rel = effect + tau * rng.standard_normal((draws, 1))
    return base * (1 + rel + luck * rng.standard_normal((draws, replicates))), base


def test_the_entry_is_exactly_the_one_of_the_summary() -> None:
    entry = compare(REACH, *arms(), WORTH).as_dict()
    assert list(entry) == [
        "stage", "label", "unit", "better", "scenario", "against", "difference", "p_better",
        "draws_ahead", "wins", "verdict", "luck",
    ]  # fmt: skip
    assert list(entry["scenario"]) == list(entry["against"]) == ["mean", "lo", "hi"]
    assert list(entry["difference"]) == [
        "mean", "lo", "hi", "relative", "mc_lo", "mc_hi", "relative_lo", "relative_hi",
        "relative_mc_lo", "relative_mc_hi",
    ]  # fmt: skip
    json.dumps(entry, allow_nan=False)


def test_a_clear_gain_is_better_and_the_mirror_is_worse() -> None:
    scenario, against = arms()
    gain, loss = compare(REACH, scenario, against, WORTH), compare(REACH, against, scenario, WORTH)
    assert (gain.verdict, loss.verdict) == ("better", "worse")
    assert gain.wins == 32 and loss.wins == 0
    assert gain.difference.mean == pytest.approx(-loss.difference.mean)
    assert gain.difference.lo == pytest.approx(-loss.difference.hi)
    assert gain.p_better == pytest.approx(1 - loss.p_better)


def test_lower_is_better_for_hostile_shares() -> None:
    scenario, against = arms(effect=-0.3, level=2_000)
    found = compare(HOSTILE, scenario, against, WORTH)
    assert found.verdict == "better" and found.wins == 32 and found.p_better > 0.99
    assert found.difference.mean < 0 and "log" in found.note


def test_no_direction_no_judgement() -> None:
    found = compare(HOURS, *arms(), WORTH)
    assert found.verdict == "higher" and found.p_better is None
    assert compare(HOURS, *arms(effect=-0.1), WORTH).verdict == "lower"
    assert compare(HOURS, *arms(effect=0, tau=0.1), WORTH).verdict == "no clear change"


def test_small_differences_are_equivalent_and_wide_ones_open() -> None:
    assert compare(REACH, *arms(0.001, 0.001, 0.001), WORTH).verdict == "equivalent"
    assert compare(REACH, *arms(0.01, 0.1, 0.01), WORTH).verdict == "too close to call"


def test_a_difference_below_worth_is_never_better() -> None:
    _, against = arms(0.019, 0.001, 0.0001)
    against = np.full_like(against, against.mean())
    rates = 1.018 + 0.001 * np.linspace(-1, 1, 16)[:, None]
    assert compare(REACH, against * rates, against, WORTH).verdict == "equivalent"
    spread = against * (1.019 + 0.002 * np.linspace(-1, 1, 16)[:, None])
    found = compare(REACH, spread, against, WORTH)
    assert found.difference.lo > 0 and found.verdict == "too close to call"


@pytest.mark.parametrize("measure", [REACH, SHARES, SHIFT])
@pytest.mark.parametrize("shape, rare", [((16, 2), "17 % of the draws"), ((8, 1), "31 % of the d"),
                                         ((1, 4), "53 % of the worlds"), ((2, 1), "78 %")])
def test_a_scenario_compared_with_itself(
    measure: Measure, shape: tuple[int, int], rare: str
) -> None:
    y = np.abs(np.random.default_rng(0).standard_normal(shape)) * 1e3 + 0.1
    found = compare(measure, y, y, WORTH)
    told = found.as_dict()["difference"]
    assert (told["mean"], told["relative"], found.wins) == (0.0, 0.0, 0)
    assert told["lo"] is told["hi"] is told["mc_lo"] is told["mc_hi"] is None
    assert found.verdict is found.p_better is None
    start = f"both arms are the same in every one of {y.size} worlds, and a difference that shows"
    assert found.why_no_interval.startswith(start) and rare in found.why_no_interval
    assert no_verdict(found.why_no_interval) == "no verdict: same in all worlds"
    assert shape[1] == 1 or found.scenario.lo is not None or shape[0] == 2


@pytest.mark.parametrize("shape", [(16, 2), (1, 4), (2, 1)])
def test_hours_that_are_equal_by_construction_are_equal(shape: tuple[int, int]) -> None:
    found = compare(HOURS, np.full(shape, 40.0), np.full(shape, 40.0), WORTH)
    assert (found.difference.lo, found.difference.hi, found.mc_lo) == (0.0, 0.0, 0.0)
    assert found.verdict == "equivalent" and not found.why_no_interval


@pytest.mark.parametrize("q", [0.05, 0.9])
def test_no_spread_is_no_certainty(q: float) -> None:
    """A difference of +1 in a share q of the draws: what would be told with 4 of them."""
    rng, told = np.random.default_rng(9), []
    for _ in range(200):
        against = np.full((4, 2), 10.0)
        told.append(compare(REACH, against + (rng.random((4, 1)) < q), against, WORTH))
    assert not any(one.difference.lo == one.difference.hi is not None for one in told)
    assert sum(one.verdict in ("equivalent", "better") for one in told) == 0
    assert sum("could have stayed unseen" in one.why_no_interval for one in told) > 100


def test_one_world_gives_neither_interval_nor_verdict() -> None:
    for pair in (arms(draws=1, replicates=1), (np.ones((1, 1)), np.ones((1, 1)))):
        found = compare(REACH, *pair, WORTH)
        assert found.verdict is None and found.p_better is None
        assert found.difference.lo is None and found.mc_lo is None and found.scenario.hi is None
        assert "one world" in found.why_no_interval and found.difference.mean is not None


@pytest.mark.parametrize("shape", [(3, 2), (2, 8), (1, 3)])
def test_too_few_draws_give_no_interval(shape: tuple[int, int]) -> None:
    found = compare(REACH, *arms(draws=shape[0], replicates=shape[1]), WORTH)
    assert found.difference.lo is None and found.difference.mean is not None
    assert found.verdict is None and "too few" in found.why_no_interval


def test_central_parameters_say_what_is_left_out() -> None:
    found = compare(REACH, *arms(draws=1, replicates=8), WORTH)
    assert "left out" in found.note and found.verdict == "better"
    assert (found.difference.lo, found.difference.hi) == (found.mc_lo, found.mc_hi)


def test_one_replicate_says_that_luck_is_inside() -> None:
    found = compare(REACH, *arms(replicates=1), WORTH)
    assert "cannot be told apart" in found.note and found.difference.lo is not None
    told = found.as_dict()["difference"]
    assert told["mc_lo"] is None and told["mc_hi"] is None
    assert found.luck is None and found.verdict == "better"
    two = compare(REACH, *arms(replicates=2), WORTH)
    assert two.mc_lo is not None and "told apart" not in two.note


def test_a_draw_far_from_all_others_is_said() -> None:
    scenario, against = arms()
    assert compare(REACH, scenario, against, WORTH).note == ""
    scenario[4] *= 3
    far = compare(REACH, scenario, against, WORTH)
    assert "draw 4 lies far" in far.note and "no Monte Carlo one is given" in far.note
    assert far.mc_lo is far.mc_hi is None is not far.difference.lo
    heavy = compare(SHARES, scenario, against, WORTH)
    assert "may be too narrow" in heavy.note and heavy.mc_lo is not None
    normal = np.random.default_rng(6).standard_normal((4_000, 8))
    assert sum(outlier(one) is not None for one in normal) <= 12  # 4 expected


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e200])
@pytest.mark.parametrize("measure", [REACH, SHARES])
def test_what_is_no_number_is_flagged_and_never_averaged_away(measure: Measure, bad: float) -> None:
    scenario, against = arms()
    scenario[3, 1] = bad
    found = compare(measure, scenario, against, WORTH)
    entry = found.as_dict()
    assert entry["difference"] == dict.fromkeys(entry["difference"])
    assert entry["verdict"] is None and entry["wins"] is None and entry["why_no_interval"]
    assert entry["scenario"]["mean"] is None or abs(bad) == 1e200
    json.dumps(entry, allow_nan=False)


def test_nothing_ever_happened() -> None:
    zero = np.zeros((16, 2))
    found = compare(SHARES, zero, zero, WORTH)
    assert found.difference.mean == 0 and found.difference.lo is None and found.verdict is None
    assert "zero in every world" in found.why_no_interval


def test_silence_against_something() -> None:
    _, against = arms()
    found = compare(REACH, np.zeros_like(against), against, WORTH)
    assert found.verdict == "worse" and found.relative == -1
    assert found.scenario.lo == found.scenario.hi == 0
    heavy = compare(SHARES, np.zeros_like(against), against, WORTH)
    assert heavy.verdict == "worse" and heavy.relative == pytest.approx(-1)


def test_no_ratio_to_a_base_that_is_not_positive() -> None:
    scenario, against = arms()
    assert compare(SHIFT, scenario, -against, WORTH).relative is None


def test_heavy_totals_add_up_on_the_scale_shown() -> None:
    scenario, against = arms(effect=0.3, level=5_000)
    found = compare(SHARES, scenario, against, WORTH)
    gap = found.scenario.mean - found.against.mean
    assert found.difference.mean == pytest.approx(gap)
    assert found.relative == pytest.approx(gap / found.against.mean)
    assert found.against.mean == pytest.approx(math.expm1(np.log1p(against).mean()))


def test_totals_are_not_negative_and_shares_not_above_one() -> None:
    rng = np.random.default_rng(2)
    wild = np.exp(1.5 * rng.standard_normal((8, 2)))
    assert compare(REACH, wild, wild * 1.1, WORTH).scenario.lo == 0
    voice = np.clip(0.9 + 0.2 * rng.standard_normal((8, 2)), 0, 1)
    assert compare(BY_NAME["share_of_voice"], voice, voice * 0.9, WORTH).scenario.hi == 1


def test_the_share_of_luck_is_in_the_entry() -> None:
    lucky = compare(REACH, *arms(0.05, 0.0, 0.4, draws=64), WORTH)
    unsure = compare(REACH, *arms(0.01, 0.3, 0.01), WORTH)
    assert lucky.luck is not None and lucky.luck[1] > 0.5
    assert unsure.luck is not None and unsure.luck[2] < 0.01
    assert list(unsure.as_dict()["luck"]) == ["share", "lo", "hi"]


@pytest.mark.parametrize("draws", [8, 16, 32, 64])
@pytest.mark.parametrize("true", [0.1, 0.5, 1.0])
def test_the_share_of_luck_is_covered(draws: int, true: float) -> None:
    """90 % two-sided; at a share of one the upper end cannot miss."""
    rng, inside = np.random.default_rng(3), 0
    for _ in range(1_000):
        y = math.sqrt(1 - true) * rng.standard_normal((draws, 1))
        found = luck_share(effects(y + math.sqrt(2 * true) * rng.standard_normal((draws, 2))))
        assert found is not None and found[1] <= found[0]
        inside += found[1] <= true <= found[2]
    assert abs(inside / 1_000 - (0.95 if true == 1 else 0.9)) < 0.035


@pytest.mark.parametrize(("draws", "replicates"), [(16, 2), (12, 10)])
def test_the_share_of_luck_is_covered_where_luck_differs_between_draws(
    draws: int, replicates: int
) -> None:
    """Lognormal sds of the luck (log sd .45): with the degrees of freedom of equal luck each end
    missed 7 to 11 %; 2,000 studies tell this within 1 %."""
    rng, below, above = np.random.default_rng(4), 0, 0
    for _ in range(2_000):
        sd = np.exp(0.45 * rng.standard_normal((draws, 1)) - 0.45**2)  # mean square 1
        luck = math.sqrt(0.5 * replicates) * sd * rng.standard_normal((draws, replicates))
        found = luck_share(effects(math.sqrt(0.5) * rng.standard_normal((draws, 1)) + luck))
        assert found is not None
        below, above = below + (found[1] > 0.5), above + (found[2] < 0.5)
    assert below / 2_000 < 0.07 and above / 2_000 < 0.1


@settings(max_examples=100)
@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 3)),
               elements=st.floats(-1e9, 1e9)),
    st.integers(0, 99), st.sampled_from([REACH, HOURS, SHIFT]),
)  # fmt: skip
def test_laws_for_any_numbers(y: np.ndarray, seed: int, measure: Measure) -> None:
    other = y + np.random.default_rng(seed).standard_normal(y.shape) * 10.0 ** (seed % 7)
    found = compare(measure, y, other, WORTH)
    json.dumps(found.as_dict(), allow_nan=False)
    gap = found.difference
    assert gap.mean is not None
    if gap.lo is not None and found.mc_lo is not None:
        assert gap.lo <= found.mc_lo <= gap.mean <= found.mc_hi <= gap.hi
    mirror = compare(measure, other, y, WORTH).difference
    assert mirror.mean == -gap.mean


def test_worlds_in_another_order_give_the_same() -> None:
    scenario, against = arms()
    order = np.random.default_rng(1).permutation(16)
    one = compare(REACH, scenario, against, WORTH)
    two = compare(REACH, scenario[order][:, ::-1], against[order][:, ::-1], WORTH)
    assert one.difference.lo == pytest.approx(two.difference.lo, rel=1e-9)
    assert one.verdict == two.verdict and one.wins == two.wins


def test_equal_differences_have_an_interval_of_no_width() -> None:
    against = np.arange(32.0).reshape(16, 2)
    found = compare(HOURS, against + 5, against, 0.0)
    assert found.difference.lo == found.difference.mean == found.difference.hi == 5
    assert found.verdict == "higher"


def test_moments_by_hand() -> None:
    y = np.array([[1.0, 3.0], [5.0, 5.0], [2.0, 6.0], [9.0, 9.0]])
    found = effects(y)
    assert found.draws.tolist() == [2, 5, 4, 9] and found.mean == 5
    assert found.noise == pytest.approx((2 + 0 + 8 + 0) / 4 / 2)
    assert found.between == pytest.approx((9 + 0 + 1 + 16) / 3 - 1.25)
    assert found.mc_noise + found.mc_draws == pytest.approx(26 / 3 / 4)


def test_draw_means_alike_by_accident_do_not_pretend_to_certainty() -> None:
    y = np.tile([[-1.0, 1.0]], (8, 1))
    found = effects(y)
    assert found.mc_lo < 0 < found.mc_hi and found.lo <= found.mc_lo


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.99])
def test_other_levels(confidence: float) -> None:
    rng = np.random.default_rng(4)
    true, new = rng.standard_normal((4_000, 8)), rng.standard_normal(4_000)
    found = effects(true[..., None] + rng.standard_normal((4_000, 8, 2)), confidence)
    inside = ((found.lo <= new) & (new <= found.hi)).mean()
    assert abs(inside - confidence) < 0.02


def test_widths_fall_from_prediction_to_luck() -> None:
    for draws, replicates in ((4, 2), (8, 2), (16, 2), (32, 4), (300, 2), (16, 50)):
        knots, heights, floor = widths(draws, replicates)
        assert heights[0] == pytest.approx(floor * math.sqrt(draws + 1))
        assert np.all(heights >= floor - 1e-9) and np.all(np.diff(heights) < 0.02 * heights[0])
        assert len(knots) == len(heights)


@pytest.mark.parametrize(
    "mean, lo, hi, p, better, verdict",
    [
        (5, 3, 7, 0.95, "higher", "better"), (5, 3, 7, 0.95, "lower", "worse"),
        (-5, -7, -3, 0.05, "lower", "better"), (5, 3, 7, 0.85, "higher", "too close to call"),
        (1.5, 0.5, 2.5, 1.0, "higher", "too close to call"), (1, 0.5, 1.5, 1.0, "higher",
        "equivalent"), (5, None, None, 1.0, "higher", "too close to call"),
        (5, -1, 7, 0.99, "none", "no clear change"), (5, 3, 7, 1.0, "none", "higher"),
    ],
)  # fmt: skip
def test_verdicts(mean: float, lo: float, hi: float, p: float, better: str, verdict: str) -> None:
    told = judge(mean=mean, lo=lo, hi=hi, base=100, worth=WORTH, p_positive=p, better=better)
    assert told == verdict


def settings_of(**changes: object) -> Settings:
    values = dict(
        scenario="proactive", against="status_quo", question="", objective="target_reach",
        worth=WORTH, days=90, warmup_days=7, start=dt.date(2016, 3, 1), calendar=None, crisis=None,
        seed=1, worlds="auto", draws=8, replicates=2, parameters="prior", engine="compiled",
        posterior="posterior/default.json",
        fair="hours", steelman=False, keep="summary", checks="end", workers=1,
        results="results",
    )  # fmt: skip
    return Settings(**(values | changes))  # type: ignore[arg-type]


STUDY = StudySettings(
    confidence=0.95, p_better=0.9, min_draws=8, firm_draws=16, auto_seconds=120, auto_workers=2,
    steelman_worlds=6, steelman_trials=8, steelman_days=28,
    validation_days=35, validation_worlds=8, validation_samples=200,
    name="", precision=None, most_worlds=512, design="sobol", samples=16, pairs=False,
    changed="refuse", check=False, map_start=16, map_points=48, map_batch=8,
    calibration_runs=64, calibration_focus=0.5, calibration_days=14, install=False,
    facts=True, fact_days=365,
)  # fmt: skip


def fake_runs(draws: int, replicates: int) -> list[list[Run]]:
    runs = []
    for world in range(draws * replicates):
        pair = [
            Run(values={("target_reach", "all"): 100.0 + arm + world, ("hours", "all"): 40.0,
                        ("target_reach", "market:X"): 1.0}, daily={}, accounts={})
            for arm in (9, 0)
        ]  # fmt: skip
        runs.append(pair)
    return runs


def test_summary_has_the_shape_of_the_issue() -> None:
    summary = summarise(fake_runs(8, 2), settings=settings_of(), study=STUDY, draws=8, replicates=2)
    assert list(summary) == [
        "scenario", "against", "worlds", "draws", "days", "objective", "measures",
    ]  # fmt: skip
    assert list(summary["measures"]) == ["hours", "target_reach"]
    assert summary["worlds"] == 16 and summary["draws"] == 8
    assert summary["measures"]["target_reach"]["difference"]["mean"] == pytest.approx(9, rel=0.02)
    json.dumps(summary, allow_nan=False)


def test_a_diagnostic_keeps_its_numbers_and_names_no_winner() -> None:
    runs = fake_runs(8, 2)
    usual, diagnostic = (
        summarise(runs, settings=settings_of(fair=fair), study=STUDY, draws=8, replicates=2)
        for fair in ("volume", "attention")
    )
    assert (usual["fair"], diagnostic["fair"]) == ("volume", "attention")
    assert usual["measures"]["target_reach"]["verdict"] == "better"
    one = diagnostic["measures"]["target_reach"]
    assert one["verdict"] is one["wins"] is one["p_better"] is None
    assert one["difference"] == usual["measures"]["target_reach"]["difference"]


def test_failed_worlds_are_left_out_and_listed() -> None:
    runs: list[object] = list(fake_runs(8, 2))
    runs[5] = Failure(index=5, message="broken", draw=2, replicate=1)
    summary = summarise(runs, settings=settings_of(), study=STUDY, draws=8, replicates=2)
    assert summary["worlds"] == 14 and summary["draws"] == 7
    assert summary["failed"] == [
        {"world": 5, "draw": 2, "replicate": 1, "seed": None, "message": "broken"}
    ]


def test_which_worlds_are_kept() -> None:
    broken = Failure(index=0, message="")
    runs: list[object] = [0] * 8
    assert kept_worlds(runs, 4, 2).tolist() == [[0, 1], [2, 3], [4, 5], [6, 7]]
    runs[3] = broken  # four draws of one replicate allow an interval, three of two do not
    assert kept_worlds(runs, 4, 2).tolist() == [[0], [2], [4], [6]]
    assert kept_worlds([0, broken, 0, 0], 1, 4).tolist() == [[0, 2, 3]]
    with pytest.raises(UserError, match="nothing to compare"):
        kept_worlds([broken] * 4, 2, 2)


def test_shares_differ_by_no_more_than_all() -> None:
    """A t interval of few draws that lie far apart knows no bounds."""
    lost = np.array([[0.99], [0.98], [0.1], [0.97]])
    found = compare(BY_NAME["first_frame_share"], np.zeros((4, 1)), lost, 0.02)
    assert found.difference.lo == -1.0 and found.difference.hi is not None


def test_the_same_difference_is_not_called_the_same_in_all_worlds() -> None:
    usual = np.array([[20.0, 20.0], [24.0, 24.0], [25.0, 25.0], [31.0, 31.0]])
    for gap, told in ((-1.5, SAME_GAP), (0.0, SAME)):
        assert no_verdict(compare(REACH, usual + gap, usual, 0.02).why_no_interval) == told
