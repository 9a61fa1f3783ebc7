"""What the platforms and tags of a world rule out: what could do nothing is refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import UserError
from sim.vocabulary import MEDIA

if TYPE_CHECKING:
    from sim.mechanisms.circumstance import Circumstance
    from sim.mechanisms.platforms import Platform
    from sim.mechanisms.tags import WorldTags
    from sim.strategy.policy import Policy

VIDEO = MEDIA.index("video")


def refuse_impossible(policy: Policy, platforms: Sequence[Platform]) -> None:
    """A policy that asks for what no platform of the world allows."""
    names = [one.name for one in platforms]
    where = f"the platform '{names[0]}' has" if len(names) == 1 else f"{' and '.join(names)} have"
    if policy.replies.share > 0 and not any(one.replies_allowed for one in platforms):
        raise UserError(
            f"policy.replies={policy.replies.kind} answers comments, and {where} none "
            "(replies_allowed=false): choose a platform with comments, or set replies=none."
        )
    if policy.sister_sharing.kind != "none" and not any(one.resharing for one in platforms):
        raise UserError(
            f"sister_sharing={policy.sister_sharing.kind} passes posts on, and {where} no "
            "re-sharing (resharing=false): choose a platform with re-sharing, or set "
            "sister_sharing=none."
        )
    copies = policy.crossposting
    if copies.kind != "none" and len(names) == 1:
        raise UserError(
            f"crossposting={copies.kind} needs a world of several platforms: add "
            "platforms=several, or take crossposting=none."
        )
    if copies.kind == "livestreams" and not any(one.carries()[VIDEO] for one in platforms[1:]):
        raise UserError(
            "crossposting=livestreams streams videos to further platforms, and none of "
            f"{', '.join(names[1:])} carries any: add one to platforms.used, or take "
            "crossposting=none."
        )
    for name in copies.named():
        if name not in names:
            raise UserError(
                f"policy.crossposting.platforms names '{name}', which is not in this world: "
                f"{', '.join(names)}."
            )


def refuse_unseen_tags(policy: Policy, circumstance: Circumstance, tags: WorldTags) -> None:
    """Tags that nobody looks at, whoever puts them on a post."""
    asked = [f"tagging={policy.tagging.kind}"] if policy.tagging.kind != "none" else []
    asked += ["circumstance=tag_hijack"] if circumstance.kind == "tag_hijack" else []
    if asked and tags.kind == "none":
        raise UserError(
            f"{asked[0]} needs a world in which people look at tags: add tags=open, or "
            f"tags=contested, or take {asked[0].partition('=')[0]}=none."
        )
