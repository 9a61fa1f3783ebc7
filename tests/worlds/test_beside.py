"""Channels beside the graph in paired worlds: they add their measures and touch nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.run import Run
from sim.scenario import Scenario
from sim.simulate import simulate_world
from sim.study.compare import NEVER_TIMED, summarise
from tests.scenarios import PROVOKED, scenario
from tests.worlds.test_paired import digest

CHANGES: dict[str, Any] = {
    **PROVOKED, "crisis": dt.date(2016, 1, 5), "citizens.share_of_public": 0.2,
}  # fmt: skip
BASE = scenario(CHANGES)
TIMED = ("citizens_informed", "hours_to_reach_50", "hours_to_reach_90")
OWN = {*TIMED, *(f"{name}_censored" for name in TIMED[1:])}


def pushed(**more: Any) -> Scenario:
    changes = {f"policy.notification.{key}": value for key, value in more.items()}
    sure = {"citizens.p_delivered": 1.0, "citizens.share_with_partner": 1.0,
            "policy.notification.after_hours": 5.0}  # fmt: skip
    return scenario({**CHANGES, **sure, **changes}, notification="push")


def pair(arm: Scenario) -> list[Run]:
    base = arm.model_copy(update={"policy": BASE.policy})
    return simulate_world([arm, base], base, 0, 0)


def test_a_notice_adds_its_measures_and_touches_nothing_else() -> None:
    with_push, posting = pair(pushed())
    assert {name for name, _ in with_push.values} >= OWN
    for key, value in posting.values.items():
        if key[0] not in OWN:
            assert with_push.values[key] == value, key
    assert np.array_equal(with_push.daily["impressions"], posting.daily["impressions"])
    assert with_push.values["hours_to_reach_50", "all"] < posting.values["hours_to_reach_50", "all"]
    assert with_push.values["citizens_informed", "all"] > posting.values["citizens_informed", "all"]
    alone = simulate_world([BASE], BASE, 0, 0)[0]
    assert not OWN & {name for name, _ in alone.values}
    rest = {key: value for key, value in posting.values.items() if key[0] not in OWN}
    assert rest == alone.values


def test_both_engines_time_the_same() -> None:
    found = []
    for engine in ("compiled", "reference"):
        arm = pushed()
        settings = arm.settings.model_copy(update={"engine": engine})
        found.append(digest(pair(arm.model_copy(update={"settings": settings}))[0]))
    assert found[0] == found[1]


def test_nobody_knows_sooner_than_the_notice_where_nobody_posts() -> None:
    silent = scenario({**CHANGES, "citizens.p_delivered": 1.0, "citizens.share_with_partner": 1.0,
                       "citizens.median_delay_hours": 0.001, "policy.notification.after_hours": 9.0,
                       "warmup_days": 0}, notification="push", posture="silent")  # fmt: skip
    run = simulate_world([silent], silent, 0, 0)[0]
    assert 9.0 < run.values["hours_to_reach_50", "all"] < 9.1


def test_what_the_run_does_not_reach_is_censored_and_said() -> None:
    never = {"citizens.p_delivered": 0.0}
    arm = scenario({**CHANGES, **never}, notification="push")
    runs = [pair(arm) for _ in range(4)]
    left = 24.0 * 4 - 36.0  # the crisis breaks at noon of the second of four days
    for one in runs[0]:
        assert one.values["hours_to_reach_90", "all"] == left
        assert one.values["hours_to_reach_90_censored", "all"] == 1.0
        assert all(np.isfinite(value) for value in one.values.values())
    told = summarise(runs, settings=arm.settings, study=arm.study, draws=4, replicates=1)
    entry = told["measures"]["hours_to_reach_90"]
    assert entry["verdict"] is None and entry["why_no_interval"] == NEVER_TIMED
    assert "Censored in 4 of 4 worlds of the tested arm and 4 of the other" in entry["note"]


@pytest.mark.parametrize("crisis", [None, dt.date(2015, 12, 30)])
def test_a_notice_needs_a_crisis_in_the_measured_days(crisis: dt.date | None) -> None:
    with pytest.raises(ValidationError, match="needs a crisis in the measured days"):
        scenario({**CHANGES, "crisis": crisis}, notification="push")


def test_a_website_counts_its_visits_apart() -> None:
    site = scenario({**PROVOKED, "website.p_click": 0.05, "website.share_linked": 1.0},
                    website="linked")  # fmt: skip
    plain = scenario(PROVOKED)
    one, other = (simulate_world([arm], arm, 0, 0)[0] for arm in (site, plain))
    visits, clicked = (one.values[name, "all"] for name in ("website_visits", "website_clicks"))
    assert visits >= clicked > 0
    assert {key: value for key, value in one.values.items() if "website" not in key[0]} == (
        other.values
    )
    silent = site.model_copy(update={"policy": scenario(posture="silent").policy})
    both = simulate_world([silent, site], site, 0, 0)
    assert both[0].values["website_clicks", "all"] < clicked
    direct = [run.values["website_visits", "all"] - run.values["website_clicks", "all"]
              for run in both]  # fmt: skip
    assert direct[0] == direct[1]
