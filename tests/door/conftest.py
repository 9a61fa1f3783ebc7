"""Compose each choice of groups once a session: the tests are about what comes before and after."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import sim.__main__ as door

COMPOSED: dict[Any, Mapping[str, Any]] = {}
composer = door.composer


@pytest.fixture(autouse=True)
def composed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "composer", remembering)


@contextmanager
def remembering(conf: Path) -> Iterator[Any]:
    def remembered(choices: Mapping[str, str], policy_alone: bool) -> Mapping[str, Any]:
        known = (conf, tuple(sorted(choices.items())), policy_alone)
        if known not in COMPOSED:
            with composer(conf) as compose:
                COMPOSED[known] = compose(choices, policy_alone)
        return copy.deepcopy(COMPOSED[known])

    def alone(group: str, option: str) -> Mapping[str, Any]:
        known = (conf, group, option)
        if known not in COMPOSED:
            with composer(conf) as compose:
                COMPOSED[known] = compose.alone(group, option)  # type: ignore[attr-defined]
        return copy.deepcopy(COMPOSED[known])

    remembered.alone = alone  # type: ignore[attr-defined]
    yield remembered
