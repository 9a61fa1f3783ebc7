"""The printed answer: complete, honest where no interval exists, the same words in any terminal."""

from __future__ import annotations

import dataclasses
import io
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from sim.measures import BY_NAME
from sim.report.answer import answer_text, print_answer
from sim.report.figure_differences import Line, finding, warnings
from sim.report.limits import larger_part
from sim.report.reading import headline, reading, readings
from sim.study.compare import compare
from sim.study.store import summary_rows

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


def test_a_diagnostic_says_so_and_recommends_nothing(result: Fake) -> None:
    context = replace(result.context, diagnostic="attention stays at rest")
    text = " ".join(answer_text(result.summary, context, 100).split())
    assert "a diagnostic that recommends nothing, since attention stays at rest" in text
    assert "Ask again with fair=hours" in text
    answer = text.partition("Answer:")[2].partition("Guardrails")[0]
    assert "better" not in answer and "worth acting on" not in answer


def test_one_world_has_no_verdict() -> None:
    one = fake(worlds=1)
    text = flat(one)
    assert "no verdict, since one world cannot tell luck from policy" in text
    assert "95 %:" not in text and "too close" not in text and "better," not in text
    assert not re.search(r"[\d.] to [+\u2212]", text)


def test_too_few_draws_have_no_verdict() -> None:
    result = fake(worlds=4)
    for one in result.summary["measures"].values():
        one["difference"] |= {"lo": None, "hi": None, "mc_lo": None, "mc_hi": None}
        one["why_no_interval"] = "2 parameter draws are too few: at least 4 are needed"
    told = " ".join(answer_text(result.summary, result.context, 120).split())
    assert "(no interval); no verdict: too few draws (at least 4 are needed)." in told
    assert "too close to call" not in told


@pytest.mark.parametrize(
    ("draws", "p", "ahead", "told"),
    [
        (4, 0.001, 0, "is ahead of the status quo on the objective in 0 of 4 parameter draws."),
        (16, 0.001, 0, "in fewer than 1 of 16 parameter draws, shrunk"),
        (16, 0.87, 14, "in 87 % of the parameter draws, shrunk"),
        (200, 0.001, 0, "in fewer than 1 % of the parameter draws, shrunk"),
        (4, 0.001, None, "on the objective in 3 of 32 worlds."),
    ],
)
def test_a_chance_is_no_surer_than_its_draws(
    draws: int, p: float, ahead: int | None, told: str
) -> None:
    result = fake()
    lead = {"p_better": p, "wins": 3} | ({} if ahead is None else {"draws_ahead": ahead})
    result.summary["measures"]["target_reach"] |= lead
    summary = {**result.summary, "draws": draws}
    context = replace(result.context, provisional=draws < 16)
    assert told in " ".join(answer_text(summary, context, 120).split())


def told_by(result: Fake, *answers: str) -> str:
    context = replace(result.context, answers=answers)
    text = " ".join(answer_text(result.summary, context, 120).split())
    return text[text.index("Answer:") : text.index("Guardrails:")]


def test_the_answer_leads_with_the_measures_of_the_question(result: Fake) -> None:
    told = told_by(result, "first_frame_share", "likes")
    assert told.startswith("Answer: Proactive wins ")
    assert told.index("of the first frames") < told.index("likes") < told.index("target public")
    assert told.count("in 32 worlds") + told.count("of 32 worlds") >= 2
    assert told_by(result, "target_reach") == told_by(result)
    assert told_by(result, "website_visits") == told_by(result)  # not measured here


@pytest.mark.parametrize(
    ("note", "gap", "told"),
    [
        ("", -94.0, "reaches half the citizens 94 hours sooner than the status quo (95 %: "),
        ("Censored in 0 of 32 worlds of the tested arm and 9 of the other: there", -94.0,
         "at least 94 hours sooner"),
        ("Censored in 2 of 32 worlds of the tested arm and 9 of the other: there", 12.0,
         "12 hours later than the status quo, timed to the end of the run where it came first"),
    ],
)  # fmt: skip
def test_times_are_told_in_hours(note: str, gap: float, told: str) -> None:
    result = fake()
    entry = {
        **result.summary["measures"]["backlash"], "label": "Hours to reach half the citizens",
        "unit": "hours", "note": note, "scenario": {"mean": 14.0, "lo": 10.0, "hi": 18.0},
        "against": {"mean": 108.0, "lo": 108.0, "hi": 108.0},
        "difference": {"mean": gap, "lo": gap - 20, "hi": gap + 20, "relative": gap / 108},
    }  # fmt: skip
    result.summary["measures"]["hours_to_reach_50"] = entry
    assert told in told_by(result, "hours_to_reach_50")


def test_what_was_never_timed_is_no_answer() -> None:
    result = fake()
    entry = {
        **result.summary["measures"]["backlash"], "label": "Hours to reach half the citizens",
        "unit": "hours", "verdict": None, "why_no_interval": "the run ended first",
        "difference": {"mean": 0.0, "lo": 0.0, "hi": 0.0, "relative": 0.0},
    }  # fmt: skip
    result.summary["measures"]["hours_to_reach_50"] = entry
    told = told_by(result, "hours_to_reach_50")
    assert told.startswith("Answer: Hours to reach half the citizens: no answer, since the run")


def test_equal_arms_differ_by_exactly_zero() -> None:
    text = flat(fake(same=True))
    assert "no difference in any world" in text
    assert "exactly 0" in text and "Nothing to sharpen" in text


def test_what_did_not_differ_has_no_verdict_and_says_what_may_be_missed() -> None:
    one, why = fake(), "both arms are the same in every one of 32 worlds, and a rare one, in fewer "
    why += "than about 17 % of the draws, could have stayed unseen"
    for name in ("backlash", "target_reach"):
        entry = one.summary["measures"][name]
        entry["scenario"] = entry["against"]
        entry["difference"] = dict.fromkeys(entry["difference"]) | {"mean": 0.0, "relative": 0.0}
        entry |= {"verdict": None, "p_better": None, "wins": 0, "why_no_interval": why}
    text = flat(one, 120)
    assert "backlash in the target public unchanged, no verdict: same in all worlds" in text
    assert f"No interval: {why}." in text and "equivalent" not in text
    assert "On reach in the target public the arms did not differ in any of 32 worlds" in text
    row = next(line for line in answer_text(one.summary, one.context, 120).splitlines()
               if line.startswith("Backlash"))  # fmt: skip
    assert "exactly 0" in row and "no verdict" in row
    cells = {line[0]: line for line in summary_rows(one.summary)[1]}
    assert "no verdict: same in all worlds" in cells["backlash"]
    pictured = finding(one.summary, one.context)
    assert "3 without verdict" in pictured and "equivalent" not in pictured
    assert any(why in told for told in warnings([Line(y=0, label="", one=two)
               for two in readings(one.summary).values()]))  # fmt: skip


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
    assert "the objective in" not in text and "on reach in the target public in" in text


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


def with_context(result: Fake, **changes: Any) -> str:
    told = dataclasses.replace(result.context, **changes)
    return " ".join(answer_text(result.summary, told, 100).split())


def test_what_the_user_set_is_repeated(result: Fake) -> None:
    assert "Set by the user" not in flat(result)
    told = with_context(result, asked=("news=none", "crisis=2016-03-09", "sharing.p0=0.01"))
    assert "Set by the user, for both arms: news=none, crisis=2016-03-09, sharing.p0=0.01." in told


def test_cautions_stand_below_the_table(result: Fake) -> None:
    told = with_context(result, cautions=("Followers are scaled.",))
    assert told.index("OUTCOMES") < told.index("- Followers are scaled.") < told.index("rests on")


def test_one_of_a_kind_is_singular() -> None:
    one = fake(worlds=2, days=1)
    text = with_context(one, days=1)
    assert "1 day, 2016-03-01 to 2016-03-01" in text and "1 days" not in text
    assert "only 1 parameter draw;" in text and "2 paired worlds in 1 parameter draw" in text


def test_failed_worlds_are_named() -> None:
    one = fake()
    assert "failed" not in flat(one)
    one.summary["failed"] = [
        {"world": 5, "draw": 2, "replicate": 1, "seed": 9, "message": "ValueError: planted"}
    ]
    named = "1 world failed and left out: world 5 (draw 2, replicate 1, seed 9): ValueError"
    assert named in flat(one)


def test_one_replicate_a_draw_claims_no_monte_carlo_part() -> None:
    one = fake()
    assert "the share of luck is" in flat(one)
    one.summary["draws"] = one.summary["worlds"]
    note = "One replicate a parameter draw: so there is no Monte Carlo interval."
    for entry in one.summary["measures"].values():
        entry["difference"].update(mc_lo=None, mc_hi=None)
        entry["luck"] = None
        entry["note"] = f"{entry['note']}. {note}" if entry.get("note") else note
    text = flat(one)
    assert "the share of luck is" not in text
    assert "32 paired worlds in 32 parameter draws, one each" in text
    assert "worlds=64 draws=32" in text
    assert "luck included" in text and "shrunk for noise" not in text
    assert text.count(note) == 1  # once below the table, not in every row


@pytest.mark.parametrize(
    ("luck", "told", "advice"),
    [
        ((0.1, 0.04, 0.3), "most of the spread between the draws is doubt about the parameters: "
         "the share of luck is 10 % (4 to 30 %).", "More worlds will hardly narrow"),
        ((0.9, 0.6, 1.0), "most of the spread between the draws is luck: the share of luck is "
         "90 % (60 to 100 %).", "Run more worlds: worlds=128 about halves"),
        ((0.45, 0.2, 1.0), "luck makes anything from 20 to 100 % of the spread between the draws",
         "Run more parameter draws (worlds=128)"),
    ],
)  # fmt: skip
def test_luck_is_not_told_as_doubt_about_parameters(
    luck: tuple[float, float, float], told: str, advice: str
) -> None:
    one = fake()
    entry = one.summary["measures"]["target_reach"]
    entry["luck"] = dict(zip(("share", "lo", "hi"), luck, strict=True))
    text = flat(one)
    assert told in text and advice in text
    assert ("hardly narrow" in text) == (luck[2] < 0.5)


@pytest.mark.parametrize("draws", [8, 16, 32, 64])
def test_pure_luck_is_hardly_ever_blamed_on_the_parameters(draws: int) -> None:
    rng, seen = np.random.default_rng(4), []
    for _ in range(300):
        arms = 0.5 + 0.02 * rng.standard_normal((2, draws, 2))
        entry = compare(BY_NAME["share_of_voice"], *arms, 0.02).as_dict()
        seen.append(larger_part(reading("share_of_voice", entry)))
    assert seen.count("parameters") <= 9
    assert draws < 64 or seen.count("luck") > 200


def test_nothing_loses_more_than_all_of_it() -> None:
    one = fake()
    entry = one.summary["measures"]["posts"]
    entry["against"]["mean"], entry["scenario"]["mean"] = 1.0, 0.875
    entry["difference"].update(mean=-0.125, relative=-0.125, lo=-1.6, hi=0.8, mc_lo=-0.5, mc_hi=0.3)
    row = next(
        line for line in answer_text(one.summary, one.context, 120).splitlines()
        if line.startswith("Original posts")
    )  # fmt: skip
    assert "\u22120.1 posts" in row and "\u22121.6 to +0.8" in row and "%" not in row
    assert readings(one.summary)["posts"].relative is None
    entry["difference"].update(lo=-1.0)
    assert readings(one.summary)["posts"].relative is not None  # all of it may go


@pytest.mark.parametrize(("confidence", "level"), [(0.6, "60 %"), (0.999, "99.9 %")])
def test_intervals_are_labelled_with_the_level_that_was_asked_for(
    confidence: float, level: str
) -> None:
    known = fake(n_measures=30)
    context = replace(known.context, confidence=confidence)
    asked = Fake(**{**vars(known), "context": context})
    for width in (80, 140):
        text = flat(asked, width)
        assert f"({level}: +0.5 to +6.2 %): better" in text and f"{level} interval" in text
        assert text.count("95 %") == 1, "the usual level, where the answer says that it is another"
        told = f"are at {level}, not at the usual 95 % (study.confidence={confidence:g})."
        assert told in text.partition("Answer:")[2].partition("Guardrails:")[0]
    assert "study.confidence" not in flat(known)
