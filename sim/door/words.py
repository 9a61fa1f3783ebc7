"""Arms, audiences and comparisons in words."""

from __future__ import annotations

from sim.scenario import Scenario
from sim.strategy.investment import (
    Concentrate,
    Floor,
    Hours,
    Scaled,
    Schedule,
    ScheduleHours,
    Staff,
)
from sim.strategy.policy import MixTone, Policy
from sim.strategy.postures import Adaptive, HeadquartersOnly, Mixed
from sim.strategy.roster import EVERYBODY
from sim.strategy.tone_cap import ByRank
from sim.vocabulary import KINDS, TONES

POSTURES = {
    "table": "posts as the network does today",
    "reactive": "posts in answer to events only",
    "proactive": "plans every post ahead of events",
    "mixed": "divides its posting between planning and answering",
    "adaptive": "moves its hours each week to whichever work has earned more",
    "silent": "publishes nothing",
}
LANGUAGES = {
    "local": "missions in the language of their public",
    "common": "missions in the common language",
    "bilingual": "missions in two languages at once",
}


SPELT = {"youtube": "YouTube", "vk": "VK"}


def posture_words(policy: Policy) -> str:
    """What the posture does."""
    told, posture = POSTURES.get(policy.posture.kind, ""), policy.posture
    if isinstance(posture, HeadquartersOnly):
        who = "missions" if posture.officials else "missions and officials"
        what = "unspent" if posture.mission_hours == "idle" else "moved to headquarters"
        return f"keeps its {who} silent, their hours {what}"
    if isinstance(posture, Adaptive):
        return (
            f"{told} ({posture.earns} per hour, learnt by "
            f"{'each account' if posture.per == 'account' else 'the whole network'})"
        )
    if isinstance(posture, Mixed):
        told += f" ({100 * posture.rho:g} % of the hours planned)"
    return told


def language_words(policy: Policy) -> str:
    """The language, where it is not that of the table."""
    told = LANGUAGES.get(policy.language.kind, "")
    share = getattr(policy.language, "share", 1.0)
    return told if share == 1.0 or not told else f"{told} ({100 * share:g} % of their posts)"


def tone_words(policy: Policy) -> str:
    """The tone, as the shares that are not zero."""
    if not isinstance(policy.tone, MixTone):
        return "in the tones of the table"
    shares = sorted(zip(policy.tone.mix, TONES, strict=True), key=lambda pair: -pair[0])
    told = ", ".join(f"{100 * share:g} % {tone}" for share, tone in shares if share > 0)
    return f"in a tone {told}"


def investment_words(policy: Policy) -> str:
    """The hours, as chosen."""
    chosen = policy.investment
    if isinstance(chosen, Scaled):
        if chosen.factor == 1:
            return "with the hours of the table"
        return f"with {chosen.factor:g} times the hours of the table"
    if isinstance(chosen, Hours):
        return f"with {chosen.hours_per_week:g} hours per account and week"
    if isinstance(chosen, Staff):
        return f"with {chosen.fte:g} FTE per account"
    return f"{_change_words(chosen)}{_beginning_words(chosen)}"


def _change_words(chosen: Schedule | ScheduleHours | Concentrate | Floor) -> str:
    """What changes in the hours, and whose."""
    whose = _whose(chosen.accounts)
    if isinstance(chosen, Schedule):
        return f"with {chosen.factor:g} times the hours of the table for {whose}"
    if isinstance(chosen, ScheduleHours):
        return f"with {chosen.hours_per_week:g} hours a week for each of {whose}"
    if isinstance(chosen, Concentrate):
        return f"with the hours of {whose} on the {chosen.top_n} of them with most followers"
    paid = "out of the hours of the others" if chosen.paid_by == "cuts" else "at extra hours"
    return f"with at least {chosen.hours_per_week:g} hours a week for each of {whose}, {paid}"


def _whose(accounts: str) -> str:
    """Accounts as a policy names them."""
    if accounts == EVERYBODY:
        return "all accounts"
    if accounts in KINDS:
        return {"mission": "the missions", "official": "the officials",
                "multilateral": "the multilateral missions"}.get(accounts, accounts)  # fmt: skip
    return " and ".join(f"'{name.strip()}'" for name in accounts.split(";"))


def _beginning_words(chosen: Schedule | ScheduleHours | Concentrate | Floor) -> str:
    """When it begins, and how it goes on."""
    told = f" from {chosen.from_date}" if chosen.from_date else ""
    if chosen.from_day:
        told = f" from day {chosen.from_day}"
    if isinstance(chosen, (Schedule, ScheduleHours)):
        told += f", growing over {chosen.ramp_weeks} weeks" if chosen.ramp_weeks > 1 else ""
        told += f", for {chosen.weeks} weeks" if chosen.weeks else ""
    return told


def care_words(policy: Policy) -> str:
    """Training, exchange, clearance and tone cap; nothing where they are as found."""
    told = []
    if policy.training.share:
        told.append(f"{100 * policy.training.share:g} % of them for training")
    if policy.exchange.share:
        where = "in the network" if policy.exchange.kind == "network" else "by region"
        told.append(f"{100 * policy.exchange.share:g} % for exchange {where}")
    cleared = {"central": "every post cleared centrally", "autonomous": "missions clearing alone"}
    told += [cleared[policy.clearance.kind]] if policy.clearance.kind in cleared else []
    told += ["tones capped by rank"] if isinstance(policy.tone_cap, ByRank) else []
    return "".join(f", {one}" for one in told)


def crossposting_words(policy: Policy) -> str:
    """What is copied to further platforms; nothing where nothing is."""
    chosen = policy.crossposting
    told = {
        "all": ", every post copied to all platforms of its account",
        "listed": f", every post copied to {' and '.join(chosen.named())}",
        "livestreams": ", videos streamed live on all platforms of their account",
    }
    return told.get(chosen.kind, "")


def platform_words(scenario: Scenario) -> tuple[str, str]:
    """The platforms, and the eras for which they stand, in the same order."""
    platforms = scenario.all_platforms
    names = [SPELT.get(one.name, one.name.capitalize()) for one in platforms]
    eras = [one.era for one in platforms]
    if len(platforms) == 1:
        return names[0], eras[0]
    named, dated = (f"{', '.join(words[:-1])} and {words[-1]}" for words in (names, eras))
    return named, dated


def arm_sentence(policy: Policy, hours_per_week: float | None = None) -> str:
    """One arm in a sentence; `hours_per_week` is what it really spent, all accounts together."""
    from sim.vocabulary import HOURS_PER_FTE_WEEK

    if policy.posture.is_silent:
        return f"{posture_words(policy)}; 0 staff hours a week (what was on its way still goes out)"
    parts = (
        posture_words(policy), tone_words(policy), language_words(policy), investment_words(policy)
    )  # fmt: skip
    told = ", ".join(part for part in parts if part)
    told += care_words(policy)
    told += crossposting_words(policy)
    if hours_per_week is None:
        return told
    fte = hours_per_week / HOURS_PER_FTE_WEEK
    return f"{told}; {hours_per_week:,.0f} staff hours a week ({fte:,.1f} FTE)"


def audience_words(scenario: Scenario) -> str:
    """The size of the public and how followers are scaled."""
    people, scale = scenario.audience.n_people, scenario.audience.scale
    size = f"{people / 1e6:.3g} M people" if people >= 1e6 else f"{people:,} people"
    return f"{size}, followers one to one" if scale == 1 else f"{size}, followers x {scale:.3g}"
