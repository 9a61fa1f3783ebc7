"""task=check: says what would run, how long it takes and how much memory, and runs nothing."""

from __future__ import annotations

from sim.door.arms import OWN, Comparison, differing_keys
from sim.door.build import n_drawn, scenario_of
from sim.door.context import arm_in_words, compared_words, fairness_words, question_of
from sim.door.facts import facts_of
from sim.door.sampled import sample_of, sample_sentences
from sim.door.sizes import duration, refuse_oversized, size_of
from sim.door.steelman import tuning_seconds
from sim.door.words import audience_words
from sim.errors import counted


def report(comparison: Comparison) -> str:
    """The whole text of task=check; refuses what a run would refuse."""
    tested, against = comparison.scenario, comparison.against
    scenario, other = scenario_of(tested), scenario_of(against)
    size = size_of(scenario, tested.fixed)
    refuse_oversized(size)
    differing = [key for key in differing_keys(tested, against) if key.startswith(OWN)]
    settings, facts = scenario.settings, facts_of(scenario, other)
    fairness = fairness_words(scenario, other, facts)
    lines = [
        "The configuration is valid.",
        f"  {'question':<12}{question_of(comparison, fairness)}",
        f"  {'scenario':<12}{tested.name}: {arm_in_words(scenario, facts)}",
        f"  {'against':<12}{against.name}: {arm_in_words(other, facts)}",
        f"  {'differ in':<12}{', '.join(differing) or 'nothing: every difference will be 0'}",
        f"  {'fair':<12}{fairness}",
        f"  {'network':<12}{facts.network}, {facts.date}",
        f"  {'audience':<12}{audience_words(scenario)}",
        f"  {'days':<12}{settings.days} from {settings.start}, after {settings.warmup_days} of "
        "warm-up",
        f"  {'worlds':<12}{size.worlds}: {counted(size.draws, 'parameter draw')} "
        f"({counted(n_drawn(tested), 'parameter')}) with "
        f"{counted(size.replicates, 'replicate')} each",
        f"  {'time':<12}about {duration(size.seconds)} in "
        f"{counted(size.workers, 'process', 'processes')} (from sizes alone)",
        f"  {'memory':<12}about {size.n_bytes / 1e9:.1f} GB",
    ]
    if settings.steelman:
        told = duration(tuning_seconds(comparison, size.workers))
        lines.append(f"  {'steelman':<12}both sides tuned beforehand, about {told} more")
    lines += [f"  {'parameters':<12}{told}" for told in sample_sentences(tested, sample_of(tested))]
    told = compared_words(comparison)
    lines += [f"  {'compared':<12}{told}"] if told else []
    lines += [f"  {'note':<12}{note}" for note in (*tested.notes, *facts.cautions, *facts.notes)]
    return "\n".join(lines)
