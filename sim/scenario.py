"""One arm, fully resolved: the settings, the world, and the policy, as one frozen, validated whole.

Every mechanism declares its own section; this file only composes them. Two arms of a comparison may
differ in `policy` (and in the name and question of the scenario), nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.mechanisms.clearance import Desk
from sim.mechanisms.core import Core
from sim.mechanisms.following import Following
from sim.mechanisms.framing import Framing
from sim.mechanisms.heads import Heads
from sim.mechanisms.news import News
from sim.mechanisms.opinion import AssimilationContrast, BoundedConfidence, DeGroot, NoOpinion
from sim.mechanisms.people import People
from sim.mechanisms.pickup import Pickup
from sim.mechanisms.platforms import Platform, Platforms
from sim.mechanisms.rivals import Rivals
from sim.mechanisms.sharing import Sharing
from sim.mechanisms.skill import Skill
from sim.mechanisms.visibility import Visibility
from sim.mechanisms.work import Work
from sim.parameters import Parameters, Positive
from sim.settings import Settings, StudySettings
from sim.strategy.policy import Policy
from sim.world.accounts import NetworkSettings
from sim.world.population import Graph

READERS = 2_640_000  # the audience in which a reader of the table is one modelled person (S2)

Opinion = Annotated[
    NoOpinion | AssimilationContrast | BoundedConfidence | DeGroot, Field(discriminator="kind")
]


class Audience(Parameters):
    """How many people are modelled, and how the table's followers are scaled to them."""

    n_people: Annotated[int, Field(ge=1_000, le=50_000_000)]
    follower_scale: Positive | Literal["auto"]
    populations: Annotated[int, Field(ge=1, le=64)]

    @property
    def scale(self) -> float:
        """Modelled followers per follower in the table."""
        if self.follower_scale != "auto":
            return self.follower_scale
        return min(1.0, self.n_people / READERS)


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
    visibility: Visibility
    sharing: Sharing
    core: Core
    pickup: Pickup
    following: Following
    framing: Framing
    opinion: Opinion
    news: News
    rivals: Rivals
    work: Work
    skill: Skill
    heads: Heads
    desk: Desk
    policy: Policy

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
    def _platforms_fit(self) -> Scenario:
        """Settings about platforms that contradict each other, by name."""
        names = [one.name for one in self.all_platforms]
        if names[0] in names[1:]:
            raise ValueError(f"platforms.used names {names[0]}, which is platform={names[0]}, the "
                             "main one: leave it out of platforms.used")  # fmt: skip
        copies = self.policy.crossposting
        if copies.kind != "none" and len(names) == 1:
            raise ValueError(f"crossposting={copies.kind} needs a world of several platforms: add "
                             "platforms=several, or take crossposting=none")  # fmt: skip
        for name in copies.named():
            if name not in names:
                raise ValueError(f"policy.crossposting.platforms names '{name}', which is not in "
                                 f"this world: {', '.join(names)}")  # fmt: skip
        return self

    @property
    def all_platforms(self) -> tuple[Platform, ...]:
        """The platforms of the world, the main one first."""
        return (self.platform, *self.platforms.beside(self.platform))

    @property
    def platform_names(self) -> tuple[str, tuple[str, ...]]:
        """The name of the main platform, and those of the others."""
        main, *beside = (one.name for one in self.all_platforms)
        return main, tuple(beside)

    def world_keys(self) -> dict[str, Any]:
        """All but the policy and the names: what two arms of a comparison must have alike."""
        data = self.model_dump(mode="json")
        data.pop("policy")
        for name in ("scenario", "question"):
            data["settings"].pop(name)
        return data
