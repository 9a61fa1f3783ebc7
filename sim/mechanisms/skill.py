"""Skill: a stock per account that training builds, practice keeps up and time wears away.

    K = u + S                                    u usual level, N(0, sd) by the account's name
    S(t+1) = S + [g_T f(T) + g_P (r - 1) / (r + 1)] (1 - max(S, 0) / S_max) - d S
               + g_E f(E) max(M - K, 0)
    T, E     hours of training and of exchange per head and week, heads = max(1, H / 38)
    r        posts of the week over the table's          d = 1 - 2^(-1 / half-life in weeks)
    M        mean level of those in the exchange group who are better than the account
    quality of posts x exp(K - sd^2 / 2)         P(blunder) x exp(-b K)
    c_eff(t) = c(t) + carry (c_eff(t-1) - c(t))  hours per post as they act on quality

A stock that grows by instruction and by doing and is lost slowly (learning and forgetting in
organisations: Argote and Epple 1990, "Learning curves in manufacturing"; Darr, Argote and Epple
1995, "The acquisition, transfer, and depreciation of knowledge"), with the saturation of hours of
media-mix models (sim/mechanisms/work.hill). The last line is their carry-over: what an investment
buys comes into effect over weeks (3-evidence). Training and exchange are paid out of the account's
own hours, so that they cost posts now and pay, if at all, later. All effect sizes are judgement.

Neutral where nobody trains or exchanges and practice, carry-over and spread are 0: S stays exactly
0. Limits: one skill for all work of an account; nobody takes it along on leaving, which is part of
the half-life; skills of rivals, allies and media stay as they are.
"""

from __future__ import annotations

import numpy as np

from sim.law import law
from sim.mechanisms.work import hill
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.vocabulary import HOURS_PER_FTE_WEEK


class Skill(Parameters):
    """How skill is won and lost, and what it does (units in conf/skill)."""

    gain_training: NotNegative
    training_slope: Positive
    training_half: Positive
    gain_practice: NotNegative
    half_life_weeks: Positive
    ceiling: Positive
    usual_log_sd: NotNegative
    gain_exchange: Share
    exchange_half: Positive
    blunder_exponent: NotNegative
    carry_over: Share


@law
def hours_per_head(hours, staff_hours):
    """Hours a week that each of an account's staff gets: divided by max(1, H / 38)."""
    return hours / np.maximum(1.0, staff_hours / HOURS_PER_FTE_WEEK)


@law
def practice(n_posts, usual_posts):
    """(r - 1) / (r + 1), r = posts over the table's: 0 at the table, towards +-1."""
    return (n_posts - usual_posts) / (n_posts + usual_posts)


@law
def decay(half_life_weeks):
    """Share of the stock that a week wears away: 1 - 2^(-1 / half-life)."""
    return 1.0 - 2.0 ** (-1.0 / half_life_weeks)


@law
def training_gain(gain, hours, slope, half):
    """g f(T): what a week's training adds to an untrained head."""
    return gain * hill(hours, slope, half)


@law
def next_stock(stock, learned, ceiling, lost):
    """S + learned (1 - max(S, 0) / S_max) - d S."""
    return stock + learned * (1.0 - np.maximum(stock, 0.0) / ceiling) - lost * stock


@law
def taught(level, better, gain, hours, half):
    """g f(E) (M - K)+: the way towards those who do better, by hours of exchange."""
    return gain * hill(hours, 1.0, half) * np.maximum(better - level, 0.0)


@law
def on_quality(level, spread):
    """exp(K - sd^2 / 2): mean 1 over accounts that are as usual."""
    return np.exp(level - 0.5 * spread * spread)


@law
def on_blunders(level, exponent):
    """exp(-b K)."""
    return np.exp(-exponent * level)


@law
def carried(now, before, carry):
    """c + carry (c_before - c): the effect of hours follows the hours."""
    return now + carry * (before - now)
