"""What a result must carry to be run again: the resolved configuration and where it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from sim.door.arms import Arm, Comparison
from sim.door.overrides import DECIDE_NOTHING
from sim.door.sampled import sample_of
from sim.door.sizes import Size, machine_memory
from sim.provenance import config_hash as hash_of
from sim.provenance import provenance, utc_now
from sim.study import files


def resolved(comparison: Comparison, size: Size) -> dict[str, Any]:
    """Both arms and the warm-up, every value, and what the user fixed."""
    return {
        "scenario": _arm(comparison.scenario),
        "against": _arm(comparison.against),
        "warmup": _arm(comparison.baseline),
        "worlds": {"draws": size.draws, "replicates": size.replicates},
        **({} if (sample := sample_of(comparison.scenario)) is None else {"sample": sample.hash}),
    }


def _arm(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name, "choices": dict(arm.choices), "fixed": sorted(arm.fixed),
        "values": dict(arm.values),
    }  # fmt: skip


def config_text(comparison: Comparison, size: Size) -> str:
    """config.yaml: what `resolved` says, as YAML without tags or aliases."""
    plain = json.loads(json.dumps(resolved(comparison, size), allow_nan=False))
    return yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)


def decisive(comparison: Comparison, size: Size) -> dict[str, Any]:
    """What decides the result; where it is written and by how many processes it is worked out
    decide nothing."""
    plain: dict[str, Any] = json.loads(json.dumps(resolved(comparison, size), allow_nan=False))
    drawn = {key for key, one in comparison.scenario.catalogue.items() if one.prior}
    for arm in ("scenario", "against", "warmup"):
        plain[arm]["fixed"] = [key for key in plain[arm]["fixed"] if key in drawn]
        for key in DECIDE_NOTHING:
            plain[arm]["values"].pop(key, None)
        plain[arm].pop("choices")
    return plain


def config_hash(comparison: Comparison, size: Size) -> str:
    """A name for everything that decides the result."""
    return hash_of(decisive(comparison, size))


def record(comparison: Comparison, size: Size, started: str) -> dict[str, Any]:
    """provenance.json: versions, commit, seed, hash of the configuration, machine; without an
    end as long as the job runs."""
    seed = comparison.scenario.settings.seed
    found = provenance(decisive(comparison, size), seed=seed, started=started)
    return found | {"worlds": size.worlds, "memory_bytes": machine_memory()}


def finish_record(folder: Path) -> None:
    """Put the time of the end into provenance.json, however the job ended."""
    path = folder / "provenance.json"
    files.write_json(path, {**files.read_json(path), "finished": utc_now()})
