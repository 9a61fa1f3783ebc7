"""What a result rests on, and what would sharpen it.

Replicates inside parameter draws tell two doubts apart: luck, which more worlds shrink, and what is
not known about the parameters, which they do not. Which of them is larger is said only where the
whole interval of luck's share lies on one side of a half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import counted
from sim.report.context import Context
from sim.report.reading import Reading, headline, readings
from sim.report.words import arms, leads, plain, within

PER_CENT = 100
LUCK, PARAMETERS, UNCLEAR = "luck", "parameters", "unclear"
SHOWN = 6  # names listed before "and 12 more"


def listed(names: Sequence[str], shown: int = SHOWN) -> str:
    """A list that stays readable however long it is."""
    head, rest = list(names[:shown]), len(names) - shown
    return ", ".join(head) + (f" and {rest} more" if rest > 0 else "")


def larger_part(lead: Reading) -> str | None:
    """luck | parameters | unclear: what makes the draws differ most; None: not told apart."""
    if lead.luck is None or lead.luck.lo is None or lead.luck.hi is None:
        return None
    return LUCK if lead.luck.lo > 0.5 else PARAMETERS if lead.luck.hi < 0.5 else UNCLEAR


def doubt_sentence(summary: Mapping[str, Any]) -> str:
    """How many worlds, and how much of the doubt is luck."""
    worlds, draws = int(summary["worlds"]), int(summary["draws"])
    if worlds <= 1:
        return "One world: no interval and no verdict can be given"
    told = f"{worlds} paired worlds in {counted(draws, 'parameter draw')}"
    if is_unsplit(summary):
        return f"{told}, one each: luck and doubt about the parameters cannot be told apart"
    lead = headline(summary)
    part = larger_part(lead)
    if part is None or lead.luck is None:
        return told
    share, lo, hi = (plain(PER_CENT * (end or 0.0), 2)
                     for end in (lead.luck.mean, lead.luck.lo, lead.luck.hi))  # fmt: skip
    if part == UNCLEAR:
        return (
            f"{told}; on {what_leads(summary)} luck makes anything from {lo} to {hi} % of the "
            "spread between the draws and doubt about the parameters the rest: which is more "
            "cannot be told yet"
        )
    most = "luck" if part == LUCK else "doubt about the parameters"
    return (
        f"{told}; on {what_leads(summary)} most of the spread between the draws is {most}: the "
        f"share of luck is {share} % ({lo} to {hi} %)"
    )


def what_leads(summary: Mapping[str, Any]) -> str:
    """The measure that leads, by name where it is not the objective."""
    lead = headline(summary)
    return "the objective" if lead.name == summary["objective"] else lead.label.lower()


def is_unsplit(summary: Mapping[str, Any]) -> bool:
    """One replicate a parameter draw: the Monte Carlo part of the doubt is not identified."""
    return int(summary["worlds"]) == int(summary["draws"]) > 1


def failed_sentence(summary: Mapping[str, Any]) -> str | None:
    """Which worlds broke and are not in the table, each with what is needed to run it again."""
    failed = summary.get("failed", [])
    if not failed:
        return None
    named = [
        f"world {one['world']} (draw {one['draw']}, replicate {one['replicate']}, seed "
        f"{one['seed']}): {one['message']}"
        for one in failed
    ]
    return f"{counted(len(failed), 'world')} failed and left out: {listed(named, 3)}"


def chance_sentence(summary: Mapping[str, Any], context: Context) -> str | None:
    """In how many parameter draws the expected difference is positive: a count where they are few,
    since a share of few draws sounds surer than it is."""
    lead, (tested, base) = headline(summary), arms(summary, context)
    draws = int(summary["draws"])
    if draws <= 1 or lead.p_better is None or lead.better != "higher" or lead.identical:
        return None
    if context.provisional:
        return (f"{tested} is ahead of {within(base)} on {what_leads(summary)} in "
                f"{counts_of(lead, summary)}")  # fmt: skip
    return (
        f"{tested} is expected to beat {within(base)} on {what_leads(summary)} in "
        f"{share_of(lead.p_better, draws)}, "
        f"{'luck included' if is_unsplit(summary) else 'shrunk for noise'}"
    )


def counts_of(lead: Reading, summary: Mapping[str, Any]) -> str:
    """ "0 of 4 parameter draws"; of worlds where an older result did not count draws."""
    worlds, draws = int(summary["worlds"]), int(summary["draws"])
    ahead = lead.wins if is_unsplit(summary) else lead.draws_ahead
    if ahead is None:
        return f"{lead.wins} of {counted(worlds, 'world')}"
    return f"{ahead} of {counted(draws, 'parameter draw')}"


def share_of(p: float, draws: int) -> str:
    """A share of the draws, no nearer to none or all of them than their number can tell."""
    if p < 0.01 and draws < PER_CENT:
        return f"fewer than 1 of {draws} parameter draws"
    if p > 0.99 and draws < PER_CENT:
        return f"more than {draws - 1} of {draws} parameter draws"
    told = "fewer than 1" if p < 0.01 else "more than 99" if p > 0.99 else plain(PER_CENT * p, 2)
    return f"{told} % of the parameter draws"


def opinion_sentence(summary: Mapping[str, Any]) -> str | None:
    """The warning that goes with every opinion measure."""
    opinion = [one.label.lower() for one in readings(summary).values() if one.assumed]
    if not opinion:
        return None
    lead = readings(summary)[summary["objective"]]
    tail = f"; so {lead.label.lower()}, the objective, does not lead the answer"
    return (
        f"Assumed effect sizes: {listed(opinion)} follow from small published effects; no "
        f"calibration target informs them{tail if lead.assumed else ''}"
    )


def era_words(context: Context) -> str:
    """Of which years the platforms are."""
    if " and " not in context.platform:
        return f"the platform is that of {context.platform_era}"
    return f"the platforms ({context.platform}) are those of {context.platform_era}"


def basis_sentences(summary: Mapping[str, Any], context: Context) -> list[str]:
    """Everything the answer stands on, one sentence each."""
    assumed = context.assumed
    told = [
        failed_sentence(summary), context.fairness, *context.tuned, doubt_sentence(summary),
        chance_sentence(summary, context), *context.drawn, opinion_sentence(summary),
        f"Assumed parameters ({len(assumed)}): {listed(assumed)}" if assumed else None,
        f"Inferred in the network: {'; '.join(one.rstrip('.') for one in context.imputed)}"
        if context.imputed else None,
        f"The audience is a chosen world size, not a census; {era_words(context)}",
    ]  # fmt: skip
    return [one.rstrip(".") + "." for one in told if one]


def sharper_sentence(summary: Mapping[str, Any], context: Context) -> str:
    """The next step, from the context or worked out from where the doubt lies."""
    if context.sharper:
        return context.sharper.rstrip(".") + "."
    lead, worlds = leads(summary, context)[0], int(summary["worlds"])
    part = larger_part(lead)
    if all(one.identical for one in readings(summary).values()):
        return "Nothing to sharpen: the arms do not differ. Change a policy key in one of them."
    if lead.identical and worlds > 1:
        return (
            f"On {lead.label.lower()} the arms did not differ in any of {worlds} worlds; only more "
            f"parameter draws would show a rare difference (worlds={max(32, 2 * worlds)})."
        )
    if context.diagnostic:
        return "Ask again with fair=hours, which may recommend something."
    if worlds <= 1:
        return "Run more worlds: worlds=32 gives intervals and a verdict."
    if context.provisional:
        return f"Run more parameter draws: worlds={max(32, 2 * worlds)}."
    if is_unsplit(summary):
        return (
            f"Run a second world in every parameter draw (worlds={2 * worlds} draws={worlds}): "
            "only then can it be told whether luck or the parameters make the interval so wide."
        )
    if part == PARAMETERS:
        return (
            "More worlds will hardly narrow this interval: most of the doubt is about the "
            "parameters. Fix or measure those you know (task=explain key=... shows their ranges), "
            "or bring your own account table."
        )
    if part == UNCLEAR:
        return (
            f"Run more parameter draws (worlds={4 * worlds}): they shrink the part that is luck, "
            "and show whether that or doubt about the parameters is the larger one."
        )
    return f"Run more worlds: worlds={4 * worlds} about halves the part of the doubt due to luck."
