"""Set the baseline anew:  python -m tests.baseline.update

Refused where results have not changed, and where CHANGELOG.md does not announce it: a line that
contains "results change" and says why, beyond those of earlier updates.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from tests.baseline.results import CHANGELOG, PHRASE, STORED, announcements, results, stored


def refusal(old: dict[str, Any] | None, new: dict[str, Any], announced: list[str]) -> str:
    """Why the baseline may not be set anew; empty if it may. `old` is None the first time."""
    if old is None:
        return ""
    if old["results"] == new:
        return "The results are those of the baseline: nothing to update."
    if not set(announced) - set(old["announced"]):
        return (
            f'Results differ from the baseline. Add a line that contains "{PHRASE}" and says why '
            f"to {CHANGELOG.name}, then run this again."
        )
    return ""


def main() -> int:
    """Write the baseline, or say why not."""
    new, announced = results(), announcements()
    reason = refusal(stored() if STORED.exists() else None, new, announced)
    if reason:
        print(reason, file=sys.stderr)
        return 1
    beside = STORED.with_suffix(".new")
    text = json.dumps({"announced": announced, "results": new}, indent=1, allow_nan=False)
    beside.write_text(text + "\n", encoding="utf-8")
    os.replace(beside, STORED)
    print(f"Baseline written: {STORED.name}, {len(new)} runs.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
