"""News: rates in expectation, bursts, heavy tails, names that outlive the list they stand in.

Statistical checks have fixed seeds and are built to fail once in 10,000 seeds each (|z| < 3.9).
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from sim import streams
from sim.declared import split
from sim.mechanisms import news as laws
from sim.mechanisms.news import News, Quiet
from sim.world.news import MARKET, REGION, WORLD, affected, by_day, make_events

CONF = Path(__file__).parents[2] / "conf"
SEED = streams.world_seed(3, "0/0")
Z = 3.9


def settings(file: str = "bursts", **changes: object) -> Quiet:
    values, _ = split(yaml.safe_load((CONF / f"news/{file}.yaml").read_text()))
    values.pop("question", None)
    return TypeAdapter(News).validate_python(values | changes)


def markets(n: int = 60, without: int | None = None) -> SimpleNamespace:
    rows = [i for i in range(n) if i != without]
    return SimpleNamespace(
        names=[f"Market {i}" for i in rows],
        codes=[f"M{i}" for i in rows],
        regions=np.array([i % 6 for i in rows], np.uint8),
        region_names=[f"Region {i}" for i in range(6)],
        utc_offsets=np.array([i % 24 - 11.0 for i in rows]),
        home=0,
    )


@pytest.mark.parametrize("kind", ["bursts", "steady"])
def test_the_stated_rate_holds_in_expectation(kind: str) -> None:
    chosen, n_weeks = settings(kind), 26
    events = make_events(chosen, markets(), SEED, 168.0 * n_weeks)
    branching = getattr(chosen, "branching", 0.0)
    expected = chosen.events_per_market_week * n_weeks * 60
    sd = np.sqrt(expected) / (1.0 - branching)  # of a Hawkes count over a long time
    assert abs(len(events) - expected) < Z * sd


def test_the_process_starts_in_its_steady_state() -> None:
    chosen = settings(branching=0.6, delay_hours=54.0)
    first = sum(len(make_events(chosen, markets(), streams.world_seed(3, i), 168.0))
                for i in range(20))  # fmt: skip
    expected = 20 * 60 * chosen.events_per_market_week
    assert abs(first - expected) < Z * np.sqrt(expected) / 0.4


def test_bursts_are_burstier_than_chance() -> None:
    def dispersion(kind: str) -> float:
        events = make_events(settings(kind, rhythm_ratio=1.0), markets(), SEED, 168.0 * 26)
        cells = events["market"].astype(int) * 26 + (events["hour"] // 168).astype(int)
        counts = np.bincount(cells, minlength=60 * 26)
        return float(counts.var() / counts.mean())

    tolerance = Z * np.sqrt(2.0 / (60 * 26))
    assert abs(dispersion("steady") - 1.0) < tolerance
    assert dispersion("bursts") > 1.5


def test_severity_has_the_stated_tail_and_mean() -> None:
    chosen = settings(severity_max=1000.0)
    severity = make_events(chosen, markets(), SEED, 168.0 * 52)["severity"].astype(float)
    n, low, tail = len(severity), chosen.severity_min, chosen.severity_tail
    exponent = n / np.log(severity / low).sum()  # maximum likelihood (Hill 1975)
    assert abs(exponent - tail) < Z * tail / np.sqrt(n)
    for level in (1.0, 5.0):
        p = (low / level) ** tail
        assert abs((severity > level).mean() - p) < Z * np.sqrt(p * (1 - p) / n)
    assert laws.pareto_mean(low, 1000.0, tail) == pytest.approx(low * tail / (tail - 1), rel=0.01)


def test_shares_are_those_declared() -> None:
    chosen = settings(p_region=0.05, p_world=0.003)
    events = make_events(chosen, markets(), SEED, 168.0 * 104)
    n = len(events)

    def near(share: float, p: float, room: float = 1.0) -> bool:
        return abs(share - p) < room * Z * np.sqrt(p * (1 - p) / n)

    assert near(events["foreseeable"].mean(), chosen.share_foreseeable, room=1.5)  # clusters
    assert near((events["scope"] == REGION).mean(), 0.05, room=1.5)
    assert near((events["scope"] == WORLD).mean(), 0.003, room=1.5)
    dated = events["foreseeable"] == 1
    assert (events["hour_known"] == events["hour"])[~dated].all()
    lead = (events["hour"] - events["hour_known"])[dated] / 24.0
    spread = Z * 1.2533 * chosen.lead_log_sd / np.sqrt(dated.sum())
    assert abs(np.log(np.median(lead) / chosen.lead_days)) < spread
    assert np.abs(events["valence"]).max() <= 1.0


def test_events_are_sorted_and_have_names_of_their_own() -> None:
    events = make_events(settings(), markets(), SEED, 168.0 * 26)
    assert len(np.unique(events["key"])) == len(events)
    assert (np.diff(events["hour"]) >= 0).all()
    assert events["hour"].min() >= 0 and events["hour"].max() < 168.0 * 26
    assert np.array_equal(events, make_events(settings(), markets(), SEED, 168.0 * 26))


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    short = make_events(settings(), markets(), SEED, 168.0 * 4)
    long = make_events(settings(), markets(), SEED, 168.0 * 30)
    assert np.array_equal(short, long[: len(short)])


@pytest.mark.parametrize("p_elsewhere", [0.0, 0.3])
def test_without_a_market_the_others_keep_their_events(p_elsewhere: float) -> None:
    chosen, gone = settings(p_elsewhere=p_elsewhere), 17
    everywhere, fewer = markets(), markets(without=gone)
    full = make_events(chosen, everywhere, SEED, 168.0 * 26)
    less = make_events(chosen, fewer, SEED, 168.0 * 26)
    less["market"] += less["market"] >= gone  # rows of the full list
    concerned = np.isin(full["market"], np.flatnonzero(everywhere.regions == gone % 6))
    if p_elsewhere == 0.0:
        concerned = full["market"] == gone
    rest = full[~concerned]
    kept = less[np.isin(less["key"], rest["key"])]
    assert np.array_equal(kept, rest)
    # in its region, all but what happened there or descends from it stands as it was
    same = np.isin(full["key"], less["key"])
    assert same[full["market"] != gone].mean() > (1.0 if p_elsewhere == 0.0 else 0.97) - 1e-12


def test_the_day_has_its_rhythm() -> None:
    events = make_events(settings("steady", rhythm_ratio=4.0), markets(), SEED, 168.0 * 52)
    local = np.mod(events["hour"] + markets().utc_offsets[events["market"]], 24.0)
    peak, trough = np.abs(local - 13.0) < 1.0, np.abs(local - 1.0) < 1.0
    assert peak.sum() / trough.sum() == pytest.approx(4.0, rel=0.15)


def test_the_clock_of_the_day_keeps_the_number_of_hours() -> None:
    clock = np.array([[0.0, 24.0, 240.0]])
    hours = by_day(clock, np.array([[5.5]]), 4.0)
    np.testing.assert_allclose(np.diff(hours), [[24.0, 216.0]], atol=1e-9)
    np.testing.assert_allclose(by_day(clock, np.array([[-3.0]]), 1.0), clock, atol=1e-9)


def test_where_an_event_is_heard() -> None:
    places = markets(12)
    event = make_events(settings(), places, SEED, 2000.0)[:1].copy()
    event["market"], event["scope"] = 7, MARKET
    assert [list(x) for x in affected(event[0], places, 0.3)] == [[7], [1.0]]
    event["scope"] = REGION
    assert [list(x) for x in affected(event[0], places, 0.3)] == [[1, 7], [0.3, 1.0]]
    event["scope"] = WORLD
    rows, weights = affected(event[0], places, 0.3)
    assert len(rows) == 12 and weights.sum() == pytest.approx(1 + 11 * 0.3)


def test_a_crisis_is_one_surprise_and_sets_off_more() -> None:
    quiet = make_events(settings("none"), markets(), SEED, 1000.0, crisis=300.0)
    assert len(quiet) == 1
    assert (quiet["hour"][0], quiet["hour_known"][0], quiet["scope"][0]) == (300.0, 300.0, WORLD)
    assert quiet["severity"][0] == 10.0 and quiet["foreseeable"][0] == 0
    calm = make_events(settings(), markets(), SEED, 1000.0)
    struck = make_events(settings(), markets(), SEED, 1000.0, crisis=300.0)
    assert np.isin(calm["key"], struck["key"]).all()  # whatever else happens happens anyway
    assert len(make_events(settings("none"), markets(), SEED, 1000.0)) == 0


def test_laws_by_hand() -> None:
    assert laws.decay_per_hour(12.0) ** 12 == pytest.approx(0.5)
    assert laws.bump(2.0, 0.3) == pytest.approx(0.6)
    assert laws.immigrant_rate(3.36, 0.5) == pytest.approx(0.01)
    assert laws.p_foreseeable_immigrant(0.3, 0.5) == pytest.approx(0.6)
    assert laws.p_foreseeable_immigrant(0.6, 0.5) == 1.0
    assert laws.pareto(0.0, 0.5, 8.0, 2.0) == pytest.approx(0.5)
    assert laws.pareto(1.0, 0.5, 8.0, 2.0) == pytest.approx(8.0)
    assert laws.pareto_mean(1.0, 2.0, 2.0) == pytest.approx(2 * 0.5 / 0.75)
    assert laws.p_scope(0.05, 4.0, 0.5) == pytest.approx(0.4)
    assert laws.p_scope(0.5, 4.0, 0.5) == 1.0


def test_nonsense_is_refused() -> None:
    for wrong in ({"branching": 1.0}, {"severity_max": 0.1}, {"topic_weights": [1.0]},
                  {"kind": "storms"}, {"spill": 2.0}, {"unknown": 1}):  # fmt: skip
        with pytest.raises(ValidationError):
            settings(**wrong)
