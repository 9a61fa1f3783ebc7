"""The language of the missions' posts: as in the table, local, common, or both in one post.

    local share of a mission   table: its row;  local, bilingual: share;  common: 0
    price                      work.rel_hours_local_language, or work.rel_hours_bilingual

A bilingual post says the same twice and is read by whoever reads either language; everybody else
reads one language only. Only missions abroad whose language is not the common one are concerned:
headquarters, officials and multilateral missions speak to every public and keep their rows.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.mechanisms.language import BILINGUAL
from sim.parameters import Parameters, Share
from sim.vocabulary import KINDS

MISSION = KINDS.index("mission")


def concerned(kinds: np.ndarray, languages: np.ndarray) -> np.ndarray:
    """bool[n_accounts]: missions that have another language than the common one."""
    return (np.asarray(kinds) == MISSION) & (np.asarray(languages) > 0)


class TableLanguage(Parameters):
    """Every account keeps the local-language share of its row."""

    kind: Literal["table"]

    def shares(self, table: np.ndarray, missions: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: share of posts in the account's own language."""
        return table

    @property
    def mark(self) -> int:
        """What is added to the code of the language of such a post."""
        return 0


class LocalLanguage(TableLanguage):
    """Missions post in the language of their public."""

    kind: Literal["local"]  # type: ignore[assignment]
    share: Share

    def shares(self, table: np.ndarray, missions: np.ndarray) -> np.ndarray:
        return np.where(missions, self.share, table)


class CommonLanguage(TableLanguage):
    """Missions post in the common language, which many read as their second."""

    kind: Literal["common"]  # type: ignore[assignment]

    def shares(self, table: np.ndarray, missions: np.ndarray) -> np.ndarray:
        return np.where(missions, 0.0, table)


class BilingualPosts(LocalLanguage):
    """A share of the missions' posts in both languages, the rest in the common one."""

    kind: Literal["bilingual"]  # type: ignore[assignment]

    @property
    def mark(self) -> int:
        return BILINGUAL


Language = Annotated[
    TableLanguage | LocalLanguage | CommonLanguage | BilingualPosts, Field(discriminator="kind")
]
