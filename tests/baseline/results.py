"""What the model says of one small comparison, to notice when it says something else.

The default network before 20,000 people, a week measured, two worlds, two arms, central parameters.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.simulate import simulate_world
from tests.scenarios import scenario

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).with_name("baseline.json")
CHANGELOG = ROOT / "CHANGELOG.md"
PHRASE = "results change"
WORLDS = ((0, 0), (0, 1))
SETTINGS: dict[str, Any] = {
    "network.table": "network/default.csv", "network.background": "default",
    "audience.n_people": 20_000, "audience.follower_scale": "auto",
    "days": 7, "warmup_days": 7, "keep": "posts", "seed": 20_160_104,
}  # fmt: skip
TOTALS = ("impressions", "unique_reach", "shares", "hostile_shares", "likes", "joined", "left")


def results() -> dict[str, dict[str, float]]:
    """{"world / arm": {measure: value}}, every value a plain number."""
    base, tested = scenario(SETTINGS), scenario(SETTINGS, posture="proactive")
    found = {}
    for draw, replicate in WORLDS:
        runs = simulate_world([tested, base], base, draw, replicate)
        for name, run in zip(("proactive", "status_quo"), runs, strict=True):
            whole = {measure: value for (measure, group), value in run.values.items()
                     if group == "all"}  # fmt: skip
            by_all = {f"all accounts: {name}": float(run.accounts[name].sum()) for name in TOTALS}
            found[f"{draw}/{replicate} {name}"] = dict(sorted((whole | by_all).items()))
    return found


def announcements() -> list[str]:
    """The lines of the changelog that announce a change of results, in their order."""
    lines = CHANGELOG.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if PHRASE in line.lower()]


def stored() -> dict[str, Any]:
    """The committed baseline: {"announced": lines of the changelog, "results": ...}."""
    content: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return content
