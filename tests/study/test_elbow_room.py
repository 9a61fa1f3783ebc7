"""Where memory runs short worlds wait for one another; one that fills the machine is given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import UserError
from sim.study import elbow_room
from sim.study.elbow_room import NEARLY_NONE, SHORT, ElbowRoom, Memory, machine_has
from sim.study.ensemble import Failure, stream
from tests.study import workers as fake


class Seat:
    """A lock that counts."""

    def __init__(self) -> None:
        self.taken = self.left = 0

    def acquire(self) -> None:
        self.taken += 1

    def release(self) -> None:
        self.left += 1


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The share of memory that is left, look by look; the last one stays."""
    shares: list[float] = []

    def has() -> Memory:
        share = shares.pop(0) if len(shares) > 1 else shares[0]
        return Memory(share * 8e9, 8e9)

    monkeypatch.setattr(elbow_room, "SECONDS", 0.0)
    monkeypatch.setattr(elbow_room, "machine_has", has)
    return shares


def test_with_enough_memory_nobody_waits(machine: list[float]) -> None:
    machine.append(SHORT)
    seat = Seat()
    room = ElbowRoom(seat)
    room.look()
    room.leave()
    assert (seat.taken, seat.left) == (0, 0)


def test_short_memory_takes_the_seat_once_and_gives_it_back(machine: list[float]) -> None:
    machine.append(SHORT / 2)
    seat = Seat()
    room = ElbowRoom(seat)
    room.look()
    room.look()
    assert (seat.taken, seat.left) == (1, 0)
    room.leave()
    room.look()
    assert (seat.taken, seat.left) == (2, 1)


def test_who_has_waited_looks_again_before_giving_up(machine: list[float]) -> None:
    machine.extend([NEARLY_NONE / 2, 1.0])
    ElbowRoom(Seat()).look()


def test_a_world_that_fills_the_machine_is_given_up(machine: list[float]) -> None:
    machine.append(NEARLY_NONE / 2)
    with pytest.raises(UserError, match=r"0\.1 of its 8\.0 GB.*fewer days="):
        ElbowRoom(Seat()).look()
    with pytest.raises(UserError, match="given up"):
        ElbowRoom().look()  # alone there is nobody to wait for


def test_a_machine_that_does_not_say_makes_nobody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elbow_room, "machine_has", lambda: None)
    seat = Seat()
    ElbowRoom(seat).look()
    assert seat.taken == 0


def test_what_this_machine_has() -> None:
    memory = machine_has()
    assert memory is None or 0.0 < memory.left <= memory.total


@pytest.mark.parametrize("workers", [1, 2])
def test_one_world_given_up_leaves_the_others(workers: int) -> None:
    results = [result for _, result in stream(fake.second_is_too_large, [0, 1, 2], workers=workers)]
    assert isinstance(results[1], Failure) and "memory left" in results[1].message
    assert (results[0], results[2]) == (0, 2)


def test_two_processes_take_turns(tmp_path: Path) -> None:
    list(stream(fake.crowded, [(str(tmp_path), 0), (str(tmp_path), 1)], workers=2))
    days = (tmp_path / "days").read_text(encoding="utf-8").split()
    first, n = days[0], fake.CROWDED_DAYS
    other = "1" if first == "0" else "0"
    assert days == [first] * n + [other] * n
