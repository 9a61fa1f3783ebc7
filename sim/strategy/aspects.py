"""Aspects of a policy, and the hybrid of two policies that takes each aspect from one or the other.

    timing    when posts go out: rho, the planned share of the posting hours, how many planned posts
              are prepared for events, what is kept back for events, the readiness to answer
    volume    how many: posts a week that the hours are meant to pay for
    quality   hours per post, the images and videos that come with them, and the hours of planning
    latency   how fast answers come: hours of watching the news, clearance and its risk of a blunder
    framing   the mix of tones, and the stance on events

Hours for posts  C = posts a week x hours per post;  planned work gets  sigma C,  answers and
routine  (1 - sigma) C,  with sigma of the timing, posts a week of the volume, hours per post of the
quality. A hybrid whose three are all one policy's has that policy's columns as they are, to the
last bit; so has an account in which the two policies do not differ.

Limits. A hybrid's staff hours are the sum of its parts and not those of either policy: it answers
"why", and could not be hired. Posts that are lost because an event turned out otherwise, and what
is polished because no event came, follow from the timing, not from the volume. The time that
writing an answer takes follows from the hours per post: quality. An account that is silent under
one policy alone goes with the volume, whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.errors import UserError
from sim.vocabulary import POLICY_GROUPS

if TYPE_CHECKING:
    from sim.strategy.budget import Budget
    from sim.strategy.policy import Hybrid, Policy

Aspect = Literal["timing", "volume", "quality", "latency", "framing"]
TIMING, VOLUME, QUALITY, LATENCY, FRAMING = "timing", "volume", "quality", "latency", "framing"
COLUMNS = {  # of a Budget
    TIMING: ("planned", "share_events", "kept", "answer_rate"),
    VOLUME: ("n_posts", "unused"),
    QUALITY: ("cost", "copying", "paid", "rate", "price", "media_steps", "stickers", "local",
              "both", "blank_posts", "planning"),
    LATENCY: ("monitoring", "between_looks", "clearance", "risk"),
    FRAMING: ("tone_steps", "lean", "gain"),
}  # fmt: skip
ASPECTS = tuple(COLUMNS)
OF_POSTS = (TIMING, VOLUME, QUALITY)  # what the hours for posts depend on
DERIVED = ("hours", "reactive", "proactive", "idle", "cap", "reserve")
SPLIT = ("posture", "tone", "tone_cap", "investment", "clearance")  # what the five are made of
BY_HOURS = ("training", "exchange", "replies")  # parts of the hours, beside posts
ROUNDING = 1e-9


def refuse_inseparable(tested: Policy, control: Policy) -> None:
    """Refuse, by name, what two policies differ in and no aspect holds."""
    for one in (tested, control):
        if one.posture.abstains or one.posture.kind == "adaptive":
            why = (
                "moves its hours as it learns" if one.posture.kind == "adaptive"
                else "keeps accounts silent on purpose"
            )  # fmt: skip
            raise UserError(
                f"'policy.posture.kind={one.posture.kind}' {why}: it has no timing, volume and "
                "quality that another policy could take. Compare reactive, proactive, mixed or "
                "table."
            )
    strays = [name for name in POLICY_GROUPS
              if name not in SPLIT and getattr(tested, name) != getattr(control, name)]  # fmt: skip
    if strays:
        raise UserError(
            f"The policies differ in policy.{', policy.'.join(strays)}, which is none of "
            f"{', '.join(ASPECTS)} and cannot be separated from them: give both arms the same, or "
            "compare them with task=run."
        )
    if tested.clearance != control.clearance and (
        tested.clearance.is_central or control.clearance.is_central
    ):
        raise UserError(
            "'policy.clearance.kind=central' holds all posts in one queue, so that latency "
            "depends on volume and timing: compare clearance=table and autonomous."
        )
    if tested.tone != control.tone and "imitate" in (tested.tone.kind, control.tone.kind):
        raise UserError(
            "'tone=imitate' chooses tones and media by what others earn: framing cannot be "
            "separated from it. Use a fixed tone in both arms."
        )
    for name in BY_HOURS:
        if tested.investment != control.investment and getattr(tested, name).share > 0:
            raise UserError(
                f"'policy.{name}' takes a share of hours that differ between the arms, and is none "
                f"of {', '.join(ASPECTS)}: set {name}=none, or give both arms the same investment."
            )


def differing(one: Budget, other: Budget, ours: np.ndarray) -> list[str]:
    """The aspects in which two budgets differ for any account of the ministry."""
    lone, rows = one.active ^ other.active, ours & one.active & other.active
    found = {
        name for name, columns in COLUMNS.items()
        if any(_unequal(getattr(one, column), getattr(other, column))[rows].any()
               for column in columns)
    }  # fmt: skip
    found |= {TIMING} if _unequal_split(one, other)[rows].any() else set()
    found |= {VOLUME} if (lone & ours).any() else set()
    return [name for name in ASPECTS if name in found]


def _unequal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """bool[n_accounts]"""
    apart = one != other
    return np.asarray(apart if apart.ndim == 1 else apart.any(axis=1))


def _planned_part(budget: Budget) -> np.ndarray:
    """sigma: planned work's share of the hours for posts."""
    work = budget.proactive + budget.reactive
    return np.asarray(budget.proactive / np.where(work > 0.0, work, 1.0))


def _unequal_split(one: Budget, other: Budget) -> np.ndarray:
    return np.asarray(np.abs(_planned_part(one) - _planned_part(other)) > ROUNDING)


def mixed(mine: Budget, others: Budget, hybrid: Hybrid, ours: np.ndarray) -> Budget:
    """The budget `mine` with the aspects that are taken from `others`."""
    wrong = set(differing(mine, others, ours)) & set(hybrid.alike)
    if wrong:
        told = ", ".join(sorted(wrong))
        raise ValueError(f"the policies differ in {told} in this world after all")
    source = {name: others if name in hybrid.taken else mine for name in ASPECTS}
    lone = mine.active ^ others.active
    columns = {
        column: np.where(_by_row(lone, getattr(mine, column)),
                         getattr(source[VOLUME], column), getattr(source[name], column))
        for name, names in COLUMNS.items() for column in names
    }  # fmt: skip
    for name in (*DERIVED, "training", "exchange", "replies"):
        columns[name] = getattr(source[VOLUME], name).copy()
    made = replace(mine, **columns)
    return replace(made, **_hours_for_posts(made, mine, others, source, ours & ~lone))


def _by_row(rows: np.ndarray, like: np.ndarray) -> np.ndarray:
    return rows if like.ndim == 1 else rows[:, None]


def _hours_for_posts(
    made: Budget, mine: Budget, others: Budget, source: dict[str, Budget], rows: np.ndarray
) -> dict[str, np.ndarray]:
    """What follows from timing, volume and quality together: as in the one policy where all three
    are its own or alike, else posts x hours per post, split by sigma."""
    unequal = {
        TIMING: _unequal_split(mine, others), VOLUME: _unequal(mine.n_posts, others.n_posts),
        QUALITY: _unequal(mine.cost, others.cost),
    }  # fmt: skip
    for column in COLUMNS[TIMING]:
        unequal[TIMING] |= _unequal(getattr(mine, column), getattr(others, column))
    as_mine, as_others = (
        np.logical_and.reduce([~unequal[name] | (source[name] is one) for name in OF_POSTS])
        for one in (mine, others)
    )
    active = rows & made.active
    content = np.where(active, made.n_posts * made.paid, 0.0)
    part = _planned_part(source[TIMING])
    computed = {"proactive": part * content, "reactive": (1.0 - part) * content}
    one = np.maximum(computed["reactive"], made.paid)
    computed |= {"reserve": made.kept * one, "idle": np.zeros_like(content)}
    computed["cap"] = one + computed["reserve"]
    found = {}
    for name, values in computed.items():
        either = np.where(as_others, getattr(others, name), getattr(mine, name))
        found[name] = np.where(rows, np.where(as_mine | as_others | ~active, either, values),
                               getattr(made, name))  # fmt: skip
    found["hours"] = np.where(rows & active, (
        made.monitoring + made.planning + made.training + made.exchange + made.replies
        + made.unused + found["reactive"] + found["proactive"] + found["idle"]
    ), made.hours)  # fmt: skip
    return found

