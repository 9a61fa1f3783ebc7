"""Why two policies differ: the paired difference, split among their aspects in every world.

    v(S) = outcome of the hybrid that has the aspects S of the tested policy, the rest of the other
    phi  = the Shapley split of v (shapley.py), world by world: sum of phi = y_tested - y_other

A measure is split on the scale on which it is compared: totals through log(total + 1), so that a
contribution of 0.02 is about 2 %, and the contributions add up (back-translated ones would not).
Beside it stands the split in the measure's own unit, which adds up too, and in which draws with
large totals weigh most. Intervals are those of expected values over parameter draws, for all
aspects and the whole at once (simultaneous.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.measures import BY_NAME, Measure
from sim.study.collate import Collated
from sim.study.plan import CONTROL
from sim.study.points import expected, scaled
from sim.study.shapley import first_and_last, shapley
from sim.study.simultaneous import simultaneous_level
from sim.study.summary import Judge, Rules

WHOLE = "whole"


@dataclass(frozen=True, kw_only=True)
class Game:
    """Who plays. arms: the run of every set of aspects, aspect i of the tested policy being bit i
    of its place; alike: aspects in which the policies do not differ."""

    aspects: tuple[str, ...]
    alike: tuple[str, ...]
    arms: tuple[str, ...]


def why_of(found: Collated, rules: Rules, game: Game) -> dict[str, Any]:
    """The part `why` of a summary."""
    judge = Judge(found, rules)
    if judge.broken:
        raise UserError(
            f"{len(judge.broken)} of the hybrids failed in more than half of their runs: without "
            "them nothing can be split. status.json and the runs' records say why."
        )
    names = sorted(found.measures(), key=lambda name: name != rules.settings.objective)
    return {
        "aspects": list(game.aspects), "alike": list(game.alike),
        "confidence": rules.study.confidence,
        "measures": {name: _measure(judge, BY_NAME[name], game) for name in names},
    }  # fmt: skip


def values_of(judge: Judge, measure: Measure, game: Game) -> np.ndarray:
    """float64[2^n, D, R]: outcomes of every hybrid in the worlds kept."""
    (world,) = judge.found.plan.worlds
    return np.array([
        judge.found.outcomes(measure.name, world, arm, judge.kept) for arm in game.arms
    ])  # fmt: skip


def _measure(judge: Judge, measure: Measure, game: Game) -> dict[str, Any]:
    """One measure, split on its scale and in its unit; nothing where it was not always measured."""
    values = values_of(judge, measure, game)
    if not np.isfinite(values).all():
        return {"label": measure.label, "unit": measure.unit, "split": None,
                "why_not": "it has no value in some world of some hybrid"}  # fmt: skip
    confidence = judge.rules.study.confidence
    return {
        "label": measure.label, "unit": measure.unit, "better": measure.better,
        "logs": measure.heavy_tailed, "against": float(values[0].mean()),
        "split": _split(scaled(measure, values), game, confidence),
        "in_unit": _means_alone(_split(values, game, confidence)) if measure.heavy_tailed
        else _split(values, game, confidence),
    }  # fmt: skip


def _means_alone(split: dict[str, Any]) -> dict[str, Any]:
    """A split of raw totals, without intervals: a t interval of what one draw dominates holds the
    truth in 84 to 91 % instead of 95, where draws differ by a factor of e or more (log sd 1)."""
    ends = ("lo", "hi")
    return {name: dict(one) | dict.fromkeys(ends) if isinstance(one, dict) else one
            for name, one in split.items()}  # fmt: skip


def _split(values: np.ndarray, game: Game, confidence: float) -> dict[str, Any]:
    n = len(game.aspects)
    parts, whole = shapley(values, n), values[-1] - values[0]
    rows = _by_draw(np.concatenate([parts, whole[None]]))
    live = rows[rows.any(axis=1)]
    mean, lo, hi = expected(rows, simultaneous_level(live, confidence))
    first, last = first_and_last(values, n)
    found = {
        name: _estimate(rows[k], mean[k], lo[k], hi[k]) for k, name in
        enumerate((*game.aspects, WHOLE))
    }  # fmt: skip
    for k, name in enumerate(game.aspects):
        found[name] |= {"first": float(first[k].mean()), "last": float(last[k].mean())}
    zero = {"mean": 0.0, "lo": 0.0, "hi": 0.0, "first": 0.0, "last": 0.0}
    found |= {name: dict(zero) for name in game.alike}
    return found | {"largest_gap": float(np.abs(parts.sum(0) - whole).max(initial=0.0))}


def _by_draw(worlds: np.ndarray) -> np.ndarray:
    """[k, D]; of a single draw, its replicates."""
    return np.asarray(worlds[:, 0, :] if worlds.shape[1] == 1 else worlds.mean(-1))


def _estimate(row: np.ndarray, mean: float, lo: float, hi: float) -> dict[str, float | None]:
    if not row.any():
        return {"mean": 0.0, "lo": 0.0, "hi": 0.0}
    ends = {"lo": float(lo), "hi": float(hi)} if np.isfinite([lo, hi]).all() else {}
    return {"mean": float(mean), "lo": None, "hi": None} | ends


def rows_of_worlds(found: Collated, rules: Rules, game: Game) -> tuple[list[str], list[list[Any]]]:
    """why.csv: what every aspect adds in every world, on the objective."""
    judge, measure = Judge(found, rules), BY_NAME[rules.settings.objective]
    values = values_of(judge, measure, game)
    n, whole = len(game.aspects), values[-1] - values[0]
    on_scale = scaled(measure, values)
    splits = shapley(values, n), shapley(on_scale, n)
    header = ["draw", "replicate", "aspect", measure.unit, "on_the_scale_compared"]
    told: list[list[Any]] = []
    for place, number in np.ndenumerate(judge.kept):
        draw, replicate = divmod(int(number), found.replicates)
        parts = [(name, splits[0][k][place], splits[1][k][place])
                 for k, name in enumerate(game.aspects)]  # fmt: skip
        parts += [(name, 0.0, 0.0) for name in game.alike]
        parts.append((WHOLE, whole[place], (on_scale[-1] - on_scale[0])[place]))
        told += [[draw, replicate, name, float(a), float(b)] for name, a, b in parts]
    return header, told


def arms_of(ids: Sequence[str], masks: Mapping[str, int], n: int) -> tuple[str, ...]:
    """The run of every set of aspects in the order of the sets; of none, the control."""
    by_mask = {masks[one]: one for one in ids}
    return (CONTROL, *(by_mask[mask] for mask in range(1, 1 << n)))
