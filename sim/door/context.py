"""Fills in the words that a report needs beside its numbers."""

from __future__ import annotations

import math

from sim.declared import get
from sim.door.arms import OWN, Arm, Comparison
from sim.door.build import assumed_keys, scenario_of
from sim.door.explain import shown
from sim.door.facts import Facts
from sim.door.overrides import BASELINE, DECIDE_NOTHING
from sim.door.sampled import calibrated_keys, sample_of, sample_sentences
from sim.door.screen import CIRCUMSTANCE, options_of
from sim.door.sizes import Size
from sim.door.words import arm_sentence, audience_words, circumstance_words, platform_words
from sim.paths import conf_dir
from sim.report.context import Context
from sim.scenario import Scenario
from sim.strategy.fairness import BY_VOLUME
from sim.vocabulary import POLICY_GROUPS

FAIRNESS = {
    "hours": "Fair by hours: every account spends the same staff hours a week in both arms",
    "volume": (
        "Fair by volume: every account publishes the same number of originals a week in both arms, "
        "with the same media and languages; hours float, and stand in the table"
    ),
    "quality": (
        "Fair by quality: every account publishes the same number of equally good originals a week "
        "in both arms, with the same media and languages; hours float and buy no quality"
    ),
    "attention": (
        "Fair by attention: as by quality, in a world where attention to topics stays at rest "
        "whatever the news"
    ),
}
ALIKE = {  # the same at the end of a question
    "hours": "for the same staff hours",
    "volume": "at the same number of originals",
    "quality": "at the same number of equally good originals",
    "attention": "at the same number of equally good originals, with attention at rest",
}
DIAGNOSTIC = (
    "with fair=attention attention to topics stays at rest, which no real week does; it shows what "
    "postures owe to riding attention"
)


def context_of(comparison: Comparison, facts: Facts, size: Size, folder: str) -> Context:
    """Sentences and facts that every page of this result repeats."""
    tested, other = scenario_of(comparison.scenario), scenario_of(comparison.against)
    settings, study = tested.settings, tested.study
    label, base = label_of(comparison.scenario), label_of(comparison.against)
    sample = sample_of(comparison.scenario)
    fairness = fairness_words(tested, other, facts)
    return Context(
        question=question_of(comparison, fairness),
        scenario_sentence=arm_in_words(tested, facts),
        against_sentence=arm_in_words(other, facts),
        network=facts.network,
        network_date=facts.date,
        audience=audience_words(tested),
        platform=platform_words(tested)[0],
        platform_era=platform_words(tested)[1],
        start=settings.start,
        days=settings.days,
        seed=settings.seed,
        folder=folder,
        fairness=fairness,
        diagnostic=DIAGNOSTIC if settings.fair == "attention" else "",
        imputed=facts.notes,
        assumed=assumed_keys(comparison.scenario),
        calibrated=calibrated_keys(comparison.scenario, sample),
        drawn=sample_sentences(comparison.scenario, sample),
        provisional=settings.parameters != "central" and size.draws < study.firm_draws,
        worth=settings.worth,
        confidence=study.confidence,
        scenario_label=label,
        against_label=base,
        asked=asked_of(comparison.scenario),
        answers=answers_of(comparison.scenario),
        cautions=(*facts.cautions, *cautions_of(tested)),
        compared=compared_words(comparison),
        published=facts.published,
    )


def compared_words(comparison: Comparison) -> str:
    """What must be said first where the arms differ in a circumstance; empty where they do not."""
    tested, other = comparison.scenario, comparison.against
    if tested.values[CIRCUMSTANCE] == other.values[CIRCUMSTANCE]:
        return ""
    named = [
        f"'{label_of(arm)}' is under the circumstance {arm.values[CIRCUMSTANCE]['kind']}"
        for arm in (tested, other)
        if arm.values[CIRCUMSTANCE]["kind"] != "none"
    ]
    alike = tested.values["policy"] == other.values["policy"]
    what = "circumstances, not policies: the policies are the same" if alike else (
        "circumstances and policies at once: what either does cannot be told apart here (set "
        "circumstance= on the command line, for both arms, to compare policies alone)"
    )  # fmt: skip
    return f"This compares {what}; {' and '.join(named)}, in that arm alone."


def asked_of(arm: Arm) -> tuple[str, ...]:
    """The world keys that the user set, as they would be typed; what decides no result is left
    out, as are policy keys, which stand in the name of the arm."""
    groups = [
        f"{group}={option}" for group, option in arm.choices.items()
        if group not in (*POLICY_GROUPS, "scenario", "executor")
    ]  # fmt: skip
    values = [
        f"{key}={shown(get(arm.values, key))}" for key in sorted(arm.fixed)
        if key not in DECIDE_NOTHING and key not in own_keys(arm)
        and not key.startswith(("study.", "executor."))
    ]  # fmt: skip
    return (*groups, *values)


def own_keys(arm: Arm) -> tuple[str, ...]:
    """The keys that the user set for the tested arm alone."""
    own = ("policy.",) if CIRCUMSTANCE in arm.choices else OWN
    return tuple(sorted(key for key in arm.fixed if key.startswith(own)))


def cautions_of(scenario: Scenario) -> tuple[str, ...]:
    """What the size of the audience does to the measures."""
    scale, several = scenario.follower_scale, len(scenario.all_platforms) > 1
    told = (
        "Of the audience only those who are on a platform see what is posted there, and some are "
        "on none: its main platform is smaller than in a world of that platform alone",
    ) if several else ()  # fmt: skip
    if scale >= 1:
        return told
    return (
        *told,
        f"Followers are scaled to the audience (x {scale:.3g}), the loyal core of an account is "
        "not: the core's part of all shares is exaggerated here. audience=readers is one to one.",
    )


def changes_of(arm: Arm) -> list[str]:
    """What the user changed in an arm alone, beside naming its scenario."""
    options = [f"{group} {arm.choices[group]}" for group in POLICY_GROUPS if group in arm.choices]
    return options + [
        f"{key.split('.')[-1]} {shown(get(arm.values, key))}" for key in own_keys(arm)
    ]


def label_of(arm: Arm) -> str:
    """An arm's heading: "Proactive", "Reactive, tone witty"."""
    return ", ".join([base_of(arm).replace("_", " ").capitalize(), *changes_of(arm)])


def base_of(arm: Arm) -> str:
    """The scenario that an arm is a change of. Where the user replaced all that sets a scenario
    apart from the status quo, that is what was changed: proactive with posture=reactive."""
    if not any(group in arm.choices for group in POLICY_GROUPS):
        return arm.name
    usual, own = (options_of(conf_dir(), name) for name in (BASELINE, arm.name))
    apart = {group: option for group, option in own.items() if usual.get(group) != option}
    gone = all(arm.choices.get(group, option) != option for group, option in apart.items())
    return BASELINE if apart and gone else arm.name


def question_of(comparison: Comparison, fairness: str) -> str:
    """The scenario's own question, unless something else is compared: scenarios ask about
    themselves as they are, against the status quo, by hours."""
    tested, other = comparison.scenario, comparison.against
    settings = tested.settings
    own = settings.fair == "hours" and other.name == BASELINE and not changes_of(tested)
    if own or "question" in tested.fixed:
        return settings.question
    label, base = label_of(tested), label_of(other)
    against = "itself" if label == base else f"'{base}'"
    alike = f" {ALIKE[settings.fair]}" if fairness == FAIRNESS[settings.fair] else ""
    return f"How does '{label}' compare with {against}{alike}?"


def answers_of(arm: Arm) -> tuple[str, ...]:
    """The measures that answer the scenario's question, unless the user named an objective or
    nothing is left of the scenario."""
    if "objective" in arm.fixed or base_of(arm) != arm.name:
        return ()
    return arm.answered_by


def arm_in_words(scenario: Scenario, facts: Facts) -> str:
    """One arm in a sentence, with its hours where these are given beforehand."""
    floats = scenario.settings.fair in BY_VOLUME
    told = arm_sentence(scenario.policy, None if floats else facts.weekly_hours(scenario.policy),
                        hours_float=floats)  # fmt: skip
    befallen = circumstance_words(scenario.circumstance)
    return f"{told}; {befallen}" if befallen else told


def fairness_words(tested: Scenario, other: Scenario, facts: Facts) -> str:
    """What both arms have alike, or by how much their means differ."""
    hours = [facts.weekly_hours(one.policy) for one in (tested, other)]
    if tested.settings.fair in BY_VOLUME:
        return FAIRNESS[tested.settings.fair]
    if tested.policy.posture.is_silent or other.policy.posture.is_silent:
        return "A silent arm spends no hours: this is the cost of abstention, not a fair contest"
    if tested.policy.posture.abstains or other.policy.posture.abstains:
        means = f"{hours[0]:,.0f} staff hours a week against {hours[1]:,.0f}"
        if math.isclose(*hours):
            return f"Fair by hours in all ({means}), not account by account: some keep silent"
        return (
            f"Some accounts keep silent on purpose: {means}; this is the cost of abstention, not a "
            "fair contest"
        )
    if tested.policy.investment != other.policy.investment:
        if abs(hours[0] - hours[1]) <= 1e-6 * max(hours):
            return (
                f"The same staff hours a week in all, {hours[0]:,.0f}, divided otherwise between "
                "accounts"
            )
        return (
            f"Not the same means: {hours[0]:,.0f} staff hours a week against {hours[1]:,.0f}, "
            "since the investments differ"
        )
    return FAIRNESS[tested.settings.fair]
