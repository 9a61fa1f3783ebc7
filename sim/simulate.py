"""One world, all arms: warm up once under the baseline, fork, run each arm, observe.

    [tested, against] = simulate_world([proactive, status_quo], status_quo, draw=3, replicate=0)
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from sim.errors import UserError
from sim.inauthentic import false_counts, with_inauthentic
from sim.invariants import check_identities, check_thoroughly
from sim.mechanisms.circumstance import LateEntrants
from sim.model import DiplomacyModel
from sim.observe import (
    account_table,
    audience_table,
    informed,
    measure,
    post_tables,
    standing,
    start_measuring,
    today,
    visits,
)
from sim.ranks import rank_table
from sim.run import Run
from sim.scenario import Scenario
from sim.strategy.desks import Desks
from sim.strategy.fairness import (
    BY_VOLUME,
    Evidence,
    check_at_rest,
    check_fairness,
    originals,
    refuse_contradictions,
    smaller_plans,
)
from sim.strategy.volume import EvenOffice
from sim.under_way import day_is_over, days_in_all
from sim.vocabulary import COPY, HOURS_PER_WEEK, OURS
from sim.world.news import crisis_row


def simulate_world(arms: Sequence[Scenario], baseline: Scenario, draw: int,
                   replicate: int) -> list[Run]:  # fmt: skip
    """One Run per arm, in order. All scenarios have the same world settings (checked), with the
    parameters of this draw already in place; `baseline` is the policy of the warm-up."""
    for arm in arms:
        refuse_another_world(arm, baseline)
    fair, policies = baseline.settings.fair, [arm.policy for arm in arms]
    refuse_contradictions(fair, baseline.settings.days, policies)
    with days_in_all(days_of(arms, baseline)):
        model, volume = warm_up(arms, baseline, draw, replicate)
        done = [
            run_arm(model, arm, last=k == len(arms) - 1, volume=volume)
            for k, arm in enumerate(arms)
        ]
    model.close()
    check_fairness(fair, policies, [evidence for _, evidence in done])
    if any(("replies_given", "all") in run.values for run, _ in done):
        for run, _ in done:
            run.values.setdefault(("replies_given", "all"), 0.0)  # no hours, no answers
    return [run for run, _ in done]


def days_of(arms: Sequence[Scenario], baseline: Scenario) -> int:
    """Days that one world with these arms takes to simulate, and one for loading it."""
    return 1 + baseline.settings.warmup_days + sum(arm.settings.days for arm in arms)


def refuse_another_world(arm: Scenario, baseline: Scenario) -> None:
    """Arms fork from one warm-up: whatever is not policy must be the same."""
    if arm.world_keys() != baseline.world_keys():
        raise ValueError("arms of one world may differ in their policy only")


def warm_up(arms: Sequence[Scenario], baseline: Scenario, draw: int, replicate: int
            ) -> tuple[DiplomacyModel, np.ndarray | None]:  # fmt: skip
    """The state from which all arms of a world fork, and, where all publish the same, how much."""
    model = DiplomacyModel(baseline, draw, replicate, entrants=entrants_of(arms))
    day_is_over()
    model.run_for(baseline.settings.warmup_days)
    start_measuring(model.engine)
    if any(arm.policy.notification.pushes for arm in arms):
        model.engine.watch(crisis_row(model.world.events, model.world.seed))
    fair = baseline.settings.fair
    return model, equal_volume(model, arms) if fair in BY_VOLUME else None


def equal_volume(model: DiplomacyModel, arms: Sequence[Scenario]) -> np.ndarray:
    """float64[n_accounts, n_weeks]: originals of every arm, from the arms' budgets alone."""
    assert isinstance(model.strategy, Desks)
    return smaller_plans([model.strategy.plans(arm.policy) for arm in arms])


def entrants_of(arms: Sequence[Scenario]) -> LateEntrants | None:
    """The accounts that will speak in some arm; they stand in the world of all of them."""
    found = [arm.circumstance for arm in arms if isinstance(arm.circumstance, LateEntrants)]
    for one in found[1:]:
        if one.model_dump(exclude={"from_day"}) != found[0].model_dump(exclude={"from_day"}):
            raise UserError(
                "Both arms have late entrants, but not the same ones: give them one "
                "circumstance.n_accounts, followers and so on, or leave one circumstance out."
            )
    return found[0] if found else None


def run_arm(warm: DiplomacyModel, arm: Scenario, *, last: bool = False,
            volume: np.ndarray | None = None) -> tuple[Run, Evidence]:  # fmt: skip
    """The measured days of one arm, from the state in which the warm-up ended; the last arm takes
    that state instead of a copy. `volume`: originals per account and week, where all arms publish
    the same."""
    began = time.perf_counter()
    model, fair = warm.fork(arm, last=last), arm.settings.fair
    if volume is not None and isinstance(model.strategy, Desks):
        model.strategy = model.strategy.at_equal_volume(volume, same_quality=fair != "volume")
        model.view.ledger = model.strategy.ledger
    half_life = 24.0 * getattr(arm.opinion, "half_life_days", 1.0)
    start = standing(model.engine, half_life)
    before = given_hours(model)
    days: dict[str, list[float]] = {}
    for _ in range(arm.settings.days):
        model.step()
        check_at_rest(fair, model.engine.state.attention)
        if arm.settings.checks == "daily":
            check_thoroughly(model.engine)
        for name, value in today(model.engine.state).items():
            days.setdefault(name, []).append(value)
    hours = given_hours(model) - before
    ours = model.world.accounts.sides == OURS
    posts: dict[str, np.ndarray] = {}
    shares: dict[str, np.ndarray] = {}
    audience: dict[str, np.ndarray] = {}
    if arm.settings.keep == "posts":
        posts, shares = post_tables(model.engine, model.world, start)
        audience = audience_table(
            model.world, model.engine.state, arm.follower_scale, arm.settings.days
        )
    values = (
        measure(model.engine, model.world, start, float(hours[ours].sum()), half_life)
        | (informed(model.engine, model.world, arm) if len(model.engine.state.noticed) else {})
        | visits(model.engine, model.world, start, arm)
    )
    false = false_counts(
        model.engine, model.world, start.followers, start.hour, arm.contamination
    )  # fmt: skip
    run = Run(
        values=values | with_inauthentic(
            values, model.engine, model.world, start.hour, false, arm.contamination
        ),
        daily={name: np.array(series) for name, series in days.items()},
        accounts=account_table(model.engine, model.world, start, hours),
        ranks=rank_table(model.engine, model.world, start.hour, false),
        posts=posts, shares=shares, audience=audience,
        checks=check_identities(model.engine, start.followers, start.impressions)
        | check_hours(model)
        | check_slots(model, start.hour),
        seconds=time.perf_counter() - began,
    )  # fmt: skip
    evidence = Evidence(
        books=getattr(model.strategy, "ledger", None),
        originals=originals(first_hand(model)[: 0 if volume is None else None], start.hour),
    )
    model.close()
    return run, evidence


def first_hand(model: DiplomacyModel) -> np.ndarray:
    """LIVE rows of all posts but copies."""
    posts = model.engine.posts
    return posts[posts["kind"] != COPY]


def given_hours(model: DiplomacyModel) -> np.ndarray:
    """float64[n_accounts]: staff hours worked so far, as the books have them."""
    if isinstance(model.strategy, Desks):
        return np.asarray(model.strategy.ledger.given.sum(axis=1))
    return np.zeros(len(model.world.accounts))


def check_hours(model: DiplomacyModel) -> dict[str, float]:
    """The worst relative deviation of hours spent from hours given, per account and week."""
    if not isinstance(model.strategy, Desks):
        return {}
    if model.engine.hour % HOURS_PER_WEEK == 0:
        model.strategy.office.turn(model.engine.hour // HOURS_PER_WEEK)  # closes the last week
    return {"hours spent = hours given": model.strategy.ledger.check()}


def check_slots(model: DiplomacyModel, since: float) -> dict[str, float]:
    """At equal volume: how far any account and measured week is from its number of originals."""
    office = getattr(model.strategy, "office", None)
    if not isinstance(office, EvenOffice):
        return {}
    weeks = range(int(since) // HOURS_PER_WEEK, model.engine.hour // HOURS_PER_WEEK)
    return {"originals = slots of the week": office.slots.check(weeks)}
