"""Reactive work: answers events after monitoring, clearance and production; else routine.

An account takes up an event when its die allows, its bank pays for a post and the answer would not
come too late; it may come back to the same event with further answers, each less likely. What the
reserve does not keep back goes into routine posts at office hours.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms import work as laws
from sim.strategy import causes
from sim.strategy.hearing import Heard
from sim.strategy.office import Office
from sim.strategy.view import NO_POSTS, View
from sim.vocabulary import POSTURES

REACTIVE, ROUTINE = POSTURES.index("reactive"), POSTURES.index("routine")


class Reactive:
    """Answers and routine posts of all accounts, from the bank of reactive hours."""

    def __init__(self, office: Office) -> None:
        self.office = office
        order = np.arange(office.work.most_answers)
        self._order = order[:, None] + 1.0
        self._readiness = office.work.rel_follow_up ** order[:, None].astype(np.float64)

    def plan(self, view: View, week: int) -> np.ndarray:
        """Nothing is planned."""
        return NO_POSTS

    def daily(self, view: View, day: int) -> np.ndarray:
        """Routine posts from what the bank holds above the reserve."""
        office, work = self.office, self.office.work
        counts = office.routine(day)
        rows = np.repeat(np.arange(len(counts)), counts)
        if not len(rows):
            return NO_POSTS
        ordinals = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        named = causes.cause(causes.DAY_CAUSE, day, ordinals.astype(np.uint64))
        keys = causes.post_keys(office.stems[rows], named)
        dice = causes.roll(keys)
        local = work.office_from + dice[causes.TIMING] * (work.office_to - work.office_from)
        hours = 24.0 * day + office.local_to_utc(rows, local)
        if office.central is not None:
            hours, kept = office.cleared(view.hour, rows, keys, hours)
            rows, keys, dice, hours = rows[kept], keys[kept], dice[:, kept], hours[kept]
        office.pay(office.bank, "production", view.week, rows)
        topics = office.own_topics(rows, dice[causes.TOPIC])
        return office.write(rows, keys, dice, hours, posture=ROUTINE, topic=topics)

    def answer(self, view: View, event: int) -> np.ndarray:
        """Answers to an event that breaks now."""
        office, news = self.office, view.event(event)
        heard = office.hearing.of(news)
        ready = office.prepared.pop(event, None)
        if ready is not None:
            heard = heard.without(ready)
        n_paid = office.payable(heard.rows)
        if not len(n_paid) or n_paid.max() < 1.0:
            return NO_POSTS  # before any die is rolled: many desks have just spent their hours
        rows, ordinals, keys = self._willing(news, view.cause(event), heard, n_paid)
        if not len(rows):
            return NO_POSTS
        dice = causes.roll(keys)
        latency = self._latency(rows, ordinals, dice)
        in_time = latency <= office.work.answer_horizon_hours
        kept = office.admits(rows, ordinals, view.hour + latency, in_time)
        if not kept.all():
            rows, keys, latency, dice = rows[kept], keys[kept], latency[kept], dice[:, kept]
        if office.central is not None:
            rows, keys, dice, latency = self._cleared(view.hour, rows, keys, dice, latency)
        office.pay(office.bank, "production", view.week, rows)
        hasty = laws.p_blunder(office.work.p_blunder, latency, office.work.haste_hours)
        hasty *= office.risk[rows]
        blunder = dice[causes.BLUNDER] < hasty
        if office.central is not None:
            blunder &= ~office.caught(rows, keys)
        return office.write(
            rows, keys, dice, view.hour + latency, posture=REACTIVE, topic=news["topic"],
            event=event, blunder=blunder, valence=float(news["valence"]),
        )  # fmt: skip

    def _cleared(
        self, now: float, rows: np.ndarray, keys: np.ndarray, dice: np.ndarray, latency: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The answers of the ministry once the central desk has cleared them, those in time."""
        central, mine = self.office.central, self.office.craft.learners[rows]
        assert central is not None
        done, taken = central.clear(
            now, now + latency[mine], keys[mine],
            np.full(int(mine.sum()), now + self.office.work.answer_horizon_hours))  # fmt: skip
        later, kept = latency.copy(), np.ones(len(rows), np.bool_)
        later[mine], kept[mine] = done - now, taken
        return rows[kept], keys[kept], dice[:, kept], later[kept]

    def _willing(
        self, news: np.void, named: np.ndarray, heard: Heard, n_paid: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Answers that accounts would give and can pay for: (rows, ordinals, keys).

        A further answer to the same event needs the ones before it, and is less likely.
        """
        work = self.office.work
        hazard = laws.answer_hazard(
            heard.answer_rates, heard.weights * self.office.interest[news["topic"], heard.rows],
            float(news["severity"]), work.answer_severity, work.answer_severity_exponent,
            heard.planned,
        )  # fmt: skip
        first = causes.post_keys(heard.stems, named[:1])
        begun = (causes.answer_die(first) < laws.p_answer(hazard)) & (n_paid >= 1.0)
        places = begun.nonzero()[0]
        if not len(places):
            return places, places, first[:0]
        keys = causes.post_keys(heard.stems[places], named[: work.most_answers, None])
        yes = causes.answer_die(keys) < laws.p_answer(self._readiness * hazard[places])
        yes &= n_paid[places] >= self._order
        for k in range(1, len(yes)):
            yes[k] &= yes[k - 1]
        ordinals, chosen = yes.nonzero()
        return heard.rows[places[chosen]], ordinals, keys[ordinals, chosen]

    def _latency(self, rows: np.ndarray, ordinals: np.ndarray, dice: np.ndarray) -> np.ndarray:
        """Hours from the event to the answer."""
        work, budget = self.office.work, self.office.budget
        sd = work.clearance_log_sd
        spread = np.exp(sd * causes.normal(dice[causes.TIMING]) - 0.5 * sd * sd)
        cleared = budget.clearance[rows] * spread
        first = laws.latency(
            dice[causes.LATENCY], budget.between_looks[rows], cleared, budget.cost[rows],
            work.production_hours)  # fmt: skip
        return np.asarray(first + ordinals * work.follow_up_hours)
