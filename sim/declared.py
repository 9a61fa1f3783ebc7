"""Every number answers "says who?": values that carry unit, plausible range, kind and source.

A number in conf/ is a declaration, `{value, unit, range, bounds, prior, kind, source, about}`. The
range is read as +-2 standard deviations of its prior on the prior's own scale (logarithm for
lognormal, log-odds for logit). The median of the prior is the value itself where that lies strictly
inside the range, else the middle of the range on that scale; each side then has its own width, so
that both ends of the range stay two standard deviations away:

    x = g^-1(m + z * (g(hi) - m if z > 0 else m - g(lo)) / 2),   z standard normal, m = g(median)

A two-piece normal split at the median (the quantile form of Fechner's; Wallis 2014, "The two-piece
normal, binormal, or double Gaussian distribution", reviews the family). 95.4 % of draws fall inside
the range; `bounds` clip the rest. A parameter's draw is keyed by its name, never by its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from sim.errors import UserError

MOST_TOLD = 12  # of what is wrong with a configuration, at once
Value = bool | int | float | str | list[float] | list[int] | list[str] | None
Prior = Literal["lognormal", "normal", "logit", "uniform"]
FIELDS = ("unit", "range", "bounds", "prior", "kind", "source", "about", "choices", "integer")
REQUIRED = ("unit", "range", "source", "kind", "about")  # what a number may not lack
Tree = dict[str, Any]
Scale = Callable[[float], float]


class Declaration(BaseModel):
    """One value and who says so. `choices` lists the words allowed; `integer` refuses fractions."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    value: Value
    unit: str
    kind: Literal["measured", "fitted", "inferred", "assumed", "setting"]
    source: str
    about: str
    range: tuple[float, float] | None = None
    bounds: tuple[float | None, float | None] | None = None
    prior: Prior | None = None
    choices: tuple[str, ...] | None = None
    integer: bool = False

    @field_validator("range", "bounds", "choices", mode="before")
    @classmethod
    def _tuples(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _coherent(self) -> Declaration:
        if not self.about.strip() or not self.source.strip() or not self.unit.strip():
            raise ValueError("unit, source and about may not be empty")
        if self.is_numeric and self.kind != "setting" and self.range is None:
            raise ValueError("a number that is not a setting needs a plausible range")
        if self.range is not None and not self.range[0] <= self.range[1]:
            raise ValueError("range must be [low, high]")
        if self.prior is not None:
            self._check_prior()
        return self

    def _check_prior(self) -> None:
        if self.range is None or isinstance(self.value, list) or not self.is_numeric:
            raise ValueError("a prior needs a single number and a range")
        low, high = self.range
        if not low < high:
            raise ValueError("a prior needs a range wider than a point")
        if self.prior == "lognormal" and low <= 0:
            raise ValueError("a lognormal prior needs a range above 0")
        if self.prior == "logit" and not (low > 0 and high < 1):
            raise ValueError("a logit prior needs a range strictly inside 0 and 1")

    @property
    def is_numeric(self) -> bool:
        """Whether the value is a number or a list of numbers."""
        items = self.value if isinstance(self.value, list) else [self.value]
        return bool(items) and all(is_number(item) for item in items)

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """What a user may set: the bounds, else the range of an undrawn value, else the support."""
        if self.bounds is not None:
            return self.bounds
        if self.prior is None:
            return self.range or (None, None)
        return {"lognormal": (0.0, None), "logit": (0.0, 1.0)}.get(self.prior, (None, None))

    def outside(self, value: Any) -> bool:
        """Whether any number of `value` lies outside the limits."""
        low, high = self.limits
        numbers = [item for item in _items(value) if is_number(item)]
        return any(
            (low is not None and item < low) or (high is not None and item > high)
            for item in numbers
        )

    def implausible(self, value: Any) -> bool:
        """Whether any number of `value` lies outside the plausible range."""
        if self.range is None:
            return False
        return any(
            not self.range[0] <= item <= self.range[1] for item in _items(value) if is_number(item)
        )

    def allowed(self) -> str:
        """What may stand here, in words."""
        low, high = self.limits
        words = [repr(choice) for choice in self.choices or ()]
        if self.choices is None or self.range is not None or self.bounds is not None:
            words.append(self._shape() + _between(low, high))
        return " or ".join(words)

    def _shape(self) -> str:
        if isinstance(self.value, list):
            return f"a list of {len(self.value)} values"
        if isinstance(self.value, bool):
            return "true or false"
        if self.integer:
            return "a whole number"
        if self.is_numeric or self.range is not None or self.bounds is not None:
            return "a number"
        return "text"


def is_number(value: Any) -> bool:
    """Whether a value is an integer or a float, and not a truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_declaration(node: Any) -> bool:
    """Whether a node of the tree is a declaration: it has a value and says something about it."""
    return isinstance(node, Mapping) and "value" in node and any(name in node for name in FIELDS)


def walk(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted key, leaf or raw declaration) over a tree, in the order of its names."""
    for name in sorted(tree):
        node, dotted = tree[name], f"{prefix}{name}"
        if isinstance(node, Mapping) and not is_declaration(node):
            yield from walk(node, f"{dotted}.")
        else:
            yield dotted, node


def declare(key: str, node: Mapping[str, Any]) -> Declaration:
    """The declaration at one key, or an error that names what it lacks."""
    try:
        return Declaration(**node)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][:1])
        message = str(first["msg"]).removeprefix("Value error, ")
        raise UserError(
            f"'{key}' is not well declared: {place + ': ' if place else ''}{message}. "
            f"A number in conf/ carries value, {', '.join(REQUIRED)}."
        ) from None


def split(tree: Mapping[str, Any]) -> tuple[Tree, dict[str, Declaration]]:
    """The plain values of a composed tree, and its catalogue {dotted key: Declaration}."""
    values: Tree = {}
    catalogue: dict[str, Declaration] = {}
    for key, node in walk(tree):
        if is_declaration(node):
            catalogue[key] = declare(key, node)
            put(values, key, _plain(catalogue[key].value))
        elif _has_number(node):
            raise UserError(
                f"'{key}' in conf/ is a bare number: declare it with value, {', '.join(REQUIRED)}, "
                "or, in a scenario, as {value: ...} over a key that is declared elsewhere."
            )
        else:
            put(values, key, node)
    return values, catalogue


def undeclared(tree: Mapping[str, Any]) -> list[str]:
    """Keys whose numbers cannot answer "says who?", with the reason; empty when all can."""
    problems = []
    for key, node in walk(tree):
        if is_declaration(node):
            try:
                declare(key, node)
            except UserError as error:
                problems.append(str(error))
        elif _has_number(node):
            problems.append(f"'{key}' is a bare number")
    return problems


def put(values: Tree, key: str, value: Any) -> None:
    """Set a dotted key in a nested dictionary, making the sections on the way."""
    *path, last = key.split(".")
    node = values
    for name in path:
        node = node.setdefault(name, {})
    node[last] = value


def get(values: Mapping[str, Any], key: str) -> Any:
    """The value at a dotted key of a nested dictionary."""
    node: Any = values
    for name in key.split("."):
        node = node[name]
    return node


def with_values(values: Mapping[str, Any], changes: Mapping[str, Any]) -> Tree:
    """A copy of nested values with some dotted keys replaced."""
    copied = _plain(values)
    for key, value in changes.items():
        put(copied, key, value)
    return copied


def drawn_keys(catalogue: Mapping[str, Declaration], fixed: Iterable[str] = ()) -> list[str]:
    """The keys that have a prior and were not fixed by the user, sorted by name."""
    held = set(fixed)
    return sorted(key for key, one in catalogue.items() if one.prior and key not in held)


def draw_parameters(
    catalogue: Mapping[str, Declaration], root_seed: int, draw: int, fixed: set[str]
) -> dict[str, float]:
    """Parameter draw number `draw`: {dotted key: value} for every key with a prior, fixed excepted.

    Keyed by (root seed, draw, name): a parameter's draw does not move when others come or go.
    """
    from scipy.special import ndtr

    from sim import streams

    keys = drawn_keys(catalogue, fixed)
    if not keys:
        return {}
    names = np.array([streams.name_hash("parameter", key) for key in keys], dtype=np.uint64)
    world = np.full(len(keys), streams.world_seed(root_seed, f"draw/{draw}"), dtype=np.uint64)
    cause = who = np.zeros(len(keys), dtype=np.uint64)
    bits = streams.draw(streams.key(world, streams.PARAMETER, names, cause), who)
    scores = streams.normal(bits)
    ranks = ndtr(scores)
    return {
        key: quantile(catalogue[key], float(score), float(rank))
        for key, score, rank in zip(keys, scores, ranks, strict=True)
    }


def quantile(one: Declaration, score: float, rank: float) -> float:
    """The value of a declared prior at a standard normal score (and at its rank, for uniform)."""
    assert one.range is not None and one.prior is not None
    low, high = one.range
    if one.prior == "uniform":
        value = low + (high - low) * rank
    else:
        forth, back = _SCALES[one.prior]
        left, right = forth(low), forth(high)
        centre = one.value if isinstance(one.value, (int, float)) else math.nan
        median = forth(centre) if low < centre < high else (left + right) / 2
        width = (right - median) if score > 0 else (median - left)
        value = back(median + score * width / 2)
    floor, ceiling = one.bounds or (None, None)
    value = value if floor is None else max(value, floor)
    return value if ceiling is None else min(value, ceiling)


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _same(x: float) -> float:
    return x


_SCALES: dict[str, tuple[Scale, Scale]] = {
    "lognormal": (math.log, math.exp),
    "logit": (_logit, _expit),
    "normal": (_same, _same),
}


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _has_number(node: Any) -> bool:
    if isinstance(node, Mapping):
        return any(_has_number(item) for item in node.values())
    if isinstance(node, (list, tuple)):
        return any(_has_number(item) for item in node)
    return is_number(node)


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _plain(item) for name, item in node.items()}
    return [_plain(item) for item in node] if isinstance(node, (list, tuple)) else node


def _between(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" between {_spelt(low)} and {_spelt(high)}"
    if low is not None:
        return f", {_spelt(low)} or more"
    return "" if high is None else f", at most {_spelt(high)}"


def _spelt(number: float) -> str:
    """A limit as people write it: 50,000,000, not 5e+07."""
    whole = number == int(number) and abs(number) < 1e12
    return f"{int(number):,}" if whole else f"{number:,g}"


def translate(
    error: ValidationError, values: Mapping[str, Any], prefix: str = ""
) -> UserError:
    """A pydantic error in the user's words: dotted key, what is wrong, the next step."""
    known = {key for key, _ in walk(values)}
    told = list(dict.fromkeys(_told(one, known, prefix) for one in error.errors()))
    return UserError("\n".join(told[:MOST_TOLD]))


def _told(one: Any, known: set[str], prefix: str) -> str:
    key = prefix + _dotted([str(part) for part in one["loc"]], known)
    if one["type"] == "extra_forbidden":
        return f"The key '{key}' does not exist."
    if one["type"] == "missing":
        return f"The key '{key}' is missing."
    message = str(one["msg"]).removeprefix("Value error, ").rstrip(".")
    if not one["loc"]:  # of the whole, which names its keys itself
        return f"{message}."
    if message.startswith(("Input", "String")):
        message = message[0].lower() + message[1:]
    if not key:  # several keys that contradict each other: the message names them
        return f"{message}."
    shown = "" if isinstance(one.get("input"), dict) else f"={one.get('input')}"
    return f"'{key}{shown}': {message}. task=explain key={key} says what it may be."


def _dotted(parts: list[str], known: set[str]) -> str:
    """The user's key: pydantic puts the kind of a union among the parts, users do not."""
    whole = ".".join(parts)
    shorter = [".".join(parts[:i] + parts[i + 1 :]) for i in range(len(parts))]
    return next((key for key in [whole, *shorter] if key in known), whole)
