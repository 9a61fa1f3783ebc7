"""The axes of a study: which keys vary, how, and the points they make.

    lists are crossed, intervals are sampled:   points = product of the lists x samples

`scenario=reactive,proactive`, `days=range(7,29,7)` and `rho=choice(0,0.5,1)` are lists, in Hydra's
own syntax; `sharing.p0=interval(0.001,0.03)` and `tag(log,interval(...))` are intervals, sampled by
a Sobol sequence (scrambled, Owen 1998) or a Latin hypercube, both from scipy. A lever is a key of
policy, ours to choose; every other key is an uncertainty of the world and makes a circumstance, in
which the control runs too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.declared import Declaration
from sim.door.overrides import DECIDE_NOTHING, DOOR_KEYS, Asked
from sim.errors import UserError, counted
from sim.vocabulary import POLICY_GROUPS

MOST_POINTS = 4_096
LEVER, UNCERTAINTY = "lever", "uncertainty"
HELD = {  # what holds for a whole study, and why
    **dict.fromkeys((*DECIDE_NOTHING, "executor"), "it decides nothing"),
    **dict.fromkeys(("task", "key", "from", "data"), "it says what to do"),
    "against": "every point is compared with the same control",
    **dict.fromkeys(("seed", "worlds", "draws", "replicates", "parameters", "posterior"),
                    "all points live in the same worlds"),
    **dict.fromkeys(("objective", "worth"), "all points are judged alike"),
    "steelman": "tuning belongs to a single comparison",
    "engine": "both engines give the same",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Swept:
    """One key that varies: a list of values, or an interval."""

    key: str
    text: str
    values: tuple[Asked, ...] = ()
    interval: tuple[float, float] | None = None
    log: bool = False

    @property
    def role(self) -> str:
        """Whether it is ours to choose."""
        first = self.key.partition(".")[0]
        ours = first == "policy" or self.key in (*POLICY_GROUPS, "scenario")
        return LEVER if ours else UNCERTAINTY


def check_axes(axes: Sequence[Swept], samples: int) -> int:
    """Refuse what cannot vary, empty and doubled values, and grids without end; the number of
    points."""
    for one in axes:
        if one.key in HELD or one.key.startswith(("study.", "executor.")):
            why = HELD.get(one.key, "it says how the study is made")
            raise UserError(f"'{one.key}={one.text}' cannot vary in a study: {why}.")
        if one.interval is None:
            _check_list(one)
        else:
            _check_interval(one)
    sampled = any(one.interval for one in axes)
    sizes = [len(one.values) for one in axes if one.interval is None]
    return refuse_endless([one.key for one in axes if one.interval is None], sizes,
                          samples if sampled else 1)  # fmt: skip


def refuse_endless(keys: Sequence[str], sizes: Sequence[int], samples: int = 1) -> int:
    """The number of points, if a study can hold them."""
    n_points = math.prod(sizes) * samples
    if n_points > MOST_POINTS:
        told = [f"{key}: {size:,}" for key, size in zip(keys, sizes, strict=True) if size > 1]
        told += [f"sampled intervals: {samples:,}"] if samples > 1 else []
        raise UserError(
            f"This study would have {n_points:,} points ({', '.join(told)}); the most is "
            f"{MOST_POINTS:,}. Give fewer values, or sample the key as {keys[0] if keys else 'key'}"
            "=interval(low,high) with study.samples=..."
        )
    return n_points


def _check_list(one: Swept) -> None:
    if not one.values:
        raise UserError(f"'{one.key}={one.text}' is an empty axis: give it values.")
    seen: set[str] = set()
    for value in one.values:
        if isinstance(value.value, float) and not math.isfinite(value.value):
            raise UserError(f"'{one.key}={one.text}': {value.text} is no finite number.")
        if value.text in seen:
            raise UserError(f"'{one.key}={one.text}' has {value.text} twice: give each value once.")
        seen.add(value.text)


def _check_interval(one: Swept) -> None:
    low, high = one.interval or (0.0, 0.0)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise UserError(
            f"'{one.key}={one.text}' is an empty axis: interval(low,high) needs low below high."
        )
    if one.log and low <= 0:
        raise UserError(f"'{one.key}={one.text}': a log scale needs an interval above 0.")


def combinations(axes: Sequence[Swept], *, design: str, samples: int, seed: int,
                 catalogue: Mapping[str, Declaration]) -> Iterator[tuple[Asked, ...]]:  # fmt: skip
    """The values of every point, lists in the order given, the sample innermost."""
    lists = [one for one in axes if one.interval is None]
    ranges = [one for one in axes if one.interval is not None]
    sample = sampled(ranges, design, samples, seed, catalogue) if ranges else [()]
    for chosen in itertools.product(*(one.values for one in lists)):
        for row in sample:
            by_key = {one.key: one for one in (*chosen, *row)}
            yield tuple(by_key[axis.key] for axis in axes)


def sampled(axes: Sequence[Swept], design: str, samples: int, seed: int,
            catalogue: Mapping[str, Declaration]) -> list[tuple[Asked, ...]]:  # fmt: skip
    """Rows of a Sobol sequence or Latin hypercube over the intervals."""
    from scipy.stats import qmc

    if design == "sobol" and samples & (samples - 1):
        near = 2 ** round(math.log2(samples))
        raise UserError(
            f"'study.samples={samples}': a Sobol sequence is even over the intervals at powers of "
            f"two only. Use study.samples={near}, or study.design=lhs."
        )
    rng = np.random.default_rng([seed, len(axes), samples])
    made = qmc.Sobol(len(axes), rng=rng) if design == "sobol" else qmc.LatinHypercube(
        len(axes), rng=rng)  # fmt: skip
    rows = made.random(samples)
    return [
        tuple(placed(one, float(u), catalogue.get(one.key))
              for one, u in zip(axes, row, strict=True))
        for row in rows
    ]  # fmt: skip


def placed(one: Swept, u: float, declared: Declaration | None) -> Asked:
    """The value at a share of an interval: to six figures, whole where only whole ones count."""
    low, high = one.interval or (0.0, 1.0)
    if one.log:
        value = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    else:
        value = low + u * (high - low)
    value = min(max(float(f"{value:.6g}"), low), high)
    if declared is not None and declared.integer:
        whole = round(value)
        return Asked(key=one.key, value=whole, text=str(whole))
    return Asked(key=one.key, value=value, text=repr(value))


def told_axes(axes: Sequence[Swept], samples: int) -> str:
    """The axes in a sentence: "scenario x 2, tone x 3; sampled: sharing.p0 (16 points)"."""
    lists = [f"{one.key} x {len(one.values)}" for one in axes if one.interval is None]
    ranges = [one.key for one in axes if one.interval is not None]
    told = [", ".join(lists)] if lists else []
    told += [f"sampled: {', '.join(ranges)} ({counted(samples, 'point')})"] if ranges else []
    return "; ".join(told)


assert set(DOOR_KEYS) <= set(HELD)
