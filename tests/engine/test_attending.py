"""Who is listed as there today: whoever leaves, comes back or joins in the middle of a day."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.engine.attending import nobody_listed
from sim.engine.base import Engine
from sim.engine.compiled import CompiledEngine
from sim.model import DiplomacyModel
from sim.state import COUNTER, GONE, TIE
from tests.engine.agreement import differences
from tests.engine.plain import by_hand, still_world

N_FOLLOWERS = 400  # enough for a list of those who are there
HOURS = [1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 27.0]
N_LEAVE, N_BACK, N_NEW = 150, 80, 40


def change(engine: Engine, kind: str, people: list[int]) -> None:
    """Have these people leave or join at the end of the hour that runs next."""
    if isinstance(engine, CompiledEngine):
        ties = np.zeros(len(engine.calendar.joins), TIE)
        ties["who"][: len(people)] = people
        engine.calendar = engine.calendar._replace(**{kind: ties})
        engine.state.counters[getattr(COUNTER, f"n_{kind}")] = len(people)
    else:
        engine.diary.__dict__[kind].extend((0, who) for who in people)  # type: ignore[attr-defined]


def run(folder: Path, engine: str) -> tuple[DiplomacyModel, list[int]]:
    model = still_world(folder, {"engine": engine, "visibility.selection": 1.0},
                        n_followers=N_FOLLOWERS)  # fmt: skip
    one, state = model.engine, model.engine.state
    first = int(state.f_start[0])
    leaving = [int(who) for who in state.followers["who"][first : first + N_LEAVE]]
    strangers = sorted(set(range(2 * N_FOLLOWERS)) - set(state.followers["who"].tolist()))[:N_NEW]
    one.add(by_hand(model.world, HOURS))
    one.run(4)
    change(one, "leaves", leaving)
    one.run(6)
    change(one, "joins", leaving[:N_BACK] + strangers)
    one.run(8)
    change(one, "leaves", leaving[:5])
    one.run(48)
    return model, leaving


def test_who_leaves_and_returns_within_a_day_is_met_as_in_the_reference(tmp_path: Path) -> None:
    (fast, _), (text, _) = run(tmp_path, "compiled"), run(tmp_path, "reference")
    assert differences(fast.engine, text.engine) == []
    accounts = fast.engine.state.accounts
    assert accounts["n_left"][0] == N_LEAVE + 5
    assert accounts["n_joined"][0] == N_BACK + N_NEW
    views = fast.engine.posts["n_impressions"]
    assert views[2] < views[1], "nobody was missed: nothing was tested"
    assert views[4] > views[2], "nobody came back: nothing was tested"


def test_the_list_of_a_day_holds_nobody_who_is_gone(tmp_path: Path) -> None:
    model, leaving = run(tmp_path, "compiled")
    engine = model.engine
    assert isinstance(engine, CompiledEngine)
    calendar, q, who = engine.calendar, 0, np.uint64(0xFFFFFFFF)
    first = int(engine.state.f_start[q])
    listed = calendar.listed[first : first + int(calendar.n_listed[q])]
    there = {int(one & who) for one in listed if int(one >> np.uint64(32)) & 0xFF != GONE}
    assert 0 < len(there) < N_FOLLOWERS
    assert not there & set(leaving[N_BACK:])
    assert not there & set(leaving[:5])


def test_lists_laid_out_anew_start_empty(tmp_path: Path) -> None:
    model, _ = run(tmp_path, "compiled")
    engine = model.engine
    assert isinstance(engine, CompiledEngine)
    before = engine.listed_for
    engine.settle()
    assert engine.state.followers is not before
    engine.list_anew()
    assert engine.listed_for is engine.state.followers
    assert not engine.calendar.n_listed.any()
    emptied = nobody_listed(engine.calendar, engine.state)
    assert len(emptied.listed) > len(engine.state.followers)
