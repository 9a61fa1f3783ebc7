"""Numbers as people write them, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.report.reading import Span, headline
from sim.report.study_words import Row, best_cell, best_sentence, verdicts_of, whys_of
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
        ((1e-13, -1e-13, 2e-13), ("0.00 %", "0.00 to 0.00 %")),
        ((3.1, None, None), ("+3.1 %", None)),
        ((-0.31, -33.0, 31.0), ("\u22120.3 %", "\u221233 to +31 %")),
        ((400.0, -0.3, 2_100.0), ("+400 %", "\u22120.3 to +2,100 %")),
        ((4_610.0, 4_610.0, 4_610.0), ("+4,610 %", "+4,610 to +4,610 %")),
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
    gap = Span(mean=5.0, lo=lo, hi=hi)
    lead = replace(lead, relative=None, against=Span(mean=100.0), difference=gap)
    assert sureness(lead, 0.02, "the margin") == told
    wide = Span(mean=5.0, lo=lo / 10, hi=10 * hi)  # in units with the doubt about the level
    assert sureness(replace(lead, relative=gap.times(0.01), difference=wide), 0.02, "the margin"
                    ) == told  # fmt: skip


@pytest.mark.parametrize(("mean", "told"), [
    (45.2, "+50 %"), (-3.2, "\u22123 %"), (0.4, "+0.4 %"), (-0.04, "0 %"), (420.0, "+400 %"),
])  # fmt: skip
def test_an_estimate_keeps_a_figure_beside_a_lopsided_interval(mean: float, told: str) -> None:
    assert estimate_text(Span(mean=mean, lo=-98.0, hi=2_310.0), "%") == told


def row(point: str, verdict: str, may: bool) -> Row:
    return Row(point=point, label=point.capitalize(), circumstance="w000", level=1.0,
               joint=Span(mean=2.6), spread=Span(mean=2.6), unit="%", wins=1, verdict=verdict,
               may_be_best=may)  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "may", "sentence", "cell"),
    [
        (("better", "worse"), (True, False, False), "Witty is the best on average", "yes"),
        (("too close to call", "worse"), (True, False, False),
         "(+2.6 %), which is no verdict against the control.", "yes"),
        (("too close to call", "better"), (True, True, False), "2 candidates of 3", "may be"),
        (("worse", "worse"), (False, False, True), "The control is the best on average", "no"),
        (("worse", "too close to call"), (False, False, True),
         "The control comes out best on average over the parameters, which is no verdict", "no"),
        (("no verdict", "no verdict"), (False, False, False), "without intervals", "\u2013"),
    ],
)  # fmt: skip
def test_the_best_on_average_is_no_verdict(
    verdicts: tuple[str, str], may: tuple[bool, bool, bool], sentence: str, cell: str
) -> None:
    names = ("witty", "formal", "control")
    rows = [row(*one) for one in zip(names, (*verdicts, ""), may, strict=True)]
    assert sentence in best_sentence(rows)
    assert best_cell(rows[0], rows) == cell


def test_a_point_that_never_differed_is_told_so() -> None:
    same = row("a", "no verdict: same in all worlds", False)
    assert replace(same, joint=Span(mean=0.0)).interval == "exactly 0"
    assert verdicts_of([same]) == "1 of 1 point without verdict (same in all worlds)"


def test_a_study_says_why_points_have_no_interval() -> None:
    named = [{"point": name, "label": name.upper()} for name in "ab"]
    points: dict[str, dict[str, str]] = {"a": {"why_no_interval": "so and so"}, "b": {}}
    summary = {"objective": "shares", "points": named, "measures": {"shares": {"points": points}}}
    assert whys_of(summary) == ["No interval for A: so and so."]
    points["b"] = points["a"]
    assert whys_of(summary) == ["No interval for any point: so and so."]


def test_points_without_a_verdict_are_counted_in_words() -> None:
    rows = [row(name, "no verdict: too few draws", False) for name in ("a", "b")]
    assert verdicts_of(rows) == "2 of 2 points without verdict (too few draws)"
