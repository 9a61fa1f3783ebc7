"""Response curves: which public the numbers are of, and a figure whose lines tell themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sim.report.curve_answer import curves_text
from sim.report.curve_words import with_publics
from sim.report.figure_curve import PARTS, plot_curves
from tests.report.fake import fake

HOURS = [1_610.0, 6_460.0, 12_900.0, 25_800.0]


def spans(*values: float) -> list[dict[str, float]]:
    return [{"mean": one, "lo": 0.6 * one, "hi": 1.7 * one} for one in values]


def curve(label: str, people: int, largest: bool) -> dict[str, Any]:
    """A curve that looks real and is not."""
    reached = [people * one for one in (0.07, 0.1, 0.12, 0.15)]
    cost = [1_000 * hours / one for hours, one in zip(HOURS, reached, strict=True)]
    grid = {"hours": HOURS, "outcome": reached, "cost": cost}
    grid |= {f"{name}lo": [0.6 * one for one in grid[of]]
             for name, of in (("", "outcome"), ("cost_", "cost"))}  # fmt: skip
    grid |= {f"{name}hi": [1.7 * one for one in grid[of]]
             for name, of in (("", "outcome"), ("cost_", "cost"))}  # fmt: skip
    none = {"mean": None, "lo": None, "hi": None}
    parts: dict[str, Any] = {name: spans(0.7, 1.0, 1.2, 1.6) for name in PARTS}
    return {
        "label": label, "people": people, "is_largest": largest, "levers": {"posture": label},
        "world": {}, "circumstance": f"w{people}", "hours_per_week": HOURS,
        "usual_hours_per_week": 6_460.0, "typical": spans(*reached), "cost": spans(*cost),
        "next_hour": spans(1.2, 0.4, 0.2, 0.1), "beyond": spans(0.9, 0.5, 0.2, 0.0), "grid": grid,
        "buys_nothing_from": None, "buys_something_up_to": None, "largest_residual": 0.02,
        "note": "", "ceiling": none, "half_saturation": none, "parts": {**parts, "usual_level": 1},
        "share_over_largest": [] if largest else spans(1.3, 1.3, 1.4, 1.4),
    }  # fmt: skip


def summary_of(n_curves: int) -> dict[str, Any]:
    labels = ["Reactive, tone formal", "Reactive, tone witty", "Proactive, tone formal",
              "Proactive, tone witty"][:n_curves]  # fmt: skip
    return {
        **fake(worlds=4).summary, "worth": 0.02, "confidence": 0.95, "replicates": 1, "points": [],
        "circumstances": ["w000", "w001"], "axes": [],
        "curves": [curve(label, size, size == 80_000) for size in (20_000, 80_000)
                   for label in labels],
    }  # fmt: skip


CONTEXT = replace(
    fake(worlds=4).context, audience="20,000 people, followers x 0.00758",
    cautions=("Followers are scaled to the audience (x 0.00758), the loyal core is not.",),
)  # fmt: skip


@pytest.mark.parametrize("width", [80, 100, 130])
def test_the_larger_public_stands_where_its_numbers_are(width: int) -> None:
    text = curves_text(summary_of(4), CONTEXT, width)
    flat = " ".join(text.split())
    assert "Reach in the target public before 80,000 people, the larger of two publics" in flat
    assert "Answer, before 80,000 people:" in flat and "The table: before 80,000 people" in flat
    assert "Audience: 20,000 and 80,000 people" in flat and "before the largest" not in flat
    assert "to each public (x 0.00758 before 20,000 people)" in flat
    assert "…" not in text and max(map(len, text.splitlines())) <= width
    for cell in ("5,600", "(3,360 to 9,520)", "25,800", "2,150", "(1,290 to "):
        assert cell in text


def test_no_cell_is_cut_however_wide_its_interval() -> None:
    summary = summary_of(1)
    wide = {"mean": 0.128, "lo": -0.0448, "hi": 0.173}
    summary["curves"] = [one | {
        "beyond": [wide] * 4, "next_hour": [{"mean": 0.0658, "lo": 0.0477, "hi": 0.0907}] * 4,
        "typical": [{"mean": 34_800.0, "lo": 29_000.0, "hi": 41_900.0}] * 4,
    } for one in summary["curves"]]  # fmt: skip
    for width in (70, 80, 130):
        text = curves_text(summary, CONTEXT, width)
        assert "…" not in text and max(map(len, text.splitlines())) <= width
        assert "17.3" in text and "41,900" in text


def test_a_level_that_is_not_the_usual_one_is_said_beside_the_answer() -> None:
    context, summary = fake(worlds=4).context, summary_of(1) | {"confidence": 0.6}
    assert "study.confidence" not in curves_text(summary, context, 100)
    text = " ".join(curves_text(summary, replace(context, confidence=0.6), 100).split())
    assert "Intervals and verdicts here are at 60 %, not at the usual 95 %" in text
    assert "in brackets 60 % intervals" in text


def test_one_public_keeps_its_words() -> None:
    summary = summary_of(1)
    summary["curves"] = [one for one in summary["curves"] if one["is_largest"]]
    assert with_publics(summary, CONTEXT) == CONTEXT


@pytest.mark.parametrize("n_curves", [1, 4])
def test_the_figure_has_a_sample_of_every_line_and_bands_only_where_they_can_be_told_apart(
    n_curves: int,
) -> None:
    figure = plot_curves(summary_of(n_curves), CONTEXT)
    for axes, wanted in zip(figure.axes, (n_curves, n_curves, len(PARTS)), strict=True):
        samples = [one for one in axes.artists if getattr(one, "get_linestyle", None)]
        samples += [one for one in axes.lines if one.get_transform() is axes.transAxes]
        assert len({id(one) for one in samples}) == wanted
        assert "before 80,000 people" in axes.get_title(loc="left")
    bands = [len([one for one in axes.collections if type(one).__name__.startswith("Fill")
                  or type(one).__name__ == "PolyCollection"]) for axes in figure.axes]  # fmt: skip
    assert bands == ([1, 1, 0] if n_curves == 1 else [0, 0, 0])
    drawn = {(one.get_color(), one.get_linestyle()) for one in figure.axes[2].lines
             if one.get_transform() is figure.axes[2].transAxes}  # fmt: skip
    assert len(drawn) == len(PARTS)
    told = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "20,000 and 80,000 people" in told
