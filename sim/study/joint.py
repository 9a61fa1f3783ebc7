"""A posterior sample as a file, and the row of it that a parameter draw takes.

    row(d) = pi_b[d mod n],   b = d div n,   pi_b a permutation keyed by (root seed, b)

Rows are taken whole: what the patterns tie together stays together. Draw d is the same row in every
arm, world and process, and n draws in a line use each of n rows once. A file carries where it comes
from, and the priors it was found under: under other priors it says nothing, and is refused by name.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.declared import Declaration
from sim.errors import UserError
from sim.evidence import Part
from sim.paths import conf_dir, find_table
from sim.provenance import MODEL, code_hash, config_hash
from sim.study.files import write_text
from sim.study.posterior import CALIBRATED

KEY = "posterior"  # the setting that names a file
DEFAULT = "posterior/default.json"  # below conf/
FORMAT = "demarche posterior sample 1"
MOST_BYTES = 20_000_000
FEWEST_ROWS = 16
HEAD = ("format", "command", "date", "runs", "days", "seed", "audience", "code", "commit", "dirty",
        "targets", "patterns", "world", "unmet", "priors", "parameters", "hash")  # fmt: skip
ANEW = "python -m sim task=calibrate study.install=true"
MEANWHILE = "until then parameters=prior draws from the priors"
SHOWN = 3  # changed priors that a message spells out


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A posterior sample that can be drawn from. rows: float64[n, keys], in the keys' units."""

    name: str  # as the setting names it
    keys: tuple[str, ...]
    rows: np.ndarray
    head: Mapping[str, Any]  # everything else in the file

    @property
    def hash(self) -> str:
        """A name for what is drawn."""
        return str(self.head["hash"])

    @property
    def calibrated(self) -> tuple[str, ...]:
        """The keys that the patterns inform, as the calibration said; of older files by the sd."""
        told = self.head["parameters"]
        return tuple(key for key in self.keys
                     if told[key].get("calibrated", told[key]["sd"] < CALIBRATED))  # fmt: skip

    @property
    def same_code(self) -> bool:
        """Whether the code that decides a run is that of the calibration."""
        return bool(self.head["code"] == code_hash())


def prior_of(one: Declaration) -> dict[str, Any]:
    """What decides where a parameter was looked for."""
    return {"prior": one.prior, "value": one.value, "range": list(one.range or ()),
            "bounds": list(one.bounds or ())}  # fmt: skip


def hash_of(entries: Mapping[str, Any]) -> str:
    """A name for all that stands in a file but the name itself."""
    return config_hash({key: one for key, one in entries.items() if key != "hash"})[:16]


def hash_of_targets(parts: Mapping[str, Part]) -> str:
    """A name for the patterns and their ranges."""
    return config_hash({key: one.model_dump(mode="json") for key, one in parts.items()})[:16]


# --- writing ------------------------------------------------------------------------------------


def write_sample(
    path: Path, head: Mapping[str, Any], keys: Sequence[str], rows: Sequence[Sequence[float]]
) -> None:
    """The file, whole or not at all: the head, then a line a row."""
    entries = {"format": FORMAT, "model": MODEL, **head}
    plain = json.loads(json.dumps({"keys": list(keys), "rows": [list(one) for one in rows],
                                   **entries}, allow_nan=False))  # fmt: skip
    entries["hash"] = hash_of(plain)  # last, so that its line ends the head
    top = json.dumps(entries, indent=2, ensure_ascii=False, allow_nan=False).rstrip("}\n")
    lines = ",\n    ".join(json.dumps(one) for one in plain["rows"])
    write_text(path, f'{top},\n  "keys": {json.dumps(list(keys))},\n  "rows": [\n    {lines}\n'
                     "  ]\n}\n")  # fmt: skip


# --- reading ------------------------------------------------------------------------------------


def load_sample(name: str) -> Sample:
    """The sample that the setting names, read once as long as the file stays as it is."""
    told = f"{KEY}={name[:80]!r}"
    if name == DEFAULT and not any((one / DEFAULT).is_file() for one in (Path.cwd(), conf_dir())):
        raise UserError(
            f"'parameters=posterior': no posterior sample comes with this version ({told} is not "
            f"there). Calibrate with {ANEW} (a night on two cores), or name the posterior.json of "
            f"a calibration of your own with {KEY}=...; {MEANWHILE}."
        )
    path = find_table(name, KEY, "json")
    stat = path.stat()
    if stat.st_size > MOST_BYTES:
        raise UserError(f"{told} is larger than {MOST_BYTES:,} bytes: no posterior sample is.")
    return _read(path, name, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, name: str, changed: int, size: int) -> Sample:
    told = f"{KEY}={name[:80]!r}"
    foreign = UserError(
        f"{told} is no posterior sample: name the posterior.json that task=calibrate has written "
        "into results/calibration/NAME."
    )
    try:
        found = json.loads(path.read_text("utf-8"), parse_constant=_no_number)
    except (OSError, ValueError, RecursionError):
        raise foreign from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise foreign
    head = {key: one for key, one in found.items() if key not in ("keys", "rows")}
    keys: Any = found.get("keys")
    rows: Any = found.get("rows")
    if not set(HEAD) <= head.keys() or not is_whole(keys, rows, head):
        raise foreign
    if hash_of(found) != head["hash"]:
        raise UserError(
            f"{told} was changed after task=calibrate wrote it: its content is not that of its "
            "hash. Take the file as it was written; a single value is set as key=value."
        )
    return Sample(name=name, keys=tuple(keys), rows=np.array(rows, np.float64), head=head)


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def is_whole(keys: Any, rows: Any, head: Mapping[str, Any]) -> bool:
    """Whether every row has a finite number for every key, and every key a prior and its sd."""
    if not isinstance(keys, list) or not isinstance(rows, list) or len(rows) < FEWEST_ROWS:
        return False
    priors, told = head["priors"], head["parameters"]
    return (
        bool(keys) and all(isinstance(key, str) for key in keys) and keys == sorted(set(keys))
        and isinstance(priors, dict) and isinstance(told, dict)
        and set(priors) == set(keys) == set(told)
        and all(isinstance(one, dict) and isinstance(one.get("sd"), float) for one in told.values())
        and all(isinstance(row, list) and len(row) == len(keys)
                and all(isinstance(cell, (int, float)) and not isinstance(cell, bool)
                        and math.isfinite(cell) for cell in row) for row in rows)
    )  # fmt: skip


def refuse_stale(sample: Sample, catalogue: Mapping[str, Declaration]) -> None:
    """A sample that was found under other priors than those of this configuration."""
    changed = []
    for key in sample.keys:
        then = sample.head["priors"][key]
        now = prior_of(catalogue[key]) if key in catalogue else None
        if now is None:
            changed.append(f"{key} (no parameter now)")
        elif now != then:
            names = [name for name in now if now[name] != then.get(name)]
            changed.append(f"{key} ({'; '.join(_then_now(one, then, now) for one in names)})")
    for place, key in enumerate(sample.keys):
        ends = [float(sample.rows[:, place].min()), float(sample.rows[:, place].max())]
        if not changed and catalogue[key].outside(ends):
            changed.append(f"{key} (rows outside what is allowed: {catalogue[key].allowed()})")
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise UserError(
            f"'{KEY}={sample.name}' was calibrated under other priors than these: "
            f"{'; '.join(changed[:SHOWN])}{more}. Calibrate anew with {ANEW}; {MEANWHILE}."
        )


def _then_now(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return f"{name} {then.get(name)} then, {now[name]} now"


# --- drawing ------------------------------------------------------------------------------------


def row_of(sample: Sample, root_seed: int, draw: int, fixed: Collection[str]) -> dict[str, float]:
    """The row that draw number `draw` takes, without what the user has set."""
    from sim import streams

    n = len(sample.rows)
    block, place = divmod(draw, n)
    name = streams.name_hash("parameter", KEY)
    world = streams.world_seed(root_seed, f"{KEY}/{block}")
    with np.errstate(over="ignore"):
        stream = streams.key(world, streams.PARAMETER, name, np.uint64(0))
        bits = streams.draw(stream, np.arange(n, dtype=np.uint64))
    row = sample.rows[np.argsort(bits, kind="stable")[place]]
    return {key: float(one) for key, one in zip(sample.keys, row, strict=True) if key not in fixed}
