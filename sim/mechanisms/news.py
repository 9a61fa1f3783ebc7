"""News: events that set one another off, and the attention that they draw.

    lambda_m(t) = mu g(t) + sum over earlier events of b phi(t - t_i),   phi = Exp(mean delay)
    mu = rate (1 - b)      so that the mean number of events per market is `rate`, b included
    P(severity > s) = (s / s_min)^-alpha, cut at s_max
    attention to a topic = 1 + sum severity x weight x 2^(-age / half_life)

A self-exciting point process (Hawkes 1971, "Spectra of some self-exciting and mutually exciting
point processes"), built as the branching process that it is (Hawkes & Oakes 1974): immigrants, then
children of each event. The half-life of collective attention: Lorenz-Spreen et al. 2019. Limits:
every market has the same rate; the number of children does not grow with severity; a child's
severity is drawn afresh. World generator: sim/world/news.py.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.law import law
from sim.parameters import Count, NotNegative, Parameters, Positive, Share
from sim.vocabulary import TOPICS

Valence = Annotated[float, Field(ge=-1.0, le=1.0)]
Branching = Annotated[float, Field(ge=0.0, lt=1.0)]
TailExponent = Annotated[float, Field(gt=1.0)]


class Quiet(Parameters):
    """`none`: no news but a user's calendar or crisis (units in conf/news)."""

    kind: Literal["none"]
    attention_half_life: Positive
    spill: Share
    crisis_severity: NotNegative
    crisis_valence: Valence


class Steady(Quiet):
    """`steady`: events come singly, one independent of the other (a Poisson process)."""

    kind: Literal["steady"]  # type: ignore[assignment]
    events_per_market_week: NotNegative
    rhythm_ratio: Annotated[float, Field(ge=1.0)]
    severity_min: Positive
    severity_max: Positive
    severity_tail: TailExponent
    p_region: Share
    p_world: Share
    valence_mean: Valence
    valence_sd: NotNegative
    share_foreseeable: Share
    lead_days: Positive
    lead_log_sd: NotNegative
    topic_weights: tuple[NotNegative, ...]

    @model_validator(mode="after")
    def _coherent(self) -> Steady:
        if len(self.topic_weights) != len(TOPICS) or sum(self.topic_weights) <= 0:
            raise ValueError(f"topic_weights needs {len(TOPICS)} numbers, not all of them 0")
        if self.severity_max <= self.severity_min:
            raise ValueError("severity_max must exceed severity_min")
        return self


class Bursts(Steady):
    """`bursts`: events set off further ones, mostly at home and on the same topic."""

    kind: Literal["bursts"]  # type: ignore[assignment]
    branching: Branching
    delay_hours: Positive
    p_elsewhere: Share
    p_same_topic: Share
    valence_memory: Share
    max_generations: Count


News = Annotated[Bursts | Steady | Quiet, Field(discriminator="kind")]


@law
def decay_per_hour(half_life):
    """What is left of the attention to an event after one hour: 2^(-1 / half_life)."""
    return math.exp(-math.log(2.0) / half_life)


@law
def bump(severity, scope_weight):
    """What an event adds to the attention to its topic in a market: severity x weight."""
    return severity * scope_weight


@law
def immigrant_rate(events_per_week, branching):
    """Events per hour that nothing set off: rate (1 - b) / 168."""
    return events_per_week * (1.0 - branching) / 168.0


@law
def p_foreseeable_immigrant(share, branching):
    """Only what nothing set off is foreseen; min(1, share / (1 - b)) keeps the overall share."""
    return min(1.0, share / (1.0 - branching))


@law
def pareto(rank, low, high, tail):
    """The severity at a rank in (0, 1): low (1 - rank (1 - (low / high)^tail))^(-1 / tail)."""
    return low * (1.0 - rank * (1.0 - (low / high) ** tail)) ** (-1.0 / tail)


@law
def pareto_mean(low, high, tail):
    """Mean severity: tail low^tail (low^(1 - tail) - high^(1 - tail)) / ((tail - 1) (1 - c)),
    where c = (low / high)^tail is the mass beyond the cut."""
    mass = 1.0 - (low / high) ** tail
    between = low ** (1.0 - tail) - high ** (1.0 - tail)
    return tail * low**tail * between / ((tail - 1.0) * mass)


@law
def p_scope(p, severity, mean_severity):
    """Chance that an event is heard that far: p severity / mean severity, at most 1."""
    return np.minimum(1.0, p * severity / mean_severity)
