"""Proactive work: posts ready for what can be foreseen, own topics at quiet hours.

On the first day of a week each account ranks the events that it knows are coming (weight x
severity x own topic). It prepares posts for the first of them: with p_fit the post fits what
happens and goes out at once; else the hours are lost, or, with p_misfire, it goes out all the same.
Its other planned hours become campaign posts, spread over the week.
"""

from __future__ import annotations

import numpy as np

from sim import streams
from sim.state import POST, joined
from sim.strategy import causes
from sim.strategy.early import Early
from sim.strategy.office import Office
from sim.strategy.repeating import GOLDEN, Said
from sim.strategy.view import NO_POSTS, View
from sim.vocabulary import HOURS_PER_WEEK, POSTURES

PROACTIVE = POSTURES.index("proactive")
OF_A_MESSAGE = (causes.TONE, causes.MEDIA, causes.LANGUAGE, causes.QUALITY, causes.TOPIC)
Pairs = tuple[np.ndarray, np.ndarray]


class Proactive:
    """Prepared and campaign posts of all accounts, from the bank of planned hours."""

    def __init__(self, office: Office, early: Early) -> None:
        self.office, self.early = office, early

    def plan(self, view: View, week: int) -> np.ndarray:
        """The posts of the week that begins."""
        office = self.office
        n_posts = office.plannable()
        n_events = np.ceil(office.budget.share_events * n_posts).astype(np.int64)
        prepared, n_used = self._prepare(view, n_events)
        left = n_posts - n_used
        if office.campaigns is None:
            return joined([prepared, self._campaign(view, week, left)], POST)
        ours, office.campaigns.price = office.craft.learners, office.repeat_parts()
        said = office.campaigns.week(week, np.where(ours, left, 0), office.stems)
        single = self._campaign(view, week, np.where(ours, said.single, left))
        return joined([prepared, single, self._repeated(view, week, said)], POST)

    def daily(self, view: View, day: int) -> np.ndarray:
        """Nothing from day to day."""
        return NO_POSTS

    def answer(self, view: View, event: int) -> np.ndarray:
        """No answers: what was prepared is on its way."""
        return NO_POSTS

    def _prepare(self, view: View, n_events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posts for foreseen events, and the number of posts each account worked on."""
        office, week = self.office, view.week
        n_used = np.zeros(len(n_events), np.int64)
        events, rows = self._ranked(view, n_events)
        if not len(events):
            return NO_POSTS, n_used
        news = view.events(events)
        named = causes.cause(causes.EVENT_CAUSE, news["key"], causes.FIRST)
        keys = causes.post_keys(office.stems[rows], named)
        dice = causes.roll(keys)
        fits = dice[causes.FIT] < office.work.p_fit
        early = self.early.chosen(rows, keys)
        out = fits | early | (dice[causes.BLUNDER] < office.work.p_misfire)
        lost, hours = rows[~out], self.early.hours(early, news["hour"], view.hour)
        if office.central is not None:
            hours = hours.copy()
            hours[out], kept = office.cleared(view.hour, rows[out], keys[out], hours[out])
            out[out] = kept
        office.pay(office.planned_bank, "production", week, rows[out])
        office.pay(office.planned_bank, "lost", week, lost)
        for event in np.unique(events[out]):
            office.prepared[int(event)] = rows[out & (events == event)]
        posts = office.write(
            rows[out], keys[out], dice[:, out], hours[out], posture=PROACTIVE,
            topic=news["topic"][out], event=events[out], blunder=~fits[out],
            valence=news["valence"][out].astype(np.float64),
        )  # fmt: skip
        return posts, n_used + np.bincount(rows, minlength=len(n_used))

    def _ranked(self, view: View, n_events: np.ndarray) -> Pairs:
        """(events, rows): each account's foremost coming events, as many as it has time for."""
        office = self.office
        coming = view.foreseen(view.hour + HOURS_PER_WEEK)
        if not len(coming) or not n_events.any():
            return coming[:0], coming[:0]
        news = view.events(coming)
        heard = [office.hearing.of(one) for one in news]
        sizes = [len(one.rows) for one in heard]
        place = np.repeat(np.arange(len(coming)), sizes)
        rows = np.concatenate([one.rows for one in heard])
        weights = np.concatenate([one.weights for one in heard])
        error = streams.normal(streams.subkey(news["key"], streams.FORESIGHT))
        guess = news["severity"] * np.exp(office.work.foresight_log_sd * error)
        worth = weights * guess[place] * office.interest[news["topic"][place], rows]
        order = np.lexsort((news["key"][place], -worth, rows))
        rows, place = rows[order], place[order]
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
        best = rank < n_events[rows]
        return coming[place[best]], rows[best]

    def _campaign(self, view: View, week: int, counts: np.ndarray) -> np.ndarray:
        """Posts on own topics, at quiet hours, spread over the week whatever their number."""
        office, work = self.office, self.office.work
        rows = np.repeat(np.arange(len(counts)), counts)
        if not len(rows):
            return NO_POSTS
        ordinals = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        named = causes.cause(causes.WEEK_CAUSE, week, ordinals.astype(np.uint64))
        keys = causes.post_keys(office.stems[rows], named)
        dice = causes.roll(keys)
        first = causes.post_keys(
            office.stems[rows], causes.cause(causes.WEEK_CAUSE, week, causes.FIRST))  # fmt: skip
        start = causes.roll(first)[causes.LATENCY]
        days = np.floor(7.0 * np.mod(start + GOLDEN * ordinals, 1.0))
        local = work.quiet_from + dice[causes.TIMING] * (work.quiet_to - work.quiet_from)
        hours = HOURS_PER_WEEK * week + 24.0 * days + office.local_to_utc(rows, local)
        if office.central is not None:
            hours, kept = office.cleared(view.hour, rows, keys, hours)
            rows, keys, dice, hours = rows[kept], keys[kept], dice[:, kept], hours[kept]
        office.pay(office.planned_bank, "production", week, rows)
        topics = office.own_topics(rows, dice[causes.TOPIC])
        return office.write(rows, keys, dice, hours, posture=PROACTIVE, topic=topics)

    def _repeated(self, view: View, week: int, said: Said) -> np.ndarray:
        """Posts of messages that are said several times: what is said is the message's, when and
        to whom it comes is the post's."""
        office, work, rows = self.office, self.office.work, said.rows
        if not len(rows):
            return NO_POSTS
        named = causes.cause(causes.REPEAT_CAUSE, said.messages, said.ordinals)
        keys = causes.post_keys(office.stems[rows], named)
        dice, meant = causes.roll(keys), causes.roll(said.messages)
        for what in OF_A_MESSAGE:
            dice[what] = meant[what]
        local = work.quiet_from + dice[causes.TIMING] * (work.quiet_to - work.quiet_from)
        hours = 24.0 * said.days + office.local_to_utc(rows, local)
        messages, again = said.messages, said.ordinals > 0
        if office.central is not None:
            hours, kept = office.cleared(view.hour, rows, keys, hours)
            rows, keys, dice, hours = rows[kept], keys[kept], dice[:, kept], hours[kept]
            messages, again = messages[kept], again[kept]
        parts = np.where(again, office.repeat_parts()[rows], 1.0)
        office.pay(office.planned_bank, "production", week, rows, parts)
        topics = office.own_topics(rows, dice[causes.TOPIC])
        posts = office.write(rows, keys, dice, hours, posture=PROACTIVE, topic=topics)
        posts["message"] = messages
        posts["hours"] *= np.where(again, work.rel_hours_repeat, 1.0)
        return posts
