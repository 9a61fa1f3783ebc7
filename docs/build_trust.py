"""Puts a finished trust card where it is told from, and prints it into docs/trust.md.

    python -m sim task=validate worlds=8                 an hour or two on two cores, or again
    python docs/build_trust.py results/validate/NAME     from the folder of the checkout

The card is written to conf/evidence/trust_card.json, part of what is installed: its short form
stands under every result. A card of a cut horizon, of a changed world, of another posterior sample
than the program's or of runs that failed is refused: it is not the card of the program. Without a
folder, the page alone is written anew from the card that is there. tests/docs checks that both
agree.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.door.sampled import is_of_sample
from sim.errors import UserError
from sim.paths import conf_dir
from sim.report.trust import card_text
from sim.study.joint import DEFAULT, load_sample

PAGE = Path(__file__).resolve().parent / "trust.md"
CARD = conf_dir() / "evidence" / "trust_card.json"
MARKS = re.compile(r"(<!-- card -->\n).*?(<!-- /card -->)", re.S)
ABSENT = "No card has been made yet.\n"
NO_MATTER = ("workers", "results", "worlds", "draws", "replicates", "seed", "parameters")
FEWEST = 8  # draws


def objections(card: Mapping[str, Any], status: Mapping[str, Any]) -> list[str]:
    """Why a card is not that of the program; empty where it is."""
    asked = [one for one in card["asked"] if one.partition("=")[0] not in NO_MATTER]
    found = [
        (card["cut"], f"its experiments were cut to {card['fact_days']} days"),
        (bool(asked), f"its world was changed ({', '.join(asked)})"),
        (not card["facts"], "it has no facts held out"),
        (card["draws"] < FEWEST, f"it has {card['draws']} parameter draws of {FEWEST} needed"),
        (bool(status["failed"]), f"{len(status['failed'])} of its runs failed"),
        (status["state"] != "done", f"its runs are {status['state']}"),
        (not is_of_sample(card, load_sample(DEFAULT)),
         "it is of another posterior sample than the program's"),
        (bool(card["runs_from_before"]), "some of its runs are of another state of the code"),
    ]
    return [words for is_so, words in found if is_so]


def packaged(card: Mapping[str, Any]) -> dict[str, Any]:
    """The card without what belongs to the machine that made it."""
    kept = {key: one for key, one in card.items() if key not in ("folder", "seconds")}
    return {**kept, "folder": "conf/evidence/trust_card.json"}


def rendered(page: str, card: Mapping[str, Any] | None) -> str:
    """The page with the card in its place."""
    shown = ABSENT if card is None else f"```text\n{card_text(card)}```\n"
    return MARKS.sub(lambda found: f"{found[1]}{shown}{found[2]}", page)


def known_card() -> dict[str, Any] | None:
    """The card that is there."""
    if not CARD.is_file():
        return None
    found: dict[str, Any] = json.loads(CARD.read_text(encoding="utf-8"))
    return found


def keep(folder: Path) -> None:
    """Make the card of a folder of results that of the program."""
    try:
        card, status = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
                        for name in ("trust_card", "status"))  # fmt: skip
    except OSError as error:
        raise UserError(
            f"'{folder}' holds no finished card ({error.strerror}): task=validate makes one."
        ) from None
    against = objections(card, status)
    if against:
        raise UserError(f"This is not the card of the program: {'; '.join(against)}.")
    text = json.dumps(packaged(card), indent=1, allow_nan=False, ensure_ascii=False)
    CARD.write_text(text + "\n", encoding="utf-8")
    print(CARD)


def main(arguments: Sequence[str]) -> int:
    """Keep a card if a folder is named, then write the page."""
    try:
        if arguments:
            keep(Path(arguments[0]))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8"), known_card()), encoding="utf-8")
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
