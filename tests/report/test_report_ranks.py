"""The leagues in print: no real mission stands beside a figure that is not its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.report.figure_ranks import plot_ranks, title_of
from sim.report.inauthentic import inauthentic_sentences
from sim.report.ranks import ranking_text
from sim.report.words import MINUS
from tests.report.fake import fake


def text_of(**options: object) -> str:
    result = fake(**options)  # type: ignore[arg-type]
    return " ".join(ranking_text(result.ranks, result.summary, result.context).split())


def test_the_leagues_are_told() -> None:
    told = text_of(worlds=4)
    assert "Rival ministry D (inferred)" in told and "9,000 (5)" in told
    assert f"5 ministries, rank correlations: followers with target reach {MINUS}1.00" in told
    assert "60 missions of the ministry" in told and "middle 80 % of worlds" in told
    assert "simulated" in told and "Climbers" in told and "Fallers" in told


def test_missions_of_published_rank_alone_are_not_named() -> None:
    result = fake(worlds=4)
    hidden = result.ranks["label"] == "rank measured, value inferred"
    name = str(result.ranks["name"][hidden][0])
    result.ranks["shares"][hidden] = 0  # the largest faller
    told = ranking_text(result.ranks, result.summary, result.context)
    assert name == "United Kingdom" and name not in told
    assert "a mission whose rank alone is published" in " ".join(told.split())
    figure = plot_ranks(result.ranks, result.summary, result.context)
    written = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert name not in written and "NATO" in written
    assert not [text for text in written if text.startswith("Mission 0")]


@pytest.mark.parametrize(("mean", "word"), [(0.1, "hardly"), (0.5, "partly"), (0.9, "largely"),
                                            (-0.6, "lower")])  # fmt: skip
def test_the_title_is_the_finding(mean: float, word: str) -> None:
    rho = {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}
    title = title_of({"account": {"rank_correlations": {"followers / impact": rho}}})
    assert word in title and "80 % of worlds" in title


def test_silence_and_one_world_are_no_errors() -> None:
    assert "no posts" in text_of(worlds=2, scenario="silent")
    assert "(one world)" in text_of(worlds=1)


def test_what_leagues_published_is_told_where_there_is_any() -> None:
    result = fake(worlds=2)
    context = replace(result.context, published=("Published: a league.",))
    assert "Published: a league." in ranking_text(result.ranks, result.summary, context)
    assert "Published" not in ranking_text(result.ranks, result.summary, result.context)


def test_false_followers_are_counted_apart() -> None:
    result = fake(worlds=2)
    rivals = result.ranks["name"] == "Rival ministry B"
    result.ranks["false_followers"] = np.where(rivals, 1_234, 0)
    told = " ".join(ranking_text(result.ranks, result.summary, result.context).split())
    assert "Counted apart, and in no league above: Rival ministry B with 1,230 false" in told


def test_inauthentic_sentences_say_with_and_without() -> None:
    result = fake(worlds=4)
    assert inauthentic_sentences(result.summary, result.context) == []
    side = {"scenario": 0.5, "against": 0.5}
    detected = {name: side for name in (
        "inauthentic_share", "inauthentic_followers", "inauthentic_removed", "wrongly_flagged")}
    measures = {name: dict(entry) for name, entry in result.summary["measures"].items()}
    block = {"measures": measures, "detection": {
        "sides": dict.fromkeys(("ours", "rival", "neutral"), detected),
        "hours_until_half_removed": 48.0,
    }}  # fmt: skip
    result.summary["inauthentic"] = block
    told = " ".join(inauthentic_sentences(result.summary, result.context))
    assert "50 % (rivals)" in told and "2 days after a post" in told
    assert "every measure of the ministry is what stands above" in told
    measures["likes"]["against"] = {"mean": 1e6, "lo": None, "hi": None}
    told = " ".join(inauthentic_sentences(result.summary, result.context))
    assert "With them counted in, likes read 1.00 M and" in told and "no lever" in told
