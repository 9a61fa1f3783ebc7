"""How often somebody has met a message: forgotten only where nobody can meet it again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.engine.compiled import CompiledEngine
from sim.engine.lookup import entry_of
from sim.engine.meeting import keep_open
from sim.model import DiplomacyModel
from sim.state import COUNTER, MET
from sim.streams import mix
from sim.vocabulary import COPY
from tests.engine.agreement import differences, meetings
from tests.engine.plain import by_hand, still_world

# Every view is late, so that old posts are looked at for months, and a message wears out fast.
LINGERING = {"audience.n_people": 1_000, "visibility.share_late": 1.0,
             "visibility.late_median_hours": 100.0, "visibility.selection": 1.0,
             "visibility.selection_friends": 1.0, "sharing.p0": 0.3, "sharing.fatigue": 0.0,
             "people.share_second_language": 1.0, "wear.wear_out": 0.5}  # fmt: skip
AGAIN = 1_300.0  # hours: when a message is said once more


def run(folder: Path, engine: str, hours: list[float], message: int, full_at: list[int],
        until: int = 1_700) -> DiplomacyModel:  # fmt: skip
    """Posts of one message, the second a copy of the first; message 0: the first post's own key. At
    some hours the table is said to be full."""
    model = still_world(folder, {**LINGERING, "engine": engine}, n_followers=400)
    posts = by_hand(model.world, hours)
    posts["message"] = message or posts["key"][0]
    posts["kind"][1], posts["parent"][1] = COPY, posts["key"][0]
    model.engine.add(posts)
    for hour in (*full_at, until):
        model.engine.run(hour)
        if isinstance(model.engine, CompiledEngine) and hour < until:
            model.engine.state.counters[COUNTER.n_met] = len(model.engine.state.met)
    return model


@pytest.mark.parametrize(("hours", "message"), [
    ([0.0, 5.0], 0), ([0.0, AGAIN], 0), ([0.0, 5.0, AGAIN], 77), ([0.0, 5.0, 1_251.0, AGAIN], 77),
])  # fmt: skip
def test_what_can_still_be_met_is_not_forgotten(
    tmp_path: Path, hours: list[float], message: int
) -> None:
    """A copy that is still waiting, a message said again after weeks: as the reference has it."""
    one, other = (run(tmp_path, engine, hours, message, [30, 400, 1_250])
                  for engine in ("compiled", "reference"))  # fmt: skip
    assert differences(one.engine, other.engine) == []
    assert max(meetings(other.engine).values()) > 1
    if len(hours) > 2:
        assert meetings(one.engine) == meetings(other.engine)


def test_what_nobody_can_meet_again_is_forgotten(tmp_path: Path) -> None:
    model = run(tmp_path, "compiled", [0.0, 5.0], 0, [])
    assert len(meetings(model.engine)) > 300
    later = by_hand(model.world, [1_701.0, 1_702.0])
    later["key"], later["message"] = [11, 12], 88
    model.engine.add(later)
    model.engine.state.counters[COUNTER.n_met] = len(model.engine.state.met)
    model.engine.run(2_400)
    kept = model.engine.state.met[model.engine.state.met["name"] != 0]
    assert len(kept) > 300 and (kept["post"] >= 2).all()
    assert int(model.engine.state.counters[COUNTER.n_met]) == len(kept)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_is_found_again(seed: int) -> None:
    """A small table, half full, with a run that goes round its end: what is open stays, where a
    look for it begins or further on without a gap."""
    luck = np.random.default_rng(seed)
    names = luck.integers(1, 2**63, 4_000, dtype=np.uint64)
    last = names[(mixed(names) & np.uint64(63)) >= np.uint64(60)][:12]  # they want the last places
    names = np.unique(np.concatenate([last, names[:20]]))
    luck.shuffle(names)
    table, is_open = np.zeros(64, MET), luck.integers(0, 2, len(names)).astype(np.uint8)
    for post, name in enumerate(names):
        table[place(table, name)] = (name, post + 100, post)
    expected = {int(name): post + 100 for post, name in enumerate(names) if is_open[post]}
    assert keep_open(table, is_open) == len(expected)
    kept = table[table["name"] != 0]
    assert dict(zip(kept["name"].tolist(), kept["n"].tolist(), strict=True)) == expected
    for post in np.flatnonzero(is_open):
        found = table[place(table, names[post])]
        assert found["name"] == names[post] and found["post"] == post


def mixed(names: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.array([mix(name) for name in names])


def place(table: np.ndarray, name: np.uint64) -> int:
    with np.errstate(over="ignore"):
        return int(entry_of(table, name))


def test_a_message_forgotten_too_soon_would_be_noticed(tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.engine import meeting

    hours = [0.0, 5.0, AGAIN]
    right = run(tmp_path, "reference", hours, 77, [30])
    monkeypatch.setattr(meeting, "open_messages", lambda state, *_: np.zeros(
        int(state.counters[COUNTER.n_posts]), np.uint8))  # fmt: skip
    wrong = run(tmp_path, "compiled", hours, 77, [30])
    assert differences(wrong.engine, right.engine) != []
