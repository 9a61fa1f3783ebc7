"""Reactive work: answers events after monitoring, clearance and production; else routine.

An account takes up an event when its die allows, its bank pays for a post and the answer would not
come too late; it may come back to the same event with further answers, each less likely. What the
reserve does not keep back goes into routine posts at office hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.mechanisms import work as laws
from sim.state import POST, joined
from sim.strategy import causes
from sim.strategy.hearing import Heard, joined_heard
from sim.strategy.office import Office
from sim.strategy.view import NO_POSTS, View
from sim.vocabulary import POSTURES

REACTIVE, ROUTINE = POSTURES.index("reactive"), POSTURES.index("routine")


@dataclass(frozen=True, kw_only=True)
class Willing:
    """Answers that accounts would give to some events: by event, ordinal and account."""

    news: np.ndarray  # EVENT, the events
    events: np.ndarray  # int64[n], which of them
    rows: np.ndarray  # int64[n], accounts
    ordinals: np.ndarray  # int64[n]: 0 is an account's first answer to the event
    keys: np.ndarray  # uint64[n]
    dice: np.ndarray  # float64[9, n]
    latency: np.ndarray  # float64[n], hours from the event; clearance may change it

    def turns(self) -> list[slice]:
        """The answers to each event that has any."""
        first = np.flatnonzero(np.diff(self.events, prepend=-1)).tolist()
        return [slice(a, b) for a, b in zip(first, [*first[1:], len(self.events)], strict=True)]


class Reactive:
    """Answers and routine posts of all accounts, from the bank of reactive hours."""

    def __init__(self, office: Office) -> None:
        self.office = office
        order = np.arange(office.work.most_answers)
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

    def answers(self, view: View, events: np.ndarray) -> np.ndarray:
        """Answers to events (rows, in the order in which they break) of one day. The dice of all
        are thrown at once; hours are paid event by event, since an answer to one may leave nothing
        for the next."""
        office = self.office
        if office.one_by_one and len(events) > 1:
            return joined([self.answers(view, events[k : k + 1]) for k in range(len(events))], POST)
        willing = self._willing(view, events)
        if willing is None:
            return NO_POSTS
        given = [self._given(view, willing, turn) for turn in willing.turns()]
        chosen = np.concatenate(given)
        if not len(chosen):
            return NO_POSTS
        rows, keys, dice = willing.rows[chosen], willing.keys[chosen], willing.dice[:, chosen]
        latency, of = willing.latency[chosen], willing.events[chosen]
        hasty = laws.p_blunder(office.work.p_blunder, latency, office.work.haste_hours)
        hasty *= office.risk[rows]
        blunder = dice[causes.BLUNDER] < hasty
        if office.central is not None:
            blunder &= ~office.caught(rows, keys)
        news = willing.news[of]
        return office.write(
            rows, keys, dice, news["hour"] + latency, posture=REACTIVE, topic=news["topic"],
            event=events[of], blunder=blunder, valence=news["valence"].astype(np.float64),
        )  # fmt: skip

    def _given(self, view: View, willing: Willing, turn: slice) -> np.ndarray:
        """Which (indices) of the willing answers to one event are paid for and given in time."""
        office = self.office
        rows, ordinals = willing.rows[turn], willing.ordinals[turn]
        paid = (ordinals + 1.0 <= office.payable(rows)).nonzero()[0]
        if not len(paid):
            return paid
        rows, ordinals, chosen = rows[paid], ordinals[paid], paid + turn.start
        latency = willing.latency[chosen]
        in_time = latency <= office.work.answer_horizon_hours
        now = float(willing.news["hour"][willing.events[turn.start]])
        kept = office.admits(rows, ordinals, now + latency, in_time)
        if not kept.all():
            rows, chosen = rows[kept], chosen[kept]
        if office.central is not None:
            kept = self._cleared(now, rows, willing, chosen)
            rows, chosen = rows[kept], chosen[kept]
        office.pay(office.bank, "production", view.week, rows)
        return chosen

    def _cleared(
        self, now: float, rows: np.ndarray, willing: Willing, chosen: np.ndarray
    ) -> np.ndarray:
        """bool: the answers of the ministry that the central desk clears in time, and all others;
        they go out once cleared."""
        central, mine = self.office.central, self.office.craft.learners[rows]
        assert central is not None
        ours = chosen[mine]
        done, taken = central.clear(
            now, now + willing.latency[ours], willing.keys[ours],
            np.full(len(ours), now + self.office.work.answer_horizon_hours))  # fmt: skip
        willing.latency[ours] = done - now
        kept = np.ones(len(rows), np.bool_)
        kept[mine] = taken
        return kept

    def _hearers(self, news: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, Heard]:
        """(events, columns): who hears the events and could pay for an answer as the first of them
        breaks, those with a post ready left out; event by event, numbered from 0."""
        office, all_heard = self.office, []
        for one, event in zip(news, events.tolist(), strict=True):
            heard = office.hearing.of(one)
            ready = office.prepared.pop(event, None)
            all_heard.append(heard if ready is None else heard.without(ready))
        of = np.repeat(np.arange(len(news)), [len(heard.rows) for heard in all_heard])
        rows = np.concatenate([heard.rows for heard in all_heard])
        able = (office.payable(rows) >= 1.0).nonzero()[0]
        return of[able], joined_heard(all_heard, able)

    def _willing(self, view: View, events: np.ndarray) -> Willing | None:
        """Answers that accounts would give, were they paid for; None if there are none.

        A further answer to the same event needs the ones before it, and is less likely.
        """
        work, news, named = self.office.work, view.events(events), view.causes(events)
        of, heard = self._hearers(news, events)
        if not len(of):
            return None
        hazard = laws.answer_hazard(
            heard.answer_rates,
            heard.weights * self.office.interest[news["topic"][of], heard.rows],
            news["severity"].astype(np.float64)[of], work.answer_severity,
            work.answer_severity_exponent, heard.planned,
        )  # fmt: skip
        first = causes.post_keys(heard.stems, named[of, 0])
        places = (causes.answer_die(first) < laws.p_answer(hazard)).nonzero()[0]
        if not len(places):
            return None
        causes_of = named[of[places], : work.most_answers].T
        keys = causes.post_keys(heard.stems[places], causes_of)
        yes = causes.answer_die(keys) < laws.p_answer(self._readiness * hazard[places])
        for k in range(1, len(yes)):
            yes[k] &= yes[k - 1]
        ordinals, chosen = yes.nonzero()
        order = np.argsort(of[places[chosen]], kind="stable")
        ordinals, chosen = ordinals[order], chosen[order]
        rows, named_by = heard.rows[places[chosen]], keys[ordinals, chosen]
        dice = causes.roll(named_by)
        return Willing(
            news=news, events=of[places[chosen]], rows=rows, ordinals=ordinals, keys=named_by,
            dice=dice, latency=self._latency(rows, ordinals, dice),
        )  # fmt: skip

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
