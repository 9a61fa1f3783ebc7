"""The trust card in a line or two, as it stands under every result.

It is read from the card that comes with the program, for the default world; where the user changed
the world it says that it holds for another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from sim.evidence import KINDS, lies_between

WHERE = "docs/trust.md"


def short_form(card: Mapping[str, Any]) -> list[str]:
    """The sum of a card in one sentence, what fails named."""
    counts, draws = card["counts"], card["worlds"]
    own = [one for kind, one in counts.items() if kind in list(KINDS)[1:]]
    inside, numbers = (sum(one[name] for one in own) for name in ("in_range", "numbers"))
    told = (f"Trust: {inside} of {numbers} published patterns in range in at least half of {draws} "
            f"draws of {card['days']} days")  # fmt: skip
    told += together([row for row in card["patterns"].values() if row["kind"] in list(KINDS)[1:]])
    if counts["facts"]["of"]:
        told += f"; {counts['facts']['hold']} of {counts['facts']['of']} facts held out"
    told += f"; fails: {', '.join(card['fails'])}" if card["fails"] else "; nothing fails"
    return [f"{told} ({WHERE})."]


def together(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many numbers one draw meets at once, which is what facts are asked: " (a draw meets 15.5
    in the median, none all)"."""
    met = met_by_draw(rows)
    if not met:
        return ""
    n_whole = sum(one == len(rows) for one in met)
    whole = f"{n_whole} of {len(met)}" if n_whole else "none"
    return f" (a draw meets {median(met):g} in the median, {whole} all)"


def met_by_draw(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Of these numbers, how many lie in their range in each draw, ends included."""
    inside = [[value is not None and lies_between(value, *row["range"]) for value in row["draws"]]
              for row in rows]  # fmt: skip
    return [sum(draw) for draw in zip(*inside, strict=True)]


def trust_sentences(card: Mapping[str, Any] | None, changed: tuple[str, ...],
                    is_earlier: bool = False) -> list[str]:  # fmt: skip
    """What stands under a result: nothing where no card came with the program. `is_earlier`: the
    card's draws are of another posterior sample than the program's."""
    if card is None:
        return []
    (told,) = short_form(card)
    if changed:
        named = ", ".join(changed[:3]) + (" and more" if len(changed) > 3 else "")
        told += f" That is the default world, not this one ({named})."
    if is_earlier:
        told += (f" The card was made on {card['made']} with an earlier posterior sample; "
                 f"task=validate worlds={card['worlds']} makes one of this.")  # fmt: skip
    return [told]
