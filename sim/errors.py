"""What a user is told when something cannot be: the key, what is allowed, the next step."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable


class UserError(Exception):
    """A mistake that the user can mend; shown without a traceback, exit code 2."""


NOT_OURS = (
    "a world in which the ministry alone is amplified by false accounts would price them as a "
    "lever, and they are none. Third parties may inflate anybody: contamination.beneficiary=any"
)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name closest to a mistyped one, or None when nothing is close."""
    names = list(known)
    for spelt in (str(word), str(word).lower()):
        matches = difflib.get_close_matches(spelt, names, n=1, cutoff=0.5)
        if matches:
            return matches[0]
    return None


MOST_NAMES = 60  # that a message lists: all scenarios, not all accounts


def unknown(what: str, word: str, known: Iterable[str]) -> UserError:
    """The error for a name that does not exist: says the nearest one and all that are allowed."""
    names = sorted(known)
    guess = nearest(word, names)
    hint = f" Did you mean '{guess}'?" if guess else ""
    shown = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
    return UserError(f"{what} '{word}' does not exist.{hint} Allowed: {shown}.")


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: 1 world, 2,000 worlds, 0 accounts."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")  # alone: Python also takes 20160104 and 2016-W01-1


def outside_run(day: dt.date, start: dt.date, days: int, warmup_days: int) -> str:
    """Why nothing can happen on that day; empty where it lies in the run, warm-up included."""
    first, last = start - dt.timedelta(days=warmup_days), start + dt.timedelta(days=days - 1)
    if first <= day <= last:
        return ""
    return (
        f"the run lasts from {first.isoformat()}, its warm-up included, to {last.isoformat()}. "
        "Choose a date in it, or move the run with start= and days="
    )
