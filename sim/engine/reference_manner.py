"""Meeting messages again, commenting, being answered, in plain Python.

The reference for `meeting.py` and `commenting.py`; called from `reference_look.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.mechanisms.comments import answer_hour, next_free
from sim.mechanisms.repetition import MOST_MET
from sim.mechanisms.sharing import p_react
from sim.state import AGE_SHIFT, COUNTER, State
from sim.streams import (
    ANSWERED_FOLLOW,
    ANSWERED_SHARE,
    COMMENT,
    COMMENT_NOTICED,
    exponential,
    mix,
    uniform,
)

if TYPE_CHECKING:
    from sim.engine.reference_look import Diary, Look


def times_met(state: State, diary: Diary, i: int, who: int) -> int:
    """How often this person has met the message of this post before; counts this meeting."""
    message = int(state.speech[i]["message"])
    if not message:
        return 0
    before = diary.met.get((message, who), 0)
    if not before:
        state.counters[COUNTER.n_met] += 1
    diary.met[message, who] = min(before + 1, MOST_MET)
    return before


def style_of(state: State, tables: Any, i: int, person: Any) -> float:
    """What the words of a post do to the reaction of this person."""
    band = int(person["flags"]) >> AGE_SHIFT & 3
    is_first = int(person["language"]) == int(state.posts[i]["language"]) & 127
    return float(tables.style[(int(state.speech[i]["style"]) * 4 + band) * 2 + is_first])


def answer_time(state: State, diary: Diary, p: Any, view: Look, bits: np.uint64,
                hazard: float) -> float | None:  # fmt: skip
    """When this person's comment on a post is answered; None without a comment or an answer."""
    per_hour = np.float64(state.speech[view.post]["answering"])
    if not per_hour > 0.0 or not p["replies"]:
        return None
    if not uniform(mix(bits ^ COMMENT)) < p_react(hazard * p["comments_per_share"]):
        return None
    if not diary.first_time(view.post, "comment", view.who):
        return None
    desk = state.reply_desks[state.posts[view.post]["account"]]
    desk["n_comments"] += 1
    hour = int(state.counters[COUNTER.hour]) + view.at
    notice = exponential(mix(bits ^ COMMENT_NOTICED), p["answer_notice"])
    when = answer_hour(hour, notice, float(desk["free"]))
    if when - hour > p["answer_horizon"]:
        return None
    desk["free"] = next_free(hour, float(desk["free"]), per_hour)
    desk["n_answered"] += 1
    desk["seconds"] += int(3600.0 * (when - hour))
    return float(when)


def answered_dice(p: Any, bits: np.uint64) -> tuple[bool, bool]:
    """Whether somebody who was answered follows, and passes the post on."""
    follows = bool(uniform(mix(bits ^ ANSWERED_FOLLOW)) < p["answer_join"])
    return follows, bool(uniform(mix(bits ^ ANSWERED_SHARE)) < p["answer_share"])
