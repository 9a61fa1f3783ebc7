"""Appeal: which media suit which ages, and where and on what a cultural tone fits.

    media by age   exp(tilt (band - 1.5)), mean 1 over people      sticker: x rel_sticker over text
    cultural fit   exp(f_topic + f_region) / mean over topics and usual posts

A sticker is a small drawn picture, cheap to make, that people pass on in private as well (S0). The
fit of a cultural tone (S0: a cafe video of the mission to Japan) is one number per topic and one
per region of the world. All tilts and fits are 0 by default: exactly 1 everywhere. Sizes are
judgement.

Limits: stickers passed on in private are not counted; fit acts on sharing, not on opinion.
"""

from __future__ import annotations

import math

from sim.law import law
from sim.parameters import Parameters, Positive, Signed


class Appeal(Parameters):
    """What suits whom (units in conf/appeal)."""

    rel_sticker: Positive
    rank_sticker: Positive
    age_tilt_image: Signed
    age_tilt_video: Signed
    age_tilt_sticker: Signed
    fit_security: Signed
    fit_economy: Signed
    fit_consular: Signed
    fit_culture: Signed
    fit_history: Signed
    fit_science: Signed
    fit_climate: Signed
    fit_protocol: Signed
    fit_africa: Signed
    fit_americas: Signed
    fit_asia: Signed
    fit_eurasia: Signed
    fit_europe: Signed
    fit_middle_east: Signed
    fit_oceania: Signed

    def of_region(self, name: str) -> float:
        """f of a region of the world; 0 for one of a user's own table."""
        return float(getattr(self, "fit_" + name.lower().replace(" ", "_"), 0.0))


@law
def fit(of_topic, of_region):
    """How well a cultural tone fits, before its mean is set to 1."""
    return math.exp(of_topic + of_region)
