"""Results of earlier releases still load: as tables, figures, a printed answer, a study."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

import sim
from sim.__main__ import main
from sim.door import study_job
from sim.report.answer import answer_text
from sim.report.figures import save_figures
from sim.report.ranks import ranking_text
from sim.report.study_answer import study_text
from sim.report.study_figures import save_study_figures
from sim.study.plan import CONTROL
from sim.study.store import load_results
from tests.report.fake import fake
from tests.study import study_worker

HERE = Path(__file__).parent
RELEASES = sorted(one for one in HERE.iterdir() if (one / "comparison").is_dir())
EACH = pytest.mark.parametrize("release", RELEASES, ids=lambda one: one.name)
LEAST = {"runs", "daily", "accounts", "ranks"}
BEGUN = ["-m", "scenario=reactive,proactive", "audience=small", "days=7", "warmup_days=7",
         "worlds=4", "workers=1", "study.name=two_postures"]  # fmt: skip


def test_there_is_one() -> None:
    assert RELEASES


@EACH
def test_a_comparison_loads(release: Path) -> None:
    found = load_results(release / "comparison")
    assert found.status["state"] == "done" and found.provenance["version"]
    assert found.tables.keys() >= LEAST
    reach = found.summary["measures"]["target_reach"]
    assert all(math.isfinite(reach[arm]["mean"]) for arm in ("scenario", "against"))
    runs = found.tables["runs"]
    rows = (runs["measure"] == "target_reach") & (runs["scenario"] == found.summary["scenario"])
    rows &= runs["group"] == "all"
    assert rows.sum() == found.summary["worlds"] and np.isfinite(runs["value"][rows]).all()
    config = yaml.safe_load((release / "comparison" / "config.yaml").read_text(encoding="utf-8"))
    assert found.summary["scenario"] in str(config)


@EACH
def test_a_comparison_is_drawn_and_told_again(release: Path, tmp_path: Path) -> None:
    found = load_results(release / "comparison")
    context = replace(fake().context, folder=str(found.folder), days=found.summary["days"])
    tables = found.tables
    save_figures(tmp_path, found.summary, tables["daily"], tables["accounts"], context,
                 tables["ranks"])  # fmt: skip
    assert len(list(tmp_path.glob("*.svg"))) >= 4
    told = answer_text(found.summary, context)
    assert "INPUTS" in told and "OUTCOMES" in told
    assert "Ministry" in ranking_text(tables["ranks"], found.summary, context)


@EACH
def test_a_study_loads(release: Path) -> None:
    found = sim.load_study(release / "study")
    outcomes = found.outcomes("target_reach")
    assert len(outcomes) == 3 and any(one.startswith(CONTROL) for one in outcomes)
    assert all(np.isfinite(values).all() and len(values) == 4 for values in outcomes.values())
    assert found.table.num_rows == len(found.columns()["value"])


@EACH
def test_a_study_is_drawn_and_told_again(release: Path, tmp_path: Path) -> None:
    found = sim.load_study(release / "study")
    context = replace(fake().context, folder=str(found.folder))
    save_study_figures(tmp_path, found.summary, context)
    assert list(tmp_path.glob("*.svg"))
    assert "Proactive" in study_text(found.summary, context)


@EACH
def test_a_study_begun_by_another_release_is_not_mixed_with_this_one(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It is refused, naming what differs; nothing of it is touched."""
    monkeypatch.setattr(study_job, "run_study_task", study_worker.quick)
    folder = tmp_path / "studies" / "two_postures"
    shutil.copytree(release / "study", folder)
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    assert main([*BEGUN, f"results={tmp_path}"]) == 2
    told = capsys.readouterr().err
    assert "was begun with something else" in told and "code" in told
    assert all(one.read_bytes() == content for one, content in before.items())
