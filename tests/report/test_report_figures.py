"""Every figure, also of odd results: axes with units, findings in the title, no text over text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.report.figures import (
    plot_differences,
    plot_funnel,
    plot_league,
    plot_ranks,
    plot_reach,
    save_figures,
)
from sim.report.reading import readings
from sim.report.words import difference_span, estimate_text, interval_text

from .fake import Fake, fake

CASES: dict[str, dict[str, Any]] = {
    "normal": {}, "one world": {"worlds": 1}, "equal arms": {"same": True, "worlds": 4},
    "small": {"size": 0.008, "days": 14, "worlds": 4},
    "silent": {"scenario": "silent", "worlds": 4},
    "long": {"long_names": True, "n_measures": 30, "worlds": 4},
    "few": {"n_measures": 12, "worlds": 4, "days": 1},
}  # fmt: skip
SIM = Path(__file__).parents[2] / "sim"


def drawn(result: Fake) -> dict[str, Any]:
    summary, context = result.summary, result.context
    return {
        "reach": plot_reach(result.daily, summary, context),
        "differences": plot_differences(summary, context),
        "funnel": plot_funnel(summary, context),
        "league": plot_league(result.accounts, summary, context),
        "ranks": plot_ranks(result.ranks, summary, context),
    }


def texts(figure: Any) -> list[Any]:
    """Every visible text but tick labels."""
    found = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    found += [label for axes in figure.axes for label in (axes.xaxis.label, axes.yaxis.label)]
    return [text for text in found if text.get_text().strip()]


@pytest.mark.parametrize("case", CASES)
def test_figures_are_whole(case: str) -> None:
    from matplotlib.figure import Figure

    for name, figure in drawn(fake(**CASES[case])).items():
        assert isinstance(figure, Figure), name
        figure.canvas.draw()
        width, height = figure.canvas.get_width_height()
        boxes = [(text, text.get_window_extent()) for text in texts(figure)]
        for text, box in boxes:
            inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
            assert inside, (name, text.get_text())
        for place, (text, box) in enumerate(boxes):
            for other, near in boxes[place + 1 :]:
                overlap = min(box.x1, near.x1) - max(box.x0, near.x0) > 1 and (
                    min(box.y1, near.y1) - max(box.y0, near.y0) > 4
                )
                assert not overlap, (name, text.get_text(), other.get_text())


def test_axes_name_their_units() -> None:
    figures = drawn(fake(worlds=4))
    labels = {
        name: " ".join(axes.get_xlabel() + " " + axes.get_ylabel() for axes in figure.axes)
        for name, figure in figures.items()
    }
    assert "Date (UTC)" in labels["reach"] and "(people)" in labels["reach"]
    assert "(%)" in labels["differences"] and "relative to the status quo" in labels["differences"]
    assert "unit of each row" in labels["funnel"] and "standard deviations" in labels["funnel"]
    assert "(people, logarithmic axis)" in labels["league"]
    assert labels["ranks"].count("(1: the most)") == 2


def test_titles_say_the_finding_and_footnotes_the_source() -> None:
    told = {
        name: " ".join(" ".join(text.get_text() for text in figure.texts).split())
        for name, figure in drawn(fake()).items()
    }
    assert "Proactive: +3.4 % target reach, better" in told["reach"]
    assert re.search(r"\d of 12 measures better, \d worse", told["differences"])
    for text in told.values():
        for part in ("243 posts abroad", "2.64 M people", "2012-22", "Seed 1", "32 worlds"):
            assert part in text
    assert "open circle" in told["league"] and "open circle" in told["ranks"]
    assert "ssumed effect sizes" in told["differences"] and "ssumed effect" in told["funnel"]


def test_a_scenario_against_itself_keeps_its_arms() -> None:
    result = fake(worlds=4, days=30, same=True)
    for table in (result.daily, result.accounts, result.ranks):
        table["scenario"] = np.full(len(table["scenario"]), "proactive")
    result.summary["against"] = "proactive"
    title = drawn(result)["reach"].texts[0].get_text()
    assert title == "Proactive (tested): no difference in target reach"


def test_dates_stand_on_the_time_axis() -> None:
    figure = plot_reach(fake(worlds=2).daily, fake(worlds=2).summary, fake(worlds=2).context)
    figure.canvas.draw()
    labels = [label.get_text() for label in figure.axes[1].get_xticklabels()]
    assert "1 Mar" in labels or "1 Apr" in labels
    assert dt.date(2016, 3, 1).isoformat() in figure.axes[1].get_xlabel()


def test_files_are_the_same_bytes_twice_and_leave_nothing_else(tmp_path: Path) -> None:
    result = fake(worlds=2, days=10)
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        paths = save_figures(
            folder, result.summary, result.daily, result.accounts, result.context, result.ranks
        )
        assert sorted(folder.iterdir()) == sorted(paths) and len(paths) == 10
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes(), path.name


def test_only_this_room_imports_matplotlib() -> None:
    pattern = re.compile(r"^\s*(import|from) matplotlib", re.MULTILINE)
    others = [path for path in SIM.rglob("*.py") if SIM / "report" not in path.parents]
    guilty = [path for path in others if pattern.search(path.read_text(encoding="utf-8"))]
    assert not guilty


def test_matplotlib_is_lazy() -> None:
    code = "import sys, sim.report.answer, sim.report.figures; print('matplotlib' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SIM.parent
    )
    assert told.stdout.strip() == "False"


def test_no_monte_carlo_part_is_drawn_where_there_is_none() -> None:
    split, unsplit = fake(), fake()
    for entry in unsplit.summary["measures"].values():
        entry["difference"].update(mc_lo=None, mc_hi=None)
    for result, expected in ((split, True), (unsplit, False)):
        figure = plot_differences(result.summary, result.context)
        told = [text.get_text() for text in figure.legends[0].get_texts()]
        assert ("its Monte Carlo part" in told) is expected


def test_the_figure_has_the_units_of_the_table() -> None:
    """Per cent on the axis; proportions by points and opinion in sd as words, as in the table."""
    result = fake(worlds=4)
    axes = plot_differences(result.summary, result.context).axes[0]
    told = [text.get_text() for text in axes.texts]
    for one in readings(result.summary).values():
        span, unit = difference_span(one)
        if not one.identical:
            assert estimate_text(span, unit) in told, one.name
        written = f"95 %: {interval_text(span, unit)}" in told
        assert written == (unit != "%" and not one.identical), one.name


def test_the_key_names_what_is_drawn_and_no_more() -> None:
    def names(**options: Any) -> set[str]:
        result = fake(**options)
        figure = plot_differences(result.summary, result.context)
        return {text.get_text() for text in figure.legends[0].get_texts()}

    assert names(worlds=1) == {"estimate without interval", "too small to act on (±2 %)"}
    assert {"estimate", "95 % interval", "estimate without interval"} < names(worlds=32)


def test_figures_are_labelled_with_the_level_that_was_asked_for() -> None:
    result = fake(worlds=32)
    asked = dataclasses.replace(result.context, confidence=0.6)
    for name, figure in drawn(Fake(**{**vars(result), "context": asked})).items():
        legends = [text for legend in figure.legends for text in legend.get_texts()]
        words = [text.get_text() for text in [*texts(figure), *legends]]
        words += [axes.get_title(loc="left") for axes in figure.axes]
        told = " ".join(" ".join(words).split())
        assert "95 %" not in told, name
        assert ("60 %" in told) == (name in ("reach", "differences", "funnel")), name


def test_the_funnel_says_which_means_it_shows_and_marks_whiskers_that_leave_the_axis() -> None:
    result = fake(worlds=4)
    shares = result.summary["measures"]["hostile_shares"]
    shares["scenario"].update(lo=-3.0, hi=1e12)
    figure = plot_funnel(result.summary, result.context)
    told = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "geometric means over 4 worlds, as in the printed table" in told
    assert "plain means for followers gained, favourability shift and polarisation" in told
    axes = figure.axes[0]
    tips = {line.get_marker(): float(line.get_xdata()[0]) for line in axes.lines
            if line.get_marker() in ("<", ">")}  # fmt: skip
    assert tips == {"<": axes.get_xlim()[0], ">": axes.get_xlim()[1]}
    silent = fake(worlds=4, scenario="silent")
    told = " ".join(text.get_text() for text in plot_funnel(silent.summary, silent.context).texts)
    assert "alone: none" in " ".join(told.split())
