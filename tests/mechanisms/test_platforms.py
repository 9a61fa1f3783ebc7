"""Who is on a platform: laws by hand; and what copying takes from posts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st
from pytest import approx

from sim.errors import UserError
from sim.mechanisms import platforms as laws
from sim.mechanisms.platforms import membership_die
from sim.mechanisms.work import hours_beside_copies
from tests.mechanisms.properties import holds
from tests.scenarios import scenario

U64 = np.uint64


def test_the_common_draw_decides_where_the_own_low_half_says_so() -> None:
    own, common = U64(0x0000_0007_4000_0000), U64(0x0000_0009_FFFF_FFFF)
    assert membership_die(own, common, U64(0x4000_0001)) == 9
    assert membership_die(own, common, U64(0x4000_0000)) == 7
    assert membership_die(own, common, U64(0)) == 7


def test_copying_takes_from_posts_and_from_each_of_them() -> None:
    assert hours_beside_copies(2.0, 0.0, 0.5) == 2.0
    assert hours_beside_copies(2.0, 2.0, 0.5) == approx(2.0 / 2**0.5)
    assert hours_beside_copies(2.0, 6.0, 0.0) == approx(0.5)  # all from the hours of each post
    assert hours_beside_copies(2.0, 6.0, 1.0) == approx(2.0)  # all from their number


def test_media_that_a_platform_does_not_carry() -> None:
    several = scenario(platforms="several").platforms
    assert several.telegram.carries().tolist() == [True, True, True, True]
    assert several.instagram.carries().tolist() == [False, True, True, False]
    assert several.youtube.carries().tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("changes", "groups", "said"),
    [
        ({}, {"crossposting": "all"}, "needs a world of several platforms: add platforms=several"),
        ({"platforms.used": "telegram+myspace"}, {"platforms": "several"}, "'myspace' is no plat"),
        ({"platforms.used": "vk+vk"}, {"platforms": "several"}, "each platform once"),
        ({"platforms.used": "telegram"}, {"platforms": "several", "platform": "telegram"},
         "which is platform=telegram, the main one"),
        ({"platforms.used": "telegram", "policy.crossposting.platforms": "telegram+vk"},
         {"platforms": "several", "crossposting": "listed"}, "names 'vk', which is not in"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_by_name(
    changes: dict[str, object], groups: dict[str, str], said: str
) -> None:
    with pytest.raises((ValueError, UserError), match=said.replace("+", r"\+")):
        scenario(changes, **groups)


DRAWS = st.integers(0, 2**64 - 1)


@holds(own=DRAWS, common=DRAWS)
def test_a_die_is_ones_own_or_the_common_one(own: int, common: int) -> None:
    mine, ours = np.uint64(own), np.uint64(common)
    assert int(laws.membership_die(mine, ours, np.uint64(0))) == own >> 32
    assert int(laws.membership_die(mine, ours, np.uint64(2**32))) == common >> 32
    half = int(laws.membership_die(mine, ours, np.uint64(2**31)))
    assert half == (common if own % 2**32 < 2**31 else own) >> 32
