"""One world, all arms: warm up once under the baseline, fork, run each arm, observe.

    [tested, against] = simulate_world([proactive, status_quo], status_quo, draw=3, replicate=0)
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from sim.model import DiplomacyModel
from sim.observe import (
    account_table,
    check_identities,
    measure,
    post_tables,
    standing,
    start_measuring,
    today,
)
from sim.run import Run
from sim.scenario import Scenario
from sim.strategy.desks import Desks
from sim.strategy.ledger import TOLERANCE, Ledger, UnbalancedError, worst_difference
from sim.strategy.policy import Policy
from sim.vocabulary import HOURS_PER_WEEK, OURS


def simulate_world(arms: Sequence[Scenario], baseline: Scenario, draw: int,
                   replicate: int) -> list[Run]:  # fmt: skip
    """One Run per arm, in order. All scenarios have the same world settings (checked), with the
    parameters of this draw already in place; `baseline` is the policy of the warm-up."""
    for arm in arms:
        if arm.world_keys() != baseline.world_keys():
            raise ValueError("arms of one world may differ in their policy only")
    model = DiplomacyModel(baseline, draw, replicate)
    model.run_for(baseline.settings.warmup_days)
    start_measuring(model.engine)
    done = [run_arm(model, arm, last=k == len(arms) - 1) for k, arm in enumerate(arms)]
    model.close()
    check_fairness([arm.policy for arm in arms], [books for _, books in done])
    if any(("replies_given", "all") in run.values for run, _ in done):
        for run, _ in done:
            run.values.setdefault(("replies_given", "all"), 0.0)  # no hours, no answers
    return [run for run, _ in done]


def run_arm(warm: DiplomacyModel, arm: Scenario, *, last: bool = False
            ) -> tuple[Run, Ledger | None]:  # fmt: skip
    """The measured days of one arm, from the state in which the warm-up ended; the last arm takes
    that state instead of a copy."""
    began = time.perf_counter()
    model = warm.fork(arm, last=last)
    half_life = 24.0 * getattr(arm.opinion, "half_life_days", 1.0)
    start = standing(model.engine, half_life)
    before = given_hours(model)
    days: dict[str, list[float]] = {}
    for _ in range(arm.settings.days):
        model.step()
        for name, value in today(model.engine.state).items():
            days.setdefault(name, []).append(value)
    hours = given_hours(model) - before
    ours = model.world.accounts.sides == OURS
    posts: dict[str, np.ndarray] = {}
    shares: dict[str, np.ndarray] = {}
    if arm.settings.keep == "posts":
        posts, shares = post_tables(model.engine, model.world, start)
    run = Run(
        values=measure(model.engine, model.world, start, float(hours[ours].sum()), half_life),
        daily={name: np.array(series) for name, series in days.items()},
        accounts=account_table(model.engine, model.world, start, hours),
        posts=posts, shares=shares,
        checks=check_identities(model.engine, start) | check_hours(model),
        seconds=time.perf_counter() - began,
    )  # fmt: skip
    books: Ledger | None = getattr(model.strategy, "ledger", None)
    model.close()
    return run, books


def check_fairness(policies: Sequence[Policy], books: Sequence[Ledger | None]) -> None:
    """fair=hours: per account and week all arms spend the same hours within 2 %, unless hours are
    what differs between their policies (investment, or silence)."""
    first, first_books = policies[0], books[0]
    for policy, ledger in zip(policies[1:], books[1:], strict=True):
        if first_books is None or ledger is None or policy.investment != first.investment:
            continue
        if policy.posture.is_silent or first.posture.is_silent:
            continue
        worst = worst_difference(first_books, ledger)
        if worst > TOLERANCE:
            raise UnbalancedError(
                f"fair=hours is broken: in some week an account spends {worst:.1%} more in one "
                "arm than in the other"
            )


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

