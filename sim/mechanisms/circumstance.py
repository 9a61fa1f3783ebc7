"""Circumstances: things that happen in the world during the measured days, whatever is done.

    none               nothing of the kind
    rising_interest    the ministry is looked for (sim/mechanisms/interest)
    rival_surge        rivals work and answer more, for some weeks
    late_entrants      further accounts of an ally or a rival begin to speak, loudly
    star_post          one post of the ministry is far better than any usual one
    leaders_news       posts of leaders are news themselves: some start an event
    tag_hijack         rivals take up the tags that the ministry launched

They begin on `from_day`, counted from the first measured day (0), never in the warm-up, which all
arms share. What concerns the work of desks takes hold with the next week of planning, since a week
is what a desk plans. Set on the command line a circumstance is the world's, the same for both arms;
named by a scenario it befalls the tested arm alone, and the comparison says that it compares
circumstances and not policies. Sources: S0 (rising interest, star), S1 (star, leaders), S3 (the
32 accounts that one ministry opened in 2019).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.law import law
from sim.parameters import Count, NotNegative, Parameters, Positive, Share
from sim.vocabulary import KINDS

Stance = Annotated[float, Field(ge=-1.0, le=1.0)]
Whole = Annotated[int, Field(ge=1)]
LEADERS = {  # whose posts can be news: kinds of account
    "officials": ("headquarters", "official"), "rivals": ("rival",),
    "both": ("headquarters", "official", "rival"),
}  # fmt: skip


class Nothing(Parameters):
    """`none`: the world goes on as it does."""

    kind: Literal["none"]


class _Dated(Parameters):
    """What begins on some measured day."""

    from_day: Count


class RisingInterest(_Dated):
    """`rising_interest`: attention to whatever the ministry says grows, then fades."""

    kind: Literal["rising_interest"]
    size: NotNegative
    ramp_days: NotNegative
    half_life_days: Positive
    join_elasticity: NotNegative
    search_views: NotNegative


class RivalSurge(_Dated):
    """`rival_surge`: rivals' hours and readiness to answer, times a factor, for some weeks."""

    kind: Literal["rival_surge"]
    weeks: Whole
    rel_hours: NotNegative
    rel_answer_rate: NotNegative


class LateEntrants(_Dated):
    """`late_entrants`: so many accounts speak from a day on; before they only have followers."""

    kind: Literal["late_entrants"]
    role: Literal["ally", "rival"]
    n_accounts: Annotated[int, Field(ge=1, le=1_000)]
    followers: Annotated[int, Field(ge=1, le=100_000_000)]
    posts_per_day: Annotated[float, Field(gt=0.0, le=200.0)]
    hours_per_week: Positive
    share_sharp: Share


class StarPost(_Dated):
    """`star_post`: one post, on top of all others, at the cost of nobody's hours."""

    kind: Literal["star_post"]
    account: Annotated[str, Field(min_length=1)]
    hour: Annotated[float, Field(ge=0.0, lt=24.0)]
    quality: Positive
    media: Literal["text", "image", "video"]
    tone: Literal["formal", "informal", "witty", "sharp", "cultural"]


class LeadersNews(_Dated):
    """`leaders_news`: a post of a leader starts an event with some probability."""

    kind: Literal["leaders_news"]
    leaders: Literal["officials", "rivals", "both"]
    p: Share
    severity: Positive
    scope: Literal["market", "region", "world"]
    mean_delay_hours: Positive

    @property
    def kinds(self) -> tuple[int, ...]:
        """Rows of vocabulary.KINDS whose accounts count as leaders'."""
        return tuple(KINDS.index(name) for name in LEADERS[self.leaders])


class TagHijack(_Dated):
    """`tag_hijack`: rivals take up the ministry's own tags (sim/mechanisms/tags)."""

    kind: Literal["tag_hijack"]
    p: Share


Circumstance = Annotated[
    Nothing | RisingInterest | RivalSurge | LateEntrants | StarPost | LeadersNews | TagHijack,
    Field(discriminator="kind"),
]


@law
def first_week(first_measured_week, from_day):
    """The week of planning, counted from hour 0, with which something from a day on takes hold."""
    return first_measured_week + -(-from_day // 7)
