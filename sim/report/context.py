"""What a report has to say beside the numbers: words about the run, filled in by who ran it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Table = Mapping[str, np.ndarray]  # one column a key, all columns of one length
USUAL = 0.95  # confidence of an interval that needs no remark


@dataclass(frozen=True, kw_only=True)
class Context:
    """Sentences and facts that every page of a result repeats.

    The sentences are whole, without a full stop at the end being required. `scenario_label` and
    `against_label` replace the scenario names where these do not tell the arms apart.
    """

    question: str
    scenario_sentence: str  # the tested arm: posture, tone, hours a week and FTE
    against_sentence: str
    network: str
    network_date: str
    audience: str  # "2.64 M people, one to one"
    platform: str
    platform_era: str  # "2012-22"; of several platforms, in their order
    start: dt.date  # the first measured day
    days: int
    seed: int
    folder: str
    fairness: str
    diagnostic: str = ""  # why this comparison recommends nothing; empty: it may
    tuned: tuple[str, ...] = ()  # how both sides were tuned beforehand, and to what
    imputed: tuple[str, ...] = ()  # "hours imputed for 231 of 243 accounts"
    assumed: tuple[str, ...] = ()  # dotted keys of parameters that are assumed
    calibrated: tuple[str, ...] = ()  # of parameters that published patterns inform
    drawn: tuple[str, ...] = ()  # how parameters were drawn, where not from priors alone
    provisional: bool = False
    sharper: str = ""  # empty: worked out from the intervals
    worth: float = 0.02  # smallest relative difference worth acting on
    confidence: float = USUAL  # of every interval
    scenario_label: str = ""
    against_label: str = ""
    asked: tuple[str, ...] = ()  # "crisis=2016-02-01": what the user set in the world of both arms
    answers: tuple[str, ...] = ()  # measures that answer the question; none: the objective does
    compared: str = ""  # where the arms differ in more than policy: what this really compares
    published: tuple[str, ...] = ()  # what published leagues say of this ministry
    trust: tuple[str, ...] = ()  # the trust card in a line or two; empty: the program has none
    cautions: tuple[str, ...] = ()  # what must be read with the table of this very world

    @property
    def level(self) -> str:
        """The confidence of the intervals, as it labels them: "95 %", "99.9 %"."""
        return f"{100 * self.confidence:.4g} %"

    @property
    def drawn_bullets(self) -> tuple[str, ...]:
        """How parameters were drawn, as whole sentences."""
        return tuple(f"{one.rstrip('.')}." for one in self.drawn)
