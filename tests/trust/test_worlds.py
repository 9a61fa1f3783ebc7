"""The experiments in real, small worlds: signs follow from the parameters that decide them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from sim.trust import frames, switch, tones
from tests.scenarios import PROVOKED, scenario

QUIET: dict[str, Any] = {
    "days": frames.DAYS, "warmup_days": 0, "visibility.selection": 1.0, "sharing.p0": 0.0001,
    "audience.n_people": 20_000, "audience.follower_scale": 20.0, "following.share_dormant": 0.0,
    "following.interest_half_life_months": 500.0, "opinion.contrast": 0.0, "opinion.latitude": 2.0,
}  # fmt: skip


def framed(**changes: float) -> dict[str, float | None]:
    base = scenario({**QUIET, **{f"opinion.{key}": one for key, one in changes.items()}})
    found = frames.measure({}, base, 0, 0)
    return {key: one.value for key, one in found.values.items()}


def test_frames_that_work_cancel_at_once_and_the_later_one_wins() -> None:
    found = framed(effect_formal=0.05)
    at_once, apart = found[frames.SIMULTANEOUS], found[frames.SEPARATED]
    assert at_once is not None and abs(at_once) < 0.05
    assert apart is not None and apart > 0.01
    turned = framed(effect_formal=-0.05)  # the sign is free, and then the fact fails
    assert turned[frames.SEPARATED] == pytest.approx(-apart)


def test_frames_that_move_nobody() -> None:
    found = framed(effect_formal=0.0)
    assert found == {frames.SIMULTANEOUS: None, frames.SEPARATED: 0.0}


def tone(mix: list[float], changes: dict[str, Any]) -> Scenario:
    return scenario({**changes, "policy.tone.mix": mix}, tone="sharp")


def test_tones_are_told_apart_by_their_own_parameters() -> None:
    changes = {**PROVOKED, "days": 9, "keep": "summary", "opinion.effect_sharp": -0.05,
               "opinion.effect_cultural": 0.06, "opinion.latitude": 2.0, "sharing.rel_sharp": 3.0,
               "sharing.rel_cultural": 0.3}  # fmt: skip
    arms = {
        "sharp": tone([0.0, 0.0, 0.0, 1.0, 0.0], changes),
        "positive": tone([0.0, 0.0, 0.0, 0.0, 1.0], changes),
        "silent": scenario(changes, posture="silent"),
    }
    found = tones.measure(arms, scenario(changes), 0, 0).values
    engagement, sharp, positive = (
        found[key].value for key in (tones.ENGAGEMENT, tones.SHARP, tones.POSITIVE)
    )
    assert engagement is not None and engagement > 0.1
    assert sharp is not None and positive is not None and sharp < 0 < positive


def test_a_year_cut_short_and_the_status_quo_are_paired() -> None:
    changes = {**PROVOKED, "days": 9, "keep": "summary"}
    same = scenario(changes)
    found = switch.measure({"switch": same}, same, 0, 0)
    again = switch.measure({"both": same}, same, 0, 0)
    assert list(found.values) == ["D4.growth.switch"] and list(again.values) == ["D4.growth"]
    assert found.values["D4.growth.switch"].value == again.values["D4.growth"].value
