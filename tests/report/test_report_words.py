"""Numbers as people write them, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.report.reading import Span, headline
from sim.report.words import estimate_text, interval_text, plain, sureness
from tests.report.fake import fake


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (7, "7"), (12.345, "12.3"), (412_345, "412,000"), (999_999, "1.00 M"),
        (12_345_678, "12.3 M"), (2.64e9, "2.64 bn"), (0.00412, "0.00412"), (-0.42, "\u22120.420"),
        (None, "no value"), (3e-9, "3.0e\u221209"),
    ],
)  # fmt: skip
def test_plain(value: float | None, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((3.14, -2.31, 9.42), ("+3.1 %", "\u22122.3 to +9.4 %")),
        ((41.24, 40.61, 41.82), ("+41.2 %", "+40.6 to +41.8 %")),
        ((-114.2, -160.0, -60.0), ("\u2212114 %", "\u2212160 to \u221260 %")),
        ((0.0, 0.0, 0.0), ("0 %", "0 to 0 %")),
        ((1e-13, -1e-13, 2e-13), ("+0.00 %", "\u22120.00 to +0.00 %")),
        ((3.1, None, None), ("+3.1 %", None)),
    ],
)
def test_estimate_and_interval(
    span: tuple[float, float | None, float | None], told: tuple[str, str | None]
) -> None:
    mean, lo, hi = span
    one = Span(mean=mean, lo=lo, hi=hi)
    assert (estimate_text(one, "%"), interval_text(one, "%")) == told


@pytest.mark.parametrize(
    ("lo", "hi", "told"),
    [
        (3.0, 9.0, "by more than the margin"),
        (0.5, 9.0, "though perhaps by less than the margin"),
        (-9.0, -3.0, "by more than the margin"),
        (-9.0, -0.5, "though perhaps by less than the margin"),
    ],
)
def test_a_clear_difference_is_said_to_pass_the_margin_only_if_all_of_its_interval_does(
    lo: float, hi: float, told: str
) -> None:
    lead = headline(fake().summary)
    lead = replace(lead, against=Span(mean=100.0), difference=Span(mean=5.0, lo=lo, hi=hi))
    assert sureness(lead, 0.02, "the margin") == told


@pytest.mark.parametrize(("mean", "told"), [
    (45.2, "+50 %"), (-3.2, "\u22123 %"), (0.4, "+0 %"), (420.0, "+400 %"),
])  # fmt: skip
def test_an_estimate_keeps_a_figure_beside_a_lopsided_interval(mean: float, told: str) -> None:
    assert estimate_text(Span(mean=mean, lo=-98.0, hi=2_310.0), "%") == told
