"""The trial sees a wrong verdict as wrong, its worlds are built otherwise, and it goes on."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import verification.misspecification.trial as look
from sim.evidence import load_targets, parts_of
from sim.mechanisms.sharing import p_react
from sim.study.verdict import BETTER, EQUIVALENT, OPEN, WORSE
from sim.world.news import EVENT
from verification.__main__ import main
from verification.misspecification import analyst, hooks, tell
from verification.misspecification.generators import BY_NAME, CONTROL, GENERATORS
from verification.misspecification.score import (
    OPPOSITE,
    RIGHT,
    SIZE,
    UNJUDGED,
    Span,
    judged,
    outcome,
    rate,
    span_of,
    truth_of,
)
from verification.misspecification.trial import LEAD, NATURE_SEED, QUESTIONS

pytest.importorskip("sklearn")

WORTH = 0.02
UP, DOWN = Span(mean=0.1, lo=0.08, hi=0.12), Span(mean=-0.1, lo=-0.12, hi=-0.08)
SMALL = Span(mean=0.005, lo=-0.01, hi=0.015)
SMALL_DOWN = Span(mean=-0.01, lo=-0.015, hi=-0.005)
VAGUE = Span(mean=0.01, lo=-0.03, hi=0.05)
SLIGHT = Span(mean=0.025, lo=0.01, hi=0.04)  # its sign is known, its size is not


# --- the score ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "truth", "found"),
    [
        (BETTER, UP, RIGHT), (WORSE, DOWN, RIGHT), (EQUIVALENT, SMALL, RIGHT),
        (BETTER, DOWN, OPPOSITE), (WORSE, UP, OPPOSITE), (BETTER, SMALL_DOWN, OPPOSITE),
        (BETTER, SMALL, SIZE), (EQUIVALENT, UP, SIZE), (EQUIVALENT, DOWN, SIZE),
        (BETTER, VAGUE, UNJUDGED), (EQUIVALENT, VAGUE, UNJUDGED), (BETTER, None, UNJUDGED),
        (BETTER, SLIGHT, RIGHT), (WORSE, SLIGHT, OPPOSITE), (EQUIVALENT, SLIGHT, UNJUDGED),
        (OPEN, UP, OPEN), (OPEN, None, OPEN), (None, UP, OPEN),
    ],
)  # fmt: skip
def test_what_a_verdict_was_worth(verdict: str | None, truth: Span | None, found: str) -> None:
    assert outcome(verdict, truth, WORTH) == found


def test_truth_in_words() -> None:
    assert [truth_of(one, WORTH) for one in (UP, DOWN, SMALL, VAGUE, None)] == [
        BETTER, WORSE, "within", "unknown", "unknown",
    ]  # fmt: skip


def test_spans_are_relative_and_in_the_wanted_direction() -> None:
    luck = np.random.default_rng(1).normal(1.0, 0.01, (1, 20))
    more = span_of("target_reach", judged("target_reach", 1_100 * luck, 1_000 * luck, WORTH))
    assert more is not None and more.mean == pytest.approx(0.1, abs=0.002) and more.lo > 0.09
    noise = np.random.default_rng(2).normal(0.0, 0.01, (1, 20))
    worse = span_of("backlash", judged("backlash", 3.0 * luck + noise, 2.0 * luck, WORTH))
    assert worse is not None and worse.lo < worse.mean < worse.hi < -0.45
    assert span_of("backlash", judged("backlash", luck, 0.0 * luck, WORTH)) is None


def test_exact_intervals() -> None:
    """Clopper and Pearson 1934: none of ten is compatible with up to 1 - .025^(1 / 10)."""
    none = rate(0, 10)
    assert none["lo"] == 0 and none["hi"] == pytest.approx(1 - 0.025**0.1)
    assert rate(0, 0)["share"] is None


# --- worlds that are built otherwise ------------------------------------------------------------


def test_the_generators_are_a_control_other_kinds_and_what_is_outside() -> None:
    assert GENERATORS[0].name == CONTROL and not GENERATORS[0].words
    assert len(BY_NAME) == len(GENERATORS)
    assert sum(one.outside for one in GENERATORS) >= 3
    for one in GENERATORS:
        if one.words:  # every kind is one that the door knows and the default leaves out
            assert look.arms_of(look.Trial(), one.words).control.values is not None


def test_readiness_is_pareto_and_tied_to_looking() -> None:
    luck = np.random.default_rng(3)
    people = np.zeros(20_000, [("visit", "u1"), ("favourability", "f4"), ("propensity", "f4")])
    people["visit"] = luck.integers(0, 32, len(people))
    people["favourability"] = luck.normal(0, 0.35, len(people))
    people["propensity"] = np.exp(luck.normal(0, 1.4, len(people)))
    found = hooks.pareto_readiness(people)
    assert found.mean() == pytest.approx(1.0)
    top = np.sort(found)[-200:]  # of a Pareto tail: Hill's estimate of the exponent
    assert 1 / np.log(top[1:] / top[0]).mean() == pytest.approx(hooks.PARETO, rel=0.25)
    assert np.corrcoef(hooks.scores(found), people["visit"])[0, 1] > 0.4


def test_events_draw_less_where_there_was_one_lately() -> None:
    events = np.zeros(4, EVENT)
    events["hour"], events["topic"] = [0.0, 1.0, 1.5, 500.0], [0, 0, 1, 0]
    events["severity"], events["foreseeable"] = 2.0, [0, 0, 1, 0]
    found = hooks.habituated(events)
    assert found.sum() == pytest.approx(8.0)
    assert found[1] / found[0] == pytest.approx(2.0 ** -(2.0 ** (-1 / 72.0)))
    assert found[2] / found[0] == pytest.approx(hooks.FORESEEN)
    assert found[3] / found[0] == pytest.approx(1.0, abs=0.02)  # three weeks later
    assert len(hooks.habituated(events[:0])) == 0


def test_saturation_caps_every_share() -> None:
    hazards = [1e-6, 1e-3, 0.05, 1.0, 50.0]
    for h in hazards:
        assert hooks.saturating(h) <= min(p_react(h), hooks.SATURATION)
    assert hooks.saturating(1e-6) == pytest.approx(1e-6, rel=1e-3)


def test_demotion_still_fits_the_engine() -> None:
    import sim.engine

    source = (Path(sim.engine.__path__[0]) / "broadcasting.py").read_text(encoding="utf-8")
    changed = hooks.demoting(source)
    compile(changed, "broadcasting.py", "exec")
    assert len(changed) == len(source) + len(hooks.DEMOTION)
    with pytest.raises(RuntimeError, match="anew"):
        hooks.demoting("")


def test_what_is_compiled_is_not_changed_in_this_process() -> None:
    import sim.engine.broadcasting  # noqa: F401

    with pytest.raises(RuntimeError, match="usual laws"):
        hooks.use_saturation(Path())
    assert p_react(1.0) == 1 - math.exp(-1.0)


@pytest.mark.parametrize(
    ("name", "key"), [("inflated", "C4.mean"), ("few_sharers", "C7"), ("habituation", "")]
)
def test_hooks_change_a_real_world_and_leave_no_trace(name: str, key: str) -> None:
    trial = look.Trial(n_people=3_000, days=7, samples=5)
    one = BY_NAME[name]
    arm = look.arms_of(trial, one.words, NATURE_SEED).control
    parameters = {"sharing.p0": 0.05, "core.mean_shares": 0.5}
    before = look.observe(arm, parameters, 1, 5)
    with one.hook():
        there = look.observe(arm, parameters, 1, 5)
    assert look.observe(arm, parameters, 1, 5) == before != there
    if key == "C4.mean":  # shares that nobody made, and no further view
        assert there[key] > before[key]  # type: ignore[operator]
        assert there["C13"] == before["C13"]


# --- the whole ----------------------------------------------------------------------------------

SIZES = ["--worlds", "1", "--design", "32", "--draws", "5", "--name", "planted"]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Worlds in which every policy does 10 % better, and two patterns that show two parameters."""
    done: list[str] = []
    parts = parts_of(load_targets())

    def observe(arm: Any, parameters: Mapping[str, float], draw: int, samples: int
                ) -> dict[str, float | None]:  # fmt: skip
        done.append("seen")
        luck = np.random.default_rng(draw).normal(0, 0.05, 2)
        found: dict[str, float | None] = dict.fromkeys(parts)
        found["C7"] = parameters["sharing.likes_per_share"] * math.exp(luck[0])
        found["C13"] = 0.03 * parameters["visibility.selection"] / 0.5 * math.exp(luck[1])
        return found

    def pair(scenarios: Sequence[Any], draw: int, replicate: int) -> look.Values:
        done.append("paired")
        luck = np.random.default_rng([draw, replicate]).normal(0, 0.01, len(scenarios))
        arms = (*QUESTIONS, look.CONTROL)
        return {
            arm: {one: 1_000 * math.exp(luck[k]) * (1.1 if arm in QUESTIONS else 1.0)
                  for one in look.MEASURED}
            for k, arm in enumerate(arms)
        }  # fmt: skip

    monkeypatch.setattr(look, "observe", observe)
    monkeypatch.setattr(look, "pair", pair)
    return done


def whole(folder: Path, *words: str) -> dict[str, Any]:
    assert main(["misspecification", *SIZES, "--results", str(folder), "--generator", CONTROL,
                 *words]) == 0  # fmt: skip
    found = json.loads((folder / "misspecification/planted/trial.json").read_text())
    assert isinstance(found, dict)
    return found


def flipped(measure: str, tested: np.ndarray, control: np.ndarray, worth: float,
            confidence: float = 0.95) -> Any:  # fmt: skip
    """A pipeline that says the opposite."""
    return judged(measure, control, tested, worth, confidence)


def mute(measure: str, tested: np.ndarray, control: np.ndarray, worth: float,
         confidence: float = 0.95) -> Any:  # fmt: skip
    """A pipeline that sees no difference anywhere."""
    return judged(measure, control * (1 + 1e-9), control, worth, confidence)


@pytest.mark.parametrize(
    ("pipeline", "found", "wrong"), [(judged, RIGHT, 0), (flipped, OPPOSITE, 3), (mute, SIZE, 3)]
)
def test_a_pipeline_that_lies_is_seen(
    stand_in: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    pipeline: Callable[..., Any], found: str, wrong: int, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(analyst, "judged", pipeline)
    report = whole(tmp_path)
    lead = report["generators"][CONTROL]["lead"]
    assert lead[found] == lead["verdicts"] == 3 and lead["truths"]["better"] == 3
    assert lead["wrong_rate"]["n"] == wrong
    assert lead["estimate_of_wrong_sign"]["n"] == (3 if found == OPPOSITE else 0)
    assert report["overall"]["prior"]["control"][found] == 3
    assert report["generators"][CONTROL]["worlds_with_a_wrong_sign"]["n"] == (
        1 if found == OPPOSITE else 0
    )
    out = capsys.readouterr().out
    assert "The default model" in out and "Twice the staff hours" in out
    figure = tmp_path / "misspecification/planted/misspecification.png"
    assert figure.stat().st_size > 10_000


def test_it_goes_on_and_says_what_changed(
    stand_in: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = whole(tmp_path)
    n_runs = len(stand_in)
    assert whole(tmp_path)["rows"] == before["rows"] and len(stand_in) == n_runs
    assert len(whole(tmp_path, "--worlds", "2")["rows"]) == 2 * len(before["rows"])
    words = ["misspecification", *SIZES, "--results", str(tmp_path), "--days", "15"]
    assert main(words) == 2
    assert "days" in capsys.readouterr().err
    assert main(["misspecification", "--design", "20", "--results", str(tmp_path)]) == 2
    assert "--design 20: at least 32" in capsys.readouterr().err


def test_the_calibration_follows_what_is_seen_and_a_misfit_is_told(stand_in: list[str],
                                                                    tmp_path: Path) -> None:
    """Likes per share far beyond every prior are out of reach; those of a draw are met."""
    trial = look.Trial(design=40, particles=200, checks=2)
    arms = look.arms_of(trial)
    design = analyst.run_design(tmp_path, arms.control, trial)
    seen: dict[str, float | None] = dict.fromkeys(design.parts)
    found = {}
    for likes in (2.6, 5.5, 60.0):
        fitted, places = analyst.fit(design, {**seen, "C7": likes, "C13": 0.03}, trial)
        shown = analyst.again(arms.control, fitted, places, 0, trial)
        row = list(design.keys).index("sharing.likes_per_share")
        found[likes] = (fitted.scores[:, row].mean(), analyst.noticed(fitted, shown)["outside"])
    assert found[2.6][0] < -0.6 and found[5.5][0] > 0.6
    assert found[2.6][1] == found[5.5][1] == [] and found[60.0][1] == ["C7"]


def test_the_page_takes_the_tables(stand_in: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{tell.START}\nold\n{tell.END}\nafter\n", encoding="utf-8")
    tell.write_page(whole(tmp_path), page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith(f"{tell.END}\nafter\n")
    assert "old" not in text and "| The default model | Sharp tone |" in text


@pytest.mark.slow
def test_a_tiny_trial_of_real_worlds(tmp_path: Path) -> None:
    """Two generators, one of them with kernels of its own."""
    words = ["misspecification", "--worlds", "1", "--design", "32", "--draws", "4", "--days", "7",
             "--n-people", "2000", "--results", str(tmp_path), "--generator", CONTROL,
             "--generator", "demotion"]  # fmt: skip
    assert main(words) == 0
    report = json.loads((tmp_path / "misspecification/trial/trial.json").read_text())
    assert set(report["generators"]) == {CONTROL, "demotion"}
    lead = {one["generator"]: one for one in report["rows"]
            if one["question"] == "sharp" and one["measure"] == LEAD}  # fmt: skip
    assert lead["demotion"]["true"]["mean"] < lead[CONTROL]["true"]["mean"]
    assert list(report["generators"]["demotion"]["noticed"]) and len(report["rows"]) == 48
