"""From the records of nature and analyst to the numbers of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.installable import MOST_MISSED
from sim.study.posterior import RULED_OUT
from verification.misspecification import analyst, nature
from verification.misspecification.generators import Generator
from verification.misspecification.score import outcome, rate, tally, truth_of
from verification.misspecification.trial import LEAD, MEASURED, QUESTIONS, Trial

Rows = list[dict[str, Any]]


def gathered(folder: Path, trial: Trial, chosen: Sequence[Generator]) -> dict[str, Any]:
    """The report as plain values, of the worlds that are done."""
    rows: Rows = []
    misfit: dict[str, list[dict[str, Any]]] = {}
    refused: list[str] = []
    for one in chosen:
        for world, record in enumerate(nature.records(folder, one.name, trial)):
            found = analyst.recall(folder, one.name, world)
            if record is None or found is None:
                continue
            if "refused" in found:
                refused.append(f"{one.name}, world {world}: {found['refused']}")
                continue
            misfit.setdefault(one.name, []).append(found["noticed"])
            rows += rows_of(one, world, record, found["answers"], "calibrated")
            prior = analyst.recall(folder, "prior", world)
            if prior is not None:
                rows += rows_of(one, world, record, prior["answers"], "prior")
    return {
        "trial": asdict(trial) | {"looks": list(trial.looks)}, "lead": LEAD,
        "worth": found_worth(folder, trial, chosen), "rows": rows,
        "refused": refused,
        "generators": {one.name: told(one, rows, misfit) for one in chosen if one.name in misfit},
        "overall": {part: overall(rows, chosen, part) for part in ("calibrated", "prior")},
    }  # fmt: skip


def found_worth(folder: Path, trial: Trial, chosen: Sequence[Generator]) -> float:
    """The smallest difference worth acting on, as the arms had it."""
    known = (one for name in chosen for one in nature.records(folder, name.name, trial) if one)
    return float(next(known, {"worth": 0.0})["worth"])


def rows_of(one: Generator, world: int, record: Mapping[str, Any], answers: Mapping[str, Any],
            how: str) -> Rows:  # fmt: skip
    """A row a question and measure."""
    worth, found = float(record["worth"]), []
    for question in QUESTIONS:
        for measure in MEASURED:
            truth = nature.truth(record["values"], question, measure, worth)
            answer = answers[question][measure]
            span = answer["span"]
            covered = None
            if truth is not None and span is not None:
                covered = span["lo"] <= truth.mean <= span["hi"]
            found.append({
                "generator": one.name, "world": world, "question": question, "measure": measure,
                "how": how, "verdict": answer["verdict"], "span": span,
                "true": None if truth is None else analyst.vars_of(truth),
                "truth": truth_of(truth, worth), "covered": covered,
                "outcome": outcome(answer["verdict"], truth, worth),
            })  # fmt: skip
    return found


def those(rows: Rows, **wanted: Any) -> Rows:
    """The rows with these values."""
    return [one for one in rows if all(one[key] == value for key, value in wanted.items())]


def told(one: Generator, rows: Rows, misfit: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """One generator: verdicts by question, both ways, and what the calibration showed."""
    mine = those(rows, generator=one.name)
    lead = those(mine, how="calibrated", measure=LEAD)
    return {
        "label": one.label, "about": one.about, "outside": one.outside,
        "worlds": len(misfit[one.name]),
        "questions": {name: tally(those(lead, question=name)) for name in QUESTIONS},
        "lead": tally(lead), "prior": tally(those(mine, how="prior", measure=LEAD)),
        "other_measures": tally([row for row in those(mine, how="calibrated")
                                 if row["measure"] != LEAD]),
        "worlds_with_a_wrong_sign": with_wrong_sign(lead),
        "noticed": noticed(misfit[one.name]),
    }  # fmt: skip


def with_wrong_sign(rows: Rows) -> dict[str, Any]:
    """Worlds, which are independent as their questions are not, in which any sign was wrong."""
    worlds = {row["world"] for row in rows}
    wrong = {row["world"] for row in rows if row["outcome"] == "opposite"}
    return rate(len(wrong), len(worlds))


def noticed(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many patterns a user would have seen out of reach."""
    outside = [len(one["outside"]) for one in records]
    worst = [max((abs(v) for v in one["run_again"].values()), default=0.0) for one in records]
    names = [name for one in records for name in one["outside"]]
    return {
        "outside": outside, "outside_median": float(np.median(outside)),
        "warned": rate(sum(n > 0 for n in outside), len(outside)),
        "worst_median": float(np.median(worst)),
        "least_worst_median": float(np.median([one["least_worst"] for one in records])),
        "all_ruled_out": rate(sum(one["least_worst"] > RULED_OUT for one in records),
                              len(records)),
        "not_installed": rate(sum(too_many(one) for one in records), len(records)),
        "patterns": {name: names.count(name) for name in sorted(set(names),
                                                                key=lambda n: -names.count(n))},
    }  # fmt: skip


def too_many(record: Mapping[str, Any]) -> bool:
    """Whether more patterns are missed than the product lets a calibration have that is to become
    everybody's (sim/study/installable.py)."""
    return len(record["outside"]) > MOST_MISSED * len(record["run_again"])


def overall(rows: Rows, chosen: Sequence[Generator], how: str) -> dict[str, Any]:
    """The control, the other kinds, what is outside of all kinds, all but the control, and what
    other measures say of these."""
    names = {one.name: one for one in chosen}
    mine = those(rows, how=how, measure=LEAD)
    kinds = {
        "control": [row for row in mine if row["generator"] == "default"],
        "other kinds": [row for row in mine if row["generator"] != "default"
                        and not names[row["generator"]].outside],
        "outside": [row for row in mine if names[row["generator"]].outside],
        "built otherwise": [row for row in mine if row["generator"] != "default"],
        "other measures": [row for row in those(rows, how=how) if row["measure"] != LEAD
                           and row["generator"] != "default"],
    }  # fmt: skip
    return {name: tally(found) for name, found in kinds.items() if found}
