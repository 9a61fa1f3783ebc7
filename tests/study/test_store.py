"""The results folder: its names, its faults, its tables."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import math
import os
import re
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.errors import UserError
from sim.measures import BY_NAME
from sim.study import files, store
from sim.study.compare import compare, summarise
from sim.study.ensemble import Failure
from sim.study.tables import COLUMNS, RunTables
from tests.study.test_compare import STUDY, arms, settings_of
from tests.study.workers import ARM_PAIR, fake_world


def worlds(draws: int = 4, replicates: int = 2) -> list[Any]:
    return [
        fake_world(ARM_PAIR, ARM_PAIR[1], draw, replicate)
        for draw in range(draws)
        for replicate in range(replicates)
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def leftovers(folder: Path) -> list[str]:
    return [one.name for one in folder.rglob(".*")]


# --- the folder ---------------------------------------------------------------------------------


def test_two_jobs_of_one_second_never_share_a_folder(tmp_path: Path) -> None:
    folders = {store.new_folder(tmp_path / "results", "proactive") for _ in range(50)}
    assert len(folders) == 50
    for folder in folders:
        assert folder.is_dir() and folder.parent == tmp_path.resolve() / "results" / "proactive"
        assert re.fullmatch(r"[0-9]{8}t[0-9]{6}z-[0-9a-f]{6}", folder.name)


def test_a_taken_name_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["aaaaaa", "aaaaaa", "bbbbbb"])
    monkeypatch.setattr(store.secrets, "token_hex", lambda size: next(names))
    monkeypatch.setattr(store, "dt", FrozenClock)
    one, two = (store.new_folder(tmp_path, "proactive") for _ in range(2))
    assert one.name.endswith("aaaaaa") and two.name.endswith("bbbbbb")


class FrozenClock:
    """One second that does not end."""

    import datetime as _dt

    UTC = _dt.UTC

    class datetime:  # noqa: N801
        @staticmethod
        def now(zone: object) -> Any:
            return FrozenClock._dt.datetime(2016, 3, 1, tzinfo=FrozenClock._dt.UTC)


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", "a.b", "A", "x" * 65, "a b", "/etc", "\0", "é", "a\n"]
)
def test_names_that_could_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="a-z"):
        store.new_folder(tmp_path / "results", name)
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "results", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "proactive").symlink_to(outside, target_is_directory=True)
    with pytest.raises(UserError, match="link"):
        store.new_folder(root, "proactive")
    assert list(outside.iterdir()) == []


def test_a_root_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(UserError, match=r"'(/|\w:|\.\.\.)[^']*proactive' cannot be written"):
        store.new_folder(tmp_path / "results", "proactive")


# --- whole files --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("where", ["replace", "fsync"])
def test_what_the_disk_refuses_is_told_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, where: str
) -> None:
    path = tmp_path / "summary.json"
    store.write_json(path, {"old": 1})

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.os, where, refuse)
    with pytest.raises(UserError, match=r"summary\.json' cannot be written"):
        store.write_json(path, {"new": 2})
    monkeypatch.undo()
    assert json.loads(path.read_text()) == {"old": 1} and leftovers(tmp_path) == []


def test_a_full_disk_names_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(UserError, match=r"disk is full\. Free some space"):
        store.write_text(tmp_path / "config.yaml", "a: 1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_json_is_strict_both_ways(tmp_path: Path, bad: float) -> None:
    with pytest.raises(ValueError):
        store.write_json(tmp_path / "a.json", {"x": bad})
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "b.json").write_text('{"x": NaN}')
    with pytest.raises(ValueError, match="strict"):
        files.read_json(tmp_path / "b.json")


def test_formulas_in_sheets_are_text(tmp_path: Path) -> None:
    bad = ["=1+1", "+x", "-x", "@x", "\tx", "  =x"]
    store.write_csv(tmp_path / "a.csv", ["=h", "n"], [[one, -3.5] for one in bad] + [[None, "a,b"]])
    with open(tmp_path / "a.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["'=h", "n"] and rows[-1] == ["", "a,b"]
    assert all(row == ["'" + one, "-3.5"] for row, one in zip(rows[1:-1], bad, strict=True))


def test_yaml_has_no_tags(tmp_path: Path) -> None:
    store.write_yaml(tmp_path / "c.yaml", {"b": (1, 2), "a": Path("x")})
    assert (tmp_path / "c.yaml").read_text() == "a: x\nb:\n- 1\n- 2\n"


# --- status -------------------------------------------------------------------------------------


def test_the_life_of_a_job(tmp_path: Path) -> None:
    store.write_status(tmp_path, state="running", worlds=4, done=0)
    first = store.read_status(tmp_path)
    assert first["state"] == "running" and first["finished"] is None
    store.write_status(tmp_path, state="running", worlds=4, done=3)
    store.write_status(
        tmp_path, state="failed", worlds=4, reason="no power",
        failures=[Failure(index=3, message="m", draw=1, replicate=1)],
    )  # fmt: skip
    last = store.read_status(tmp_path)
    assert (last["state"], last["done"], last["reason"]) == ("failed", 3, "no power")
    assert last["started"] == first["started"] and last["finished"].endswith("Z")
    assert last["failed"] == [
        {"world": 3, "draw": 1, "replicate": 1, "seed": None, "message": "m"}
    ]
    with pytest.raises(ValueError):
        store.write_status(tmp_path, state="resting", worlds=1)


# --- tables -------------------------------------------------------------------------------------


def test_tables_have_the_columns_of_the_issue(tmp_path: Path) -> None:
    tables = store.write_tables(tmp_path, worlds(), settings=settings_of(keep="posts"))
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "accounts.parquet", "audience.parquet", "daily.parquet", "posts.parquet",
        "ranks.parquet", "runs.parquet",
        "shares.parquet",
    ]  # fmt: skip
    for name, columns in COLUMNS.items():
        assert pq.read_schema(tmp_path / f"{name}.parquet").names == list(columns)
    assert list(tables["runs"]) == ["scenario", "world", "measure", "group", "value"]
    assert len(tables["runs"]["value"]) == 8 * 2 * 2
    assert list(tables["daily"]["day"][:5]) == [0, 1, 2, 3, 4]
    assert tables["accounts"]["measured"].dtype == bool
    assert list(tables["runs"]["scenario"][:4]) == ["status_quo"] * 2 + ["proactive"] * 2


def test_posts_are_kept_only_when_asked_for(tmp_path: Path) -> None:
    store.write_tables(tmp_path, worlds(1, 1), settings=settings_of())
    assert not (tmp_path / "posts.parquet").exists()


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        store.write_tables(tmp_path / name, worlds(), settings=settings_of(keep="posts"))
    for name in COLUMNS:
        one, two = (digest(tmp_path / folder / f"{name}.parquet") for folder in "ab")
        assert one == two


def test_a_failed_world_leaves_a_gap_and_the_others_stay(tmp_path: Path) -> None:
    runs = worlds()
    runs[3] = Failure(index=3, message="broken", draw=1, replicate=1)
    tables = store.write_tables(tmp_path, runs, settings=settings_of())
    assert sorted(set(tables["runs"]["world"].tolist())) == [0, 1, 2, 4, 5, 6, 7]


def test_worlds_are_written_as_they_come_and_forgotten(tmp_path: Path) -> None:
    kept = store.collect(tmp_path, enumerate(worlds()), settings=settings_of())
    assert all(not run.accounts and not run.daily for pair in kept for run in pair)
    summary = summarise(kept, settings=settings_of(), study=STUDY, draws=4, replicates=2)
    gap = summary["measures"]["target_reach"]["difference"]
    assert gap["relative"] == pytest.approx(0.1, rel=1e-4)


def test_row_groups_keep_memory_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.tables.ROWS_A_GROUP", 10)
    with RunTables(tmp_path, ["proactive", "status_quo"]) as tables:
        for index, pair in enumerate(worlds()):
            tables.add(index, pair)
            assert tables.writers["daily"].n_waiting < 10
    assert pq.ParquetFile(tmp_path / "daily.parquet").num_row_groups == 8
    assert len(store.read_table(tmp_path / "daily.parquet")["value"]) == 80


def stopping(n_before: int, error: BaseException) -> Any:
    yield from list(enumerate(worlds()))[:n_before]
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError()])
def test_a_break_in_the_middle_keeps_the_worlds_that_are_whole(
    tmp_path: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        store.collect(tmp_path, stopping(3, error), settings=settings_of())
    for name in ("runs", "daily", "accounts"):
        table = store.read_table(tmp_path / f"{name}.parquet")
        assert sorted(set(table["world"].tolist())) == [0, 1, 2]
    assert leftovers(tmp_path) == []


def test_a_break_before_the_first_world_leaves_no_table(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.collect(tmp_path, stopping(0, KeyboardInterrupt()), settings=settings_of())
    assert list(tmp_path.iterdir()) == []


def test_worlds_that_wait_for_an_older_one_are_kept_once(tmp_path: Path) -> None:
    runs, kept = worlds(), []
    ready = {1: runs[1], 3: runs[3], 5: Failure(index=5, message="broken")}  # 1 is being taken
    with pytest.raises(KeyboardInterrupt):
        store.collect(
            tmp_path, stopping(2, KeyboardInterrupt()), settings=settings_of(), ready=ready,
            kept=kept,
        )  # fmt: skip
    table = store.read_table(tmp_path / "runs.parquet")
    assert sorted(set(table["world"].tolist())) == [0, 1, 3]
    assert len(table["world"]) == 3 * 2 * 2 and len(kept) == 4


def test_ctrl_c_while_a_world_is_written_waits_until_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = RunTables.add

    def disturbed(tables: RunTables, world: int, runs: Any) -> None:
        if world == 1:
            signal.raise_signal(signal.SIGINT)
        add(tables, world, runs)

    monkeypatch.setattr(RunTables, "add", disturbed)
    with pytest.raises(KeyboardInterrupt):
        store.collect(tmp_path, enumerate(worlds()), settings=settings_of())
    table = store.read_table(tmp_path / "runs.parquet")
    assert sorted(set(table["world"].tolist())) == [0, 1]


@pytest.mark.parametrize("where", ["replace", "fsync"])
def test_a_full_disk_leaves_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, where, full)
    with pytest.raises(UserError, match="disk is full"):
        store.write_tables(tmp_path, worlds(1, 1), settings=settings_of())
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_while_a_table_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.tables.ROWS_A_GROUP", 1)
    tables = RunTables(tmp_path, ["proactive", "status_quo"])

    class Full:
        def __init__(self, real: Any) -> None:
            self.real = real

        def write_table(self, *_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "full")

        def close(self) -> None:
            self.real.close()

    writer = tables.writers["runs"]
    writer.parquet = Full(writer.parquet)
    with (
        pytest.raises(UserError, match=r"runs\.parquet' cannot be written: the disk is full"),
        tables,
    ):
        tables.add(0, worlds(1, 1)[0])
    assert list(tmp_path.iterdir()) == []


# --- summary ------------------------------------------------------------------------------------


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    folder = store.new_folder(tmp_path, "proactive")
    store.write_status(folder, state="running", worlds=8, done=0)
    with pytest.raises(UserError, match="status is 'running'"):
        store.load_results(folder)
    runs = worlds()
    summary = summarise(runs, settings=settings_of(), study=STUDY, draws=4, replicates=2)
    tables = store.write_tables(folder, runs, settings=settings_of())
    store.write_summary(folder, summary)
    store.write_status(folder, state="done", worlds=8, done=8)
    back = store.load_results(folder)
    assert back.summary == summary and back.status["state"] == "done" and back.provenance == {}
    assert np.array_equal(back.tables["runs"]["value"], tables["runs"]["value"])
    assert leftovers(folder) == []


def test_the_sheet_says_what_the_summary_says(tmp_path: Path) -> None:
    one = compare(BY_NAME["shares"], *arms(level=900), 0.02)
    flagged = compare(BY_NAME["backlash"], np.full((8, 2), np.nan), np.ones((8, 2)), 0.02)
    summary = {
        "scenario": "proactive", "against": "status_quo", "worlds": 32, "draws": 16, "days": 90,
        "objective": "target_reach",
        "measures": {"shares": one.as_dict(), "backlash": flagged.as_dict(),
                     "posts": compare(BY_NAME["posts"], *arms(level=900), 0.02).as_dict()},
    }  # fmt: skip
    store.write_summary(tmp_path, summary)
    with open(tmp_path / "summary.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["measure"] for row in rows] == ["shares", "backlash", "posts"]
    told = one.as_dict()["difference"]
    assert float(rows[0]["difference_lo"]) == told["lo"] < one.difference.lo  # type: ignore[operator]
    assert float(rows[0]["difference_relative_lo"]) == told["relative_lo"]
    assert rows[0]["verdict"] == one.verdict and rows[0]["arm_scenario"] == "proactive"
    assert rows[2]["verdict"] == "not judged"  # as on the screen
    assert rows[1]["difference_mean"] == "" and "finite" in rows[1]["why_no_interval"]
