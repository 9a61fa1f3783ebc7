"""Arms, audiences and comparisons in words."""

from __future__ import annotations

from sim.mechanisms.circumstance import (
    Circumstance,
    LateEntrants,
    Nothing,
    RisingInterest,
    RivalSurge,
    StarPost,
    TagHijack,
)
from sim.scenario import Scenario
from sim.strategy.engagement import AnswerPosts, OwnFrame, Rebut, ShareSisters
from sim.strategy.imitative import Imitate
from sim.strategy.investment import (
    Concentrate,
    Floor,
    Hours,
    Scaled,
    Schedule,
    ScheduleHours,
    Staff,
)
from sim.strategy.notification import Push
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
LEADING = {
    "officials": "headquarters or an official", "rivals": "a rival",
    "both": "headquarters, an official or a rival",
}  # fmt: skip


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
    if isinstance(policy.tone, Imitate):
        return "in the tones that earn more, whoever used them"
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
    return "".join(f", {one}" for one in told + manner_words(policy))


def manner_words(policy: Policy) -> list[str]:
    """Repetition, media, readability and replies; nothing where they are as found."""
    told = []
    if policy.repetition.kind == "campaign":
        told.append(f"messages said {policy.repetition.n_repeats} times")
    if policy.media.kind == "stickers":
        told.append(f"{100 * policy.media.share:g} % of posts as stickers")
    if policy.readability.kind != "table":
        told.append(f"in {policy.readability.kind} words")
    if policy.replies.share:
        told.append(f"{100 * policy.replies.share:g} % of hours for replies to comments")
    return told


def engagement_words(policy: Policy) -> list[str]:
    """What it does about the posts of others; nothing where it does nothing."""
    told = []
    if isinstance(policy.rebuttal, Rebut):
        told.append("correcting inaccurate claims")
    if isinstance(policy.answering, AnswerPosts):
        told.append("answering rivals' posts")
    if isinstance(policy.sister_sharing, ShareSisters):
        passed = policy.sister_sharing
        whose = [word for word, p in (("sister accounts", passed.p_sister),
                                      ("allies", passed.p_ally)) if p > 0]  # fmt: skip
        told.append(f"passing on posts of {' and '.join(whose) or 'nobody'}")
    if isinstance(policy.pre_emption, OwnFrame):
        told.append(f"{100 * policy.pre_emption.share:g} % of what is prepared before its event")
    return told


def tag_words(policy: Policy) -> str:
    """Which tags posts carry; nothing where they carry none."""
    chosen = policy.tagging
    if chosen.kind == "join":
        return f", {100 * chosen.share:g} % of posts on events under the tag of their topic"
    if chosen.kind == "launch":
        return f", {100 * chosen.share:g} % of posts under tags of its own"
    return ""


def notification_words(policy: Policy) -> str:
    """Whether citizens are notified in a crisis; nothing where they are not."""
    push = policy.notification
    if not isinstance(push, Push):
        return ""
    times = 1 + push.retries
    return (
        f", and has a partner notify citizens {push.after_hours:g} hours after the crisis"
        f"{f', up to {times} times' if times > 1 else ''}"
    )


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


def arm_sentence(
    policy: Policy, hours_per_week: float | None = None, *, hours_float: bool = False
) -> str:
    """One arm in a sentence; `hours_per_week` is what it really spent, all accounts together;
    `hours_float`: every original is paid for, whatever hours were chosen."""
    from sim.vocabulary import HOURS_PER_FTE_WEEK

    if policy.posture.is_silent:
        return f"{posture_words(policy)}; 0 staff hours a week (what was on its way still goes out)"
    means = "with the hours that its originals need" if hours_float else investment_words(policy)
    parts = (posture_words(policy), tone_words(policy), language_words(policy), means)
    told = ", ".join(part for part in parts if part)
    told += care_words(policy)
    told += crossposting_words(policy) + tag_words(policy)
    told += "".join(f", {one}" for one in engagement_words(policy)) + notification_words(policy)
    if hours_per_week is None:
        return told
    fte = hours_per_week / HOURS_PER_FTE_WEEK
    return f"{told}; {hours_per_week:,.0f} staff hours a week ({fte:,.1f} FTE)"


def circumstance_words(one: Circumstance) -> str:
    """What befalls an arm, and from which day; empty where nothing does."""
    if isinstance(one, Nothing):
        return ""
    if isinstance(one, RisingInterest):
        told = f"interest in the ministry rises to {1 + one.size:g} times its rest"
    elif isinstance(one, RivalSurge):
        told = f"rivals work {one.rel_hours:g} times their hours for {one.weeks} weeks"
    elif isinstance(one, LateEntrants):
        told = f"{one.n_accounts} new accounts of {one.role} kind speak"
    elif isinstance(one, StarPost):
        told = f"one post of {one.quality:g} times the usual quality goes out"
    elif isinstance(one, TagHijack):
        told = f"rivals take up tags of the ministry with probability {one.p:g} at most"
    else:
        told = f"a post of {LEADING[one.leaders]} starts an event with probability {one.p:g}"
    return f"{told}, from day {one.from_day} on" if not isinstance(one, StarPost) else (
        f"{told} on day {one.from_day}")  # fmt: skip


def audience_words(scenario: Scenario) -> str:
    """The size of the public and how followers are scaled."""
    people, scale = scenario.audience.n_people, scenario.follower_scale
    size = f"{people / 1e6:.3g} M people" if people >= 1e6 else f"{people:,} people"
    return f"{size}, followers one to one" if scale == 1 else f"{size}, followers x {scale:.3g}"
