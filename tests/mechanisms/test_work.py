"""The price list: every law against a number worked by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from numba import njit
from pydantic import ValidationError

from sim.declared import split
from sim.mechanisms import rivals, work

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
