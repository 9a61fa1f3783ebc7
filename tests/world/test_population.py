"""The synthetic population: sizes, ranks, ties, and its cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import UserError
from sim.mechanisms.people import N_FEED_STRATA, N_VISIT_STRATA
from sim.state import FRIEND_BITS
from sim.streams import name_hash
from sim.world import population as module
from sim.world.population import Graph, Population, build, cached, market_starts

WEIGHTS = np.array([5.0, 0.2, 1.0, 0.0, 3.0])
GRAPH = Graph(mean_followers=20, followers_log_sd=1.3, activity_tilt=0.7, share_near=0.6,
              share_market=0.25)  # fmt: skip
N = 8_000
FALSE_ALARM = 1e-3
NAMES = ("market_start", "ranks", "friends_start", "friends")


@pytest.fixture(scope="module")
def people() -> Population:
    return build(N, WEIGHTS, GRAPH, name_hash("a population"))


def same(a: Population, b: Population) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in NAMES)


@pytest.mark.parametrize("n", [7, 1_000, N, 123_457])
def test_markets_share_out_everybody(n: int) -> None:
    sizes = np.diff(market_starts(n, WEIGHTS))
    assert sizes.sum() == n and sizes[3] == 0
    assert (np.abs(sizes - n * WEIGHTS / WEIGHTS.sum()) < 1).all()


def test_ranks_are_uniform_and_independent(people: Population) -> None:
    ranks, level = people.ranks, FALSE_ALARM / 20
    for name in ("propensity", "prone", "ranked", "second"):
        assert stats.kstest((ranks[name] + 0.5) / 65_536, "uniform").pvalue > level, name
    for name, n in (("visit", N_VISIT_STRATA), ("feed", N_FEED_STRATA)):
        assert stats.chisquare(np.bincount(ranks[name], minlength=n)).pvalue > level, name
    assert stats.chisquare(np.bincount(ranks["age"] >> 4, minlength=16)).pvalue > level
    for topic in range(8):
        byte = (ranks["topics"] >> np.uint64(8 * topic)) & np.uint64(255)
        counts = np.bincount((byte >> np.uint64(4)).astype(int), minlength=16)
        assert stats.chisquare(counts).pvalue > level, topic
    assert abs(stats.spearmanr(ranks["visit"], ranks["propensity"]).statistic) < 4 / np.sqrt(N)


def test_nobody_follows_twice_or_follows_himself(people: Population) -> None:
    start, friends = people.friends_start, people.friend_ids
    assert start[0] == 0 and start[-1] == len(friends) and (np.diff(start) >= 0).all()
    owner = np.repeat(np.arange(N), np.diff(start))
    assert not (owner == friends).any()
    assert friends.max() < N
    inside = owner[1:] == owner[:-1]
    assert (np.diff(friends.astype(np.int64))[inside] > 0).all()  # rising, so no duplicates


def test_a_tie_tells_how_often_the_follower_looks_in(people: Population) -> None:
    strata = people.friends >> np.uint32(FRIEND_BITS)
    assert np.array_equal(strata, people.ranks["visit"][people.friend_ids])


def test_numbers_of_followers_are_heavy_tailed_and_go_with_activity(people: Population) -> None:
    counts = np.diff(people.friends_start)
    assert counts.mean() == pytest.approx(GRAPH.mean_followers, rel=0.15)
    assert counts.max() > 10 * counts.mean()
    logs = np.log(counts[counts > 0])
    assert logs.std() == pytest.approx(GRAPH.followers_log_sd, rel=0.15)
    tilt = GRAPH.activity_tilt
    expected = tilt / np.sqrt(1 + tilt**2)
    found = stats.spearmanr(counts, people.ranks["visit"]).statistic
    assert found == pytest.approx(expected, abs=0.06)


def test_ties_hold_like_views_and_stay_in_the_market(people: Population) -> None:
    """Two in three near in favourability, one in four in the market, the rest anywhere."""
    owner = np.repeat(np.arange(N), np.diff(people.friends_start))
    market = np.searchsorted(people.market_start, np.arange(N), side="right") - 1
    inside = (market[owner] == market[people.friend_ids]).mean()
    sizes = np.diff(people.market_start) / N
    by_chance = (sizes**2).sum()
    assert inside > 0.85 and inside > by_chance + 0.3
    large = int(np.argmax(sizes))
    chosen = (market[owner] == large) & (market[people.friend_ids] == large)
    gap = np.abs(owner[chosen] - people.friend_ids[chosen].astype(np.int64))
    size = int(sizes[large] * N)
    assert (gap < 0.15 * size).mean() > 0.55  # by chance .28
    mixed = build(N, WEIGHTS, GRAPH.model_copy(update={"share_near": 0.0, "share_market": 0.0}),
                  name_hash("a population"))  # fmt: skip
    owner = np.repeat(np.arange(N), np.diff(mixed.friends_start))
    inside = (market[owner] == market[mixed.friend_ids]).mean()
    assert inside == pytest.approx((sizes[market[owner]]).mean(), abs=0.02)


def test_the_same_seed_gives_the_same_people(people: Population) -> None:
    assert same(people, build(N, WEIGHTS, GRAPH, name_hash("a population")))
    assert not same(people, build(N, WEIGHTS, GRAPH, name_hash("another")))


def test_a_person_is_the_same_in_a_smaller_public(people: Population) -> None:
    """Traits are keyed by place and not drawn in turn."""
    few = build(2_000, WEIGHTS, GRAPH, name_hash("a population"))
    assert np.array_equal(few.ranks, people.ranks[:2_000])


def test_tiny_and_lopsided_publics_can_be_built() -> None:
    crowded = GRAPH.model_copy(update={"mean_followers": 400.0})
    for n, weights in ((10, np.array([1.0])), (50, np.array([1.0, 1e-6]))):
        few = build(n, weights, crowded, name_hash("few"))
        assert few.friends_start[-1] == len(few.friends)
        assert len(few.friends) == 0 or few.friend_ids.max() < n


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEMARCHE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "populations"


def test_the_cache_is_written_once_and_read_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cached(2_000, WEIGHTS, GRAPH)
    assert isinstance(first.ranks, np.memmap) and not first.ranks.flags.writeable
    (folder,) = cache.iterdir()
    assert {path.name for path in folder.iterdir()} >= {f"{name}.npy" for name in NAMES}

    def never(*_: object) -> None:
        raise AssertionError("built a second time")

    monkeypatch.setattr(module, "build", never)
    assert same(first, cached(2_000, WEIGHTS, GRAPH))


@pytest.mark.parametrize("change", ["number", "size", "weights", "graph"])
def test_another_recipe_is_another_population(change: str, cache: Path) -> None:
    first = cached(1_000, WEIGHTS, GRAPH)
    other = cached(
        1_001 if change == "size" else 1_000,
        WEIGHTS[::-1] if change == "weights" else WEIGHTS,
        GRAPH.model_copy(update={"share_near": 0.5}) if change == "graph" else GRAPH,
        1 if change == "number" else 0,
    )
    assert not same(first, other)
    assert len(list(cache.iterdir())) == 2


def test_a_build_that_is_cut_short_leaves_nothing_to_read(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Path] = []
    save = np.save

    def failing(path: Path, array: np.ndarray, **options: Any) -> None:
        if len(saved) == 2:
            raise OSError(28, "No space left on device")
        saved.append(path)
        save(path, array, **options)

    monkeypatch.setattr(module.np, "save", failing)
    with pytest.raises(UserError, match="DEMARCHE_CACHE"):
        cached(1_000, WEIGHTS, GRAPH)
    assert not [path for path in cache.iterdir() if not path.name.startswith("building-")]
    monkeypatch.setattr(module.np, "save", save)
    again = cached(1_000, WEIGHTS, GRAPH)
    assert same(again, cached(1_000, WEIGHTS, GRAPH))


def test_a_second_writer_gives_way(cache: Path) -> None:
    first = cached(1_000, WEIGHTS, GRAPH)
    (folder,) = cache.iterdir()
    module._store(first, folder)
    assert list(cache.iterdir()) == [folder]
    assert same(first, cached(1_000, WEIGHTS, GRAPH))
