"""Labels of figures where values are small, panels narrow or letters unknown: nothing that is said
is lost, run into something else, or said of what is not drawn."""

from __future__ import annotations

import dataclasses
import re
import warnings
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.report import style
from sim.report.figure_funnel import mind_tick
from sim.report.figures import plot_differences, plot_funnel, plot_league, plot_ranks, plot_reach
from sim.report.study_figures import plot_points

from .fake import Fake, fake

CHINA, JAPAN = "中国大使馆", "日本大使館 Embassy of Japan"


def boxes_of(figure: Any, found: Any) -> list[Any]:
    figure.canvas.draw()
    return [one.get_window_extent() for one in found]


def meet(one: Any, other: Any) -> bool:
    return bool(min(one.x1, other.x1) > max(one.x0, other.x0)
                and min(one.y1, other.y1) > max(one.y0, other.y0))  # fmt: skip


def footnote_of(figure: Any) -> str:
    return " ".join(" ".join(text.get_text() for text in figure.texts).split())


def with_opinion(tested: float, base: float, half: float) -> Fake:
    """A result whose intervals of opinion are far wider than the means."""
    result = fake(worlds=4)
    for name in ("favourability_shift", "polarisation"):
        for arm, mean in (("scenario", tested), ("against", base)):
            block = result.summary["measures"][name][arm]
            block.update(mean=mean, lo=mean - half, hi=mean + half)
    return result


def study(points: int, unit: str = "%", worth: float = 0.02) -> dict[str, Any]:
    """A study of one policy in so many circumstances, each with a heading of its own."""
    names = [f"w{number}" for number in range(points)]
    scale = 0.004 if unit == "share" else 1.0
    measure = {
        "label": "Reach in the target public", "better": "higher",
        "unit": "share" if unit == "share" else "people", "points": {name: {
            "difference": {"mean": 4.0 * scale, "lo": -30.0 * scale, "hi": 60.0 * scale},
            "spread": {"lo": -20.0 * scale, "hi": 40.0 * scale}, "wins": 3,
            "against": {"mean": 100.0 * scale}, "scenario": {"mean": 104.0 * scale},
            "verdict": "too close to call",
        } for name in names},
    }  # fmt: skip
    return {
        "objective": "target_reach", "against_label": "Reactive", "measures": {
            "target_reach": measure}, "worth": worth, "confidence": 0.95, "worlds": 8, "draws": 4,
        "replicates": 2, "axes": [{"key": "opinion", "values": points}], "best": [],
        "circumstances": {name: {"opinion": f"form_{name}", "feed": "chronological"}
                          for name in names},
        "points": [{"point": name, "circumstance": name, "label": "Proactive"} for name in names],
    }  # fmt: skip


def test_opinion_near_nothing_is_told_to_two_figures_clear_of_zero_and_of_each_other() -> None:
    result = with_opinion(0.0000486, -0.0000028, 0.0009)
    figure = plot_funnel(result.summary, result.context)
    axes = figure.axes[1]
    told = [text for text in axes.texts if re.match("[+\u2212]0", text.get_text())]
    assert [text.get_text() for text in told] == ["+0.0000486", "\u22120.0000028"] * 2
    boxes = boxes_of(figure, told)
    zero = axes.transData.transform((0.0, 0.0))[0]
    assert not any(box.x0 <= zero <= box.x1 for box in boxes)
    assert not any(meet(box, other) for n, box in enumerate(boxes) for other in boxes[n + 1 :])


@pytest.mark.parametrize("pair", [(1.0, 0.2), (3e-9, 2e-5), (-0.0040, -0.0041), (0.0, 1e-6)])
def test_opinion_labels_stand_in_the_order_of_their_dots(pair: tuple[float, float]) -> None:
    figure = plot_funnel(with_opinion(*pair, 0.5).summary, fake().context)
    told = [text.get_text().replace("\u2212", "-") for text in figure.axes[1].texts]
    values = [float(one) for one in told if re.fullmatch(r"[+-]?\d[\d.e-]*", one)]
    assert len(values) == 4 and np.sign(values[0] - values[1]) == np.sign(pair[0] - pair[1])


def test_ticks_of_opinion_are_written_like_its_means() -> None:
    assert [mind_tick(one) for one in (-2.5e-05, 0.0, 0.001, 2.0, 10.0)] == [
        "\u22120.000025", "0", "+0.001", "+2", "+10"]  # fmt: skip


def test_the_funnel_tells_of_whiskers_only_where_it_has_some() -> None:
    def told(result: Fake) -> str:
        return footnote_of(plot_funnel(result.summary, result.context))

    bare = fake(worlds=2)
    for entry in bare.summary["measures"].values():
        for arm in ("scenario", "against"):
            entry[arm].update(lo=None, hi=None)
    assert "Whiskers" not in told(bare) and "there are no whiskers" in told(bare)
    assert "Whiskers: 95 % interval" in told(fake(worlds=4))


def test_the_funnel_says_why_likes_may_exceed_views() -> None:
    result = fake(worlds=4)
    scaled = dataclasses.replace(
        result.context, cautions=("Followers are scaled to the audience, the loyal core is not",)
    )
    plain, warned = (footnote_of(plot_funnel(result.summary, one))
                     for one in (result.context, scaled))  # fmt: skip
    for told in (plain, warned):
        assert "likes and shares without a counted view, so likes may exceed views" in told
    assert "exaggerated" in warned and "exaggerated" not in plain


@pytest.mark.parametrize("unit", ["sd", "followers per account and month"])
def test_an_interval_written_out_keeps_off_the_estimate(unit: str) -> None:
    result = fake(worlds=4, long_names=True)
    for name in ("favourability_shift", "polarisation"):
        entry = result.summary["measures"][name]
        entry.update(unit=unit)
        entry["difference"].update(mean=-0.000031, lo=-0.000674, hi=0.000162)
    reason = "too few parameter draws"  # its long verdict takes room from the axes
    result.summary["measures"]["likes"]["why_no_interval"] = reason
    figure = plot_differences(result.summary, result.context)
    axes = figure.axes[0]
    written = [text for text in axes.texts if text.get_text().startswith("95 %: ")]
    others = [text for text in axes.texts if text not in written and text.get_text().strip()]
    assert len(written) >= 2
    for text, box in zip(written, boxes_of(figure, written), strict=True):
        for other, near in zip(others, boxes_of(figure, others), strict=True):
            assert not meet(box, near), (text.get_text(), other.get_text())


def test_ticks_are_so_few_that_their_labels_do_not_touch() -> None:
    @style.styled
    def drawn(inches: float) -> Any:
        figure = style.sheet(2.0)
        axes = style.panel(figure, 1.0, style.WIDTH - 1.0 - inches, 0.5, 1.0)
        axes.set_xlim(-140, 690)
        style.fitting_ticks(axes, 6, style.gain)
        figure.canvas.draw()
        return axes

    counts = []
    for inches in (0.6, 1.0, 1.5, 3.0):
        axes = drawn(inches)
        labels = [one for one in axes.get_xticklabels() if one.get_text()]
        low, high = axes.get_xlim()
        boxes = [one.get_window_extent() for one in labels if low <= one.get_position()[0] <= high]
        assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
        counts.append(len(boxes))
    assert counts[0] >= 1 and counts == sorted(counts) and counts[-1] > counts[0]


def test_the_band_is_in_the_key_only_where_it_can_be_seen() -> None:
    result = fake(worlds=4)
    for worth, shown in ((0.02, True), (0.0005, False)):
        context = dataclasses.replace(result.context, worth=worth)
        figure = plot_differences(result.summary, context)
        told = " ".join(text.get_text() for text in figure.legends[0].get_texts())
        assert ("too small to act on" in told) is shown
        assert bool(figure.axes[0].patches) is shown
    for summary, shown in ((study(2), True), (study(2, worth=0.0005), False),
                           (study(2, unit="share"), False)):  # fmt: skip
        figure = plot_points(summary, result.context)
        told = " ".join(text.get_text() for text in figure.legends[0].get_texts())
        assert ("too small to act on" in told) is shown
        assert bool(figure.axes[0].patches) is shown


@pytest.fixture
def only_the_usual_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(style, "FALLBACKS", ())
    for one in (style.families, style.letters):
        one.cache_clear()
    yield
    for one in (style.families, style.letters):
        one.cache_clear()


@pytest.mark.usefixtures("only_the_usual_font")
def test_a_name_that_no_font_can_write_is_told_by_its_number() -> None:
    result = fake(worlds=2)
    accounts, ranks = dict(result.accounts), dict(result.ranks)
    for table, column in ((accounts, "account"), (ranks, "name")):
        names = table[column].astype(object)
        table[column] = np.array([{"NATO": CHINA, "Japan": JAPAN}.get(one, one) for one in names])
    context = dataclasses.replace(result.context, imputed=(f"left out: {CHINA} (weibo)",))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # Glyph ... missing from font(s)
        figures = (plot_league(accounts, result.summary, context),
                   plot_ranks(ranks, result.summary, context))  # fmt: skip
        for figure in figures:
            figure.canvas.draw()
    rows = [text.get_text() for text in figures[0].axes[0].texts]
    assert "Account 2" in rows and "Account 5: Embassy Japan" in rows
    told = footnote_of(figures[0])
    assert "the place of its name in accounts.parquet" in told and "\u2026 (weibo)" in told
    assert "accounts.parquet" not in footnote_of(
        plot_league(result.accounts, result.summary, result.context)
    )


@pytest.mark.usefixtures("only_the_usual_font")
def test_only_installed_fonts_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "FALLBACKS", ("No Such Font", "STIXGeneral"))
    style.families.cache_clear()
    assert style.families() == (style.FAMILY, "STIXGeneral")


def test_two_arms_that_reach_nobody_are_both_named() -> None:
    result = fake(worlds=4, same=True)
    daily = {**result.daily, "value": np.zeros_like(result.daily["value"])}
    figure = plot_reach(daily, result.summary, result.context)
    ends = [text for text in figure.axes[0].texts if text.get_text().endswith(" 0")]
    boxes = boxes_of(figure, ends)
    assert len(boxes) == 2 and not meet(*boxes)


def test_points_of_many_circumstances_fit_two_pages_with_headings_clear_of_the_zero_line() -> None:
    figure = plot_points(study(30), fake().context)
    assert figure.get_size_inches()[1] * style.DPI <= 3_000
    axes = figure.axes[0]
    headings = [text for text in axes.texts if "opinion" in text.get_text()]
    assert len(headings) == 30
    assert all(text.get_bbox_patch().get_facecolor() == (1.0, 1.0, 1.0, 1.0) for text in headings)
    boxes = boxes_of(figure, [text for text in axes.texts if text.get_text().strip()])
    assert not any(meet(box, other) for n, box in enumerate(boxes) for other in boxes[n + 1 :])
