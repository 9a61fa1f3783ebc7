"""The trust card: patterns C1-C18 and facts D1-D7 over parameter draws, as plain values.

A fact holds in a draw if all its judged numbers lie in their ranges there, and it holds on the
card if it does so in at least half of the draws. Facts that rest on one event count as one, a
replication counts for nothing, and nothing is left out: what could not be worked out stands there
with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.door.trust_runs import PATTERNS, TrustTask, recall, values_of
from sim.evidence import KINDS, load_targets
from sim.held_out import Criterion, Fact, load_held_out
from sim.observables.observed import Observed, finite, missing
from sim.study.scoring import HALF, half_in_range, loss_of, miss_of, scored
from sim.study.validate import card_of, common
from sim.trust.experiments import BY_NAME, EXPERIMENTS
from sim.trust.naive import naive_forecasts

NOT_RUN = missing("the run did not come through")
Record = Mapping[str, Any]


def trust_card(tasks: Sequence[TrustTask], **about: Any) -> dict[str, Any]:
    """The card of everything that has been run. `about` goes into its head."""
    worlds: dict[tuple[int, int], dict[str, Record]] = {}
    for task in tasks:
        record = recall(task)
        found = worlds.setdefault((task.draw, task.replicate), {})
        if record is not None:
            found[task.trial.name] = record
    records = [found for _, found in sorted(worlds.items())]
    measured = [values_of(one[PATTERNS]) for one in records if PATTERNS in one]
    card = card_of(load_targets(), measured, **about)
    has_facts = any(task.trial.name != PATTERNS for task in tasks)
    facts = facts_of(load_held_out(), records) if has_facts else {}
    return card | {
        "facts": facts, "worlds": len(records), "counts": card["counts"] | counts_of(facts),
        "fails": fails_of(card["patterns"], facts), "seconds": seconds_of(records),
    }  # fmt: skip


def facts_of(facts: Mapping[str, Fact], records: Sequence[Mapping[str, Record]]) -> dict[str, Any]:
    """Every fact with its numbers; those of one event refer to each other."""
    naive = naive_forecasts(load_targets())
    told = {code: fact_of(code, fact, records, naive) for code, fact in facts.items()}
    for code, fact in facts.items():
        others = [other for other, one in facts.items() if one.counts_with == code]
        together = [code, fact.counts_with, *others] if fact.counts_with else [code, *others]
        together = sorted(one for one in together if one)
        judged = [told[one]["worlds_holding"] for one in together]
        both = np.all(np.array(judged, bool), axis=0) if records else np.zeros(0, bool)
        told[code] |= {
            "together": together, "n_holding": int(both.sum()),
            "holds": bool(len(both)) and float(both.mean()) >= HALF,
        }  # fmt: skip
    return told


def fact_of(
    code: str, fact: Fact, records: Sequence[Mapping[str, Record]], naive: Mapping[str, float]
) -> dict[str, Any]:
    """One fact: a row for each number, the judged ones and those reported beside them."""
    rows: dict[str, Any] = {}
    criteria = {f"{code}.{one.name}": one for one in fact.criteria}
    for key, experiment in keys_of(code):
        judged = key in criteria
        criterion = criteria.get(key) or criteria[key.rpartition(".")[0]]
        found = [observed(one, experiment, key) for one in records]
        rows[key] = row_of(criterion, found, naive[key]) | {"judged": judged}
    holding = [
        all(row["holding"][k] for row in rows.values() if row["judged"])
        for k in range(len(records))
    ]  # fmt: skip
    return {
        "fact": fact.fact, "signs_free": fact.signs_free, "counted": not fact.replication,
        "published": [one.found for one in fact.sources], "rows": rows,
        "worlds_holding": holding, "details": details_of(code, records),
    }  # fmt: skip


def keys_of(code: str) -> list[tuple[str, str]]:
    """(key, experiment) of every number of a fact, in the order of the experiments."""
    return [(key, one.name) for one in EXPERIMENTS for key in one.keys
            if key.partition(".")[0] == code]  # fmt: skip


def observed(records: Mapping[str, Record], experiment: str, key: str) -> Observed:
    """One number in one world."""
    if experiment not in records:
        return NOT_RUN
    return values_of(records[experiment]).get(key, NOT_RUN)


def row_of(criterion: Criterion, found: Sequence[Observed], naive: float) -> dict[str, Any]:
    """One number over draws, and the naive forecast of it."""
    def miss(value: float) -> float:
        return miss_of(value, criterion.low, criterion.high, criterion.scale == "log")

    values = [finite(one.value) for one in found]
    row = scored(values, criterion.holds, miss)
    naive_loss = loss_of(criterion.holds(naive), miss(naive))
    return row | {
        "about": criterion.words, "unit": criterion.unit, "scale": criterion.scale,
        "range": [criterion.low, criterion.high], "strict": criterion.strict,
        "holding": [value is not None and criterion.holds(value) for value in values],
        "naive": naive, "naive_in_range": criterion.holds(naive), "naive_loss": naive_loss,
        "beats_naive": against(row["loss"], naive_loss),
        "note": common([one.note for one in found]), "why": common([one.why for one in found]),
    }  # fmt: skip


def against(loss: float | None, naive: float) -> str:
    """Whether the model does better than the naive forecast."""
    if loss is None:
        return "not known"
    return "as good" if loss == naive else ("better" if loss < naive else "worse")


def details_of(code: str, records: Sequence[Mapping[str, Record]]) -> dict[str, float]:
    """Medians over worlds of what is told beside a fact: by the experiment of its first number, and
    once, where facts share it."""
    told: dict[str, list[float]] = {}
    key, experiment = keys_of(code)[0]
    if key != BY_NAME[experiment].keys[0]:
        return {}
    for one in records:
        for words, value in one.get(experiment, {}).get("details", {}).items():
            told.setdefault(words, []).append(float(value))
    return {words: float(np.median(values)) for words, values in told.items()}


def counts_of(facts: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """How many facts count, and how many of these hold."""
    groups = {tuple(one["together"]): one["holds"] for one in facts.values() if one["counted"]}
    return {"facts": {"of": len(groups), "hold": sum(groups.values())}}


def fails_of(patterns: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """Codes of what is not in range in at least half of the draws: patterns that are no input of
    the table, then facts, those of one event joined."""
    codes = [key.partition(".")[0] for key, row in patterns.items()
             if row["kind"] != next(iter(KINDS)) and not half_in_range(row)]  # fmt: skip
    groups = [tuple(one["together"]) for one in facts.values()
              if one["counted"] and not one["holds"]]  # fmt: skip
    return [*dict.fromkeys(codes), *dict.fromkeys("+".join(one) for one in groups)]


def seconds_of(records: Sequence[Mapping[str, Record]]) -> dict[str, float]:
    """Mean seconds of each experiment."""
    found: dict[str, list[float]] = {}
    for one in records:
        for name, record in one.items():
            found.setdefault(name, []).append(float(record["seconds"]))
    return {name: float(np.mean(values)) for name, values in found.items()}
