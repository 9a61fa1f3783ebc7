"""Whether a verdict survives: planted verdicts over two families of kinds."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from sim.report.robust_answer import sentence
from sim.study.robust import robust_of

FEEDS, DECAYS = ("platform", "ranked", "chronological"), ("exponential", "power")
REFERENCE = {"feed": "platform", "decay": "exponential"}


def planted(**verdicts: str | None) -> dict[str, Any]:
    """A summary in which all are better but those named, as FEED_DECAY=verdict."""
    points = [
        {"point": f"p{n}", "label": "Proactive", "settings": {"feed": feed, "decay": decay}}
        for n, (feed, decay) in enumerate(product(FEEDS, DECAYS))
    ]
    found = {
        one["point"]: {"verdict": verdicts.get("_".join(one["settings"].values()), "better")}
        for one in points
    }
    summary = {"objective": "target_reach", "points": points,
               "measures": {"target_reach": {"better": "higher", "points": found}}}  # fmt: skip
    return summary | {"robust": robust_of(summary, REFERENCE)}


def test_a_verdict_that_survives() -> None:
    assert sentence(planted()) == "The verdict 'better' survives in 6 of 6 combinations"


def test_a_kind_that_turns_it_is_named() -> None:
    found = planted(chronological_exponential="worse", chronological_power="depends on sharing.p0")
    assert found["robust"]["survives"] == 4
    assert sentence(found) == (
        "The verdict 'better' survives in 4 of 6 combinations; it turns with feed=chronological"
    )


def test_a_combination_that_turns_it_alone_is_named() -> None:
    told = sentence(planted(ranked_power="equivalent"))
    assert told.endswith("no single kind turns it, it turns at feed=ranked, decay=power")
    both = sentence(planted(
        ranked_power="worse", chronological_power="worse", chronological_exponential="worse"
    ))  # fmt: skip
    assert both.endswith("with feed=chronological, and also at feed=ranked, decay=power")


def test_depends_on_a_parameter_is_too_close_to_call() -> None:
    everywhere = {f"{feed}_{decay}": "too close to call" for feed, decay in product(FEEDS, DECAYS)}
    found = planted(**{**everywhere, "ranked_power": "depends on sharing.p0"})
    assert found["robust"]["survives"] == 6
    assert "no form tried decides it" in sentence(found)


@pytest.mark.parametrize("lost", ["missing", "none"])
def test_without_a_verdict_of_the_reference_nothing_is_said(lost: str) -> None:
    found = planted(platform_exponential=None)
    if lost == "missing":
        del found["measures"]["target_reach"]["points"]["p0"]
    found["robust"] = robust_of(found, REFERENCE)
    assert found["robust"]["verdict"] is None and "cannot be said" in sentence(found)
