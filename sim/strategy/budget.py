"""Budgets: what the hours of each account buy in a week, as columns.

The tested policy speaks for the accounts of the ministry; all others keep the hours of their rows
and the manner of their kind. Everybody pays the prices of sim/mechanisms/work. Training, exchange
and what a mission does not use come off the hours before anything else is bought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import work as laws
from sim.mechanisms.comments import answers_per_hour
from sim.mechanisms.heads import used_hours
from sim.state import POST
from sim.strategy.language import concerned
from sim.vocabulary import KINDS, OURS

if TYPE_CHECKING:
    from sim.mechanisms.clearance import Desk
    from sim.mechanisms.rivals import Manner, Rivals
    from sim.mechanisms.work import Work
    from sim.strategy.crossposting import Copies
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts

MOST_MEDIA = 0.95  # share of posts with an image or a video, at most
Column = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Week:
    """float64[n_accounts]: what a week begins with."""

    given: Column  # staff hours of the ministry's accounts; others: those of the table
    use: Column  # share of the hours beyond the table's that a mission uses
    rhythm: Column  # hours and posts over the mean week's: 1, or an irregular account's
    planned: Column  # share of the ministry's posting hours spent ahead of events

    def equals(self, other: Week) -> bool:
        """Whether nothing has changed."""
        return all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("given", "use", "rhythm", "planned")
        )


@dataclass(frozen=True, kw_only=True)
class Budget:
    """float64[n_accounts] unless said otherwise; hours per week."""

    hours: Column
    training: Column
    exchange: Column
    replies: Column
    unused: Column  # given to a mission and not used for its posts
    planned: Column  # share of the hours spent ahead of events, after the duty share
    monitoring: Column
    planning: Column
    reactive: Column  # for answers and routine posts
    proactive: Column  # for prepared and campaign posts
    idle: Column  # hours of accounts that publish nothing: polish for ever
    n_posts: Column  # per week
    usual_posts: Column  # per week, in the table
    cost: Column  # hours per post; inf where no post is ever made
    copying: Column  # of which for copies on further platforms
    paid: Column  # the same, but 0 where no post is ever made
    rate: Column  # posts per hour, 1 / cost
    price: Column  # of the mix of media and languages, over plain text
    cap: Column  # most hours banked for answers and routine
    reserve: Column  # of which kept back for events
    kept: Column  # the same as a share of a week's reactive hours
    tone_steps: Column  # float64[n_accounts, 4], cumulated shares
    media_steps: Column  # float64[n_accounts, 2], likewise
    local: Column  # share of posts in the account's own language
    both: Column  # uint8, 128 where such a post is bilingual
    share_events: Column  # of planned posts, prepared for events at most
    stickers: Column  # share of posts, of those that would be text
    answer_rate: Column
    clearance: Column
    risk: Column  # of a blunder in an answer, over the price list's
    between_looks: Column
    lean: Column
    gain: Column
    blank_posts: Column  # POST[n_accounts]: account and hours filled in

    @property
    def active(self) -> np.ndarray:
        """bool: accounts that ever post."""
        return np.isfinite(self.cost)


def make_budget(
    policy: Policy, work: Work, rivals: Rivals, accounts: Accounts, week: Week, desk: Desk,
    copies: Copies, *, same_media: bool = False,
) -> Budget:  # fmt: skip
    """The budgets of all accounts under one policy in one week, with these copies of their posts;
    `same_media`: media as in the table, whatever an hour buys."""
    table_hours = np.asarray(accounts.hours_per_week, np.float64) * week.rhythm
    table_posts = np.asarray(accounts.posts_per_week, np.float64) * week.rhythm
    ours = np.asarray(accounts.sides) == OURS
    lever = {
        name: np.where(ours, policy.posture.lever(name, getattr(work, name)), getattr(work, name))
        for name in ("share_events", "share_monitoring", "reserve")
    }
    own: dict[str, float | Column] = {
        "rho": week.planned,
        "answer_rate": policy.posture.lever("answer_rate", work.answer_rate),
        "clearance_hours": work.clearance_hours * policy.clearance.rel_delay(desk),
        "lean": work.stance, "gain": 0.0,
    }  # fmt: skip

    def column(name: str) -> Column:
        return np.where(ours, own.get(name, np.nan), _of_kind(accounts, rivals, name))

    given = week.given * week.rhythm
    all_hours = np.where(ours, given, table_hours * _of_kind(accounts, rivals, "rel_hours"))
    used = np.where(ours, used_hours(given, table_hours, week.use), all_hours)
    training = np.where(ours, policy.training.share * used, 0.0)
    exchange = np.where(ours, policy.exchange.share * used, 0.0)
    replies = np.where(ours, policy.replies.share * used, 0.0)
    hours = used - training - exchange - replies
    planned = np.minimum(column("rho"), 1.0 - work.share_duty)
    monitoring = laws.monitoring_hours(hours, planned, lever["share_monitoring"])
    planning = laws.planning_hours(hours, planned, work.share_planning)
    active = (hours > 0) & (table_posts > 0)
    base = np.where(table_hours > 0, table_hours, np.where(hours > 0, hours, 1.0))
    wanted = laws.posts_per_week(table_posts, hours, base, work.volume_elasticity)
    n_posts, divisor = np.where(active, wanted, 0.0), np.where(active, wanted, 1.0)
    content = hours - monitoring - planning
    cost = np.where(active, content / divisor, np.inf)
    over_table = np.where(active, hours / base * table_posts / divisor, 1.0)  # hours per post
    growth = laws.media_growth(over_table, 1.0, work.media_saturation)
    image, video = _media(accounts, np.ones_like(growth) if same_media else growth)
    stickers = np.where(ours, policy.media.stickers(1.0 - image - video), 0.0)
    copying = np.where(active, copies.cost(image, video, stickers), 0.0)
    cost, n_posts = _beside_copies(cost, n_posts, copying, work.volume_elasticity)
    local, both = _languages(policy, accounts, ours)
    reactive = np.where(active, (1.0 - planned) * hours - monitoring, 0.0)
    proactive = np.where(active, planned * hours - planning, 0.0)
    one = np.maximum(reactive, np.where(active, cost, 0.0))
    reserve = lever["reserve"] * one
    chosen = policy.tone_cap.capped(policy.tone.mixes(accounts.tone_mixes), accounts.kinds)
    mixes = np.where(ours[:, None], chosen, accounts.tone_mixes)
    blank = np.zeros(len(cost), POST)
    blank["account"], blank["platform"] = np.arange(len(cost)), copies.venues.first
    blank["hours"] = np.where(active, cost, 0.0) - copying
    blank["answering"] = answers_per_hour(replies, work.hours_per_answer)
    blank["style"] = np.where(ours, policy.readability.style, 0)
    return Budget(
        hours=all_hours, training=training, exchange=exchange, replies=replies,
        unused=all_hours - used,
        planned=planned, monitoring=monitoring, planning=planning,
        reactive=reactive, proactive=proactive, idle=content - reactive - proactive,
        n_posts=n_posts, usual_posts=table_posts, cost=cost, copying=copying,
        paid=np.where(active, cost, 0.0),
        rate=1.0 / cost, local=local, both=both, reserve=reserve, kept=lever["reserve"],
        share_events=lever["share_events"],
        price=laws.price(image, video, local, work.rel_hours_image, work.rel_hours_video,
                         np.where(both > 0, work.rel_hours_bilingual,
                                  work.rel_hours_local_language))
         * np.where(ours, policy.readability.rel_hours(work) * policy.tagging.rel_hours(work), 1.0)
         + stickers * (work.rel_hours_sticker - 1.0),
        cap=np.maximum(reactive, np.where(active, cost, 0.0) + reserve),
        tone_steps=np.cumsum(mixes, axis=1)[:, :-1],
        media_steps=np.column_stack([1.0 - image - video, 1.0 - video]), stickers=stickers,
        answer_rate=column("answer_rate"), clearance=column("clearance_hours"),
        risk=np.where(ours, policy.clearance.rel_blunder(desk), 1.0),
        between_looks=laws.hours_between_looks(monitoring, work.checks_per_hour),
        lean=column("lean"), gain=column("gain"), blank_posts=blank,
    )  # fmt: skip


def _beside_copies(cost: Column, n_posts: Column, copying: Column,
                   elasticity: float) -> tuple[Column, Column]:  # fmt: skip
    """Hours per post and posts per week where posts are copied; the content hours stay the same."""
    some = copying > 0.0
    own = laws.hours_beside_copies(np.where(some, cost, 1.0), copying, elasticity)
    wider = np.where(some, own + copying, cost)
    return wider, np.where(some, n_posts * np.where(some, cost, 1.0) / wider, n_posts)


def _media(accounts: Accounts, growth: Column) -> tuple[Column, Column]:
    """Shares of posts with an image and with a video, grown with the hours per post."""
    image = np.asarray(accounts.image_shares, np.float64) * growth
    video = np.asarray(accounts.video_shares, np.float64) * growth
    fit = np.minimum(1.0, MOST_MEDIA / np.maximum(image + video, 1e-9))
    return image * fit, video * fit


def _languages(policy: Policy, accounts: Accounts, ours: np.ndarray) -> tuple[Column, Column]:
    """Shares of posts in the accounts' own languages, and the mark of bilingual ones."""
    table = np.asarray(accounts.local_language_shares, np.float64)
    missions = ours & concerned(accounts.kinds, accounts.languages)
    both = np.where(missions, policy.language.mark, 0).astype(np.uint8)
    return policy.language.shares(table, missions), both


def _of_kind(accounts: Accounts, rivals: Rivals, name: str) -> Column:
    """A number of the manner of each account's kind; NaN for the ministry's own."""
    manners: dict[str, Manner] = {
        "rival": rivals.rival, "ally": rivals.ally, "media": rivals.media,
    }  # fmt: skip
    by_kind = [getattr(manners[kind], name) if kind in manners else np.nan for kind in KINDS]
    return np.array(by_kind)[np.asarray(accounts.kinds)]
