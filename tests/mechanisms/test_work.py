"""The price list: every law against a number worked by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import strategies as st
from numba import njit
from pydantic import ValidationError

from sim.declared import split
from sim.mechanisms import rivals, work
from sim.mechanisms import work as laws
from tests.mechanisms.properties import (
    FACTOR,
    HOURS,
    POSITIVE,
    SHARE,
    SIZE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)

CONF = Path(__file__).parents[2] / "conf"


def values(path: str) -> dict[str, object]:
    plain, _ = split(yaml.safe_load((CONF / path).read_text()))
    plain.pop("question", None)
    return plain


def test_quality_is_one_at_the_reference_hours_and_saturates() -> None:
    assert work.hill(0.8, 1.0, 0.8) == pytest.approx(0.5)
    assert work.hill(2.0, 2.0, 1.0) == pytest.approx(0.8)
    for slope, half in ((1.0, 0.8), (2.5, 0.4)):
        assert work.quality(1.5, 1.5, 2.0, slope, half) == pytest.approx(1.0)
    assert work.quality(4.0, 2.0, 2.0, 1.0, 0.8) == pytest.approx((2 / 2.8) * 1.8)
    assert work.quality(4.0, 1.0, 2.0, 1.0, 0.8) == pytest.approx((2 / 2.8) / (0.5 / 1.3))
    assert work.quality(0.0, 2.0, 2.0, 1.0, 0.8) == 0.0
    assert work.quality(1e9, 2.0, 2.0, 1.0, 0.8) == pytest.approx(1.8)
    hours = np.linspace(0.1, 20.0, 50)
    gains = np.diff(work.quality(hours, 2.0, 2.0, 1.0, 0.8))
    assert (gains > 0).all() and (np.diff(gains) < 0).all()


def test_hours_into_posts() -> None:
    assert work.posts_per_week(6.0, 40.0, 10.0, 0.5) == pytest.approx(12.0)
    assert work.posts_per_week(6.0, 40.0, 10.0, 0.0) == 6.0
    assert work.monitoring_hours(40.0, 0.25, 0.1) == pytest.approx(3.0)
    assert work.planning_hours(40.0, 0.25, 0.1) == pytest.approx(1.0)
    assert work.media_growth(1.0, 1.0, 0.7) == pytest.approx(1.0)
    assert work.media_growth(3.0, 1.0, 1.0) == pytest.approx(1.5)
    assert work.price(0.5, 0.1, 0.4, 1.2, 2.0, 1.1) == pytest.approx(1.0 + 0.1 + 0.1 + 0.04)


def test_latency_of_an_answer() -> None:
    assert work.hours_between_looks(0.0, 6.0) == pytest.approx(24.0)
    assert work.hours_between_looks(3.5, 6.0) == pytest.approx(6.0)
    assert work.latency(0.5, 6.0, 5.0, 3.0, 2.0) == pytest.approx(3.0 + 5.0 + 2.0)
    assert work.latency(0.0, 6.0, 5.0, 1.0, 2.0) == pytest.approx(6.0)


def test_readiness_to_answer() -> None:
    assert work.answer_hazard(1.2, 0.5, 0.7, 0.7, 0.5, 0.0) == pytest.approx(0.6)
    assert work.answer_hazard(1.0, 1.0, 2.8, 0.7, 0.5, 0.0) == pytest.approx(2.0)
    assert work.answer_hazard(1.0, 1.0, 2.8, 0.7, 0.5, 0.75) == pytest.approx(16.0)
    assert work.answer_hazard(1.0, 1.0, 0.35, 0.7, 0.5, 0.75) == pytest.approx(0.25)
    assert work.p_answer(0.0) == 0.0
    assert work.p_answer(math.log(4.0)) == pytest.approx(0.75)


def test_haste_makes_blunders() -> None:
    assert work.p_blunder(0.005, 8.0, 8.0) == pytest.approx(0.005)
    assert work.p_blunder(0.005, 0.0, 8.0) == pytest.approx(0.005 * math.e)
    assert work.p_blunder(0.005, 48.0, 8.0) < 0.0001


def test_stance_of_the_others() -> None:
    assert rivals.stance(-0.6, 0.0, 1.0) == pytest.approx(-0.6)
    assert rivals.stance(0.0, 0.5, -0.4) == pytest.approx(-0.2)
    assert rivals.stance(0.9, 0.5, 1.0) == 1.0


def test_laws_serve_numbers_columns_and_kernels_alike() -> None:
    @njit
    def compiled(hours: float) -> float:
        return work.quality(hours, 1.5, 2.0, 1.5, 0.8) + work.latency(0.3, 6.0, 5.0, hours, 2.0)

    def plain(hours: float) -> float:
        return work.quality(hours, 1.5, 2.0, 1.5, 0.8) + work.latency(0.3, 6.0, 5.0, hours, 2.0)

    hours = np.array([0.5, 2.0, 7.0])
    one_by_one = [plain(float(x)) for x in hours]
    np.testing.assert_allclose(plain(hours), one_by_one, rtol=1e-14)
    np.testing.assert_allclose([compiled(float(x)) for x in hours], one_by_one, rtol=1e-14)


@pytest.mark.parametrize("name", ["default", "none", "loud"])
def test_the_others_have_a_manner(name: str) -> None:
    chosen = rivals.Rivals.model_validate(values(f"rivals/{name}.yaml"))
    assert chosen.rival.rel_hours == {"default": 1.0, "none": 0.0, "loud": 2.0}[name]
    assert chosen.media.rho == 0.0


def test_nonsense_is_refused() -> None:
    good = values("work/default.yaml")
    work.Work.model_validate(good)
    for wrong in ({"office_from": 20.0}, {"p_fit": 1.2}, {"rel_hours_video": 0.5},
                  {"share_monitoring": 1.0}, {"n_own_topics": 0}, {"coffee": 1.0}):  # fmt: skip
        with pytest.raises(ValidationError):
            work.Work.model_validate(good | wrong)


@holds(x=rising(SIZE), slope=number(0.3, 4.0), half=FACTOR)
def test_returns_rise_to_one_and_are_half_at_half(x: Two, slope: float, half: float) -> None:
    less, more = (laws.hill(one, slope, half) for one in x)
    assert less >= 0.0 and below(less, more) and more <= 1.0
    assert same(laws.hill(half, slope, half), 0.5) and laws.hill(0.0, slope, half) == 0.0


@holds(hours=rising(POSITIVE), reference=FACTOR, production=FACTOR, slope=number(0.3, 3.0),
       half=FACTOR)
def test_quality_is_one_at_the_reference(hours: Two, reference: float, production: float,
                                         slope: float, half: float) -> None:
    poor, good = (laws.quality(one, reference, production, slope, half) for one in hours)
    assert poor > 0.0 and below(poor, good)
    assert same(laws.quality(reference, reference, production, slope, half), 1.0)


@holds(table=POSITIVE, hours=rising(FACTOR), table_hours=FACTOR, elasticity=SHARE)
def test_more_hours_more_posts_and_more_hours_for_each(table: float, hours: Two, table_hours: float,
                                                       elasticity: float) -> None:
    few, many = (laws.posts_per_week(table, one, table_hours, elasticity) for one in hours)
    assert few > 0.0 and below(few, many)
    assert below(hours[0] / few, hours[1] / many)
    assert same(laws.posts_per_week(table, table_hours, table_hours, elasticity), table)


@holds(each=FACTOR, copying=rising(number(0.0, 100.0)), elasticity=SHARE)
def test_copies_take_their_hours_from_posts(each: float, copying: Two, elasticity: float) -> None:
    less, more = (laws.hours_beside_copies(each, one, elasticity) for one in copying)
    assert more > 0.0 and below(more, less) and below(less, each)
    assert laws.hours_beside_copies(each, 0.0, elasticity) == each


@holds(hours=SIZE, planned=SHARE, share=SHARE)
def test_watching_and_planning_share_what_a_posture_gives(hours: float, planned: float,
                                                          share: float) -> None:
    watching = laws.monitoring_hours(hours, planned, share)
    planning = laws.planning_hours(hours, planned, share)
    assert 0.0 <= watching <= hours and 0.0 <= planning <= hours
    assert same(watching + planning, share * hours)
    assert laws.monitoring_hours(hours, 1.0, share) == laws.planning_hours(hours, 0.0, share) == 0.0


@holds(hours=rising(FACTOR), table=FACTOR, saturation=number(0.01, 10.0))
def test_richer_posts_up_to_a_limit(hours: Two, table: float, saturation: float) -> None:
    less, more = (laws.media_growth(one, table, saturation) for one in hours)
    assert less > 0.0 and below(less, more) and below(more, 1.0 + saturation)
    assert same(laws.media_growth(table, table, saturation), 1.0)


@holds(image=SHARE, video=SHARE, local=SHARE,
       prices=st.lists(number(1.0, 10.0), min_size=3, max_size=3))
def test_a_mix_costs_no_less_than_plain_text(image: float, video: float, local: float,
                                             prices: list[float]) -> None:
    found = laws.price(image, video, local, *prices)
    assert found >= 1.0 and below(found, 1.0 + sum(prices) - 3.0)
    assert laws.price(0.0, 0.0, 0.0, *prices) == 1.0
    assert laws.price(image, video, local, 1.0, 1.0, 1.0) == 1.0
    assert same(laws.price(1.0, 0.0, 0.0, *prices), prices[0])


@holds(watching=rising(SIZE), checks=FACTOR)
def test_watching_shortens_the_time_between_looks(watching: Two, checks: float) -> None:
    less, more = (laws.hours_between_looks(one, checks) for one in watching)
    assert 0.0 < more <= less <= 24.0 and laws.hours_between_looks(0.0, checks) == 24.0


@holds(ranks=rising(SHARE), between=number(0.0, 24.0), clearing=HOURS, hours=HOURS,
       production=FACTOR)
def test_an_answer_takes_at_least_its_clearance(ranks: Two, between: float, clearing: float,
                                                hours: float, production: float) -> None:
    soon, late = (laws.latency(rank, between, clearing, hours, production) for rank in ranks)
    assert clearing <= soon <= late and below(late, between + clearing + production)


@holds(rate=FACTOR, weight=SHARE, severities=rising(FACTOR), reference=FACTOR,
       exponent=number(0.0, 2.0), planned=rising(number(0.0, 0.9)))
def test_what_is_severe_is_answered_and_planners_are_choosier(
    rate: float, weight: float, severities: Two, reference: float, exponent: float, planned: Two
) -> None:
    small, large = (laws.answer_hazard(rate, weight, one, reference, exponent, planned[0])
                    for one in severities)
    assert small >= 0.0 and below(small, large)
    usual = laws.answer_hazard(rate, weight, reference, reference, exponent, planned[1])
    assert same(usual, rate * weight)
    free, busy = (laws.answer_hazard(rate, weight, reference / 2.0, reference, exponent, one)
                  for one in planned)
    assert below(busy, free)


@holds(hazards=rising(number(0.0, 50.0)))
def test_an_answer_is_a_chance(hazards: Two) -> None:
    less, more = (laws.p_answer(hazard) for hazard in hazards)
    assert 0.0 <= less <= more <= 1.0 and more <= hazards[1] + 1e-12
    assert laws.p_answer(0.0) == 0.0


@holds(p=SHARE, latencies=rising(HOURS), haste=FACTOR)
def test_the_less_time_the_more_blunders(p: float, latencies: Two, haste: float) -> None:
    hasty, slow = (laws.p_blunder(p, one, haste) for one in latencies)
    assert 0.0 <= slow <= hasty and below(hasty, math.e * p)
    assert same(laws.p_blunder(p, haste, haste), p)
