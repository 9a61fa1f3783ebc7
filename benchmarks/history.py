"""What former runs of the benchmarks found, a line of JSON each: to see a trend, never to test.

    python -m benchmarks ... --history         adds this run to benchmarks/history.jsonl
    python -m benchmarks.history               prints the trend of every figure that has a target
    python -m benchmarks.history year views    only figures whose name holds one of these words

A line holds the machine (what it is, not which one), its measured limits, the commit, and every
figure that has a target. Figures of different machines are compared as ratios to their target; what
is a time on the clock says more about the machine than about the model.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("history.jsonl")
LIMITS = ("reads_chained", "reads_ahead", "streamed_bytes", "hashes")
MACHINE = ("cores", "processor", "memory_gb", "system", "python_version")


def line_of(record: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a record (`record.record`)."""
    limits = {
        one["name"].partition(".")[2]: float(f"{one['stats']['median']:.3g}")
        for one in record["benchmarks"] if one["group"] == "limits"
    }  # fmt: skip
    loads = [one["extra_info"]["load_before"] for one in record["benchmarks"]]
    return {
        "date": record["datetime"], "commit": record["commit_info"]["id"],
        "machine": {key: record["machine_info"].get(key) for key in MACHINE},
        "limits": {key: limits[key] for key in LIMITS if key in limits},
        "load": round(max(loads, default=0.0), 1),
        "figures": [
            {"group": row["group"], "name": row["name"], "value": float(f"{row['value']:.4g}"),
             "unit": row["unit"], "target": row["target"], "least": row["least"],
             "ratio": float(f"{row['ratio']:.4g}"), "note": row["note"]}
            for row in record["table"] if row["target"] is not None
        ],
    }  # fmt: skip


def add(record: dict[str, Any], path: Path = FILE) -> None:
    """Put a run behind the others."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line_of(record), allow_nan=False) + "\n")


def read(path: Path = FILE) -> list[dict[str, Any]]:
    """All runs, oldest first."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def trend(runs: Sequence[dict[str, Any]], words: Sequence[str] = ()) -> Iterator[str]:
    """A heading a figure, then a line a run: date, commit, value, ratio, machine, its load."""
    found: dict[tuple[str, str, str], list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for run in runs:
        for figure in run["figures"]:
            # a name may stand twice in a table, once for each thing compared: its note tells which
            many = [one["name"] for one in run["figures"]].count(figure["name"]) > 1
            key = figure["group"], figure["name"], figure["note"] if many else ""
            found.setdefault(key, []).append((run, figure))
    for (group, name, which), seen in found.items():
        title = f"{group}: {name.strip()}{f', {which}' if which else ''}"
        if words and not any(word.lower() in title.lower() for word in words):
            continue
        last = seen[-1][1]
        bound = ">=" if last["least"] else "<="
        yield f"{title} (target {bound} {last['target']:g} {last['unit']})"
        for run, figure in seen:
            machine = run["machine"]
            yield (
                f"  {run['date'][:10]}  {str(run['commit'])[:12]:<12}  {figure['value']:>9.4g}  "
                f"ratio {figure['ratio']:<7.3g}  {machine['cores']} cores, {machine['processor']}, "
                f"load {run['load']:g}"
            )


def main(words: Sequence[str]) -> int:
    """Print the trend."""
    lines = list(trend(read(), words))
    if not lines:
        print("Nothing is kept of that: run python -m benchmarks --history first.", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
