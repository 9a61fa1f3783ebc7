"""A user's calendar: read row by row, refused with line and reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim import streams
from sim.errors import UserError
from sim.mechanisms.news import Quiet
from sim.world.calendar import Calendar, hour_of, read_calendar
from sim.world.markets import Markets
from sim.world.news import make_events

HEAD = "date,topic,markets,severity,foreseeable,lead_days\n"
START = date(2016, 7, 1)
MARKETS = Markets(
    names=["Home", "Aland", "Beland"], codes=["H", "AL", "BE"],
    regions=np.array([0, 1, 1], np.uint8), region_names=["Centre", "North"],
    languages=["English"], language_of=np.zeros(3, np.uint8),
    utc_offsets=np.array([0.0, 3.0, -5.0]), weights=np.ones(3), weight_kinds=["measured"] * 3,
    home=0,
)  # fmt: skip
NONE = Quiet(kind="none", attention_half_life=12, spill=0.3, crisis_severity=9, crisis_valence=0)


def calendar_of(tmp_path: Path, text: str) -> Calendar:
    path = tmp_path / "dates.csv"
    path.write_text(text)
    return read_calendar(path, MARKETS, START, 14, 90)


def read(tmp_path: Path, text: str) -> np.ndarray:
    return calendar_of(tmp_path, text).events


def test_rows_become_events(tmp_path: Path) -> None:
    events = read(tmp_path, HEAD + '2016-07-08,security,"Aland; be",3,yes,10\n'
                                   "2016-07-09,culture,north,1.5,no,\n"
                                   "2016-07-10,economy,world,2,yes,2\n")  # fmt: skip
    assert list(events["scope"]) == [0, 0, 1, 2]
    assert list(events["market"]) == [1, 2, 1, 0]
    noon = hour_of(date(2016, 7, 8), START, 14) + 12.0
    assert noon == 24 * 21 + 12
    assert list(events["hour"][:2]) == [noon - 3.0, noon + 5.0]
    assert events["hour_known"][0] == noon - 3.0 - 240.0
    assert events["hour_known"][2] == events["hour"][2]
    assert len(np.unique(events["key"])) == 4


def test_the_same_date_is_the_same_event_in_its_world_only(tmp_path: Path) -> None:
    calendar = read(tmp_path, HEAD + "2016-07-08,security,world,3,yes,10\n" * 2)
    seeds = [streams.world_seed(1, i) for i in range(2)]
    worlds = [make_events(NONE, MARKETS, seed, 1e4, calendar=calendar) for seed in seeds]
    keys = {int(key) for events in worlds for key in events["key"]}
    assert len(keys) == 4 and all(len(events) == 2 for events in worlds)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("8 July,security,world,3,yes,10", "2016-07-08"),
        ("2016-07-08,securty,world,3,yes,10", "Did you mean 'security'"),
        ("2016-07-08,security,Alandd,3,yes,10", "Did you mean 'Aland'"),
        ("2016-07-08,security,,3,yes,10", "markets is empty"),
        ("2016-07-08,security,world,nan,yes,10", "severity is 'nan'"),
        ("2016-07-08,security,world,-1,yes,10", "severity is '-1'"),
        ("2016-07-08,security,world,3,maybe,10", "write yes or no"),
        ("2016-07-08,security,world,3,yes,soon", "lead_days is 'soon'"),
        ("2016-07-08,security,world,3,yes,10,11", "more cells"),
        ("2016-07-08,security", "severity is ''|markets is empty"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, reason: str) -> None:
    good = "2016-07-08,security,world,3,yes,10\n"
    with pytest.raises(UserError, match=f"(?s)1 of 2 rows.*line 3: .*({reason})"):
        read(tmp_path, HEAD + good + row + "\n")


def test_the_first_and_the_last_day_are_in_the_run(tmp_path: Path) -> None:
    days = HEAD + "2016-06-17,security,world,3,yes,10\n2016-09-28,culture,world,1,no,\n"
    assert list(read(tmp_path, days)["hour"]) == [12.0, 24.0 * 103 + 12]
    late = HEAD.strip() + ",hour\n2016-09-28,culture,Beland,1,no,,23\n"  # 4 h of the next day, UTC
    with pytest.raises(UserError, match=r"nothing of dates\.csv"):
        read(tmp_path, late)
    both = calendar_of(tmp_path, late + "2016-09-28,culture,Aland,1,no,,23\n")
    assert (len(both.events), both.n_outside) == (1, 1)


def test_events_outside_the_run_are_left_out_and_counted(tmp_path: Path) -> None:
    inside, rest = "2016-07-08,security,world,3,yes,10\n", [
        f"{day},culture,Aland; be,1,no,\n" for day in ("2016-06-16", "2016-09-29", "2017-07-08")
    ]  # fmt: skip
    alone, among = (calendar_of(tmp_path, HEAD + text) for text in (inside, inside + "".join(rest)))
    assert among.events.tobytes() == alone.events.tobytes()
    assert (alone.n_outside, alone.note()) == (0, "")
    assert among.note() == "6 of 7 calendar events lie outside the run."
    with pytest.raises(UserError, match=r"2016-06-17, its warm-up included, to 2016-09-28.*start="):
        read(tmp_path, HEAD + "".join(rest))


def test_wrong_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lacks lead_days and has unknown lead"):
        read(tmp_path, HEAD.replace("lead_days", "lead"))
    with pytest.raises(UserError, match="no file"):
        read_calendar(tmp_path / "nowhere.csv", MARKETS, START, 14, 90)
    assert len(read(tmp_path, HEAD)) == 0  # no event at all: nothing is lost
