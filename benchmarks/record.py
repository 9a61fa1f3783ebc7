"""The record of a run of the benchmarks, as plain JSON in the shape that pytest-benchmark writes.

No host name, no user, no path: records travel.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

from benchmarks.process import Measured
from benchmarks.rows import Row
from sim.kernels import source_hash
from sim.provenance import LIBRARIES, MODEL, commit, machine, utc_now, version_of


def record(measured: Sequence[Measured], rows: Sequence[Row]) -> dict[str, Any]:
    """Machine, versions, commit, every value measured, and the lines as printed."""
    return {
        "version": "1", "datetime": utc_now(),
        "machine_info": describe_machine(),
        "commit_info": {"id": commit(), "kernels": source_hash()},
        "libraries": {name: version_of(name) for name in (MODEL, *LIBRARIES)},
        "benchmarks": [entry for one in measured for entry in entries(one)],
        "table": [{**asdict(row), "ratio": row.ratio, "verdict": row.verdict} for row in rows],
    }  # fmt: skip


def entries(one: Measured) -> list[dict[str, Any]]:
    """One entry a figure, with the statistics of its rounds."""
    shared = {
        "peak_bytes": one.peak_bytes, "child_bytes": one.child_bytes,
        "process_cpu_seconds": one.cpu_seconds, "process_wall_seconds": one.wall_seconds,
        "load_before": one.load,
    }  # fmt: skip
    return [
        {"name": f"{one.task}.{figure}", "group": one.task, "params": one.options,
         "stats": statistics(values), "extra_info": shared}
        for figure, values in one.figures.items()
    ]  # fmt: skip


def statistics(values: Sequence[float]) -> dict[str, Any]:
    """As pytest-benchmark names them."""
    return {
        "min": min(values), "max": max(values), "mean": fmean(values), "median": median(values),
        "stddev": stdev(values) if len(values) > 1 else 0.0, "rounds": len(values),
        "data": list(values),
    }  # fmt: skip


def describe_machine() -> dict[str, Any]:
    """What it is, not which one."""
    return {**machine(), "processor": processor(), "memory_gb": memory(),
            "python_version": platform.python_version()}  # fmt: skip


def processor() -> str:
    """The processor's make, where the system tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def memory() -> float | None:
    """GB of memory of the machine."""
    from sim.door.sizes import machine_memory

    found = machine_memory()
    return None if found is None else round(found / 1e9, 1)


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
