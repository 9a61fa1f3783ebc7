"""What a user is told when something cannot be: the key, what is allowed, the next step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """A mistake that the user can mend; shown without a traceback, exit code 2."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name closest to a mistyped one, or None when nothing is close."""
    matches = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None


def unknown(what: str, word: str, known: Iterable[str]) -> UserError:
    """The error for a name that does not exist: says the nearest one and all that are allowed."""
    names = sorted(known)
    guess = nearest(word, names)
    hint = f" Did you mean '{guess}'?" if guess else ""
    shown = ", ".join(names[:30]) + (", ..." if len(names) > 30 else "")
    return UserError(f"{what} '{word}' does not exist.{hint} Allowed: {shown}.")
