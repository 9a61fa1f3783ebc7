"""A trust card of planted records: four worlds, in which one fact holds and one run is missing."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sim.door.trust_card import trust_card
from sim.observables.observed import Observed
from sim.observables.registry import KEYS
from sim.study.files import write_json
from sim.trust.experiments import EXPERIMENTS

N = 4
FOUND = {
    "D1.best_over_followers": [1e-3] * N, "D2.best_over_giant": [2000.0, 2000.0, 3.0, 3.0],
    "D3.growth": [1.8, 1.0, 1.8, 1.8], "D4.growth": [4.0, 4.0, 4.0, 1.0],
    "D4.growth.switch": [1.5] * N, "D4.growth.interest": [1.1] * N, "D5.support_ratio": [3.0] * N,
    "D6.engagement_sharp_over_positive": [0.1] * N, "D6.opinion_sharp": [-0.01] * 2 + [0.01] * 2,
    "D6.opinion_positive": [0.0, 0.01, 0.01, 0.01], "D7.simultaneous": [None] * N,
    "D7.separated": [0.01] * N,
}  # fmt: skip
HEAD = {"setting": "Status quo.", "cut": False, "days": 35, "fact_days": 365,
        "parameters": "posterior",
        "folder": "results/validate/x", "asked": [], "made": "2026-01-01"}  # fmt: skip


def tasks(folder: Path) -> list[Any]:
    """What was run, in the form that the card reads; the star of the last world is missing."""
    names = {"patterns": KEYS, **{one.name: one.keys for one in EXPERIMENTS}}
    found = []
    for draw in range(N):
        for name, keys in names.items():
            place = folder / f"d{draw}-{name}.json"
            task = SimpleNamespace(draw=draw, replicate=0, trial=SimpleNamespace(name=name),
                                   place=place)  # fmt: skip
            found.append(task)
            if (name, draw) == ("star", N - 1):
                continue
            values = {key: observed(FOUND[key][draw] if key in FOUND else 0.45) for key in keys}
            write_json(place, {"values": values, "details": {f"of {name}": 1.0 + draw},
                               "seconds": 2.0})  # fmt: skip
    return found


def observed(value: float | None) -> dict[str, Any]:
    why = "" if value is not None else "nobody met both"
    return Observed(value=value, why=why).as_dict()


@cache
def text() -> str:
    with tempfile.TemporaryDirectory() as folder:
        return json.dumps(trust_card(tasks(Path(folder)), **HEAD), allow_nan=False)


def card() -> dict[str, Any]:
    """A card of one's own to change."""
    found: dict[str, Any] = json.loads(text())
    return found
