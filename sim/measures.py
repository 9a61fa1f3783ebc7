"""What is measured, in the vocabulary of evaluators of public communication.

Stages follow AMEC's Integrated Evaluation Framework (inputs, outputs, out-takes, outcomes). A
measure observes a finished run and changes nothing. `better` says in which direction a ministry
would want it to move; `none` where more is neither better nor worse.
"""

from __future__ import annotations

from dataclasses import dataclass

WITH_INAUTHENTIC = "with inauthentic accounts"  # group: as the platform's own counters read
STAGES = ("inputs", "outputs", "out-takes", "outcomes")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One declared measure: how it is called, counted and judged."""

    name: str
    stage: str
    label: str
    unit: str
    better: str  # higher | lower | none
    about: str
    assumed: bool = False  # rests on assumed effect sizes, informed by no calibration target
    # Compared through the log of the total: a few great posts, or parameter draws in which
    # everybody looks five times as often, would otherwise decide the mean on their own.
    heavy_tailed: bool = False
    is_rate: bool = False  # of a total: more means do not make it grow as they do the total
    needs: str = ""  # what must be on for it to be measured: notification | website | tags


MEASURES: tuple[Measure, ...] = (
    Measure(name="hours", stage="inputs", label="Staff hours", unit="hours", better="none",
            about="Hours worked by all accounts of the ministry over the measured days."),
    Measure(name="posts", stage="inputs", label="Original posts", unit="posts", better="none",
            about="Originals published by the ministry's accounts."),
    Measure(name="impressions", stage="outputs", label="Impressions", unit="views",
            heavy_tailed=True, better="higher",
            about="Times a post of the ministry was seen, repeats included."),
    Measure(name="unique_reach", stage="outputs", label="Unique reach", unit="people",
            heavy_tailed=True, better="higher",
            about="Different people who saw at least one of its posts."),
    Measure(name="target_reach", stage="outputs", label="Reach in the target public",
            unit="people", heavy_tailed=True, better="higher",
            about="Different people of a mission's host public who saw a post of that mission, or "
            "of headquarters or a multilateral mission."),
    Measure(name="frequent_reach", stage="outputs", label="Reached three times or more",
            unit="people", heavy_tailed=True, better="higher",
            about="People of the target public who saw three or more of its posts."),
    Measure(name="share_of_voice", stage="outputs", label="Share of voice", unit="share",
            better="higher",
            about="Impressions of the ministry over those of all accounts before the host publics, "
            "all topics together."),
    Measure(name="reach_per_hour", stage="outputs", label="Target reach per 1,000 staff hours",
            unit="people", heavy_tailed=True, is_rate=True, better="higher",
            about="1,000 target_reach / hours; compared as reach is."),
    Measure(name="impressions_per_post", stage="outputs", label="Impressions of the median post",
            unit="views", better="higher",
            about="Median over the originals published in the measured days: what a usual post "
            "gets, whatever the few great ones do."),
    Measure(name="citizens_informed", stage="outputs", label="Citizens informed of the crisis",
            unit="share", better="higher", needs="notification",
            about="Own citizens in the market of the crisis who read the notice, or saw a post of "
            "the ministry about the crisis, by the end of the run."),
    Measure(name="hours_to_reach_50", stage="outputs", label="Hours to reach half the citizens",
            unit="hours", better="lower", needs="notification",
            about="From the crisis until half of these citizens are informed; the hours left in "
            "the run where that never happens, which is then said."),
    Measure(name="hours_to_reach_90", stage="outputs", label="Hours to reach 90 % of the citizens",
            unit="hours", better="lower", needs="notification",
            about="Likewise for nine in ten of them."),
    Measure(name="website_visits", stage="outputs", label="Website visits", unit="visits",
            heavy_tailed=True, better="higher", needs="website",
            about="Visits of the own public and by clicks on linked posts; no part of reach or "
            "impressions."),
    Measure(name="impressions_tags", stage="outputs", label="Impressions under tags", unit="views",
            better="higher", needs="tags",
            about="Of its impressions, those of people who looked at a tag."),
    Measure(name="hijacks", stage="out-takes", label="Posts of rivals under its tags", unit="posts",
            better="lower", needs="tags",
            about="Posts of rivals that took up a tag of the ministry's own."),
    Measure(name="shares", stage="out-takes", label="Shares", unit="shares", better="higher",
            heavy_tailed=True, about="Friendly re-shares of its posts at any depth, core too."),
    Measure(name="hostile_shares", stage="out-takes", label="Hostile shares", unit="shares",
            better="lower", heavy_tailed=True, about="Quotes that mock or oppose."),
    Measure(name="likes", stage="out-takes", label="Likes", unit="likes", better="higher",
            heavy_tailed=True, about="Likes of its posts."),
    Measure(name="replies_given", stage="out-takes", label="Comments answered", unit="answers",
            better="none", heavy_tailed=True,
            about="People who commented and were answered, where hours are kept for it."),
    Measure(name="response_time", stage="out-takes", label="Response time", unit="hours",
            better="lower", about="Mean time between a comment and its answer."),
    Measure(name="shares_per_post", stage="out-takes", label="Shares of the median post",
            unit="shares", better="higher", about="Median over the same originals."),
    Measure(name="followers_gained", stage="out-takes", label="Followers gained, net",
            unit="followers", better="higher", about="Joined minus left, over all its accounts."),
    Measure(name="first_frame_share", stage="outcomes", label="First frame ours", unit="share",
            better="higher",
            about="Of the occasions on which somebody of the target public met an event in a post "
            "of any account, the share in which ours was the first frame met."),
    Measure(name="backlash", stage="outcomes", label="Backlash in the target public",
            unit="per 1,000 impressions",
            better="lower",
            about="Hostile shares per 1,000 impressions in the target public."),
    Measure(name="favourability_shift", stage="outcomes", label="Favourability shift",
            unit="sd", better="higher", assumed=True,
            about="Mean change of favourability since the fork, over the target public, in "
            "standard deviations of its baseline."),
    Measure(name="polarisation", stage="outcomes", label="Polarisation", unit="sd", better="lower",
            assumed=True,
            about="Change in the spread of favourability over the target public since the fork, "
            "in standard deviations of its baseline."),
)  # fmt: skip

BY_NAME = {measure.name: measure for measure in MEASURES}
