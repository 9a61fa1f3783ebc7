"""The worlds of a study with the real engine: the same runs as single comparisons, all paired."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.__main__ import composer, parse, parse_study
from sim.door.arms import build_comparison
from sim.door.axes import Swept
from sim.door.build import drawn_parameters, scenario_of
from sim.door.overrides import sort_request
from sim.door.screen import groups
from sim.door.study_arms import Study, build_study
from sim.door.study_worlds import run_study_task, scenarios_of, tasks_of
from sim.door.worlds import WorldTask, run_task
from sim.errors import UserError
from sim.paths import conf_dir
from sim.study.plan import CONTROL
from sim.study.records import keep, place, recall
from sim.under_way import told_to

SHORT = ["audience=small", "days=7", "warmup_days=7", "worlds=4"]


def built(*words: str) -> Study:
    found = parse_study([*words, *SHORT])
    asked = [one for one in found if not isinstance(one, Swept)]
    axes = [one for one in found if isinstance(one, Swept)]
    with composer(conf_dir()) as compose:
        return build_study(asked, axes, groups(conf_dir()), compose)


def single(*words: str) -> list[dict[str, float]]:
    """[tested, against] of world (1, 0) in an ordinary comparison."""
    with composer(conf_dir()) as compose:
        comparison = build_comparison(
            sort_request(parse([*words, *SHORT]), groups(conf_dir())), compose
        )
    runs = run_task(WorldTask(comparison=comparison, draw=1, replicate=0))
    return [{name: value for (name, group), value in run.values.items() if group == "all"}
            for run in runs]  # fmt: skip


def test_every_point_is_the_run_of_a_single_comparison(tmp_path: Path) -> None:
    study = built("scenario=reactive,proactive", "tone=witty")
    tasks = tasks_of(study.circumstances, tmp_path, 2, 1)
    assert [(one.draw, one.replicate, one.arms) for one in tasks] == [
        (0, 0, (CONTROL, "p001", "p002")), (1, 0, (CONTROL, "p001", "p002")),
    ]  # fmt: skip
    task = tasks[1]
    task.folder.joinpath("runs").mkdir()
    parts: list[float] = []
    with told_to(parts.append):
        assert run_study_task(task) == 2
    assert parts == [day / 29 for day in range(1, 30)], "loading, 7 of warm-up, 7 an arm"
    for arm, scenario in (("p001", "reactive"), ("p002", "proactive")):
        tested, against = single(f"scenario={scenario}", "tone=witty")
        assert (recall(tmp_path, task.key(arm)) or {})["values"] == tested
        assert (recall(tmp_path, task.key(CONTROL)) or {})["values"] == against
    # going on: only what is missing, with the same bytes
    whole = place(tmp_path, task.key("p002")).read_bytes()
    place(tmp_path, task.key("p002")).unlink()
    left = tasks_of(study.circumstances, tmp_path, 2, 1)
    assert [one.arms for one in left] == [(CONTROL, "p001", "p002"), ("p002",)]
    assert [one.counts for one in left] == [3, 1]
    with told_to(parts.append):
        assert run_study_task(left[1]) == 1
    assert parts[29:] == [day / 22 for day in range(1, 23)], "the control is run again"
    assert place(tmp_path, task.key("p002")).read_bytes() == whole
    # a control that is not what it was stops the world
    place(tmp_path, task.key("p002")).unlink()
    keep(tmp_path, task.key(CONTROL), {"target_reach": 1.0}, {})
    with pytest.raises(UserError, match="came out differently"):
        run_study_task(left[1])


@pytest.mark.parametrize(("words", "own"), [
    (("scenario=reactive,proactive",), False),
    (("scenario=reactive,leaders_news",), True),
])
def test_parameters_are_drawn_once_a_world_or_by_an_arm_itself(
    words: tuple[str, ...], own: bool
) -> None:
    """Whether or not an arm has priors of its own, it gets what it would draw alone."""
    (here,) = built(*words).circumstances
    arms = [here.baseline, here.control, *(here.arm(point) for point in here.points)]
    drawn = [drawn_parameters(arm, 3) for arm in arms]
    assert any(one.keys() != drawn[0].keys() for one in drawn) == own
    assert scenarios_of(arms, 3) == [
        scenario_of(arm, one) for arm, one in zip(arms, drawn, strict=True)
    ]
    assert scenarios_of(arms, 3) != scenarios_of(arms, 4)
