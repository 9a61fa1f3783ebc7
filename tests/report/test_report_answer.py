"""The printed answer: complete, honest where no interval exists, the same words in any terminal."""

from __future__ import annotations

import io
import math
import re
from typing import Any

import pytest
from rich.console import Console

from sim.report.answer import answer_text, print_answer
from sim.report.reading import headline, readings

from .fake import Fake, fake


@pytest.fixture(scope="module")
def result() -> Fake:
    return fake()


def flat(result: Fake, width: int = 100) -> str:
    """The printed text with all line breaks taken out."""
    return " ".join(answer_text(result.summary, result.context, width).split())


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_all_parts_are_printed(result: Fake, width: int) -> None:
    text, context = flat(result, width), result.context
    for part in (
        context.question, context.scenario_sentence, context.against_sentence, context.network,
        context.network_date, context.audience, context.platform_era, "78 FTE", "2016-05-29",
        "Answer: Proactive reaches 3.4 % more people in the target public than the status quo "
        "(95 %: +0.5 to +6.2 %): better", "Guardrails: backlash", "favourability shift from",
        "INPUTS", "OUTPUTS", "OUT-TAKES", "OUTCOMES", "Wins in", "worlds", "25 of 32",
        "assumed effect sizes", "fair=hours", "hours imputed for 231 of 243", "sharper answer",
    ):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_no_line_is_wider_than_the_terminal(result: Fake, width: int) -> None:
    lines = answer_text(result.summary, result.context, width).splitlines()
    assert max(map(len, lines)) <= width
    assert lines[-1] == f"Results: {result.context.folder}"


@pytest.mark.parametrize("width", [80, 120])
def test_every_measure_has_its_row(result: Fake, width: int) -> None:
    text = answer_text(result.summary, result.context, width)
    for one in readings(result.summary).values():
        assert one.label.split()[0] in text
    for verdict in ("▲ better", "▼ worse", "? too close"):
        assert verdict in text


def test_null_interval_is_said_with_its_reason(result: Fake) -> None:
    text = answer_text(result.summary, result.context, 120)
    row = next(line for line in text.splitlines() if line.startswith("Likes"))
    assert "(no interval)" in row and "no verdict" in row and " to " not in row
    assert "No interval: one world holds more than half of the total." in text


def test_one_world_has_no_verdict() -> None:
    one = fake(worlds=1)
    text = flat(one)
    assert "no verdict, since one world cannot tell luck from policy" in text
    assert "95 %:" not in text and "too close" not in text and "better," not in text
    assert not re.search(r"[\d.] to [+\u2212]", text)


def test_equal_arms_differ_by_exactly_zero() -> None:
    text = flat(fake(same=True))
    assert "no difference in any world" in text
    assert "exactly 0" in text and "Nothing to sharpen" in text


def test_silence_reaches_nobody() -> None:
    assert "Silent reaches no people in the target public, where the status quo reaches" in flat(
        fake(scenario="silent")
    )


def test_few_draws_are_provisional() -> None:
    assert "PROVISIONAL: only 2 parameter draws" in flat(fake(worlds=4))


def test_opinion_never_leads() -> None:
    opinion = fake()
    opinion.summary["objective"] = "favourability_shift"
    assert headline(opinion.summary).name == "target_reach"
    text = flat(opinion)
    assert "Answer: Proactive reaches" in text and "does not lead the answer" in text


def test_verdict_needs_no_colour(result: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    told = {}
    for system in (None, "truecolor"):
        file = io.StringIO()
        print_answer(
            result.summary, result.context,
            Console(file=file, width=100, force_terminal=system is not None, color_system=system),
        )  # fmt: skip
        told[system] = file.getvalue()
    assert "\x1b[" in told["truecolor"] and "\x1b[" not in told[None]
    assert re.sub(r"\x1b\[[\d;]*m", "", told["truecolor"]).split() == told[None].split()


def test_a_pipe_without_unicode_still_prints(result: Fake) -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    print_answer(result.summary, result.context, Console(file=file, width=80, color_system=None))
    file.flush()
    assert b"^ better" in raw.getvalue() and b"-12.4 %" in raw.getvalue()


@pytest.mark.parametrize("bad", [math.nan, math.inf, "12", True])
def test_a_broken_number_is_refused(bad: Any) -> None:
    broken = fake()
    broken.summary["measures"]["impressions"]["difference"]["mean"] = bad
    with pytest.raises(ValueError, match=r"impressions\.difference\.mean"):
        answer_text(broken.summary, broken.context)


def test_half_an_interval_is_refused() -> None:
    broken = fake()
    broken.summary["measures"]["impressions"]["difference"]["lo"] = None
    with pytest.raises(ValueError, match="only one end"):
        answer_text(broken.summary, broken.context)


def test_marks_in_labels_are_not_markup() -> None:
    odd = fake()
    odd.summary["measures"]["posts"]["label"] = "Posts [bold]"
    assert "Posts [bold]" in answer_text(odd.summary, odd.context, 120)
