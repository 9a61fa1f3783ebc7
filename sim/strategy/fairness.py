"""Fairness of a comparison: what both arms must have alike, refused beforehand, checked afterwards.

    hours       per account and week the same staff hours within 2 %
    volume      per account and week the same originals, media and languages (volume.py)
    quality     as volume, and the same qualities
    attention   as quality, in a world whose attention to topics rests at 1: a diagnostic
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import UserError
from sim.strategy.ledger import TOLERANCE, Ledger, UnbalancedError, worst_difference
from sim.strategy.policy import Policy
from sim.vocabulary import HOURS_PER_WEEK, OURS

BY_VOLUME = ("volume", "quality", "attention")  # kinds at equal volume
BESIDE = ("rebuttal", "answering", "sister_sharing", "repetition", "replies")  # of a policy
OF_SLOTS = ("account", "week", "media", "language")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one arm leaves for the check: its books, and its originals as they went out."""

    books: Ledger | None
    originals: np.ndarray  # account, week, media, language, quality, in order


def refuse_contradictions(fair: str, days: int, policies: Sequence[Policy]) -> None:
    """Refuse, naming the key, what a kind of fairness cannot compare."""
    if fair not in BY_VOLUME:
        return
    if days % 7:
        weeks = [n for n in (days - days % 7, days - days % 7 + 7) if n]
        raise UserError(
            f"'fair={fair}' counts originals by whole weeks, and days={days} is none: use "
            f"days={' or days='.join(map(str, weeks))}."
        )
    kinds = [one.posture.kind for one in policies if one.posture.abstains]
    if kinds:
        raise UserError(
            f"'fair={fair}' gives both arms the smaller volume, and policy.posture.kind={kinds[0]} "
            "publishes nothing on some accounts: there would be nothing to compare. Use fair=hours."
        )
    if any(one.clearance.is_central for one in policies):
        raise UserError(
            f"'fair={fair}' settles how much goes out in which week, and a central desk "
            "(policy.clearance.kind=central) holds posts back for as long as it takes. Use "
            "fair=hours."
        )
    for name in BESIDE:
        if any(getattr(one, name).kind != "none" for one in policies):
            raise UserError(
                f"'fair={fair}' counts originals, and policy.{name} spends hours on something "
                f"beside them: use fair=hours, or {name}=none."
            )
    if any(one.tone.kind == "imitate" or one.media.kind != "table" for one in policies):
        raise UserError(
            f"'fair={fair}' gives both arms the media of the table, and tone=imitate and "
            "media=stickers change them: use fair=hours."
        )
    if any(one.language != policies[0].language for one in policies):
        raise UserError(
            f"'fair={fair}' gives both arms the same languages, and policy.language differs. Use "
            "fair=hours, or the same language= in both arms."
        )


def refuse_lift(fair: str, lift: float) -> None:
    """Attention cannot rest where exchanges raise it."""
    if fair == "attention" and lift > 0:
        raise UserError(
            f"'fair=attention' holds attention at rest, and dispute.lift={lift:g} raises it with "
            "every exchange: use dispute=default, or fair=quality."
        )


def smaller_plans(n_posts: Sequence[np.ndarray]) -> np.ndarray:
    """float64[n_accounts, n_weeks]: posts by week, the smaller of the arms' plans."""
    return np.min(np.stack([np.asarray(one, np.float64) for one in n_posts]), axis=0)


def originals(posts: np.ndarray, since: float) -> np.ndarray:
    """What our posts from `since` on have in common over arms: where, when, what, how good."""
    mine = posts[(posts["side"] == OURS) & (posts["hour"] >= since)]
    found = np.zeros(
        len(mine), [("account", "i8"), ("week", "i8"), ("media", "u1"), ("language", "u1"),
                    ("quality", "f4")]
    )  # fmt: skip
    for name in ("account", "media", "language", "quality"):
        found[name] = mine[name]
    found["week"] = mine["hour"] // HOURS_PER_WEEK
    return np.sort(found)


def check_fairness(fair: str, policies: Sequence[Policy], found: Sequence[Evidence]) -> None:
    """Raise UnbalancedError where arms differ in what the kind of fairness holds alike."""
    for policy, one in zip(policies[1:], found[1:], strict=True):
        if fair in BY_VOLUME:
            same_originals(fair, found[0].originals, one.originals)
        elif found[0].books is not None and one.books is not None:
            same_hours(policies[0], policy, found[0].books, one.books)


def same_hours(first: Policy, other: Policy, books: Ledger, others: Ledger) -> None:
    """By account and week, unless hours are what differs between the policies: another investment,
    accounts that keep silent, or a hybrid, whose hours are the sum of its parts."""
    if first.hybrid is not None or other.hybrid is not None:
        return
    if first.investment != other.investment or first.posture.abstains or other.posture.abstains:
        return
    worst = worst_difference(books, others)
    if worst > TOLERANCE:
        raise UnbalancedError(
            f"fair=hours is broken: in some week an account spends {worst:.1%} more in one "
            "arm than in the other"
        )


def same_originals(fair: str, one: np.ndarray, other: np.ndarray) -> None:
    """The same numbers by account, week, medium and language; the same qualities too, if asked."""
    columns = OF_SLOTS if fair == "volume" else (*OF_SLOTS, "quality")
    for name in columns:
        if len(one) != len(other) or not np.array_equal(one[name], other[name]):
            raise UnbalancedError(
                f"fair={fair} is broken: the arms publish {len(one)} and {len(other)} originals, "
                f"which differ in {name}"
            )


def check_at_rest(fair: str, attention: np.ndarray) -> None:
    """With fair=attention no topic is ever above rest in any market."""
    if fair == "attention" and not (attention == 1.0).all():
        raise UnbalancedError(
            "fair=attention is broken: something other than news raises attention to a topic"
        )
