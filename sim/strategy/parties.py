"""The groups that reply to posts in a world: the ministry's accounts under the tested policy,
rivals, allies and news media in their own manner. Where every probability is 0, nobody listens.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.strategy.budget import Budget
from sim.strategy.ears import Ears, places_of
from sim.strategy.engagement import AnswerPosts, Rebut, ShareSisters
from sim.strategy.office import Office
from sim.strategy.replies import Group, PassesOn, Replies
from sim.vocabulary import AMPLIFICATION, ANSWER, CORRECTION, KINDS, NEUTRAL, OURS, RIVAL

if TYPE_CHECKING:
    from sim.mechanisms.dispute import Dispute
    from sim.mechanisms.replies import Replying
    from sim.mechanisms.rivals import Manner, Rivals
    from sim.strategy.crossposting import Venues
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts

OTHERS = ("rival", "ally", "media")
REPLIES = (CORRECTION, ANSWER, AMPLIFICATION)


def share_of_replies(policy: Policy, rivals: Rivals, accounts: Accounts) -> np.ndarray:
    """float64[n_accounts]: the share of the hours for answers that is kept for replies."""
    chosen = (policy.rebuttal, policy.answering, policy.sister_sharing)
    ours = sum(one.share for one in chosen if isinstance(one, (Rebut, AnswerPosts, ShareSisters)))
    shares = np.zeros(len(accounts.kinds))
    shares[np.asarray(accounts.sides) == OURS] = min(ours, 1.0)
    for kind in OTHERS:
        manner: Manner = getattr(rivals, kind)
        if _replies(manner):
            shares[np.asarray(accounts.kinds) == KINDS.index(kind)] = manner.share_replies
    return shares


def _replies(manner: Replying) -> bool:
    return max(manner.p_answer_post, manner.p_rebut, manner.p_amplify) > 0


def with_reserve(budget: Budget, share: np.ndarray) -> Budget:
    """The budget with the hours for replies kept back from routine posts."""
    if not share.any():
        return budget
    reserve = budget.reserve + share * np.maximum(budget.reactive, budget.paid)
    return replace(budget, reserve=reserve, cap=np.maximum(budget.cap, budget.paid + reserve))


def make_replies(office: Office, policy: Policy, rivals: Rivals, dispute: Dispute,
                 accounts: Accounts, n_markets: int, venues: Venues) -> Replies | None:  # fmt: skip
    """The replies of a world; None where nobody ever replies."""
    active = office.budget.active
    kinds, sides = np.asarray(accounts.kinds), np.asarray(accounts.sides)
    markets = np.asarray(accounts.markets, np.int64)

    def ears(members: np.ndarray) -> Ears:
        return Ears(members & active, markets, n_markets)

    groups = _ours(policy, office.work.stance, ears(sides == OURS), kinds, sides)
    for kind in OTHERS:
        manner: Manner = getattr(rivals, kind)
        if _replies(manner):
            members = kinds == KINDS.index(kind)
            groups.append(_other(kind, manner, ears(members), sides))
    if not groups:
        return None
    return Replies(
        office=office, groups=tuple(groups), places=places_of(kinds, markets, n_markets),
        sides=sides, depth=dispute.depth, hours_per_repost=dispute.hours_per_repost,
        share=share_of_replies(policy, rivals, accounts), venues=venues,
    )  # fmt: skip


def _other(kind: str, manner: Manner, ears: Ears, sides: np.ndarray) -> Group:
    """Rivals pass on one another's posts; third parties what leans their own way."""
    rival = kind == "rival"
    whose = sides == RIVAL if rival else sides != NEUTRAL
    return Group(
        ears=ears, lean=manner.lean, p_answer=manner.p_answer_post, p_rebut=manner.p_rebut,
        passes_on=((whose, manner.p_amplify, not rival),), share_in_kind=manner.share_in_kind,
        waits=dict.fromkeys(REPLIES, (manner.reply_hours, manner.reply_log_sd)),
    )  # fmt: skip


def _ours(policy: Policy, lean: float, ears: Ears, kinds: np.ndarray,
          sides: np.ndarray) -> list[Group]:  # fmt: skip
    """The ministry's accounts, where the policy has them do anything."""
    rebuts = policy.rebuttal if isinstance(policy.rebuttal, Rebut) else None
    answers = policy.answering if isinstance(policy.answering, AnswerPosts) else None
    shares = policy.sister_sharing if isinstance(policy.sister_sharing, ShareSisters) else None
    chosen = {CORRECTION: rebuts, ANSWER: answers, AMPLIFICATION: shares}
    waits = {kind: (one.reply_hours, one.reply_log_sd) for kind, one in chosen.items() if one}
    if not waits:
        return []
    passes_on: PassesOn = ()
    if shares:
        allies = kinds == KINDS.index("ally")
        passes_on = ((sides == OURS, shares.p_sister, False), (allies, shares.p_ally, False))
    return [Group(
        ears=ears, lean=lean, passes_on=passes_on, waits=waits,
        p_rebut=rebuts.p if rebuts else 0.0, p_answer=answers.p if answers else 0.0,
        share_in_kind=answers.share_in_kind if answers else 0.0,
    )]  # fmt: skip
