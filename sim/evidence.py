"""The evidence as data: patterns to reproduce, priors, and where both come from (conf/evidence).

A range is read as two standard deviations either side of its middle, on the scale it names:

    sd = (g(high) - g(low)) / 4,     deviation = (g(value) - (g(high) + g(low)) / 2) / sd

with g the logarithm or the number itself. A range that is open on one side has a `centre`; from it
the closed end is two standard deviations away, and the open side counts as no deviation.

This file knows nothing of the model, and nothing of the facts held out: those stand in a file of
their own with a reader of its own, above everything that could set a parameter (sim/held_out.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from sim.errors import UserError
from sim.parameters import Parameters
from sim.paths import conf_dir

FOLDER = "evidence"
MARKS = {
    "V": "read in the source, mostly its abstract",
    "C": "worked out from public data",
    "S": "a source document",
    "J": "judgement",
}
KINDS = {
    "input": "set by the network's table or by a trait: agreement says nothing for the model",
    "fitted": "a key was set with it in view and moves it nearly alone: agreement says little",
    "emergent": "comes out of several mechanisms, no key was set by it alone, and calibrations "
    "count it: agreement says that one set of parameters meets all at once",
}
IN_RANGE = 2.0  # standard deviations from the middle of a range to its ends

Text = Annotated[str, Field(min_length=1)]
Row = TypeVar("Row", bound=Parameters)


def as_tuple(value: Any) -> Any:
    """YAML has lists, a frozen row has tuples."""
    return tuple(value) if isinstance(value, list) else value


class Source(Parameters):
    """One publication, data set or document."""

    title: Text
    kind: Literal["data", "publication", "document", "judgement"]


class Citation(Parameters):
    """What one source found, and how it is known."""

    source: Text
    mark: Literal["V", "C", "S", "J"]
    found: Text


class Part(Parameters):
    """One number of a pattern, with its range."""

    name: str = ""
    about: Text
    unit: Text
    range: Annotated[tuple[float | None, float | None], BeforeValidator(as_tuple)]
    centre: float | None = None
    scale: Literal["linear", "log"]
    kind: Literal["input", "fitted", "emergent"]

    @model_validator(mode="after")
    def _coherent(self) -> Part:
        low, high = self.range
        if low is None and high is None:
            raise ValueError("a range needs an end")
        if (low is None or high is None) != (self.centre is not None):
            raise ValueError("a range open on one side needs a centre, another one has none")
        known = [one for one in (low, self.centre, high) if one is not None]
        if known != sorted(set(known)):
            raise ValueError("a range is [low, high], its centre inside")
        if self.scale == "log" and known[0] <= 0:
            raise ValueError("a log scale needs a range above 0")
        return self

    def deviation(self, value: float) -> float:
        """Standard deviations from the middle of the range, -inf for what has no logarithm."""
        if self.scale == "log" and value <= 0:
            return -math.inf
        middle, sd = self.middle_and_sd
        found = (self.scaled(value) - middle) / sd
        if self.centre is None:
            return found
        return min(found, 0.0) if self.range[1] is None else max(found, 0.0)

    @property
    def middle_and_sd(self) -> tuple[float, float]:
        """The middle of the range and its standard deviation, on the range's scale."""
        ends = [self.scaled(one) for one in (self.range[0], self.centre, self.range[1])
                if one is not None]  # fmt: skip
        if self.centre is None:
            return (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / (2 * IN_RANGE)
        return self.scaled(self.centre), (ends[1] - ends[0]) / IN_RANGE

    def holds(self, value: float) -> bool:
        """Whether a value lies in the range, its ends included."""
        return lies_between(value, *self.range)

    def scaled(self, value: float) -> float:
        """A value on the range's scale."""
        return math.log(value) if self.scale == "log" else value


class Target(Parameters):
    """One pattern: its numbers, how they are measured, what they inform, who says so."""

    pattern: Text
    informs: Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
    measured_as: Text
    parts: Annotated[tuple[Part, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    sources: Annotated[tuple[Citation, ...], BeforeValidator(as_tuple), Field(min_length=1)]

    @model_validator(mode="after")
    def _named(self) -> Target:
        names = [part.name for part in self.parts]
        if len(names) > 1 and ("" in names or len(set(names)) < len(names)):
            raise ValueError("several parts need different names")
        return self


class Prior(Parameters):
    """What is known of one parameter before any data, and the keys of conf/ that carry it."""

    unit: Text
    centre: float
    range: Annotated[tuple[float, float], BeforeValidator(as_tuple)]
    source: Annotated[tuple[str, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    keys: Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
    departs: str = ""
    no_key: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Prior:
        if not self.range[0] <= self.centre <= self.range[1]:
            raise ValueError("the centre lies outside the range")
        if bool(self.keys) == bool(self.no_key):
            raise ValueError("either keys that carry it, or why there is none (no_key)")
        return self


@cache
def load_sources() -> Mapping[str, Source]:
    """Every source by its name."""
    return read("sources", Source)


@cache
def load_targets() -> Mapping[str, Target]:
    """C1 ... C18 by code, every source known."""
    found = read("targets", Target)
    refuse_unknown_sources(
        "targets", {code: [one.source for one in target.sources] for code, target in found.items()}
    )
    return found


@cache
def load_priors() -> Mapping[str, Prior]:
    """Every prior by its name, every source known."""
    found = read("priors", Prior)
    refuse_unknown_sources("priors", {name: list(one.source) for name, one in found.items()})
    return found


def parts_of(targets: Mapping[str, Target]) -> dict[str, Part]:
    """Every number by the key of its observable: C3, C4.median, C4.mean, ..."""
    return {
        f"{code}.{part.name}" if part.name else code: part
        for code, target in targets.items()
        for part in target.parts
    }


def read(name: str, row: type[Row]) -> dict[str, Row]:
    """One file of conf/evidence as validated rows."""
    path = conf_dir() / FOLDER / f"{name}.yaml"
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"'{FOLDER}/{path.name}' cannot be read: {error}.") from None
    if not isinstance(tree, dict) or not tree:
        raise UserError(f"'{FOLDER}/{path.name}' holds no rows: give each a name and its fields.")
    return {str(key): validated(f"{FOLDER}/{path.name}", key, fields, row)
            for key, fields in tree.items()}  # fmt: skip


def validated(file: str, key: object, fields: Any, row: type[Row]) -> Row:
    """One row, or an error that says where it goes wrong."""
    try:
        return row.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in (key, *first["loc"]))
        message = str(first["msg"]).removeprefix("Value error, ")
        raise UserError(f"'{file}', {place}: {message}.") from None


def refuse_unknown_sources(name: str, named: Mapping[str, list[str]]) -> None:
    """Every source that a row names has its entry in sources.yaml."""
    known = load_sources()
    for key, sources in named.items():
        for source in sources:
            if source not in known:
                raise UserError(
                    f"'{FOLDER}/{name}.yaml', {key}: the source '{source}' has no entry in "
                    f"'{FOLDER}/sources.yaml'. Add one."
                )


def lies_between(value: float, low: float | None, high: float | None) -> bool:
    """Whether a value lies between two ends, themselves included; None is an open end."""
    return (low is None or value >= low) and (high is None or value <= high)


def number_text(value: float, unit: str) -> str:
    """A number of the evidence as people read it: shares as per cent."""
    if unit == "share":
        return f"{100 * value:.3g} %"
    return f"{value:.3g}"


def range_text(part: Part) -> str:
    """A part's range as people read it."""
    return span_text(*part.range, part.unit)


def span_text(low: float | None, high: float | None, unit: str) -> str:
    """A range as people read it, with its unit once."""
    if low is None or high is None:
        end = high if low is None else low
        assert end is not None
        return f"{number_text(end, unit)} or {'less' if low is None else 'more'}"
    if unit == "share":
        return f"{100 * low:.3g} to {100 * high:.3g} %"
    named = " min" if unit == "minutes" else ""
    return f"{low:.3g} to {high:.3g}{named}"
