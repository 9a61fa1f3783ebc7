"""How posts are put: stickers in place of plain text, and how readable the words are.

    media         table: as in its row;  stickers: a share of the posts of text become stickers
    readability   table | plain | elaborate: what that does to readers is in mechanisms/readability

Hours: a sticker costs work.rel_hours_sticker of a post of text; plain words cost
work.rel_hours_plain, elaborate ones work.rel_hours_elaborate. Both levers are of every account of
the ministry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from sim.parameters import Parameters, Share
from sim.vocabulary import STYLES

if TYPE_CHECKING:
    from sim.mechanisms.work import Work


class TableMedia(Parameters):
    """Media as in the table."""

    kind: Literal["table"]

    def stickers(self, text: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: share of posts that are stickers."""
        return np.zeros_like(text)


class Stickers(Parameters):
    """Some posts of text become stickers; images and videos stay."""

    kind: Literal["stickers"]
    share: Share

    def stickers(self, text: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: share of posts that are stickers, never more than were of text."""
        return np.minimum(self.share, text)


class Readability(Parameters):
    """How readable the words are."""

    kind: Literal["table", "plain", "elaborate"]

    @property
    def style(self) -> int:
        """Index into vocabulary.STYLES."""
        return STYLES.index(self.kind)

    def rel_hours(self, work: Work) -> float:
        """Hours of a post over one in the usual words."""
        return (1.0, work.rel_hours_plain, work.rel_hours_elaborate)[self.style]


Media = Annotated[TableMedia | Stickers, Field(discriminator="kind")]
