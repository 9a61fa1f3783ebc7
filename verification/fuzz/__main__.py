"""Type ten thousand command lines and see that each is answered or refused in good order.

    python -m verification fuzz                 10,000 of them, some minutes
    python -m verification fuzz --n 500         fewer
    python -m verification fuzz --seed 7        others
    python -m verification fuzz --first 5000    from case 5,000 on
    python -m verification fuzz --case 1234     one of them, told in full

Exit code 1 where one of them is neither answered nor refused as it should be.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from sim.door.progress import progress
from sim.kernels import use_cache

use_cache()  # before anything imports numba

from verification.fuzz.bench import MOST_SECONDS, Outcome, bench  # noqa: E402
from verification.fuzz.cases import Case, case, described  # noqa: E402

COLD_EVERY = 50  # one case in so many goes without the memory of compositions, and is timed
SHOWN = 200


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m verification fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Answer all cases; the exit code is 1 where one of them was answered badly."""
    asked = arguments(words)
    if asked.case is not None:
        return show(asked.seed, asked.case)
    began = time.perf_counter()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    slowest, n_wrong = 0.0, 0
    with bench() as table, progress(asked.n - asked.first, what="cases") as advance:
        table.answer(case(asked.seed, 0), cold=True)  # imports and first compilations of patterns
        for number in range(asked.first, asked.n):
            one = case(asked.seed, number)
            cold = number % COLD_EVERY == 0
            found = table.answer(one, cold=cold)
            kinds[one.kind.partition(":")[0]][verdict(found)] += 1
            slowest = max(slowest, found.seconds if cold and found.code == 2 else 0.0)
            if found.wrong:
                n_wrong += 1
                told(number, one, found)
            advance()
    for kind, counts in sorted(kinds.items()):
        print(f"{kind:14}", ", ".join(f"{n:,} {what}" for what, n in sorted(counts.items())))
    n = asked.n - asked.first
    print(f"{n:,} cases of seed {asked.seed}, {n_wrong} answered badly; the slowest refusal "
          f"took {slowest:.2f} s of {MOST_SECONDS:g}; {time.perf_counter() - began:.0f} s in all.")
    return int(n_wrong > 0)


def verdict(found: Outcome) -> str:
    """What came of a case, in a word."""
    if found.wrong:
        return "WRONG"
    return "passed" if found.code == 0 else "refused"


def told(number: int, one: Case, found: Outcome) -> None:
    """A failure, so that it can be typed again."""
    print(f"case {number} ({one.kind}): {described(one)[:SHOWN]}", flush=True)
    for reason in found.wrong:
        print(f"    {ascii(reason)[:400]}")


def show(seed: int, number: int) -> int:
    """One case in full."""
    one = case(seed, number)
    with bench() as table:
        table.answer(one, cold=True)
        found = table.answer(one, cold=True)
    for name, content in {**one.files, **one.conf}.items():
        print(f"--- {name} ({len(content):,} bytes)\n{content[:2_000]!r}")
    told(number, one, found)
    print(f"--- exit code {found.code}, {found.seconds:.2f} s\n{found.out}{found.err!a}")
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
