"""One arm, fully resolved: the settings, the world, and the policy, as one frozen, validated whole.

Every mechanism declares its own section; this file only composes them. Two arms of a comparison may
differ in `policy` (and in the name and question of the scenario), and, where a scenario names one,
in `circumstance`, nowhere else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.mechanisms.appeal import Appeal
from sim.mechanisms.circumstance import Circumstance
from sim.mechanisms.claims import Claims
from sim.mechanisms.clearance import Desk
from sim.mechanisms.comments import Comments
from sim.mechanisms.contamination import Clean, Inflated
from sim.mechanisms.core import Core
from sim.mechanisms.decay import Decay
from sim.mechanisms.dispute import Dispute
from sim.mechanisms.following import Following
from sim.mechanisms.framing import Framing
from sim.mechanisms.heads import Heads
from sim.mechanisms.imitation import Imitation
from sim.mechanisms.news import News
from sim.mechanisms.notification import Citizens
from sim.mechanisms.opinion import AssimilationContrast, BoundedConfidence, DeGroot, NoOpinion
from sim.mechanisms.people import People
from sim.mechanisms.pickup import Pickup
from sim.mechanisms.platforms import Platform, Platforms
from sim.mechanisms.ranking import BroadcastFeed, OneFeed, OwnFeed
from sim.mechanisms.readability import Reading
from sim.mechanisms.repetition import Wear
from sim.mechanisms.rivals import Rivals
from sim.mechanisms.sharing import Sharing
from sim.mechanisms.skill import Skill
from sim.mechanisms.status import Status
from sim.mechanisms.tags import WorldTags
from sim.mechanisms.visibility import Visibility
from sim.mechanisms.website import Website
from sim.mechanisms.work import Work
from sim.parameters import Parameters, Positive
from sim.settings import Settings, StudySettings
from sim.strategy.policy import Policy
from sim.strategy.possible import refuse_impossible, refuse_unseen_tags
from sim.world.accounts import NetworkSettings
from sim.world.population import Graph

Contamination = Annotated[Clean | Inflated, Field(discriminator="kind")]
Opinion = Annotated[
    NoOpinion | AssimilationContrast | BoundedConfidence | DeGroot, Field(discriminator="kind")
]


class Audience(Parameters):
    """How many people are modelled, and how the table's followers are scaled to them."""

    n_people: Annotated[int, Field(ge=1_000, le=50_000_000)]
    follower_scale: Positive | Literal["auto"]
    populations: Annotated[int, Field(ge=1, le=64)]

    def scale(self, readers: int) -> float:
        """Modelled followers per follower in the table; auto: one before so many readers."""
        if self.follower_scale != "auto":
            return self.follower_scale
        return min(1.0, self.n_people / readers)


class Scenario(Parameters):
    """Everything that one arm of a comparison needs."""

    settings: Settings
    study: StudySettings
    network: NetworkSettings
    audience: Audience
    graph: Graph
    people: People
    platform: Platform
    platforms: Platforms
    feed: OneFeed
    visibility: Visibility
    sharing: Sharing
    core: Core
    pickup: Pickup
    following: Following
    framing: Framing
    opinion: Opinion
    news: News
    decay: Decay
    rivals: Rivals
    dispute: Dispute
    claims: Claims
    imitation: Imitation
    contamination: Contamination
    work: Work
    skill: Skill
    heads: Heads
    desk: Desk
    circumstance: Circumstance
    citizens: Citizens
    website: Website
    wear: Wear
    appeal: Appeal
    reading: Reading
    comments: Comments
    status: Status
    tags: WorldTags
    policy: Policy

    @property
    def follower_scale(self) -> float:
        """Modelled followers per follower in the network's table."""
        return self.audience.scale(self.network.readers)

    @model_validator(mode="before")
    @classmethod
    def _drop_questions(cls, data: Any) -> Any:
        """A group's one-line question is for the reader, not for the model."""
        if not isinstance(data, dict):
            return data
        kept = {}
        for name, section in data.items():
            asks = isinstance(section, dict) and name not in ("settings",) and "question" in section
            kept[name] = {k: v for k, v in section.items() if k != "question"} if asks else section
        return kept

    @model_validator(mode="after")
    def _in_the_run(self) -> Scenario:
        """A circumstance that begins after the run would be dropped in silence."""
        begins, days = getattr(self.circumstance, "from_day", 0), self.settings.days
        if begins >= days:
            raise ValueError(
                f"'circumstance.from_day={begins}' lies after the run, whose measured days are 0 "
                f"to {days - 1}: lower it, or raise days="
            )
        return self

    @model_validator(mode="after")
    def _can_be_done(self) -> Scenario:
        refuse_impossible(self.policy, self.all_platforms)
        refuse_unseen_tags(self.policy, self.circumstance, self.tags)
        return self

    @model_validator(mode="after")
    def _has_a_crisis(self) -> Scenario:
        """A notice of nothing, or of what happened before measuring began, cannot be compared."""
        if not self.policy.notification.pushes:
            return self
        start, crisis = self.settings.start, self.settings.crisis
        if crisis is None or crisis < start:
            given = "" if crisis is None else f", and {crisis.isoformat()} lies in the warm-up"
            raise ValueError(
                f"'notification=push' needs a crisis in the measured days{given}: set "
                f"crisis={(start + timedelta(days=min(7, self.settings.days - 1))).isoformat()}, "
                "say, for both arms"
            )
        return self

    @model_validator(mode="after")
    def _platforms_fit(self) -> Scenario:
        """Settings about platforms that contradict each other, by name."""
        names = [one.name for one in self.all_platforms]
        if names[0] in names[1:]:
            raise ValueError(f"platforms.used names {names[0]}, which is platform={names[0]}, the "
                             "main one: leave it out of platforms.used")  # fmt: skip
        return self

    @property
    def all_platforms(self) -> tuple[Platform, ...]:
        """The platforms of the world, the main one first, each with the feed it has there."""
        found = (self.platform, *self.platforms.beside(self.platform))
        if isinstance(self.feed, OwnFeed):
            return found
        return tuple(
            one if isinstance(one.feed, BroadcastFeed) else one.model_copy(
                update={"feed": self.feed}) for one in found
        )  # fmt: skip

    @property
    def platform_names(self) -> tuple[str, tuple[str, ...]]:
        """The name of the main platform, and those of the others."""
        main, *beside = (one.name for one in self.all_platforms)
        return main, tuple(beside)

    def world_keys(self) -> dict[str, Any]:
        """All but policy, circumstance and names: what two arms of a comparison have alike."""
        data = self.model_dump(mode="json")
        data.pop("policy")
        data.pop("circumstance")
        for name in ("scenario", "question"):
            data["settings"].pop(name)
        return data
