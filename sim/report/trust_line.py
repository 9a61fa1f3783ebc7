"""The trust card in a line or two, as it stands under every result.

It is read from the card that comes with the program, for the default world; where the user changed
the world it says that it holds for another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.evidence import KINDS

WHERE = "docs/trust.md"


def short_form(card: Mapping[str, Any]) -> list[str]:
    """The sum of a card in one sentence, what fails named."""
    counts, draws = card["counts"], card["worlds"]
    own = [one for kind, one in counts.items() if kind in list(KINDS)[1:]]
    inside, numbers = (sum(one[name] for one in own) for name in ("in_range", "numbers"))
    told = (f"Trust: {inside} of {numbers} published patterns in range in at least half of {draws} "
            f"draws of {card['days']} days")  # fmt: skip
    if counts["facts"]["of"]:
        told += f"; {counts['facts']['hold']} of {counts['facts']['of']} facts held out"
    told += f"; fails: {', '.join(card['fails'])}" if card["fails"] else "; nothing fails"
    return [f"{told} ({WHERE})."]


def trust_sentences(card: Mapping[str, Any] | None, changed: tuple[str, ...]) -> list[str]:
    """What stands under a result: nothing where no card came with the program."""
    if card is None:
        return []
    if not changed:
        return short_form(card)
    named = ", ".join(changed[:3]) + (" and more" if len(changed) > 3 else "")
    return [f"{short_form(card)[0]} That is the default world, not this one ({named})."]
