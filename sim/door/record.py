"""What a result must carry to be run again: the resolved configuration and where it came from."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from sim.door.arms import Arm, Comparison
from sim.door.guide import version
from sim.door.sizes import Size, cores, machine_memory

LIBRARIES = ("numpy", "numba", "scipy", "pydantic", "mesa", "pyarrow", "hydra-core", "matplotlib")


def resolved(comparison: Comparison, size: Size) -> dict[str, Any]:
    """Both arms and the warm-up, every value, and what the user fixed."""
    return {
        "scenario": _arm(comparison.scenario),
        "against": _arm(comparison.against),
        "warmup": _arm(comparison.baseline),
        "worlds": {"draws": size.draws, "replicates": size.replicates},
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


def config_hash(comparison: Comparison, size: Size) -> str:
    """A name for everything that decides the result; where it is written and by how many processes
    it is worked out decide nothing."""
    plain = json.loads(json.dumps(resolved(comparison, size), allow_nan=False))
    drawn = {key for key, one in comparison.scenario.catalogue.items() if one.prior}
    for arm in ("scenario", "against", "warmup"):
        plain[arm]["fixed"] = [key for key in plain[arm]["fixed"] if key in drawn]
        for key in ("results", "workers", "question", "keep"):
            plain[arm]["values"].pop(key, None)
        plain[arm].pop("choices")
    text = json.dumps(plain, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def provenance(comparison: Comparison, size: Size) -> dict[str, Any]:
    """Model version, libraries, commit, seed, hash of the configuration, machine."""
    return {
        "model": "demarche",
        "version": version(),
        "commit": commit(),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "seed": comparison.scenario.settings.seed,
        "config_hash": config_hash(comparison, size),
        "worlds": size.worlds,
        "machine": {
            "system": platform.system(), "architecture": platform.machine(), "cores": cores(),
            "memory_bytes": machine_memory(), "byte_order": sys.byteorder,
        },
    }  # fmt: skip


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def commit() -> str | None:
    """The commit of the checkout, read from its files; None outside one."""
    git = Path(__file__).resolve().parents[2] / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        loose = git / name
        if loose.is_file():
            return loose.read_text(encoding="utf-8").strip()
        packed = (git / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except OSError:
        return None
