"""Keyed draws: the published constants, independence, and no key that is a shifted copy of another.

Statistical checks have fixed seeds and a declared false-alarm rate: FALSE_ALARM over each whole
test, shared out between its comparisons (Bonferroni).
"""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim import streams
from sim.streams import WHO_STEP, draw, high32, key, mix, name_hash, open_uniform, subkey, uniform

U64 = np.uint64
FALSE_ALARM = 1e-3
SEED = streams.world_seed(1, "0/0")
ROOT = Path(__file__).parents[2]
PURPOSES = {name: value for name, value in vars(streams).items()
            if name.isupper() and isinstance(value, np.uint64) and not name.startswith(("_", "U64"))
            and not name.endswith("STEP")}  # fmt: skip

# The first outputs of splitmix64 with seeds 0 and 1234567, as published with its C source and on
# Rosetta Code: output k is the finaliser of seed + k x 0x9E3779B97F4A7C15.
PUBLISHED = {
    0: (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC,
        0x1B39896A51A8749B),
    1234567: (6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
              16408922859458223821),
}  # fmt: skip


@pytest.fixture(autouse=True)
def hashes_wrap_round():
    with np.errstate(over="ignore"):
        yield


def keys(account: int, n: int) -> np.ndarray:
    """uint64[n]: the streams of one account's first n posts."""
    seeds, accounts = np.full(n, SEED), np.full(n, name_hash("account", account))
    return key(seeds, streams.POST, accounts, np.arange(n, dtype=np.uint64))


@pytest.mark.parametrize("seed", PUBLISHED)
def test_mix_is_the_published_finaliser(seed: int) -> None:
    steps = U64(seed) + np.arange(1, 6, dtype=np.uint64) * WHO_STEP
    assert mix(steps).tolist() == list(PUBLISHED[seed])
    assert [int(mix(step)) for step in steps] == list(PUBLISHED[seed])


def test_columns_scalars_and_compiled_code_draw_alike() -> None:
    from numba import njit

    compiled = njit(lambda stream, who: uniform(draw(stream, who)))
    stream, who = key(SEED, streams.SHARE, U64(5), U64(7)), np.arange(50, dtype=np.uint64)
    column = uniform(draw(np.full(50, stream), who))
    assert column.tolist() == [float(uniform(draw(stream, one))) for one in who]
    assert column.tolist() == [compiled(stream, one) for one in who]


def test_a_key_is_one_round_for_each_field() -> None:
    account, cause = U64(11), U64(13)
    expected = mix(SEED ^ streams.POST)
    expected = mix(expected ^ account * streams.ACCOUNT_STEP)
    expected = mix(expected ^ cause * streams.CAUSE_STEP)
    assert key(SEED, streams.POST, account, cause) == expected
    assert subkey(expected, streams.SHARE) == mix(expected ^ streams.SHARE)
    assert draw(expected, U64(3)) == mix(expected ^ U64(3) * WHO_STEP)


def test_purposes_are_all_different() -> None:
    assert len(PURPOSES) > 25
    assert len({int(value) for value in PURPOSES.values()}) == len(PURPOSES)


def test_uniforms_stay_inside_their_interval() -> None:
    ends = np.array([0, 2**64 - 1], dtype=np.uint64)
    assert uniform(ends).tolist() == [0.0, 1.0 - 2.0**-53]
    assert open_uniform(ends[0]) > 0.0 and open_uniform(ends[1]) <= 1.0
    assert np.isfinite(streams.exponential(ends[0], 1.0))
    # a normal of the very last of 2^53 ranks is infinite: one draw in 10^16, not guarded against
    assert np.isfinite(streams.normal(ends - np.array([0, 2**11], dtype=np.uint64))).all()


@pytest.mark.parametrize(("p", "limit"), [(0.0, 0), (1.0, 2**32), (0.25, 2**30), (-1.0, 0),
                                          (7.0, 2**32)])  # fmt: skip
def test_thresholds(p: float, limit: int) -> None:
    threshold = streams.threshold32(p)
    assert int(threshold) == limit
    everybody = high32(draw(SEED, np.arange(1_000, dtype=np.uint64))) < threshold
    assert everybody.all() == (limit == 2**32) and everybody.any() == (limit > 0)


def test_exponential_has_its_mean_and_shape() -> None:
    who = np.arange(20_000, dtype=np.uint64)
    values = [streams.exponential(bits, 3.0) for bits in draw(SEED, who)]
    assert stats.kstest(values, "expon", args=(0.0, 3.0)).pvalue > FALSE_ALARM


def test_consecutive_persons_and_posts_draw_independently() -> None:
    """A table of persons x posts: uniform cells, pairs along both axes, and every pair of bits."""
    posts = np.stack([keys(account, 64) for account in range(4)]).reshape(-1)
    who = np.arange(512, dtype=np.uint64)
    bits = draw(posts[:, None], who[None, :])
    level = FALSE_ALARM / 5
    u = uniform(bits)
    cells = np.bincount((u.ravel() * 256).astype(int), minlength=256)
    assert stats.chisquare(cells).pvalue > level
    for a, b in ((u[:, :-1], u[:, 1:]), (u[:-1], u[1:]), (u[:-1, :-1], u[1:, 1:])):
        pairs = (a * 16).astype(int) * 16 + (b * 16).astype(int)
        assert stats.chisquare(np.bincount(pairs.ravel(), minlength=256)).pvalue > level
    ones = np.array([((bits >> U64(k)) & U64(1)).mean() for k in range(64)])
    z = (ones - 0.5) * 2.0 * np.sqrt(bits.size)
    assert (z**2).sum() < stats.chi2.isf(level, 64)


def test_further_decisions_on_one_draw_are_independent() -> None:
    """Engines roll share, like, delay, ... as mix(bits ^ purpose) of one draw."""
    bits = draw(keys(1, 1)[0], np.arange(100_000, dtype=np.uint64))
    names = ("SHARE", "LIKE", "HOSTILE", "FOLLOW", "LEAVE", "DELAY", "LATE", "RANKING")
    dice = np.stack([uniform(bits), *(uniform(mix(bits ^ PURPOSES[name])) for name in names)])
    n_pairs = len(dice) * (len(dice) - 1) // 2
    for i in range(len(dice)):
        for j in range(i):
            pairs = (dice[i] * 16).astype(int) * 16 + (dice[j] * 16).astype(int)
            counts = np.bincount(pairs, minlength=256)
            assert stats.chisquare(counts).pvalue > FALSE_ALARM / n_pairs, (i, j)


def test_no_two_keys_are_shifted_copies() -> None:
    """Draws of one post at persons 0..n never reappear, in any place, under another post."""
    posts = np.concatenate([keys(account, 50) for account in range(20)])
    bits = draw(posts[:, None], np.arange(200, dtype=np.uint64)[None, :])
    assert len(np.unique(bits)) == bits.size
    assert len(np.unique(posts)) == len(posts)


def test_the_same_scheme_with_plus_would_be_caught() -> None:
    """The wrong mechanism: mix(key + who x G) with keys a multiple of G apart."""
    near = SEED + np.arange(4, dtype=np.uint64) * WHO_STEP
    bits = mix(near[:, None] + np.arange(50, dtype=np.uint64)[None, :] * WHO_STEP)
    assert len(np.unique(bits)) < bits.size


def test_worlds_are_named_and_not_numbered() -> None:
    seeds = {int(streams.world_seed(root, f"{d}/{r}"))
             for root in range(20) for d in range(20) for r in range(5)}  # fmt: skip
    assert len(seeds) == 2_000
    assert streams.world_seed(1, "0/1") != streams.world_seed(1, "1/0")
    assert name_hash("a", "b") != name_hash("ab") != name_hash("b", "a")


def test_names_are_the_same_in_every_session() -> None:
    """Fixed by the text alone: the value is blake2b's, and hash seeds do not matter."""
    program = "from sim.streams import name_hash; print(int(name_hash('account', 'Mission 1')))"
    said = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT,
                              capture_output=True, text=True, check=True)  # fmt: skip
        said.add(int(done.stdout))
    assert said == {int(name_hash("account", "Mission 1"))}


def test_no_two_decisions_share_a_purpose() -> None:
    """Names are compared in the text, where a second assignment would hide the first."""
    names = [
        line.targets[0].id
        for line in ast.parse(inspect.getsource(streams)).body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
    ]
    assert sorted(names) == sorted(set(names))
    purposes = [value for value in vars(streams).values() if type(value) is np.uint64]
    assert len(purposes) > 60 and len(purposes) == len(set(purposes))
