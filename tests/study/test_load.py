"""A finished study in the analysts' formats: the same numbers in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.__main__ import main
from sim.door import study_job
from sim.errors import UserError
from tests.study import study_worker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study_job, "run_study_task", study_worker.one_point_breaks)
        patch.setattr("sim.report.study_figures.save_study_figures", lambda *_: None)
        assert main(["-m", "scenario=reactive,proactive", "sharing.p0=0.01,0.02", "audience=small",
                     "worlds=8", "replicates=2", "workers=1", "study.name=s",
                     f"results={results}"]) == 0  # fmt: skip
    return results / "studies" / "s"


def test_the_dataset_holds_every_value_in_its_place(folder: Path) -> None:
    pytest.importorskip("xarray")
    study = sim.load_study(folder)
    data = study.dataset()
    assert data.sizes == {"point": 6, "draw": 4, "replicate": 2}
    columns = study.columns()
    for row in range(0, len(columns["value"]), 7):
        point, world = columns["point"][row], columns["circumstance"][row]
        name = f"control:{world}" if point == "control" else point
        place = {"point": name, **{one: columns[one][row] for one in ("draw", "replicate")}}
        assert float(data[columns["measure"][row]].sel(place)) == columns["value"][row]
    assert np.isnan(data["target_reach"].sel(point="p002", draw=1)).all()  # it broke there
    assert int(np.isfinite(data["target_reach"]).sum()) == 6 * 8 - 2 - 2 * 3
    assert data["target_reach"].attrs["units"] == "people"
    assert set(data["scenario"].values) == {"status_quo", "reactive", "proactive"}
    assert set(data["sharing.p0"].values.tolist()) == {0.01, 0.02}


def test_netcdf_there_and_back(folder: Path, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    study = sim.load_study(folder)
    path = study.to_netcdf(tmp_path / "s.nc")
    with xarray.open_dataset(path, engine="h5netcdf") as back:
        xarray.testing.assert_equal(back.load(), study.dataset())
        assert back.attrs["objective"] == "target_reach"
    assert [one.name for one in tmp_path.iterdir()] == ["s.nc"]
    with pytest.raises(UserError, match="cannot be written"):
        study.to_netcdf(tmp_path / "none" / "s.nc")


def test_what_is_not_installed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("sim.study.load.importlib.import_module", absent)
    with pytest.raises(UserError, match=r"xarray is not installed: pip install .demarche\[frames"):
        sim.load_study(folder).dataset()


def test_the_query_of_the_page_runs(folder: Path) -> None:
    """The SQL of docs/studies.md, on another study."""
    duckdb = pytest.importorskip("duckdb")
    page = (Path(sim.__file__).parents[1] / "docs" / "studies.md").read_text(encoding="utf-8")
    query = page.partition("```sql\n")[2].partition("```")[0]
    query = query.replace("results/studies/001_posture_and_tone", folder.as_posix())
    rows = duckdb.sql(query).fetchall()
    assert len(rows) >= 2 and all(value is not None for row in rows for value in row)
